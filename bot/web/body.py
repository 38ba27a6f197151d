"""The body of a request, within limits of size, time and form."""

import asyncio
from collections.abc import Callable

from aiohttp import web

_SECONDS = 10.0
_FREE_CHUNKS = 1_000
_LEAST_CHUNK = 64
"""The least bytes of a chunk on average, beyond the first thousand: a tiny one costs as much as a kilobyte."""


class BodyError(Exception):
    """A body cannot be read: `status` is the answer, 413 where it is too long, 408 too slow, 400 broken."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


async def read_body(request: web.BaseRequest, *, most: int, seconds: float = _SECONDS) -> bytes:
    """Return the body of at most `most` bytes, read within `seconds`. Raises BodyError."""
    body = bytearray()
    await feed_body(request, body.extend, most=most, seconds=seconds)
    return bytes(body)


async def feed_body(
    request: web.BaseRequest, take: Callable[[bytes], object], *, most: int, seconds: float = _SECONDS
) -> None:
    """Read a body of at most `most` bytes within `seconds`, and pass each piece to `take`. Raises BodyError."""
    if (request.content_length or 0) > most:
        raise BodyError(413)
    size = chunks = 0
    try:
        async with asyncio.timeout(seconds):
            async for piece, ends in request.content.iter_chunks():
                size += len(piece)
                chunks += ends
                if size > most:
                    raise BodyError(413)
                if chunks > _FREE_CHUNKS + size // _LEAST_CHUNK:
                    raise BodyError(400)
                take(piece)
    except TimeoutError:
        raise BodyError(408) from None
    except (web.RequestPayloadError, ConnectionError):
        raise BodyError(400) from None
