"""Breaking news is pinned where it arrived, and unpinned when its time is over; both are due work in a row."""

import asyncio

import structlog
from telegram.error import BadRequest, Forbidden, RetryAfter, TelegramError

from bot.clock import Clock
from bot.telegram.errors import About, failure_of
from bot.telegram.gateway import Gateway
from storage import chats, notices, pins
from storage.engine.database import Database
from storage.pins import Pin

_AT_ONCE = 20
_LEASE_MS = 120_000
_FIRST_PAUSE_MS = 30_000
_LONGEST_PAUSE_MS = 3600 * 1000
_MINUTE_MS = 60_000

_log = structlog.get_logger(__name__)


class Pins:
    """Pins and unpins what is due; nothing that goes wrong here is of any consequence for what was delivered."""

    def __init__(self, database: Database, gateway: Gateway, clock: Clock) -> None:
        self._database = database
        self._gateway = gateway
        self._clock = clock

    async def look(self) -> None:
        """Do what is due by now."""
        async with self._database.read() as connection:
            if not await pins.any_due(connection, self._clock()):
                return
        async with self._database.write() as tx:
            now = self._clock()
            due = await pins.claim(tx, now=now, lease_until=now + _LEASE_MS, limit=_AT_ONCE)
        # Side by side: one chat that may not be written to for a while holds up no other.
        await asyncio.gather(*(self._do(one) for one in due))

    async def _do(self, one: Pin) -> None:
        over = not one.pinned and one.late >= one.minutes * _MINUTE_MS
        if one.telegram_id is None or over:
            await self._forget(one)
            return
        try:
            await (self._gateway.unpin if one.pinned else self._gateway.pin)(one.chat_id, one.telegram_id)
        except (BadRequest, Forbidden) as error:
            await self._refused(one, error)
        except RetryAfter as error:
            await self._put_off(one, int(failure_of(error).wait_seconds * 1000))
        except TelegramError as error:
            _log.info("pin_again", message=one.message_id, reason=error.message)
            await self._put_off(one, min(_LONGEST_PAUSE_MS, _FIRST_PAUSE_MS << one.attempts))
        else:
            await self._done(one)

    async def _done(self, one: Pin) -> None:
        if one.pinned:
            await self._forget(one)
            return
        async with self._database.write() as tx:
            await pins.pinned(tx, one.message_id, until=self._clock() + one.minutes * _MINUTE_MS)

    async def _refused(self, one: Pin, error: TelegramError) -> None:
        """Let it be. Where the right is missing, pinning is switched off; whoever brought the bot hears of it."""
        _log.warning("pin_refused", message=one.message_id, reason=error.message)
        async with self._database.write() as tx:
            await pins.forget(tx, one.message_id)
            chat = await chats.get(tx, one.chat_id)
            if one.pinned or chat is None or chat.pin_minutes == 0 or About.RIGHTS not in failure_of(error).about:
                return
            await chats.change(tx, chat.id, pin_minutes=0)
            args: dict[str, str | int] = {"title": chat.title or str(chat.id)}
            await notices.owe(tx, chat.added_by or notices.THE_DESK, "pin-refused", args, now=self._clock())

    async def _put_off(self, one: Pin, pause: int) -> None:
        async with self._database.write() as tx:
            await pins.put_off(tx, one.message_id, due_at=self._clock() + pause)

    async def _forget(self, one: Pin) -> None:
        async with self._database.write() as tx:
            await pins.forget(tx, one.message_id)
