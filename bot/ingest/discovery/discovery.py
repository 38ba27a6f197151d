"""Discovery: which sources a site offers, from any address of it."""

import asyncio
from collections.abc import Coroutine, Iterable, Sequence
from itertools import count
from typing import Any
from urllib.parse import urljoin

from bot.errors import SourceError
from bot.ingest.discovery.found_source import FoundBy, FoundSource
from bot.ingest.discovery.robots import sitemaps_in
from bot.ingest.fetch.fetcher import Response
from bot.ingest.fetch.request_profile import RequestProfile
from bot.ingest.fetch.turns import Ticket, Urgency
from bot.ingest.incoming import Incoming
from bot.ingest.page.page_links import PageLinks
from bot.ingest.site_reader import SiteReader
from storage.records import SourceKind

SECONDS = 25.0
"""The most that one discovery takes; what was found until then is the answer."""
MOST_FOUND = 6
"""The sources that one discovery offers."""
SAMPLES = 3
"""The newest items that come with each."""

_COMMON_PATHS = (
    "/feed/",
    "/rss",
    "/rss.xml",
    "/feed.xml",
    "/atom.xml",
    "/fa/rss/allnews",
    "/index.xml",
    "/feed.json",
)
_COMMON_SITEMAPS = ("/news-sitemap.xml", "/sitemap-news.xml", "/sitemap_news.xml", "/sitemap.xml")
_MOST_SITEMAPS = 4
_MOST_FEEDS = 8
_MOST_LISTS_OF_FEEDS = 2
_READ_PAGES = 2
_LOOKS = count(-1, -1)
"""The ids of looks through sites."""


