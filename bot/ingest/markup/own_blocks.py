"""The blocks of an article among those around and between them (pure)."""

import re
from collections import defaultdict
from collections.abc import Container, Sequence
from dataclasses import replace
from itertools import takewhile
from zoneinfo import ZoneInfo

from bot.ingest.markup.blocks import PlacedBlock
from bot.ingest.markup.boilerplate import (
    asks_to_read,
    ends_article,
    heads_comments,
    is_clock,
    is_desk_mark,
    is_last_line,
    is_photo_credit,
    is_tool,
    points_elsewhere,
    without_last_phrase,
)
from bot.ingest.markup.dates import has_clock, read_date
from bot.ingest.markup.page_counters import is_counter
from bot.ingest.markup.sanitise import text_of
from bot.newsroom.paragraphs import LEAST_PARAGRAPH, ends_sentence
from storage.records import Block, BlockKind

_LINK = re.compile(r"<a [^<>]*+>((?:[^<]++|<(?!/?a[ >]))*+)</a>")
_FILE = re.compile(r"<a href=\"[^\"<>]{1,2000}\.(?:pdf|docx?|xlsx?|pptx?|odt|zip|rar)\"", re.IGNORECASE)
_LABEL_CHARS = 40
_TEASER_CHARS = 160
_UTC = ZoneInfo("UTC")
_LINKED = 0.8
_LEAST_LEFT = 0.7
_LIVE_TIMES = 3
_NOWHERE = -1
_MUCH_MORE = 2
_FAR_MORE = 5
_LEAST_PARAGRAPHS = 3
_REPEATS = 3


def own_blocks(placed: Sequence[PlacedBlock]) -> tuple[Block, ...]:
    """Return an article's own blocks, without the page's controls, pointers to other news and their boxes.

    A box between two paragraphs is skipped; where nothing but such things follows, the article has ended.
    """
    if len(placed) == 1 and _is_text(placed[0].block):
        return (_trimmed(placed[0].block),)  # a feed's summary
    kept = _without_links(_without_boxes(_without_repeats(placed)))
    while len(kept) > 1 and _is_left_over(kept[-1]):
        kept.pop()
    return _with_times(kept)


def letters(blocks: Sequence[Block]) -> int:
    """Return how many characters of text blocks hold, captions of pictures left out."""
    return sum(len(_text(block)) for block in blocks if block.kind is not BlockKind.IMAGE)


def _without_repeats(placed: Sequence[PlacedBlock]) -> Sequence[PlacedBlock]:
    """Return blocks without what stands in several boxes alike, such as an offer or what replaces an embed.

    What is repeated within one element, as a refrain is, stays.
    """
    boxes: defaultdict[str, set[int]] = defaultdict(set)
    for placed_block in placed:
        boxes[placed_block.block.html].add(placed_block.holder)
    repeated = [
        len(boxes[placed_block.block.html]) >= _REPEATS and placed_block.block.html != "" for placed_block in placed
    ]
    is_long = [
        is_repeated and len(p.block.html) >= _LABEL_CHARS for p, is_repeated in zip(placed, repeated, strict=True)
    ]
    if not any(is_long):
        return placed
    beside = [any(is_long[max(0, at - 1) : at + 2]) for at in range(len(placed))]
    return [p for p, is_repeated, near in zip(placed, repeated, beside, strict=True) if not (is_repeated and near)]


def _without_boxes(placed: Sequence[PlacedBlock]) -> list[PlacedBlock]:
    kept: list[PlacedBlock] = []
    reading = _Reading(placed)
    boxed = False
    box = _NOWHERE
    for index, placed_block in enumerate(placed):
        text = _label_text(placed_block.block)
        ends = ends_article(text)
        if ends and heads_comments(text) and reading.leads_down(index):
            continue
        if ends and reading.ends_at(index, text):
            break
        reading.pass_by(index)
        if _heads_box(text, ends=ends) or _asks_to_read(placed, index):
            # Behind a label alone stand the headlines that it points to.
            boxed = len(text) < _LABEL_CHARS
            box = _NOWHERE if placed_block.holder in reading.holders else placed_block.holder
            continue
        boxed = boxed and (_is_teaser(placed_block.block) or placed_block.holder == box)
        if not boxed and not _is_furniture(placed_block.block, text):
            kept.append(PlacedBlock(_trimmed(placed_block.block), placed_block.holder))
    return kept


