"""Plain lines -> blocks of a body (pure)."""

import re
from collections.abc import Sequence

from bot.render.html import escape
from storage.records import Block, BlockKind

LEAST_PARAGRAPH = 60
"""Characters from which on a line is surely a paragraph."""

_HEADING_CHARS = 110
_SENTENCE_ENDS = (".", "…", ":", "؛", ";", "،", ",", ".»", '."', ".)")
_POINT = re.compile(r"^[-–—•*▪■●]\s+(?=\S)")


def blocks_of(paragraphs: Sequence[str]) -> tuple[Block, ...]:
    """Return lines of plain text as blocks: paragraphs, lists of lines with a bullet, sub-headings."""
    blocks: list[Block] = []
    points: list[str] = []
    for index, line in enumerate(paragraphs):
        if _POINT.match(line):
            points.append(escape(_POINT.sub("", line)))
            continue
        _end_list(blocks, points)
        following = paragraphs[index + 1] if index + 1 < len(paragraphs) else ""
        kind = BlockKind.HEADING if _is_heading(line, following) else BlockKind.PARAGRAPH
        blocks.append(Block(kind, escape(line)))
    _end_list(blocks, points)
    return tuple(blocks)


def _end_list(blocks: list[Block], points: list[str]) -> None:
    if points:
        blocks.append(Block(BlockKind.LIST, items=tuple(points)))
        points.clear()


def _is_heading(line: str, following: str) -> bool:
    """Tell whether a line is a sub-heading: short, without a full stop, with a longer paragraph behind it."""
    short = len(line) <= _HEADING_CHARS and not line.endswith(_SENTENCE_ENDS)
    return short and len(following) > len(line) and len(following) >= LEAST_PARAGRAPH
