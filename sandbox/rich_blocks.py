"""Rich messages as the bot gets them in updates: the blocks of the Bot API's RichMessage."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

Json = dict[str, Any]

_INLINE = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "cite": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "sub": "subscript",
    "sup": "superscript",
    "mark": "marked",
    "tg-spoiler": "spoiler",
    "a": "url",
    "tg-time": "date_time",
    "tg-emoji": "custom_emoji",
}
_TEXTUAL = {"p": "paragraph", "footer": "footer", "pre": "pre", "aside": "pullquote"}
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_MEDIA = {"img": "photo", "video": "video"}
_VOID = {"hr", "img", "br"}
_GALLERIES = {"tg-slideshow", "tg-collage"}


@dataclass(slots=True)
class _Node:
    tag: str
    attrs: dict[str, str | None]
    children: "list[_Node | str]" = field(default_factory=list)


def blocks_of(html: str) -> list[Json]:
    """Return the blocks of rich HTML that was found to be sound."""
    reader = _Tree()
    reader.feed(html)
    reader.close()
    return _blocks(reader.root)


class _Tree(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = _Node("", {})
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = _Node(tag, dict(attrs))
        self._open[-1].children.append(node)
        if tag not in _VOID:
            self._open.append(node)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


def _blocks(parent: _Node) -> list[Json]:
    """Return the blocks within a node; a run of text that stands between blocks is a paragraph."""
    blocks: list[Json] = []
    run = _Node("p", {})

    def end_of_run() -> None:
        nonlocal run
        if (text := _text(run)) not in ("", []):
            blocks.append({"type": "paragraph", "text": text})
        run = _Node("p", {})

    for child in parent.children:
        if isinstance(child, str) or child.tag in _INLINE or child.tag == "br":
            run.children.append(child)
        else:
            end_of_run()
            blocks.append(_block(child))
    end_of_run()
    return blocks


def _block(node: _Node) -> Json:
    if node.tag in _TEXTUAL:
        return {"type": _TEXTUAL[node.tag], "text": _text(node)}
    if node.tag in _HEADINGS:
        return {"type": "heading", "text": _text(node), "size": int(node.tag[1:])}
    if node.tag in _MEDIA:
        return {"type": _MEDIA[node.tag], "url": node.attrs.get("src")}
    if node.tag == "hr":
        return {"type": "divider"}
    return _container(node)


def _container(node: _Node) -> Json:
    """Return the block of a node that holds others."""
    inner = [child for child in node.children if isinstance(child, _Node)]
    match node.tag:
        case "ul" | "ol":
            return _list(node, inner)
        case "details":
            return _details(node, inner)
        case "table":
            return _table(inner)
        case tag if tag in _GALLERIES:
            return {"type": tag.removeprefix("tg-"), "blocks": [_block(child) for child in inner]}
        case _:
            return {"type": "blockquote", "blocks": _blocks(node)}


def _list(node: _Node, items: list[_Node]) -> Json:
    labelled = [
        {"label": f"{place}." if node.tag == "ol" else "•", "blocks": _blocks(item)}
        for place, item in enumerate(items, 1)
    ]
    return {"type": "list", "items": labelled}


def _details(node: _Node, inner: list[_Node]) -> Json:
    summary = next((child for child in inner if child.tag == "summary"), _Node("summary", {}))
    rest = _Node("", {}, [child for child in node.children if child is not summary])
    return {"type": "details", "summary": _text(summary), "blocks": _blocks(rest)}


def _table(inner: list[_Node]) -> Json:
    rows = [child for child in inner if child.tag == "tr"]
    cells = [[{"text": _text(cell)} for cell in row.children if isinstance(cell, _Node)] for row in rows]
    return {"type": "table", "cells": cells}


def _text(node: _Node) -> Any:
    """Return a node's RichText: a string, an object with a type, or a list of both."""
    parts = [_piece(child) for child in node.children]
    if isinstance(parts[0] if parts else None, str):
        parts[0] = parts[0].lstrip()
    if isinstance(parts[-1] if parts else None, str):
        parts[-1] = parts[-1].rstrip()
    parts = [part for part in parts if part != ""]
    return parts if len(parts) != 1 else parts[0]


def _piece(child: _Node | str) -> Any:
    if isinstance(child, str):
        return child
    if child.tag == "br":
        return "\n"
    piece: Json = {"type": _INLINE[child.tag], "text": _text(child)}
    return piece | ({"url": child.attrs.get("href")} if child.tag == "a" else {})
