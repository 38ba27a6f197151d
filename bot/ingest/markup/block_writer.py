"""Collects text and tags, as they come in a page, into blocks (pure)."""

import re
from collections import defaultdict
from dataclasses import dataclass, field, replace

from bot.ingest.markup.sanitise import escape, inline_html, text_of
from bot.ingest.markup.tables import TableShape
from bot.ingest.markup.text import has_letters
from persian.direction import is_rtl
from persian.foreign_text import one_line
from storage.records import Block, BlockKind

MAX_BLOCKS = 3000
_SPACES = re.compile(r"[ \t\r\n\f\v\u00a0\u2000-\u200a\u202f\u3000]+")
_EDGE = " \n\u200c\u200d\u200e\u200f"
_EMPTY = re.compile(r"<(b|i|u|s|code|a)(?: href=\"[^\"]*\")?>([\s\u200c-\u200f]*)</\1>")
_ALL_BOLD = re.compile(r"^(?:<b>[^<]*</b>[\s\u200c]*)+$")
_HEADING_CHARS = 120
_LONG_LINE = 70
_OF_LISTS = frozenset(("item", "list", "term", "description"))
_QUOTE_MARKS = "«»“”\"'„‘’"
_SENTENCE_END = (".", "…", "!", "،", "؛", ",", ";")


@dataclass(slots=True)
class _OpenTable:
    """A table of data that is being written; its cells are those that have ended."""

    shape: TableShape
    cells: list[str] = field(default_factory=list)
    has_begun: bool = False


