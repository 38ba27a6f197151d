"""One broadcast, watched from the sandbox's side: when the last message arrived, and what was refused."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

from benchmarks.fixture import LocalTelegram, Peer, PeykApp, let_begin
from benchmarks.peers.job import Job
from benchmarks.readers import Readers
from sandbox.server import DEFAULT_TOKEN

_LOOK_SECONDS = 0.03
_AFTER_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Run:
    """`messages` that arrived of those `wanted`, the seconds from the word to the last, and refusals by 429."""

    wanted: int
    messages: int
    seconds: float
    refused: int

    @property
    def per_second(self) -> float:
        """Messages per second."""
        return self.messages / self.seconds

    def figures(self, name: str) -> dict[str, Any]:
        """Return a row of a table."""
        return {
            "": name,
            "messages": self.messages,
            "seconds": round(self.seconds, 2),
            "per s": round(self.per_second, 1),
            "429": self.refused,
            "missing": self.wanted - self.messages,
        }


async def watch(
    telegram: LocalTelegram,
    begin: Callable[[], Awaitable[None]],
    wanted: int,
    *,
    most_seconds: float,
    readers: Readers | None = None,
) -> Run:
    """Give the word and wait for `wanted` messages besides answers to readers, at most `most_seconds`."""
    await telegram.people.reset_counts()
    async with AsyncExitStack() as stack:
        if readers is not None:
            await stack.enter_async_context(readers.asking())
        began = time.perf_counter()
        word = asyncio.ensure_future(begin())
        arrived, seconds = 0, most_seconds
        while time.perf_counter() - began < most_seconds:
            answers = readers.answered if readers else 0
            arrived = await telegram.sent() - answers
            if arrived >= wanted:
                seconds = time.perf_counter() - began
                break
            await asyncio.sleep(_LOOK_SECONDS)
        await word
    refused = int((await telegram.people.counts())["refused"].get("429", 0))
    return Run(wanted, min(arrived, wanted), seconds, refused)


async def watch_app(
    app: PeykApp, wanted: int, *, most_seconds: float, title: str = "تیتر آزمون", readers: Readers | None = None
) -> Run:
    """Watch a running app from the press of the owner's button on."""
    await app.draft(title)
    await asyncio.sleep(_AFTER_SECONDS)  # the preview is no part of the broadcast
    return await watch(app.telegram, app.publish, wanted, most_seconds=most_seconds, readers=readers)


async def watch_peer(
    telegram: LocalTelegram,
    peer: Peer,
    ids: range,
    *,
    rate: float,
    most_seconds: float,
    wanted: int | None = None,
    readers: Readers | None = None,
) -> Run:
    """Watch a peer from its first message on; `wanted` where not all of its chats can be reached."""
    job = Job(telegram.url, DEFAULT_TOKEN, ids[0], ids[-1], rate)
    count = len(ids) if wanted is None else wanted
    async with peer.ready(job) as process:
        return await watch(telegram, lambda: let_begin(process), count, most_seconds=most_seconds, readers=readers)
