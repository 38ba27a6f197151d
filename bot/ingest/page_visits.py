"""Visits to articles' pages in the background: first readings, tries after a failure, looks for a change."""

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import structlog
from httpx import codes

from bot.clock import Clock
from bot.errors import SourceError
from bot.ingest.candidate import Candidate, from_article
from bot.ingest.fetch.fetcher import HttpStatusError
from bot.ingest.fetch.turns import Ticket, Urgency
from bot.ingest.identity.addresses import same_site
from bot.ingest.page import visit_policy
from bot.ingest.page.trust import Doubt
from bot.ingest.page_reader import DoubtfulPageError, PageRead, PageReader
from bot.ingest.routing.routes import routes_of
from bot.ingest.storing import visit_outcomes
from bot.ingest.storing.recognition import own_addresses_among
from bot.ingest.storing.source_signs import count_new, signs_among
from bot.ingest.storing.upsert import ChangeTerms, Outcome, change, history_of, terms_of
from bot.newsroom.source_changes import Question, request_decision
from persian.normalise import match_key
from storage import article_identity, article_origin, articles, page_visits, source_items, sources, stories
from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.engine.group_commit import GroupCommit
from storage.page_visits import DueVisit
from storage.records import Article, ChangePolicy, PageVisit, RequestSetting, Source
from storage.stories import Signed

MAX_IN_FLIGHT = 60
"""Pages that are read at once."""

_LOOKED_AHEAD = 600
_PER_HOST = 5
_PER_SOURCE = 60
_OF_A_SOURCE_AT_ONCE = 12
_OF_A_HOST_AT_ONCE = 6
_LEASE_MS = 120_000
_REFILL_SECONDS = 2.0
_LOOK_ROUND_SECONDS = 10.0

_log = structlog.get_logger(__name__)


