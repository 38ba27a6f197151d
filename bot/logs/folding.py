"""Folding of a log: a repeated event is written a few times, then counted, and summed up at the end of a window."""

import logging
import re
import sys
import threading
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass

MOST = 10
"""The most times that one event is logged in a window."""

WINDOW_SECONDS = 60.0
_MOST_KINDS = 1_000
_NUMBER = re.compile(r"\d+")

Later = Callable[[float, Callable[[], None]], object]
"""Arranges for a call after so many seconds."""


@dataclass(slots=True)
class _Seen:
    """The count of an event in this window, and the last of the events that were not logged."""

    count: int = 0
    folded: int = 0
    last: logging.LogRecord | None = None


class Folding(logging.Handler):
    """Passes records to `inner`, at most `most` of the same event in a window.

    The same trouble is a logger, an event and the place and type of an exception. Records below WARNING are
    handed on always: each of them tells something else. What was held back is logged as its last record with the
    number of the others, at the end of the window and when logging is shut down.
    """

    def __init__(
        self,
        inner: logging.Handler,
        *,
        most: int = MOST,
        window: float = WINDOW_SECONDS,
        later: Later | None = None,
    ) -> None:
        super().__init__()
        self._inner = inner
        self._most = most
        self._window = window
        self._later = later or _on_a_thread
        self._seen: dict[tuple[object, ...], _Seen] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record, or count it."""
        if record.levelno < logging.WARNING:
            self._inner.handle(record)
            return
        if not self._seen:
            self._later(self._window, self.flush_window)
        kind = _kind(record)
        if kind not in self._seen and len(self._seen) >= _MOST_KINDS:
            kind = (record.name, record.levelno)
        seen = self._seen.setdefault(kind, _Seen())
        seen.count += 1
        if seen.count <= self._most:
            self._inner.handle(record)
        else:
            seen.folded += 1
            seen.last = record

    def flush_window(self) -> None:
        """End the window: write what was held back."""
        self.acquire()
        try:
            seen, self._seen = self._seen, {}
            for repeated in seen.values():
                if repeated.last is not None:
                    self._inner.handle(_repeated(repeated.last, repeated.folded))
        finally:
            self.release()

    def close(self) -> None:
        """Write what was held back, at the end of the process."""
        self.flush_window()
        super().close()


def _on_a_thread(seconds: float, act: Callable[[], None]) -> None:
    timer = threading.Timer(seconds, act)
    timer.daemon = True
    timer.start()


def _kind(record: logging.LogRecord) -> tuple[object, ...]:
    """Return what repetitions of a record have in common; numbers in its words are not among it."""
    if isinstance(record.msg, dict):
        event = str(record.msg.get("event"))
        error = record.msg.get("exc_info")
    else:
        event = str(record.msg).partition("\n")[0]
        error = record.exc_info
    return record.name, record.levelno, _NUMBER.sub("#", event[:200]), *_origin(error)


def _origin(error: object) -> tuple[object, ...]:
    """Return the type of an exception and where it was raised; nothing where there is none."""
    if error is True:
        error = sys.exception()
    elif isinstance(error, tuple):
        error = error[1]
    if not isinstance(error, BaseException):
        return ()
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    return type(error), place and (place.tb_frame.f_code.co_filename, place.tb_lineno)


def _repeated(record: logging.LogRecord, times: int) -> logging.LogRecord:
    """Return a record with the number of those held back; its traceback was written before."""
    copied = copy(record)
    copied.exc_info = copied.exc_text = copied.stack_info = None
    if isinstance(record.msg, dict):
        fields = {name: value for name, value in record.msg.items() if name not in ("exc_info", "stack_info")}
        copied.msg = fields
    copied.repeated = times
    return copied
