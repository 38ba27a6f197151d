"""The body of a request, within limits of size and time."""

import asyncio

from aiohttp import web

_SECONDS = 10.0


class BodyError(Exception):
    """A body cannot be had: `status` is the answer, 413 where it is too long, 408 too slow, 400 broken."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


async def read_body(request: web.BaseRequest, *, most: int, seconds: float = _SECONDS) -> bytes:
    """Return the body of at most `most` bytes, read within `seconds`. Raises BodyError."""
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > most:
                    raise BodyError(413)
    except TimeoutError:
        raise BodyError(408) from None
    except (web.RequestPayloadError, ConnectionError):
        raise BodyError(400) from None
    return bytes(body)