class PageVisits:
    """Pays visits, the newest articles' first, at the pace that each host is given.

    Of no source and no host too many are under way at once: one that does not answer leaves others their places.

    `wake` is called after each change that somebody has yet to get.
    """

    def __init__(
        self,
        database: Database,
        commits: GroupCommit,
        reader: PageReader,
        clock: Clock,
        *,
        wake: Callable[[], None],
    ) -> None:
        self._database = database
        self._commits = commits
        self._reader = reader
        self._clock = clock
        self._wake = wake
        self._next: deque[DueVisit] = deque()
        self._refilled_at = float("-inf")
        self._under_way: dict[asyncio.Task[None], DueVisit] = {}
        self._is_stopped = False

    async def start_due(self) -> None:
        """Start the due visits for which there is room."""
        room = MAX_IN_FLIGHT - len(self._under_way)
        if room <= 0 or self._is_stopped:
            return
        # All at hand may be of sources and hosts that are not free: now and then others are looked for, too.
        pause = _REFILL_SECONDS if len(self._next) < room else _LOOK_ROUND_SECONDS
        if asyncio.get_running_loop().time() >= self._refilled_at + pause:
            await self._refill()
        claimed = await self._claimed(self._chosen(room))
        if not claimed:
            return
        stored, requests = await self._needed_by(claimed)
        for due in claimed:
            if (article := stored.get(due.visit.article_id)) is None:
                continue  # its visit went with it
            if self._is_stopped:
                return  # what was claimed is due again when its lease ends
            task = asyncio.create_task(self._pay(due.visit, article, requests.get(due.source_id or 0, ())))
            self._under_way[task] = due
            task.add_done_callback(self._under_way.pop)
            await asyncio.sleep(0)  # others come between the first steps of many visits

    async def _needed_by(
        self, claimed: Sequence[DueVisit]
    ) -> tuple[Mapping[int, Article], Mapping[int, Sequence[RequestSetting]]]:
        """Return the articles of visits by their ids, and what their sources have set for requests by theirs."""
        ids = [due.visit.article_id for due in claimed]
        source_ids = {due.source_id for due in claimed if due.source_id is not None}
        async with self._database.read() as connection:
            stored = {article.id: article for article in await articles.get_many(connection, ids)}
            return stored, await sources.requests_of(connection, source_ids)

    async def stop(self) -> None:
        """Cancel the visits under way, and begin no more; their pages are due again when their leases end."""
        self._is_stopped = True
        tasks = list(self._under_way)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _refill(self) -> None:
        self._refilled_at = asyncio.get_running_loop().time()
        async with self._database.read() as connection:
            due = await page_visits.due(
                connection, now=self._clock(), limit=_LOOKED_AHEAD, per_host=_PER_HOST, per_source=_PER_SOURCE
            )
        self._next = deque(due)

    def _chosen(self, room: int) -> list[DueVisit]:
        """Choose the next visits whose sources and hosts are free; the others keep their places."""
        chosen: list[DueVisit] = []
        of_sources = Counter(due.source_id for due in self._under_way.values())
        of_hosts = Counter(due.visit.host for due in self._under_way.values())
        for _ in range(len(self._next)):
            if len(chosen) == room:
                break
            due = self._next.popleft()
            source_id, host = due.source_id, due.visit.host
            has_room = of_sources[source_id] < _OF_A_SOURCE_AT_ONCE and of_hosts[host] < _OF_A_HOST_AT_ONCE
            if has_room and self._reader.try_acquire(host):
                of_sources[source_id] += 1
                of_hosts[host] += 1
                chosen.append(due)
            else:
                self._next.append(due)
        return chosen

    async def _claimed(self, chosen: list[DueVisit]) -> list[DueVisit]:
        if not chosen:
            return []
        now = self._clock()
        ids = [due.visit.article_id for due in chosen]

        async def claim(tx: Connection) -> set[int]:
            return await page_visits.claim(tx, ids, now=now, lease_until=now + _LEASE_MS)

        is_claimed = await self._commits.do(claim)
        return [due for due in chosen if due.visit.article_id in is_claimed]

    async def _pay(self, visit: PageVisit, article: Article, requests: Sequence[RequestSetting]) -> None:
        try:
            await self.pay(visit, article, requests)
        except Exception:  # noqa: BLE001 - one page's trouble must not end the others' reading
            _log.exception("page_visit_broke", article_id=visit.article_id)

    async def pay(self, visit: PageVisit, article: Article, requests: Sequence[RequestSetting] = ()) -> None:
        """Read an article's page and store what came of it; `requests` are what its source has set."""
        known = from_article(article)
        page: PageRead | None = None
        question: Question | None = None
        after = None
        ticket = Ticket(Urgency.BACKGROUND, article.source_id)
        try:
            if visit.visits:
                page = await self._reader.again(article.url, known, ticket, requests, visit=visit)
            else:
                page = await self._reader.read(article.url, known, ticket, requests)
        except SourceError as error:
            _log.info("page_failed", article_id=article.id, url=article.url, reason=str(error))
            doubt = error.doubt if isinstance(error, DoubtfulPageError) else ""
            retry_after = error.retry_after if isinstance(error, HttpStatusError) else None
            after = visit_outcomes.failed(visit, now=self._clock(), doubt=doubt, retry_after=retry_after)
            question = _question(error, after)
        outcome = await self._commits.do(lambda tx: self._settle(tx, visit, page, after, question=question))
        if outcome is Outcome.CORRECTED:
            self._wake()

    async def _settle(
        self,
        tx: Connection,
        visit: PageVisit,
        page: PageRead | None,
        after: PageVisit | None,
        *,
        question: Question | None,
    ) -> Outcome:
        now = self._clock()
        # Looked up again: it may have been revised or deleted while the page was fetched. Locked: what its terms
        # allow depends on its state, which staff may change at this moment.
        current = await articles.lock(tx, visit.article_id)
        if current is None:
            return Outcome.SAME
        if after is not None:
            if question is not None:
                after = await _request_decision_once(tx, current, after, question, now=now)
            await page_visits.put(tx, [after])
            return Outcome.SAME
        if page is None:
            await page_visits.put(tx, [visit_outcomes.unchanged(visit, now=now)])
            return Outcome.SAME
        visit = await _dated_by(page, tx, current, visit)
        await page_visits.put(tx, [visit_outcomes.visited(visit, page, now=now)])
        source = await sources.get(tx, current.source_id) if current.source_id is not None else None
        terms = _terms(source, is_first=visit.visits == 0)
        if visit.visits and not _is_own(page.url, current, source):
            _log.warning("page_leads_elsewhere", article_id=current.id, url=current.url, led_to=page.url)
            return await self._apply(tx, current, page, _asking(terms), is_first=False, now=now)
        await _remember(tx, current, page.reading.addresses)
        story = page.reading.story
        await stories.put(tx, [Signed(current.id, story.packed, story.bands)], now=now)
        return await self._apply(tx, current, page, terms, is_first=visit.visits == 0, now=now)

    async def _apply(
        self, tx: Connection, current: Article, page: PageRead, terms: ChangeTerms, *, is_first: bool, now: int
    ) -> Outcome:
        routes = await routes_of(tx, current.source_id)
        candidate = page.reading.candidate
        if current.source_id is not None:
            candidate = await _without_signs(tx, current.source_id, candidate, current, is_first=is_first, now=now)
            if await _is_behind_feed(tx, candidate.content.title, current):
                candidate = replace(candidate, content=replace(candidate.content, title=current.content.title))
        routed = await routes.of(candidate, page.reading.texts, current.category.id)
        return await change(
            tx,
            current,
            routed.candidate,
            terms,
            now=now,
            category_id=routed.routing.category_id,
            texts=routed.texts,
        )


