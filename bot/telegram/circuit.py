"""A circuit breaker for sends to Telegram: during an outage, one send at a time tests the connection.

Without it every chat would be tried, and doubted, again and again in an outage, each with a longer pause before the
next; with it a few tries fail, and all that waited goes as soon as one gets through. Times are seconds of the
injected monotonic clock.
"""

import sys
import time
from collections.abc import Callable

FAULTS = 3
"""So many faults in a row, with nothing that got through between them, open the circuit."""
PAUSES = (1.0, 2.0, 4.0, 8.0, 15.0)
"""Seconds before the next try while the circuit is open; the last one stays."""
HINTED_PAUSE = 3.0
"""Seconds after a fault before the next try where something else, such as getUpdates, got an answer meanwhile."""

_TRY_SECONDS = 25.0  # longer than any push may take


class Circuit:
    """Closed while sends get through, open after FAULTS in a row; `on_closed` are called when it closes again."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._faults = 0
        self._pauses = 0
        self._is_open = False
        self._failed_at = 0.0
        self._next_try_at = 0.0
        self._under_way_until = 0.0
        self._closings = 0
        self.on_closed: list[Callable[[], None]] = []

    @property
    def is_open(self) -> bool:
        """Return whether Peyk holds the connection to be at fault."""
        return self._is_open

    @property
    def closings(self) -> int:
        """The number of times that the connection has come back."""
        return self._closings

    def failed(self) -> None:
        """Count a send that an outage stopped. One that was under way when the pause began does not count."""
        now = self._clock()
        self._faults += 1
        if self._faults < FAULTS or now < self._next_try_at:
            return
        self._is_open = True
        self._failed_at = now
        self._next_try_at = now + PAUSES[min(self._pauses, len(PAUSES) - 1)]
        self._pauses += 1
        self._under_way_until = 0.0

    def got_through(self) -> None:
        """Record that Telegram answered a send, whatever it said."""
        self._faults = self._pauses = 0
        self._next_try_at = self._under_way_until = 0.0
        if not self._is_open:
            return
        self._is_open = False
        self._closings += 1
        for tell in self.on_closed:
            tell()

    def hinted(self) -> None:
        """Telegram answered something else: sends may get through, too."""
        if self._is_open:
            self._next_try_at = min(self._next_try_at, self._failed_at + HINTED_PAUSE)

    def room(self) -> int:
        """Return how many sends may start now: any number, or one try, or none."""
        if not self._is_open:
            return sys.maxsize
        return 0 if self.seconds_left() > 0 else 1

    def started(self) -> None:
        """A send has started: while the circuit is open it is the one try."""
        if self._is_open:
            self._under_way_until = self._clock() + _TRY_SECONDS

    def seconds_left(self) -> float:
        """Return seconds until the next try, 0 where one may start."""
        if not self._is_open:
            return 0.0
        return max(0.0, max(self._next_try_at, self._under_way_until) - self._clock())

    def overdue(self, seconds: float) -> bool:
        """Return whether the circuit is open and its next try could have started so many seconds ago."""
        return self._is_open and max(self._next_try_at, self._under_way_until) + seconds <= self._clock()
