"""Connections to a SQLite file: each in a thread of its own, one visit to it for each statement."""

import asyncio
import contextlib
import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import tzinfo
from itertools import islice
from pathlib import Path
from typing import Any

import aiosqlite
import sqlalchemy
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool

from storage.engine.connection import Connection, without_nul
from storage.engine.pool import Pool, Pools
from storage.engine.private_files import tighten
from storage.engine.statement_cache import STATEMENTS

PATIENCE_MS = 10_000
"""The time (ms) that a transaction waits for another process that writes."""

BESIDE = ("-wal", "-shm")
"""The endings of the files that SQLite keeps beside a database."""

# Of SQLite's machine between two looks at the clock, a tenth of a second: each look waits for the interpreter, and
# what is answered soon is to do without.
_STEPS = 2_000_000
_READERS = 4
_SEARCHERS = 2
_ITERATED_AT_ONCE = 64  # what aiosqlite asks for; nothing here iterates


def pools(path: Path, zone: tzinfo, *, search_ms: int, monitor_ms: int, probe_ms: int) -> Pools:
    """Return the pools of the file at `path`.

    One statement of a search takes no longer than `search_ms`, one of a monitor `monitor_ms`; a probe waits
    `probe_ms` for whoever writes.

    There is one writer, and its transactions begin with BEGIN IMMEDIATE: one that reads first and writes later
    fails at once when another process wrote meanwhile, however patient it is.
    """
    writer = _engine(path, "BEGIN IMMEDIATE", "PRAGMA cache_size = -8000")
    reading = ("BEGIN", "PRAGMA cache_size = -2000", "PRAGMA query_only = ON")
    readers, searchers = _engine(path, *reading), _engine(path, *reading, patience=search_ms / 1000)
    monitor = _engine(path, *reading, patience=monitor_ms / 1000)
    probe = _engine(path, "BEGIN IMMEDIATE", f"PRAGMA busy_timeout = {probe_ms}")
    return Pools(
        writers=Pool(lambda: OnSqlite.opened(writer, zone), 1),
        readers=Pool(lambda: OnSqlite.opened(readers, zone), _READERS),
        searchers=Pool(lambda: OnSqlite.opened(searchers, zone), _SEARCHERS),
        monitors=Pool(lambda: OnSqlite.opened(monitor, zone), 1),
        probes=Pool(lambda: OnSqlite.opened(probe, zone), 1),
    )


def restrict_permissions(path: Path) -> None:
    """Restrict the database at `path` to its owner. SQLite copies the permissions to the files beside it.

    A file that is there is never opened: closing it would end all locks that this process holds on it
    (https://sqlite.org/howtocorrupt.html, section 2.2), and the next process to leave it would delete its log.
    """
    with contextlib.suppress(OSError):  # where it cannot be made, connecting says so
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    for ending in ("", *BESIDE):
        tighten(path.with_name(path.name + ending))


class OnSqlite(Connection):
    """A connection to a file, which is used in a thread of its own alone."""

    _trouble = sqlite3.Error

    def __init__(self, line: "_ThreadedConnection", zone: tzinfo) -> None:
        super().__init__(line.core, zone)
        self._line = line

    @classmethod
    async def opened(cls, engine: Engine, zone: tzinfo) -> "OnSqlite":
        """Open a connection. Raises sqlalchemy.exc.DBAPIError where the file cannot be used."""
        line = _ThreadedConnection(engine)
        try:
            await line
        except Exception:
            # The thread ends by itself, and speaks to the event loop once more before.
            await asyncio.to_thread(line._thread.join)
            raise
        return cls(line, zone)

    @property
    def is_lost(self) -> bool:
        """Return False: a file has no connection to lose."""
        return False

    async def close(self) -> None:
        """Close the connection and end its thread."""
        await self._run(self.core.close)
        await self._line.close()

    async def _run(self, act: Callable[..., Any], *arguments: Any) -> Any:
        assert not self.autocommit, "autocommit is for prepared statements"
        return await self._line.visit(act, *arguments)

    async def _fetch(self, sql: str, values: Sequence[Any]) -> Sequence[Sequence[Any]]:
        rows: list[Any] = await self._line.visit(self._line.raw.fetch, sql, values, not self.autocommit)
        return rows

    async def _write_many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        await self._line.visit(self._line.raw.write_many, sql, rows)

    async def _end(self, keep: bool) -> None:
        await self._line.visit(self._line.raw.end, keep)


