"""Bounds of one answer as it comes over the wire: whatever a site sends, reading it costs little (pure).

The size of a body bounds none of this: heads, chunks and trailers without content cost time, too.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from bot.errors import SourceError

MAX_WIRE_BYTES = 12_000_000
"""The most bytes of an answer: twice a body at its largest, and room for its head and the marks of its chunks."""
MAX_HEAD_BYTES = 32_000
MAX_HEAD_LINES = 400
"""Lines of heads of one answer, those of interim answers (1xx) included."""
_FREE_READS = 2_000
_LEAST_READ = 256
_HEAD_END = re.compile(rb"\n\r?\n")
_INTERIM = re.compile(rb"\s*HTTP/1\.\d 1\d\d\b")


_most_bytes: ContextVar[int] = ContextVar("most bytes of an answer", default=MAX_WIRE_BYTES)


@contextmanager
def with_room_for(body: int) -> Iterator[None]:
    """Allow bodies of up to so many bytes for the requests of a block."""
    before = _most_bytes.set(body + MAX_WIRE_BYTES)
    try:
        yield
    finally:
        _most_bytes.reset(before)


class AnswerBounds:
    """Counts what comes of one answer. Reads beyond the first 2,000 must bring 256 bytes on average."""

    def __init__(self) -> None:
        self._most = _most_bytes.get()
        self._bytes = 0
        self._reads = 0
        self._head = bytearray()
        self._head_bytes = 0
        self._head_lines = 0
        self._in_head = True

    def feed(self, data: bytes) -> None:
        """Count what one read has brought. Raises SourceError for what no site needs."""
        self._reads += 1
        self._bytes += len(data)
        if self._bytes > self._most:
            raise SourceError(f"the answer is larger than {self._most} bytes on its way")
        if self._reads > _FREE_READS + self._bytes // _LEAST_READ:
            raise SourceError("the answer comes in too small pieces")
        if self._in_head:
            self._feed_head(data)

    def _feed_head(self, data: bytes) -> None:
        searched = max(0, len(self._head) - 2)
        self._head += data
        while self._in_head and (end := _HEAD_END.search(self._head, searched)):
            self._in_head = _INTERIM.match(self._head) is not None
            self._head_bytes += end.end()
            self._head_lines += self._head.count(b"\n", 0, end.end())
            self._check_head(0, 0)
            del self._head[: end.end()]
            searched = 0
        if self._in_head:
            self._check_head(len(self._head), self._head.count(b"\n"))
        else:
            self._head.clear()

    def _check_head(self, more_bytes: int, more_lines: int) -> None:
        """Raise SourceError where the heads, with what has come of the next one, are too large."""
        if self._head_bytes + more_bytes > MAX_HEAD_BYTES or self._head_lines + more_lines > MAX_HEAD_LINES:
            raise SourceError("the answer has too many headers")
