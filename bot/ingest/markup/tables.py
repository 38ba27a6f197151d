"""Tables of a page that hold data, as opposed to its layout (pure)."""

from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from persian.foreign_text import one_line
from storage.records import MOST_COLUMNS

_LEAST = 2
_MOST_ROWS = 200
_LONGEST_CELL = 160
# fmt: off
_TAGS = frozenset((
    "thead", "tbody", "tfoot", "colgroup", "col", "tr", "td", "th", "p", "div", "br",
    "a", "abbr", "b", "bdi", "big", "cite", "code", "del", "em", "font", "i", "ins", "mark", "s", "small", "span",
    "strike", "strong", "sub", "sup", "time", "u", "wbr",
))
# fmt: on
"""The elements of a table of data; one with any other is a table of layout."""


@dataclass(frozen=True, slots=True)
class TableShape:
    """The number of columns of a table, and whether its first row names them."""

    columns: int
    headed: bool


def table_shape(table: LexborNode) -> TableShape | None:
    """Return the shape of a table of data: rows of equally many cells, each with a few words at most; else None."""
    rows: list[list[int]] = []
    heads = 0
    stack = [table.child]
    while stack:
        node = stack.pop()
        if node is None:
            continue
        stack.append(node.next)
        tag = node.tag or ""
        if tag == "-text":
            length = len(one_line(node.text_content or ""))
            if length and not _take_words(rows, length):
                return None
        elif tag in ("td", "th"):
            if not rows or _spans(node):
                return None
            rows[-1].append(0)
            heads += tag == "th" and len(rows) == 1
        elif tag == "tr":
            rows.append([])
        elif not tag.startswith(("-", "!")) and tag not in _TAGS:
            return None
        if len(rows) > _MOST_ROWS:
            return None
        stack.append(node.child)
    return _shape_of(rows, heads)


def _take_words(rows: list[list[int]], length: int) -> bool:
    """Add to the length of the cell that is open; False where none is, or it holds more than a few words."""
    if not rows or not rows[-1]:
        return False
    rows[-1][-1] += length
    return rows[-1][-1] <= _LONGEST_CELL


def _spans(cell: LexborNode) -> bool:
    return any((cell.attributes.get(name) or "1").strip() != "1" for name in ("colspan", "rowspan"))


def _shape_of(rows: list[list[int]], heads: int) -> TableShape | None:
    columns = len(rows[0]) if rows else 0
    filled = sum(length > 0 for row in rows for length in row)
    if len(rows) < _LEAST or not _LEAST <= columns <= MOST_COLUMNS or filled * 2 < len(rows) * columns:
        return None
    return TableShape(columns, heads == columns) if all(len(row) == columns for row in rows) else None
