"""People who ask while a broadcast runs, and how long each answer takes from the question to the sandbox."""

import asyncio
import statistics
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from benchmarks.arrivals import Arrivals
from benchmarks.fixture import LocalTelegram
from benchmarks.peers.job import QUESTION

PEOPLE = 8
_PAUSE_SECONDS = 1.3  # one chat may get a message a second
_LOOK_SECONDS = 0.005
_PATIENCE_SECONDS = 15.0


class Readers:
    """The seconds of every answer so far; a question without one counts with all the patience there was.

    With `arrivals`, which are being watched, nobody looks into the chats for answers.
    """

    def __init__(self, telegram: LocalTelegram, ids: Sequence[int], arrivals: Arrivals | None = None) -> None:
        self.seconds: list[float] = []
        self.answered = 0
        self._telegram = telegram
        self._ids = ids
        self._arrivals = arrivals

    def anew(self) -> "Readers":
        """Return the same people with nothing counted yet."""
        return Readers(self._telegram, self._ids, self._arrivals)

    def percentile_ms(self, percent: int) -> float:
        """Return a percentile of the seconds in ms; nan where nobody asked."""
        if len(self.seconds) < 2:
            return float("nan")
        return round(statistics.quantiles(self.seconds, n=100, method="inclusive")[percent - 1] * 1000, 1)

    @asynccontextmanager
    async def asking(self) -> AsyncIterator[None]:
        """Send questions of all people repeatedly until the block ends, then wait for the last answers."""
        over = asyncio.Event()
        tasks = [
            asyncio.create_task(self._ask_repeatedly(user_id, place, over))
            for place, user_id in enumerate(self._ids)
        ]
        try:
            yield
        finally:
            over.set()
            await asyncio.gather(*tasks)

    async def _ask_repeatedly(self, user_id: int, place: int, over: asyncio.Event) -> None:
        # Not all at one moment, and none within a second of what they were told before.
        pause = _PAUSE_SECONDS * (1 + place / len(self._ids))
        while not await _happens(over, pause):
            began = time.perf_counter()
            question_id = max(await self._telegram.people.say(user_id, f"/{QUESTION}"))
            try:
                async with asyncio.timeout(_PATIENCE_SECONDS):
                    await self._answer(user_id, question_id)
                self.answered += 1
            except TimeoutError:
                pass  # it counts with all the patience
            took = time.perf_counter() - began
            self.seconds.append(took)
            pause = max(0.0, _PAUSE_SECONDS - took)

    async def _answer(self, user_id: int, question_id: int) -> None:
        """Wait for the bot's message behind the question."""
        if self._arrivals is not None:
            await self._arrivals.after(user_id, question_id)
            return
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            messages = await self._telegram.people.messages(user_id, by_bot=True)
            if any(message["message_id"] > question_id for message in messages):
                return


async def _happens(event: asyncio.Event, seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    return True
