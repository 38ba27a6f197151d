"""One source, read once: fetched, parsed, stored. The source's row records how that ended."""

import asyncio
import hashlib
from collections.abc import Callable, Coroutine, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from bot import counters
from bot.clock import Clock
from bot.errors import SourceError
from bot.ingest.fetch import schedule
from bot.ingest.fetch.fetcher import Fetcher, HttpStatusError, NotModified, Response
from bot.ingest.fetch.request_settings import Opener, profile_of
from bot.ingest.fetch.turns import Ticket
from bot.ingest.incoming import Incoming
from bot.ingest.page_reader import PAGE_SECONDS, PageRead, PageReader
from bot.ingest.parsing.parser import Parser
from bot.ingest.sources import source_health
from bot.ingest.sources.websub import offered_hub
from bot.ingest.storing.item_store import ItemStore, Stored
from bot.ingest.storing.push_policy import dates_that_count
from bot.ingest.storing.recognition import Arrival, recognise
from storage import sources
from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.engine.group_commit import GroupCommit
from storage.records import Source, SourceKind, SourceState
from storage.sources import FailedFetch, FinishedFetch

# The loop makes the rows of a batch in one go; readers wait for that long.
_BATCH = 25
_PAGES_IN_TIME = 30
# A listing has nothing but its pages; what is not read in time is tried at the next fetch.
_LISTED_SECONDS = 60.0
_REASON_CHARS = 500
_HEADLINE_WORDS = 3
_FIRST_FETCHES = 4
_TORN_TRIES = 3
"""First fetches of a feed that breaks off, before it is taken for one that always does."""

_NO_HINTS = schedule.Hints()

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _FetchResult:
    """A source's answer, taken in: its title, how many items were new, whether all of it is stored.

    `habit` is the usual time between its items in seconds, as their dates tell. `hub` and `topic` are of WebSub.
    `known_items` are the marks of what it holds, all of which is stored.
    """

    title: str = ""
    new: int = 0
    is_whole: bool = True
    habit: int | None = None
    hints: schedule.Hints = _NO_HINTS
    hub: str = ""
    topic: str = ""
    known_items: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class SourceTools:
    """The tools for reading a source: its bytes are fetched and parsed, then the pages of its items are read.

    Dates without a zone are in `zone`. `opener` reads the secrets of requests.
    """

    fetcher: Fetcher
    parser: Parser
    pages: PageReader
    zone: ZoneInfo
    opener: Opener


@dataclass(frozen=True, slots=True)
class Cadence:
    """The interval of fetches: every `interval` seconds (FETCH_INTERVAL), spread by `rng`."""

    interval: float
    rng: Random


class _SourceChangedError(Exception):
    """Staff have removed or paused a source, or led it elsewhere, while it was fetched."""


