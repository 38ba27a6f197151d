"""This process's part of the budget that all processes on one database share."""

from collections import deque
from collections.abc import Callable

from bot.clock import Clock
from storage import budget
from storage.engine.database import Database

MOST_RESERVED = 10
"""Places that one process reserves at once; the fewer, the fairer."""

_STALE_MS = 1_000


class SharedRateLimit:
    """Places reserved and not used yet. `rate` is messages per second for all processes; instants are ms.

    Answers wait for no database: `answered` says how many have started since it was asked last, and they are
    charged afterwards, so that the pushes of all processes make room for them.
    """

    def __init__(
        self, database: Database, clock: Clock, rate: float, answered: Callable[[], int] = lambda: 0
    ) -> None:
        self.rate = rate
        self._answered = answered
        self._owed = 0
        self._database = database
        self._clock = clock
        self._places: deque[float] = deque()

    async def top_up(self) -> None:
        """Reserve places where none is left."""
        now = self._clock()
        while self._places and self._places[0] < now - _STALE_MS:
            self._places.popleft()  # nothing was there to be sent: too late now, others count on it
        if self._places:
            return
        await self._reserve(MOST_RESERVED)

    async def charge(self) -> None:
        """Charge the answers that have started, where nothing else is reserved. To be called each second."""
        self._owed += self._answered()
        if self._owed:
            await self._reserve(0)

    async def _reserve(self, places: int) -> None:
        """Charge the sends that are not charged yet, and reserve so many places after them."""
        interval = int(1_000_000 / self.rate)
        owed, self._owed = self._owed + self._answered(), 0
        try:
            async with self._database.write() as tx:
                now = self._clock() * 1000
                first = await budget.reserve(tx, budget.BULK, owed + places, interval=interval, now=now)
        except BaseException:
            self._owed += owed
            raise
        self._places.extend((first + (owed + place) * interval) / 1000 for place in range(places))

    def room(self) -> int:
        """Return how many messages may start now."""
        now = self._clock()
        return sum(1 for place in self._places if place <= now)

    def clock_jumped(self, _by: int) -> None:
        """Give up what was reserved by the clock from before."""
        self._places.clear()

    def use(self, count: int) -> None:
        """Use up `count` places."""
        for _ in range(min(count, len(self._places))):
            self._places.popleft()

    def seconds_left(self) -> float:
        """Return seconds until the next place, 0 where there is none: more must be reserved."""
        return max(0.0, (self._places[0] - self._clock()) / 1000) if self._places else 0.0