class Discovery:
    """Discovers sources at an address, with the fetcher and parser that read them later."""

    def __init__(self, site: SiteReader) -> None:
        self._site = site
        self._parser = site.parser

    def with_profile(self, profile: RequestProfile) -> "Discovery":
        """Return a discovery whose requests have the form of a source's."""
        return Discovery(self._site.with_profile(profile))

    async def discover(self, url: str) -> tuple[FoundSource, ...]:
        """Return what the site of an address offers as sources, the best first; nothing where it offers none.

        An address that is a feed or a sitemap of articles itself is the only answer. Otherwise these come in their
        order: the feeds that the page declares or links to, else those at common paths; news sitemaps; the page's
        own lists of headlines; where there is no news sitemap, another one whose newest pages are articles.
        Raises SourceError where the address itself cannot be fetched.
        """
        # A site of many heavy pages takes the parser from nobody: each look has the share that a source has.
        own_ticket = Ticket(Urgency.URGENT, next(_LOOKS))
        return await Discovery(self._site.with_ticket(own_ticket))._offered(url)

    async def _offered(self, url: str) -> tuple[FoundSource, ...]:
        answer = await self._site.get(url)
        for read in (self._feed, self._plain_sitemap):
            if (itself := await read(answer, FoundBy.ADDRESS)) is not None:
                return (itself,)
        ways = (self._feeds(answer), self._sitemaps(answer), self._lists(answer))
        by_address: dict[tuple[str, str], FoundSource] = {}
        for source in await _in_time(ways):
            by_address.setdefault((source.url, source.selector), source)
        # Of a sitemap without titles each article is read from its page alone: all others are better.
        ranked = sorted(by_address.values(), key=_has_no_titles)
        return tuple(ranked)[:MOST_FOUND]

    async def _feeds(self, page: Response) -> list[FoundSource]:
        """Return the feeds that a page leads to, at once or by a list of feeds; else those at common paths."""
        links = await self._links(page)
        addresses = [link.url for link in links.feeds[:_MOST_FEEDS]]
        if linked := await self._feeds_at(addresses, FoundBy.LINK):
            return linked
        listed = [address for address in await self._feeds_listed_at(addresses) if address not in addresses]
        if linked := await self._feeds_at(listed[:_MOST_FEEDS], FoundBy.LINK):
            return linked
        return await self._feeds_at([urljoin(page.url, path) for path in _COMMON_PATHS], FoundBy.COMMON_PATH)

    async def _feeds_listed_at(self, addresses: Sequence[str]) -> list[str]:
        """Return the addresses of feeds that pages at some of the addresses list, such as a site's /fa/rss."""
        listed: list[str] = []
        for address in addresses[:_MOST_LISTS_OF_FEEDS]:
            try:
                links = await self._links(await self._site.get(address))
            except SourceError:
                continue
            listed += [link.url for link in links.feeds]
        return listed

    async def _sitemaps(self, page: Response) -> list[FoundSource]:
        """Return the news sitemaps that robots.txt names, or those at common paths; an index leads to others.

        Where there are none, return a sitemap that names articles without their titles.
        """
        addresses = await self._possible_sitemaps(page)
        likely = sorted(addresses, key=lambda address: "news" not in address.lower())[:_MOST_SITEMAPS]
        if news := await self._feeds_at(likely, FoundBy.SITEMAP):
            return news
        plain = await asyncio.gather(*(self._plain_sitemap_at(address) for address in likely))
        return [source for source in plain if source is not None][:1]

    async def _possible_sitemaps(self, page: Response) -> list[str]:
        """Return where sitemaps may be: at the addresses that indexes name, then at those of the indexes."""
        addresses = await self._named_sitemaps(urljoin(page.url, "/robots.txt"))
        addresses = addresses or [urljoin(page.url, path) for path in _COMMON_SITEMAPS]
        read = await asyncio.gather(*(self._sitemap(address) for address in addresses[:_MOST_SITEMAPS]))
        inner = [address for sitemap in read for address in sitemap if address not in addresses]
        return inner + [address for address in addresses if address not in inner]

    async def _plain_sitemap_at(self, url: str) -> FoundSource | None:
        try:
            return await self._plain_sitemap(await self._site.get(url), FoundBy.SITEMAP)
        except SourceError:
            return None

    async def _plain_sitemap(self, answer: Response, found_by: FoundBy) -> FoundSource | None:
        """Return a sitemap without titles as a list of articles; None unless its newest pages are articles."""
        try:
            await self._parser.sitemap(answer.document, self._site.zone, ticket=self._site.ticket)
            links = await self._parser.listing(answer.document, ticket=self._site.ticket)
            newest = [
                await self._site.article(link.candidate.provenance.url) for link in links[: -_READ_PAGES - 1 : -1]
            ]
        except SourceError:
            return None
        return FoundSource(answer.url, SourceKind.LISTING, "", "", found_by, len(links), tuple(newest))

    async def _lists(self, page: Response) -> list[FoundSource]:
        """Return the lists of headlines on a page, each with its selector."""
        links = await self._links(page)
        lists: list[FoundSource] = []
        seen: list[set[str]] = []
        for selector in links.selectors:
            try:
                items = await self._parser.listing(page.document, selector, ticket=self._site.ticket)
            except SourceError:
                continue
            titled = [item for item in items if item.candidate.content.title]
            links_of_items = {item.candidate.provenance.url for item in titled}
            if links_of_items in seen:
                continue  # two ways to choose the same links
            seen.append(links_of_items)
            lists.append(
                _found_source(
                    page.url,
                    titled,
                    SourceKind.LISTING,
                    title=links.title,
                    found_by=FoundBy.LISTING,
                    selector=selector,
                )
            )
        return lists

    async def _links(self, page: Response) -> PageLinks:
        return await self._parser.page_links(page.document, ticket=self._site.ticket)

    async def _named_sitemaps(self, robots: str) -> list[str]:
        try:
            answer = await self._site.get(robots)
        except SourceError:
            return []
        return sitemaps_in(answer.body, robots)

    async def _sitemap(self, url: str) -> Sequence[str]:
        """Return the sitemaps that an index names; itself where it is none."""
        try:
            answer = await self._site.get(url)
            sitemap = await self._parser.sitemap(answer.document, self._site.zone, ticket=self._site.ticket)
        except SourceError:
            return ()
        return sitemap.addresses if sitemap.is_index else (url,) if sitemap.is_news else ()

    async def _feeds_at(self, addresses: Sequence[str], found_by: FoundBy) -> list[FoundSource]:
        """Return those of the addresses at which there is a feed with items, in their order."""
        feeds = await asyncio.gather(*(self._feed_at(address, found_by) for address in dict.fromkeys(addresses)))
        return [feed for feed in feeds if feed is not None]

    async def _feed_at(self, url: str, found_by: FoundBy) -> FoundSource | None:
        try:
            answer = await self._site.get(url)
        except SourceError:
            return None
        return await self._feed(answer, found_by)

    async def _feed(self, answer: Response, found_by: FoundBy) -> FoundSource | None:
        """Return the feed that an answer is; None where it is none."""
        try:
            feed = await self._parser.feed(answer.document, self._site.zone, ticket=self._site.ticket)
        except SourceError:
            return None
        if not feed.items and found_by is not FoundBy.ADDRESS:
            return None
        return _found_source(answer.url, feed.items, SourceKind.FEED, title=feed.title, found_by=found_by)


def _has_no_titles(source: FoundSource) -> bool:
    return source.kind is SourceKind.LISTING and source.found_by is FoundBy.SITEMAP


async def _in_time(ways: Iterable[Coroutine[Any, Any, list[FoundSource]]]) -> list[FoundSource]:
    """Run all searches at once, and return the results of those that end in time."""
    tasks = [asyncio.create_task(way) for way in ways]
    try:
        await asyncio.wait(tasks, timeout=SECONDS)
    finally:
        for task in tasks:
            task.cancel()
    await asyncio.wait(tasks)
    return [source for task in tasks if not task.cancelled() for source in task.result()]


def _found_source(
    url: str, items: Sequence[Incoming], kind: SourceKind, *, title: str, found_by: FoundBy, selector: str = ""
) -> FoundSource:
    """Return a source whose `items` come oldest first."""
    newest = tuple(incoming.candidate for incoming in reversed(items[-SAMPLES:]))
    return FoundSource(url, kind, selector, title, found_by, len(items), newest)
