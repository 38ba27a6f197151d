"""Developing stories: no circles, and only what is published stands beside an article."""

import pytest

from bot.errors import ConflictError
from bot.newsroom.articles import Newsroom
from storage import audit, developing_stories
from storage.audit_details import AuditAction, FollowDetails
from storage.developing_stories import Neighbours
from storage.engine.database import Database
from storage.records import Content, Provenance


async def test_an_article_goes_on_with_another_but_in_no_circle(database: Database) -> None:
    newsroom = Newsroom(database, lambda: 1_000, lambda: None)
    ids = [(await newsroom.draft(Content(title), 1, Provenance(author_id=5))).id for title in ("یک", "دو", "سه")]
    first, second, third = ids
    with pytest.raises(ConflictError, match="article-not-published"):
        await newsroom.follow(second, first, actor_id=5)
    for one in ids:
        await newsroom.publish(one, actor_id=5)
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
