"""Connections to a PostgreSQL server, through asyncpg."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import tzinfo
from typing import Any

import asyncpg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from storage.engine import pooler
from storage.engine.connection import Connection, without_nul
from storage.engine.pool import Pool, Pools
from storage.engine.statement_cache import STATEMENTS
from storage.errors import UnavailableError, UnusableError, is_passing_state

PATIENCE_MS = 10_000
"""The time (ms) that a statement waits for a lock of another transaction."""

_WRITERS = 8
_READERS = 8
_SEARCHERS = 4
_WATCHERS = 1
MOST_CONNECTIONS = _WRITERS + _READERS + _SEARCHERS + 2 * _WATCHERS + 1
"""The most connections that a process has: those of the pools, and that of its lock."""

_CONNECT_SECONDS = 10
# A frozen app must not hold rows for ever; the bot never waits for anybody inside a transaction.
_IDLE_IN_TRANSACTION_MS = 60_000
# What is committed and not on disk would be sent twice after the server's crash.
_COMMIT_TO_DISK = """
    SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'
"""
# The connection with the lock of a process is idle for as long as that runs. PostgreSQL 13 has no such limit.
_STAY = """
    SELECT set_config('idle_session_timeout', '0', false) WHERE current_setting('idle_session_timeout', true) <> '0'
"""
# Of a large library, planning a statement takes longer than running it. While tables are small and grow, a plan
# that is kept is soon a bad one.
_KEEP_PLANS = """
    SELECT set_config('plan_cache_mode', 'auto', false)
    WHERE (SELECT reltuples FROM pg_class WHERE oid = to_regclass('article')) >= 10000
