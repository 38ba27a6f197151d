"""Group commit: writes of many callers share transactions, and so share commits to the disk."""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from storage.engine.connection import Connection
from storage.engine.database import Database

T = TypeVar("T")
Act = Callable[[Connection], Awaitable[Any]]

_LONGEST_SECONDS = 0.025


@dataclass(frozen=True, slots=True)
class _Waiting:
    act: Act
    done: "asyncio.Future[Any]"


class GroupCommit:
    """Runs acts one after the other, as many in one transaction as fit into 25 ms.

    At most one of its transactions waits for the database at any time, so whoever else writes passes between two
    of them; before each it awaits `give_way`. Where somebody else waits to write, no further act is begun. An act
    may run twice: where one of a transaction fails, each of the others runs again by itself.
    """

    def __init__(self, database: Database, give_way: Callable[[], Awaitable[None]] | None = None) -> None:
        self._database = database
        self._give_way = give_way
        self._waiting: deque[_Waiting] = deque()
        self._worker: asyncio.Task[None] | None = None

    async def do(self, act: Callable[[Connection], Awaitable[T]]) -> T:
        """Run an act and return what it returns once that is committed. Raises what it raises."""
        waiting = _Waiting(act, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work())
        done: T = await waiting.done
        return done

    async def _work(self) -> None:
        while self._waiting:
            batch: list[_Waiting] = []
            if self._give_way is not None:
                await self._give_way()
            try:
                results = await self._together(batch)
            except Exception as error:  # noqa: BLE001 - the error belongs to the caller of the failed act
                if batch:
                    await self._one_by_one(batch, error)
                else:
                    self._fail_all(error)
            else:
                for waiting, result in zip(batch, results, strict=True):
                    if not waiting.done.done():
                        waiting.done.set_result(result)

    async def _together(self, batch: list[_Waiting]) -> list[Any]:
        """Run waiting acts for as long as a transaction may last; return their results, and add them to `batch`."""
        results = []
        async with self._database.write() as tx:
            until = time.monotonic() + _LONGEST_SECONDS
            while self._waiting and (not batch or self._has_time(until)):
                waiting = self._waiting.popleft()
                if waiting.done.done():
                    continue  # whoever asked for it has gone
                batch.append(waiting)
                results.append(await waiting.act(tx))
        return results

    def _has_time(self, until: float) -> bool:
        return time.monotonic() < until and not self._database.is_write_awaited

    def _fail_all(self, error: Exception) -> None:
        """Raise in every waiting act that no transaction could begin."""
        while self._waiting:
            waiting = self._waiting.popleft()
            if not waiting.done.done():
                waiting.done.set_exception(error)

    async def _one_by_one(self, batch: list[_Waiting], error: Exception) -> None:
        for waiting in batch:
            if waiting.done.done():
                continue
            if len(batch) == 1:
                waiting.done.set_exception(error)
                continue
            try:
                async with self._database.write() as tx:
                    result = await waiting.act(tx)
            except Exception as own:  # noqa: BLE001 - as above
                waiting.done.set_exception(own)
            else:
                waiting.done.set_result(result)
