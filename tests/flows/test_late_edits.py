"""Telegram carries out an edit whose answer was lost after a newer one: the newest text stands in the end."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.clock import now_ms
from bot.delivery.paid import PaidLanes, PaidTerms
from bot.delivery.rendering import Composer
from bot.delivery.sender import Sender
from bot.delivery.worker import Throttle, Worker
from bot.locales.catalog import Catalog
from bot.newsroom.articles import Newsroom
from bot.telegram.circuit import Circuit
from bot.telegram.gateway import BotApi, CallObservers, Gateway
from bot.telegram.photos import Photos
from bot.telegram.rate_limiter import Limiter
from bot.telegram.server_support import StoredServerSupport
from bot.telegram.transport import AiohttpRequest
from persian.schedule import INSTANT
from sandbox.client import text_of
from storage import chats, subscriptions
from storage.bootstrap import opened
from storage.engine.database import Database
from storage.records import ChatKind, Content, Provenance
from storage.schema import amendment
from tests.newsroom_people import employ
from tests.peyk_app import Telegram

_LATE_MS = 600_000


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    async with opened(sqlite_url) as database:
        yield database


class _Clock:
    """The machine's clock in ms, and the time that a test has let pass on top of it."""

    def __init__(self) -> None:
        self._ahead = 0

    def __call__(self) -> int:
        return now_ms() + self._ahead

    def advance(self, milliseconds: int) -> None:
        self._ahead += milliseconds


@pytest.fixture
def clock() -> _Clock:
    return _Clock()


@pytest.fixture
async def newsroom(database: Database, telegram: Telegram, clock: _Clock) -> AsyncIterator[Newsroom]:
    """A newsroom and its worker in this process."""
    request, limiter = AiohttpRequest(), Limiter(30)
    running = telegram.running
    rich = StoredServerSupport(database, clock, running.url)
    circuit, photos = Circuit(), Photos(clock)
    gateway = Gateway(request, BotApi(running.url, running.token), limiter, rich, watch=CallObservers(circuit))
    worker = Worker(
        database,
        Sender(gateway, limiter, clock, random.Random(1), photos=photos, late=_LATE_MS),
        Composer(Catalog.load(), "bot", "fa", photos),
        clock,
        throttle=Throttle(limiter, circuit, PaidLanes(PaidTerms(), ZoneInfo("Asia/Tehran"))),
        tick=0.2,
        lease=30_000,
    )
    await request.initialize()
    work = asyncio.create_task(worker.run())
    yield Newsroom(database, clock, worker.wake)
    work.cancel()
    with suppress(asyncio.CancelledError):
        await work
    await request.shutdown()


async def test_the_newest_stands_although_an_older_edit_is_carried_out_after_it(
    database: Database, newsroom: Newsroom, telegram: Telegram, clock: _Clock, until: Callable[..., Any]
) -> None:
    channel = await telegram.channel()
    async with database.write() as tx:
        await chats.ensure(
            tx, channel, kind=ChatKind.CHANNEL, schedule=INSTANT, timezone="Asia/Tehran", now=now_ms()
        )
        await subscriptions.subscribe(tx, channel, None, now=now_ms())
    await employ(database, 1)
    draft = await newsroom.draft(Content("شمار نامعلوم"), 1, Provenance(author_id=1))
    await newsroom.publish(draft.id, actor_id=1)
    posted = await telegram.people.wait_for(channel, lambda m: "نامعلوم" in text_of(m))

    async def now() -> str:
        return text_of(await telegram.now(posted))

    async def reads(words: str) -> bool:
        return words in await now()

    async def settled() -> bool:
        async with database.read() as connection:
            rows = (await connection.execute(amendment.select())).all()
        return [row.state for row in rows] == ["changed"]

    await telegram.people.do("faults", kind="done_later", method="editMessageText", chat_id=channel, seconds=600)
    second = await newsroom.edit(draft.id, Content("شمار سه تن"), expected=1, editor_id=1)
    faults = telegram.running.state.faults
    while faults.scripts:
        await asyncio.sleep(0.01)
    await newsroom.edit(draft.id, Content("شمار دو تن"), expected=second.revision, editor_id=1)
    await until(lambda: reads("دو تن"))
    await telegram.people.do("advance", seconds=601)
    await until(lambda: reads("سه تن"))
    assert not await settled(), "the lost edit may come yet: nothing is concluded"
    clock.advance(_LATE_MS)
    await until(settled)
    assert "دو تن" in await now()
