"""The lead of an article: what stands between its headline and its text (pure)."""

import re
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborNode

from bot.ingest.markup.blocks import PlacedBlock
from bot.ingest.markup.dates import is_date_word, read_date
from bot.ingest.markup.dom import node_text
from bot.ingest.markup.excluded_markup import is_hidden_or_junk
from bot.ingest.markup.metadata_labels import dateline_section, labelled_number
from bot.ingest.markup.own_blocks import linked_share
from bot.ingest.markup.sanitise import text_of
from bot.ingest.markup.text import has_letters
from bot.ingest.page.alignment import key_of
from bot.ingest.page.body import LEAST_TEXT
from bot.ingest.page.document import PageDocument
from bot.ingest.page.site_profiles import SiteProfile
from bot.newsroom.paragraphs import ends_sentence
from persian.foreign_text import one_line
from persian.jalali import parse_clock
from persian.normalise import tokens
from storage.records import Block, BlockKind

_OPENING_BLOCKS = 4
_OPENING_TEXTS = 3
_LEAST_BLOCKS = 2
_LONG_HEADING = 60
_HEADING_TIMES = 3
_MOST_LEADS = 20
_LINKED = 0.8
_BEGINNING = 40
# Other elements of such names stand on a page as well: only one that opens the text is its lead.
_LEADS = ", ".join(
    f"[class*={name} i]"
    for name in (
        "excerpt",
        "subtitle",
        "sub-title",
        "subheadline",
        "sub-headline",
        "standfirst",
        "summary",
        "intro",
        "dek",
        "deck",
        "lead",
    )
)
_LITTLE_TEXT = 200
_LABEL_CHARS = 100
_DATE_CHARS = 40
_UTC = ZoneInfo("UTC")
_BOLD = re.compile(r"<b>(?:[^<]|<(?!/?b>))*+</b>")
_ASKS = ("?", "؟", ":")
_TORN = ("…", "...", "[…]", "[...]")


def with_lead(
    page: PageDocument, profile: SiteProfile, title: str, blocks: tuple[Block, ...]
) -> tuple[str, tuple[Block, ...]]:
    """Return the lead of a page and its text without the title, the lead, the number and the date above it."""
    lead = _marked_lead(page, profile)
    if _holds_text(lead, blocks):
        lead = ""
    lead = lead or _lead_above(page, title, blocks)
    if not lead and (hidden := page.hidden_article(title)) is not None:
        lead = hidden.lead
    blocks = _without_heading(blocks, title, lead)
    if not lead and (_opens_with_lead(page, blocks) or _stands_apart(page, title, blocks)):
        lead = one_line(text_of(blocks[0].html))
        return lead, _without_heading(blocks[1:], title, lead)
    return (lead, blocks) if lead else _described(page, blocks)


def _marked_lead(page: PageDocument, profile: SiteProfile) -> str:
    """Return the lead in an element that class names tell, "" for none."""
    nodes = (node for selector in profile.lead for node in page.tree.css(selector)[:_MOST_LEADS])
    leads = ((node, text) for node in nodes if (text := node_text(node, is_hidden_or_junk)))
    return next((text for node, text in leads if not _leads_elsewhere(node, text)), "")


def _leads_elsewhere(node: LexborNode, text: str) -> bool:
    """Return whether an element is a link to other news as a whole."""
    return sum(len(node_text(link)) for link in node.css("a")) >= len(text) * _LINKED


def _holds_text(lead: str, blocks: Sequence[Block]) -> bool:
    """Return whether what stands as a lead is the text itself: its first paragraphs begin in it."""
    if len(lead) < _LITTLE_TEXT:
        return False
    key = key_of(lead)
    opening = [told for block in blocks if _is_prose(block) and (told := key_of(text_of(block.html)))]
    return len(opening) > 1 and all(told[:_BEGINNING] in key for told in opening[:2])


