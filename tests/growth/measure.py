"""The growth of work with its input: CPU time at several sizes, robust on a busy machine."""

import gc
import time
from collections.abc import Callable
from typing import Any

_STEP = 4
_STEEP = 9.0
"""The most that four times the input may cost, as a multiple: 4 is linear, 16 quadratic; n log n is below 5."""
_FLOOR_SECONDS = 0.02
"""CPU below which no growth is told from noise."""
_REPEATS = 3
_TINY = (16, 20, 24, 32, 64)
_TINY_SECONDS = 0.1
"""CPU that no work on so few characters takes, unless it tries every way to part them."""


def steepest(work: Callable[[Any], object], make: Callable[[int], Any], largest: int) -> str:
    """Return a line on the growth of `work(make(size))` where it is worse than n log n, "" where it is not.

    `make` returns an input of about so many characters. Sizes grow towards `largest`, so that even what is
    exponential or cubic ends soon.
    """
    for size in _TINY:
        if cost(work, make(size)) > _TINY_SECONDS and (spent := cost(work, make(size))) > _TINY_SECONDS:
            return f"{spent * 1000:.0f} ms for {size}"
    size = largest
    while size > _TINY[-1]:
        size //= _STEP
    before = cost(work, make(size))
    while size < largest:
        size *= _STEP
        given = make(size)
        spent = cost(work, given)
        if _is_steep(before, spent):
            spent = min([spent, *(cost(work, given) for _ in range(_REPEATS - 1))])
            smaller = make(size // _STEP)
            before = max(before, min(cost(work, smaller) for _ in range(_REPEATS)))
            if _is_steep(before, spent):
                return f"{before * 1000:.1f} ms for {size // _STEP}, {spent * 1000:.1f} ms for {size}"
        before = spent
    return ""


def cost(work: Callable[[Any], object], given: Any) -> float:
    """Return the CPU seconds of `work(given)`."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        begun = time.thread_time()
        work(given)
        return time.thread_time() - begun
    finally:
        if enabled:
            gc.enable()


def _is_steep(before: float, spent: float) -> bool:
    return spent > _FLOOR_SECONDS and spent > _STEEP * before
