"""The text of an article within its page, without the parts that are not its own (pure)."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import takewhile, zip_longest
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborNode

from bot.ingest.markup.blocks import PlacedBlock, html_blocks, placed_blocks, to_blocks
from bot.ingest.markup.boilerplate import ends_article, points_elsewhere
from bot.ingest.markup.dates import read_date
from bot.ingest.markup.excluded_markup import is_never_text
from bot.ingest.markup.own_blocks import letters, linked_share, own_blocks
from bot.ingest.markup.sanitise import escape, text_of
from bot.ingest.page.alignment import aligned, key_of
from bot.ingest.page.document import LITTLE_TEXT, PageDocument
from bot.ingest.page.embedded_json import embedded_body, state_body
from bot.ingest.page.extraction import extracted_blocks
from bot.ingest.page.parted_text import rest_of_text
from bot.ingest.page.site_profiles import Selectors, SiteProfile
from bot.newsroom.paragraphs import ends_sentence
from storage.records import Block, BlockKind

LEAST_TEXT = 40
"""Characters from which on something may be the text of an article."""

LEAST_GALLERY = 3
"""Photos from which on an article needs no text."""

_TITLE_CHARS = 150
_LONG_TEXT = 120
_LINKED = 0.8
_FEW = 6
_LEAST_SENTENCES = 2
_SENTENCE_END = re.compile(r"[.!?؟](?=\s|$)")
_MOST_NODES = 5


def find_body(page: PageDocument, profile: SiteProfile, title: str, zone: ZoneInfo) -> tuple[Block, ...]:
    """Return the text of a page, with the photos in it and those of its gallery behind it.

    The selectors of a known system come first, unless they hold little of what the page has in paragraphs; then
    what trafilatura finds, as the page's own blocks have it; then what the page only has as data.
    """
    data = _live_updates(page, zone) or embedded_body(page)
    photos = _gallery(page, profile.gallery) or _photos_below(page, title)
    held = _selected(page, profile.body)
    if letters(held) < LEAST_TEXT or letters(held) * 2 < page.paragraph_letters:
        blocks = extracted(page, data, photos)
        held = blocks if letters(blocks) * 2 > letters(held) * 3 else held
    if _is_fuller(data, held, page):
        held = _introduction(held, data) + data if page.data.updates else data
    held = _without_captions(_or_hidden(held, state_body(page, title)), photos)
    return held + _not_shown_in(held, photos)


def _or_hidden(held: tuple[Block, ...], hidden: tuple[Block, ...]) -> tuple[Block, ...]:
    """Return the text that a page leaves to its scripts, where it shows little itself, or nothing but headlines."""
    if hidden and not _tells(held):
        return hidden
    is_little = letters(held) < LITTLE_TEXT or letters(held) * 3 < letters(hidden) * 2
    return max(held, hidden, key=letters) if is_little else held


def _without_captions(blocks: tuple[Block, ...], photos: tuple[Block, ...]) -> tuple[Block, ...]:
    """Return the blocks of a text but for pictures and the captions of photos, where these stand in it."""
    captions = {photo.html for photo in photos} - {""}
    if all(block.html not in captions for block in blocks if block.kind is not BlockKind.IMAGE):
        return blocks
    return tuple(block for block in blocks if block.kind is not BlockKind.IMAGE and block.html not in captions)


def _not_shown_in(blocks: tuple[Block, ...], photos: tuple[Block, ...]) -> tuple[Block, ...]:
    """Return the photos that do not stand among the blocks of a text."""
    known = {block.url for block in blocks}
    return tuple(photo for photo in photos if photo.url not in known)


def _is_fuller(data: tuple[Block, ...], held: tuple[Block, ...], page: PageDocument) -> bool:
    """Return whether a page has more of its article as data than in its elements."""
    if letters(held) * 3 < letters(data) * 2:
        return True
    # The entries of a live blog have their times in the data, whatever they have on the page.
    return bool(page.data.updates) and letters(held) <= letters(data)


def _introduction(held: tuple[Block, ...], updates: tuple[Block, ...]) -> tuple[Block, ...]:
    """Return the blocks of a live blog above its first entry, () where the page shows none of the entries."""
    told = "".join(key_of(text_of(block.html)) for block in updates)
    keys = [key_of(" ".join(map(text_of, (block.html, *block.items)))) for block in held]
    begin = next((at for at, key in enumerate(keys) if len(key) >= LEAST_TEXT and key in told), 0)
    opening = list(held[:begin])
    while opening and opening[-1].kind is not BlockKind.PARAGRAPH:
        opening.pop()
    return tuple(opening)


def extracted(page: PageDocument, data: tuple[Block, ...], photos: tuple[Block, ...]) -> tuple[Block, ...]:
    """Return what trafilatura finds of a page's text, as the page's own blocks where they have most of it.

    Where they do not, it may stand in `data`, the text that the page holds as such: trafilatura loses half-spaces.
    What it finds on a page of `photos` may be nothing but their captions.
    """
    if page.lxml_tree is None or page.tree.body is None:
        return ()
    blocks = extracted_blocks(page.lxml_tree)
    if len(blocks) == 1 and (told := _within(page, blocks)):
        return told
    if (kept := _aligned_mostly(page, blocks)) is not None:
        if rest := rest_of_text(page, [placed.block for placed in kept]):
            kept = _aligned_mostly(page, blocks + rest) or kept
        return own_blocks(kept)
    if _are_menus(blocks) or _tells_as_much(data, blocks) or _are_captions(blocks, photos):
        return data
    return own_blocks([PlacedBlock(block, 0) for block in blocks])


def _tells_as_much(data: tuple[Block, ...], blocks: tuple[Block, ...]) -> bool:
    """Return whether the data of a page have what trafilatura found, which may repeat them."""
    if letters(data) * 4 >= letters(blocks) * 3:
        return True
    told, found = (key_of("".join(text_of(block.html) for block in texts)) for texts in (data, blocks))
    return told != "" and told in found


def _aligned_mostly(page: PageDocument, blocks: tuple[Block, ...]) -> tuple[PlacedBlock, ...] | None:
    """Return the page's own blocks with most of what trafilatura found, None where they have less."""
    # A class name that mostly means an ad or a sidebar may be that of the text's own element.
    for dropped in (None, is_never_text):
        kept = aligned(page.blocks(dropped), blocks)
        if letters([placed.block for placed in kept]) * 4 >= letters(blocks) * 3:
            return kept
    return None


