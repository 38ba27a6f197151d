"""Processes that come and go: one polls at a time, and a rolling restart loses nothing and repeats nothing."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sandbox.client import text_of
from storage.bootstrap import opened
from tests import postgres
from tests.crash.cluster import Member, cluster
from tests.crash.crowd import gather_crowd
from tests.crash.news import NewsEditor
from tests.crash.questions import Correspondents
from tests.crash.rest import unfinished
from tests.peyk_app import PeykAppOnPostgres, Telegram

pytestmark = pytest.mark.timeout(600)

_SETTINGS = {"LEASE_SECONDS": "25", "BULK_RATE": "30"}
_STORIES = 4


@pytest.fixture
async def url(postgres_socket: str) -> AsyncIterator[str]:
    async with postgres.database(postgres_socket) as url:
        yield url


async def test_one_receiver_polls_and_the_other_takes_over(telegram: Telegram, url: str, tmp_path: Path) -> None:
    members = []
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        members.append(Member(PeykAppOnPostgres(tmp_path / name, telegram, url), "receive", _SETTINGS))
    first, second = members
    try:
        await first.start()
        await second.start()
        await _answers(telegram, "یکم")
        first.app.kill()
        await _answers(telegram, "دوم")
        await first.start()
        await _answers(telegram, "سوم")
        assert await second.app.stop() == 0
        await _answers(telegram, "چهارم")
        # Two that poll at once end each other's requests with 409.
        assert "poll_conflict" not in first.app.log + second.app.log
        assert [member.app.log.count("polling_begins") for member in members] == [2, 1]
    finally:
        for member in members:
            member.app.abandon()


async def _answers(telegram: Telegram, word: str) -> None:
    (asked,) = await telegram.people.say(telegram.reader, word)
    await telegram.people.wait_for(
        telegram.reader, lambda message: word in text_of(message), after=asked, timeout=120
    )


async def test_a_rolling_restart_loses_nothing_and_repeats_nothing(
    telegram: Telegram, url: str, tmp_path: Path
) -> None:
    crowd = await gather_crowd(telegram, url, channels=10, people=50)
    readers = Correspondents(telegram, crowd.people[:5])
    async with opened(url) as database, cluster(tmp_path, telegram, url, workers=2, settings=_SETTINGS) as newsroom:
        news = NewsEditor(database, telegram.owner)
        async with readers.asking():
            for number in range(_STORIES):
                await news.publish()
                member = newsroom.members[number % len(newsroom.members)]
                assert await member.app.stop() == 0, member.app.log[-3000:]
                await member.start()
        async with asyncio.timeout(300):
            while await unfinished(database):
                await asyncio.sleep(0.2)
        for chat in (*crowd.channels, *crowd.people):
            posts = [text_of(post) for post in await telegram.people.messages(chat, by_bot=True)]
            shown = [story.id for text in posts for story in news.stories if story.mark in text]
            assert shown == [story.id for story in news.stories], chat
        assert {readers.answers(question) for question in readers.questions} == {1}
        assert "Traceback" not in newsroom.log
