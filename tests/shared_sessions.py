"""A pooler before the tests' PostgreSQL: each connection has a session of its own, or sessions are shared.

Like others of its kind it announces a made-up process to each connection; a session that is shared is free again
after each transaction.
"""

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

_SOCKET = ".s.PGSQL.5432"
_PARAMETERS = {
    "client_encoding": "UTF8",
    "DateStyle": "ISO, MDY",
    "integer_datetimes": "on",
    "server_encoding": "UTF8",
    "server_version": "15.0",
    "standard_conforming_strings": "on",
    "TimeZone": "Etc/UTC",
}
_IDLE = b"I"


@asynccontextmanager
async def pooler(socket: Path, folder: Path, *, shared: bool) -> AsyncIterator[None]:
    """Serve in `folder` what the PostgreSQL in `socket` serves, with sessions that are `shared` or not."""
    pooling = _Pooling(socket / _SOCKET, shared=shared)
    server = await asyncio.start_unix_server(pooling.serve, folder / _SOCKET)
    try:
        yield
    finally:
        server.close()
        for session in pooling.all:
            session.writer.close()
        await server.wait_closed()


class _Session:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer


class _Pooling:
    def __init__(self, server: Path, *, shared: bool) -> None:
        self._server = server
        self._shared = shared
        self._free: list[_Session] = []
        self.all: list[_Session] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection to its end."""
        session: _Session | None = None
        answers: asyncio.Task[None] | None = None
        try:
            startup = await _startup(reader)
            writer.write(_welcome())
            while (message := await _message(reader))[:1] != b"X":
                if answers is None or answers.done():
                    session = await self._take(startup)
                    answers = asyncio.create_task(self._pass_on(session, writer))
                assert session is not None, "it answers"
                session.writer.write(message)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            if answers is not None and not answers.done():
                answers.cancel()
                assert session is not None, "it answers"
                session.writer.close()
            writer.close()

    async def _take(self, startup: bytes) -> _Session:
        if self._free:
            return self._free.pop()
        session = _Session(*await asyncio.open_unix_connection(self._server))
        self.all.append(session)
        session.writer.write(startup)
        while (await _message(session.reader))[:1] != b"Z":
            pass
        return session

    async def _pass_on(self, session: _Session, writer: asyncio.StreamWriter) -> None:
        """Pass answers on: where sessions are shared, to the end of a transaction."""
        while True:
            message = await _message(session.reader)
            writer.write(message)
            if self._shared and message[:1] == b"Z" and message[5:] == _IDLE:
                self._free.append(session)
                return


async def _startup(reader: asyncio.StreamReader) -> bytes:
    """Return the message that a connection begins with."""
    head = await reader.readexactly(4)
    return head + await reader.readexactly(struct.unpack("!i", head)[0] - 4)


async def _message(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readexactly(5)
    return head + await reader.readexactly(struct.unpack("!i", head[1:])[0] - 4)


def _welcome() -> bytes:
    """Return the answer to a startup: everybody may, and no process serves them in particular."""
    pairs = [f"{name}\0{value}\0".encode() for name, value in _PARAMETERS.items()]
    told = b"".join(_packed(b"S", pair) for pair in pairs)
    return (
        _packed(b"R", struct.pack("!i", 0)) + told + _packed(b"K", struct.pack("!ii", 1, 1)) + _packed(b"Z", _IDLE)
    )


def _packed(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("!i", len(body) + 4) + body
