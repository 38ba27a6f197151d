"""Parsing of foreign bytes into the records that are stored (pure).

Runs in the parser's process, which has the libraries for it.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from bot.ingest.candidate import Candidate, from_item, from_page, with_page
from bot.ingest.feed.feed import parse_feed
from bot.ingest.identity.addresses import comparable, same_site
from bot.ingest.identity.decision import Signals, identifying, remembered_key, signals_of, with_slug_numbers
from bot.ingest.identity.source_ids import number_of
from bot.ingest.incoming import Incoming, IncomingFeed, Reading, Story
from bot.ingest.items import FeedItem, Link
from bot.ingest.markup.page_counters import without_counters
from bot.ingest.markup.sanitise import text_of
from bot.ingest.page.article_page import parse_page
from bot.ingest.page.listing import parse_listing
from bot.ingest.page.repeated_pages import text_digest
from bot.ingest.page.title import is_site_name
from bot.ingest.page.trust import Claim, agrees, doubt_of
from bot.ingest.raw_document import RawDocument
from bot.newsroom.story_signature import signature
from storage.records import Block
from storage.search_texts import texts_of

MOST_ITEMS = 300
"""Items of one fetch that are looked at, the newest."""


def read_feed(document: RawDocument, zone: ZoneInfo, known: frozenset[int] = frozenset()) -> IncomingFeed:
    """Read a feed; see bot.ingest.feed.feed.parse_feed. Items whose mark is among `known` are left out.

    Raises SourceError.
    """
    feed = parse_feed(document, zone)
    items = in_order(feed.items)
    signals = [
        signals_of(feed_item.guid, feed_item.url, feed_item.title, feed_item.published_at) for feed_item in items
    ]
    identified = identifying(signals, feed_url=document.url, site_url=feed.link)
    marks = [_mark(feed_item) for feed_item in items]
    made = [
        _incoming(item, feed.language, own, shown, mark=mark) if mark not in known else None
        for item, own, shown, mark in zip(items, identified, signals, marks, strict=True)
    ]
    return IncomingFeed(
        title=feed.title,
        items=tuple(incoming for incoming in made[-MOST_ITEMS:] if incoming is not None),
        marks=frozenset(marks[-MOST_ITEMS:]),
        beyond=tuple(incoming for incoming in made[:-MOST_ITEMS] if incoming is not None),
        ttl=feed.ttl,
        skip_hours=feed.skip_hours,
        skip_days=feed.skip_days,
        unread=feed.unread,
        hub=feed.hub,
        self_url=feed.self_url,
        is_torn=feed.is_torn,
    )


def read_page(document: RawDocument, zone: ZoneInfo, now: int, known: Candidate) -> Reading:
    """Read the page that came for an article that is `known`. Raises SourceError.

    See bot.ingest.page.article_page.parse_page and bot.ingest.page.trust.doubt_of. The name of a site is no title.
    """
    page = parse_page(document, zone, now=now)
    url = known.provenance.url
    text = "\n".join((known.content.lead, *(text_of(block.html) for block in known.content.body)))
    claim = Claim(known.content.title, text, known.provenance.published_at or None, url)
    candidate = with_page(known, page)
    if is_site_name(page.title, document.url):
        candidate = replace(candidate, content=replace(candidate.content, title=known.content.title))
    return Reading(
        candidate,
        texts_of(candidate.content),
        _story(page.title, page.lead, page.body),
        own_addresses(document.url, page.canonical, page.shortlink),
        doubt_of(page, claim, final_url=document.url, requested_url=url),
        "" if agrees(page, claim) else page.title,
        text_digest(page),
    )


def own_addresses(final_url: str, canonical: str, shortlink: str = "") -> tuple[str, ...]:
    """Return the comparable addresses of a page that answered at `final_url` and names two others as its own.

    A page speaks for its own site alone.
    """
    own = (final_url, *(url for url in (canonical, shortlink) if same_site(final_url, url)))
    return tuple(dict.fromkeys(address for url in own if (address := comparable(url))))


def read_watched(document: RawDocument, zone: ZoneInfo, now: int, source_url: str) -> Incoming:
    """Read a page that is a source by itself: its article is known by its number, else by `source_url`.

    See bot.ingest.page.article_page.parse_page. Raises SourceError.
    """
    page = parse_page(document, zone, now=now)
    candidate = from_page(page)
    signals = signals_of(candidate.provenance.number, source_url, candidate.content.title, None)
    key, digest, texts = remembered_key(signals), candidate.digest(), texts_of(candidate.content)
    return Incoming(signals, signals, 0, key, candidate, texts, digest, _story(page.title, page.lead, page.body))


def read_listing(document: RawDocument, selector: str = "") -> tuple[Incoming, ...]:
    """Read the links of a page, its last one first; each is known by its address. Raises SourceError.

    See bot.ingest.page.listing.parse_listing.
    """
    links = parse_listing(document, selector)
    items = [_item_of(link) for link in reversed(links)]
    signals = with_slug_numbers([signals_of("", item.url, item.title, None) for item in items])
    return tuple(_incoming(item, "", own, own, mark=_mark(item)) for item, own in zip(items, signals, strict=True))


def _item_of(link: Link) -> FeedItem:
    return FeedItem(
        guid="",
        url=link.url,
        title=without_counters(link.text),
        summary="",
        body=(),
        published_at=None,
        categories=(),
        photo="",
        byline="",
        number=number_of(link.url),
        section="",
    )


def in_order(items: Sequence[FeedItem]) -> list[FeedItem]:
    """Return a feed's items oldest first: by their dates where all have one, else from the feed's end."""
    upwards = list(reversed(items))
    if all(item.published_at is not None for item in items):
        return sorted(upwards, key=lambda item: item.published_at or 0)
    return upwards


def _incoming(item: FeedItem, language: str, signals: Signals, shown: Signals, *, mark: int) -> Incoming:
    if not item.number and signals.number is not None:
        item = replace(item, number=signals.number.number)
    candidate = from_item(item, language)
    content = candidate.content
    story = _story(content.title, content.lead, content.body)
    key, digest, texts = remembered_key(signals), candidate.digest(), texts_of(content)
    return Incoming(signals, shown, mark, key, candidate, texts, digest, story)


def _story(title: str, lead: str, body: Sequence[Block]) -> Story:
    text = "\n".join(text_of(block.html) for block in body)
    signed = signature(title, lead, text)
    return Story(signed.fingerprint.to_bytes() if signed.bands else b"", signed.bands)


def _mark(item: FeedItem) -> int:
    return int.from_bytes(hashlib.blake2b(repr(item).encode(errors="replace"), digest_size=8).digest())
