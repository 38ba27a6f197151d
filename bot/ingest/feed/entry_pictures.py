"""Pictures that a feed names beside an entry's text (pure)."""

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from typing import Any

from bot.ingest.feed.entry_media import media_groups
from bot.ingest.feed.raw_fields import enclosures_of
from bot.ingest.markup.lead_picture import Fitness, PictureEvidence, fitness, number_in
from bot.ingest.markup.pictures import is_same_picture
from bot.ingest.markup.sanitise import absolute_url

# Pixels taken for granted where a feed does not tell.
_CONTENT, _ELEMENT, _THUMBNAIL = 640, 480, 240
MOST_IN_GALLERY = 10
"""Pictures of an entry that are kept as a gallery."""

_MOST_SIZES = 100
_SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".jfif", ".avif")
_NOT_PICTURES = ("audio", "video", "text", "application/pdf", "application/zip", "application/epub")
_NAMED = re.compile(
    r"(?:^|[/._-])(?:img|images?|photos?|pics?|pictures?|thumb(?:nail)?s?|media)\d*(?=[/._-]|$)", re.IGNORECASE
)
# An element that some site invented, and the address in an attribute, in its text or in an element of its own.
_ADDRESS = r"((?:https?:)?//[^\s<>\"'\]]{4,2000})"
_ELEMENTS = re.compile(
    r"<(?:(?:og|content|news):|media:(?=image))?"
    r"(?:image|thumbnail|thumb|photo|cover|poster|post-thumbnail|featured-?image|image_?url)"
    rf"(?:\s(?:[^<>]*\s)?(?:url|href|src)\s*=\s*[\"']\s*{_ADDRESS}|\b[^<>]*>"
    r"(?:\s|<!\[CDATA\[|<(?:url|src)\b[^<>]*>|<(?:title|link|width|height)\b[^<>]*>[^<]{0,300}</\w{1,10}>){0,20}"
    rf"{_ADDRESS})",
    re.IGNORECASE,
)


def entry_pictures(raw: Any, markup: str, url: str, own: str) -> tuple[PictureEvidence, ...]:
    """Return the pictures of an entry, the widest first. `raw` is feedparser's entry, `markup` its XML.

    `own` is the address of the feed's picture, which is no entry's.
    """
    by_address: dict[str, tuple[int, PictureEvidence]] = {}
    for assumed, evidence in (*_media(raw), *_elements(markup)):
        picture = absolute_url(evidence.url, url)
        if picture and picture != own:
            by_address.setdefault(picture, (evidence.width or assumed, replace(evidence, url=picture)))
    return tuple(evidence for _, evidence in sorted(by_address.values(), key=lambda sized: -sized[0]))


def entry_gallery(raw: Any, markup: str, url: str) -> tuple[str, ...]:
    """Return the pictures that Media RSS gives an entry where they are several, in the feed's order.

    The files of a group, and those that are named alike, are one picture in several sizes: the widest counts.
    """
    sizes = _sizes(raw, markup, url)
    widest = (max(variants, key=lambda evidence: evidence.width) for variants in sizes.values())
    gallery = tuple(evidence.url for evidence in widest if fitness(evidence) is Fitness.FIT)[:MOST_IN_GALLERY]
    return gallery if len(gallery) > 1 else ()


def _sizes(raw: Any, markup: str, url: str) -> dict[str, list[PictureEvidence]]:
    """Return the pictures of Media RSS, the sizes of each together, in the feed's order."""
    groups = media_groups(markup)
    sizes: dict[str, list[PictureEvidence]] = {}
    for address, evidence in _contents(raw, url):
        place = next((f"group {at}" for at, group in enumerate(groups) if address in group), "")
        alike = (key for key, variants in sizes.items() if is_same_picture(variants[0].url, evidence.url))
        sizes.setdefault(place or next(alike, evidence.url), []).append(evidence)
    return sizes


def _contents(raw: Any, url: str) -> Iterator[tuple[str, PictureEvidence]]:
    """Yield the pictures of Media RSS, each behind its address as the feed writes it."""
    for part in raw.get("media_content", ())[:_MOST_SIZES]:
        address = part.get("url") or ""
        picture = absolute_url(address, url)
        if picture and is_picture(address, part.get("type") or "", part.get("medium") or ""):
            yield address, _evidence(picture, part)


def is_picture(address: str, kind: str, medium: str = "") -> bool:
    """Return whether a file of that media type is a picture; where the type says nothing, by its address."""
    kind, medium = kind.lower(), medium.lower()
    if kind.startswith("image") or medium == "image":
        return True
    path = address.partition("?")[0].lower()
    if kind.startswith(_NOT_PICTURES) or medium in ("audio", "video", "document", "executable"):
        return False
    return path.endswith(_SUFFIXES) or (
        not kind and "." not in path.rpartition("/")[2] and bool(_NAMED.search(path))
    )


def _media(raw: Any) -> Iterator[tuple[int, PictureEvidence]]:
    """Yield the width that is taken for granted, and what is told of each picture."""
    yield from ((_CONTENT, evidence) for evidence in _files(raw))
    for part in raw.get("media_thumbnail", ()):
        if address := part.get("url"):
            yield _THUMBNAIL, _evidence(address, part)
    image = raw.get("image")
    if isinstance(image, dict) and isinstance(image.get("href"), str):
        yield _ELEMENT, PictureEvidence(image["href"])


def _files(raw: Any) -> Iterator[PictureEvidence]:
    """Yield the pictures among the files of an entry: those of Media RSS, then its enclosures."""
    for part in (*raw.get("media_content", ()), *enclosures_of(raw)):
        address = part.get("url") or part.get("href") or ""
        if address and is_picture(address, part.get("type") or "", part.get("medium") or ""):
            yield _evidence(address, part)


def _evidence(address: str, part: Any) -> PictureEvidence:
    return PictureEvidence(
        address,
        mime=part.get("type") or "",
        width=number_in(part.get("width") or ""),
        height=number_in(part.get("height") or ""),
        size=number_in(part.get("filesize") or part.get("length") or ""),
    )


def _elements(markup: str) -> Iterator[tuple[int, PictureEvidence]]:
    """Yield the addresses within elements that are named after pictures, as some sites invent them."""
    for match in _ELEMENTS.finditer(markup):
        yield _ELEMENT, PictureEvidence(unescape(match[1] or match[2]))
