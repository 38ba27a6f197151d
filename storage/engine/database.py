"""Transactions on the database, whichever of the two kinds it is.

Every function of this package takes the connection of a transaction that its caller opened here, so that one
act is one transaction however many aggregates it touches.

The driver of PostgreSQL and SQLAlchemy's asyncio layer take 9 MB; only who opens such a database imports them.
"""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote

from sqlalchemy import make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError

from storage.engine import on_sqlite
from storage.engine.connection import Connection
from storage.engine.pool import Pool, Pools
from storage.engine.private_files import make_folder
from storage.errors import (
    DamagedError,
    DatabaseTrouble,
    TooLongError,
    UnavailableError,
    UnusableError,
    is_statement_timeout,
    passes,
    trouble_of,
)

KINDS = ("sqlite", "postgresql")
"""The databases that Peyk runs on, as the first word of their addresses."""

SEARCH_MS = 3_000
"""The time limit (ms) of one statement of a search."""

MONITOR_MS = 10_000
"""The time limit (ms) of one statement of a monitor."""

PROBE_MS = 4_000
"""The time (ms) that a probe waits for another transaction."""

_PATIENCE = {"search_ms": SEARCH_MS, "monitor_ms": MONITOR_MS, "probe_ms": PROBE_MS}


@dataclass(frozen=True, slots=True)
class PoolWaits:
    """Transactions that had to wait for a connection, and the seconds that they waited in all."""

    count: int
    seconds: float


class ReadOnlyDatabase(Protocol):
    """The reading side of a Database, for whoever leaves every write to a service."""

    def read(self) -> AbstractAsyncContextManager[Connection]:
        """One consistent view, as of `Database.read`."""

    def autocommit_read(self) -> AbstractAsyncContextManager[Connection]:
        """A connection for one statement, as of `Database.autocommit_read`."""

    def search(self) -> AbstractAsyncContextManager[Connection]:
        """One view for what may take long, as of `Database.search`."""


