"""Lines -> blocks of a body (pure)."""

import re
from collections.abc import Sequence

from bot.newsroom.formatting import FormattedText
from persian.digits import to_ascii
from storage.records import Block, BlockKind

LEAST_PARAGRAPH = 60
"""Characters from which on a line is surely a paragraph."""

_HEADING_CHARS = 110
_SENTENCE_ENDS = (".", "…", ":", "؛", ";", "،", ",", ".»", '."', ".)")
_POINT = re.compile(r"^[-–—•*▪■●]\s+(?=\S)")
_NUMBERED = re.compile(r"^(\d{1,2})\s?[-–.)]\s*(?=[^\s\d])")


def blocks_of(paragraphs: Sequence[FormattedText]) -> tuple[Block, ...]:
    """Return lines as blocks: paragraphs, quotations, lists of lines with a bullet or a number, sub-headings."""
    blocks: list[Block] = []
    index = 0
    while index < len(paragraphs):
        quoted = _quoted(paragraphs, index)
        if quoted:
            blocks.append(Block(BlockKind.QUOTE, "\n".join(line.html() for line in quoted)))
            index += len(quoted)
            continue
        points = _bulleted(paragraphs, index) or _numbered(paragraphs, index)
        if points is not None:
            blocks.append(points)
            index += len(points.items)
            continue
        line = paragraphs[index]
        index += 1
        following = paragraphs[index].text if index < len(paragraphs) else ""
        if _is_heading(line.text, following):
            blocks.append(Block(BlockKind.HEADING, line.html(but=("b",))))
        else:
            blocks.append(Block(BlockKind.PARAGRAPH, line.html()))
    return tuple(blocks)


def ends_sentence(line: str) -> bool:
    """Tell whether a line ends a sentence or a part of one, as no headline does."""
    return line.endswith(_SENTENCE_ENDS)


def _quoted(lines: Sequence[FormattedText], begin: int) -> Sequence[FormattedText]:
    end = begin
    while end < len(lines) and lines[end].is_quoted():
        end += 1
    return lines[begin:end]


def _bulleted(lines: Sequence[FormattedText], begin: int) -> Block | None:
    items: list[str] = []
    for index in range(begin, len(lines)):
        line = lines[index]
        found = _POINT.match(line.text)
        if found is None or line.is_quoted():
            break
        items.append(line.cut(found.end(), len(line.text)).html())
    return Block(BlockKind.LIST, items=tuple(items)) if items else None


def _numbered(lines: Sequence[FormattedText], begin: int) -> Block | None:
    """Return the list of lines that count from one; a lone number is part of its line."""
    items: list[str] = []
    for index in range(begin, len(lines)):
        line = lines[index]
        found = _NUMBERED.match(to_ascii(line.text))
        if found is None or int(found[1]) != len(items) + 1 or line.is_quoted():
            break
        items.append(line.cut(found.end(), len(line.text)).html())
    return Block(BlockKind.LIST, items=tuple(items), ordered=True) if len(items) > 1 else None


def _is_heading(line: str, following: str) -> bool:
    """Tell whether a line is a sub-heading: short, without a full stop, with a longer paragraph behind it."""
    short = len(line) <= _HEADING_CHARS and not ends_sentence(line)
    return short and len(following) > len(line) and len(following) >= LEAST_PARAGRAPH
