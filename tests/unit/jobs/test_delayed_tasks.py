"""Delayed words are said once for each chat, and their trouble is nobody's."""

import asyncio

from telegram.error import TelegramError

from bot.jobs.delayed_tasks import DelayedTasks


async def test_a_chat_hears_one_thing_and_trouble_ends_nothing() -> None:
    afterwards = DelayedTasks(pause=0)
    done: list[int] = []
    both = asyncio.Event()

    async def say() -> None:
        done.append(len(done))
        if len(done) == 2:
            both.set()

    async def fail() -> None:
        raise TelegramError("away")

    afterwards.begin(1, say)
    afterwards.begin(1, say)
    afterwards.begin(2, fail)
    afterwards.begin(3, say)
    await asyncio.wait_for(both.wait(), 5)
    await afterwards.stop()
    assert done == [0, 1]


async def test_what_was_not_done_is_let_go() -> None:
    afterwards = DelayedTasks(pause=3600)
    done: list[int] = []

    async def say() -> None:
        done.append(1)

    afterwards.begin(1, say)
    await asyncio.sleep(0)
    await afterwards.stop()
    assert done == []