class Database:
    """The database at `url`: `sqlite:///PATH`, or `postgresql://...` in any form that libpq reads.

    Raises UnusableError for any other address. Open it before use and close it after: a connection left open
    keeps the process from ending.

    On SQLite one transaction writes at a time. On PostgreSQL several do, READ COMMITTED; what must be done by
    one at a time says so itself (`dialect.advisory_lock`).

    `zone` is the newsroom's: in it begin the days that are counted (`storage.daily_counters`).
    """

    def __init__(self, url: str, zone: tzinfo = UTC) -> None:
        self._url = _parsed(url)
        self._zone = zone
        self._address = url
        self._pools: Pools | None = None
        self._is_damaged = False

    @property
    def is_damaged(self) -> bool:
        """Return whether damage was met since the start: it does not go away by itself."""
        return self._is_damaged

    @property
    def path(self) -> Path | None:
        """The database's file; None on PostgreSQL."""
        return Path(self._url.database or "") if self._url.get_backend_name() == "sqlite" else None

    @property
    def name(self) -> str:
        """The name of the database for people: its file or its address, never with a password."""
        if self.path is not None:
            return str(self.path)
        # Of what follows the "?" nothing is shown: it may hold a password too.
        return self._url.set(query={}).render_as_string(hide_password=True)

    async def open(self) -> None:
        """Make the folder and the connections; a file is its owner's alone.

        Raises OSError where the folder cannot be made.
        """
        if self.path is not None:
            make_folder(self.path.parent)
            on_sqlite.restrict_permissions(self.path)
            self._pools = on_sqlite.pools(self.path, self._zone, **_PATIENCE)
        else:
            from storage.engine import on_postgresql

            self._pools = on_postgresql.pools(self._address, self._zone, **_PATIENCE)

    async def require_own_sessions(self) -> None:
        """Make sure that no pooler shares sessions on the way to PostgreSQL.

        Raises UnusableError where one does, UnavailableError where the server cannot be reached.
        """
        if self.path is None:
            from storage.engine import on_postgresql

            await on_postgresql.require_own_sessions(self._address)

    async def close(self) -> None:
        """Close every connection. Safe to repeat."""
        pools, self._pools = self._pools, None
        for pool in pools or ():
            await pool.close()

    def waits(self) -> dict[str, PoolWaits]:
        """Return how long transactions have waited for a connection since `open`, by the name of the pool."""
        pools = self._opened._asdict()
        return {name: PoolWaits(pool.waits, pool.waited) for name, pool in pools.items()}

    @property
    def is_write_awaited(self) -> bool:
        """Return whether a write transaction waits for another one of this process to end."""
        return self._opened.writers.waiting > 0

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Connection]:
        """One write transaction; commits at the end, rolls back on any exception.

        Raises UnavailableError where nothing was written and the same act may succeed later: another process
        held the database for over 10 s, the server cannot be reached, two transactions were in each other's
        way. Raises DamagedError where the act needs a damaged part of the database, UnusableError where the server
        will not have us: a wrong password, no such database.
        """
        async with self._transaction(self._opened.writers) as connection:
            yield connection

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Connection]:
        """One consistent view of the database; writing through it fails. Raises as `write` does."""
        async with self._transaction(self._opened.readers) as connection:
            yield connection

    @asynccontextmanager
    async def autocommit_read(self) -> AsyncIterator[Connection]:
        """A connection for one prepared statement that reads, outside any transaction. Raises as `write` does."""
        async with self._transaction(self._opened.readers, autocommit=True) as connection:
            yield connection

    @asynccontextmanager
    async def search(self) -> AsyncIterator[Connection]:
        """One view as in `read`, for what may take long: those who search wait for each other, not others for them.

        A statement that takes longer than SEARCH_MS raises TooLongError.
        """
        async with self._transaction(self._opened.searchers) as connection:
            yield connection

    @asynccontextmanager
    async def monitor(self) -> AsyncIterator[Connection]:
        """One view as in `read`, on a connection of its own: monitors delay nobody.

        A statement that takes longer than MONITOR_MS raises TooLongError.
        """
        async with self._transaction(self._opened.monitors) as connection:
            yield connection

    @asynccontextmanager
    async def probe(self) -> AsyncIterator[Connection]:
        """One write transaction as in `write`, on a connection of its own, to find out whether writing works.

        It waits PROBE_MS for another transaction, less than `write` does.
        """
        async with self._transaction(self._opened.probes) as connection:
            yield connection

    @asynccontextmanager
    async def session(self) -> AsyncIterator[Connection]:
        """One connection outside the pools and outside transactions, for a lock that lasts. PostgreSQL only."""
        from storage.engine import on_postgresql

        sessions = on_postgresql.lasting(self._address, self._zone)
        try:
            async with self._transaction(sessions) as connection:
                yield connection
        finally:
            await sessions.close()

    @asynccontextmanager
    async def _transaction(self, pool: Pool, *, autocommit: bool = False) -> AsyncIterator[Connection]:
        """One transaction; the troubles of both databases get their one name."""
        try:
            async with pool.transaction(autocommit=autocommit) as connection:
                yield connection
        except DBAPIError as error:
            if is_statement_timeout(error):
                raise TooLongError("broken off") from error
            trouble, words = trouble_of(error), str(error.orig).partition("\n")[0]
            if trouble is DatabaseTrouble.DAMAGED:
                self._is_damaged = True
                raise DamagedError(words, trouble) from error
            if passes(error):
                raise UnavailableError(words, trouble) from error
            raise

    @property
    def _opened(self) -> Pools:
        assert self._pools is not None, "the database is not open"
        return self._pools


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        parsed = None
    if parsed is None or parsed.get_backend_name() not in KINDS or not parsed.database:
        raise UnusableError("sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME is expected")
    # A server that is asked for such a name hangs up, as one does that stops.
    if "\0" in unquote(url):
        raise UnusableError("no name in it can hold U+0000 (%00)")
    return parsed
