"""The reading of sitemaps (pure). Fields: https://www.sitemaps.org/protocol.html and Google's news extension.

A news sitemap is a feed: it names the articles of the last two days with title and date.
https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborNode

from bot.errors import SourceError
from bot.ingest.feed.channel import language_of
from bot.ingest.feed.entry import Entry, to_item
from bot.ingest.feed.selection import distinct, newest
from bot.ingest.items import Feed
from bot.ingest.markup.charset import decode
from bot.ingest.markup.dates import read_date
from bot.ingest.markup.dom import node_text, parse_html
from bot.ingest.markup.lead_picture import PictureEvidence
from bot.ingest.markup.sanitise import absolute_url
from bot.ingest.raw_document import RawDocument
from persian.foreign_text import one_line

_ROOT = re.compile(r"<(?:\w{1,20}:)?(urlset|sitemapindex)\b", re.IGNORECASE)
_HEAD_CHARS = 5000
_CDATA = re.compile(r"<!\[CDATA\[(.*?)(?:\]\]>|\Z)", re.DOTALL)
_SELF_CLOSING = re.compile(r"<([\w:]{1,40})\s*/>")
_MOST_ADDRESSES = 5000
_DECLARED = re.compile(
    r"xmlns:([\w-]{1,20})\s*=\s*[\"']https?://www\.(?:sitemaps\.org/schemas/sitemap/|google\.com/schemas/sitemap-(news|image)/)"
)
_PREFIXED = re.compile(r"<(/?)([\w-]{1,20}):")


@dataclass(frozen=True, slots=True)
class Sitemap:
    """A sitemap as read. An index names further sitemaps, any other names pages.

    `is_news` tells a news sitemap, which bot.ingest.feed.feed.parse_feed reads as a feed. `addresses` are in the
    sitemap's order, except that what it says to have changed last comes first.
    """

    is_index: bool
    is_news: bool
    addresses: tuple[str, ...]


def is_sitemap(text: str) -> bool:
    """Return whether a text is a sitemap or an index of sitemaps."""
    return _ROOT.search(text[:_HEAD_CHARS]) is not None


def parse_sitemap(document: RawDocument, zone: ZoneInfo) -> Sitemap:
    """Read a sitemap of any kind; addresses are seen from `url`, at most 5,000. Raises SourceError."""
    text = decode(document.body, document.content_type)
    root = _ROOT.search(text[:_HEAD_CHARS])
    if root is None:
        raise SourceError("this is not a sitemap")
    entries = [dict(_fields(node)) for node in _entries(text)[:_MOST_ADDRESSES]]
    changed = sorted(entries, key=lambda entry: read_date(entry.get("lastmod", ""), zone) or 0, reverse=True)
    addresses = dict.fromkeys(absolute_url(entry.get("loc", ""), document.url) for entry in changed)
    return Sitemap(
        is_index=root[1].lower() == "sitemapindex",
        is_news=any("news:title" in entry for entry in entries),
        addresses=tuple(filter(None, addresses)),
    )


def parse_news_sitemap(text: str, url: str, zone: ZoneInfo) -> Feed:
    """Read a news sitemap as a feed. Raises SourceError where it names no article with a title."""
    raw = [dict(_fields(node)) for node in _entries(text)]
    titled = [entry for entry in raw if entry.get("news:title")]
    if not titled:
        raise SourceError("this sitemap names no titles; a listing of the site can be a source instead")
    return Feed(
        title=next((name for entry in titled if (name := entry.get("news:name", ""))), ""),
        language=next((code for entry in titled if (code := language_of(entry.get("news:language", "")))), ""),
        items=distinct(
            to_item(_entry(entry, url, zone)) for entry in newest(titled, lambda entry: _date(entry, zone))
        ),
    )


def _entries(text: str) -> list[LexborNode]:
    # An HTML parser knows neither CDATA, nor elements that close themselves, nor namespaces.
    plain = _SELF_CLOSING.sub(r"<\1></\1>", _CDATA.sub(lambda match: escape(match[1]), text))
    usual = {prefix: kind for prefix, kind in _DECLARED.findall(text[:_HEAD_CHARS]) if prefix != kind}
    if usual:
        plain = _PREFIXED.sub(lambda tag: _with_prefix(tag, usual), plain)
    return parse_html(plain).css("url, sitemap")


def _with_prefix(tag: re.Match[str], usual: Mapping[str, str]) -> str:
    """Return the beginning of a tag with the prefix that is `usual` for its own."""
    prefix = usual.get(tag[2], tag[2])
    return f"<{tag[1]}{prefix}:" if prefix else f"<{tag[1]}"


def _fields(node: LexborNode) -> Iterator[tuple[str, str]]:
    """Yield the name and text of each element below an entry that holds text alone; of two of one name the last.

    Names have the usual prefixes, whatever the sitemap declares.
    """
    for element in node.css("*"):
        name = (element.tag or "").lower()
        if element is not node and name and (element.child is None or element.child.tag == "-text"):
            yield name, one_line(node_text(element))


def _entry(fields: dict[str, str], url: str, zone: ZoneInfo) -> Entry:
    address = absolute_url(fields["loc"], url) if "loc" in fields else ""
    picture = absolute_url(fields.get("image:loc", ""), url)
    return Entry(
        guid="",
        url=address,
        title=escape(fields["news:title"], quote=False),
        summary="",
        content="",
        published_at=_date(fields, zone),
        categories=tuple(
            word.strip() for word in re.split("[,،]", fields.get("news:keywords", "")) if word.strip()
        ),
        pictures=(PictureEvidence(picture),) if picture else (),
        byline="",
        base=url,
        written_date=_written_date(fields, zone),
    )


def _date(fields: dict[str, str], zone: ZoneInfo) -> int | None:
    return read_date(_written_date(fields, zone), zone)


def _written_date(fields: dict[str, str], zone: ZoneInfo) -> str:
    """Return the first date of an entry that can be read, as it is written; "" for none."""
    written = (fields.get(name, "") for name in ("news:publication_date", "lastmod"))
    return next((text for text in written if read_date(text, zone) is not None), "")