def _are_menus(blocks: tuple[Block, ...]) -> bool:
    """Return whether a text is the words of menus: one block without sentences."""
    return len(blocks) == 1 and len(_SENTENCE_END.findall(text_of(blocks[0].html))) < _LEAST_SENTENCES


def _are_captions(blocks: tuple[Block, ...], photos: tuple[Block, ...]) -> bool:
    """Return whether a text is hardly longer than the captions of the page's photos."""
    captions = sum(len(text_of(photo.html)) for photo in photos)
    return bool(photos) and letters(blocks) < captions + _TITLE_CHARS


def _within(page: PageDocument, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Return the page's own blocks within the one that trafilatura found, () where they tell little of it.

    Where it finds no article, it takes all words of a page, those of its menus, too.
    """
    for dropped in (None, is_never_text):
        kept = [placed for placed in aligned(page.blocks(dropped), blocks) if linked_share(placed.block) < _LINKED]
        told = [placed.block for placed in kept]
        if _tells(told) and letters(told) * _FEW >= letters(blocks):
            return own_blocks(kept)
    return ()


def _tells(blocks: Sequence[Block]) -> bool:
    """Return whether blocks hold a paragraph as articles have them."""
    texts = (text_of(block.html) for block in blocks)
    return any(len(text) >= _LONG_TEXT or (len(text) >= LEAST_TEXT and ends_sentence(text)) for text in texts)


def _selected(page: PageDocument, selectors: Selectors) -> tuple[Block, ...]:
    """Return the blocks of the first element that `selectors` find, unless a later one has half as much again."""
    best: tuple[Block, ...] = ()
    for selector in selectors:
        for node in page.tree.css(selector)[:_MOST_NODES]:
            blocks = own_blocks(placed_blocks(node, page.base))
            if letters(blocks) * 2 > letters(best) * 3:
                best = blocks
    return best


def _live_updates(page: PageDocument, zone: ZoneInfo) -> tuple[Block, ...]:
    """Return the entries of a live blog that its JSON-LD holds, each under its time and its headline."""
    blocks: list[Block] = []
    for update in page.data.updates:
        at = read_date(update.published, zone)
        clock = f"{datetime.fromtimestamp(at / 1000, UTC).astimezone(zone):%H:%M}" if at is not None else ""
        if heading := " ".join(part for part in (clock, update.headline) if part):
            blocks.append(Block(BlockKind.HEADING, escape(heading)))
        blocks += html_blocks(update.body, page.base)
    return tuple(blocks)


def _gallery(page: PageDocument, selectors: Selectors) -> tuple[Block, ...]:
    """Return the photos of an article's gallery."""
    for selector in selectors:
        for node in page.tree.css(selector)[:_MOST_NODES]:
            photos = _photos(node, page.base)
            if len(photos) >= LEAST_GALLERY:
                return photos
    return ()


def _photos_below(page: PageDocument, title: str) -> tuple[Block, ...]:
    """Return the photos behind the title of a page that has hardly any text.

    Those that lead elsewhere are none, and neither are those of other news: beside a linked headline, or behind a
    label that says that the article is over.
    """
    if page.paragraph_letters >= LITTLE_TEXT:
        return ()
    places = page.blocks()
    begin = next((at for at, key in enumerate(page.block_keys) if key == key_of(title)), len(places))
    below = list(takewhile(lambda placed: not _is_of_others(placed.block), places[begin:]))
    photos = tuple(
        _captioned(placed, behind, below)
        for placed, behind in zip_longest(below, below[1:])
        if placed.block.kind is BlockKind.IMAGE
        and linked_share(placed.block) < _LINKED
        and not (behind is not None and _is_headline_link(behind.block))
    )
    return photos if len(photos) >= LEAST_GALLERY else ()


def _captioned(photo: PlacedBlock, behind: PlacedBlock | None, below: Sequence[PlacedBlock]) -> Block:
    """Return a photo under which the paragraph stands that alone is in one element with it."""
    if photo.block.html or behind is None or behind.block.kind is not BlockKind.PARAGRAPH:
        return photo.block
    together = sum(photo.element in (placed.holder, placed.element) for placed in below)
    if behind.holder != photo.element or together > len((photo, behind)):
        return photo.block
    return replace(photo.block, html=behind.block.html)


def _is_of_others(block: Block) -> bool:
    """Return whether a block is the label of other news, or of comments."""
    label = text_of(block.html)
    return block.kind is not BlockKind.IMAGE and (ends_article(label) or points_elsewhere(label))


def _is_headline_link(block: Block) -> bool:
    return block.kind is not BlockKind.IMAGE and linked_share(block) >= _LINKED


def _photos(node: LexborNode, base: str) -> tuple[Block, ...]:
    return tuple(block for block in to_blocks(node, base) if block.kind is BlockKind.IMAGE)
