"""Sources -> articles: order and concurrency only; what to do is decided in bot.ingest.fetch.policy.

Every due source is fetched at the same time as the others, and none stops another. An item is stored as soon as
its page has been read; where the page cannot be had in time, the item is stored as its feed has it, and the page
is tried again later.
"""

import asyncio
from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

import structlog

from bot.clock import Clock
from bot.errors import SourceError
from bot.ingest.candidate import Candidate, category_of, from_article, from_item, from_page, with_page
from bot.ingest.fetch import policy
from bot.ingest.fetch.fetcher import Fetcher, HttpStatusError, NotModified, Response
from bot.ingest.items import FeedItem, PageArticle
from bot.ingest.parser import Parser
from bot.ingest.source_ids import number_of
from bot.ingest.upsert import Outcome, revise, upsert
from storage import articles, categories, sources
from storage.database import Database
from storage.records import Source, SourceKind

PAGE_SECONDS = 4.0
"""How long an item waits for its page before it is stored as its feed has it: a channel must have it in time."""

# A listing has nothing but the pages; those that its first fetch leaves out would be pushed by the second.
_LISTED_SECONDS = 60.0
_PAGES_AT_ONCE = 4
_RETRIES_AT_ONCE = 10
# Renewed at each look; a fetch whose process died begins anew after so long.
_LEASE_MS = 10_000
_PAGE_LEASE_MS = 60_000
_ITEMS_AT_ONCE = 300

_log = structlog.get_logger(__name__)