async def _dated_by(page: PageRead, tx: Connection, current: Article, visit: PageVisit) -> PageVisit:
    """Give an article whose feed had no date that of its page; the date of its arrival stood in."""
    dated = page.reading.candidate.provenance.published_at
    if visit.visits or current.published_at != current.created_at or dated >= current.published_at:
        return visit
    await article_origin.set_date(tx, current.id, dated)
    return replace(visit, published_at=dated)


async def _without_signs(
    tx: Connection, source_id: int, candidate: Candidate, current: Article, *, is_first: bool, now: int
) -> Candidate:
    """Return what a page says without its source's signs; the photo that a first reading brings is counted."""
    present = current.content.photo
    if is_first and candidate.content.photo != present:
        signs = await count_new(tx, source_id, [candidate], now=now)
    else:
        signs = await signs_among(tx, source_id, [candidate])
    return signs.without(candidate, present)


async def _is_behind_feed(tx: Connection, title: str, current: Article) -> bool:
    """Return whether a page's headline is one that its article had before its feed corrected it.

    Caches keep pages as they were. The feed's correction stays until the page has a headline of its own again.
    """
    key, present = match_key(title), match_key(current.content.title)
    if key == present:
        return False
    told = [sighting.item for sighting in await source_items.sightings(tx, current.id)]
    if not any(item.source_id == current.source_id and item.title == present for item in told):
        return False
    *earlier, _ = await history_of(tx, current)
    return any(match_key(content.title) == key for content in earlier)


async def _remember(tx: Connection, article: Article, addresses: Sequence[str]) -> None:
    """Store those addresses of an article's page that are its own, so that it is recognised by them."""
    bringers = await article_origin.bringers(tx, [article])
    own = own_addresses_among(addresses, item_url=article.url, source_url=bringers.get(article.id, ""))
    await article_identity.add_addresses(tx, [(address, article.id) for address in own])


def _terms(source: Source | None, *, is_first: bool) -> ChangeTerms:
    """Return the terms for what a page says.

    The first reading belongs to bringing the article in; what comes later is a change by its source. What a source
    brought that is no more is nobody's to change without a yes.
    """
    if source is None:
        return ChangeTerms(ChangePolicy.ASK, reviewed=False, source_url="")
    terms = terms_of(source)
    return replace(terms, policy=ChangePolicy.FOLLOW) if is_first else terms


def _is_own(url: str, article: Article, source: Source | None) -> bool:
    """Return whether an address is of the article's own site, or of its source's: only these speak for it."""
    return same_site(url, article.url) or (source is not None and same_site(url, source.url))


def _asking(terms: ChangeTerms) -> ChangeTerms:
    """Return terms under which no change comes without a yes."""
    return replace(terms, policy=ChangePolicy.ASK) if terms.policy is ChangePolicy.FOLLOW else terms


def _question(error: SourceError, after: PageVisit) -> Question | None:
    """Return what the newsroom is asked where a page that was read before fails: is it gone, was it emptied?

    A page is gone where its site says so, or did not find it twice.
    """
    if not after.visits:
        return None
    if isinstance(error, DoubtfulPageError):
        return Question.EMPTIED if error.doubt is Doubt.GUTTED else None
    status = error.status if isinstance(error, HttpStatusError) else 0
    is_gone = status == codes.GONE or (status == codes.NOT_FOUND and after.failures > 1)
    return Question.VANISHED if is_gone else None


async def _request_decision_once(
    tx: Connection, current: Article, after: PageVisit, question: Question, *, now: int
) -> PageVisit:
    """Ask the newsroom, once, about a page; one that is gone is not asked for again."""
    if not after.asked:
        await request_decision(tx, current, question, now=now, category_id=current.category.id)
    due_at = visit_policy.NEVER if question is Question.VANISHED else after.due_at
    return replace(after, asked=True, due_at=due_at)
