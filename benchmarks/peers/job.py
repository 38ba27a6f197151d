"""The job that every peer is given and how it begins; nothing of Peyk is needed here."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

IN_FLIGHT = 64
TEXT = "<b>تیتر آزمون سرعت</b>\n\nLead of what is measured."
"""About what a headline of Peyk says."""
QUESTION = "latest"
"""The command that a reader gives while the broadcast runs."""


@dataclass(frozen=True, slots=True)
class Job:
    """Send TEXT to the chats `first` to `last` of the sandbox at `url`, at `rate` messages a second."""

    url: str
    token: str
    first: int
    last: int
    rate: float

    @property
    def chats(self) -> Sequence[int]:
        """The ids, in order."""
        return range(self.first, self.last + 1)


async def wait_for_start() -> None:
    """Print "ready", and wait for a line on standard input."""
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)


async def to_all(job: Job, send: Callable[[int], Awaitable[None]]) -> None:
    """Send to every chat, 64 at once."""
    left = iter(job.chats)

    async def one_after_another() -> None:
        for chat_id in left:
            await send(chat_id)

    await asyncio.gather(*(one_after_another() for _ in range(IN_FLIGHT)))


def run(peer: Callable[[Job], Awaitable[None]]) -> None:
    """Read the job, do it, and go on answering until the process is ended."""

    async def whole() -> None:
        await peer(Job(**json.loads(sys.argv[1])))
        await asyncio.Event().wait()

    asyncio.run(whole())
