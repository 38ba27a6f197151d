"""This process's part of the budget that all processes on one database share."""

from collections import deque

from bot.clock import Clock
from storage import budget
from storage.database import Database

MOST_RESERVED = 10
"""Places that one process reserves at once; the fewer, the fairer."""

_STALE_MS = 1_000


class Allowance:
    """Places reserved and not used yet. `rate` is messages per second for all processes; instants are ms."""

    def __init__(self, database: Database, clock: Clock, rate: float) -> None:
        self.rate = rate
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
        interval = int(1_000_000 / self.rate)
        async with self._database.write() as tx:
            first = await budget.reserve(tx, budget.BULK, MOST_RESERVED, interval=interval, now=now * 1000)
        self._places.extend((first + place * interval) / 1000 for place in range(MOST_RESERVED))

    def room(self) -> int:
        """Return how many messages may start now."""
        now = self._clock()
        return sum(1 for place in self._places if place <= now)

    def use(self, count: int) -> None:
        """Use up `count` places."""
        for _ in range(min(count, len(self._places))):
            self._places.popleft()

    def seconds_left(self) -> float:
        """Return seconds until the next place, 0 where there is none: more must be reserved."""
        return max(0.0, (self._places[0] - self._clock()) / 1000) if self._places else 0.0
