"""Retries of calls that answer people, while Telegram or the connection to it fails."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import structlog
from telegram.error import TelegramError

from bot.telegram.circuit import Circuit
from bot.telegram.errors import Cause, failure_of
from bot.telegram.rate_limiter import Limiter

FLOOD_SECONDS = 60.0
"""The seconds of flood waits, all in all, that an answer to somebody waits for."""

_SECONDS = 60.0
_LASTING_SECONDS = 600.0
_FIRST_PAUSE_SECONDS = 0.5
_LONGEST_PAUSE_SECONDS = 5.0
_SLOW_SECONDS = 2.0

_log = structlog.get_logger(__name__)

_on_outage: ContextVar[Callable[[], None] | None] = ContextVar("on_outage", default=None)


@contextmanager
def telling_outages(tell: Callable[[], None]) -> Iterator[None]:
    """Call `tell` where a call within waits for Telegram: it is tried again, or has no answer for two seconds."""
    token = _on_outage.set(tell)
    try:
        yield
    finally:
        _on_outage.reset(token)


async def _watched(call: Callable[[], Awaitable[Any]]) -> Any:
    """Return what `call` returns, telling of an outage where it is slow."""
    if (tell := _on_outage.get()) is None:
        return await call()
    alarm = asyncio.get_running_loop().call_later(_SLOW_SECONDS, tell)
    try:
        return await call()
    finally:
        alarm.cancel()


@dataclass(slots=True)
class _Tries:
    """The seconds left for outages and for flood waits, and the next pause (seconds)."""

    left: float
    flood_left: float
    pause: float = _FIRST_PAUSE_SECONDS


class Patience:
    """Repeats calls. One that is `lasting` does so for as long as `circuit` is open, however long that is.

    `flood_seconds` are those of flood waits, all in all, that a call waits for.
    """

    def __init__(
        self,
        limiter: Limiter,
        circuit: Circuit,
        *,
        lasting: bool,
        flood_seconds: float = FLOOD_SECONDS,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._limiter = limiter
        self._circuit = circuit
        self._lasting = lasting
        self._flood_seconds = flood_seconds
        self._sleep = sleep

    async def do(self, chat_id: int | None, call: Callable[[], Awaitable[Any]], *, repeatable: bool) -> Any:
        """Do `call` until it succeeds, and return its result; with a `chat_id` each try waits for its turn there.

        Raises the call's error where it is a refusal, where its answer was lost and it is not `repeatable`, and
        where it was tried for long enough: a minute, or ten where this is lasting and others get through.
        """
        tries = _Tries(_LASTING_SECONDS if self._lasting else _SECONDS, self._flood_seconds)
        while True:
            if chat_id is not None:
                await self._limiter.acquire(chat_id)
            try:
                return await _watched(call)
            except TelegramError as error:
                failure = failure_of(error)
                if failure.cause is Cause.FLOOD_WAIT:
                    may_go_on = await self._waited_for_flood(chat_id, failure.wait_seconds, tries)
                elif (failure.cause is Cause.PERHAPS_SENT and not repeatable) or not failure.is_outage:
                    may_go_on = False
                else:
                    may_go_on = await self._waited_for_way(error.message, tries)
                if not may_go_on:
                    raise

    async def _waited_for_flood(self, chat_id: int | None, seconds: float, tries: _Tries) -> bool:
        """Wait as a flood wait demands; with a `chat_id` its turn waits instead. Return False after too many."""
        tries.flood_left -= seconds
        if chat_id is not None:
            self._limiter.flood(chat_id, seconds)
        if tries.flood_left < 0:
            return False
        if chat_id is None:
            await self._sleep(seconds)
        return True

    async def _waited_for_way(self, reason: str, tries: _Tries) -> bool:
        """Pause before the next try, telling of the outage. Return False where it was tried for long enough."""
        if not (self._lasting and self._circuit.is_open):
            tries.left -= tries.pause
        if tries.left < 0:
            return False
        _log.info("answer_retried", reason=reason, in_seconds=tries.pause)
        if (tell := _on_outage.get()) is not None:
            tell()
        await self._sleep(tries.pause)
        tries.pause = min(tries.pause * 2, _LONGEST_PAUSE_SECONDS)
        return True
