"""Parsing of foreign bytes in processes of their own, each with a time limit."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from heapq import heappop, heappush
from zoneinfo import ZoneInfo

from bot.errors import SourceError
from bot.ingest.candidate import Candidate
from bot.ingest.feed.sitemap import Sitemap
from bot.ingest.fetch.turns import AWAITED, ORDINARY, Ticket
from bot.ingest.incoming import Incoming, IncomingFeed, Reading
from bot.ingest.items import PageArticle
from bot.ingest.page.page_links import PageLinks
from bot.ingest.parsing.parser_jobs import (
    ARTICLE,
    BLOCKS,
    EXPLAIN,
    FEED,
    LISTING,
    PAGE,
    PAGE_LINKS,
    SITEMAP,
    WATCHED,
)
from bot.ingest.parsing.shares import HeldPlace, Shares
from bot.ingest.raw_document import RawDocument
from bot.ingest.source_report import SourceReport
from bot.subprocesses.client import SideProcess, SideProcessError
from bot.subprocesses.job import Arguments, Job, Result
from storage.records import Block, SourceKind

PARSE_SECONDS = 5.0
"""The most CPU seconds that one feed or page may take to parse."""

PROCESSES = 2
"""The most feeds and pages that are parsed at once."""

PATIENCE = 3.0
"""The seconds that a feed or page waits before another process is started for it."""

_AWAITED_PATIENCE = 0.2
_IDLE_SECONDS = 60.0

# Libraries for pages of no known kind keep what they have seen; a fresh process has 30 MB.
_MOST_MEMORY = 100_000_000


class Parser:
    """A small pool of processes that read sources. `close` it.

    One process reads what comes. A process takes 60 MB, so the others run only while they are needed: another one
    starts when a document has waited for `patience` seconds, or a person for a fifth of a second.

    Every method raises SourceError with a short reason where the bytes cannot be read, or not within `seconds`;
    the time spent waiting for a free process or a core does not count. The `ticket` says whose turn it is: sources
    share the processes as bot.ingest.parsing.shares has it.
    """

    def __init__(
        self, seconds: float = PARSE_SECONDS, processes: int = PROCESSES, patience: float = PATIENCE
    ) -> None:
        self._processes = [
            SideProcess(
                "bot.ingest.parsing.parser_process",
                seconds,
                idle=_IDLE_SECONDS if number else None,
                most_memory=_MOST_MEMORY,
            )
            for number in range(processes)
        ]
        self._free = list(range(processes))
        self._shares = Shares(processes, time.monotonic)
        self._patience = patience

    async def feed(
        self,
        document: RawDocument,
        zone: ZoneInfo,
        known: frozenset[int] = frozenset(),
        *,
        ticket: Ticket = ORDINARY,
    ) -> IncomingFeed:
        """Read a feed; see bot.ingest.parsing.reading.read_feed."""
        return await self._request(ticket, FEED, document, zone, known)

    async def page(
        self, document: RawDocument, zone: ZoneInfo, now: int, known: Candidate, *, ticket: Ticket
    ) -> Reading:
        """Read the page of an article that is `known`; see bot.ingest.parsing.reading.read_page. `now` in ms."""
        return await self._request(ticket, PAGE, document, zone, now, known)

    async def article(
        self, document: RawDocument, zone: ZoneInfo, now: int, *, ticket: Ticket = AWAITED
    ) -> PageArticle:
        """Read an article's page by itself; see bot.ingest.page.article_page.parse_page. `now` in ms."""
        return await self._request(ticket, ARTICLE, document, zone, now)

    async def listing(
        self, document: RawDocument, selector: str = "", *, ticket: Ticket = ORDINARY
    ) -> tuple[Incoming, ...]:
        """Read the links of a page; see bot.ingest.parsing.reading.read_listing."""
        return await self._request(ticket, LISTING, document, selector)

    async def watched(
        self, document: RawDocument, zone: ZoneInfo, now: int, source_url: str, *, ticket: Ticket
    ) -> Incoming:
        """Read a page that is a source by itself; see bot.ingest.parsing.reading.read_watched. `now` in ms."""
        return await self._request(ticket, WATCHED, document, zone, now, source_url)

    async def page_links(self, document: RawDocument, *, ticket: Ticket = AWAITED) -> PageLinks:
        """Read where a page leads; see bot.ingest.page.page_links.parse_page_links."""
        return await self._request(ticket, PAGE_LINKS, document)

    async def sitemap(self, document: RawDocument, zone: ZoneInfo, *, ticket: Ticket = AWAITED) -> Sitemap:
        """Read a sitemap or an index of these; see bot.ingest.feed.sitemap.parse_sitemap."""
        return await self._request(ticket, SITEMAP, document, zone)

    async def blocks(self, markup: str, *, ticket: Ticket) -> tuple[Block, ...]:
        """Read a piece of HTML that another system hands in; see bot.ingest.feed.entry_text.whole_blocks_of."""
        return await self._request(ticket, BLOCKS, markup, "")

    async def explain(
        self, document: RawDocument, zone: ZoneInfo, now: int, *, kind: SourceKind | None, selector: str = ""
    ) -> SourceReport:
        """Report what was fetched and where each part of it comes from; see bot.ingest.parsing.evidence.explain."""
        return await self._request(AWAITED, EXPLAIN, document, zone, now, kind, selector)

    async def close(self) -> None:
        """End the processes. Harmless when repeated; requests under way are cut short."""
        await asyncio.gather(*(process.close() for process in self._processes))

    async def _request(self, ticket: Ticket, job: Job[*Arguments, Result], *arguments: *Arguments) -> Result:
        async with self._place(ticket) as place:
            # The first of those that are free, so that the others may rest.
            number = heappop(self._free)
            process = self._processes[number]
            try:
                if process.pid is None:
                    # Whoever comes first after a hostile document has ended a process does not pay for the next.
                    await process.start()
                    place.begin()
                return await process.do(job, *arguments)
            except SideProcessError as error:
                raise SourceError(str(error)) from error
            finally:
                heappush(self._free, number)

    @asynccontextmanager
    async def _place(self, ticket: Ticket) -> AsyncIterator[HeldPlace]:
        """Wait for a place and hold it; a long wait opens one more."""
        patience = min(self._patience, _AWAITED_PATIENCE) if ticket.is_awaited else self._patience
        widening = asyncio.get_running_loop().call_later(patience, self._shares.widen)
        try:
            async with self._shares.acquire(ticket) as place:
                widening.cancel()
                yield place
        finally:
            widening.cancel()
