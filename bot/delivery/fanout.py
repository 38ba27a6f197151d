"""From publications to deliveries, chunk by chunk."""

from zoneinfo import ZoneInfo

import structlog

from bot.clock import Clock
from bot.delivery.lanes import Lane
from bot.delivery.timing import Due, next_due, parse_quiet, parse_schedule
from storage import outbox
from storage.database import Database
from storage.outbox import Slot, Target
from storage.records import DeliveryKind, FanOut

CHUNK_CHATS = 10_000
"""Chats that one transaction fans out to; nobody waits more than some 40 ms for it."""

_LANES = {DeliveryKind.HEADLINE: Lane.HEADLINE, DeliveryKind.BREAKING: Lane.BREAKING}

_log = structlog.get_logger(__name__)


class FanOuts:
    """Turns open fan-outs into deliveries."""

    def __init__(self, database: Database, clock: Clock, *, chunk_chats: int = CHUNK_CHATS) -> None:
        self._database = database
        self._clock = clock
        self._chunk_chats = chunk_chats

    async def step(self) -> bool:
        """Do one chunk of the oldest open fan-out; return whether there was any."""
        async with self._database.read() as connection:
            if not await outbox.open_fan_outs(connection):
                return False
        async with self._database.write() as tx:
            works = await outbox.open_fan_outs(tx)
            if not works:
                return False
            work, now, lane = works[0], self._clock(), _LANES[works[0].kind]
            end = await outbox.chunk_end(tx, work, self._chunk_chats)
            made = await outbox.deliver_now(tx, work, end, lane=lane, now=now)
            targets = await outbox.scheduled_targets(tx, work, end)
            await outbox.deliver_later(
                tx, work, [_slot(target, work, now) for target in targets], lane=lane, now=now
            )
            more = await outbox.advance(tx, work, end, now=now)
        _log.debug("fanned_out", article_id=work.article_id, made=made + len(targets), more=more)
        return True


def _slot(target: Target, work: FanOut, now: int) -> Slot:
    due = slot_of(target, breaking=work.kind is DeliveryKind.BREAKING, now=now)
    return Slot(target.chat_id, target.topic_id, due.at, due.fold)


def slot_of(target: Target, *, breaking: bool, now: int) -> Due:
    """Return when a chat gets a headline of `now` (pure). Breaking news waits only for quiet hours."""
    schedule = parse_schedule("instant" if breaking else target.schedule)
    assert schedule is not None, "storage keeps only schedules that were parsed"
    quiet = parse_quiet(target.quiet)
    if breaking and target.breaking_passes_quiet:
        quiet = None
    return next_due(schedule, quiet, ZoneInfo(target.timezone), now)
