"""Edits of messages with buttons by several hands."""

import asyncio

import pytest

from bot.render.message import Message
from bot.telegram.message_cache import MessageCache


class _Telegram:
    """Counts the edits that it is asked for; each lasts until the loop has run once."""

    def __init__(self) -> None:
        self.edits = 0

    async def edit(self) -> None:
        self.edits += 1
        await asyncio.sleep(0)


async def test_of_two_hands_that_draw_the_same_at_once_one_edits() -> None:
    telegram, cache = _Telegram(), MessageCache()
    drawn = Message("published")
    await asyncio.gather(*(cache.edit(1, 2, drawn, telegram.edit) for _ in range(3)))
    assert telegram.edits == 1
    await cache.edit(1, 3, drawn, telegram.edit)
    await cache.edit(1, 2, Message("reached 3 of 3"), telegram.edit)
    assert telegram.edits == 3


async def test_an_edit_that_failed_is_tried_by_the_next_hand() -> None:
    telegram, cache = _Telegram(), MessageCache()

    async def refuse() -> None:
        raise OSError("the connection was closed")

    with pytest.raises(OSError, match="closed"):
        await cache.edit(1, 2, Message("published"), refuse)
    await cache.edit(1, 2, Message("published"), telegram.edit)
    assert telegram.edits == 1