class Pipeline:
    """Fetches sources. `interval` is FETCH_INTERVAL in seconds, `most_age` MAX_PUSH_AGE in ms.

    `wake` is called after each publication, and each change of what was published.
    """

    def __init__(
        self,
        database: Database,
        fetcher: Fetcher,
        parser: Parser,
        clock: Clock,
        *,
        zone: ZoneInfo,
        interval: float,
        most_age: int,
        wake: Callable[[], None],
    ) -> None:
        self._database = database
        self._fetcher = fetcher
        self._parser = parser
        self._clock = clock
        self._zone = zone
        self._interval = interval
        self._most_age = most_age
        self._wake = wake
        self._under_way: dict[int, asyncio.Task[None]] = {}
        self._held_until = 0
        self._retrying = False

    async def look(self) -> None:
        """Start what is due and return; a source whose last fetch still runs, here or elsewhere, is left to it."""
        async with self._database.write() as tx:
            now = self._clock()
            lease_until = now + _LEASE_MS
            if self._under_way:
                await sources.hold(tx, self._under_way, held_until=self._held_until, lease_until=lease_until)
            due = await sources.claim(tx, now=now, lease_until=lease_until)
        self._held_until = lease_until
        for source in due:
            if source.id in self._under_way:
                continue  # its lease ran out on us: it goes on, and settles its next fetch itself
            self._under_way[source.id] = asyncio.create_task(self._run(source))

    async def stop(self) -> None:
        """End what is under way; what was not stored yet comes with the next fetch."""
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self, source: Source) -> None:
        try:
            await self.fetch(source)
        finally:
            del self._under_way[source.id]

    async def fetch(self, source: Source) -> None:
        """Fetch one source and store what is new; whatever goes wrong is written down with the source."""
        interval = source.interval or self._interval
        try:
            await self._fetch(source, interval)
        except SourceError as error:
            asked = error.retry_after if isinstance(error, HttpStatusError) else None
            await self._failed(source, interval, str(error), asked)
        except Exception as error:  # noqa: BLE001 - one source's trouble must not end the others' fetching
            _log.exception("source_broke", source=source.id)
            await self._failed(source, interval, f"{type(error).__name__}: {error}", None)

    async def _fetch(self, source: Source, interval: float) -> None:
        answer = await self._fetcher.get(source.url, etag=source.etag, last_modified=source.last_modified)
        fetched_at = self._clock()
        title, etag, last_modified = "", source.etag, source.last_modified
        if isinstance(answer, Response):
            etag, last_modified = answer.etag, answer.last_modified
            title = await self._read(source, answer)
        async with self._database.write() as tx:
            await sources.settle_fetch(
                tx,
                source.id,
                now=self._clock(),
                next_fetch_at=policy.next_fetch(fetched_at, interval, fresh=answer.max_age),
                etag=etag,
                last_modified=last_modified,
                title=title,
            )
        _log.info("source_fetched", source=source.id, changed=not isinstance(answer, NotModified))

    async def _failed(self, source: Source, interval: float, reason: str, asked: int | None) -> None:
        _log.warning("source_failed", source=source.id, url=source.url, reason=reason)
        now = self._clock()
        async with self._database.write() as tx:
            await sources.settle_fetch(
                tx,
                source.id,
                now=now,
                next_fetch_at=policy.next_fetch(now, interval, asked=asked),
                error=reason[:500],
            )

    async def _read(self, source: Source, answer: Response) -> str:
        """Store what an answer holds; return the source's own title."""
        if source.kind is SourceKind.PAGE:
            page = await self._parser.page(answer.body, answer.content_type, answer.url, self._zone, self._clock())
            candidate = from_page(page)
            key = candidate.provenance.number or source.url
            await self._store(source, key, candidate, candidate.digest(), dated=candidate.provenance.published_at)
            return page.title
        if source.kind is SourceKind.LISTING:
            links = await self._parser.listing(answer.body, answer.content_type, answer.url, source.selector)
            items = [
                FeedItem(link.url, link.url, link.text, "", (), None, (), "", "", number_of(link.url), "")
                for link in links
            ]
            await self._read_items(source, items, "", page_needed=True)
            return ""
        feed = await self._parser.feed(answer.body, answer.content_type, answer.url, self._zone)
        await self._read_items(source, feed.items, feed.language, page_needed=False)
        return feed.title

    async def _read_items(
        self, source: Source, items: Sequence[FeedItem], language: str, *, page_needed: bool
    ) -> None:
        ordered = policy.in_order(items)[-_ITEMS_AT_ONCE:]
        found = {item.key: from_item(item, language) for item in ordered}
        digests = {key: candidate.digest() for key, candidate in found.items()}
        async with self._database.read() as connection:
            known = await sources.items(connection, source.id, list(found))
        steps = policy.changed_keys(digests, known)
        if page_needed:
            # A listing's link text says nothing of a change: only new links are read.
            steps = {key: step for key, step in steps.items() if step is policy.Step.STORE}
        turns = asyncio.Semaphore(_PAGES_AT_ONCE)
        patience = _LISTED_SECONDS if page_needed else PAGE_SECONDS
        deadline = asyncio.get_running_loop().time() + patience
        reading = {
            key: asyncio.create_task(self._page_in_time(found[key].provenance.url, turns, deadline))
            for key in found
            if key in steps
        }
        try:
            for key, task in reading.items():
                page = await task
                # Whether it is new is a question of the item's own date, the page's only where items have none.
                dated = found[key].provenance.published_at
                known_id = known.get(key, (None, ""))[0]
                if page is not None:
                    if page_needed:
                        dated = page.published_at or 0
                    read = with_page(found[key], page)
                    await self._store(source, key, read, digests[key], dated=dated, known_id=known_id)
                elif not page_needed and (steps[key] is policy.Step.STORE or not found[key].provenance.url):
                    # A change waits for its page: the feed's few words must not replace the whole text.
                    await self._store(
                        source, key, found[key], digests[key], dated=dated, known_id=known_id, page_later=True
                    )
        finally:
            for task in reading.values():
                task.cancel()

    async def _page_in_time(self, url: str, turns: asyncio.Semaphore, deadline: float) -> PageArticle | None:
        """Return the page, None where it cannot be had before `deadline` (of the loop's clock)."""
        if not url:
            return None
        try:
            async with asyncio.timeout_at(deadline), turns:
                return await self.read_page(url)
        except TimeoutError:
            _log.info("page_late", url=url)
        except SourceError as error:
            _log.info("page_failed", url=url, reason=str(error))
        return None

    async def read_page(self, url: str) -> PageArticle:
        """Fetch and read the article at an address. Raises SourceError."""
        answer = await self._fetcher.get(url)
        assert isinstance(answer, Response), "only conditional fetches find nothing new"
        return await self._parser.page(answer.body, answer.content_type, answer.url, self._zone, self._clock())

    async def _store(
        self,
        source: Source,
        key: str,
        candidate: Candidate,
        digest: str,
        *,
        dated: int,
        known_id: int | None = None,
        page_later: bool = False,
    ) -> None:
        """Store a candidate under its key. `dated` (ms, 0: no date) decides whether it is pushed, `known_id` is the
        article that the key stood for until now; `page_later` has its page read when it can be had."""
        async with self._database.write() as tx:
            now = self._clock()
            category = category_of(candidate.category_words, await categories.all_(tx))
            pushed = policy.is_pushed(
                first_fetch=source.fetched_at is None,
                published_at=dated,
                now=now,
                most_age=self._most_age,
            )
            kept = await upsert(
                tx,
                candidate,
                category_id=category.id if category else source.category_id,
                publish=not source.review,
                push=pushed,
                now=now,
                known_id=known_id,
                gate=source.review,
            )
            await sources.note_item(tx, source.id, key, article_id=kept.article_id, digest=digest, now=now)
            if page_later and candidate.provenance.url and kept.outcome is Outcome.NEW:
                await sources.put_off_page(tx, kept.article_id, due_at=now)
        _log.info("item_kept", source=source.id, article_id=kept.article_id, outcome=kept.outcome)
        if kept.outcome is Outcome.REVISED or (kept.outcome is Outcome.NEW and pushed):
            self._wake()

    async def retry_pages(self) -> None:
        """Read the pages that could not be had when their items came."""
        if self._retrying:
            return
        self._retrying = True
        try:
            for _ in range(_RETRIES_AT_ONCE):
                async with self._database.write() as tx:
                    now = self._clock()
                    due = await sources.claim_page(tx, now=now, lease_until=now + _PAGE_LEASE_MS)
                if due is None:
                    return
                await self._retry_page(*due)
        finally:
            self._retrying = False

    async def _retry_page(self, article_id: int, attempts: int) -> None:
        async with self._database.read() as connection:
            found = await articles.get(connection, article_id)
        page: PageArticle | None = None
        if found is not None:
            try:
                page = await self.read_page(found.url)
            except SourceError as error:
                _log.info("page_failed", url=found.url, reason=str(error), attempts=attempts)
        outcome = Outcome.SAME
        async with self._database.write() as tx:
            again = policy.next_page_try(self._clock(), attempts)
            if page is None and found is not None and again is not None:
                await sources.put_off_page(tx, article_id, due_at=again)
                return
            await sources.page_done(tx, article_id)
            # Looked up again: it may have been revised or deleted while the page was fetched.
            current = await articles.get(tx, article_id)
            if page is not None and current is not None:
                category = category_of(page.category_words, await categories.all_(tx))
                outcome = await revise(
                    tx,
                    current,
                    with_page(from_article(current), page),
                    now=self._clock(),
                    category_id=category.id if category else None,
                )
        if outcome is Outcome.REVISED:
            self._wake()
