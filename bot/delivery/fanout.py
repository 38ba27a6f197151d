"""From publications to deliveries, and from changes to amendments, chunk by chunk."""

import time
from collections.abc import Sequence

import structlog

from bot.clock import Clock
from bot.delivery.keyword_matching import Chunk, Matcher
from bot.delivery.lanes import LANES, lane_of
from bot.delivery.timing import DueTime, next_due
from bot.time_zones import time_zone
from persian.schedule import INSTANT
from storage import amendments, articles, fanouts, subscription_matching
from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.fanouts import CHANGES, Slot, Target
from storage.malformed import MalformedRowError
from storage.records import FanOut, FanOutKind
from storage.subscription_matching import NOTHING_MORE, Subjects

CHUNK_CHATS = 5_000
"""Chats that one transaction fans out to; nobody waits more than some 40 ms for it."""
CHUNK_WORDS = 5_000
"""Subscriptions by words, about, of which one chunk has at most."""
CHUNK_COPIES = 2_000
"""Copies for which one transaction enqueues amendments."""

MORE_SECONDS = 0.025
"""The time within which a transaction begins another chunk."""
_FEW_WORDS = 50

_PARKED_MS = 10 * 60_000
"""The pause (ms) before a fan-out of a malformed article is tried again."""

_log = structlog.get_logger(__name__)


