"""Developing stories: no circles, and only what is published stands beside an article."""

from itertools import pairwise
from typing import Any

import pytest

from bot.errors import ConflictError
from bot.newsroom.articles import Newsroom
from storage import articles, audit, developing_stories
from storage.audit_details import AuditAction, FollowDetails
from storage.developing_stories import Neighbours
from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.records import Content, Provenance
from tests.newsroom_people import employ


@pytest.fixture(autouse=True)
async def _staff(database: Database) -> None:
    await employ(database, 5)


async def test_an_article_goes_on_with_another_but_in_no_circle(database: Database) -> None:
    newsroom = Newsroom(database, lambda: 1_000, lambda: None)
    ids = [(await newsroom.draft(Content(title), 1, Provenance(author_id=5))).id for title in ("یک", "دو", "سه")]
    first, second, third = ids
    with pytest.raises(ConflictError, match="article-not-published"):
        await newsroom.follow(second, first, actor_id=5)
    for article_id in ids:
        await newsroom.publish(article_id, actor_id=5)
    await newsroom.follow(second, first, actor_id=5)
    await newsroom.follow(second, first, actor_id=5)
    await newsroom.follow(third, second, actor_id=5)
    for earlier in (first, second, third):
        with pytest.raises(ConflictError, match="follow-circle"):
            await newsroom.follow(first, earlier, actor_id=5)
    async with database.read() as connection:
        assert await developing_stories.neighbours(connection, second) == Neighbours(first, third)
        last = await audit.last(connection, second)
    assert last is not None
    assert (last.action, last.details) == (AuditAction.FOLLOW, FollowDetails(first))
    await newsroom.retract(first, "", actor_id=5)
    async with database.read() as connection:
        assert await developing_stories.neighbours(connection, second) == Neighbours(None, third)
    await newsroom.follow(third, None, actor_id=5)
    async with database.read() as connection:
        assert await developing_stories.neighbours(connection, second) == Neighbours()


async def test_a_long_developing_story_is_followed_to_its_beginning(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with database.write() as tx:
        ids = [
            await articles.insert(tx, Content("x"), category_id=1, now=1_000, published_at=1_000)
            for _ in range(300)
        ]
        for later, earlier in pairwise(ids):
            await developing_stories.follow(tx, earlier, later)
    asked = 0
    execute = Connection.execute

    async def counted(connection: Connection, *arguments: Any) -> Any:
        nonlocal asked
        asked += 1
        return await execute(connection, *arguments)

    monkeypatch.setattr(Connection, "execute", counted)
    async with database.read() as connection:
        assert await developing_stories.leads_to(connection, ids[-1], ids[0])
        assert not await developing_stories.leads_to(connection, ids[0], ids[-1])
        assert not await developing_stories.leads_to(connection, ids[-1], 10**9)
        assert await developing_stories.leads_to(connection, ids[0], ids[0])
    assert asked == 4
    async with database.write() as tx:
        await developing_stories.follow(tx, ids[0], ids[-1])
        assert not await developing_stories.leads_to(tx, ids[9], 10**9), "a circle ends, too"
