"""HTML of an article's body -> blocks (pure). Nothing but whitelisted inline tags comes out of it."""

from collections.abc import Iterator
from html import escape as escape_html

from selectolax.lexbor import LexborNode

from bot.errors import SourceError
from bot.ingest.markup.block_writer import BlockWriter
from bot.ingest.markup.dom import parse_html
from bot.ingest.markup.excluded_markup import is_dropped
from bot.ingest.markup.sanitise import absolute_url
from storage.records import Block

_INLINE = {
    "b": "b",
    "strong": "b",
    "i": "i",
    "em": "i",
    "cite": "i",
    "u": "u",
    "ins": "u",
    "s": "s",
    "del": "s",
    "strike": "s",
    "code": "code",
    "kbd": "code",
}
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
# fmt: off
_FLOWING = frozenset((
    "span", "a", "abbr", "acronym", "bdi", "bdo", "big", "small", "font", "label", "mark", "q", "sub", "sup",
    "time", "var", "data", "dfn", "samp", "tt", "nobr", "wbr", *_INLINE,
))
# fmt: on
_LAZY_SOURCES = ("data-src", "data-lazy-src", "data-original", "src")
_TINY = 48
_MAX_NODES = 400_000


def to_blocks(root: LexborNode, base: str) -> tuple[Block, ...]:
    """Return the blocks of the element `root`, links and images seen from the address `base`.

    Scripts, frames, ads, share bars and boxes of related news are left out; a short paragraph that is bold as
    a whole becomes a heading. Raises SourceError for more elements than any article has.
    """
    writer = BlockWriter()
    for node, entering in _walk(root):
        tag = node.tag or ""
        if tag == "-text":
            writer.text(node.text_content or "")
        elif entering:
            _enter(writer, node, tag, base)
        else:
            _leave(writer, tag)
    return writer.finish()


def html_blocks(markup: str, base: str) -> tuple[Block, ...]:
    """Return the blocks of a piece of HTML, such as a feed's content."""
    body = parse_html(markup).body
    return () if body is None else to_blocks(body, base)


def _walk(root: LexborNode) -> Iterator[tuple[LexborNode, bool]]:
    """Yield each node below `root` on the way in and, for elements, on the way out; without recursion."""
    seen = 0
    stack: list[tuple[LexborNode, bool]] = [(root, True)]
    while stack:
        node, entering = stack.pop()
        if not entering:
            yield node, False
            if node is not root and node.next is not None:
                stack.append((node.next, True))
            continue
        seen += 1
        if seen > _MAX_NODES:
            raise SourceError("the page has too many elements")
        tag = node.tag or ""
        if tag == "-text":
            yield node, True
        elif tag.startswith(("-", "!", "_")) or (node is not root and is_dropped(node)):
            pass
        else:
            yield node, True
            stack.append((node, False))
            if node.child is not None:
                stack.append((node.child, True))
            continue
        if node is not root and node.next is not None:
            stack.append((node.next, True))


def _enter(writer: BlockWriter, node: LexborNode, tag: str, base: str) -> None:
    if tag == "br":
        writer.line_break()
    elif tag == "img":
        _image(writer, node, base)
    elif tag == "a":
        address = absolute_url(node.attributes.get("href") or "", base)
        writer.open("a", f'<a href="{escape_html(address)}">' if address else "")
    elif tag in _INLINE:
        writer.open(_INLINE[tag], f"<{_INLINE[tag]}>")
    elif tag in _HEADINGS:
        writer.begin("heading")
    elif tag == "blockquote":
        writer.begin("quote")
    elif tag in ("ul", "ol"):
        writer.begin_list(ordered=tag == "ol")
    elif tag == "li":
        writer.begin("item")
    elif tag == "figcaption":
        writer.begin("caption")
    elif tag in ("td", "th"):
        writer.cell()
    elif tag not in _FLOWING:
        writer.begin("block")


def _leave(writer: BlockWriter, tag: str) -> None:
    if tag in ("br", "img", "td", "th"):
        return
    if tag == "a" or tag in _INLINE:
        writer.close(_INLINE.get(tag, "a"))
    elif tag in ("ul", "ol"):
        writer.end_list()
    elif tag not in _FLOWING:
        writer.end()


def _image(writer: BlockWriter, node: LexborNode, base: str) -> None:
    attributes = node.attributes
    sources = (value for name in _LAZY_SOURCES if (value := attributes.get(name)))
    address = next((url for value in sources if (url := absolute_url(value, base))), "")
    sizes = [attributes.get(name) or "" for name in ("width", "height")]
    tiny = any(size.isdecimal() and int(size[:6]) <= _TINY for size in sizes)
    if address and not tiny:
        writer.image(address)
