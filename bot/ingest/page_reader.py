"""Reading an article's page: fetched politely, parsed elsewhere, and believed only where it is the article."""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import structlog
from httpx import codes

from bot.clock import Clock
from bot.errors import SourceError
from bot.ingest.candidate import Candidate
from bot.ingest.fetch.fetcher import Fetcher, HttpStatusError, NotModified
from bot.ingest.fetch.pace import Pace
from bot.ingest.fetch.request_settings import Opener, profile_of
from bot.ingest.fetch.turns import Ticket, Urgency
from bot.ingest.identity.addresses import comparable, host_of, same_site
from bot.ingest.identity.telegram_posts import request_address
from bot.ingest.incoming import Reading
from bot.ingest.page.repeated_pages import RepeatedPages
from bot.ingest.page.trust import Doubt
from bot.ingest.parsing.parser import Parser
from storage.records import PageVisit, RequestSetting, Source

PAGE_SECONDS = 4.0
"""The time that a new item waits for its page before it is stored from its feed: a channel must have it in time."""

_BURST = 5
_TOO_MANY_SECONDS = 30
_LONGEST_WAIT = 3600
"""The seconds for which a host is asked for no page: where it does not say how long, and at most."""

_log = structlog.get_logger(__name__)


class DoubtfulPageError(SourceError):
    """A page came that is not the article: a wall, an error page, another article. `doubt` says which."""

    def __init__(self, doubt: Doubt) -> None:
        super().__init__(f"the page is not the article: {doubt}")
        self.doubt = doubt


@dataclass(frozen=True, slots=True)
class PageRead:
    """A page that was read and believed.

    `etag`, `last_modified` and `body_digest` are for the next reading. `url` is the address that answered at last.
    """

    reading: Reading
    etag: str
    last_modified: str
    body_digest: str
    url: str


class PageReader:
    """Reads pages, in the form of their source's requests.

    `rate` is how many pages of one host are read in a second, `opener` reads the secrets of requests.
    """

    def __init__(
        self, fetcher: Fetcher, parser: Parser, clock: Clock, *, zone: ZoneInfo, rate: float, opener: Opener
    ) -> None:
        self._fetcher = fetcher
        self._parser = parser
        self._clock = clock
        self._zone = zone
        self._opener = opener
        self._pace = Pace(rate, _BURST)
        self._repeated = RepeatedPages()

    async def in_time(self, known: Candidate, source: Source, deadline: float) -> PageRead | None:
        """Return the page of a source's new item, None where it is not read by `deadline` (of the loop's clock).

        The burst that a host is asked for is left to sources of its own site.
        """
        url = known.provenance.url
        if not url:
            return None
        host = host_of(url)
        if same_site(source.url, url):
            is_free = self._pace.try_acquire(host, asyncio.get_running_loop().time())
        else:
            is_free = self.try_acquire(host)
        if not is_free:
            return None
        try:
            async with asyncio.timeout_at(deadline):
                return await self.read(url, known, Ticket(Urgency.URGENT, source.id), source.requests)
        except TimeoutError:
            _log.info("page_late", url=url)
        except SourceError as error:
            _log.info("page_failed", url=url, reason=str(error))
        return None

    def try_acquire(self, host: str) -> bool:
        """Acquire a place at a host for a page that can wait; return False where none is free now."""
        now = asyncio.get_running_loop().time()
        return self._pace.is_free(host, now) and self._pace.try_acquire(host, now)

    async def again(
        self, url: str, known: Candidate, ticket: Ticket, requests: Sequence[RequestSetting], *, visit: PageVisit
    ) -> PageRead | None:
        """Read a page that was read before; None where it has not changed. Raises as `read` does."""
        return await self._read(url, known, ticket, requests, visit=visit)

    async def read(
        self, url: str, known: Candidate, ticket: Ticket, requests: Sequence[RequestSetting] = ()
    ) -> PageRead:
        """Fetch and read the article at an address; `known` is what is known of it, `requests` are its source's.

        Raises DoubtfulPageError for a page that is not the article, SourceError where it cannot be fetched or read.
        """
        page = await self._read(url, known, ticket, requests, visit=None)
        assert page is not None, "only conditional fetches find nothing new"
        return page

    async def _read(
        self,
        url: str,
        known: Candidate,
        ticket: Ticket,
        requests: Sequence[RequestSetting],
        *,
        visit: PageVisit | None,
    ) -> PageRead | None:
        profile = profile_of(requests, self._opener)
        etag, last_modified = (visit.etag, visit.last_modified) if visit is not None else ("", "")
        try:
            answer = await self._fetcher.get_if_changed(
                request_address(url), etag=etag, last_modified=last_modified, ticket=ticket, profile=profile
            )
        except HttpStatusError as error:
            self._leave_alone(host_of(url), error)
            raise
        if isinstance(answer, NotModified):
            return None
        digest = hashlib.blake2b(answer.body, digest_size=16).hexdigest()
        if visit is not None and visit.visits and digest == visit.body_digest:
            return None
        reading = await self._parser.page(
            answer.document, self._zone, now=self._clock(), known=known, ticket=ticket
        )
        repeated = self._repeated.seen(host_of(url), reading.title, reading.text_digest, comparable(url))
        doubt = reading.doubt or (Doubt.WALL if repeated and reading.title else None)
        if doubt is not None:
            raise DoubtfulPageError(doubt)
        return PageRead(reading, answer.etag, answer.last_modified, digest, answer.url)

    def _leave_alone(self, host: str, error: HttpStatusError) -> None:
        """Ask a host for no other page while it asks us to wait."""
        if error.status == codes.TOO_MANY_REQUESTS or error.retry_after:
            wait = _TOO_MANY_SECONDS if error.retry_after is None else min(error.retry_after, _LONGEST_WAIT)
            self._pace.suspend(host, asyncio.get_running_loop().time() + wait)
