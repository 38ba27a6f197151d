"""A wake-up for coroutines that wait until a condition holds."""

import asyncio
from collections.abc import Callable


class Notifier:
    """An `asyncio.Condition` without its lock: a notification costs nothing while nobody waits."""

    def __init__(self) -> None:
        self._notified = asyncio.Event()
        self._waiting = 0

    def notify_all(self) -> None:
        """Wake every waiting coroutine, which tests its condition again."""
        if self._waiting:
            self._notified.set()
            self._notified = asyncio.Event()

    async def wait_for(self, ready: Callable[[], bool], timeout: float) -> bool:
        """Wait until `ready()` or until `timeout` seconds have passed; return whether it is."""
        self._waiting += 1
        try:
            async with asyncio.timeout(timeout):
                while not ready():
                    await self._notified.wait()
        except TimeoutError:
            return ready()
        finally:
            self._waiting -= 1
        return True
