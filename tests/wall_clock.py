"""A wall clock that a test sets, in a process of its own; the monotonic clock of that process goes on as it is.

A process that is started with VARIABLE in its environment reads from that file by how many seconds its wall clock
is ahead of the machine's, again and again: a test sets the clock of a running app by writing the file.
"""

import os
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import time_machine

VARIABLE = "PEYK_TEST_CLOCK"
"""The name of the environment variable with the file's path."""

_LOOK_SECONDS = 0.02


class WallClock:
    """The file of a settable clock. It begins in step with the machine's."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.set(timedelta())

    def set(self, ahead: timedelta) -> None:
        """Set the clock: so far ahead of the machine's, or behind it."""
        written = self.path.with_suffix(".new")
        written.write_text(str(ahead.total_seconds()))
        written.replace(self.path)


def begin_at(now: datetime) -> None:
    """Have this process, and the apps that it starts, begin at that instant."""
    clock = WallClock(Path(tempfile.mkdtemp(prefix="peyk-clock-")) / "ahead")
    clock.set(now - datetime.now(UTC))
    os.environ[VARIABLE] = str(clock.path)
    follow(str(clock.path))


def environment() -> dict[str, str]:
    """Return what a process needs in its environment to have this one's clock."""
    names = (VARIABLE, "TZ", "LANG", "LC_ALL")
    return {name: os.environ[name] for name in names if name in os.environ}


def clock_time(ahead: timedelta) -> str:
    """Return what clocks in Tehran show so far from now, as 08:30: for schedules that hold at every hour."""
    return f"{datetime.now(UTC).astimezone(ZoneInfo('Asia/Tehran')) + ahead:%H:%M}"


def quiet_now() -> str:
    """Return quiet hours that have begun and go on for hours, as a chat in Tehran has them."""
    return f"{clock_time(timedelta(hours=-2))}-{clock_time(timedelta(hours=6))}"


def at_a_later_hour() -> str:
    """Return the schedule `at` a time that is hours away in Tehran."""
    return f"at {clock_time(timedelta(hours=6))}"


def follow(path: str) -> None:
    """Have this process's wall clock follow the file from now on."""
    file = Path(path)
    ahead = float(file.read_text())
    clock = time_machine.travel(datetime.now(UTC) + timedelta(seconds=ahead), tick=True).start()

    def watch(ahead: float) -> None:
        while True:
            time.sleep(_LOOK_SECONDS)
            now = float(file.read_text())
            if now != ahead:
                clock.shift(now - ahead)
                ahead = now

    threading.Thread(target=watch, args=(ahead,), daemon=True).start()
