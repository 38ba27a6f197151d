"""Shares of the parser: whose bytes are parsed next, so that no source makes the others wait.

A process cannot be interrupted before its work is done, so what counts is who gets the next one.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.ingest.fetch.turns import Ticket, Urgency

_CALM_SECONDS = 60.0
_SPARE = 0.7
"""The most of their time that the places that stay may be at work for another to close; beyond it, queues grow."""
_DRAIN = 0.1
_LIGHT_SECONDS = 2.0
_MOST_SOURCES = 5_000


@dataclass(slots=True)
class _Account:
    """The seconds that a source has used of late, as of `at`."""

    seconds: float
    at: float


class HeldPlace:
    """A place that is held, and the `seconds` of work in it."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._began = clock()

    @property
    def seconds(self) -> float:
        """The seconds since the work began."""
        return self._clock() - self._began

    def begin(self) -> None:
        """Begin the work: what was prepared until now is nobody's."""
        self._began = self._clock()


class _RecentWork:
    """The seconds of work that ended within the last minute."""

    def __init__(self) -> None:
        self._ended: deque[tuple[float, float]] = deque()
        self._seconds = 0.0

    def add(self, now: float, seconds: float) -> None:
        """Add work that has just ended."""
        self._ended.append((now, seconds))
        self._seconds += seconds
        self._forget(now)

    def seconds(self, now: float) -> float:
        """Return their sum."""
        self._forget(now)
        return self._seconds

    def _forget(self, now: float) -> None:
        while self._ended and self._ended[0][0] < now - _CALM_SECONDS:
            self._seconds -= self._ended.popleft()[1]


@dataclass(frozen=True, slots=True, eq=False)
class _Waiting:
    ticket: Ticket
    arrival: int
    place: "asyncio.Future[None]"


class Shares:
    """Shares places fairly among sources, for work of unknown length.

    One place is open at first, and `most` at last: each `widen` opens one more, and so does work of a heavy source
    that would take the only one. A place closes again when the others could have done the work of the last minute
    with time to spare, and no heavy source is at work.

    A source is heavy while it has used more than two seconds, a tenth of a second being forgotten each second. One
    source, and all heavy ones together, have one place less than there are, so that one is always left for what is
    short. Of those that wait, light ones come first, by priority; of heavy ones whoever has used least. Work for a
    person counts as light. `clock` gives seconds.
    """

    def __init__(self, most: int, clock: Callable[[], float]) -> None:
        self._most = most
        self._open = 1
        self._widened_at = clock()
        self._clock = clock
        self._work = _RecentWork()
        self._accounts: dict[int, _Account] = {}
        self._at_work: list[Ticket] = []
        self._waiting: list[_Waiting] = []
        self._arrivals = 0

    @asynccontextmanager
    async def acquire(self, ticket: Ticket) -> AsyncIterator[HeldPlace]:
        """Wait for a place, hold it, and charge the time until its release to the source."""
        await self._acquire(ticket)
        place = HeldPlace(self._clock)
        try:
            yield place
        finally:
            self._work.add(self._clock(), place.seconds)
            self._charge(ticket, place.seconds)
            self._release(ticket)

    def widen(self) -> None:
        """Open one more place, where there is one."""
        self._widened_at = self._clock()
        self._open = min(self._open + 1, self._most)
        self._hand_out()

    def used(self, source_id: int) -> float:
        """Return the seconds that a source has used of late."""
        account = self._accounts.get(source_id)
        return 0.0 if account is None else max(0.0, account.seconds - (self._clock() - account.at) * _DRAIN)

    async def _acquire(self, ticket: Ticket) -> None:
        if self._is_free() and self._may_go(ticket):
            self._begin(ticket)
            return
        self._arrivals += 1
        waiting = _Waiting(ticket, self._arrivals, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        try:
            await waiting.place
        except asyncio.CancelledError:
            if waiting in self._waiting:
                self._waiting.remove(waiting)
            else:
                self._release(ticket)  # it was given just before
            raise

    def _begin(self, ticket: Ticket) -> None:
        self._at_work.append(ticket)
        if self._open == 1 and self._is_heavy(ticket):
            self.widen()

    def _release(self, ticket: Ticket) -> None:
        self._at_work.remove(ticket)
        if self._is_calm() and not any(map(self._is_heavy, self._at_work)):
            self._open -= 1
        self._hand_out()

    def _is_calm(self) -> bool:
        """Return whether one place less could have done the work of the last minute."""
        now = self._clock()
        if self._open == 1 or now - self._widened_at < _CALM_SECONDS:
            return False
        return self._work.seconds(now) <= _SPARE * (self._open - 1) * _CALM_SECONDS

    def _is_free(self) -> bool:
        return len(self._at_work) < self._open

    def _hand_out(self) -> None:
        while self._is_free():
            able = [
                waiting for waiting in self._waiting if not waiting.place.done() and self._may_go(waiting.ticket)
            ]
            if not able:
                return
            following = min(able, key=self._rank)
            self._waiting.remove(following)
            self._begin(following.ticket)
            following.place.set_result(None)

    def _may_go(self, ticket: Ticket) -> bool:
        if ticket.source_id is None:
            return True
        own = sum(working.source_id == ticket.source_id for working in self._at_work)
        heavy = sum(map(self._is_heavy, self._at_work)) if self._is_heavy(ticket) else 0
        return max(own, heavy) < max(1, self._open - 1)

    def _rank(self, waiting: _Waiting) -> tuple[bool, float, Urgency, int]:
        ticket = waiting.ticket
        heavy = self._is_heavy(ticket)
        used = self.used(ticket.source_id) if heavy and ticket.source_id is not None else 0.0
        return heavy, used, ticket.priority, waiting.arrival

    def _is_heavy(self, ticket: Ticket) -> bool:
        return ticket.source_id is not None and self.used(ticket.source_id) > _LIGHT_SECONDS

    def _charge(self, ticket: Ticket, seconds: float) -> None:
        if ticket.source_id is None:
            return
        if len(self._accounts) >= _MOST_SOURCES:
            self._accounts = {id_: account for id_, account in self._accounts.items() if self.used(id_) > 0}
        self._accounts[ticket.source_id] = _Account(self.used(ticket.source_id) + seconds, self._clock())
