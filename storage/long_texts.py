"""Work on texts that may be long, so that nobody waits for it."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from storage.records import Content

T = TypeVar("T")

_SHORT = 20_000
"""Letters that are read within some milliseconds."""


async def without_blocking(letters: int, work: Callable[[], T]) -> T:
    """Return what `work` makes of a text of so many `letters`. One that is long is worked on in a thread."""
    return work() if letters <= _SHORT else await asyncio.to_thread(work)


def letters_of(content: Content) -> int:
    """Return how many letters the body of an article has."""
    return sum(len(block.html) + sum(map(len, block.items)) for block in content.body)
