"""This process's part of the rate limits that all processes on one database share."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import structlog

from bot.clock import Clock
from bot.telegram.rate_limiter import GROUP_WINDOW_SECONDS
from storage import budget, recent_sends
from storage.engine.connection import Connection
from storage.engine.database import Database

MOST_RESERVED = 64
"""Places for pushes that one process reserves at once; the fewer, the fairer."""

T = TypeVar("T")

_RESERVED_A_SECOND = 15  # so many reservations: an answer waits for what every process has reserved
_STALE_MS = 1_000
_LATE_MS = 50  # so late, what starts at a place is still within the rate that Telegram allows
_PATIENCE_SECONDS = 3.0
_WINDOW_MS = int(GROUP_WINDOW_SECONDS * 1000)

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Entry:
    """The place (ms) that a send has, or the seconds that its chat must wait before it can have one."""

    place: float = 0.0
    wait: float = 0.0


@dataclass(frozen=True, slots=True)
class _Applicant:
    """An answer that waits for a place; `wait` is as of `bot.telegram.rate_limiter.SharedBudget.admit`."""

    chat_id: int
    wait: Callable[[Sequence[float]], float]
    entry: "asyncio.Future[_Entry]"


class SharedRateLimit:
    """Places in the budget of all processes, and what those wrote to each chat in the last minute.

    `rate` is messages per second for all processes, `process` the name by which they tell each other's sends apart.
    Instants are ms. Pushes reserve places ahead, a few at a time. An answer takes the next place before it is sent;
    answers that come together share a transaction. Where the database is away for seconds, sends go without.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        rate: float,
        *,
        process: str,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.rate = rate
        self._database = database
        self._clock = clock
        self._process = process
        self._sleep = sleep
        self._places: deque[float] = deque()
        self._applicants: list[_Applicant] = []
        self._admitting: asyncio.Task[None] | None = None

    async def top_up(self) -> None:
        """Reserve places for pushes where none is left."""
        now = self._clock()
        while self._places and self._places[0] < now - _STALE_MS:
            self._places.popleft()  # nothing was there to be sent: too late now, others count on it
        if self._places:
            return
        count = min(MOST_RESERVED, max(1, round(self.rate / _RESERVED_A_SECOND)))
        async with self._database.write() as tx:
            self._places.extend(await self._reserved(tx, count))

    def room(self) -> int:
        """Return how many pushes may start now."""
        now = self._clock()
        return sum(1 for place in self._places if place <= now)

    def use(self, count: int) -> list[float]:
        """Use up `count` places and return when they are; one that is gone by now counts as long past."""
        return [self._places.popleft() if self._places else 0.0 for _ in range(count)]

    def seconds_left(self) -> float:
        """Return seconds until the next place, 0 where there is none: more must be reserved."""
        return max(0.0, (self._places[0] - self._clock()) / 1000) if self._places else 0.0

    def clock_jumped(self, _by: int) -> None:
        """Drop what was reserved by the clock before its jump."""
        self._places.clear()

    async def replace_missed(self, places: Sequence[float]) -> list[float]:
        """Return the places at which claimed pushes start: others for those that a slow commit made them miss.

        Raises nothing.
        """
        late = sum(place < self._clock() - _LATE_MS for place in places)
        if not late:
            return list(places)
        fresh: list[float] = await self._attempt(lambda tx: self._reserved(tx, late), [])
        # The lease of the claim ends: it has no time for a long wait behind answers.
        latest = self._clock() + _PATIENCE_SECONDS * 1000
        return [*places[late:], *(min(place, latest) for place in fresh), *([0.0] * (late - len(fresh)))]

    async def until(self, place: float) -> None:
        """Wait until a place."""
        if (ahead := place - self._clock()) > 0:
            await self._sleep(ahead / 1000)

    async def admit(self, chat_id: int, wait: Callable[[Sequence[float]], float]) -> float:
        """Wait for the place of an answer and return 0, or how many seconds its chat must wait first.

        See `bot.telegram.rate_limiter.SharedBudget`. Raises nothing.
        """

        applicant = _Applicant(chat_id, wait, asyncio.get_running_loop().create_future())
        self._applicants.append(applicant)
        if self._admitting is None or self._admitting.done():
            self._admitting = asyncio.create_task(self._admit_all())
        entry = await applicant.entry
        await self.until(entry.place)
        return entry.wait

    async def waits(
        self, tx: Connection, chat_ids: Sequence[int], wait: Callable[[int, Sequence[float]], float]
    ) -> dict[int, float]:
        """Return seconds by chat for those that must wait, since other processes wrote to them.

        `wait` returns a chat's seconds, given how many seconds ago others wrote to it.
        """
        others = await self._sends_of_others(tx, chat_ids)
        waits = {chat: wait(chat, sends) for chat, sends in others.items()}
        return {chat: seconds for chat, seconds in waits.items() if seconds > 0}

    async def record(self, tx: Connection, chat_ids: Iterable[int], *, at: int) -> None:
        """Record, for the other processes, that this one sends to the chats at an instant."""
        await recent_sends.record(tx, self._process, [(chat_id, at) for chat_id in chat_ids])

    async def forget(self) -> None:
        """Delete the sends that no limit counts any more. To be called every few seconds."""
        async with self._database.write() as tx:
            await recent_sends.forget(tx, before=self._clock() - _WINDOW_MS)

    async def _admit_all(self) -> None:
        """Admit whoever applies, all that wait at once in one transaction, until nobody does."""
        while self._applicants:
            # Whoever has gone meanwhile takes no place.
            applicants = [applicant for applicant in self._applicants if not applicant.entry.done()]
            self._applicants = []
            entries = await self._attempt(partial(self._entries, applicants), [_Entry()] * len(applicants))
            for applicant, entry in zip(applicants, entries, strict=True):
                if not applicant.entry.done():
                    applicant.entry.set_result(entry)

    async def _entries(self, applicants: Sequence[_Applicant], tx: Connection) -> list[_Entry]:
        """Return the entry of each applicant: those whose chats may be written to take the next places."""
        # One process after the other: none may overlook what another one is about to send.
        await budget.lock(tx, budget.BULK)
        others = await self._sends_of_others(tx, [applicant.chat_id for applicant in applicants])
        waits = [applicant.wait(others.get(applicant.chat_id, ())) for applicant in applicants]
        admitted = [applicant.chat_id for applicant, wait in zip(applicants, waits, strict=True) if wait <= 0]
        places = await self._reserved(tx, len(admitted)) if admitted else []
        await recent_sends.record(tx, self._process, list(zip(admitted, map(int, places), strict=True)))
        left = iter(places)
        return [_Entry(wait=wait) if wait > 0 else _Entry(next(left)) for wait in waits]

    async def _sends_of_others(self, tx: Connection, chat_ids: Sequence[int]) -> dict[int, list[float]]:
        """Return by chat how many seconds ago other processes wrote to it in the last minute."""
        now = self._clock()
        sends = await recent_sends.of_others(tx, self._process, chat_ids, since=now - _WINDOW_MS)
        return {chat: [(now - at) / 1000 for at in instants] for chat, instants in sends.items()}

    async def _attempt(self, act: Callable[[Connection], Awaitable[T]], otherwise: T) -> T:
        """Return what an act returns, or `otherwise` where the database does not do it in time."""
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS), self._database.write() as tx:
                return await act(tx)
        except Exception as error:  # noqa: BLE001 - whatever it is, somebody waits for what is to be sent
            _log.warning("sent_without_a_place", reason=repr(error))
            return otherwise

    async def _reserved(self, tx: Connection, count: int) -> list[float]:
        interval = int(1_000_000 / self.rate)
        first = await budget.reserve(tx, budget.BULK, count, interval=interval, now=self._clock() * 1000)
        return [(first + number * interval) / 1000 for number in range(count)]
