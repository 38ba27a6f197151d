"""Patience with an answer to somebody where Telegram, or the way to it, does not take it."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import structlog
from telegram.error import TelegramError

from bot.telegram.circuit import Circuit
from bot.telegram.errors import Cause, failure_of
from bot.telegram.rate_limiter import Limiter

_SECONDS = 60.0
_LASTING_SECONDS = 600.0
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
        flood_seconds: float = _SECONDS,
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
        flood_left, pause = self._flood_seconds, 0.5
        left = _LASTING_SECONDS if self._lasting else _SECONDS
        while True:
            if chat_id is not None:
                await self._limiter.turn(chat_id)
            try:
                return await _watched(call)
            except TelegramError as error:
                failure = failure_of(error)
                if failure.cause is Cause.FLOOD_WAIT:
                    flood_left -= failure.wait_seconds
                    if chat_id is not None:
                        self._limiter.flood(chat_id, failure.wait_seconds)
                    if flood_left < 0:
                        raise
                    if chat_id is None:
                        await self._sleep(failure.wait_seconds)
                    continue
                lost = failure.cause is Cause.PERHAPS_SENT and not repeatable
                if lost or not failure.is_fault_of_the_way:
                    raise
                if not (self._lasting and self._circuit.is_open):
                    left -= pause
                if left < 0:
                    raise
                _log.info("answer_retried", reason=error.message, in_seconds=pause)
                if (tell := _on_outage.get()) is not None:
                    tell()
                await self._sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)