class _ThreadedConnection(aiosqlite.Connection):
    """aiosqlite's connection with its thread, and SQLAlchemy's connection over the same one of the driver's."""

    core: sqlalchemy.Connection
    raw: "_Raw"

    def __init__(self, engine: Engine) -> None:
        def connect() -> sqlite3.Connection:
            self.core = engine.connect()
            raw = self.core.connection.driver_connection
            assert isinstance(raw, _Raw), "the engine makes no others"
            self.raw = raw
            return raw

        super().__init__(connect, _ITERATED_AT_ONCE)
        self._thread.daemon = True

    async def visit(self, act: Callable[..., Any], *arguments: Any) -> Any:
        """Run a function in the connection's thread."""
        return await self._execute(act, *arguments)  # type: ignore[no-untyped-call]


class _Raw(sqlite3.Connection):
    """A connection that begins a transaction with `begins` before any statement outside one."""

    begins: str = ""
    _begun_at = 0.0

    def limit(self, patience: float) -> None:
        """Break off every statement that takes longer than so many seconds: it fails as interrupted."""
        self.set_progress_handler(lambda: time.monotonic() > self._begun_at + patience, _STEPS)

    def cursor(self, *_: Any) -> "_Cursor":  # type: ignore[override]  # it makes no other kind
        return super().cursor(_Cursor)

    def begin(self) -> None:
        """Begin a transaction where none is open. Raises sqlite3.OperationalError."""
        self._begun_at = time.monotonic()
        if self.begins and not self.in_transaction:
            super().cursor().execute(self.begins)

    def fetch(self, sql: str, values: Sequence[Any], begin: bool) -> list[Any]:
        """Run a statement, in a transaction or by itself, and return its rows. Raises sqlite3.Error."""
        if begin:
            self.begin()
        return super().cursor().execute(sql, values).fetchall()

    def write_many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run a statement for each row of values, in a transaction. Raises sqlite3.Error."""
        self.begin()
        super().cursor().executemany(sql, rows)

    def end(self, keep: bool) -> None:
        """Commit or roll back, where a transaction is open. Raises sqlite3.Error, and then nothing is kept."""
        try:
            if keep:
                self.commit()
        finally:
            self.rollback()


class _Cursor(sqlite3.Cursor):
    """A cursor that has fetched its rows when it was run: they are read in another thread."""

    connection: _Raw
    _rows: Iterator[Any] = iter(())

    def execute(self, sql: str, parameters: Any = (), /) -> "_Cursor":
        self.connection.begin()
        super().execute(sql, parameters)
        self._rows = iter(super().fetchall())
        return self

    def executemany(self, sql: str, parameters: Any, /) -> "_Cursor":
        self.connection.begin()
        super().executemany(sql, parameters)
        self._rows = iter(super().fetchall())
        return self

    def fetchone(self) -> Any:
        return next(self._rows, None)

    def fetchmany(self, size: int | None = 1) -> list[Any]:
        return list(islice(self._rows, size))

    def fetchall(self) -> list[Any]:
        return list(self._rows)


def _engine(path: Path, begins: str, *pragmas: str, patience: float | None = None) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        creator=lambda: sqlite3.connect(path, check_same_thread=False, factory=_Raw),
        poolclass=NullPool,
        execution_options={"compiled_cache": STATEMENTS},
        # Errors are logged, and a value may be what a person typed in secret.
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def configure(connection: _Raw, _record: Any) -> None:
        connection.isolation_level = None  # the driver opens no transactions of its own
        connection.execute(f"PRAGMA busy_timeout = {PATIENCE_MS}")
        _use_wal(connection)
        for pragma in ("PRAGMA synchronous = FULL", "PRAGMA foreign_keys = ON", *pragmas):
            connection.execute(pragma)
        connection.begins = begins
        if patience is not None:
            connection.limit(patience)

    without_nul(engine)
    return engine


def _use_wal(connection: sqlite3.Connection) -> None:
    """Switch the file to WAL mode; SQLite refuses all but one of several that do so at once."""
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return
