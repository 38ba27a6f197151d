"""Webhooks: each event is told once it is committed, signed, until the target has taken it, and of nothing else."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from bot.door_settings import WebhookTarget
from bot.jobs import webhooks
from bot.jobs.webhooks import OLDEST_MS, Webhooks
from bot.newsroom.articles import Newsroom
from storage import key_value, notices
from storage.bootstrap import opened
from storage.engine.database import Database
from storage.records import Content, Provenance
from tests.newsroom_people import employ
from tests.unit.web.conftest import free_port

_SECRET = "s" * 32
_NOW = 1_766_576_760_000


class Site:
    """A target: `calls` are the headers and bodies that it was sent, `status` what it answers."""

    def __init__(self) -> None:
        self.url = f"http://127.0.0.1:{free_port()}/hook"
        self.status = 204
        self.answers = asyncio.Event()
        self.answers.set()
        self.calls: list[tuple[dict[str, str], bytes]] = []

    async def answer(self, request: web.BaseRequest) -> web.Response:
        """Take a call down."""
        self.calls.append((dict(request.headers), await request.read()))
        await self.answers.wait()
        return web.Response(status=self.status, headers={"Location": self.url})

    @property
    def events(self) -> list[tuple[str, int, str]]:
        """The events that were told: the event, the revision, the title."""
        bodies = [json.loads(body) for _, body in self.calls]
        return [(body["event"], body["revision"], body["title"]) for body in bodies]


class World:
    """A newsroom with one target, at a time that the test sets."""

    def __init__(self, database: Database, site: Site) -> None:
        self.now = _NOW
        self.database = database
        self.site = site
        self.newsroom = Newsroom(database, lambda: self.now, lambda: None)
        self.job = Webhooks(database, lambda: self.now, [WebhookTarget("site", _SECRET, site.url)])

    async def publish(self, title: str = "تیتر") -> int:
        """Publish an article and return its number."""
        draft = await self.newsroom.draft(Content(title), 1, Provenance(author_id=7))
        await self.newsroom.publish(draft.id, actor_id=7)
        return draft.id

    async def run(self, *, after: int = 0) -> None:
        """Let the jobs run once, so many ms later."""
        self.now += after
        await self.job.follow_articles()
        await asyncio.gather(*(calls.run() for calls in self.job.calls))


@asynccontextmanager
async def running_site() -> AsyncIterator[Site]:
    """Run a target."""
    site = Site()
    runner = web.ServerRunner(web.Server(site.answer), shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", int(site.url.split(":")[2].partition("/")[0])).start()
    yield site
    await runner.cleanup()


@pytest.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    async with running_site() as site, opened(sqlite_url) as database:
        await employ(database, 7)
        world = World(database, site)
        yield world
        await world.job.close()


async def test_what_happens_to_an_article_is_told_once_and_signed(world: World) -> None:
    article_id = await world.publish()
    await world.run()
    await world.newsroom.edit(article_id, Content("تیتر درست"), expected=1, editor_id=7)
    await world.run(after=1000)
    await world.newsroom.retract(article_id, "نادرست", actor_id=7)
    await world.run(after=1000)
    await world.run(after=1000)
    assert world.site.events == [
        ("article.published", 1, "تیتر"),
        ("article.corrected", 2, "تیتر درست"),
        ("article.retracted", 2, ""),
    ]
    headers, body = world.site.calls[0]
    seconds = _NOW // 1000
    sealed = hmac.new(_SECRET.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    assert headers["Peyk-Signature"] == f"t={seconds},v1={sealed}"
    assert headers["Peyk-Event"] == "article.published"
    assert json.loads(body)["id"] == article_id
    assert len({headers["Peyk-Delivery"] for headers, _ in world.site.calls}) == 3


@pytest.mark.parametrize("status", [500, 404, 302])
async def test_a_target_that_takes_nothing_is_asked_again_later(world: World, status: int) -> None:
    world.site.status = status
    await world.publish()
    await world.run()
    await world.run(after=5_000)
    assert len(world.site.calls) == 1
    world.site.status = 200
    await world.run(after=60_000)
    await world.run(after=60_000)
    assert world.site.events == [("article.published", 1, "تیتر")] * 2


async def test_a_target_that_is_gone_is_given_up_and_told_to_the_desk_chat_once_a_day(world: World) -> None:
    world.site.status = 410
    for number in range(2):
        await world.publish(f"تیتر {number}")
    for _ in range(webhooks.TargetCalls.tries + 2):
        await world.run(after=2 * 3_600_000)
    assert len(world.site.calls) == 2 * (webhooks.TargetCalls.tries + 1)
    async with world.database.write() as tx:
        told = await notices.claim(tx, now=world.now, lease_until=world.now, limit=9)
        assert await key_value.value(tx, "webhook_given_up:site") is not None
    assert [(notice.user_id, notice.key, notice.args["target"]) for notice in told] == [
        (0, "webhook-given-up", "site")
    ]


async def test_a_target_that_never_answers_holds_up_no_other(world: World) -> None:
    async with running_site() as silent:
        silent.answers.clear()
        targets = [WebhookTarget("silent", "t" * 32, silent.url), *(call.target for call in world.job.calls)]
        world.job = Webhooks(world.database, lambda: world.now, targets)
        for number in range(25):
            await world.publish(f"تیتر {number}")
        await world.job.follow_articles()
        waiting, other = world.job.calls
        stuck = asyncio.create_task(waiting.run())
        for _ in range(2):
            await other.run()
        assert len(world.site.events) == 25
        assert not stuck.done()
        silent.answers.set()
        await stuck


async def test_what_is_retracted_before_it_was_told_is_told_as_retracted_alone(world: World) -> None:
    article_id = await world.publish()
    await world.newsroom.retract(article_id, "نادرست", actor_id=7)
    # One thing of an article in a run: the publication is passed over, and then the retraction is told.
    await world.run()
    assert world.site.events == []
    await world.run()
    assert world.site.events == [("article.retracted", 1, "")]


async def test_a_publication_that_was_undone_is_told_as_retracted_where_it_was_told(world: World) -> None:
    told = await world.publish()
    await world.run()
    await world.publish("تیتر دوم")
    untold = await world.publish("تیتر سوم")
    for article_id in (told, untold):
        await world.newsroom.undo_publication(article_id, actor_id=7)
    await world.run(after=1000)
    assert sorted(world.site.events[1:]) == [("article.published", 1, "تیتر دوم"), ("article.retracted", 1, "")]


async def test_a_new_target_hears_nothing_of_long_ago(world: World) -> None:
    await world.publish("تیتر کهنه")
    world.now += OLDEST_MS + 1
    await world.publish("تیتر نو")
    await world.run()
    assert world.site.events == [("article.published", 1, "تیتر نو")]


async def test_calls_of_a_target_that_left_the_settings_are_forgotten(world: World) -> None:
    world.site.status = 500
    await world.publish()
    await world.run()
    other = Webhooks(world.database, lambda: world.now, [])
    await other.clear_away()
    world.site.status = 200
    await world.run(after=3_600_000)
    assert len(world.site.calls) == 1
