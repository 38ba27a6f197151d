"""Text as editors of content management systems store it, as a tree of nodes -> HTML (pure).

Editor.js and Arc XP give a list of blocks, Sanity (Portable Text), ProseMirror, Slate, Contentful and Gutenberg
nodes within nodes. They name the same few things alike: the kind of a node, its text, its children, a picture.
"""

import html
import re
from dataclasses import dataclass
from typing import Any

from bot.ingest.markup.sanitise import escape

_KINDS = ("_type", "type", "nodetype", "blocktype", "blockname", "__typename", "__component", "name", "component")
_WORDS = (
    "text",
    "html",
    "rendered",
    "innerhtml",
    "content",
    "value",
    "children",
    "nodes",
    "body",
    "items",
    "listitems",
)
_HOLDERS = ("data", "attributes", "attrs", "props", "fields", "content_elements", "elements", "blocks", "document")
_ADDRESSES = (
    "url",
    "src",
    "href",
    "file",
    "image",
    "asset",
    "source",
    "photo",
    "media",
    "data",
    "attributes",
    "attrs",
)
_CAPTIONS = ("caption", "alt_text", "description", "subtitle")
_PICTURE = re.compile(r"image|photo|picture|figure", re.IGNORECASE)
_HEADING = re.compile(r"head(?:er|ing|line)|^h[1-6]$|subtitle", re.IGNORECASE)
_LIST = re.compile(r"list(?!-?_?item)|^[uo]l$", re.IGNORECASE)
_POINT = re.compile(r"list-?_?item|^li$", re.IGNORECASE)
_QUOTE = re.compile(r"quote", re.IGNORECASE)
_NO_TEXT = re.compile(
    r"(?:^|[_\-/.])(?:ads?|advert\w*|related\w*|interstitial\w*|link_list|newsletter\w*|promo\w*|embeds?|oembed\w*|script|"
    r"reference|divider|delimiter|separator|share\w*|social\w*|poll|form|button|tweet|video|audio)(?=$|[_\-/.])",
    re.IGNORECASE,
)
_SPAN = frozenset(("span", "text", "link", "a", "strong", "em", "bold", "italic", "hyperlink", "mark"))
_BOLD = frozenset(("bold", "strong"))
_MARKUP = re.compile(r"</?[a-zA-Z]|&[a-zA-Z#\d]{2,10};")
_FILE_ADDRESS = re.compile("https?://|/")
_DEEPEST = 12
_MOST_NODES = 200_000
_MOST_CHARS = 3_000_000


@dataclass(slots=True)
class RichText:
    """A reading of trees of nodes: of `nodes` at most, with so many `chars` of text.

    A state may name one long text thousands of times; each reading of it counts.
    """

    nodes: int = _MOST_NODES
    chars: int = _MOST_CHARS

    def markup(self, value: Any, depth: int = 0) -> str:
        """Return the HTML of a text or of a tree that an editor stored, "" where it holds no text."""
        self.nodes -= 1
        if depth > _DEEPEST or self.nodes < 0:
            return ""
        if isinstance(value, str):
            self.chars -= len(value)
            if self.chars < 0:
                return ""
            return value if _MARKUP.search(value) else escape(value)
        if isinstance(value, list):
            return "".join(self._of_list(part, depth) for part in value)
        return self._of_node(value, depth) if isinstance(value, dict) else ""

    def _of_list(self, part: Any, depth: int) -> str:
        """Return what stands in a list: a text by itself is a paragraph."""
        text = self.markup(part, depth + 1)
        return f"<p>{text}</p>" if isinstance(part, str) and text else text

    def _of_node(self, raw: dict[str, Any], depth: int) -> str:
        node = {str(name).lower(): value for name, value in raw.items()}
        kind = _kind(node)
        if _NO_TEXT.search(kind):
            return ""
        if _PICTURE.search(kind):
            return _picture(node)
        inner = self._inner(node, depth)
        if not inner:
            return ""
        # Arc XP calls a paragraph a text, editors of trees a piece of one.
        if kind in _SPAN and not isinstance(node.get("content"), str):
            return f"<b>{inner}</b>" if _is_bold(node) else inner
        return _block(node, kind, inner)

    def _inner(self, node: dict[str, Any], depth: int) -> str:
        """Return what a node holds: its own text or children, else what its properties hold."""
        is_list = _LIST.search(_kind(node)) is not None
        for name in (*_WORDS, *_HOLDERS):
            value = node.get(name)
            if is_list and isinstance(value, list):
                points = (self.markup(part, depth + 1) for part in value)
                return "".join(p if p.startswith("<li>") else f"<li>{p}</li>" for p in points if p)
            if value and (inner := self.markup(value, depth + 1)):
                return inner
        return ""


def _block(node: dict[str, Any], kind: str, inner: str) -> str:
    """Return the HTML of a node that is a block and holds `inner`; what is a block already stays as it is."""
    style = str(node.get("style") or "")
    if _HEADING.search(kind) or _HEADING.search(style):
        return f"<h3>{inner}</h3>"
    if _QUOTE.search(kind) or _QUOTE.search(style):
        return f"<blockquote>{inner}</blockquote>"
    if _POINT.search(kind):
        return f"<li>{inner}</li>"
    if node.get("listitem"):
        return f"<ul><li>{inner}</li></ul>"
    if _LIST.search(kind):
        return f"<ul>{inner}</ul>"
    return inner if inner.startswith("<") else f"<p>{inner}</p>"


def _kind(node: dict[str, Any]) -> str:
    return _first_text(node, _KINDS).lower()


def _first_text(node: dict[str, Any], names: tuple[str, ...]) -> str:
    """Return the first text that a node has under one of `names`, "" for none."""
    return next((value for name in names if isinstance(value := node.get(name), str) and value), "")


def _is_bold(node: dict[str, Any]) -> bool:
    marks = node.get("marks")
    names = (
        [mark.get("type") if isinstance(mark, dict) else mark for mark in marks] if isinstance(marks, list) else []
    )
    return bool(_BOLD & node.keys() and any(node.get(name) is True for name in _BOLD)) or any(
        isinstance(name, str) and name in _BOLD for name in names
    )


def _picture(node: dict[str, Any]) -> str:
    address, caption = _address(node, 0), _caption(node, 0)
    if not address:
        return ""
    return f'<figure><img src="{html.escape(address)}"><figcaption>{caption}</figcaption></figure>'


def _address(value: Any, depth: int) -> str:
    """Return the first address in a picture's node, "" for none."""
    if isinstance(value, str):
        return value if _FILE_ADDRESS.match(value) else ""
    if isinstance(value, dict) and depth <= 4:
        named = {str(name).lower(): part for name, part in value.items()}
        return next(filter(None, (_address(named.get(name), depth + 1) for name in _ADDRESSES)), "")
    return ""


def _caption(node: dict[str, Any], depth: int) -> str:
    named = {str(name).lower(): part for name, part in node.items()}
    told = _first_text(named, _CAPTIONS)
    if told or depth > 2:
        return told if _MARKUP.search(told) else escape(told)
    holders = (part for name in _HOLDERS if isinstance(part := named.get(name), dict))
    return next((caption for part in holders if (caption := _caption(part, depth + 1))), "")
