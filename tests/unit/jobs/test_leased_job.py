"""A leased job over notices: rows are done once, tried again later and later, and given up in the end."""

from collections.abc import AsyncIterator
from typing import cast
from zoneinfo import ZoneInfo

import pytest
from telegram.error import TimedOut

from bot.jobs.leased_job import Backoff
from bot.jobs.notices import Notices
from bot.locales.catalog import Catalog
from bot.render.language import ChatTexts
from bot.render.message import Message
from bot.telegram.gateway import Gateway
from persian.schedule import INSTANT
from storage import chats, notices
from storage.bootstrap import opened
from storage.engine.database import Database
from storage.records import ChatKind
from storage.schema import notice
from tests.newsroom_people import employ

NOW = 1_766_576_760_000
MINUTE = 60_000
DESK_CHAT = -100
MEMBER, REMOVED = 1, 2


class _Telegram:
    """Takes messages while it `works`."""

    def __init__(self) -> None:
        self.works = True
        self.sent: list[str] = []
        self.tries = 0
        self.busy: dict[int, int] = {}

    def busy_ms(self, chat_id: int) -> int:
        return self.busy.get(chat_id, 0)

    async def send(self, _chat_id: int, message: Message) -> int:
        self.tries += 1
        if not self.works:
            raise TimedOut
        self.sent.append(message.html)
        return self.tries


class _Case:
    """Notices owed to the desk chat, at a moment that is moved by hand."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.telegram = _Telegram()
        self.now = NOW
        texts = ChatTexts(Catalog.load(), "en", ZoneInfo("UTC"))
        gateway = cast(Gateway, self.telegram)
        self.job = Notices(database, gateway, texts, lambda: self.now, desk_chat=DESK_CHAT)

    async def owe(self, key: str, **args: str | int) -> None:
        async with self.database.write() as tx:
            await notices.enqueue(tx, notices.DESK_CHAT, key, args, now=self.now)

    async def left(self) -> list[tuple[str, int, int]]:
        """Return the key, the attempts and the minutes until it is due of every notice that is left."""
        async with self.database.read() as connection:
            rows = await connection.execute(notice.select().order_by(notice.c.id))
            return [(row.key, row.attempts, (row.due_at - self.now) // MINUTE) for row in rows]


@pytest.fixture
async def case(sqlite_url: str) -> AsyncIterator[_Case]:
    async with opened(sqlite_url) as database:
        yield _Case(database)


async def test_a_row_is_done_once(case: _Case) -> None:
    await case.owe("chat-lost", title="کانال")
    await case.job.run()
    await case.job.run()
    assert len(case.telegram.sent) == 1
    assert await case.left() == []


async def test_a_failed_row_is_tried_again_later_and_later_and_given_up(case: _Case) -> None:
    case.telegram.works = False
    await case.owe("chat-lost", title="کانال")
    pauses = []
    while await case.left():
        await case.job.run()
        for _, _, minutes in await case.left():
            pauses.append(minutes)
            case.now += minutes * MINUTE
    assert pauses[:4] == [1, 2, 4, 8]
    assert max(pauses) == 6 * 60
    assert case.telegram.tries == len(pauses) + 1 == 31


async def test_a_row_that_breaks_the_work_keeps_no_other_from_its_turn(case: _Case) -> None:
    await case.owe("no-such-text")
    await case.owe("chat-lost", title="کانال")
    await case.job.run()
    assert len(case.telegram.sent) == 1
    assert await case.left() == [("no-such-text", 1, 1)]


async def test_a_row_whose_worker_died_is_taken_up_after_the_lease(case: _Case) -> None:
    await case.owe("chat-lost", title="کانال")
    async with case.database.write() as tx:
        await case.job.claim(tx, now=case.now, lease_until=case.now + case.job.lease_ms, limit=1)
    await case.job.run()
    assert case.telegram.tries == 0
    case.now += case.job.lease_ms
    await case.job.run()
    assert len(case.telegram.sent) == 1


def test_pauses_double_up_to_the_longest() -> None:
    backoff = Backoff(first=30, longest=100)
    assert [backoff.pause(attempts) for attempts in (0, 1, 2, 1_000)] == [30, 60, 100, 100]


async def test_what_is_for_a_chat_that_has_to_wait_waits_and_is_no_try(case: _Case) -> None:
    await case.owe("chat-lost", title="کانال")
    case.telegram.busy[DESK_CHAT] = 3 * MINUTE
    await case.job.run()
    assert case.telegram.tries == 0
    assert await case.left() == [("chat-lost", 0, 3)]
    case.telegram.busy.clear()
    case.now += 3 * MINUTE
    await case.job.run()
    assert len(case.telegram.sent) == 1


async def test_whoever_was_removed_gets_no_notice_that_another_act_enqueued_meanwhile(case: _Case) -> None:
    async with case.database.write() as tx:
        for user_id in (MEMBER, REMOVED):
            details = chats.ChatDetails("نام", added_by=user_id)
            kind = ChatKind.PRIVATE
            await chats.ensure(tx, user_id, kind=kind, schedule=INSTANT, timezone="UTC", now=NOW, details=details)
            await chats.change(tx, user_id, started=True)
            for key in ("plan-failed", "chat-found"):
                await notices.enqueue(tx, user_id, key, {"id": 1, "title": f"خبر {user_id}"}, now=NOW)
    await employ(case.database, MEMBER)
    await case.job.run()
    assert sorted("خبر 2" in one for one in case.telegram.sent) == [False, False, True]
    assert await case.left() == []
