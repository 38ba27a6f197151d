"""The time: instants come from the wall clock, intervals from a clock that never jumps.

A running bot asks a `SteadyClock`. It goes on at the pace of the monotonic clock when somebody sets the machine's
clock, and follows only once the new time has held for some minutes. A clock that is wrong for a moment therefore
changes nothing: no embargo ends early, nothing expires, and nothing that waits stands still.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from persian.digits import to_ascii

Clock = Callable[[], int]
"""Returns now as integer milliseconds since the epoch, UTC."""

TOLERANCE_MS = 2_000
"""Two clocks that differ by less (ms) agree: time services correct that much without anybody's noticing."""
HELD_MS = 180_000
"""The time (ms) for which a clock that was set must stay so before Peyk believes it."""

_CLOCK_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)", re.ASCII)


def now_ms() -> int:
    """Return the machine's wall clock: for a command that is over in a moment."""
    return time.time_ns() // 1_000_000


def elapsed_ms() -> int:
    """Return the milliseconds of a clock that is never set and, on Linux, runs on while the machine sleeps."""
    clock = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return time.clock_gettime_ns(clock) // 1_000_000


@dataclass(frozen=True, slots=True)
class ClockTime:
    """A time of day, as a clock on the wall shows it."""

    hour: int
    minute: int

    @classmethod
    def of(cls, text: str) -> "ClockTime":
        """Read a time such as 03:30. Raises ValueError."""
        match = _CLOCK_TIME.fullmatch(to_ascii(text.strip()))
        if match is None:
            raise ValueError("a time such as 03:30 is expected")
        return cls(int(match[1]), int(match[2]))

    def __str__(self) -> str:
        return f"{self.hour:02}:{self.minute:02}"


class Stage(StrEnum):
    """The stages of a jump."""

    SEEN = "seen"  # the clock was set a moment ago; the bot goes on by the time from before
    OVER = "over"  # it was set back before it was believed
    HELD = "held"  # the new time has held for long enough: `SteadyClock.accept` it


@dataclass(frozen=True, slots=True)
class Jump:
    """A wall clock that was set forward `by` so many milliseconds, or back where that is negative."""

    by: int
    stage: Stage


class SteadyClock:
    """The clock of a running process. Call it for now (ms); `compare` it with the wall clock every few seconds."""

    def __init__(self, wall: Clock = now_ms, elapsed: Clock = elapsed_ms, *, held: int | None = None) -> None:
        self._elapsed = elapsed
        self._held = HELD_MS if held is None else held
        self._ahead = wall() - elapsed()
        self._by = 0
        self._since = 0
        self._lag = 0
        self._lag_since = 0

    def __call__(self) -> int:
        """Return now (ms since the epoch)."""
        return self._elapsed() + self._ahead

    @property
    def jump(self) -> int:
        """The jump (ms) of the wall clock that is not believed yet; 0 where both clocks agree."""
        return self._by

    def set(self, wall: int) -> None:
        """Set this clock to the wall clock. Call it at the start, before anything uses this clock."""
        self._ahead, self._by = wall - self._elapsed(), 0

    def compare(self, wall: int) -> Jump | None:
        """Compare with the wall clock (ms) and return what is new about a jump, None where nothing is.

        Small differences are followed at once. HELD comes back again until the jump is accepted.
        """
        by, now = wall - self(), self._elapsed()
        if abs(by) <= TOLERANCE_MS:
            self._ahead += by
            before, self._by = self._by, 0
            return Jump(before, Stage.OVER) if before else None
        if not self._by or abs(by - self._by) > TOLERANCE_MS:
            self._by, self._since = by, now
            return Jump(by, Stage.SEEN)
        return Jump(self._by, Stage.HELD) if now - self._since >= self._held else None

    def accept(self, jump: Jump) -> None:
        """Use the new time from now on."""
        self._ahead += jump.by
        self._by = 0
        if jump.by > 0:
            self._lag, self._lag_since = jump.by, self._elapsed()

    def for_leases(self) -> int:
        """Return now (ms) to judge other processes' leases by: a jump forward ends none of them.

        Leases that were given before the clock was set forward count by the time from before, for as long as a
        jump has to hold.
        """
        lags = self._lag and self._elapsed() - self._lag_since < self._held
        return self() - self._lag if lags else self()
