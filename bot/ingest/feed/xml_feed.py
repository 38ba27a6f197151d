"""The reading of feeds in XML (pure): feedparser reads them, after their text was mended."""

import io
import re
from collections.abc import Sequence
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

import feedparser

from bot.errors import SourceError
from bot.ingest.feed.channel import language_of, links_of, skipped, ttl_of
from bot.ingest.feed.entry import Entry, joined_names, to_item
from bot.ingest.feed.entry_links import article_link, counts_readers
from bot.ingest.feed.entry_media import entry_media
from bot.ingest.feed.entry_pictures import entry_gallery, entry_pictures
from bot.ingest.feed.misread import MEDIA_DESCRIPTION, MEDIA_TITLE
from bot.ingest.feed.raw_fields import text_field
from bot.ingest.feed.selection import distinct, newest
from bot.ingest.feed.xml_document import XmlDocument, xml_document
from bot.ingest.items import Feed, FeedItem
from bot.ingest.markup.dates import read_date
from bot.ingest.markup.sanitise import absolute_url
from bot.ingest.markup.text import plain

# Without a base address feedparser leaves links and guids as they are written.
_HEADERS = {"content-type": "application/xml; charset=utf-8"}
_DATE = re.compile(
    r"<(?:[\w-]+:)?(?:pubDate|published|date|created|updated|issued|modified|(?:publish|publication)Date)\b[^<>]*>\s*"
    r"(?:<!\[CDATA\[)?([^<\]]{1,200})",
    re.IGNORECASE,
)
_DATES = ("published", "created", "updated", "publishdate", "publicationdate", "prism_publicationdate")
_FULL_TEXTS = ("yandex_full-text", "encoded", "full-text", "fulltext", "full_text")
"""feedparser's keys for elements in which some sites put the whole text, beside those that it knows."""
_AUTHOR = re.compile(r"<((?:[\w.-]+:)?(?:author|creator))[\s>]", re.IGNORECASE)
_TEXTS = ("", "text/html", "application/xhtml+xml", "text/plain")
_PAGE = re.compile(r"<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_HEAD_CHARS = 2000


def parse_xml_feed(text: str, url: str, zone: ZoneInfo) -> Feed:
    """Read a feed in RSS, RDF or Atom. Raises SourceError where `text` is none."""
    document = xml_document(text)
    chosen = newest(document.entries, lambda entry: _date_in(entry, zone))
    parsed, entries = _read(document, chosen)
    if parsed is None or not (parsed.get("version") or entries):
        raise SourceError(
            "this is a web page, not a feed" if _PAGE.search(text[:_HEAD_CHARS]) else "this is not a feed"
        )
    reader = _EntryReader(parsed, url, zone)
    items = [reader.item(raw, markup) for raw, markup in entries]
    links = links_of(parsed.feed.get("links", ()), url)
    hours, days = skipped(document.head + document.tail)
    return Feed(
        title=plain(text_field(parsed.feed, "title"), 200),
        language=reader.language,
        items=distinct(items),
        ttl=ttl_of(*(text_field(parsed.feed, name) for name in ("ttl", "sy_updateperiod", "sy_updatefrequency"))),
        skip_hours=hours,
        skip_days=days,
        hub=links.get("hub", ""),
        self_url=links.get("self", ""),
        link=links.get("alternate", ""),
        unread=len(chosen) - len(entries) + reader.broken,
        is_torn=document.is_torn,
    )


def _read(document: XmlDocument, chosen: Sequence[str]) -> tuple[Any, list[tuple[Any, str]]]:
    """Return what feedparser makes of the feed, and of its entries beside their XML.

    Where the feed is no XML, or breaks feedparser, each entry is read by itself, so that it spoils no other.
    """
    whole = _parsed(document.holding(chosen))
    if whole is not None and not whole.bozo and len(whole.entries) == len(chosen):
        return whole, list(zip(map(dict, whole.entries), chosen, strict=True))
    alone = ((_parsed(document.alone(entry)), entry) for entry in chosen)
    entries = [(dict(parsed.entries[0]), entry) for parsed, entry in alone if parsed is not None and parsed.entries]
    return whole if whole is not None else _parsed(document.holding(())), entries


def _parsed(text: str) -> Any:
    """Return feedparser's result, None where it raises."""
    # From a stream: given bytes, feedparser takes them for the name of a file and opens it.
    stream = io.BytesIO(text.encode("utf-8", errors="replace"))
    try:
        return feedparser.parse(stream, response_headers=_HEADERS, sanitize_html=False, resolve_relative_uris=False)
    except Exception:  # noqa: BLE001 - it raises KeyError, ValueError, AssertionError and more for odd feeds
        return None


def _date_in(entry: str, zone: ZoneInfo) -> int | None:
    dates = (read_date(match[1], zone) for match in _DATE.finditer(entry))
    return next((date for date in dates if date is not None), None)


class _EntryReader:
    """Makes items of a feed's entries. `broken` counts those that could not be read."""

    def __init__(self, parsed: Any, url: str, zone: ZoneInfo) -> None:
        image = parsed.feed.get("image")
        self._own_picture = (
            absolute_url(text_field(image, "href") or text_field(image, "url"), url) if image else ""
        )
        self._is_atom = parsed.get("version", "").startswith("atom")
        self._url = url
        self._site = links_of(parsed.feed.get("links", ()), url).get("alternate", "")
        self._zone = zone
        self.language = language_of(text_field(parsed.feed, "language"))
        self.broken = 0

    def item(self, raw: Any, markup: str) -> FeedItem | None:
        """Return the item of feedparser's entry and its XML, None where it has nothing to read."""
        try:
            return to_item(self._entry(raw, markup))
        except Exception:  # noqa: BLE001 - one odd entry must not cost the others
            self.broken += 1
            return None

    def _entry(self, raw: Any, markup: str) -> Entry:
        content = self._content(raw)
        # Without details it is what feedparser has copied of the content.
        summary = self._markup(raw, "summary") if "summary_detail" in raw or not content else content
        title = self._markup(raw, "title") or text_field(raw, MEDIA_TITLE)
        written, published_at = self._date(raw)
        url = article_link(raw, self._url, site=self._site, language=self.language, title=title)
        named_base = absolute_url(text_field(_text_element(raw), "base"), self._url)
        return Entry(
            guid=text_field(raw, "id").strip(),
            url=url,
            title=title,
            summary=summary
            or ("" if content else text_field(raw, MEDIA_DESCRIPTION) or text_field(raw, "subtitle")),
            content=content,
            published_at=published_at,
            categories=tuple(text_field(tag, "label") or text_field(tag, "term") for tag in raw.get("tags", ())),
            pictures=entry_pictures(raw, markup, self._url, self._own_picture),
            gallery=entry_gallery(raw, markup, self._url),
            byline=_authors(raw, markup),
            base=self._url,
            text_base=named_base or (self._site if counts_readers(url) else ""),
            written_date=written,
            media=entry_media(raw, markup, self._url),
        )

    def _content(self, raw: Any) -> str:
        """Return the first content of an entry that is a text, "" for none."""
        contents = (part for part in raw.get("content", ()) if part.get("type", "") in _TEXTS)
        known = next((made for part in contents if (made := self._escaped(part, "value", part)).strip()), "")
        return known or next((text for name in _FULL_TEXTS if (text := text_field(raw, name)).strip()), "")

    def _date(self, raw: Any) -> tuple[str, int | None]:
        """Return the first date of an entry that can be read, as it is written and in ms."""
        dates = ((text, read_date(text, self._zone)) for name in _DATES if (text := text_field(raw, name)))
        return next((date for date in dates if date[1] is not None), ("", None))

    def _markup(self, raw: Any, name: str) -> str:
        return self._escaped(raw, name, raw.get(f"{name}_detail") or {})

    def _escaped(self, raw: Any, name: str, detail: Any) -> str:
        """Return an element as HTML. Atom says where a text is none; in RSS it may be anyhow."""
        value = text_field(raw, name)
        return escape(value, quote=False) if self._is_atom and detail.get("type") == "text/plain" else value


def _text_element(raw: Any) -> Any:
    """Return feedparser's details of the element in which an entry has its text."""
    return next(iter(raw.get("content", ())), None) or raw.get("summary_detail") or {}


def _authors(raw: Any, markup: str) -> str:
    """Return the names of an entry's authors, those in elements of one name; a podcast's own name comes last."""
    people = raw.get("authors", ())
    elements = [name.lower() for name in _AUTHOR.findall(markup)] if len(people) > 1 else []
    if not elements or len(elements) != len(people):
        return text_field(raw, "author")
    chosen = min(elements, key=lambda name: name.startswith("itunes:"))
    return joined_names(
        text_field(person, "name") for person, name in zip(people, elements, strict=True) if name == chosen
    )
