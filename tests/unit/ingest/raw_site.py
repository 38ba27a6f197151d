"""A site that speaks to sockets itself, for answers that no proper server gives."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

Talk = Callable[[bytes, asyncio.StreamWriter, int], Awaitable[None]]
"""Answers a request's head; the number counts the connections from 0."""


@asynccontextmanager
async def raw_site(talk: Talk, context: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """Listen on a free port of loopback, and yield it."""
    writers: list[asyncio.StreamWriter] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        number = len(writers)
        writers.append(writer)
        try:
            while not writer.is_closing():
                await talk(await reader.readuntil(b"\r\n\r\n"), writer, number)
        except (asyncio.IncompleteReadError, OSError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for writer in writers:
            writer.close()


def answer(body: bytes = b"", *headers: str, status: str = "200 OK") -> bytes:
    """Return an answer as it goes over the wire."""
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body
