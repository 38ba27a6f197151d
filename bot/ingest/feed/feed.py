"""Feeds -> items (pure): RSS 2.0 and 1.0 and Atom through feedparser, JSON Feed by itself.

Runs in the parser's own process (bot.ingest.parser): hostile XML can take long.
"""

import io
import re
from typing import Any
from zoneinfo import ZoneInfo

import feedparser

from bot.errors import SourceError
from bot.ingest.feed.entry import Entry, to_item, unique
from bot.ingest.feed.json_feed import is_json_feed, parse_json_feed
from bot.ingest.items import Feed
from bot.ingest.markup.charset import decode
from bot.ingest.markup.dates import read_date
from bot.ingest.markup.sanitise import absolute_url
from bot.ingest.markup.text import plain

MAX_ITEMS = 500
"""Entries of one feed that are read; feeds stand newest first."""
_BORDER = re.compile(r"<(/?)(?:item|entry)\b")
_CDATA = re.compile(r"<!\[CDATA\[.*?\]\]>", re.DOTALL)
_PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".gif")


def parse_feed(body: bytes, content_type: str, url: str, zone: ZoneInfo) -> Feed:
    """Read a feed of any known kind. Dates without a zone are in `zone`, links are seen from `url`.

    Raises SourceError where `body` is no feed. A feed with damaged entries gives those that can be read; one that
    ends within an entry gives those before it, for half of one would come again as another when it is whole.
    """
    text = decode(body, content_type).lstrip()
    if not text:
        raise SourceError("the feed is empty")
    if is_json_feed(text):
        return parse_json_feed(text, url, zone)
    # From a stream: given bytes, feedparser takes them for the name of a file and opens it.
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": url}
    stream = io.BytesIO(text.encode("utf-8", errors="replace"))
    parsed = feedparser.parse(stream, response_headers=headers, sanitize_html=False)
    if not parsed.version and not parsed.entries:
        raise SourceError("this is not a feed")
    entries = parsed.entries[:-1] if _torn(text) else parsed.entries
    items = [to_item(_entry(raw, url, zone)) for raw in entries[:MAX_ITEMS]]
    return Feed(
        title=plain(_text(parsed.feed, "title"), 200),
        language=_text(parsed.feed, "language")[:2].lower(),
        items=unique(items),
    )


def _torn(text: str) -> bool:
    borders = _BORDER.findall(_CDATA.sub("", text))
    return bool(borders) and borders[-1] == ""


def _entry(raw: Any, url: str, zone: ZoneInfo) -> Entry:
    contents = [part for part in raw.get("content", ()) if isinstance(part.get("value"), str)]
    content = next((part["value"] for part in contents if part["value"].strip()), "")
    dates = (_text(raw, name) for name in ("published", "date", "created", "updated", "issued"))
    return Entry(
        guid=_text(raw, "id").strip(),
        url=absolute_url(_link(raw), url),
        title=_text(raw, "title"),
        summary=_text(raw, "summary"),
        content=content,
        published_at=next((at for text in dates if text and (at := read_date(text, zone)) is not None), None),
        categories=tuple(_text(tag, "term") or _text(tag, "label") for tag in raw.get("tags", ())),
        photo=_photo(raw, url),
        byline=_text(raw, "author"),
        base=url,
    )


def _text(raw: Any, name: str) -> str:
    value = raw.get(name)
    return value if isinstance(value, str) else ""


def _link(raw: Any) -> str:
    """Return the entry's link; a guid that is an address stands in for a missing one."""
    for link in raw.get("links", ()):
        if link.get("rel") == "alternate" and link.get("href"):
            return str(link["href"])
    guid = _text(raw, "id")
    return _text(raw, "link") or (guid if guid.startswith(("http://", "https://")) else "")


def _photo(raw: Any, url: str) -> str:
    """Return the address of the entry's picture: media, enclosure or image element."""
    thumbnails = raw.get("media_thumbnail", ())
    for part in (*raw.get("media_content", ()), *raw.get("enclosures", ()), *thumbnails):
        address = _text(part, "url") or _text(part, "href")
        kind = _text(part, "type") or _text(part, "medium")
        looks = part in thumbnails or address.partition("?")[0].lower().endswith(_PICTURES)
        if address and (kind.startswith("image") or (not kind and looks)):
            return absolute_url(address, url)
    image = raw.get("image")
    address = _text(image, "href") or _text(image, "url") if image else _text(raw, "href")
    return absolute_url(address, url) if address else ""
