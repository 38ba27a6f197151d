"""Telegram's answers to a pin: it is done, tried again, or let be, and told once."""

from collections.abc import AsyncIterator
from typing import Any, cast

import pytest
from telegram.error import BadRequest, RetryAfter, TelegramError, TimedOut

from bot.jobs.pins import Pins
from bot.telegram.gateway import Gateway
from persian.schedule import INSTANT
from storage import chats, notices
from storage.bootstrap import opened
from storage.engine.database import Database
from storage.records import ChatKind
from storage.schema import message, pin

NOW = 1_766_576_760_000
MINUTE = 60_000


class _Telegram:
    """Notes what it is asked, and answers with `trouble` where there is any."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, int, int]] = []
        self.trouble: TelegramError | None = None

    async def pin(self, chat_id: int, message_id: int) -> None:
        self._answer("pin", chat_id, message_id)

    async def unpin(self, chat_id: int, message_id: int) -> None:
        self._answer("unpin", chat_id, message_id)

    def _answer(self, what: str, chat_id: int, message_id: int) -> None:
        self.asked.append((what, chat_id, message_id))
        if self.trouble is not None:
            raise self.trouble


class _Case:
    """A pin that is owed to one channel, at a moment that is moved by hand."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.telegram = _Telegram()
        self.now = NOW
        self.pins = Pins(database, cast(Gateway, self.telegram), lambda: self.now)

    async def owe(self, telegram_id: int | None = 7) -> None:
        async with self.database.write() as tx:
            await chats.ensure(
                tx,
                -100,
                kind=ChatKind.CHANNEL,
                schedule=INSTANT,
                timezone="UTC",
                now=NOW,
                details=chats.ChatDetails(title="ک", added_by=5),
            )
            await chats.change(tx, -100, pin_minutes=60)
            values = {"chat_id": -100, "telegram_id": telegram_id, "state": "sent", "form": "headline"}
            row = await tx.execute(
                message.insert()
                .values(values | {"language": "fa", "created_at": NOW, "sent_at": NOW})
                .returning(message.c.id)
            )
            await tx.execute(pin.insert().values(message_id=row.scalar_one(), minutes=60, due_at=NOW))

    async def look(self, minutes: int = 0) -> None:
        self.now += minutes * MINUTE
        await self.pins.run()

    async def left(self) -> list[Any]:
        async with self.database.read() as connection:
            return [(row.pinned, row.due_at) for row in await connection.execute(pin.select())]

    async def told(self) -> list[tuple[int, str]]:
        async with self.database.write() as tx:
            owed = await notices.claim(tx, now=self.now, lease_until=self.now, limit=9)
        return [(notice.user_id, notice.key) for notice in owed]

    async def minutes(self) -> int:
        async with self.database.read() as connection:
            chat = await chats.get(connection, -100)
        assert chat is not None
        return chat.pin_minutes


@pytest.fixture
async def case(sqlite_url: str) -> AsyncIterator[_Case]:
    async with opened(sqlite_url) as database:
        yield _Case(database)


async def test_pinned_and_unpinned_in_time(case: _Case) -> None:
    await case.owe()
    await case.look()
    await case.look()
    assert await case.left() == [(True, NOW + 60 * MINUTE)]
    await case.look(60)
    assert case.telegram.asked == [("pin", -100, 7), ("unpin", -100, 7)]
    assert await case.left() == []


async def test_a_missing_right_switches_pinning_off_and_is_told_once(case: _Case) -> None:
    case.telegram.trouble = BadRequest("Not enough rights to manage pinned messages in the chat")
    await case.owe()
    await case.owe()
    await case.look()
    assert await case.told() == [(5, "pin-refused")]
    assert await case.minutes() == 0
    assert await case.left() == []


async def test_what_is_not_there_any_more_is_let_be(case: _Case) -> None:
    case.telegram.trouble = BadRequest("Message to pin not found")
    await case.owe()
    await case.look()
    assert (await case.left(), await case.told(), await case.minutes()) == ([], [], 60)
    await case.owe(None)
    await case.look()
    assert len(case.telegram.asked) == 1


async def test_passing_trouble_is_tried_again_until_its_time_is_over(case: _Case) -> None:
    case.telegram.trouble = RetryAfter(40)
    await case.owe()
    await case.look()
    assert await case.left() == [(False, NOW + 40_000)]
    case.telegram.trouble = TimedOut()
    for _ in range(20):
        await case.look(5)
    assert 1 < len(case.telegram.asked) < 20
    assert await case.left() == [], "nobody wants it pinned after an hour"
    assert (await case.told(), await case.minutes()) == ([], 60)
