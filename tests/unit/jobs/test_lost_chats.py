"""Lost chats and the counting of members as leased jobs: when Telegram is asked again, and what comes of it."""

from collections.abc import AsyncIterator
from typing import Any, cast

import pytest
from telegram.error import BadRequest

from bot.jobs.lost_chats import LostChats
from bot.jobs.membership import Membership
from bot.telegram.gateway import Gateway
from persian.schedule import INSTANT
from storage import chats, lost_chats
from storage.bootstrap import opened
from storage.engine.database import Database
from storage.records import Chat, ChatKind

NOW = 1_766_576_760_000
HOUR = 3_600_000
CHANNEL = -100
BOT = 9


class _Telegram:
    """Answers calls with what `answer` is, or raises it."""

    def __init__(self) -> None:
        self.answer: Any = BadRequest("chat not found")
        self.asked = 0

    async def call(self, _method: str, _params: dict[str, Any]) -> Any:
        self.asked += 1
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


class _Case:
    """A channel, and the two jobs that ask about it, at a moment that is moved by hand."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.telegram = _Telegram()
        self.now = NOW
        self.woken = 0
        gateway = cast(Gateway, self.telegram)
        self.lost_chats = LostChats(database, gateway, lambda: self.now, self._wake, bot_id=BOT)
        self.membership = Membership(database, gateway, lambda: self.now)

    def _wake(self) -> None:
        self.woken += 1

    async def channel(self) -> Chat:
        async with self.database.read() as connection:
            chat = await chats.get(connection, CHANNEL)
        assert chat is not None
        return chat

    async def lose(self) -> None:
        async with self.database.write() as tx:
            await lost_chats.mark_lost(tx, CHANNEL, "kicked", now=self.now)


@pytest.fixture
async def case(sqlite_url: str) -> AsyncIterator[_Case]:
    async with opened(sqlite_url) as database:
        async with database.write() as tx:
            await chats.ensure(tx, CHANNEL, kind=ChatKind.CHANNEL, schedule=INSTANT, timezone="UTC", now=NOW)
        yield _Case(database)


async def test_the_longer_a_chat_is_lost_the_later_telegram_is_asked_again(case: _Case) -> None:
    await case.lose()
    await case.lost_chats.run()
    assert case.telegram.asked == 0
    pauses = []
    for _ in range(9):
        case.now = (await case.channel()).wait_until
        await case.lost_chats.run()
        pauses.append(((await case.channel()).wait_until - case.now) // HOUR)
    assert pauses == [6, 12, 24, 48, 96, 168, 168, 168, 168]
    assert (case.telegram.asked, case.woken) == (9, 0)


async def test_a_chat_in_which_the_bot_may_post_again_is_lost_no_more(case: _Case) -> None:
    await case.lose()
    case.now = (await case.channel()).wait_until
    case.telegram.answer = {"status": "administrator", "can_post_messages": True}
    await case.lost_chats.run()
    channel = await case.channel()
    assert (channel.lost_at, channel.wait_until, channel.is_admin) == (None, 0, True)
    assert case.woken == 1


async def test_where_telegram_does_not_tell_members_are_counted_an_hour_later(case: _Case) -> None:
    await case.membership.run()
    await case.membership.run()
    assert case.telegram.asked == 1
    case.now += HOUR
    case.telegram.answer = 12
    await case.membership.run()
    await case.membership.run()
    channel = await case.channel()
    assert (case.telegram.asked, channel.members, channel.members_at) == (2, 12, case.now)
