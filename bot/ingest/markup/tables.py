"""Tables of a page that hold data, as opposed to its layout (pure)."""

from dataclasses import dataclass, replace

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
    """The number of columns of a table, whether its first row names them, and its caption, "" for none."""

    columns: int
    headed: bool
    caption: str = ""


def table_shape(table: LexborNode) -> TableShape | None:
    """Return the shape of a table of data: rows of equally many cells, each with a few words at most; else None."""
    cells, caption = _Cells(), ""
    stack = [table.child]
    while stack:
        node = stack.pop()
        if node is None:
            continue
        if node.tag == "caption":
            caption = one_line(node.text())
            stack.append(node.next)
            continue
        if not cells.add_node(node, node.tag or ""):
            return None
        stack += (node.next, node.child)
    shape = cells.shape()
    return replace(shape, caption=caption) if shape is not None and caption else shape


class _Cells:
    """The rows of a table as it is read: for each cell, the length of its words."""

    def __init__(self) -> None:
        self._rows: list[list[int]] = []
        self._heads = 0

    def add_node(self, node: LexborNode, tag: str) -> bool:
        """Read one node; return False where the table cannot be one of data."""
        if tag == "-text":
            return self._add_words(len(one_line(node.text_content or "")))
        if tag in ("td", "th"):
            return self._add_cell(node, is_head=tag == "th")
        if tag == "tr":
            self._rows.append([])
            return len(self._rows) <= _MOST_ROWS
        return tag.startswith(("-", "!")) or tag in _TAGS

    def _add_words(self, length: int) -> bool:
        if length == 0:
            return True
        if not self._rows or not self._rows[-1]:
            return False
        self._rows[-1][-1] += length
        return self._rows[-1][-1] <= _LONGEST_CELL

    def _add_cell(self, cell: LexborNode, *, is_head: bool) -> bool:
        if not self._rows or _spans(cell):
            return False
        self._rows[-1].append(0)
        self._heads += is_head and len(self._rows) == 1
        return True

    def shape(self) -> TableShape | None:
        """Return the shape of what was read, None where it is no table of data."""
        rows = self._rows
        columns = len(rows[0]) if rows else 0
        filled = sum(length > 0 for row in rows for length in row)
        if len(rows) < _LEAST or not _LEAST <= columns <= MOST_COLUMNS or filled * 2 < len(rows) * columns:
            return None
        return TableShape(columns, self._heads == columns) if all(len(row) == columns for row in rows) else None


def _spans(cell: LexborNode) -> bool:
    return any((cell.attributes.get(name) or "1").strip() != "1" for name in ("colspan", "rowspan"))
