"""The tree of a page, parsed from its text, and what is often looked up in it (pure)."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from bot.errors import SourceError
from persian.foreign_text import one_line

# Within scripts an end is often written <\/p>, and most of what begins like a tag is a comparison: i<n;
_TAG = re.compile(r"<(\\?/)?([a-z][a-z0-9:_-]*+)(?=[\s/>])", re.IGNORECASE)
# They hold nothing, or end where the next of their kind begins.
_SHALLOW = frozenset(
    ("br", "img", "p", "li", "hr", "meta", "link", "input", "td", "tr", "th", "dd", "dt", "option", "source", "col")
)
# The parser's time grows with the square of the depth: 0.3 s for lists of 8,000 levels, 15 s for 16,000. Browsers
# draw 512 levels; the others are room for what a page leaves open.
_DEEPEST = 3_000
_UNREAD_TAGS = frozenset(("script", "style", "noscript", "template", "svg"))
_CLOSING = (".", ",", ";", "!", "?", ")", "،", "؛", "؟", "»")
"""Signs before which no space stands, although an element of its own may begin with one."""


def parse_html(markup: str) -> LexborHTMLParser:
    """Return the tree of a page. Raises SourceError for one that has absurdly many elements within each other."""
    if _is_too_deep(markup):
        raise SourceError("the page nests too many elements")
    return LexborHTMLParser(markup)


def _is_too_deep(markup: str) -> bool:
    """Return whether more elements may be open at some place of a page than the parser copes with.

    An end counts for an element of its name alone; HTML knows no element that ends itself.
    """
    opened: Counter[str] = Counter()
    depth = 0
    for ends, name in _TAG.findall(markup):
        name = name.lower()
        if name in _SHALLOW:
            continue
        if not ends:
            opened[name] += 1
            depth += 1
            if depth > _DEEPEST:
                return True
        elif opened[name]:
            opened[name] -= 1
            depth -= 1
    return False


def meta(tree: LexborHTMLParser, *names: str) -> str:
    """Return the content of the first meta element that bears one of `names` as property, name or itemprop."""
    for name in names:
        for key in ("property", "name", "itemprop"):
            node = tree.css_first(f'meta[{key}="{name}"]')
            if node is not None and (value := one_line(node.attributes.get("content") or "")):
                return value
    return ""


def attribute(node: LexborNode | None, name: str) -> str:
    """Return the value of an element's attribute, "" for none, for one without a value and for no element."""
    return (node.attributes.get(name) or "") if node is not None else ""


def ancestors(node: LexborNode) -> Iterator[LexborNode]:
    """Yield the elements around an element, from the inmost, up to the page's body."""
    parent = node.parent
    while parent is not None and parent.tag != "html":
        yield parent
        parent = parent.parent


def node_text(node: LexborNode | None, left_out: Callable[[LexborNode], bool] | None = None) -> str:
    """Return the text of an element in one line without its scripts, styles and what is `left_out`; "" for None."""
    if node is None or node.tag in _UNREAD_TAGS:
        return ""
    parts: list[str] = []
    stack = [node]
    while stack:
        current = stack.pop()
        if current is not node and current.next is not None:
            stack.append(current.next)
        if current.tag == "-text":
            text = current.text_content or ""
            if parts and parts[-1] == " " and text.startswith(_CLOSING):
                parts.pop()
            parts.append(text)
        elif current.child is not None and (current is node or not _is_unread(current, left_out)):
            parts.append(" ")
            stack.append(current.child)
    return one_line("".join(parts))


def texts_in(node: LexborNode) -> Iterator[tuple[LexborNode, str]]:
    """Yield the nodes of text within an element that have any, each with what it says in one line."""
    for inner in node.traverse(include_text=True):
        if inner.tag == "-text" and (text := one_line(inner.text_content or "")):
            yield inner, text


def _is_unread(node: LexborNode, left_out: Callable[[LexborNode], bool] | None) -> bool:
    return node.tag in _UNREAD_TAGS or (left_out is not None and left_out(node))


def first(tree: LexborHTMLParser | LexborNode, selectors: Iterable[str]) -> LexborNode | None:
    """Return the first element with any text in it that one of `selectors`, tried in order, finds."""
    for selector in selectors:
        for node in tree.css(selector):
            if node_text(node):
                return node
    return None
