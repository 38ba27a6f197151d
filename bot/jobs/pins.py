"""Pins of breaking news: set where it arrived, and taken away when their time is over."""

from collections.abc import Sequence
from functools import partial

import structlog
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.clock import Clock
from bot.jobs.leased_job import Backoff, Done, LeasedJob, TryAgain, after_flood
from bot.telegram.errors import About, FailedCall, failure_of
from bot.telegram.gateway import Gateway
from storage import chats, notices, pins
from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.pins import Pin

_MINUTE_MS = 60_000

_log = structlog.get_logger(__name__)


class Pins(LeasedJob[Pin]):
    """Pins and unpins; nothing that goes wrong here is of any consequence for what was delivered.

    Pins are set side by side: a chat that may not be written to for a while delays no other. None is given up: a
    pin that could not be set ends with its time.
    """

    lease_ms = 120_000
    backoff = Backoff(first=30_000, longest=3600 * 1000)
    side_by_side = True

    def __init__(self, database: Database, gateway: Gateway, clock: Clock) -> None:
        super().__init__(database, clock)
        self._gateway = gateway

    async def any_due(self, connection: Connection, now: int) -> bool:
        """Return whether there is anything to pin or unpin."""
        return await pins.any_due(connection, now)

    async def claim(self, tx: Connection, *, now: int, lease_until: int, limit: int) -> Sequence[Pin]:
        """Claim due pins, the longest due first."""
        return await pins.claim(tx, now=now, lease_until=lease_until, limit=limit)

    async def work(self, row: Pin) -> Done | TryAgain:
        """Set a pin, or take it away."""
        is_over = not row.pinned and row.late >= row.minutes * _MINUTE_MS
        if row.telegram_id is None or is_over:
            return Done(partial(self._forget, row=row))
        try:
            await (self._gateway.unpin if row.pinned else self._gateway.pin)(row.chat_id, row.telegram_id)
        except (BadRequest, Forbidden) as error:
            return Done(partial(self._refused, row=row, failure=failure_of(error)))
        except TelegramError as error:
            _log.info("pin_retried", message=row.message_id, reason=error.message)
            return after_flood(error)
        return Done(partial(self._end, row=row))

    async def put_off(self, tx: Connection, row: Pin, *, due_at: int) -> None:
        """Postpone a pin."""
        await pins.postpone(tx, row.message_id, due_at=due_at)

    async def _forget(self, tx: Connection, row: Pin) -> None:
        await pins.delete(tx, row.message_id)

    async def _end(self, tx: Connection, row: Pin) -> None:
        if row.pinned:
            await pins.delete(tx, row.message_id)
            return
        await pins.mark_pinned(tx, row.message_id, until=self._clock() + row.minutes * _MINUTE_MS)

    async def _refused(self, tx: Connection, row: Pin, failure: FailedCall) -> None:
        """Delete a pin. Where the right is missing, switch pinning off and notify the person who added the bot."""
        _log.warning("pin_refused", message=row.message_id, reason=failure.words)
        await pins.delete(tx, row.message_id)
        chat = await chats.get(tx, row.chat_id)
        if row.pinned or chat is None or chat.pin_minutes == 0 or About.RIGHTS not in failure.about:
            return
        await chats.change(tx, chat.id, pin_minutes=0)
        args: dict[str, str | int] = {"title": chat.title or str(chat.id)}
        await notices.enqueue(tx, chat.added_by or notices.DESK_CHAT, "pin-refused", args, now=self._clock())
