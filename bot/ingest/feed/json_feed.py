"""The reading of JSON Feed 1 and 1.1 (pure). Fields: https://www.jsonfeed.org/version/1.1/"""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from bot.errors import SourceError
from bot.ingest.feed.channel import language_of
from bot.ingest.feed.entry import Entry, joined_names, to_item
from bot.ingest.feed.entry_pictures import is_picture
from bot.ingest.feed.selection import distinct, newest
from bot.ingest.items import Feed
from bot.ingest.markup.dates import read_date
from bot.ingest.markup.lead_picture import PictureEvidence
from bot.ingest.markup.lenient_json import json_of
from bot.ingest.markup.media import MOST_MEDIA, DeclaredMedium, best, medium_of
from bot.ingest.markup.sanitise import absolute_url
from bot.ingest.markup.text import plain
from bot.newsroom.source_media import distinct_media
from storage.records import Media

_MOST = 10**12
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
_COMMA = re.compile("[,،]")
_ITEMS = re.compile(r"\"items\"\s*:\s*\[")
_NEXT_ITEM = re.compile(r"[\s,]*+\{")
# JSON may hold half of a letter ("\ud800"), which no database can.
_HALF_LETTER = re.compile("[\ud800-\udfff]")


def is_json_feed(text: str) -> bool:
    """Return whether the text of a feed is JSON."""
    return text.startswith("{")


def parse_json_feed(text: str, url: str, zone: ZoneInfo) -> Feed:
    """Read a JSON Feed; of one that breaks off, the items before that. Raises SourceError where it is none."""
    data, is_whole = _data_of(text)
    if data is None:
        raise SourceError("this is not a feed: broken JSON")
    if not isinstance(data, dict) or "jsonfeed.org" not in str(data.get("version")):
        raise SourceError("this is not a feed: JSON of another kind")
    raw = [item for item in _list(data, "items") if isinstance(item, dict)]
    own = absolute_url(_text(data, "icon"), url)
    hubs = (absolute_url(_text(hub, "url"), url) for hub in _list(data, "hubs") if isinstance(hub, dict))
    return Feed(
        title=plain(escape(_text(data, "title"), quote=False), 200),
        language=language_of(_text(data, "language")),
        items=distinct(
            to_item(_entry(item, url, zone, own)) for item in newest(raw, lambda entry: _date(entry, zone))
        ),
        hub=next(filter(None, hubs), ""),
        self_url=absolute_url(_text(data, "feed_url"), url),
        link=absolute_url(_text(data, "home_page_url"), url),
        unread=0 if is_whole else 1,
    )


def _data_of(text: str) -> tuple[Any, bool]:
    """Return the value of a feed's JSON, None where it is broken beyond mending, and whether all of it is there."""
    try:
        return json.loads(text, strict=False), True
    except RecursionError:
        return None, False
    except ValueError:
        mended = json_of(text)
        return (mended, True) if mended is not None else (_until_break(text), False)


def _until_break(text: str) -> Any:
    """Return a feed that breaks off with the items before that, None where it has no item that is whole."""
    begin = _ITEMS.search(text)
    if begin is None:
        return None
    try:
        head = json.loads(f"{text[: begin.start()].rstrip().rstrip(',')}}}", strict=False)
    except (ValueError, RecursionError):
        return None
    items = list(_whole_items(text, begin.end()))
    return head | {"items": items} if items else None


def _whole_items(text: str, place: int) -> Iterator[Any]:
    """Yield the objects of a list of JSON that begins at `place`, as far as they are whole."""
    decoder = json.JSONDecoder(strict=False)
    while match := _NEXT_ITEM.match(text, place):
        try:
            item, place = decoder.raw_decode(text, match.end() - 1)
        except (ValueError, RecursionError):
            return
        yield item


