"""The blocks of an article's body, from its HTML (pure). Only whitelisted inline tags remain in them."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from html import escape as escape_html

from selectolax.lexbor import LexborNode

from bot.errors import SourceError
from bot.ingest.markup.block_writer import BlockWriter
from bot.ingest.markup.dom import parse_html
from bot.ingest.markup.excluded_markup import is_dropped
from bot.ingest.markup.pictures import IMAGE_TAGS, is_image_file, picture_of, repeats_lazy
from bot.ingest.markup.sanitise import absolute_url
from bot.ingest.markup.tables import table_shape
from bot.ingest.markup.text import is_emoji
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
_MODES = {"blockquote": "quote", "li": "item", "dt": "term", "dd": "description"}
_LISTS = frozenset(("ul", "ol", "dl"))
_VIDEOS = frozenset(("video", "amp-video"))
_EMPTY = frozenset(("br", "td", "th")) | IMAGE_TAGS
# WordPress marks the pictures of a text so; some link to a page of their own.
_OWN_PICTURE = re.compile(r"\b(?:wp-image-\d+|size-(?:full|large|medium))\b")
_CAPTION = re.compile(r"(?:^|[\s_-])caption(?=$|[\s_-])", re.IGNORECASE)
_BOLD = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_LINK_WITHIN = 4
_MAX_NODES = 400_000

IsDropped = Callable[[LexborNode], bool]
"""The test of an element that is left out with all in it."""


@dataclass(frozen=True, slots=True)
class PlacedBlock:
    """A block and where it stands: blocks whose elements are siblings have the same `holder`.

    `element` is a number of its own element, of which line breaks may part several blocks.
    """

    block: Block
    holder: int
    element: int = -1


def to_blocks(root: LexborNode, base: str) -> tuple[Block, ...]:
    """Return the blocks of the element `root`, links and images seen from the address `base`.

    Scripts, frames, ads, share bars and boxes of related news are left out; a short paragraph that is bold as
    a whole becomes a heading. Raises SourceError for more elements than any article has.
    """
    return tuple(placed.block for placed in placed_blocks(root, base))


def placed_blocks(root: LexborNode, base: str, dropped: IsDropped = is_dropped) -> tuple[PlacedBlock, ...]:
    """Return the blocks of `root` as `to_blocks` does, with their places; what is `dropped` is left out."""
    writer = BlockWriter()
    for node, entering in _walk(root, dropped):
        tag = node.tag or ""
        if tag == "-text":
            writer.text(node.text_content or "")
        elif entering:
            _enter(writer, node, tag, base)
        else:
            _leave(writer, node, tag)
    blocks = writer.finish()
    return tuple(map(PlacedBlock, blocks, writer.holders, writer.elements))


def html_blocks(markup: str, base: str) -> tuple[Block, ...]:
    """Return the blocks of a piece of HTML, such as a feed's content."""
    body = parse_html(markup).body
    return () if body is None else to_blocks(body, base)


def _walk(root: LexborNode, dropped: IsDropped) -> Iterator[tuple[LexborNode, bool]]:
    """Yield each node below `root` on the way in and, for elements, on the way out; without recursion.

    What stands in a <noscript> is not entered: readers with scripts do not see it.
    """
    seen = 0
    stack: list[tuple[LexborNode, bool]] = [(root, True)]
    while stack:
        node, entering = stack.pop()
        if entering:
            seen += 1
            if seen > _MAX_NODES:
                raise SourceError("the page has too many elements")
            if node.tag in ("-text", "noscript"):
                yield node, True
            elif _is_element(node) and (node is root or not dropped(node)):
                yield node, True
                stack.append((node, False))
                if node.child is not None:
                    stack.append((node.child, True))
                continue
        else:
            yield node, False
        if node is not root and node.next is not None:
            stack.append((node.next, True))


def _is_element(node: LexborNode) -> bool:
    """Return whether a node is an element: neither a text nor a comment, a declaration or the like."""
    return not (node.tag or "").startswith(("-", "!", "_"))