class FanOuts:
    """Does the open fan-outs, the most urgent first; parks one whose article is malformed, so that others go on."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        chunk_chats: int = CHUNK_CHATS,
        chunk_copies: int = CHUNK_COPIES,
        more_seconds: float = MORE_SECONDS,
    ) -> None:
        self._database = database
        self._clock = clock
        self._chunk_chats = chunk_chats
        self._chunk_copies = chunk_copies
        self._more_seconds = more_seconds
        self._matcher: Matcher | None = None
        self._parked_until: dict[int, int] = {}

    async def next_open(self, connection: Connection) -> FanOut | None:
        """Return the fan-out to go on with, None where there is none but parked ones."""
        now = self._clock()
        parked = [fan_out_id for fan_out_id, until in self._parked_until.items() if until > now]
        return await fanouts.next_open(connection, but=parked)

    async def step(self) -> bool:
        """Fan out one chunk, or several small ones; False where no fan-out is open or another process works on it.

        Where many sources publish at once, to a few chats each, most of the time would go into transactions.
        """
        async with self._database.read() as connection:
            work = await self.next_open(connection)
            if work is None:
                return False
            try:
                chunk = await self._chunk(connection, work) if work.kind not in CHANGES else None
            except MalformedRowError as error:
                self._parked_until[work.id] = self._clock() + _PARKED_MS
                _log.error("fan_out_parked", article_id=work.article_id, kind=work.kind, reason=str(error))
                return True
        # Matching words may take a while: no transaction waits for it.
        subjects = await chunk.subjects() if chunk is not None else NOTHING_MORE
        async with self._database.write() as tx:
            until = time.monotonic() + self._more_seconds
            if not await fanouts.lock(tx, work):
                return False
            if chunk is None:
                more = await self._amend(tx, work)
            elif await self.next_open(tx) == work:
                more = await self._deliver(tx, work, chunk.end, subjects)
                await self._deliver_next(tx, until)
            else:
                return True  # something more urgent came
        _log.debug("fanned_out", article_id=work.article_id, kind=work.kind, rank=work.rank, more=more)
        return True

    async def _deliver_next(self, tx: Connection, until: float) -> None:
        """Deliver the next chunks while there is time, up to one that may take long."""
        while time.monotonic() < until:
            work = await self.next_open(tx)
            if work is None or work.kind in CHANGES:
                return
            try:
                chunk = await self._chunk(tx, work)
            except MalformedRowError:
                return  # the next step parks it
            if len(chunk.words) > _FEW_WORDS or not await fanouts.lock(tx, work):
                return
            await self._deliver(tx, work, chunk.end, await chunk.subjects())

    async def _chunk(self, connection: Connection, work: FanOut) -> Chunk:
        """Read which chats come next, and by which words they follow or mute anything."""
        end = await fanouts.chunk_end(connection, work, self._chunk_chats)
        if work.kind is FanOutKind.ANNOUNCEMENT:
            return Chunk(end)
        if self._matcher is None or self._matcher.fan_out != (work.id, work.released_at):
            article = await articles.get(connection, work.article_id)
            assert article is not None, "what is on its way is stored"
            self._matcher = Matcher((work.id, work.released_at), article)
        end, words = await subscription_matching.by_words(connection, work, end, limit=CHUNK_WORDS)
        return Chunk(end, self._matcher, words)

    async def _deliver(self, tx: Connection, work: FanOut, end: int | None, subjects: Subjects) -> bool:
        now, lane, folded = self._clock(), LANES[work.kind], lane_of(work.kind, fold=True)
        await fanouts.deliver_now(tx, work, end, subjects, lane=lane, now=now)
        targets = await fanouts.scheduled_targets(tx, work, end, subjects)
        slots = slots_of(targets, work.kind, now=now)
        for slot in slots:
            if slot.refusal:
                _log.error(
                    "delivery_refused", article_id=work.article_id, chat_id=slot.chat_id, reason=slot.refusal
                )
        await fanouts.deliver_later(tx, work, [slot for slot in slots if not slot.fold], lane=lane, now=now)
        await fanouts.deliver_later(tx, work, [slot for slot in slots if slot.fold], lane=folded, now=now)
        return await fanouts.advance(tx, work, end, now=now)

    async def _amend(self, tx: Connection, work: FanOut) -> bool:
        now = self._clock()
        if work.rank < amendments.COPIES:
            # A retraction first withdraws what waits; a correction leaves it: it is sent in its newest form.
            if work.kind is FanOutKind.RETRACTION and await fanouts.withdraw(tx, work, self._chunk_chats, now=now):
                return True
            return await fanouts.advance(tx, work, None, now=now)
        # What a source changes by itself is put right without haste, however often it does.
        calm = work.kind is FanOutKind.CORRECTION and await articles.last_editor(tx, work.article_id) is None
        end = await amendments.enqueue(
            tx, work, lane=LANES[work.kind], limit=self._chunk_copies, now=now, calm=calm
        )
        return await fanouts.advance(tx, work, end, now=now)


def slots_of(targets: Sequence[Target], kind: FanOutKind, *, now: int) -> list[Slot]:
    """Return when each place gets a publication of `now`: by the earliest of the schedules that it has for it.

    The slot of a place whose row is malformed has a refusal.
    """
    earliest: dict[tuple[int, int], Slot] = {}
    for target in targets:
        place, slot = (target.chat_id, target.topic_id), _slot(target, kind, now=now)
        if place not in earliest or _order(slot) < _order(earliest[place]):
            earliest[place] = slot
    return list(earliest.values())


def _slot(target: Target, kind: FanOutKind, *, now: int) -> Slot:
    try:
        due = slot_of(target, kind, now=now)
    except ValueError as error:  # no schedule, or no time zone
        refusal = str(MalformedRowError("chat", target.chat_id, error))
        return Slot(target.chat_id, target.topic_id, target.rank, now, fold=False, refusal=refusal)
    return Slot(target.chat_id, target.topic_id, target.rank, due.at, due.fold)


def _order(slot: Slot) -> tuple[bool, int, bool]:
    return bool(slot.refusal), slot.due_at, slot.fold


def slot_of(target: Target, kind: FanOutKind, *, now: int) -> DueTime:
    """Return when a chat gets a publication of `now` (pure).

    Breaking news and announcements wait only for quiet hours, and announcements share no message. Raises
    ValueError where the chat's row is malformed.
    """
    schedule = target.schedule if kind is FanOutKind.HEADLINE else INSTANT
    passes_quiet = kind is FanOutKind.BREAKING and target.breaking_passes_quiet
    quiet = None if passes_quiet else target.quiet
    due = next_due(schedule, quiet, time_zone(target.timezone), now)
    return DueTime(due.at, fold=due.fold and kind is not FanOutKind.ANNOUNCEMENT)
