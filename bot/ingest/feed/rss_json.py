"""RSS in JSON, written out as the RSS that it stands for (pure).

The form: http://scripting.com/stories/2012/09/10/rssInJsonForReal.html. "#value" is the text of an element that has
attributes.
"""

import json
import re
from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape, quoteattr

_BEGINS = re.compile(r"\{\s*+\"rss\"\s*+:")
_NAME = re.compile(r"[A-Za-z][\w.-]{0,30}(?::[A-Za-z][\w.-]{0,30})?", re.ASCII)
_PARENTS_WITHIN = {"rss": ("channel",), "channel": ("item", "image"), "item": ("image",)}
"""The elements within others whose parts are elements, too; those of all others are attributes."""
_NAMESPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom" '
    'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
)


def rss_in_json(text: str) -> str:
    """Return the RSS that a text of JSON stands for, "" for any other text."""
    if not _BEGINS.match(text):
        return ""
    try:
        rss = json.loads(text, strict=False)["rss"]
    except (ValueError, RecursionError):
        return ""
    channel = rss.get("channel") if isinstance(rss, dict) else None
    written = "".join(_elements("channel", channel, within="rss"))
    return f'<rss version="2.0" {_NAMESPACES}>{written}</rss>' if written else ""


def _elements(name: str, value: Any, *, within: str) -> Iterator[str]:
    """Yield the elements of one name, each as XML; a list has one for each of its values."""
    for single in value if isinstance(value, list) else [value]:
        if isinstance(single, str | int | float) and not isinstance(single, bool):
            yield f"<{name}>{escape(str(single))}</{name}>"
        elif isinstance(single, dict):
            yield _parent(name, single) if name in _PARENTS_WITHIN.get(within, ()) else _leaf(name, single)


def _parent(name: str, parts: dict[str, Any]) -> str:
    inner = "".join(
        element
        for part, value in parts.items()
        if _NAME.fullmatch(part)
        for element in _elements(part, value, within=name)
    )
    return f"<{name}>{inner}</{name}>"


def _leaf(name: str, parts: dict[str, Any]) -> str:
    attributes = "".join(
        f" {part}={quoteattr(str(value))}"
        for part, value in parts.items()
        if _NAME.fullmatch(part) and isinstance(value, str | int | float | bool)
    )
    value = parts.get("#value")
    return f"<{name}{attributes}>{escape(value) if isinstance(value, str) else ''}</{name}>"