class BlockWriter:
    """A body being written: `begin`/`end` for blocks, `open`/`close` for inline tags, `text` between."""

    def __init__(self) -> None:
        self._blocks: list[Block] = []
        self._holders: list[int] = []
        self._own: list[int] = []
        self._parting = False
        self._quotations: list[int] = []
        self._term = 0  # how many points a list had behind its last term, 0 where something else follows it
        self._elements: list[int] = [0, 0]
        self._begun = 0
        self._pictures: set[str] = set()
        self._pictured = False  # the point of a list that is being written shows a picture
        # The mode of each block that is open; a mere block has that of the one around it.
        self._modes: list[str] = []
        self._outermost_quote = 0  # its place among the elements, 0 for none
        # By their names, the markup of the inline tags that are open; and those of them that have one, at most one
        # of a name. Elements may be open by the thousand.
        self._inline: defaultdict[str, list[str]] = defaultdict(list)
        self._marked: dict[str, str] = {}
        self._parts: list[str] = []
        self._lists: list[tuple[bool, list[str]]] = []
        self._table: _OpenTable | None = None
        self._seen = False
        self._beyond: list[str] = []  # texts of what is beyond MAX_BLOCKS

    def text(self, text: str) -> None:
        """Add plain text; its line breaks are mere spaces."""
        plain = _SPACES.sub(" ", text)
        if self._parting and self._parts and self._parts[-1][-1:].isdigit() and plain[:1].isdigit():
            self._parts.append(" ")
        self._parting = False
        self._seen = self._seen or bool(plain.strip(_EDGE))
        self._parts.append(escape(plain))

    def part_numbers(self) -> None:
        """Part a number from the one before it: a style parts the elements in which they stand."""
        self._parting = True

    def line_break(self) -> None:
        """Break the line; two breaks in a row part paragraphs."""
        if self._table is not None:
            self._parts.append(" ")
            return
        last = next((part for part in reversed(self._parts) if part.rstrip(" ")), "")
        if last.rstrip(" ").endswith("\n") and not self._lists:
            self._flush()
        else:
            self._parts.append("\n")

    def open(self, tag: str, markup: str) -> None:
        """Open an inline tag; one that is open already, or has no markup, only counts."""
        if tag in self._marked:
            markup = ""
        self._inline[tag].append(markup)
        if markup:
            self._marked[tag] = markup
            self._parts.append(markup)

    def close(self, tag: str) -> None:
        """Close the inline tag that was opened last under this name."""
        if not self._inline[tag] or not self._inline[tag].pop():
            return
        names = list(self._marked)
        inner = names[names.index(tag) + 1 :]
        self._parts += [f"</{name}>" for name in (*reversed(inner), tag)]
        self._parts += [self._marked[name] for name in inner]
        del self._marked[tag]

    def begin(self, mode: str) -> None:
        """Begin a block of `mode` block, heading, quote, item or caption within the one around it.

        In a cell of a table of data it is a mere space.
        """
        if self._table is not None:
            self._parts.append(" ")
            return
        self._flush()
        self._modes.append(self._mode if mode == "block" else mode)
        self._pictured = self._pictured and mode != "item"
        self._begun += 1
        self._elements.append(self._begun)
        if mode == "quote" and not self._outermost_quote:
            self._outermost_quote = len(self._modes)

    def end(self) -> None:
        """End the block that was begun last."""
        if self._table is not None:
            self._parts.append(" ")
            return
        self._flush()
        if self._modes:
            self._modes.pop()
            self._elements.pop()
            if self._outermost_quote > len(self._modes):
                self._outermost_quote = 0

    def begin_list(self, *, ordered: bool) -> None:
        """Begin a list; one within another gives its points to the outer one."""
        self.begin("list")
        self._lists.append((ordered, self._lists[-1][1] if self._lists else []))

    def end_list(self) -> None:
        """End the list that was begun last."""
        self.end()
        if not self._lists:
            return
        ordered, items = self._lists.pop()
        self._pictured = self._pictured and bool(self._lists)
        if not self._lists:
            self._add_list(items, ordered=ordered)

    def _add_list(self, points: list[str], *, ordered: bool) -> None:
        if points:
            self._add(Block(BlockKind.LIST, items=tuple(points), ordered=ordered), holder=self._elements[-1])

    def _leave_lists(self) -> None:
        """Write the texts of points with headings as blocks: a live blog's entries, for one, are no points."""
        if not self._lists or self._modes[-2] == "list":
            return
        ordered, points = self._lists[0]
        self._lists.clear()
        self._pictured = False
        if len(points) == 1:
            self._add(_paragraph(points[0]))
        else:
            self._add_list(points, ordered=ordered)

    @property
    def _mode(self) -> str:
        """The mode of what is being written, "" outside of all blocks but mere ones."""
        return self._modes[-1] if self._modes else ""

    @property
    def in_table(self) -> bool:
        """Return whether a table of data is being written."""
        return self._table is not None

    def begin_table(self, shape: TableShape) -> None:
        """Begin a table of data; its elements are cells alone."""
        self._flush()
        if shape.caption:
            self._add(Block(BlockKind.PARAGRAPH, escape(shape.caption)), holder=self._elements[-1])
        self._table = _OpenTable(shape)

    def end_table(self) -> None:
        """End the table of data. Where some of its cells were left out, its words are a paragraph."""
        if self._table is None:
            return
        self._end_cell(self._table)
        table, self._table = self._table, None
        columns = table.shape.columns
        if len(table.cells) >= 2 * columns and len(table.cells) % columns == 0:
            block = Block(BlockKind.TABLE, items=tuple(table.cells), columns=columns, headed=table.shape.headed)
            self._add(block, holder=self._elements[-1])
        elif words := " | ".join(filter(None, table.cells)):
            self._add(Block(BlockKind.PARAGRAPH, words), holder=self._elements[-1])

    def _end_cell(self, table: _OpenTable) -> None:
        html = tidy(self._written()).replace("\n", " ")
        self._parts = [*self._marked.values()]
        self._seen = False
        if table.has_begun:
            table.cells.append(html)

    def _written(self) -> str:
        """Return the parts of the present block, its open tags closed."""
        return "".join(self._parts) + "".join(f"</{name}>" for name in reversed(self._marked))

    def begin_quotation(self) -> None:
        """Begin a quotation within a text, around which browsers write the marks."""
        self._quotations.append(len(self._parts))
        self._parts.append("")

    def end_quotation(self) -> None:
        """End the quotation that was begun last: it gets the marks of its script, unless it has marks."""
        begin = self._quotations.pop() if self._quotations else -1
        if begin < 0 or self._quotations:
            return
        quoted = text_of("".join(self._parts[begin + 1 :])).strip()
        if not quoted or quoted[0] in _QUOTE_MARKS:
            return
        marks = _QUOTE_MARKS[:2] if is_rtl(quoted) else _QUOTE_MARKS[2:4]
        self._parts[begin] = marks[0]
        self._parts.append(marks[1])

    def cell(self) -> None:
        """Begin the next cell of a table's row."""
        if self._table is not None:
            self._end_cell(self._table)
            self._table.has_begun = True
            return
        if self._seen:
            self._parts.append(" | ")

    def image(self, url: str) -> None:
        """Add a picture that was not added yet; a caption that follows in the same figure is put under it."""
        if url in self._pictures:
            return
        self._pictures.add(url)
        self._flush()
        self._add(Block(BlockKind.IMAGE, url=url))
        self._pictured = bool(self._lists)

    def finish(self) -> tuple[Block, ...]:
        """Return the blocks."""
        self.end_table()
        self._flush()
        while self._lists:
            self.end_list()
        if self._beyond:
            self._blocks.append(Block(BlockKind.PARAGRAPH, " ".join(self._beyond)))
            self._holders.append(self._elements[-1])
            self._own.append(self._elements[-1])
            self._beyond = []
        return tuple(self._blocks)

    @property
    def holders(self) -> tuple[int, ...]:
        """Return for each block a number of the element that its own element stands in: siblings share it."""
        return tuple(self._holders)

    @property
    def elements(self) -> tuple[int, ...]:
        """Return for each block a number of the element that it stands in."""
        return tuple(self._own)

    def _flush(self) -> None:
        """End what is being written, and put it where its mode says."""
        if self._quotations:
            self._quotations.clear()  # a quotation of several blocks has marks of its own
        if not self._seen:
            self._parts = [*self._marked.values()]
            return
        self._seen = False
        written = self._written()
        self._parts = [*self._marked.values()]
        if html := tidy(written):
            self._put(html, self._mode)

    def _put(self, html: str, mode: str) -> None:
        if mode in _OF_LISTS and self._lists and not self._pictured:
            self._add_point(self._lists[-1][1], html, mode)
        elif mode == "heading":
            self._leave_lists()
            self._add(Block(BlockKind.HEADING, html.replace("\n", " ")))
        elif mode == "quote":
            # A quotation stands where its outermost element stands, however deep its words are.
            self._add(Block(BlockKind.QUOTE, html), holder=self._elements[self._outermost_quote])
        elif (mode == "caption" or self._pictured) and self._ends_with_picture:
            self._add_caption(html)
        else:
            for line in _paragraphs(html):
                self._add(_paragraph(line))

    @property
    def _ends_with_picture(self) -> bool:
        return bool(self._blocks) and self._blocks[-1].kind is BlockKind.IMAGE

    def _add_caption(self, html: str) -> None:
        """Put a text under the picture that was added last, below what stands there."""
        picture = self._blocks[-1]
        self._blocks[-1] = replace(picture, html=f"{picture.html}\n{html}" if picture.html else html)

    def _add_point(self, points: list[str], html: str, mode: str) -> None:
        """Add a point to a list; what describes a term stands behind it."""
        if mode == "description" and self._term == len(points) > 0:
            points[-1] = f"{points[-1].rstrip(': ')}: {html}"
        else:
            points.append(html)
        self._term = len(points) if mode == "term" else 0

    def _add(self, block: Block, *, holder: int = -1) -> None:
        """Add a block; of those beyond MAX_BLOCKS only the text stays, in one last paragraph."""
        if len(self._blocks) < MAX_BLOCKS:
            self._blocks.append(block)
            self._holders.append(holder if holder >= 0 else self._elements[-2])
            self._own.append(self._elements[-1])
        else:
            self._beyond += [
                escape(text) for part in (block.html, *block.items) if (text := one_line(text_of(part)))
            ]


