"""JSON Feed 1 and 1.1 -> items (pure). Fields: https://www.jsonfeed.org/version/1.1/"""

import json
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from bot.errors import SourceError
from bot.ingest.feed.entry import Entry, to_item, unique
from bot.ingest.items import Feed
from bot.ingest.markup.dates import read_date
from bot.ingest.markup.sanitise import absolute_url
from bot.ingest.markup.text import plain

_MAX_ITEMS = 500


def is_json_feed(text: str) -> bool:
    """Tell whether the text of a feed is JSON."""
    return text.startswith("{")


def parse_json_feed(text: str, url: str, zone: ZoneInfo) -> Feed:
    """Read a JSON Feed. Raises SourceError where it is none, or no JSON."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SourceError("this is not a feed: broken JSON") from error
    if not isinstance(data, dict) or "jsonfeed.org" not in str(data.get("version")):
        raise SourceError("this is not a feed: JSON of another kind")
    raw = data.get("items")
    items = raw[:_MAX_ITEMS] if isinstance(raw, list) else []
    return Feed(
        title=plain(_text(data, "title"), 200),
        language=_text(data, "language")[:2].lower(),
        items=unique(to_item(_entry(item, url, zone)) for item in items if isinstance(item, dict)),
    )


def _entry(raw: dict[str, Any], url: str, zone: ZoneInfo) -> Entry:
    dates = (_text(raw, name) for name in ("date_published", "date_modified"))
    photo = _text(raw, "image") or _text(raw, "banner_image")
    content = _text(raw, "content_html") or "".join(
        f"<p>{escape(line)}</p>" for line in _text(raw, "content_text").splitlines() if line.strip()
    )
    tags = raw.get("tags")
    return Entry(
        guid=_text(raw, "id"),
        url=absolute_url(_text(raw, "url") or _text(raw, "external_url"), url)
        if raw.get("url") or raw.get("external_url")
        else "",
        title=escape(_text(raw, "title"), quote=False),
        summary=escape(_text(raw, "summary"), quote=False),
        content=content,
        published_at=next((at for text in dates if text and (at := read_date(text, zone)) is not None), None),
        categories=tuple(t for t in tags if isinstance(t, str)) if isinstance(tags, list) else (),
        photo=absolute_url(photo, url) if photo else "",
        byline=_author(raw),
        base=url,
    )


def _author(raw: dict[str, Any]) -> str:
    authors = raw.get("authors")
    people = [raw.get("author"), *(authors if isinstance(authors, list) else ())]
    return next((_text(person, "name") for person in people if isinstance(person, dict)), "")


def _text(raw: dict[str, Any], name: str) -> str:
    value = raw.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) else ""
