"""The tree of a page, parsed from its text, and what is often looked up in it (pure)."""

import re
from collections.abc import Callable, Iterable

from selectolax.lexbor import LexborHTMLParser, LexborNode

from bot.errors import SourceError
from persian.foreign_text import one_line

_OPENING = re.compile(
    r"<(?!(?:br|img|p|li|hr|meta|link|input|td|tr|th|dd|dt|option|source|col)\b)[a-z]", re.IGNORECASE
)
# The parser's time grows with the square of the depth: 0.3 s for 20,000 open elements, 30 s for 200,000.
_MOST_OPEN = 30_000
_UNREAD_TAGS = frozenset(("script", "style", "noscript", "template", "svg"))


def parse_html(markup: str) -> LexborHTMLParser:
    """Return the tree of a page. Raises SourceError for one that leaves absurdly many elements open."""
    if len(_OPENING.findall(markup)) - markup.count("</") - markup.count("/>") > _MOST_OPEN:
        raise SourceError("the page nests too many elements")
    return LexborHTMLParser(markup)


def meta(tree: LexborHTMLParser, *names: str) -> str:
    """Return the content of the first meta element that bears one of `names` as property, name or itemprop."""
    for name in names:
        for key in ("property", "name", "itemprop"):
            node = tree.css_first(f'meta[{key}="{name}"]')
            if node is not None and (value := one_line(node.attributes.get("content") or "")):
                return value
    return ""


def node_text(node: LexborNode | None, left_out: Callable[[LexborNode], bool] | None = None) -> str:
    """Return the text of an element in one line without its scripts, styles and what is `left_out`; "" for None."""
    if node is None:
        return ""
    parts = []
    stack = [node]
    while stack:
        current = stack.pop()
        if current is not node and current.next is not None:
            stack.append(current.next)
        if current.tag == "-text":
            parts.append(current.text_content or "")
        elif current.tag in _UNREAD_TAGS or (left_out is not None and current is not node and left_out(current)):
            continue
        elif current.child is not None:
            parts.append(" ")
            stack.append(current.child)
    return one_line("".join(parts))


def first(tree: LexborHTMLParser | LexborNode, selectors: Iterable[str]) -> LexborNode | None:
    """Return the first element with any text in it that one of `selectors`, tried in order, finds."""
    for selector in selectors:
        for node in tree.css(selector):
            if node_text(node):
                return node
    return None
