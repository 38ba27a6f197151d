"""The blocks of a body, from the lines that a person wrote (pure)."""

import re
from collections.abc import Sequence

from bot.newsroom.formatting import FormattedText
from persian.digits import to_ascii
from storage.records import MOST_COLUMNS, Block, BlockKind

LEAST_PARAGRAPH = 60
"""Characters from which on a line is surely a paragraph."""

_HEADING_CHARS = 110
_SENTENCE_ENDS = (".", "…", ":", "؛", ";", "،", ",", ".»", '."', ".)")
_POINT = re.compile(r"^[-–—•*▪■●]\s+(?=\S)")
_STROKE = re.compile(r"(?<!\S)(?P<stroke>\|)(?!\S)")
_DASHES, _IN_RULE = "---", set("-:| ")
_NUMBERED = re.compile(r"^(\d{1,2})\s?[-–.)]\s*(?=[^\s\d])")


def blocks_of(paragraphs: Sequence[FormattedText]) -> tuple[Block, ...]:
    """Return lines as blocks: paragraphs, quotations, tables, sub-headings, lists with bullets or numbers.

    A table is two lines or more that equally many strokes («|») part into cells. Its first row names the columns
    where it is bold as a whole, or a line of dashes follows it.
    """
    blocks: list[Block] = []
    index = 0
    while index < len(paragraphs):
        quoted = _quoted(paragraphs, index)
        if quoted:
            blocks.append(Block(BlockKind.QUOTE, "\n".join(line.html() for line in quoted)))
            index += len(quoted)
            continue
        if (table := _table(paragraphs, index)) is not None:
            block, lines = table
            blocks.append(block)
            index += lines
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
    """Return whether a line ends a sentence or a part of one, as no headline does."""
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
        match = _POINT.match(line.text)
        if match is None or line.is_quoted():
            break
        items.append(line.cut(match.end(), len(line.text)).html())
    return Block(BlockKind.LIST, items=tuple(items)) if items else None


def _numbered(lines: Sequence[FormattedText], begin: int) -> Block | None:
    """Return the list of lines that count from one; a lone number is part of its line."""
    items: list[str] = []
    for index in range(begin, len(lines)):
        line = lines[index]
        match = _NUMBERED.match(to_ascii(line.text))
        if match is None or int(match[1]) != len(items) + 1 or line.is_quoted():
            break
        items.append(line.cut(match.end(), len(line.text)).html())
    return Block(BlockKind.LIST, items=tuple(items), ordered=True) if len(items) > 1 else None


def _table(lines: Sequence[FormattedText], begin: int) -> tuple[Block, int] | None:
    """Return the table that begins at a line, and how many lines it takes; None where none does."""
    rows, ruled = _table_rows(lines, begin)
    if len(rows) < 2:
        return None
    bold = all(cell.is_bold() for cell in rows[0])
    head = [cell.html(but=("b",) if bold else ()) for cell in rows[0]]
    items = (*head, *(cell.html() for row in rows[1:] for cell in row))
    return Block(BlockKind.TABLE, items=items, columns=len(head), headed=ruled or bold), len(rows) + ruled


def _table_rows(lines: Sequence[FormattedText], begin: int) -> tuple[list[list[FormattedText]], bool]:
    """Return the rows of equally many cells from a line on, and whether a rule stands under the first one."""
    rows: list[list[FormattedText]] = []
    ruled = False
    for at in range(begin, len(lines)):  # no slice: many tables would copy many lines
        if len(rows) == 1 and not ruled and _is_rule(lines[at].text):
            ruled = True
            continue
        cells = _cells(lines[at])
        if not 2 <= len(cells) <= MOST_COLUMNS or (rows and len(cells) != len(rows[0])):
            break
        rows.append(cells)
    return rows, ruled


def _is_rule(line: str) -> bool:
    return _DASHES in line and set(line) <= _IN_RULE


def _cells(line: FormattedText) -> list[FormattedText]:
    """Return the cells of a line of a table; one stroke at each end parts nothing."""
    text = line.text
    strokes = [match.start("stroke") for match in _STROKE.finditer(text)]
    begins = [at + 1 for at in strokes if at < len(text) - 1]
    if not strokes or strokes[0] > 0:
        begins = [0, *begins]
    ends = [*(at for at in strokes if at > 0), *([len(text)] if not text.endswith("|") else [])]
    return [line.cut(first, last).strip() for first, last in zip(begins, ends, strict=False)]


def _is_heading(line: str, following: str) -> bool:
    """Return whether a line is a sub-heading: short, without a full stop, with a longer paragraph behind it."""
    short = len(line) <= _HEADING_CHARS and not ends_sentence(line)
    return short and len(following) > len(line) and len(following) >= LEAST_PARAGRAPH
