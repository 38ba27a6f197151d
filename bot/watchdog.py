"""A watchdog that logs stalls of the event loop and what ran in them."""

import asyncio
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType
from typing import Any, Protocol

import structlog

from bot import counters

STALL_SECONDS = 0.1
"""The time for which the loop may run without a look at its events."""

_LOOK_SECONDS = 0.05
_LAG_SECONDS = 0.25
_MOST_CALLS = 6
_FOLD_SECONDS = 60.0
_MOST_FOLDED = 200
_log = structlog.get_logger(__name__)


class Log(Protocol):
    """Logs a stall."""

    def __call__(self, event: str, **facts: object) -> object:
        """Write one line."""


@dataclass(slots=True)
class _Folded:
    """The time at which a place was logged, and its stalls since that were not logged."""

    logged_at: float
    more: int = 0
    longest_ms: int = 0


class Watchdog:
    """Watches the running loop. `close` it, in the loop.

    The loop notes when it turns to its callbacks and when it waits for I/O again: every turn longer than `stall`
    seconds counts. A thread looks twenty times a second for a turn that has become long, and at the stack of the
    loop's thread then. Of stalls at one place one line a minute is logged, with how many there were.
    `count` is given the seconds of each. Four times a second the lateness of a timer is observed.
    """

    def __init__(
        self,
        *,
        stall: float = STALL_SECONDS,
        log: Log = _log.warning,
        count: Callable[[float], object] = counters.LOOP_STALLS.observe,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._stall = stall
        self._log = log
        self._count = count
        self._monotonic = monotonic
        self._folded: dict[str, _Folded] = {}
        self._seen: Counter[str] = Counter()
        self._busy_since: float | None = None
        self._loop_thread = threading.get_ident()
        # The loop calls it once a turn; asyncio has no other place to see turns from.
        self._selector: Any = asyncio.get_running_loop()._selector  # type: ignore[attr-defined]
        self._select: Callable[[float | None], Any] = self._selector.select
        self._selector.select = self._wait_for_io
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)
        self._thread.start()
        self._timer = self._set_timer()

    def close(self) -> None:
        """End the watch. Harmless when repeated."""
        self._selector.select = self._select
        self._timer.cancel()
        self._closed.set()
        self._thread.join()

    def _set_timer(self) -> asyncio.TimerHandle:
        return asyncio.get_running_loop().call_later(_LAG_SECONDS, self._on_timer)

    def _on_timer(self) -> None:
        late = asyncio.get_running_loop().time() - self._timer.when()
        counters.LOOP_LAG.observe(max(0.0, late))
        self._timer = self._set_timer()

    def _wait_for_io(self, timeout: float | None) -> Any:
        if self._busy_since is not None:
            spent = self._monotonic() - self._busy_since
            self._busy_since = None
            if spent >= self._stall:
                self._report_stall(int(spent * 1000))
        try:
            return self._select(timeout)
        finally:
            self._busy_since = self._monotonic()

    def _watch(self) -> None:
        looked_at: float | None = None
        while not self._closed.wait(_LOOK_SECONDS):
            since = self._busy_since
            if since is None or self._monotonic() - since < min(_LOOK_SECONDS, self._stall):
                continue
            if since != looked_at:
                looked_at, self._seen = since, Counter()
            if (frame := sys._current_frames().get(self._loop_thread)) is not None:
                self._seen[_calls(frame)] += 1

    def _report_stall(self, milliseconds: int) -> None:
        seen, self._seen = self._seen, Counter()
        ran = seen.most_common(1)[0][0] if seen else "unknown"
        self._count(milliseconds / 1000)
        now = self._monotonic()
        folded = self._folded.get(ran)
        if folded is not None and now - folded.logged_at < _FOLD_SECONDS:
            folded.more += 1
            folded.longest_ms = max(folded.longest_ms, milliseconds)
            return
        if len(self._folded) >= _MOST_FOLDED:
            self._folded.clear()
        self._folded[ran] = _Folded(now)
        more = {"more": folded.more, "longest_ms": folded.longest_ms} if folded and folded.more else {}
        self._log("loop_stalled", milliseconds=milliseconds, ran=ran, **more)


def _calls(frame: FrameType) -> str:
    """Return the innermost calls of a stack below asyncio, the outer first: `module:function:line > ...`."""
    calls: list[str] = []
    at: FrameType | None = frame
    while at is not None and len(calls) < _MOST_CALLS:
        module = str(at.f_globals.get("__name__", "?"))
        if module.startswith("asyncio."):
            break
        calls.append(f"{module}:{at.f_code.co_name}:{at.f_lineno}")
        at = at.f_back
    return " > ".join(reversed(calls))
