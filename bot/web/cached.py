"""A cache of one result: however many ask at once, it is computed once."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Cached(Generic[T]):
    """The result of `compute`, which runs once at a time and again `seconds` after it ended, an error included."""

    def __init__(
        self, compute: Callable[[], Awaitable[T]], seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._compute = compute
        self._seconds = seconds
        self._clock = clock
        self._stale_at = 0.0
        self._task: asyncio.Task[T] | None = None

    async def get(self) -> T:
        """Return the result. Raises what `compute` raises. A cancelled caller does not cancel the others."""
        if self._task is None or (self._task.done() and self._clock() >= self._stale_at):
            self._task = asyncio.create_task(self._run())
            self._task.add_done_callback(self._ended)
        return await asyncio.shield(self._task)

    async def close(self) -> None:
        """Stop computing."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> T:
        return await self._compute()

    def _ended(self, task: "asyncio.Task[T]") -> None:
        self._stale_at = self._clock() + self._seconds
        if not task.cancelled():
            # Perhaps nobody waits any more: the next caller gets the error.
            task.exception()
