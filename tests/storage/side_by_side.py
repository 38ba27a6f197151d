"""Acts of several people at the same moment: all wait behind one transaction, and go on at once when it ends."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any

from sqlalchemy import text

from storage.engine.connection import Connection
from storage.engine.database import Database

_WAITING = """
    SELECT count(DISTINCT pid) FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE NOT granted AND datname = current_database()
"""


async def behind(
    database: Database, obstacle: Callable[[Connection], Awaitable[Any]], *acts: Coroutine[Any, Any, Any]
) -> list[Any]:
    """Begin acts behind a transaction in which `obstacle` runs; return what they return or raise.

    The transaction ends when each act waits for it, or is over because nothing held it up. On SQLite an act waits
    for any other transaction; on PostgreSQL for a row or lock that the obstacle has.
    """
    async with database.write() as tx:
        await obstacle(tx)
        tasks = [asyncio.create_task(act) for act in acts]
        await all_wait(database, tasks)
    return await asyncio.gather(*tasks, return_exceptions=True)


async def all_wait(database: Database, tasks: Sequence["asyncio.Task[Any]"]) -> None:
    """Wait until each act waits for a lock or is over."""
    async with asyncio.timeout(20):
        while sum(not task.done() for task in tasks) > await _waiting(database, len(tasks)):
            await asyncio.sleep(0.005)


async def _waiting(database: Database, most: int) -> int:
    """Return how many transactions wait now. SQLite tells only whether any does: there each has its turn alone."""
    if database.path is not None:
        return most if database.is_write_awaited else 0
    async with database.monitor() as connection:
        return int((await connection.execute(text(_WAITING))).scalar_one())
