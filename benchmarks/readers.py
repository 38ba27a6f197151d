"""People who ask while a broadcast runs, and how long each answer takes from the question to the sandbox."""

import asyncio
import statistics
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from benchmarks.fixture import Town
from benchmarks.peers.job import QUESTION

PEOPLE = 8
_PAUSE_SECONDS = 1.3  # one chat may get a message a second
_LOOK_SECONDS = 0.005
_PATIENCE_SECONDS = 15.0


class Readers:
    """The seconds of every answer so far; a question without one counts with all the patience there was."""

    def __init__(self, town: Town, ids: Sequence[int]) -> None:
        self.seconds: list[float] = []
        self.answered = 0
        self._town = town
        self._ids = ids

    def anew(self) -> "Readers":
        """Return the same people with nothing counted yet."""
        return Readers(self._town, self._ids)

    def percentile_ms(self, percent: int) -> float:
        """Return a percentile of the seconds in ms; nan where nobody asked."""
        if len(self.seconds) < 2:
            return float("nan")
        return round(statistics.quantiles(self.seconds, n=100, method="inclusive")[percent - 1] * 1000, 1)

    @asynccontextmanager
    async def asking(self) -> AsyncIterator[None]:
        """Let everyone ask again and again until the block ends; whoever waits then is waited for."""
        over = asyncio.Event()
        tasks = [asyncio.create_task(self._ask(one, place, over)) for place, one in enumerate(self._ids)]
        try:
            yield
        finally:
            over.set()
            await asyncio.gather(*tasks)

    async def _ask(self, user_id: int, place: int, over: asyncio.Event) -> None:
        # Not all at one moment, and none within a second of what they were told before.
        pause = _PAUSE_SECONDS * (1 + place / len(self._ids))
        while not await _happens(over, pause):
            began = time.perf_counter()
            asked = max(await self._town.people.say(user_id, f"/{QUESTION}"))
            answered = False
            while not answered and time.perf_counter() - began < _PATIENCE_SECONDS:
                await asyncio.sleep(_LOOK_SECONDS)
                found = await self._town.people.messages(user_id, by_bot=True)
                answered = any(message["message_id"] > asked for message in found)
            took = time.perf_counter() - began
            self.seconds.append(took)
            self.answered += answered
            pause = max(0.0, _PAUSE_SECONDS - took)


async def _happens(event: asyncio.Event, seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    return True
