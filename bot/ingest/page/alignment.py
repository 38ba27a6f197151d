"""The blocks of a page that hold the text which an extractor found in it (pure).

An extractor tells well which sentences are the article's, and loses sub-headings, pictures and half-spaces.
The page's own blocks have all of it.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from bot.ingest.markup.blocks import PlacedBlock
from bot.ingest.markup.boilerplate import LONGEST_LABEL, ends_article, is_clock
from bot.ingest.markup.own_blocks import offers_files
from bot.ingest.markup.sanitise import text_of
from storage.records import Block, BlockKind

_UNWRITTEN = re.compile(r"[\W_]+")
_KEPT_BETWEEN = (BlockKind.IMAGE, BlockKind.QUOTE)
_SURELY_FOUND = 25
_LONGEST_LINE = 5_000
_PART = 10
_MUCH = 0.6
_MOST_LETTERS = 400_000


def aligned(own: Sequence[PlacedBlock], blocks: Sequence[Block]) -> tuple[PlacedBlock, ...]:
    """Return those of a page's blocks whose text an extractor found, and what surely belongs to them.

    That is a picture or a quotation between them, a heading or paragraph between them whose element is a sibling of
    theirs, a label that may end the article, which is for others to judge, and the times of a live blog's entries.
    """
    known = _ExtractedText(blocks)
    matched = [_matched(placed.block, known) for placed in own]
    first, last = _extent(own, matched, known)
    holders = {own[at].holder for at in range(first, last) if matched[at] is not None}
    if _stands_below_clock(own, first, last):
        first -= 1
    kept = []
    for placed, block in zip(own[first:last], matched[first:last], strict=True):
        if block is not None:
            kept.append(PlacedBlock(block, placed.holder, placed.element))
        elif placed.holder in holders or _stands_unfound(placed.block):
            kept.append(placed)
    attached = takewhile(lambda placed: offers_files(placed.block), own[last:] if last else ())
    return (*kept, *attached)


def _stands_below_clock(own: Sequence[PlacedBlock], first: int, last: int) -> bool:
    """Return whether the blocks from `first` to `last` are an entry of a live blog, with its time above it."""
    return 0 < first < last and is_clock(text_of(own[first - 1].block.html))


def _extent(
    own: Sequence[PlacedBlock], matched: Sequence[Block | None], known: "_ExtractedText"
) -> tuple[int, int]:
    """Return the places of the first block that was found and behind the last one, (0, 0) for none."""
    places = [at for at, block in enumerate(matched) if block is not None]
    if not known.in_lines:
        # A few letters stand in a text without lines by chance: the first block of more is where it begins.
        letters = (len(key_of(text_of(own[at].block.html))) for at in places)
        places = places[next((place for place, count in enumerate(letters) if count >= _SURELY_FOUND), 0) :]
    return (places[0], places[-1] + 1) if places else (0, 0)


def _stands_unfound(block: Block) -> bool:
    """Return whether a block is of a text although an extractor leaves it out: a picture, quotation or label."""
    if block.kind in _KEPT_BETWEEN:
        return True
    text = text_of(block.html)
    return len(text) < LONGEST_LABEL and (is_clock(text) or ends_article(text))


def key_of(text: str) -> str:
    """Return the letters and digits of a text alone, in one case."""
    return _UNWRITTEN.sub("", unicodedata.normalize("NFC", text)).casefold()


class _ExtractedText:
    """The texts that an extractor found, as keys."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        texts = (text for block in blocks for text in (block.html, *block.items))
        lines = [key for text in texts if (key := key_of(text_of(text)))]
        self._lines = set(lines)
        self.in_lines = len(lines) > 1  # otherwise all that the page has stands in one piece
        self._least = _SURELY_FOUND if self.in_lines else 1
        self._whole = "".join(lines)[:_MOST_LETTERS]
        self._by_edge: dict[str, str] = {}
        for line in lines:
            if len(line) >= 2 * _SURELY_FOUND:
                self._by_edge[line[-_SURELY_FOUND:]] = self._by_edge[line[:_SURELY_FOUND]] = line[:_LONGEST_LINE]

    def __contains__(self, key: str) -> bool:
        return key in self._lines or (len(key) >= self._least and key in self._whole)

    def has_much_of(self, key: str) -> bool:
        """Return whether a long line was found that begins or ends alike and has most of it.

        An extractor may have lost words within.
        """
        if len(key) < 2 * _SURELY_FOUND:
            return False
        line = self._by_edge.get(key[:_SURELY_FOUND]) or self._by_edge.get(key[-_SURELY_FOUND:]) or ""
        parts = [key[at : at + _PART] for at in range(0, len(key), _PART)]
        return sum(part in line for part in parts) >= len(parts) * _MUCH


def _matched(block: Block, extracted: _ExtractedText) -> Block | None:
    """Return a block, or of a list its found points where they are few, None for one that was not found."""
    match block.kind:
        case BlockKind.IMAGE:
            return None
        case BlockKind.TABLE:
            return block if _has_rows(block, extracted) else None
        case BlockKind.LIST:
            return _with_points(block, extracted)
        case _:
            key = key_of(text_of(block.html))
            is_found = key in extracted or extracted.has_much_of(key) or _mostly(block, extracted)
            return block if key and is_found else None


def _has_rows(table: Block, extracted: _ExtractedText) -> bool:
    """Return whether at least half of a table's rows were found."""
    rows = [key for row in table.rows if (key := "".join(key_of(text_of(cell)) for cell in row))]
    return sum(key in extracted for key in rows) * 2 >= max(1, len(rows))


def _with_points(block: Block, extracted: _ExtractedText) -> Block | None:
    """Return a list with its found points, whole where these are at least half, None without any."""
    items = tuple(item for item in block.items if key_of(text_of(item)) in extracted)
    if not items:
        return None
    return block if len(items) * 2 >= len(block.items) else replace(block, items=items)


def _mostly(block: Block, extracted: _ExtractedText) -> bool:
    """Return whether most lines of a block of several lines were found."""
    keys = [key for line in text_of(block.html).split("\n") if (key := key_of(line))]
    return len(keys) > 1 and sum(len(key) for key in keys if key in extracted) * 2 >= sum(map(len, keys))
