"""Two workers and a receiver on one PostgreSQL: nothing is sent twice, one worker's death delays only its own."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.clock import now_ms
from sandbox.client import text_of
from storage.bootstrap import opened
from storage.engine.database import Database
from tests import postgres
from tests.crash.audience import Audience, gather
from tests.crash.news import NewsEditor
from tests.peyk_app import PeykAppOnPostgres, Telegram

pytestmark = pytest.mark.timeout(240)

_LEASE_SECONDS = 25
_SETTINGS = {"BULK_RATE": "30", "LEASE_SECONDS": str(_LEASE_SECONDS)}
_STORIES = 5


@pytest.fixture
async def url(postgres_socket: str) -> AsyncIterator[str]:
    async with postgres.database(postgres_socket) as url:
        yield url


@pytest.fixture
async def start(
    tmp_path: Path, telegram: Telegram, url: str
) -> AsyncIterator[Callable[[str, str], Awaitable[PeykAppOnPostgres]]]:
    """Start one process of the app, by a name and a role, and return it once it runs."""
    started: list[PeykAppOnPostgres] = []

    async def one(name: str, role: str) -> PeykAppOnPostgres:
        folder = tmp_path / name
        folder.mkdir()
        app = PeykAppOnPostgres(folder, telegram, url)
        started.append(app)
        app.start("--role", role, **_SETTINGS)
        await _until(app.says("app_running"))
        return app

    yield one
    for app in started:
        app.abandon()


async def test_the_other_worker_takes_over(
    telegram: Telegram, url: str, start: Callable[[str, str], Awaitable[PeykAppOnPostgres]]
) -> None:
    async with opened(url) as database:
        audience = await gather(telegram, database)
        news = NewsEditor(database, telegram.owner)
        stuck = audience.lively[0]
        await telegram.people.do("faults", kind="no_answer", method="sendMessage", chat_id=stuck, seconds=300)
        first = await start("first", "work")
        await news.publish()
        sending = f"SELECT lease_until FROM message WHERE chat_id = {stuck} AND state = 'sending'"
        await _until(lambda: _found(database, sending))
        (lease_until,) = await _numbers(database, sending)

        second = await start("second", "work")
        receiver = await start("receiver", "receive")
        state = telegram.running.state
        before = state.counts.sent
        for _ in range(_STORIES - 1):
            await news.publish()
        # The death comes in the middle of a broadcast that both are at.
        assert await state.event_added.wait_for(lambda: state.counts.sent >= before + 2 * len(audience.places), 60)
        first.kill()
        under_way = await _numbers(database, "SELECT chat_id FROM message WHERE state IN ('sending', 'uncertain')")

        elsewhere = f"SELECT 1 FROM delivery WHERE state != 'sent' AND chat_id NOT IN ({_list(under_way)})"
        await _until(lambda: _not_found(database, elsewhere), 120)
        # Nobody takes what the dead one holds before its lease is over, and nobody else was kept waiting for that.
        held = f"SELECT 1 FROM message WHERE chat_id = {stuck} AND state IN ('sending', 'uncertain')"
        assert await _found(database, held) or now_ms() > lease_until
        # What was under way where nothing can be read is asked of a person.
        sealed = _list({place.chat_id for place in audience.places if place.sealed})
        asked = f"state = 'uncertain' AND chat_id IN ({sealed})"
        left = f"SELECT 1 FROM delivery WHERE state != 'sent' AND NOT ({asked})"
        await _until(lambda: _not_found(database, left), 120)
        assert "Traceback" not in second.log + receiver.log
        answer = await telegram.ask(telegram.reader, "خبر")
        assert news.stories[0].title in text_of(answer)
    await _each_once(telegram, audience, news, under_way)


async def _each_once(telegram: Telegram, audience: Audience, news: NewsEditor, under_way: set[int]) -> None:
    for place in audience.places:
        posts = await telegram.people.messages(place.chat_id, by_bot=True)
        here = [text_of(post) for post in posts if post.get("message_thread_id", 0) == place.topic_id]
        shown = [story.id for words in here for story in news.stories if story.mark in words]
        lost = {story.id for story in news.stories} - set(shown)
        assert len(lost) <= (place.sealed and place.chat_id in under_way), place
        assert shown == sorted(shown), place
        assert len(shown) <= _STORIES + (not place.exact and place.chat_id in under_way), (place, shown)


async def _until(condition: Callable[[], Awaitable[bool]], seconds: float = 60.0) -> None:
    async with asyncio.timeout(seconds):
        while not await condition():
            await asyncio.sleep(0.1)


async def _found(database: Database, query: str) -> bool:
    async with database.read() as connection:
        return (await connection.execute(text(query))).first() is not None


async def _not_found(database: Database, query: str) -> bool:
    return not await _found(database, query)


async def _numbers(database: Database, query: str) -> set[int]:
    async with database.read() as connection:
        return {row[0] for row in await connection.execute(text(query))}


def _list(numbers: set[int]) -> str:
    return ", ".join(str(number) for number in sorted(numbers))
