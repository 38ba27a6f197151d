"""A few connections to one database, for the many who want one for a moment."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import NamedTuple

from sqlalchemy.exc import DBAPIError

from storage.connection import Connection


class Pools(NamedTuple):
    """Those who write, those who read, and those whose reading may take long."""

    writers: "Pool"
    readers: "Pool"
    searchers: "Pool"


class Pool:
    """Up to `most` connections, opened when they are needed; the last one used is used next."""

    def __init__(self, open_one: Callable[[], Awaitable[Connection]], most: int) -> None:
        self._open = open_one
        self._places = asyncio.Semaphore(most)
        self._free: list[Connection] = []

    @asynccontextmanager
    async def transaction(self, *, glancing: bool = False) -> AsyncIterator[Connection]:
        """One transaction, or none for a glance; commits at the end, rolls back on any exception.

        Raises sqlalchemy.exc.DBAPIError, and what opening a connection raises.
        """
        async with self._places:
            connection = await self._take()
            connection.glancing = glancing
            try:
                yield connection
            except BaseException:
                # To its end even where nobody waits any more: the next one begins behind it.
                await asyncio.shield(asyncio.ensure_future(self._drop(connection)))
                raise
            await self._keep(connection)

    async def close(self) -> None:
        """Close every connection that nobody uses."""
        while self._free:
            await self._free.pop().close()

    async def _take(self) -> Connection:
        while self._free:
            connection = self._free.pop()
            if not connection.is_lost:
                return connection
            await connection.close()
        return await self._open()

    async def _keep(self, connection: Connection) -> None:
        try:
            await connection.end(keep=True)
        finally:
            self._free.append(connection)

    async def _drop(self, connection: Connection) -> None:
        # Where even that fails the connection is lost, and the database drops what it wrote.
        with suppress(DBAPIError):
            await connection.end(keep=False)
        self._free.append(connection)