def _enter(writer: BlockWriter, node: LexborNode, tag: str, base: str) -> None:
    if tag == "br":
        writer.line_break()
    elif tag == "noscript":
        _add_hidden_pictures(writer, node, base)
    elif tag in IMAGE_TAGS:
        _add_picture(writer, node, base)
    elif tag in _LISTS:
        writer.begin_list(ordered=tag == "ol")
    elif tag in ("td", "th"):
        writer.cell()
    elif tag in _FLOWING:
        _enter_flowing(writer, node, tag, base)
    else:
        _enter_block(writer, node, tag, base)


def _enter_flowing(writer: BlockWriter, node: LexborNode, tag: str, base: str) -> None:
    """Enter an element that stands within a line."""
    if tag == "a":
        _open_link(writer, node, base)
    elif tag in _INLINE:
        writer.open(_INLINE[tag], f"<{_INLINE[tag]}>")
    elif tag == "q":
        writer.begin_quotation()
    elif tag == "span":
        _enter_span(writer, node)


def _open_link(writer: BlockWriter, node: LexborNode, base: str) -> None:
    address = _linked(node.attributes.get("href") or "", base)
    writer.open("a", f'<a href="{escape_html(address)}">' if address else "")


def _add_hidden_pictures(writer: BlockWriter, noscript: LexborNode, base: str) -> None:
    """Add the pictures for readers without scripts, unless they repeat one that a script loads."""
    if not repeats_lazy(noscript, base):
        for picture in noscript.css("img"):
            _add_picture(writer, picture, base)


def _add_picture(writer: BlockWriter, node: LexborNode, base: str) -> None:
    if address := _shown_picture(node, base):
        writer.image(address)
    elif is_emoji(alternative := node.attributes.get("alt") or ""):
        writer.text(alternative)


def _enter_block(writer: BlockWriter, node: LexborNode, tag: str, base: str) -> None:
    if tag == "table" and (shape := table_shape(node)) is not None:
        writer.begin_table(shape)
        return
    writer.begin(_mode(node, tag))
    if tag in _VIDEOS and (poster := absolute_url(node.attributes.get("poster") or "", base)):
        writer.image(poster)


# A page links the same address from a picture and from a headline.
_linked = lru_cache(maxsize=512)(absolute_url)


def _mode(node: LexborNode, tag: str) -> str:
    if tag in _HEADINGS:
        return "heading"
    if tag == "figcaption" or _CAPTION.search(node.attributes.get("class") or ""):
        return "caption"
    return _MODES.get(tag, "block")


def _enter_span(writer: BlockWriter, node: LexborNode) -> None:
    if node.prev is not None and node.prev.tag == "span":
        writer.part_numbers()
    if _is_bold(node):
        writer.open("b", "<b>")


def _is_bold(span: LexborNode) -> bool:
    return _BOLD.search(span.attributes.get("style") or "") is not None


def _leave(writer: BlockWriter, node: LexborNode, tag: str) -> None:
    if tag in _EMPTY:
        return
    if tag == "span" and _is_bold(node):
        writer.close("b")
        return
    if tag == "a" or tag in _INLINE:
        writer.close(_INLINE.get(tag, "a"))
    elif tag in _LISTS:
        writer.end_list()
    elif tag == "table" and writer.in_table:
        writer.end_table()
    elif tag == "q":
        writer.end_quotation()
    elif tag not in _FLOWING:
        writer.end()


def _bare(address: str) -> str:
    """Return an address without its scheme, fragment and last slash."""
    return address.partition("#")[0].rstrip("/").partition("://")[2]


def _link_around(node: LexborNode) -> LexborNode | None:
    """Return the link that an element stands in, a few elements above it at most; None for none."""
    around = node.parent
    for _ in range(_LINK_WITHIN):
        if around is None or around.tag == "a":
            break
        around = around.parent
    return around if around is not None and around.tag == "a" else None


def _shown_picture(node: LexborNode, base: str) -> str:
    """Return the address of a photo of the article; "" for one that only leads to another page."""
    address = picture_of(node, base)
    link = _link_around(node) if address else None
    if link is None:
        return address
    target = _linked(link.attributes.get("href") or "", base)
    if is_image_file(target):
        return target
    if _bare(target) == _bare(base):
        return address  # the link leads to the article itself
    return "" if target and not _OWN_PICTURE.search(node.attributes.get("class") or "") else address
