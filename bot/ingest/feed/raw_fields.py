"""Fields of what feedparser makes of a feed, an entry or a link (pure)."""

from typing import Any


def text_field(raw: Any, name: str) -> str:
    """Return a field that is a text, "" for any other value and where there is none."""
    value = raw.get(name)
    return value if isinstance(value, str) else ""


def enclosures_of(raw: Any) -> list[Any]:
    """Return the links of an entry that are its enclosures."""
    return [link for link in raw.get("links", ()) if link.get("rel") == "enclosure"]
