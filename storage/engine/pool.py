"""A pool of connections to one database."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from time import perf_counter
from typing import Any, NamedTuple

from sqlalchemy.exc import DBAPIError

from storage.engine.connection import Connection
from storage.errors import UnusableError

_PATIENCE = 5.0


class Pools(NamedTuple):
    """Those who write, those who read, those whose reading may take long, and two for monitors."""

    writers: "Pool"
    readers: "Pool"
    searchers: "Pool"
    monitors: "Pool"
    probes: "Pool"


class Pool:
    """Up to `most` connections, opened when they are needed; the last one used is used next.

    `waits` counts the transactions that had to wait for a connection, and `waited` the seconds that they did;
    `waiting` are those that wait now.
    """

    def __init__(self, open_one: Callable[[], Awaitable[Connection]], most: int) -> None:
        self._open = open_one
        self._most = most
        self._places = asyncio.Semaphore(most)
        self._free: list[Connection] = []
        self._ending: set[asyncio.Task[None]] = set()
        self.waits = 0
        self.waited = 0.0
        self.waiting = 0

    @asynccontextmanager
    async def transaction(self, *, autocommit: bool = False) -> AsyncIterator[Connection]:
        """One transaction, or none with `autocommit`; commits at the end, rolls back on any exception.

        Raises sqlalchemy.exc.DBAPIError, and what opening a connection raises.
        """
        if self._places.locked():
            began = perf_counter()
            self.waiting += 1
            try:
                await self._places.acquire()
            finally:
                self.waiting -= 1
            self.waits += 1
            self.waited += perf_counter() - began
        else:
            await self._places.acquire()
        try:
            connection = await self._acquire()
        except BaseException:
            self._places.release()
            raise
        connection.autocommit = autocommit
        try:
            yield connection
            await connection.end(keep=True)
        except BaseException:
            # To its end even where nobody waits for that any more: until then it is nobody else's.
            await asyncio.shield(self._end_by(self._drop(connection)))
            raise
        self._release(connection)

    async def close(self) -> None:
        """Close the connections, once those in use have been given back; that is waited for 5 seconds at most."""
        held = 0
        with suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                while held < self._most:
                    await self._places.acquire()
                    held += 1
        await asyncio.gather(*self._ending)
        while self._free:
            await self._free.pop().close()
        for _ in range(held):
            self._places.release()

    async def _acquire(self) -> Connection:
        while self._free:
            connection = self._free.pop()
            if not connection.is_lost:
                return connection
            await connection.close()
        return await self._open_wholly()

    async def _open_wholly(self) -> Connection:
        """Open a connection; one whose caller is cancelled meanwhile is closed once it is open, and never lost."""
        opening = asyncio.ensure_future(self._open())
        try:
            return await asyncio.shield(opening)
        except asyncio.CancelledError:
            self._end_by(self._close_opened(opening))
            raise

    async def _close_opened(self, opening: asyncio.Future[Connection]) -> None:
        with suppress(DBAPIError, UnusableError):
            await (await opening).close()

    def _end_by(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Start work that is to be done before the pool is closed."""
        ending = asyncio.create_task(work)
        self._ending.add(ending)
        ending.add_done_callback(self._ending.discard)
        return ending

    async def _drop(self, connection: Connection) -> None:
        try:
            # Where even that fails the connection is lost, and the database drops what it wrote.
            with suppress(DBAPIError):
                await connection.end(keep=False)
        finally:
            self._release(connection)

    def _release(self, connection: Connection) -> None:
        connection.autocommit = False
        self._free.append(connection)
        self._places.release()
