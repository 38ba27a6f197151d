"""Subscriptions at hubs follow what sources want, whatever has changed them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import cast
from urllib.parse import parse_qsl

import pytest
from sqlalchemy import select, update

from bot.errors import SourceError
from bot.ingest.fetch.fetcher import Fetcher
from bot.ingest.sources.websub import CallbackKey
from bot.jobs.hub_subscriptions import HubSubscriptions, callback_key
from storage import hub_subscriptions, sources
from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.records import SourceKind, SourceState
from storage.schema import hub_subscription
from storage.schema import source as source_table

MINUTE = 60_000
_BASE = "https://bot.example"
_HUB, _TOPIC = "https://hub.example/", "https://a.example/feed"


@dataclass
class _Hub:
    """Stands in for the fetcher: `asked` are the forms; a hub that is `away` does not answer."""

    away: bool = False
    asked: list[dict[str, str]] = field(default_factory=list)

    async def post(self, url: str, form: bytes, *, ticket: object) -> None:
        assert url == _HUB
        self.asked.append(dict(parse_qsl(form.decode())))
        if self.away:
            raise SourceError("the hub is away")


@dataclass
class _World:
    """A source whose feed names a hub, and the job, at the time `now`."""

    database: Database
    hub: _Hub = field(default_factory=_Hub)
    now: int = 1_795_842_000_000
    base: str = _BASE

    async def begin(self) -> None:
        async with self.database.write() as tx:
            made = await sources.add(tx, _TOPIC, kind=SourceKind.FEED, category_id=1, review=False, now=self.now)
            fetched = sources.FinishedFetch(
                made.id, _TOPIC, self.now, self.now + 60 * MINUTE, "", "", "", "", None,
                frozenset(), frozenset(), None, None, 0, _HUB, _TOPIC,
            )  # fmt: skip
            await sources.settle_fetched(tx, [fetched])

    async def run(self, *, later: int = 0) -> None:
        """Let `later` milliseconds pass and run the jobs, as a process that starts anew."""
        self.now += later
        job = self.job()
        await job.follow_sources()
        await job.run()

    def job(self) -> HubSubscriptions:
        return HubSubscriptions(
            self.database, lambda: self.now, cast(Fetcher, self.hub), CallbackKey("key"), base=self.base
        )

    async def act(self, act: Callable[[Connection], Awaitable[object]]) -> None:
        async with self.database.write() as tx:
            await act(tx)

    async def rows(self) -> list[tuple[object, ...]]:
        async with self.database.read() as connection:
            query = select(hub_subscription.c.source_id, hub_subscription.c.state, hub_subscription.c.attempts)
            return [tuple(row) for row in await connection.execute(query.order_by(hub_subscription.c.id))]

    async def next_fetch(self) -> int:
        async with self.database.read() as connection:
            return int((await connection.execute(select(source_table.c.next_fetch_at))).scalar_one())


@pytest.fixture
async def world(database: Database) -> _World:
    world = _World(database)
    await world.begin()
    return world


async def test_a_hub_is_asked_once_and_again_when_the_lease_is_nearly_over(world: _World) -> None:
    await world.run()
    await world.run()
    (asked,) = world.hub.asked
    assert (asked["hub.mode"], asked["hub.topic"]) == ("subscribe", _TOPIC)
    path = asked["hub.callback"].removeprefix(_BASE)
    nonce = CallbackKey("key").nonce_of(path)
    assert nonce is not None
    assert asked["hub.secret"] == CallbackKey("key").secret(nonce)
    await world.act(lambda tx: hub_subscriptions.confirm(tx, 1, now=world.now, renew_at=world.now + 100 * MINUTE))
    await world.run(later=99 * MINUTE)
    assert len(world.hub.asked) == 1
    await world.run(later=2 * MINUTE)
    assert world.hub.asked[1] == asked


async def test_a_hub_that_does_not_answer_is_asked_later_and_later(world: _World) -> None:
    world.hub.away = True
    await world.run()
    for minutes, asked in ((0.9, 1), (0.2, 2), (1.5, 2), (0.6, 3)):
        await world.run(later=int(minutes * MINUTE))
        assert len(world.hub.asked) == asked


async def test_a_hub_that_verifies_before_it_has_answered_is_believed(world: _World) -> None:
    async def post(_url: str, _form: bytes, *, ticket: object) -> None:
        await world.act(
            lambda tx: hub_subscriptions.confirm(tx, 1, now=world.now, renew_at=world.now + 100 * MINUTE)
        )

    world.hub.post = post  # type: ignore[method-assign, assignment]
    await world.run()
    async with world.database.read() as connection:
        assert not await hub_subscriptions.any_due(connection, world.now + 99 * MINUTE)
        assert await hub_subscriptions.any_due(connection, world.now + 100 * MINUTE)


async def _pause(tx: Connection) -> None:
    await sources.set_state(tx, 1, SourceState.PAUSED, now=0)


async def _remove(tx: Connection) -> None:
    await sources.remove(tx, 1)


async def _edit(tx: Connection) -> None:
    source = await sources.get(tx, 1)
    assert source is not None
    await sources.lead_elsewhere(tx, replace(source, url="https://b.example/feed"), now=0)


async def _lose_hub(tx: Connection) -> None:
    await tx.execute(update(source_table).values(hub=""))


@pytest.mark.parametrize("change", [_pause, _remove, _edit, _lose_hub])
async def test_a_subscription_is_left_with_what_it_was_for(
    world: _World, change: Callable[[Connection], Awaitable[None]]
) -> None:
    await world.run()
    await world.act(change)
    await world.run()
    assert [request["hub.mode"] for request in world.hub.asked] == ["subscribe", "unsubscribe"]
    assert world.hub.asked[1]["hub.callback"] == world.hub.asked[0]["hub.callback"]
    assert "hub.secret" not in world.hub.asked[1]
    # A hub that never says that it has understood is not asked endlessly.
    for _ in range(5):
        await world.run(later=60 * MINUTE)
    assert [request["hub.mode"] for request in world.hub.asked].count("unsubscribe") == 3
    assert await world.rows() == []


async def test_another_category_leaves_the_subscription_alone(world: _World) -> None:
    async def rename(tx: Connection) -> None:
        source = await sources.get(tx, 1)
        assert source is not None
        await sources.edit(tx, replace(source, title="نام تازه"))

    await world.run()
    await world.act(rename)
    await world.run()
    assert len(world.hub.asked) == 1


async def test_another_public_address_makes_new_subscriptions(world: _World) -> None:
    await world.run()
    world.base = "https://other.example"
    await world.run()
    assert [request["hub.callback"].split("/websub/")[0] for request in world.hub.asked] == [_BASE, world.base]
    assert await world.rows() == [(1, "wanted", 1)]


async def test_a_push_makes_a_source_due_and_no_more_often_than_it_can_be_fetched(world: _World) -> None:
    await world.run()
    job = world.job()
    for pushes, due in ((3, True), (1, False)):
        for _ in range(pushes):
            await world.act(lambda tx: hub_subscriptions.record_push(tx, 1, strong=True, now=world.now))
        await job.follow_sources()
        assert (await world.next_fetch() == world.now) is due
        # The fetch ends, and the next one is in an hour.
        await world.act(lambda tx: tx.execute(update(source_table).values(next_fetch_at=world.now + 60 * MINUTE)))
    world.now += hub_subscriptions.WAKE_GAP_MS
    await job.follow_sources()
    assert await world.next_fetch() == world.now


async def test_a_push_during_a_fetch_leads_to_another_one_and_breaks_no_lease(world: _World) -> None:
    await world.run()
    lease_until = world.now + 10_000
    await world.act(lambda tx: tx.execute(update(source_table).values(next_fetch_at=lease_until)))
    await world.act(lambda tx: hub_subscriptions.record_push(tx, 1, strong=False, now=world.now))
    await world.run()
    assert await world.next_fetch() == lease_until
    await world.act(lambda tx: tx.execute(update(source_table).values(next_fetch_at=world.now + 60 * MINUTE)))
    await world.run()
    assert await world.next_fetch() == world.now


async def test_the_key_of_callbacks_is_made_once(database: Database) -> None:
    first, second = await callback_key(database), await callback_key(database)
    assert second.nonce_of(first.path("abc")) == "abc"