class SourceReader:
    """Reads sources. `wake` is called after each publication, and each change of what was published."""

    def __init__(
        self,
        database: Database,
        commits: GroupCommit,
        tools: SourceTools,
        store: ItemStore,
        *,
        clock: Clock,
        cadence: Cadence,
        wake: Callable[[], None],
    ) -> None:
        self._database = database
        self._commits = commits
        self._fetcher = tools.fetcher
        self._parser = tools.parser
        self._pages = tools.pages
        self._zone = tools.zone
        self._opener = tools.opener
        self._store = store
        self._clock = clock
        self._interval = cadence.interval
        self._rng = cadence.rng
        self._wake = wake
        self._first_fetches = asyncio.Semaphore(_FIRST_FETCHES)

    @property
    def waiting(self) -> Set[int]:
        """The sources that wait for their turn at a site."""
        return self._fetcher.waiting

    async def read(self, source: Source) -> None:
        """Fetch one source and store what is new; the source's row records whatever goes wrong."""
        try:
            await self._read(source)
            counters.SOURCE_FETCHES.labels("fetched").inc()
        except _SourceChangedError:
            # Nothing is recorded: where it is fetched again, it is read as if this fetch had not been.
            _log.info("source_changed_meanwhile", source=source.id)
        except SourceError as error:
            await self._failed(source, error)
        except Exception as error:  # noqa: BLE001 - one source's trouble must not end the others' fetching
            _log.exception("source_broke", source=source.id)
            await self._failed(source, SourceError(f"{type(error).__name__}: {error}"))

    async def _read(self, source: Source) -> None:
        answer = await self._fetcher.get_if_changed(
            source.url,
            etag=source.etag,
            last_modified=source.last_modified,
            ticket=replace(_ticket(source), is_slow=source.is_slow),
            profile=profile_of(source.requests, self._opener),
        )
        if isinstance(answer, NotModified):
            await self._settle(source, answer, source.body_digest, _as_before(source))
            return
        digest = hashlib.blake2b(answer.body, digest_size=16).hexdigest()
        if digest == source.body_digest:
            await self._settle(source, answer, digest, _as_before(source))
            return
        stored = await self._store_answer(source, answer)
        await self._settle(source, answer, digest if stored.is_whole else "", stored)

    async def _store_answer(self, source: Source, answer: Response) -> _FetchResult:
        match source.kind:
            case SourceKind.FEED:
                return await self._feed(source, answer)
            case SourceKind.LISTING:
                return await self._listing(source, answer)
            case SourceKind.PAGE:
                return await self._page(source, answer)

    async def _feed(self, source: Source, answer: Response) -> _FetchResult:
        if source.fetched_at is not None:
            return await self._read_feed(source, answer, source.known_items)
        # A first fetch is a whole feed: what is parsed and not stored yet is memory.
        async with self._first_fetches:
            return await self._read_feed(source, answer, frozenset())

    async def _read_feed(self, source: Source, answer: Response, known: frozenset[int]) -> _FetchResult:
        feed = await self._parser.feed(answer.document, self._zone, known=known, ticket=_ticket(source))
        if feed.unread:
            _log.warning("entries_unread", source=source.id, count=feed.unread)
        pages = await self._pages_in_time(source, feed.items)
        if feed.title and not source.title:
            # Whoever sees what it brings sees whose it is.
            await self._commits.do(lambda tx: sources.entitle(tx, source.id, feed.title))
        new = await self._put(source, _arrivals(feed.items, pages))
        if feed.is_torn and source.fetched_at is None and source.failures < _TORN_TRIES:
            # The rest of it is no news when it comes.
            raise SourceError("the feed breaks off in the middle")
        if source.fetched_at is None and feed.beyond:  # no news when newer ones leave the feed
            await self._pass_over(source, feed.beyond)
        hints = schedule.Hints(None, feed.ttl, feed.skip_hours, feed.skip_days)
        habit = schedule.habit_in(_dates(feed.items), self._clock())
        # The site's header comes first (https://www.w3.org/TR/websub/#discovery).
        hub, topic = offered_hub(answer.hub or feed.hub, answer.topic or feed.self_url or source.url)
        return _FetchResult(feed.title, new, habit=habit, hints=hints, hub=hub, topic=topic, known_items=feed.marks)

    async def _pages_in_time(self, source: Source, items: Sequence[Incoming]) -> dict[int, PageRead]:
        """Return the pages of new items, by mark, as far as they can be read before those are due in channels.

        What a first fetch brings is not pushed: its pages are read in the background.
        """
        if source.fetched_at is None or not items:
            return {}
        deadline = asyncio.get_running_loop().time() + PAGE_SECONDS
        new = await self._new_among(source, items)
        # An address that several items share is no article's: its page says nothing of any of them.
        readable = [incoming for incoming in reversed(new) if incoming.signals.address]
        # A host gives few pages at once: those that alone tell when an item is from come first.
        readable.sort(key=lambda incoming: incoming.candidate.provenance.published_at > 0)
        return await self._read_pages(source, readable[:_PAGES_IN_TIME], deadline)

    async def _new_among(self, source: Source, items: Sequence[Incoming]) -> list[Incoming]:
        """Return those of a source's items that nobody has brought before."""
        arrivals = [Arrival(incoming, 0) for incoming in items]
        async with self._database.read() as connection:
            recognised = await recognise(connection, source, arrivals)
        return [arrived.arrival.incoming for arrived in recognised if arrived.is_new]

    async def _read_pages(self, source: Source, items: Sequence[Incoming], deadline: float) -> dict[int, PageRead]:
        pages = await asyncio.gather(
            *(self._pages.in_time(incoming.candidate, source, deadline) for incoming in items)
        )
        return {incoming.mark: page for incoming, page in zip(items, pages, strict=True) if page is not None}

    async def _put_unread(self, source: Source, items: Sequence[Incoming]) -> None:
        """Store what a listing has before the newsroom begins: it is not pushed, and its pages are read later."""
        titled = [item for item in items if len(item.candidate.content.title.split()) >= _HEADLINE_WORDS]
        await self._put(source, [_arrival(item, None) for item in titled])
        await self._pass_over(source, [item for item in items if item not in titled])

    async def _listing(self, source: Source, answer: Response) -> _FetchResult:
        items = await self._parser.listing(answer.document, source.selector, ticket=_ticket(source))
        if source.fetched_at is None:
            await self._put_unread(source, items)
            return _FetchResult()
        new = await self._new_among(source, items)
        deadline = asyncio.get_running_loop().time() + _LISTED_SECONDS
        pages = await self._read_pages(source, new, deadline)
        read = [_arrival(incoming, pages[incoming.mark]) for incoming in new if incoming.mark in pages]
        await self._put(source, read)
        return _FetchResult(new=len(read), is_whole=len(read) == len(new))

    async def _page(self, source: Source, answer: Response) -> _FetchResult:
        page = await self._parser.watched(
            answer.document,
            self._zone,
            now=self._clock(),
            source_url=source.url,
            ticket=_ticket(source),
        )
        new = await self._put(source, [Arrival(page, page.candidate.provenance.published_at)])
        return _FetchResult(page.candidate.content.title, new)

    async def _put(self, source: Source, arrivals: Sequence[Arrival]) -> int:
        """Store arrivals, some in each transaction, and return how many were new."""
        new = 0
        for begin in range(0, len(arrivals), _BATCH):
            stored = await self._commits.do(self._storing(source, arrivals[begin : begin + _BATCH]))
            new += stored.new
            if stored.wakes:
                self._wake()
        if new:
            _log.info("items_stored", source=source.id, new=new)
        return new

    def _storing(
        self, source: Source, batch: Sequence[Arrival]
    ) -> Callable[[Connection], Coroutine[Any, Any, Stored]]:
        async def store(tx: Connection) -> Stored:
            return await self._store.store(tx, await _as_now(tx, source), batch, now=self._clock())

        return store

    async def _pass_over(self, source: Source, items: Sequence[Incoming]) -> None:
        async def pass_over(tx: Connection) -> None:
            await self._store.pass_over(tx, await _as_now(tx, source), items, now=self._clock())

        await self._commits.do(pass_over)

    async def _settle(
        self, source: Source, answer: Response | NotModified, digest: str, stored: _FetchResult
    ) -> None:
        now = self._clock()
        fetched = self._finished(source, answer, digest, stored, now=now)
        # A feed without items, such as a half of one, is no proof that the source has moved there.
        moved_to = answer.moved_to if stored.known_items or source.kind is not SourceKind.FEED else ""

        async def settle(tx: Connection) -> None:
            await sources.settle_fetched(tx, [fetched])
            await source_health.after_fetch(tx, source, fetched, moved_to=moved_to, now=now)

        await self._commits.do(settle)
        _log.debug("source_fetched", source=source.id, new=stored.new)

    def _finished(
        self, source: Source, answer: Response | NotModified, digest: str, stored: _FetchResult, *, now: int
    ) -> FinishedFetch:
        """Return what the row of a source says after a fetch."""
        rhythm = _rhythm_after(source, stored, now)
        hints = replace(stored.hints, max_age=answer.max_age)
        return FinishedFetch(
            source_id=source.id,
            url=source.url,
            fetched_at=now,
            next_fetch_at=schedule.next_fetch(
                rhythm,
                hints,
                now=now,
                interval=source.interval or self._interval,
                phase=schedule.phase_of(source.id),
                rng=self._rng,
                adaptive=source.interval is None,
            ),
            title=stored.title or source.title,
            etag=answer.etag if isinstance(answer, Response) else source.etag,
            last_modified=answer.last_modified if isinstance(answer, Response) else source.last_modified,
            body_digest=digest,
            ttl=hints.ttl,
            skip_hours=hints.skip_hours,
            skip_days=hints.skip_days,
            brought_at=rhythm.brought_at,
            habit=rhythm.habit,
            took_ms=int(answer.took * 1000),
            hub=stored.hub,
            topic=stored.topic,
            known_items=stored.known_items,
        )

    async def _failed(self, source: Source, error: SourceError) -> None:
        counters.SOURCE_FETCHES.labels("failed").inc()
        _log.warning("source_failed", source=source.id, url=source.url, reason=str(error))
        now = self._clock()
        refusal = error if isinstance(error, HttpStatusError) else None
        since = source.failing_since or now
        failed = FailedFetch(
            source_id=source.id,
            url=source.url,
            failing_since=since,
            next_fetch_at=schedule.next_try(
                now=now,
                interval=source.interval or self._interval,
                failures=source.failures + 1,
                failing_since=since,
                rng=self._rng,
                retry_after=refusal.retry_after if refusal is not None else None,
            ),
            reason=str(error)[:_REASON_CHARS],
            took_ms=int(error.took * 1000),
            ended=refusal is not None and schedule.ends(refusal.status),
        )

        async def settle(tx: Connection) -> None:
            await sources.settle_failed(tx, [failed])
            await source_health.after_failure(tx, source, failed, now=now)

        await self._commits.do(settle)


