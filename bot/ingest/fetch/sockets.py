"""Sockets of asyncio for httpcore.

httpcore's own go through anyio, which costs more time per connection than all of HTTP does.
"""

import asyncio
import ssl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import httpcore

from bot.errors import SourceError
from bot.ingest.fetch.answer_bounds import AnswerBounds

_MOST_UNREAD = 256 * 1024
# What is parsed at once, between two turns of the event loop.
_MOST_READ = 8 * 1024


class AsyncioBackend(httpcore.AsyncNetworkBackend):
    """Connects with asyncio."""

    async def connect_tcp(  # noqa: PLR0917 - the interface is httpcore's
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to an address. Raises httpcore.ConnectError and httpcore.ConnectTimeout."""
        with _named(httpcore.ConnectError, httpcore.ConnectTimeout):
            async with asyncio.timeout(timeout):
                _, stream = await asyncio.get_running_loop().create_connection(_Stream, host, port)
        return stream

    async def sleep(self, seconds: float) -> None:
        """Wait, as httpcore asks between retries."""
        await asyncio.sleep(seconds)


class _Stream(asyncio.Protocol, httpcore.AsyncNetworkStream):
    """A connection. It stops reading while much is unread; what it writes, a request, is small and never waits.

    What comes after a request is its answer, within `AnswerBounds`: one that leaves them ends the connection.
    """

    def __init__(self) -> None:
        self._transport: asyncio.Transport
        self._unread = bytearray()
        self._ended = False
        self._error: Exception | None = None
        self._reader: asyncio.Future[None] | None = None
        self._bounds = AnswerBounds()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Store the transport."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Buffer data until it is read."""
        try:
            self._bounds.feed(data)
        except SourceError as error:
            self._ended, self._error = True, error
            self._transport.abort()
            self._wake()
            return
        self._unread += data
        if len(self._unread) > _MOST_UNREAD:
            self._transport.pause_reading()
        self._wake()

    def eof_received(self) -> None:
        """Record that no more will come."""
        self._ended = True
        self._wake()

    def connection_lost(self, error: Exception | None) -> None:
        """Record that no more will come, and why."""
        self._ended, self._error = True, self._error or error
        self._wake()

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Return some of what has come, b"" at the end.

        Raises httpcore.ReadError and httpcore.ReadTimeout, and SourceError for an answer that is out of bounds.
        """
        if self._unread:
            await asyncio.sleep(0)  # whoever has much to read lets others in between
        with _named(httpcore.ReadError, httpcore.ReadTimeout):
            while not self._unread or isinstance(self._error, SourceError):
                if self._error is not None:
                    raise self._error
                if self._ended:
                    return b""
                async with asyncio.timeout(timeout):
                    await self._more()
        data = bytes(self._unread[: min(max_bytes, _MOST_READ)])
        del self._unread[: len(data)]
        if len(self._unread) <= _MOST_UNREAD and not self._transport.is_closing():
            self._transport.resume_reading()
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send `buffer`, a request or nothing."""
        if buffer:
            self._bounds = AnswerBounds()
        self._transport.write(buffer)

    async def aclose(self) -> None:
        """Close at once."""
        self._transport.abort()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        """Encrypt the connection. Raises httpcore.ConnectError and httpcore.ConnectTimeout."""
        loop = asyncio.get_running_loop()
        try:
            with _named(httpcore.ConnectError, httpcore.ConnectTimeout):
                async with asyncio.timeout(timeout):
                    encrypted = await loop.start_tls(
                        self._transport, self, ssl_context, server_hostname=server_hostname
                    )
        except BaseException:
            self._transport.abort()
            raise
        assert encrypted is not None, "the connection was open"
        self._transport = encrypted
        return self

    def get_extra_info(self, info: str) -> Any:
        """Return what httpcore asks for: whether an idle connection was ended or spoken to, and TLS's object."""
        if info == "is_readable":
            return self._ended or bool(self._unread)
        return self._transport.get_extra_info(info)

    async def _more(self) -> None:
        self._reader = asyncio.get_running_loop().create_future()
        await self._reader

    def _wake(self) -> None:
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)


@contextmanager
def _named(failed: type[Exception], late: type[Exception]) -> Iterator[None]:
    """Raise httpcore's errors in place of asyncio's."""
    try:
        yield
    except TimeoutError as error:
        raise late(str(error)) from error
    except OSError as error:
        raise failed(str(error)) from error
