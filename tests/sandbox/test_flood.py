"""Limits of messages: per chat, per group and in all. The clock stands still, however long a request takes."""

from collections.abc import AsyncIterator

import pytest

from sandbox import server
from sandbox.client import SandboxClient
from sandbox.flood import Limits
from tests.sandbox.conftest import Bot


@pytest.fixture
async def running() -> AsyncIterator[server.RunningServer]:
    running = await server.start(limits=Limits(on=False), clock=lambda: 1_766_576_760.0)
    yield running
    await running.stop()


async def test_limits_hold_per_chat_per_group_and_in_all(bot: Bot, people: SandboxClient) -> None:
    await people.do("limits", on=True, chat=1, chat_burst=2, group=20, total=30)
    ids = await people.people_in_bulk(60)

    async def sent(chat_id: int, **more: bool) -> int:
        return (await bot.answer("sendMessage", chat_id=chat_id, text="خبر", **more))[0]

    assert [await sent(ids[0]) for _ in range(4)] == [200, 200, 429, 429]
    assert (await bot.answer("sendMessage", chat_id=ids[0], text="خبر"))[1]["parameters"]["retry_after"] >= 1
    await people.do("limits", total=5)
    assert [await sent(chat_id) for chat_id in ids[1:30]] == [200] * 5 + [429] * 24, "two more than its limit"
    assert 429 not in [await sent(chat_id, allow_paid_broadcast=True) for chat_id in ids[30:]]

    await people.do("limits", chat=1000, total=1000)
    channel = (await people.channels_in_bulk(1, ids[0]))[0]
    assert [await sent(channel) for _ in range(21)] == [200] * 20 + [429]


async def test_an_album_counts_once(bot: Bot, people: SandboxClient) -> None:
    reader = (await people.people_in_bulk(1))[0]
    await people.do("limits", on=True, chat=1, chat_burst=1)
    album = [{"type": "photo", "media": "https://example.org/a.jpg"}] * 10
    assert len(await bot.do("sendMediaGroup", chat_id=reader, media=album)) == 10
    assert (await bot.refused("sendMediaGroup", chat_id=reader, media=album))[0] == 429
    assert len(await people.messages(reader)) == 10
