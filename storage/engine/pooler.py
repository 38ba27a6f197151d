"""The check that a connection to PostgreSQL has a session of its own.

Peyk's connections keep settings, prepared statements and a lock for as long as they last. A pooler that gives each
connection a session does no harm. One that shares sessions between transactions would drop all of these silently.
"""

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any, TypeAlias

import asyncpg

from storage.errors import UnavailableError, UnusableError

Session: TypeAlias = "asyncpg.Connection[Any]"

_ROUNDS = 3
_CLOSE_SECONDS = 5
_SHARED = (
    "a pooler shares its sessions between transactions; set its pool_mode to session, "
    "or give the address of PostgreSQL itself: Peyk pools its connections"
)
# A statement that was prepared in another session, and a BEGIN that a pooler of statements refuses.
_SIGNS = (
    asyncpg.InvalidSQLStatementNameError,
    asyncpg.DuplicatePreparedStatementError,
    asyncpg.ProtocolViolationError,
)


async def require_own_sessions(connect: Callable[[], Awaitable[Session]]) -> None:
    """Try out the connections that `connect` makes.

    Raises UnusableError where they share sessions, UnavailableError where one is lost, and what `connect` raises. A
    pooler announces a number of its own for the process that serves a connection, so that one connection is all
    that the check takes where there is no pooler.
    """
    async with AsyncExitStack() as stack:
        first = await connect()
        stack.push_async_callback(first.close, timeout=_CLOSE_SECONDS)
        try:
            if await _process(first) == first.get_server_pid():
                return
            second = await connect()
            stack.push_async_callback(second.close, timeout=_CLOSE_SECONDS)
            shared = await _share_sessions(first, second)
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
            shared = isinstance(error, _SIGNS) or isinstance(error.__cause__, _SIGNS)
            if not shared:
                raise UnavailableError(f"the connection was lost ({error})".splitlines()[0]) from error
    if shared:
        raise UnusableError(_SHARED)


async def _share_sessions(first: Session, second: Session) -> bool:
    """Return whether one process serves two connections, or another the first while the second is at work."""
    for _ in range(_ROUNDS):
        before = await _process(first)
        async with second.transaction():
            beside, after = await _process(second), await _process(first)
        if before == beside or before != after:
            return True
    return False


async def _process(session: Session) -> int:
    """Return the number of the server's process that runs the statement."""
    return int(await session.fetchval("SELECT pg_backend_pid()"))
