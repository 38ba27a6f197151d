"""Pictures that a feed names beside an entry's text (pure)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any

from bot.ingest.markup.pictures import is_photo
from bot.ingest.markup.sanitise import absolute_url

# Pixels taken for granted where a feed does not tell.
_CONTENT, _ELEMENT, _THUMBNAIL = 640, 480, 240
_TINY = 48
_SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".jfif", ".avif")
_NOT_PICTURES = ("audio", "video", "text", "application/pdf", "application/zip", "application/epub")
_NAMED = re.compile(
    r"(?:^|[/._-])(?:img|images?|photos?|pics?|pictures?|thumb(?:nail)?s?|media)\d*(?=[/._-]|$)", re.IGNORECASE
)
# An element that some site invented, and in it the address, perhaps in an element of its own.
_ELEMENTS = re.compile(
    r"<(?:image|thumbnail|thumb|photo|cover|poster|post-thumbnail|featured-?image|image_?url)\b[^<>]*>"
    r"(?:\s|<!\[CDATA\[|<(?:url|src)\b[^<>]*>|<(?:title|link|width|height)\b[^<>]*>[^<]{0,300}</\w{1,10}>){0,20}"
    r"((?:https?:)?//[^\s<>\"'\]]{4,2000})",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of an entry and its width in pixels, as far as the feed tells it."""

    url: str
    width: int


def entry_pictures(raw: Any, markup: str, url: str, own: str) -> tuple[Picture, ...]:
    """Return the pictures of an entry, the widest first. `raw` is feedparser's entry, `markup` its XML.

    `own` is the address of the feed's picture, which is no entry's.
    """
    found: dict[str, Picture] = {}
    for address, width in (*_media(raw), *_elements(markup)):
        picture = absolute_url(address, url)
        if picture and width > _TINY and picture != own and is_photo(picture):
            found.setdefault(picture, Picture(picture, width))
    return tuple(sorted(found.values(), key=lambda one: -one.width))


def is_picture(address: str, kind: str, medium: str = "") -> bool:
    """Tell whether a file of that media type is a picture; where the type says nothing, by its address."""
    kind, medium = kind.lower(), medium.lower()
    if kind.startswith("image") or medium == "image":
        return True
    path = address.partition("?")[0].lower()
    if kind.startswith(_NOT_PICTURES) or medium in ("audio", "video", "document", "executable"):
        return False
    return path.endswith(_SUFFIXES) or (
        not kind and "." not in path.rpartition("/")[2] and bool(_NAMED.search(path))
    )


def _media(raw: Any) -> Iterator[tuple[str, int]]:
    for part in (
        *raw.get("media_content", ()),
        *(one for one in raw.get("links", ()) if one.get("rel") == "enclosure"),
    ):
        address = part.get("url") or part.get("href") or ""
        if address and is_picture(address, part.get("type") or "", part.get("medium") or ""):
            yield address, _width(part.get("width"), _CONTENT)
    for part in raw.get("media_thumbnail", ()):
        if address := part.get("url"):
            yield address, _width(part.get("width"), _THUMBNAIL)
    image = raw.get("image")
    if isinstance(image, dict) and isinstance(image.get("href"), str):
        yield image["href"], _ELEMENT


def _elements(markup: str) -> Iterator[tuple[str, int]]:
    """Yield the addresses within elements that are named after pictures, as some sites invent them."""
    for found in _ELEMENTS.finditer(markup):
        yield unescape(found[1]), _ELEMENT


def _width(value: Any, otherwise: int) -> int:
    return int(value[:6]) if isinstance(value, str) and value.isdecimal() and int(value[:6]) else otherwise
