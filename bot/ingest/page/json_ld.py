"""What a page says of its article in JSON-LD, for machines alone (pure)."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from bot.ingest.markup.text import one_line

_ARTICLES = ("article", "newsarticle", "reportagenewsarticle", "blogposting", "analysisnewsarticle", "report")
_MOST_SCRIPTS = 20
_MOST_NODES = 500


@dataclass(frozen=True, slots=True)
class Described:
    """The article as JSON-LD has it; each field is plain text in one line, "" where it is not given."""

    published: str = ""
    section: str = ""
    author: str = ""
    image: str = ""


def described(tree: LexborHTMLParser) -> Described:
    """Return the first article that the page's JSON-LD describes; broken JSON is passed over."""
    for script in tree.css('script[type="application/ld+json"]')[:_MOST_SCRIPTS]:
        try:
            data = json.loads(script.text(), strict=False)
        except (ValueError, RecursionError):
            continue
        for node in _nodes(data):
            kinds = node.get("@type")
            names = kinds if isinstance(kinds, list) else [kinds]
            if any(str(name).lower() in _ARTICLES for name in names):
                return Described(
                    published=_text(node.get("datePublished")),
                    section=_text(node.get("articleSection")),
                    author=_text(node.get("author"), "name"),
                    image=_text(node.get("image"), "url"),
                )
    return Described()


def _nodes(data: Any) -> Iterator[dict[str, Any]]:
    """Yield the objects of a document: itself, those of a list, those of an @graph."""
    waiting = [data]
    for _ in range(_MOST_NODES):
        if not waiting:
            return
        node = waiting.pop(0)
        if isinstance(node, list):
            waiting += node
        elif isinstance(node, dict):
            yield node
            waiting.append(node.get("@graph"))


def _text(value: Any, name: str = "") -> str:
    """Return a value that may be text, an object that holds it under `name`, or a list of either."""
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict) and name:
        value = value.get(name)
    return one_line(value) if isinstance(value, str) else ""