def _entry(raw: dict[str, Any], url: str, zone: ZoneInfo, own: str) -> Entry:
    content = _text(raw, "content_html") or "".join(
        f"<p>{escape(line)}</p>" for line in _text(raw, "content_text").splitlines() if line.strip()
    )
    guid = _id(raw)
    return Entry(
        guid=guid,
        url=_address(raw, guid, url),
        title=escape(_text(raw, "title"), quote=False),
        summary=escape(_text(raw, "summary"), quote=False),
        content=content,
        published_at=_date(raw, zone),
        categories=tuple(_HALF_LETTER.sub("", tag) for tag in _tags(raw) if isinstance(tag, str)),
        pictures=_pictures(raw, url, own),
        byline=_author(raw),
        base=url,
        written_date=_written_date(raw, zone),
        media=_media(raw, url),
    )


def _address(raw: dict[str, Any], guid: str, url: str) -> str:
    """Return the address of an item's article; an id that is an address stands in for a missing one."""
    written = (_text(raw, "url"), _text(raw, "external_url"), guid if _ADDRESS.match(guid) else "")
    return next(filter(None, (absolute_url(address, url) for address in written)), "")


def _tags(raw: dict[str, Any]) -> list[Any]:
    """Return the tags of an item, also where they are one text."""
    return _list(raw, "tags") or [tag.strip() for tag in _COMMA.split(_text(raw, "tags")) if tag]


def _date(raw: dict[str, Any], zone: ZoneInfo) -> int | None:
    return read_date(_written_date(raw, zone), zone)


def _written_date(raw: dict[str, Any], zone: ZoneInfo) -> str:
    """Return the first date of an item that can be read, as it is written; "" for none."""
    written = (_digits(raw.get(name)) or _text(raw, name) for name in ("date_published", "date_modified"))
    return next((text for text in written if read_date(text, zone) is not None), "")


def _pictures(raw: dict[str, Any], url: str, own: str) -> tuple[PictureEvidence, ...]:
    named = [
        PictureEvidence(_text(raw, name) or _text(_object(raw, name), "url")) for name in ("image", "banner_image")
    ]
    attachments = (_attachment(part) for part in _list(raw, "attachments") if isinstance(part, dict))
    named += [
        PictureEvidence(attachment.url, attachment.mime, size=int(attachment.size or 0))
        for attachment in attachments
        if is_picture(attachment.url, attachment.mime)
    ]
    pictures = (replace(evidence, url=absolute_url(evidence.url, url)) for evidence in named)
    return tuple(picture for picture in pictures if picture.url not in ("", own))


def _media(raw: dict[str, Any], url: str) -> tuple[Media, ...]:
    """Return the videos and sounds among an item's attachments; those of one title are variants of one medium."""
    variants: dict[str, list[Media]] = {}
    for part in _list(raw, "attachments"):
        if isinstance(part, dict) and (medium := medium_of(_attachment(part), url)):
            variants.setdefault(f"{medium.kind} {medium.title}" if medium.title else medium.file, []).append(medium)
    return distinct_media(map(best, variants.values()))[:MOST_MEDIA]


def _attachment(part: dict[str, Any]) -> DeclaredMedium:
    numbers = {name: part.get(name) for name in ("size_in_bytes", "duration_in_seconds")}
    size, duration = (
        str(int(number)) if isinstance(number, int | float) and 0 <= number < _MOST else ""
        for number in numbers.values()
    )
    return DeclaredMedium(
        _text(part, "url"), _text(part, "mime_type"), size=size, duration=duration, title=_text(part, "title")
    )


def _author(raw: dict[str, Any]) -> str:
    people = _list(raw, "authors") or [raw.get("authors"), raw.get("author")]
    return joined_names(name for person in people if isinstance(person, dict) and (name := _text(person, "name")))


def _id(raw: dict[str, Any]) -> str:
    """Return an item's id, a number as its digits."""
    return _digits(raw.get("id")) or _text(raw, "id").strip()


def _digits(value: Any) -> str:
    """Return a number as JSON writes it, "" for any other value."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def _object(raw: dict[str, Any], name: str) -> dict[str, Any]:
    value = raw.get(name)
    return value if isinstance(value, dict) else {}


def _text(raw: dict[str, Any], name: str) -> str:
    value = raw.get(name)
    return _HALF_LETTER.sub("", value) if isinstance(value, str) else ""


def _list(raw: dict[str, Any], name: str) -> list[Any]:
    value = raw.get(name)
    return value if isinstance(value, list) else []
