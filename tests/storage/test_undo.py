"""A publication that is undone owes nobody anything, whatever another process was doing with it at that moment."""

import asyncio

import pytest

from bot.delivery.fanout import FanOuts
from bot.newsroom.articles import Newsroom
from storage import fanouts
from storage.engine.database import Database
from storage.records import ArticleState, ChatKind, Lane
from tests.newsroom_people import employ
from tests.storage.test_outbox import NOW, due_chats, fan_out, follow, publish


@pytest.fixture(autouse=True)
async def _staff(database: Database) -> None:
    await employ(database, 1)


async def test_an_undo_waits_for_a_chunk_that_is_being_owed(database: Database) -> None:
    await follow(database, -100, ChatKind.CHANNEL)
    article_id = await publish(database)
    newsroom = Newsroom(database, lambda: NOW, lambda: None)
    begun, undone = asyncio.Event(), []

    async def undo() -> None:
        await begun.wait()
        undone.append(await newsroom.undo_publication(article_id, actor_id=1))

    async def owe() -> None:
        async with database.write() as tx:
            work = await fanouts.next_open(tx)
            assert work is not None
            assert await fanouts.lock(tx, work)
            begun.set()
            await fanouts.deliver_now(tx, work, None, lane=Lane.HEADLINE, now=NOW)
            await fanouts.advance(tx, work, None, now=NOW)

    await asyncio.gather(undo(), owe())
    assert [article.state for article in undone] == [ArticleState.DRAFT]
    assert await due_chats(database) == []
    await newsroom.publish(article_id, actor_id=1)
    await fan_out(database)
    assert await due_chats(database) == [-100]


async def test_nobody_waits_for_a_chunk_that_another_process_owes(database: Database) -> None:
    for chat_id in (-100, -200):
        await follow(database, chat_id, ChatKind.CHANNEL)
    await publish(database)
    first, second = (FanOuts(database, lambda: NOW, chunk_chats=1) for _ in range(2))
    async with database.read() as connection:
        work = await fanouts.next_open(connection)
    assert work is not None
    if database.path is None:  # on SQLite one transaction writes at a time
        async with database.write() as tx:
            assert await fanouts.lock(tx, work)
            assert not await second.step()
    assert await first.step()
    async with database.write() as tx:
        assert not await fanouts.lock(tx, work), "another process has gone on with it"
    while await second.step():
        pass
    assert await due_chats(database) == [-200, -100]


async def test_a_fan_out_that_was_taken_back_is_not_gone_on_with(database: Database) -> None:
    await follow(database, -100, ChatKind.CHANNEL)
    article_id = await publish(database)
    async with database.read() as connection:
        work = await fanouts.next_open(connection)
    assert work is not None
    await Newsroom(database, lambda: NOW, lambda: None).undo_publication(article_id, actor_id=1)
    async with database.write() as tx:
        assert not await fanouts.lock(tx, work)
