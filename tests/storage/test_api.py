"""The tables of the HTTP API on both databases: one article for a key, one call for an event and a target."""

import asyncio

import pytest

from bot.errors import ConflictError
from bot.newsroom.articles import Newsroom
from bot.newsroom.submissions import Placement, Submission, Submissions
from storage import api_clients, articles, audit, fanouts, webhook_calls
from storage.api_creations import CreationKey
from storage.engine.database import Database
from storage.records import Content, FanOutKind, Provenance
from storage.webhook_calls import WebhookEvent
from tests.newsroom_people import employ

_NOW = 1_766_576_760_000


@pytest.fixture(autouse=True)
async def _staff(database: Database) -> None:
    await employ(database, 7)


def _submissions(database: Database) -> Submissions:
    return Submissions(database, lambda: _NOW, lambda: None)


def _submission(actor_id: int) -> Submission:
    return Submission(Content("تیتر"), 1, Provenance(author_id=actor_id), Placement.PUBLISH)


async def test_two_requests_with_one_key_side_by_side_make_one_article(database: Database) -> None:
    submissions = _submissions(database)
    actor_id = await submissions.actor_of("wordpress")
    key = CreationKey(actor_id, "post-1", "digest")
    made = await asyncio.gather(*(submissions.submit(key, _submission(actor_id)) for _ in range(4)))
    assert len({submitted.article.id for submitted in made}) == 1
    assert [submitted.is_new for submitted in made].count(True) == 1
    with pytest.raises(ConflictError):
        await submissions.submit(CreationKey(actor_id, "post-1", "another"), _submission(actor_id))
    async with database.read() as connection:
        assert await articles.count_published(connection) == 1


async def test_a_client_keeps_its_id_and_is_named_by_it(database: Database) -> None:
    submissions = _submissions(database)
    first, other = await submissions.actor_of("wordpress"), await submissions.actor_of("desk-tool")
    assert await submissions.actor_of("wordpress") == first != other
    async with database.read() as connection:
        assert await audit.names(connection, {first, 7}) == {first: "API wordpress"}
        assert await api_clients.names(connection, [7, -100, audit.SOURCE]) == {}


async def test_an_event_is_owed_to_each_target_once(database: Database) -> None:
    newsroom = Newsroom(database, lambda: _NOW, lambda: None)
    draft = await newsroom.draft(Content("تیتر"), 1, Provenance(author_id=7))
    await newsroom.publish(draft.id, actor_id=7)
    async with database.write() as tx:
        await fanouts.begin(tx, draft.id, FanOutKind.ANNOUNCEMENT, now=_NOW)
        assert await webhook_calls.any_untold(tx)
        assert await webhook_calls.enqueue(tx, ["a", "b"], since=0, now=_NOW, limit=10) == 2
        assert not await webhook_calls.any_untold(tx)
        claimed = await webhook_calls.claim(tx, "a", now=_NOW, lease_until=_NOW + 1000, limit=10)
        claimed = [*claimed, *await webhook_calls.claim(tx, "b", now=_NOW, lease_until=_NOW, limit=10)]
        assert [(call.target, call.event, call.attempts) for call in claimed] == [
            ("a", WebhookEvent.PUBLISHED, 0),
            ("b", WebhookEvent.PUBLISHED, 0),
        ]
        assert await webhook_calls.claim(tx, "a", now=_NOW, lease_until=_NOW, limit=10) == []
    # Each correction is an event of its own.
    for revision in (1, 2):
        await newsroom.edit(draft.id, Content(f"تیتر {revision}"), expected=revision, editor_id=7)
        async with database.write() as tx:
            assert await webhook_calls.enqueue(tx, ["a"], since=0, now=_NOW, limit=10) == 1
    async with database.write() as tx:
        while calls := await webhook_calls.claim(tx, "a", now=_NOW + 5000, lease_until=_NOW, limit=10):
            for call in calls:
                await webhook_calls.finish(tx, call.id, now=_NOW)
        assert not await webhook_calls.any_due(tx, "a", _NOW + 9000)
        await webhook_calls.forget(tx, before=_NOW + 1, targets=["a"])
        assert await webhook_calls.claim(tx, "a", now=_NOW + 9000, lease_until=_NOW, limit=10) == []


async def test_a_target_hears_of_an_article_in_the_order_of_what_happened(database: Database) -> None:
    newsroom = Newsroom(database, lambda: _NOW, lambda: None)
    drafts = [await newsroom.draft(Content(title), 1, Provenance(author_id=7)) for title in ("یک", "دو")]
    for draft in drafts:
        await newsroom.publish(draft.id, actor_id=7)

    async def claimed() -> list[tuple[int, WebhookEvent]]:
        async with database.write() as tx:
            calls = await webhook_calls.claim(tx, "a", now=_NOW, lease_until=_NOW, limit=10)
        return [(call.article_id, call.event) for call in calls]

    first, other = (draft.id for draft in drafts)
    async with database.write() as tx:
        await fanouts.begin(tx, first, FanOutKind.CORRECTION, now=_NOW)
        await webhook_calls.enqueue(tx, ["a"], since=0, now=_NOW, limit=10)
    published = [(first, WebhookEvent.PUBLISHED), (other, WebhookEvent.PUBLISHED)]
    assert await claimed() == published
    # Whatever fails is due again, and the correction still waits behind it.
    assert await claimed() == published
    async with database.write() as tx:
        for call in await webhook_calls.claim(tx, "a", now=_NOW, lease_until=_NOW, limit=10):
            await webhook_calls.finish(tx, call.id, now=_NOW)
    assert await claimed() == [(first, WebhookEvent.CORRECTED)]
