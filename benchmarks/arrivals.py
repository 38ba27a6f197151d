"""Arrivals in a sandbox, told by its events: no chat has to be looked into again and again."""

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from benchmarks.fixture import LocalTelegram

_WAIT_SECONDS = 20.0
# What comes at once is told at once: asking for each message would keep the sandbox busy.
_REST_SECONDS = 0.002


class Arrivals:
    """Messages of every chat as (message id, seconds of the monotonic clock), whoever wrote them."""

    def __init__(self, telegram: LocalTelegram) -> None:
        self.messages: defaultdict[int, list[tuple[int, float]]] = defaultdict(list)
        self._telegram = telegram
        self._come = asyncio.Condition()

    @asynccontextmanager
    async def watched(self) -> AsyncIterator[None]:
        """Write down what arrives until the block ends."""
        seen = int((await self._telegram.people.get("last"))["event"])
        task = asyncio.create_task(self._follow(seen))
        try:
            yield
        finally:
            task.cancel()

    async def after(self, chat_id: int, message_id: int) -> float:
        """Wait for the chat's next message behind `message_id`, and return when it arrived."""
        async with self._come:
            while True:
                behind = [at for number, at in self.messages[chat_id] if number > message_id]
                if behind:
                    return behind[0]
                await self._come.wait()

    async def _follow(self, seen: int) -> None:
        while True:
            events = await self._telegram.people.get("events", after=seen, wait=_WAIT_SECONDS)
            at = time.monotonic()
            for event in events:
                seen = event["seq"]
                if event["kind"] == "message":
                    self.messages[event["chat_id"]].append((event["message_id"], at))
            async with self._come:
                self._come.notify_all()
            await asyncio.sleep(_REST_SECONDS)
