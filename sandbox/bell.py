"""Waking those who wait for something to happen, at no cost while nobody does."""

import asyncio
from collections.abc import Callable


class Bell:
    """One kind of news."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()
        self._waiting = 0

    def ring(self) -> None:
        """Have all who wait look again."""
        if self._waiting:
            self._rung.set()
            self._rung = asyncio.Event()

    async def until(self, ready: Callable[[], bool], timeout: float) -> bool:
        """Wait until `ready` or until `timeout` seconds have passed; return whether it is."""
        self._waiting += 1
        try:
            async with asyncio.timeout(timeout):
                while not ready():
                    await self._rung.wait()
        except TimeoutError:
            return ready()
        finally:
            self._waiting -= 1
        return True