def tidy(markup: str) -> str:
    """Return inline HTML sanitised, without empty tags and spaces at the ends; "" where no text is left."""
    html = inline_html(markup) if "<" in markup else markup
    for _ in range(4):
        html, changes = _EMPTY.subn(r"\2", html)
        if not changes:
            break
    html = re.sub(r" ?\n ?", "\n", re.sub(r" {2,}", " ", html))
    html = re.sub(r"\n{2,}", "\n", html).strip(_EDGE)
    return html if one_line(text_of(html)) else ""


def _paragraphs(html: str) -> list[str]:
    """Return the paragraphs of a text that only line breaks part; verses and addresses stay together."""
    lines = html.split("\n")
    whole = all(len(re.findall(r"<[a-z]", line)) == line.count("</") for line in lines)
    return lines if whole and any(len(text_of(line)) >= _LONG_LINE for line in lines) else [html]


def _paragraph(html: str) -> Block:
    """Return a paragraph, or a heading where a short line is bold as a whole and ends no sentence."""
    plain = text_of(html)
    if (
        len(plain) <= _HEADING_CHARS
        and "\n" not in html
        and _ALL_BOLD.match(html)
        and has_letters(plain)
        and not plain.rstrip(_EDGE).endswith(_SENTENCE_END)
    ):
        return Block(BlockKind.HEADING, re.sub(r"</?b>", "", html))
    return Block(BlockKind.PARAGRAPH, html)
