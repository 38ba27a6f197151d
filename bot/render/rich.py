"""An article's full text as rich messages, each within what Telegram takes of one (pure).

Telegram's limits of one message are 32,768 characters, 500 blocks (those within others too: a point of a list
counts, and so does its paragraph), 16 levels of nesting and 50 media.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bot.render.attachments import attachments
from bot.render.html import escape, is_web_address, length, strip_tags
from bot.render.message import RichPhoto
from bot.render.pagination import shallow, split_html, split_lines
from storage.records import Block, BlockKind, Content, MediaKind

MOST_CHARACTERS = 30_000
MOST_BLOCKS = 450
MOST_MEDIA = 50
"""The limits of one rich message, below those of Telegram."""

_PIECE = 15_000
"""The longest run of text that is not cut: two of them fit into one message."""
_POINTS = 100
"""Points of a list that stay together."""
_INLINE_DEPTH = 12
"""Levels of formatting within a block; a list, its point and its paragraph are three more."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """HTML that is not divided, and its part of the limits. A piece that `leads` never ends a message.

    `photo` is the one that Telegram keeps and the HTML names.
    """

    html: str
    characters: int = 0
    blocks: int = 1
    media: int = 0
    leads: bool = False
    photo: RichPhoto | None = None


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


def rich_parts(
    content: Content, footer: Sequence[str], *, pictures: bool = True
) -> list[tuple[str, tuple[RichPhoto, ...]]]:
    """Return the HTML and the photos of one rich message after the other.

    The first photo stands under the title, what else is attached of photos behind the body; `footer` (lines of
    HTML) ends the last message. Without `pictures` their captions stay.

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
    return [
        (
            "".join(piece.html for piece in part.pieces),
            tuple(piece.photo for piece in part.pieces if piece.photo is not None),
        )
        for part in parts
    ]


def without_pictures(html: str) -> str:
    """Return the HTML of a rich message without its pictures: Telegram refuses it where it cannot fetch one."""
    kept = []
    for place, run in enumerate(html.split("<img ")):
        kept.append(run.split(">", 1)[1] if place else run)
    return "".join(kept)


def _pieces(content: Content, footer: Sequence[str]) -> Iterator[_Piece]:
    yield from _texts(escape(content.title), "<h1>", "</h1>")
    photos = _photos(content)
    yield from photos[:1]
    yield from _texts(escape(content.lead), "<p><b>", "</b></p>")
    for block in content.body:
        yield from _block(block)
    yield from photos[1:]
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
        case BlockKind.IMAGE:
            yield from _picture(block.url)
            yield from _texts(inner, "<p><i>", "</i></p>")
        case _:
            for line in split_lines(block.html):
                yield from _texts(line, "<p>", "</p>")


def _photos(content: Content) -> list[_Piece]:
    """Return the article's own photos: a source's by its address, what the desk attached by its file id.

    One that stands in the body is shown there alone.
    """
    in_body = any(block.kind is BlockKind.IMAGE and block.url == content.photo for block in content.body)
    pieces = [] if in_body else list(_picture(content.photo))
    for place, one in enumerate(one for one in attachments(content) if one.kind is MediaKind.PHOTO):
        photo = RichPhoto(f"p{place}", one.file)
        pieces.append(_Piece(f'<img src="tg://photo?id={photo.id}">', media=1, photo=photo))
    return pieces


def _picture(address: str) -> Iterator[_Piece]:
    if is_web_address(address):
        yield _Piece(f'<img src="{escape(address)}">', media=1)


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
