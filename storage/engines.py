"""The connections of both databases: a pair of engines, one that writes and one that only reads."""

import sqlite3
import time
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy import event
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from storage import one_visit
from storage.errors import UnavailableError, UnusableError

WRITERS = 8
"""Write transactions that one process has under way at once on PostgreSQL; on SQLite it is one."""

_READERS = 4
PATIENCE_MS = 10_000
_CONNECT_SECONDS = 10
# A frozen desk must not hold rows for ever; the bot never waits for anybody inside a transaction.
_IDLE_IN_TRANSACTION_MS = 60_000
# What is committed and not on disk would be sent twice after the server's crash.
_COMMIT_TO_DISK = """
    SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'
"""


def sqlite(path: Path) -> tuple[AsyncEngine, AsyncEngine]:
    """Return the writer and the readers of the file at `path`.

    There is one writer, and its transactions begin with BEGIN IMMEDIATE: one that reads first and writes later
    fails at once when another process wrote meanwhile, however patient it is.
    """
    return (
        _sqlite(path, begin="BEGIN IMMEDIATE", pool_size=1),
        _sqlite(path, begin="BEGIN", pool_size=_READERS, read_only=True),
    )


def postgresql(address: str) -> tuple[AsyncEngine, AsyncEngine]:
    """Return the writers and the readers of the database at `address` (a URL as libpq reads it)."""
    view = {"default_transaction_isolation": "repeatable read", "default_transaction_read_only": "on"}
    return _postgresql(address, {}, pool_size=WRITERS), _postgresql(address, view, pool_size=_READERS)


def postgresql_session(address: str) -> AsyncEngine:
    """Return an engine whose connections stand outside any pool and commit every statement by itself."""
    return create_async_engine(
        "postgresql+asyncpg://",
        async_creator=lambda: _connect(address, {}),
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
    )


def _sqlite(path: Path, *, begin: str, pool_size: int, read_only: bool = False) -> AsyncEngine:
    engine = create_async_engine(
        URL.create("sqlite+aiosqlite", database=str(path)),
        async_creator=lambda: one_visit.connect(path),
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=30,
    )

    @event.listens_for(engine.sync_engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver opens no transactions of its own
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {PATIENCE_MS}")
        _use_wal(cursor)
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        if read_only:
            cursor.execute("PRAGMA cache_size = -4000")
            cursor.execute("PRAGMA query_only = ON")
        else:
            cursor.execute("PRAGMA cache_size = -16000")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin_as_asked(connection: Any) -> None:
        connection.connection.driver_connection.begins = begin

    _without_nul(engine)
    return engine


def _use_wal(cursor: Any) -> None:
    """Keep the file in WAL mode; of several that open a new one at once SQLite turns away all but one."""
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return


def _postgresql(address: str, settings: dict[str, str], *, pool_size: int) -> AsyncEngine:
    engine = create_async_engine(
        "postgresql+asyncpg://",
        async_creator=lambda: _connect(address, settings),
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=30,
        pool_pre_ping=True,
    )
    _without_nul(engine)
    return engine


async def _connect(address: str, settings: dict[str, str]) -> "asyncpg.Connection[Any]":
    fixed = {
        "application_name": "peyk",
        "idle_in_transaction_session_timeout": str(_IDLE_IN_TRANSACTION_MS),
        "lock_timeout": str(PATIENCE_MS),
        # The plan of a search depends on its words: a plan for any words walks the whole table.
        "plan_cache_mode": "force_custom_plan",
    }
    try:
        connection = await asyncpg.connect(address, timeout=_CONNECT_SECONDS, server_settings=fixed | settings)
        await connection.execute(_COMMIT_TO_DISK)
    except (asyncpg.CannotConnectNowError, asyncpg.TooManyConnectionsError, OSError) as error:
        raise UnavailableError(_words(error, "the server cannot be reached")) from error
    except (asyncpg.PostgresError, asyncpg.InterfaceError, ValueError) as error:
        raise UnusableError(_words(error, "the server refuses")) from error
    return connection


def _words(error: Exception, otherwise: str) -> str:
    return (str(error) or otherwise).splitlines()[0]


def _without_nul(engine: AsyncEngine) -> None:
    """Drop the character NUL from whatever is stored or asked for: PostgreSQL's text cannot hold it."""

    @event.listens_for(engine.sync_engine, "before_cursor_execute", retval=True)
    def clean(
        _connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool
    ) -> tuple[str, Any]:
        # Many rows may come as one long row: the flag does not tell, the parameters do.
        many = bool(parameters) and isinstance(parameters[0], (tuple, list))
        rows = parameters if many else (parameters,)
        if any("\x00" in value for row in rows for value in row if isinstance(value, str)):
            rows = [tuple(v.replace("\x00", "") if isinstance(v, str) else v for v in row) for row in rows]
            return statement, rows if many else rows[0]
        return statement, parameters