def _opens_with_lead(page: PageDocument, blocks: Sequence[Block]) -> bool:
    """Return whether a text begins with its lead: a heading as long as a paragraph, or what a class name tells."""
    if len(blocks) < _LEAST_BLOCKS or blocks[0].kind not in (BlockKind.HEADING, BlockKind.PARAGRAPH):
        return False
    text = one_line(text_of(blocks[0].html))
    if blocks[0].kind is BlockKind.HEADING:
        return len(text) >= _LONG_HEADING or ends_sentence(text)
    if len(text) < LEAST_TEXT:
        return False
    if _is_bold(blocks[0]) and not _is_bold(blocks[1]) and not text.endswith(_ASKS):
        return True
    return any(node_text(node) == text for node in page.tree.css(_LEADS)[:_MOST_LEADS])


def _is_bold(block: Block) -> bool:
    """Return whether a paragraph is bold as a whole, as leads are where nothing else tells them."""
    return _BOLD.fullmatch(block.html) is not None


def _stands_apart(page: PageDocument, title: str, blocks: Sequence[Block]) -> bool:
    """Return whether the first paragraph below the title stands in an element of its own, the others in another.

    Where each paragraph has an element of its own, the first one is no lead; and what stands by a picture in one
    element is the caption.
    """
    if len(blocks) < _OPENING_TEXTS or not _is_prose(blocks[0]):
        return False
    begin = _place_below(page, key_of(title), key_of(text_of(blocks[0].html)))
    if begin is None or _is_by_picture(page, begin):
        return False
    told = {key_of(text_of(block.html)) for block in blocks[1:] if _is_prose(block)} - {""}
    others = [placed for placed, key in zip(page.blocks(), page.block_keys, strict=True) if key in told]
    return len(others) >= _OPENING_TEXTS - 1 and _is_apart_from(page.blocks()[begin], others)


def _place_below(page: PageDocument, title_key: str, key: str) -> int | None:
    """Return the place of the first block with a text, None where there is none or the title is not above it."""
    if key not in page.block_keys:
        return None
    place = page.block_keys.index(key)
    return place if title_key in page.block_keys[:place] else None


def _is_apart_from(first: PlacedBlock, others: Sequence[PlacedBlock]) -> bool:
    """Return whether the other blocks are together in one element that is not that of the first."""
    if any(first.element in (placed.element, placed.holder) for placed in others):
        return False
    if len({placed.element for placed in others}) == 1:
        return True
    holders = {placed.holder for placed in others}
    return len(holders) == 1 and first.holder not in holders


def _is_by_picture(page: PageDocument, at: int) -> bool:
    """Return whether the block at `at` stands alone in one element with the picture above it, as a caption does."""
    if at == 0:
        return False
    above, block = page.blocks()[at - 1 : at + 1]
    if above.block.kind is not BlockKind.IMAGE or above.element not in (block.holder, block.element):
        return False
    return sum(above.element in (placed.holder, placed.element) for placed in page.blocks()) == len((above, block))


def _is_prose(block: Block) -> bool:
    text = text_of(block.html)
    return block.kind is BlockKind.PARAGRAPH and len(text) >= LEAST_TEXT and ends_sentence(text)


def _lead_above(page: PageDocument, title: str, body: Sequence[Block]) -> str:
    """Return the one text that stands between the title and the body, where no class name tells of a lead."""
    opening = key_of(text_of(next((block.html for block in body if block.html), "")))
    if not opening:
        return ""
    between = [
        block for block in _between(page, key_of(title), opening) if parse_clock(text_of(block.html)) is None
    ]
    if len(between) != 1 or between[0].kind is BlockKind.IMAGE or linked_share(between[0]) >= _LINKED:
        return ""
    return one_line(text_of(between[0].html))


def _between(page: PageDocument, title_key: str, opening_key: str) -> list[Block]:
    """Return the blocks of longer texts between the last repetition of a page's title and the opening of the body.

    Captions that stand beside their pictures are left out.
    """
    keys = page.block_keys
    if opening_key not in keys or title_key not in keys[: keys.index(opening_key)]:
        return []
    end = keys.index(opening_key)
    begin = max(at for at, key in enumerate(keys[:end]) if key == title_key)
    blocks = [(at, page.blocks()[at].block) for at in range(begin + 1, end)]
    long = [(at, block) for at, block in blocks if len(one_line(text_of(block.html))) >= LEAST_TEXT]
    return [block for at, block in long if not _is_by_picture(page, at)]


