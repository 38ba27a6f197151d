"""Decompression that stops at a cap, so that half a megabyte cannot become half a gigabyte (pure)."""

import codecs
import zlib
from collections.abc import Iterator

from bot.errors import SourceError

_GZIP = b"\x1f\x8b"
_GZIP_NAMES = ("gzip", "x-gzip")
# Names of https://www.iana.org/assignments/http-parameters that Accept-Encoding does not ask for, and their like.
_UNASKED = (
    "br",
    "zstd",
    "compress",
    "x-compress",
    "dcb",
    "dcz",
    "bzip2",
    "xz",
    "lzma",
    "pack200-gzip",
    "exi",
    "aes128gcm",
)
_MOST_LAYERS = 2
_MOST_MEMBERS = 500
_MARKUP = (b"<", b"{", codecs.BOM_UTF8)
_PIECE = 256 * 1024


class Inflater:
    """Collects a response body, decompressing it chunk by chunk, up to `limit` bytes.

    `encoding` is the Content-Encoding header; names in it that are no compression, such as utf-8 or none, count for
    nothing. The body's own first bytes tell whether it is gzip, for servers say so of plain text, say it twice, and
    send gzip without a word. Up to 500 members of gzip are one body; whatever else follows a member is ignored.
    Raises SourceError for a body in a compression that was not asked for, for one that outgrows the limit, and for
    one that is damaged, has more members, or ends too soon.
    """

    def __init__(self, encoding: str, limit: int) -> None:
        names = [name.strip().lower() for name in encoding.split(",")]
        self._unasked = next((name for name in names if name in _UNASKED), "")
        layers = [name for name in names if name in (*_GZIP_NAMES, "deflate")]
        if len(layers) > _MOST_LAYERS:
            raise SourceError(f"the answer is compressed {len(layers)} times over")
        self._limit = limit
        self._taken = 0
        self._body: list[bytes] = []
        # Layers are undone from the last that was put on.
        self._layers = [_Layer(limit, deflated=name == "deflate") for name in reversed(layers or ["gzip"])]

    def feed(self, chunk: bytes) -> None:
        """Decompress the next raw chunk of the body."""
        if self._unasked and chunk:
            self._check_unasked(chunk)
        self._taken = _within(self._limit, self._taken + len(chunk))
        self._pass(chunk, 0)

    def finish(self) -> bytes:
        """Return the whole body."""
        for index, layer in enumerate(self._layers):
            self._pass(layer.finish(), index + 1)
        return b"".join(self._body)

    def _check_unasked(self, beginning: bytes) -> None:
        """Raise SourceError for a body compressed as its header says; it may be text or gzip all the same."""
        if not (beginning.lstrip().startswith(_MARKUP) or _GZIP.startswith(beginning[: len(_GZIP)])):
            raise SourceError(f"the answer is compressed with {self._unasked!r}, which was not asked for")
        self._unasked = ""

    def _pass(self, data: bytes, index: int) -> None:
        """Hand data to a layer and what comes out of it to the next, piece by piece."""
        if index == len(self._layers):
            self._body.append(data)
            return
        for piece in self._layers[index].feed(data):
            self._pass(piece, index + 1)


class _Layer:
    """One compression of a body, or none where the body's first bytes are of none."""

    def __init__(self, limit: int, *, deflated: bool) -> None:
        self._limit = limit
        self._deflated = deflated
        self._size = 0
        self._held = b""
        self._stream: zlib._Decompress | None = None
        self._members = 0
        self._owes = False
        self._is_plain = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Decompress a chunk, and yield its pieces."""
        data = self._held + data
        self._held = b""
        while data or self._owes:
            if self._stream is None and not self._is_plain:
                if len(data) < len(_GZIP):
                    self._held = data
                    return
                if self._members and not data.startswith(_GZIP):
                    return
                self._begin(data)
            if self._stream is None:
                yield self._counted(data)
                return
            piece, data = self._expand(data)
            yield self._counted(piece)

    def finish(self) -> bytes:
        """Return what was held back. Raises SourceError where a member has not come to its end."""
        if self._stream is not None:
            raise SourceError("the compressed answer ends too soon")
        return b"" if self._members else self._counted(self._held)

    def _begin(self, data: bytes) -> None:
        if data.startswith(_GZIP):
            self._stream = zlib.decompressobj(zlib.MAX_WBITS | 16)
        elif self._deflated and not data.lstrip().startswith(_MARKUP):
            # Some servers send deflate without the zlib header that the standard asks for.
            has_header = int.from_bytes(data[:2], "big") % 31 == 0 and data[0] & 15 == zlib.DEFLATED
            self._stream = zlib.decompressobj(zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS)
        else:
            self._is_plain = True

    def _expand(self, data: bytes) -> tuple[bytes, bytes]:
        """Return the next piece, and what of `data` is still to be read."""
        assert self._stream is not None
        try:
            piece = self._stream.decompress(data, _PIECE)
        except zlib.error as error:
            raise SourceError("the compressed answer is damaged") from error
        # A full piece may leave more in the stream, whether or not there is more to read.
        self._owes = len(piece) == _PIECE and not self._stream.eof
        if not self._stream.eof:
            return piece, self._stream.unconsumed_tail
        rest = self._stream.unused_data
        self._stream = None
        self._members += 1
        if self._members > _MOST_MEMBERS:
            raise SourceError("the compressed answer has too many parts")
        return piece, rest

    def _counted(self, data: bytes) -> bytes:
        self._size = _within(self._limit, self._size + len(data))
        return data


def _within(limit: int, size: int) -> int:
    if size > limit:
        raise SourceError(f"the answer is larger than {limit} bytes")
    return size
