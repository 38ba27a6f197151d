"""Feeds into storage without a network: what tests of sources' items have in common."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.ingest.incoming import Incoming, Reading
from bot.ingest.page_reader import PageRead
from bot.ingest.parsing.reading import read_feed
from bot.ingest.raw_document import RawDocument
from bot.ingest.storing.item_store import ItemStore
from bot.ingest.storing.recognition import Arrival
from bot.ingest.storing.story_matching import SameStory
from storage import articles, sources
from storage.engine.database import Database
from storage.records import Article, FanOutKind, Source, SourceKind
from storage.schema import fan_out

ZONE = ZoneInfo("Asia/Tehran")
NOW = 1_795_842_000_000
HOUR = 3_600_000
SITE = "https://khabar.example"


@dataclass
class Entry:
    """An entry of a feed; `minutes` is how long before now it is dated, None for no date.

    `pictures` are the addresses of its pictures, the widest first.
    """

    title: str
    link: str = ""
    guid: str = ""
    text: str = "شرح کوتاه این خبر در یک سطر."
    minutes: int | None = 0
    section: str = ""
    pictures: tuple[str, ...] = ()


def feed_of(entries: list[Entry]) -> bytes:
    items = "".join(
        f"<item><title>{escape(entry.title)}</title><description>{escape(entry.text)}</description>"
        + (f"<link>{escape(entry.link)}</link>" if entry.link else "")
        + (f'<guid isPermaLink="false">{escape(entry.guid)}</guid>' if entry.guid else "")
        + "".join(
            f'<media:content medium="image" url="{escape(url)}" width="{900 - at}"/>'
            for at, url in enumerate(entry.pictures)
        )
        + (f"<category>{escape(entry.section)}</category>" if entry.section else "")
        + (f"<pubDate>{_date(entry.minutes)}</pubDate>" if entry.minutes is not None else "")
        + "</item>"
        for entry in entries
    )
    return (
        f'<?xml version="1.0"?><rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/">'
        f"<channel><title>روزنامه</title>{items}</channel></rss>".encode()
    )


def _date(minutes: int) -> str:
    return format_datetime(datetime.fromtimestamp(NOW / 1000, UTC) - timedelta(minutes=minutes))


@dataclass
class Newsroom:
    """A database and its sources, into which feeds are read without a network."""

    database: Database
    store: ItemStore = field(default_factory=lambda: ItemStore(most_age=48 * HOUR, same_story=SameStory.FOLD))
    now: int = NOW

    async def source(self, url: str = f"{SITE}/rss", *, review: bool = False, begun: bool = True) -> Source:
        """Add a source; one that has `begun` was fetched before, so that what comes is news."""
        async with self.database.write() as tx:
            made = await sources.add(tx, url, kind=SourceKind.FEED, category_id=1, review=review, now=self.now)
            if begun:
                settled = sources.FinishedFetch(
                    made.id, url, self.now, self.now, "", "", "", "", None, frozenset(), frozenset(), None, None, 0
                )
                await sources.settle_fetched(tx, [settled])
            source = await sources.get(tx, made.id)
        assert source is not None
        return source

    async def read(self, source: Source, *entries: Entry) -> None:
        """Read a feed that holds just these entries."""
        feed = read_feed(RawDocument(feed_of(list(entries)), "", source.url), ZONE)
        arrivals = [Arrival(item, item.candidate.provenance.published_at) for item in feed.items]
        async with self.database.write() as tx:
            await self.store.store(tx, source, arrivals, now=self.now)
        self.now += 60_000

    async def read_paged(self, source: Source, entry: Entry, *addresses: str) -> None:
        """Read a feed of one entry whose page calls these addresses its own."""
        (incoming,) = read_feed(RawDocument(feed_of([entry]), "", source.url), ZONE).items
        async with self.database.write() as tx:
            await self.store.store(tx, source, [_paged(incoming, *addresses)], now=self.now)
        self.now += 60_000

    async def read_all_paged(self, source: Source, entries: Sequence[Entry], *addresses: str) -> None:
        """Read a feed whose entries have one page, which calls these addresses its own."""
        items = read_feed(RawDocument(feed_of(list(entries)), "", source.url), ZONE).items
        async with self.database.write() as tx:
            await self.store.store(tx, source, [_paged(item, *addresses) for item in items], now=self.now)
        self.now += 60_000

    async def articles(self) -> list[Article]:
        async with self.database.read() as connection:
            return await articles.newest(connection, 50)

    async def titles(self) -> list[str]:
        return sorted(article.content.title for article in await self.articles())

    async def pushed(self) -> list[int]:
        async with self.database.read() as connection:
            query = select(fan_out.c.article_id).where(fan_out.c.kind == FanOutKind.HEADLINE)
            return sorted((await connection.execute(query)).scalars())


def _paged(incoming: Incoming, *addresses: str) -> Arrival:
    """Return an item whose page calls these addresses its own."""
    reading = Reading(incoming.candidate, incoming.texts, incoming.story, addresses, None, "", "")
    return Arrival(incoming, NOW, PageRead(reading, "", "", "", ""))