class _Reading:
    """A reading of blocks in their order that knows where the text above stands, and whether more stands there."""

    def __init__(self, placed: Sequence[PlacedBlock]) -> None:
        self._placed = placed
        self._sizes = [
            len(text_of(placed_block.block.html)) if _is_text(placed_block.block) else 0 for placed_block in placed
        ]
        self._last = {placed_block.holder: at for at, placed_block in enumerate(placed) if self._sizes[at]}
        self._ends = sorted(self._last.values())[-2:]
        self._below, self._above, self._count, self._until = sum(self._sizes), 0, 0, -1
        self._main = self._places_of_main_text()
        self.holders: set[int] = set()

    def _places_of_main_text(self) -> list[int]:
        """Return the places of the paragraphs in the element that has most of them."""
        places: defaultdict[int, list[int]] = defaultdict(list)
        for at, placed_block in enumerate(self._placed):
            if self._sizes[at]:
                places[placed_block.holder].append(at)
        return max(places.values(), key=lambda held: sum(self._sizes[at] for at in held), default=[])

    def pass_by(self, index: int) -> None:
        """Continue behind the block at `index`."""
        size, holder = self._sizes[index], self._placed[index].holder
        if size:
            self._above, self._below, self._count = self._above + size, self._below - size, self._count + 1
            self.holders.add(holder)
            self._until = max(self._until, self._last[holder])

    def leads_down(self, index: int) -> bool:
        """Return whether a label of comments at `index` only leads to them: hardly any text stands above it."""
        is_above = len(self._main) >= _LEAST_PARAGRAPHS and index < self._main[0]
        return is_above and self._above * _FAR_MORE < sum(self._sizes[at] for at in self._main)

    def ends_at(self, index: int, label: str) -> bool:
        """Return whether nothing of the article follows the block at `index`, whose `label` says that it is over.

        More text beside what stands above is the article's. Where each paragraph stands in an element of its own,
        any text is, outside of the label's own; not behind the heading of comments, which are text as well. A
        label above most of the text is that of a menu.
        """
        if not self._above or is_last_line(label):
            return self._above > 0
        if self._until > index or (self._below > self._above * _MUCH_MORE and not heads_comments(label)):
            return False
        scattered = 1 < self._count == len(self.holders)
        own = self._last.get(self._placed[index].holder, -1)
        return not scattered or heads_comments(label) or not any(at > index and at != own for at in self._ends)


def _label_text(block: Block) -> str:
    """Return what a block may say of those below it; a picture is the article's, whatever its caption says."""
    return "" if block.kind is BlockKind.IMAGE else text_of(block.html)


def _heads_box(text: str, *, ends: bool) -> bool:
    """Return whether a line stands above other news; `ends` is whether it ends articles."""
    return (ends and not heads_comments(text)) or points_elsewhere(text)


def _asks_to_read(placed: Sequence[PlacedBlock], index: int) -> bool:
    """Return whether a block asks readers to read links: those that end it, or that of the next block."""
    block = placed[index].block
    if block.kind is BlockKind.IMAGE or block.items:
        return False
    label, mark, linked = block.html.partition("<a ")
    label = text_of(label)
    if len(label) > _LABEL_CHARS or not (asks_to_read(label) or points_elsewhere(label)):
        return False
    links = block if mark else next((other.block for other in placed[index + 1 : index + 2]), block)
    return linked_share(replace(links, html=mark + linked) if mark else links) >= _LINKED


def _is_left_over(block: Block) -> bool:
    """Return whether the last block of a text is none of it: a heading or a label of nothing, or a desk's mark."""
    if block.kind is BlockKind.HEADING:
        return True
    text = _text(block).strip()
    return block.kind is BlockKind.PARAGRAPH and (
        is_desk_mark(text) or (len(text) <= _LABEL_CHARS and text.endswith(":"))
    )


def _trimmed(block: Block) -> Block:
    if block.kind is BlockKind.IMAGE:
        caption = text_of(block.html)
        return replace(block, html="") if is_tool(caption) and not is_photo_credit(caption) else block
    html = without_last_phrase(block.html)
    return replace(block, html=html) if html != block.html and html else block


def _is_text(block: Block) -> bool:
    text = text_of(block.html)
    is_prose = len(text) >= LEAST_PARAGRAPH or ends_sentence(text)
    return is_prose and block.kind in (BlockKind.PARAGRAPH, BlockKind.QUOTE) and linked_share(block) < _LINKED