async def _as_now(tx: Connection, fetched: Source) -> Source:
    """Return the source whose items are to be stored as it is now, and lock it.

    Staff may have changed it since its fetch began: what it brings goes where its settings say now. Raises
    _SourceChangedError where it was removed or paused, or leads elsewhere: nothing of that fetch is wanted then.
    """
    source = await sources.lock(tx, fetched.id, shared=True)
    if source is None or source.state is not SourceState.ACTIVE:
        raise _SourceChangedError
    if (source.url, source.kind, source.selector) != (fetched.url, fetched.kind, fetched.selector):
        raise _SourceChangedError
    return source


def _ticket(source: Source) -> Ticket:
    return Ticket(source_id=source.id)


def _as_before(source: Source) -> _FetchResult:
    """Return what a source says that says the same as before."""
    hints = schedule.Hints(None, source.ttl, source.skip_hours, source.skip_days)
    return _FetchResult(hints=hints, hub=source.hub, topic=source.topic, known_items=source.known_items)


def _rhythm_after(source: Source, stored: _FetchResult, now: int) -> schedule.Rhythm:
    """Return how often a source brings something new, by what a fetch at `now` has brought."""
    if not stored.new:
        return schedule.Rhythm(source.created_at, source.brought_at, source.habit)
    habit = stored.habit if source.fetched_at is None else source.habit
    if source.brought_at is not None:
        habit = schedule.habit_of(habit, (now - source.brought_at) / 1000)
    return schedule.Rhythm(source.created_at, now, habit)


def _dates(items: Sequence[Incoming]) -> list[int]:
    """Return the dates of items that have one, in ms."""
    return [date for item in items if (date := item.signals.published_at) is not None]


def _arrivals(items: Sequence[Incoming], pages: Mapping[int, PageRead]) -> list[Arrival]:
    """Return the items of a feed on their way, the oldest first, as their pages have them where these were read."""
    read = [pages.get(incoming.mark) for incoming in items]
    own = [incoming.candidate.provenance.published_at for incoming in items]
    of_pages = [page.reading.candidate.provenance.published_at if page is not None else 0 for page in read]
    dated = dates_that_count(own, of_pages)
    return [
        replace(_arrival(incoming, page), dated=date)
        for incoming, page, date in zip(items, read, dated, strict=True)
    ]


def _arrival(incoming: Incoming, page: PageRead | None) -> Arrival:
    """Return an item on its way, as its page has it where that was read."""
    dated = incoming.candidate.provenance.published_at
    if page is None:
        return Arrival(incoming, dated)
    read = page.reading
    # Whether it is new is a question of the item's own date, of the page's only where the item has none.
    dated = dated or read.candidate.provenance.published_at
    return Arrival(replace(incoming, candidate=read.candidate, texts=read.texts), dated, page)
