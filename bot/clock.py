"""Where the time comes from: passed on as an argument, so that tests can set it."""

import time
from collections.abc import Callable

Clock = Callable[[], int]
"""Returns now as integer milliseconds since the epoch, UTC."""


def now_ms() -> int:
    """The clock of a running desk."""
    return time.time_ns() // 1_000_000
