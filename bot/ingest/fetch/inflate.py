"""Decompression that stops at a cap, so that half a megabyte cannot become half a gigabyte (pure)."""

import zlib

from bot.errors import SourceError


class Inflater:
    """Collects a response body, decompressing it chunk by chunk, up to `limit` bytes.

    `encoding` is the Content-Encoding header. Raises SourceError for an unknown encoding, for a body that
    outgrows the limit and for one that is damaged or ends too soon.
    """

    def __init__(self, encoding: str, limit: int) -> None:
        self._limit = limit
        self._parts: list[bytes] = []
        self._size = 0
        self._fed = False
        self._encoding = encoding.strip().lower()
        if self._encoding in ("", "identity"):
            self._stream = None
        elif self._encoding in ("gzip", "x-gzip", "deflate"):
            self._stream = zlib.decompressobj(zlib.MAX_WBITS | 32)
        else:
            raise SourceError(f"content encoding {self._encoding[:40]!r} was not asked for")

    def feed(self, chunk: bytes) -> None:
        """Take the next raw chunk of the body."""
        if not chunk:
            return
        if self._stream is None:
            self._keep(chunk)
            return
        data = self._expand(chunk)
        self._fed = True
        while True:
            self._keep(data)
            rest = self._stream.unconsumed_tail
            if not rest:
                break
            data = self._expand(rest)

    def finish(self) -> bytes:
        """Return the whole body."""
        if self._stream is not None and self._fed and not self._stream.eof:
            self._keep(self._stream.flush(self._room()))
            if not self._stream.eof:
                raise SourceError("the compressed answer ends too soon")
        return b"".join(self._parts)

    def _room(self) -> int:
        return self._limit - self._size + 1

    def _expand(self, data: bytes) -> bytes:
        assert self._stream is not None
        try:
            return self._stream.decompress(data, self._room())
        except zlib.error as error:
            if self._encoding != "deflate" or self._fed:
                raise SourceError("the compressed answer is damaged") from error
        # Some servers send deflate without the zlib header that the standard asks for.
        self._stream = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            return self._stream.decompress(data, self._room())
        except zlib.error as error:
            raise SourceError("the compressed answer is damaged") from error

    def _keep(self, data: bytes) -> None:
        self._size += len(data)
        if self._size > self._limit:
            raise SourceError(f"the answer is larger than {self._limit} bytes")
        self._parts.append(data)