def _is_teaser(block: Block) -> bool:
    return block.kind is BlockKind.IMAGE or (len(text_of(block.html)) < _TEASER_CHARS and linked_share(block) > 0.5)


def _without_links(placed: Sequence[PlacedBlock]) -> list[Block]:
    """Return blocks without those that are links to other pages as a whole, unless much of the text is in such.

    A label above such links goes with them.
    """
    linked = [_is_link(placed_block.block) for placed_block in placed]
    text = {
        block.holder for block, is_link in zip(placed, linked, strict=True) if not is_link and _is_text(block.block)
    }
    kept = [
        placed_block.block
        for at, placed_block in enumerate(placed)
        if not linked[at] and not (_is_label(placed_block.block) and _heads_links(placed, linked, at + 1, text))
    ]
    return _unless_much_less(kept, [placed_block.block for placed_block in placed])


def _unless_much_less(kept: list[Block], blocks: list[Block]) -> list[Block]:
    """Return the blocks that are kept of a text, all of them where those have much less of it."""
    return kept if letters(kept) >= letters(blocks) * _LEAST_LEFT else blocks


def _is_link(block: Block) -> bool:
    """Return whether a block other than a picture is a link to another page as a whole."""
    return block.kind is not BlockKind.IMAGE and linked_share(block) > _LINKED and not offers_files(block)


def offers_files(block: Block) -> bool:
    """Return whether a block links to documents, which are the article's own, as a list of attachments does."""
    return all(_FILE.search(part) is not None for part in (block.items or (block.html,)))


def _is_furniture(block: Block, text: str) -> bool:
    """Return whether a block with this text is a control of the page, or a list of nothing but such things."""
    return (text != "" and is_tool(text)) or _lists_details(block)


def _lists_details(block: Block) -> bool:
    """Return whether the points of a list are nothing but a date, sections, counts of readers and controls."""
    if not block.items or block.kind is not BlockKind.LIST:
        return False
    points = [(text_of(item), _linked_share(item)) for item in block.items]
    if any(len(text) >= _LABEL_CHARS for text, _ in points):
        return False
    details = [_is_detail(text) for text, _ in points]
    return any(details) and all(
        detail or linked > _LINKED for detail, (_, linked) in zip(details, points, strict=True)
    )


def _is_detail(text: str) -> bool:
    is_control = is_tool(text) or is_counter(text) or heads_comments(text)
    return is_control or is_clock(text) or read_date(text, _UTC) is not None


def _is_label(block: Block) -> bool:
    text = text_of(block.html)
    is_short = 0 < len(text) <= _LABEL_CHARS and not ends_sentence(text.rstrip(" :"))
    return is_short and block.kind in (BlockKind.HEADING, BlockKind.PARAGRAPH)


def _heads_links(placed: Sequence[PlacedBlock], linked: Sequence[bool], at: int, text: Container[int]) -> bool:
    """Return whether several links follow, or one in a box of its own; `text` are the holders of paragraphs."""
    links = list(takewhile(lambda place: linked[place], range(at, len(placed))))
    if not links:
        return False
    points = sum(max(1, len(placed[place].block.items)) for place in links)
    return points > 1 or placed[at].holder not in text


def linked_share(block: Block) -> float:
    """Return how much of a block's text is linked, 0 to 1."""
    return _linked_share(" ".join((block.html, *block.items)))


def _linked_share(markup: str) -> float:
    if "<a " not in markup:
        return 0.0
    linked = sum(len(text_of(link)) for link in _LINK.findall(markup))
    return linked / max(1, len(text_of(markup).strip()))


def _with_times(blocks: list[Block]) -> tuple[Block, ...]:
    """Return blocks with the times of a live blog's entries as headings; a single time is no text."""
    times = [_is_time(block) for block in blocks]
    if sum(times) < _LIVE_TIMES:
        return tuple(block for block in blocks if not (_is_time(block) and is_clock(text_of(block.html))))
    return tuple(
        Block(BlockKind.HEADING, text_of(block.html)) if time else block
        for block, time in zip(blocks, times, strict=True)
    )


def _is_time(block: Block) -> bool:
    """Return whether a paragraph is a time of day and nothing else, with its date or without."""
    text = text_of(block.html)
    if block.kind is not BlockKind.PARAGRAPH or len(text) > _LABEL_CHARS:
        return False
    return is_clock(text) or (has_clock(text) and not ends_sentence(text) and read_date(text, _UTC) is not None)


def _text(block: Block) -> str:
    return " ".join(text_of(part) for part in (block.html, *block.items))