"""


def pools(address: str, zone: tzinfo, *, search_ms: int, monitor_ms: int, probe_ms: int) -> Pools:
    """Return the pools of the database at `address` (a URL as libpq reads it).

    One statement of a search takes no longer than `search_ms`, one of a monitor `monitor_ms`; a probe waits
    `probe_ms` for locks.
    """
    view = {"default_transaction_isolation": "repeatable read", "default_transaction_read_only": "on"}
    writers, readers = _engine(address, {}), _engine(address, view, _KEEP_PLANS)
    searchers = _engine(address, view | {"statement_timeout": str(search_ms)})
    monitor = _engine(address, view | {"statement_timeout": str(monitor_ms)})
    probe = _engine(address, {"lock_timeout": str(probe_ms)})
    return Pools(
        writers=Pool(lambda: OnPostgresql.opened(writers, "BEGIN", zone), _WRITERS),
        readers=Pool(lambda: OnPostgresql.opened(readers, "BEGIN", zone), _READERS),
        searchers=Pool(lambda: OnPostgresql.opened(searchers, "BEGIN", zone), _SEARCHERS),
        monitors=Pool(lambda: OnPostgresql.opened(monitor, "BEGIN", zone), _WATCHERS),
        probes=Pool(lambda: OnPostgresql.opened(probe, "BEGIN", zone), _WATCHERS),
    )


def lasting(address: str, zone: tzinfo) -> Pool:
    """Return one connection that commits every statement by itself."""
    engine = _engine(address, {})
    return Pool(lambda: OnPostgresql.opened(engine, "", zone), 1)


async def require_own_sessions(address: str) -> None:
    """Make sure that each connection to `address` has a session of its own.

    Raises UnusableError where a pooler in between shares sessions, and what connecting raises.
    """
    await pooler.require_own_sessions(lambda: _connect(address, {}))


class OnPostgresql(Connection):
    """A session of a server. SQLAlchemy takes it for one without transactions: they are begun and ended here."""

    _trouble = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError)

    def __init__(self, session: AsyncConnection, raw: Any, begins: str, zone: tzinfo) -> None:
        assert session.sync_connection is not None, "it is open"
        super().__init__(session.sync_connection, zone)
        self._session = session
        self._raw = raw
        self._begins = begins
        self._begun = False

    @classmethod
    async def opened(cls, engine: AsyncEngine, begins: str, zone: tzinfo) -> "OnPostgresql":
        """Open a session; its transactions begin with `begins`, "" for none.

        Raises UnavailableError where the server cannot be reached, UnusableError where it will not have us.
        """
        session = await engine.connect()
        raw = (await session.get_raw_connection()).driver_connection
        return cls(session, raw, begins, zone)

    @property
    def is_lost(self) -> bool:
        """Return whether the server has ended the session, or a statement was broken off."""
        return bool(self._raw.is_closed()) or self.core.invalidated

    async def close(self) -> None:
        """Close the session."""
        await self._session.close()

    async def _run(self, act: Callable[..., Any], *arguments: Any) -> Any:
        assert not self.autocommit, "autocommit is for prepared statements"
        await self._begin()
        with self._lost_with_its_driver():
            return await self._session.run_sync(lambda _: act(*arguments))

    async def _fetch(self, sql: str, values: Sequence[Any]) -> Sequence[Sequence[Any]]:
        await self._begin()
        with self._lost_with_its_driver():
            rows: list[Any] = await self._raw.fetch(sql, *values)
        return rows

    async def _write_many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        await self._begin()
        with self._lost_with_its_driver():
            await self._raw.executemany(sql, rows)

    async def _begin(self) -> None:
        if self._begins and not self._begun and not self.autocommit:
            self._begun = True
            try:
                with self._lost_with_its_driver():
                    await self._raw.execute(self._begins)
            except self._trouble as error:
                raise DBAPIError(self._begins, None, error, connection_invalidated=True) from error

    async def _end(self, keep: bool) -> None:
        begun, self._begun = self._begun, False
        with self._lost_with_its_driver():
            if keep and begun:
                await self._raw.execute("COMMIT")
            elif not self.is_lost and self._raw.is_in_transaction():
                await self._raw.execute("ROLLBACK")

    @contextmanager
    def _lost_with_its_driver(self) -> Iterator[None]:
        """Count the session as lost where the driver no longer knows what the server answers.

        That happens when a server goes away at the moment in which a statement is sent.
        """
        try:
            yield
        except asyncpg.InternalClientError as error:
            self._raw.terminate()
            raise DBAPIError(None, None, error, connection_invalidated=True) from error


def _engine(address: str, settings: dict[str, str], *statements: str) -> AsyncEngine:
    """Return what opens sessions with those settings, each after it has run the `statements`."""
    engine = create_async_engine(
        "postgresql+asyncpg://",
        async_creator=lambda: _connect(address, settings, *statements),
        poolclass=NullPool,
        execution_options={"compiled_cache": STATEMENTS},
        isolation_level="AUTOCOMMIT",
        # Errors are logged, and a value may be what a person typed in secret.
        hide_parameters=True,
    )
    without_nul(engine.sync_engine)
    return engine


async def _connect(address: str, settings: dict[str, str], *more: str) -> "asyncpg.Connection[Any]":
    fixed = {
        "idle_in_transaction_session_timeout": str(_IDLE_IN_TRANSACTION_MS),
        "lock_timeout": str(PATIENCE_MS),
        # The plan of a search depends on its words: a plan for any words walks the whole table.
        "plan_cache_mode": "force_custom_plan",
        # Short statements: compiling one takes longer than any of them.
        "jit": "off",
    }
    # Set when connected: a pooler would refuse most of these while connecting, or drop them.
    statements = [f"SET {name} TO '{value}'" for name, value in (fixed | settings).items()]
    try:
        connection = await asyncpg.connect(
            address, timeout=_CONNECT_SECONDS, server_settings={"application_name": "peyk"}
        )
        try:
            await connection.execute("; ".join([*statements, _COMMIT_TO_DISK, _STAY, *more]))
        except BaseException:
            connection.terminate()
            raise
    except OSError as error:
        raise UnavailableError(_words(error, "the server cannot be reached")) from error
    except (asyncpg.PostgresError, asyncpg.InterfaceError, ValueError) as error:
        # One that stops while we connect cuts the connection: that is no refusal.
        if is_passing_state(getattr(error, "sqlstate", None)):
            raise UnavailableError(_words(error, "the server cannot be reached")) from error
        raise UnusableError(_words(error, "the server refuses")) from error
    return connection


def _words(error: Exception, otherwise: str) -> str:
    return (str(error) or otherwise).splitlines()[0]
