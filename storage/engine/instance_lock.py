"""A session lock that tells that an app works on a PostgreSQL database.

It only tells which apps run. It does not assign work, because a frozen process never releases such a lock.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import func, select

from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.engine.dialect import INSTANCE_LOCK


@asynccontextmanager
async def instance_lock(database: Database, *, alone: bool) -> AsyncIterator[bool]:
    """Hold the lock until the block ends, beside others or `alone`; yield whether it was acquired.

    The lock belongs to the connection: the server releases it when our process ends. Raises as Database.write does.
    """
    async with database.session() as connection:
        yield await try_lock(connection, alone=alone)


async def try_lock(connection: Connection, *, alone: bool) -> bool:
    """Try to acquire the lock for the session of the connection; return whether it was acquired."""
    attempt = func.pg_try_advisory_lock if alone else func.pg_try_advisory_lock_shared
    return bool((await connection.execute(select(attempt(INSTANCE_LOCK)))).scalar_one())
