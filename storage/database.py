"""Connections and transactions: one writer, several read-only readers.

Every function of this package takes the connection of a transaction that its caller opened here, so that one
act of the desk is one transaction however many aggregates it touches.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import event, make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

_READERS = 4
_BUSY_TIMEOUT_MS = 10_000


class Database:
    """The desk's database at `url` (`sqlite:///path`).

    Open it before use and close it after: a connection left open keeps the process from ending.
    """

    def __init__(self, url: str) -> None:
        parsed = make_url(url)
        if parsed.get_backend_name() != "sqlite" or not parsed.database:
            raise ValueError("DATABASE_URL must be sqlite:///PATH")
        self.path = Path(parsed.database)
        self._url = parsed.set(drivername="sqlite+aiosqlite")
        self._write_lock = asyncio.Lock()
        self._writer: AsyncEngine | None = None
        self._readers: AsyncEngine | None = None

    async def open(self) -> None:
        """Make the folder and the connections. Raises OSError or sqlalchemy.exc.OperationalError."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._writer = _engine(self._url, begin="BEGIN IMMEDIATE", pool_size=1)
        self._readers = _engine(self._url, begin="BEGIN", pool_size=_READERS, read_only=True)

    async def close(self) -> None:
        """Close every connection. Safe to repeat."""
        engines, self._writer, self._readers = (self._writer, self._readers), None, None
        for engine in engines:
            if engine is not None:
                await engine.dispose()

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """One write transaction; commits at the end, rolls back on any exception.

        Raises sqlalchemy.exc.OperationalError where another process holds the database for over 10 s.
        """
        assert self._writer is not None, "the database is not open"
        async with self._write_lock, self._writer.begin() as connection:
            yield connection

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """One consistent view of the database; writing through it fails."""
        assert self._readers is not None, "the database is not open"
        async with self._readers.connect() as connection, connection.begin():
            yield connection


def _engine(url: Any, *, begin: str, pool_size: int, read_only: bool = False) -> AsyncEngine:
    engine = create_async_engine(url, pool_size=pool_size, max_overflow=0, pool_timeout=30)

    @event.listens_for(engine.sync_engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver opens no transactions of its own
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {_BUSY_TIMEOUT_MS}")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA cache_size = -32000")
        if read_only:
            cursor.execute("PRAGMA query_only = ON")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin_as_asked(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    return engine