def _without_heading(blocks: tuple[Block, ...], title: str, lead: str) -> tuple[Block, ...]:
    """Drop what stands above the text and is kept elsewhere: the title, the lead, number and date."""
    known = {key_of(title), key_of(lead)} - {""}
    begin = _begin_of_text(blocks, title, known)
    kept = list(blocks[begin:])
    while kept and _stands_above(kept[0], title, known):
        kept.pop(0)
    opening_dates = [
        block for block in kept[:_OPENING_BLOCKS] if block.kind is BlockKind.PARAGRAPH and _is_date(block)
    ]
    return tuple(block for block in kept if block not in opening_dates)


def _begin_of_text(blocks: Sequence[Block], title: str, known: set[str]) -> int:
    """Return the place of the last `known` text close below the one before it or the top, 0 for none.

    Prose in between is the text.
    """
    begin = 0
    for at, block in enumerate(blocks):
        is_known = _is_known(block, title, known)
        if at >= begin + _OPENING_BLOCKS or (not is_known and _is_prose(block)):
            break
        begin = at if is_known else begin
    return begin


def _stands_above(block: Block, title: str, known: set[str]) -> bool:
    """Return whether a block above a text is no part of it: a `known` text, its number or its date."""
    if block.kind is BlockKind.IMAGE:
        return False
    return _is_known(block, title, known) or (not block.items and _is_label(block))


def _is_known(block: Block, title: str, known: set[str]) -> bool:
    """Return whether a block is one of the `known` texts, or the heading that holds the title beside a kicker."""
    key, headline = key_of(text_of(block.items[0] if len(block.items) == 1 else block.html)), key_of(title)
    if key in known:
        return True
    is_near = headline != "" and len(key) <= len(headline) * _HEADING_TIMES
    return block.kind is BlockKind.HEADING and is_near and (key.startswith(headline) or key.endswith(headline))


def _is_date(block: Block) -> bool:
    """Return whether a block is a date and nothing else."""
    text = text_of(block.html)
    if len(text) > _DATE_CHARS or ends_sentence(text):
        return False
    return read_date(text, _UTC) is not None or _is_day_of_month(text)


def _is_day_of_month(text: str) -> bool:
    """Return whether a text is a day and a month without its year, and nothing else."""
    words = tokens(text)
    return has_letters(text) and all(word.isdecimal() or is_date_word(word) for word in words)


def _is_label(block: Block) -> bool:
    """Return whether a line above a text is its number or date. A clock heads the first entry of a live blog."""
    text = text_of(block.html)
    if len(text) >= _LABEL_CHARS:
        return False
    has_clock = parse_clock(text) is not None and block.kind is not BlockKind.HEADING
    return has_clock or labelled_number(text) is not None or _is_date(block)


def _stands_above_dateline(blocks: tuple[Block, ...]) -> bool:
    """Return whether the first block is a lead: a dateline opens the text below it."""
    return (
        len(blocks) > 1
        and blocks[0].kind in (BlockKind.PARAGRAPH, BlockKind.HEADING)
        and dateline_section(text_of(blocks[1].html)) != ""
    )


def _described(page: PageDocument, blocks: tuple[Block, ...]) -> tuple[str, tuple[Block, ...]]:
    """Return the lead that the page's description gives, and the blocks without a repetition of it.

    A description that readers do not see is none, unless there is hardly any other text.
    """
    if _stands_above_dateline(blocks):
        return one_line(text_of(blocks[0].html)), blocks[1:]
    lead = page.meta("og:description", "description")
    if lead.endswith(_TORN) or len(lead) < LEAST_TEXT or _holds_text(lead, blocks):
        return "", blocks
    texts = [key_of(text_of(block.html)) for block in blocks[:3]]
    if key_of(lead) in texts:
        at = texts.index(key_of(lead))
        return lead, blocks[:at] + blocks[at + 1 :]
    whole = "".join(key_of(text_of(block.html)) for block in blocks)
    seen = len(whole) < _LITTLE_TEXT or key_of(lead) in key_of(page.whole_text)
    return (lead, blocks) if seen and key_of(lead) not in whole else ("", blocks)
