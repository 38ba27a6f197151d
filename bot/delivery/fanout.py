"""From publications to deliveries, and from changes to amendments, chunk by chunk."""

from zoneinfo import ZoneInfo

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.delivery.lanes import LANES
from bot.delivery.timing import Due, next_due, parse_quiet, parse_schedule
from storage import amendments, articles, fanouts
from storage.database import Database
from storage.fanouts import CHANGES, Slot, Target
from storage.records import FanOut, FanOutKind

CHUNK_CHATS = 5_000
"""Chats that one transaction fans out to; nobody waits more than some 40 ms for it."""
CHUNK_COPIES = 2_000
"""Copies that one transaction owes a change to."""

_log = structlog.get_logger(__name__)


class FanOuts:
    """Does what is open, the most urgent first."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        chunk_chats: int = CHUNK_CHATS,
        chunk_copies: int = CHUNK_COPIES,
    ) -> None:
        self._database = database
        self._clock = clock
        self._chunk_chats = chunk_chats
        self._chunk_copies = chunk_copies

    async def step(self) -> bool:
        """Do one chunk; return whether there was any."""
        async with self._database.read() as connection:
            if await fanouts.next_open(connection) is None:
                return False
        async with self._database.write() as tx:
            work = await fanouts.next_open(tx)
            if work is None:
                return False
            more = await (self._amend if work.kind in CHANGES else self._deliver)(tx, work)
        _log.debug("fanned_out", article_id=work.article_id, kind=work.kind, rank=work.rank, more=more)
        return True

    async def _deliver(self, tx: AsyncConnection, work: FanOut) -> bool:
        now, lane = self._clock(), LANES[work.kind]
        end = await fanouts.chunk_end(tx, work, self._chunk_chats)
        await fanouts.deliver_now(tx, work, end, lane=lane, now=now)
        targets = await fanouts.scheduled_targets(tx, work, end)
        await fanouts.deliver_later(tx, work, [_slot(target, work, now) for target in targets], lane=lane, now=now)
        return await fanouts.advance(tx, work, end, now=now)

    async def _amend(self, tx: AsyncConnection, work: FanOut) -> bool:
        now = self._clock()
        if work.rank < amendments.COPIES:
            # What waits still is taken back first; a correction needs nothing there: it is sent in its newest form.
            if work.kind is FanOutKind.RETRACTION and await fanouts.withdraw(tx, work, self._chunk_chats, now=now):
                return True
            return await fanouts.advance(tx, work, None, now=now)
        # What a source changes by itself is put right without haste, however often it does.
        calm = work.kind is FanOutKind.CORRECTION and await articles.last_editor(tx, work.article_id) is None
        end = await amendments.owe(tx, work, lane=LANES[work.kind], limit=self._chunk_copies, now=now, calm=calm)
        return await fanouts.advance(tx, work, end, now=now)


def _slot(target: Target, work: FanOut, now: int) -> Slot:
    due = slot_of(target, work.kind, now=now)
    return Slot(target.chat_id, target.topic_id, target.rank, due.at, due.fold)


def slot_of(target: Target, kind: FanOutKind, *, now: int) -> Due:
    """Return when a chat gets a publication of `now` (pure).

    Breaking news and announcements wait only for quiet hours, and announcements share no message.
    """
    schedule = parse_schedule(target.schedule if kind is FanOutKind.HEADLINE else "instant")
    assert schedule is not None, "storage keeps only schedules that were parsed"
    quiet = parse_quiet(target.quiet)
    if kind is FanOutKind.BREAKING and target.breaking_passes_quiet:
        quiet = None
    due = next_due(schedule, quiet, ZoneInfo(target.timezone), now)
    return Due(due.at, fold=due.fold and kind is not FanOutKind.ANNOUNCEMENT)
