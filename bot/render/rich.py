"""An article's full text as rich messages, each within what Telegram takes of one (pure).

Telegram's limits of one message are 32,768 characters, 500 blocks (those within others too: a point of a list
counts, and so does its paragraph), 16 levels of nesting and 50 media.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, groupby

from bot.render.attachments import attachments
from bot.render.html import escape, is_web_address, length, strip_tags
from bot.render.message import RichMedium
from bot.render.pagination import shallow, split_html, split_lines
from storage.records import MOST_COLUMNS, Block, BlockKind, Content, MediaKind

MOST_CHARACTERS = 30_000
MOST_BLOCKS = 450
MOST_MEDIA = 50
"""The limits of one rich message, below those of Telegram."""

_PIECE = 15_000
"""The longest run of text that is not cut: two of them fit into one message."""
_POINTS = 100
"""Points of a list that stay together."""
_TABLE_BLOCKS = 200
"""Blocks of a table that stay together: each row is one, and so is each cell."""
_SLIDES = 10
"""Media of one slideshow, as many as an album has."""
_SLIDESHOW, _SLIDESHOW_END = "<tg-slideshow>", "</tg-slideshow>"
_MEDIA_TAGS = {MediaKind.PHOTO: "<img ", MediaKind.VIDEO: "<video "}
"""The kinds of media that a rich message shows here, each with the beginning of its tag."""
_INLINE_DEPTH = 12
"""Levels of formatting within a block; a list, its point and its paragraph are three more."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """HTML that is not divided, and its part of the limits. A piece that `leads` never ends a message.

    `named` are the media that Telegram keeps and the HTML names.
    """

    html: str
    characters: int = 0
    blocks: int = 1
    media: int = 0
    leads: bool = False
    named: tuple[RichMedium, ...] = ()


@dataclass(slots=True)
class _Part:
    """One message: its pieces, and what of the limits they take together."""

    pieces: list[_Piece] = field(default_factory=list)
    characters: int = 0
    blocks: int = 0
    media: int = 0

    def takes(self, piece: _Piece) -> bool:
        return (
            self.characters + piece.characters <= MOST_CHARACTERS
            and self.blocks + piece.blocks <= MOST_BLOCKS
            and self.media + piece.media <= MOST_MEDIA
        )

    def add(self, piece: _Piece) -> None:
        self.pieces.append(piece)
        self.characters += piece.characters
        self.blocks += piece.blocks
        self.media += piece.media

    def written(self) -> tuple[str, tuple[RichMedium, ...]]:
        """Return its HTML and its media."""
        html = "".join(piece.html for piece in self.pieces)
        return html, tuple(medium for piece in self.pieces for medium in piece.named)


def rich_parts(
    content: Content, footer: Sequence[str], *, pictures: bool = True
) -> list[tuple[str, tuple[RichMedium, ...]]]:
    """Return the HTML and the media of one rich message after the other.

    The first photo stands under the title, the other photos and the videos of the newsroom behind the body; several
    that stand together are a slideshow. `footer` (lines of HTML) ends the last message. Without `pictures` their
    captions stay.

    Nothing of the text is lost between them.
    """
    parts = [_Part()]
    for piece in _pieces(content, footer):
        if piece.media and not pictures:
            continue
        if not parts[-1].takes(piece):
            ended, begun = parts[-1], _Part()
            parts.append(begun)
            if len(ended.pieces) > 1 and ended.pieces[-1].leads:
                begun.add(ended.pieces.pop())
        parts[-1].add(piece)
    return [part.written() for part in parts]


def without_media(html: str) -> str:
    """Return the HTML of a rich message without its media: Telegram refuses it where it cannot have one of them."""
    for begin in _MEDIA_TAGS.values():
        first, *rest = html.split(begin)
        html = "".join((first, *(run.split(">", 1)[1] for run in rest)))
    for tag in ("</video>", _SLIDESHOW, _SLIDESHOW_END):
        html = html.replace(tag, "")
    return html


def _pieces(content: Content, footer: Sequence[str]) -> Iterator[_Piece]:
    yield from _texts(escape(content.title), "<h1>", "</h1>")
    shown = _attached(content)
    under_title = int(bool(shown) and shown[0].html.startswith(_MEDIA_TAGS[MediaKind.PHOTO]))
    yield from shown[:under_title]
    yield from _texts(escape(content.lead), "<p><b>", "</b></p>")
    for is_picture, blocks in groupby(content.body, is_bare_picture):
        if is_picture:
            yield from _gallery([picture for block in blocks for picture in _picture(block.url)])
        else:
            for block in blocks:
                yield from _block(block)
    yield from _gallery(shown[under_title:])
    yield from _texts(" · ".join(footer), "<hr><footer>", "</footer>", blocks=2)


def _block(block: Block) -> Iterator[_Piece]:
    # A paragraph knows no line break here: a line is a paragraph of its own, elsewhere it goes on.
    inner = block.html.replace("\n", " ")
    match block.kind:
        case BlockKind.HEADING:
            yield from _texts(inner, "<h2>", "</h2>", leads=True)
        case BlockKind.QUOTE:
            yield from _texts(inner, "<blockquote>", "</blockquote>", blocks=2)
        case BlockKind.LIST:
            yield from _list(block)
        case BlockKind.TABLE:
            yield from _table(block)
        case BlockKind.IMAGE:
            yield from _picture(block.url)
            yield from _texts(inner, "<p><i>", "</i></p>")
        case _:
            for line in split_lines(block.html):
                yield from _texts(line, "<p>", "</p>")


def _attached(content: Content) -> list[_Piece]:
    """Return the article's own photos and videos: a source's photo by its address, the newsroom's media by file id.

    A photo that stands in the body is shown there alone.
    """
    in_body = any(block.kind is BlockKind.IMAGE and block.url == content.photo for block in content.body)
    pieces = [] if in_body else list(_picture(content.photo))
    kept = (medium for medium in attachments(content) if medium.kind in _MEDIA_TAGS and not medium.is_foreign)
    for place, medium in enumerate(kept):
        named = RichMedium(medium.kind, f"m{place}", medium.file)
        end = "</video>" if medium.kind is MediaKind.VIDEO else ""
        html = f'{_MEDIA_TAGS[medium.kind]}src="tg://{medium.kind}?id={named.id}">{end}'
        pieces.append(_Piece(html, media=1, named=(named,)))
    return pieces


def is_bare_picture(block: Block) -> bool:
    """Return whether a block is a picture without words: several of these in a row are a gallery."""
    return block.kind is BlockKind.IMAGE and not block.html


def _picture(address: str) -> Iterator[_Piece]:
    if is_web_address(address):
        yield _Piece(f'{_MEDIA_TAGS[MediaKind.PHOTO]}src="{escape(address)}">', media=1)


def _gallery(media: Sequence[_Piece]) -> Iterator[_Piece]:
    """Yield media that stand together: a few as one slideshow, many as several, one alone as it is."""
    for begin in range(0, len(media), _SLIDES):
        slides = media[begin : begin + _SLIDES]
        if len(slides) == 1:
            yield slides[0]
            continue
        yield _Piece(
            "".join((_SLIDESHOW, *(piece.html for piece in slides), _SLIDESHOW_END)),
            blocks=1 + len(slides),
            media=len(slides),
            named=tuple(name for piece in slides for name in piece.named),
        )


def _texts(inner: str, begin: str, end: str, *, blocks: int = 1, leads: bool = False) -> Iterator[_Piece]:
    """Yield a run of inline HTML between two tags, in as many pieces as it needs; nothing for an empty one."""
    for part in _cut(inner):
        yield _Piece(f"{begin}{part}{end}", _characters(part), blocks, leads=leads)


def _list(block: Block) -> Iterator[_Piece]:
    """Yield a list in runs of points; what a point is too long for goes on in paragraphs below it."""
    points: list[str] = []
    first, held = 1, 0
    for number, item in enumerate(block.items, 1):
        # A point without words keeps its number.
        start, *rest = _cut(item.replace("\n", " ")) or ["—"]
        held += _characters(start)
        if points and (len(points) == _POINTS or held > _PIECE):
            yield _points(points, first, ordered=block.ordered)
            points, held = [], _characters(start)
        first = number if not points else first
        points.append(start)
        if rest:
            yield _points(points, first, ordered=block.ordered)
            points, held = [], 0
            yield from (_Piece(f"<p>{part}</p>", _characters(part)) for part in rest)
    if points:
        yield _points(points, first, ordered=block.ordered)


def _points(points: Sequence[str], first: int, *, ordered: bool) -> _Piece:
    begin = "<ul>" if not ordered else "<ol>" if first == 1 else f'<ol start="{first}">'
    items = "".join(f"<li>{point}</li>" for point in points)
    return _Piece(
        f"{begin}{items}{'</ol>' if ordered else '</ul>'}", _characters(*points), blocks=1 + 2 * len(points)
    )


def _table(block: Block) -> Iterator[_Piece]:
    """Yield a table in runs of rows under the names of its columns; one with very long cells as paragraphs."""
    rows = [_cells(row) for row in block.rows]
    if block.columns > MOST_COLUMNS or any(_characters(*row) > _PIECE // 2 for row in rows):
        for row in rows:
            yield from _texts(" | ".join(row), "<p>", "</p>")
        return
    head, body = (rows[:1], rows[1:]) if block.headed else ([], rows)
    if head and not body:
        yield _rows(head, body)
    begin = 0
    while begin < len(body):
        end = _end_of_run(head, body, begin, block.columns)
        yield _rows(head, body[begin:end])
        begin = end


def _cells(row: Sequence[str]) -> list[str]:
    """Return the cells of a row, each in one line."""
    return [shallow(cell.replace("\n", " "), _INLINE_DEPTH) for cell in row]


def _end_of_run(head: Sequence[Sequence[str]], body: Sequence[Sequence[str]], begin: int, columns: int) -> int:
    """Return where the rows from `begin` on end that fit into one table under its head: one at least."""
    held = _characters(*chain(*head))
    most_rows = max(1, math.ceil(_TABLE_BLOCKS / (1 + columns)) - len(head))
    for end in range(begin, min(len(body), begin + most_rows)):
        held += _characters(*body[end])
        if end > begin and held > _PIECE:
            return end
    return min(len(body), begin + most_rows)


def _rows(head: Sequence[Sequence[str]], body: Sequence[Sequence[str]]) -> _Piece:
    html = "".join(
        f"<tr>{''.join(f'<{tag}>{cell}</{tag}>' for cell in row)}</tr>"
        for tag, rows in (("th", head), ("td", body))
        for row in rows
    )
    cells = [cell for row in (*head, *body) for cell in row]
    return _Piece(
        f"<table bordered striped>{html}</table>", _characters(*cells), 1 + len(head) + len(body) + len(cells)
    )


def _cut(inner: str) -> list[str]:
    """Return inline HTML in parts that fit into a message, none for one without a word."""
    markup = shallow(inner, _INLINE_DEPTH)
    visible = strip_tags(markup)
    if not visible.strip():
        return []
    return [markup] if length(visible) <= _PIECE else split_html(markup, _PIECE)


def _characters(*parts: str) -> int:
    """Return how much of a message's text some parts take, with the breaks between them."""
    return sum(length(strip_tags(part)) + 1 for part in parts)
