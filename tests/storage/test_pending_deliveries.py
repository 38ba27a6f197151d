"""Pending deliveries follow the schedules that a chat has by now, each headline those by which it is wanted."""

from typing import Any

import pytest

from bot.audience.chats import Chats, Policy
from bot.audience.subscription_request import words_request
from bot.audience.subscriptions import Subscriptions
from bot.delivery.fanout import FanOuts
from bot.delivery.reschedule import Rescheduler
from persian.schedule import INSTANT
from storage import articles, chats, deliveries, fanouts, outbox, subscriptions
from storage.engine.database import Database
from storage.records import ChatKind, Content, DeliveryState, FanOutKind
from tests.newsroom_people import with_right
from tests.values import quiet_hours, schedule

NOW = 1_766_576_760_000  # 15:16 in Tehran
_HOUR = 3_600_000


class _ChatOutbox:
    """A chat, the services that change its settings, and its pending deliveries."""

    def __init__(self, database: Database, chat_id: int) -> None:
        self.database = database
        self.chat_id = chat_id
        self.woken = 0
        retime = Rescheduler(database, lambda: NOW, self._wake).follow
        as_staff = with_right(database)
        policy = Policy(INSTANT, "Asia/Tehran", open_door=False)
        self.chats = Chats(database, lambda: NOW, policy, retime, deciding=as_staff, acting=as_staff)
        self.following = Subscriptions(database, lambda: NOW, retime, acting=as_staff)

    async def owe(self, *titles: str, kind: FanOutKind = FanOutKind.HEADLINE) -> None:
        """Publish headlines, as far as into the outbox."""
        for title in titles:
            async with self.database.write() as tx:
                made = await articles.insert(tx, Content(title), category_id=1, now=NOW, published_at=NOW)
                await articles.release(tx, made, published_at=NOW, now=NOW)
                await fanouts.begin(tx, made, kind, now=NOW)
        out = FanOuts(self.database, lambda: NOW)
        while await out.step():
            pass

    async def times(self) -> list[tuple[str, int, bool, int]]:
        """Return of what waits its title, in how many hours it is due, whether it may fold, and its lane."""
        async with self.database.read() as connection:
            rows = await deliveries.of_state(connection, DeliveryState.PENDING, limit=99)
            owed_articles = await articles.get_many(connection, [row.article_id for row in rows])
        titles = {article.id: article.content.title for article in owed_articles}
        return sorted(
            (titles[row.article_id], (row.due_at - NOW) // _HOUR, row.fold, row.priority // 10) for row in rows
        )

    def _wake(self) -> None:
        self.woken += 1


@pytest.fixture
async def chat_outbox(database: Database) -> _ChatOutbox:
    """The outbox of a person's chat that follows everything, and gets it at 18:16."""
    return await _chat_outbox(database)


async def _chat_outbox(database: Database, kind: ChatKind = ChatKind.PRIVATE, **settings: Any) -> _ChatOutbox:
    chat_id = -7 if kind is ChatKind.CHANNEL else 7
    async with database.write() as tx:
        await chats.ensure(tx, chat_id, kind=kind, schedule=schedule("at 18:16"), timezone="Asia/Tehran", now=NOW)
        if settings:
            await chats.change(tx, chat_id, **settings)
        await subscriptions.subscribe(tx, chat_id, now=NOW)
    return _ChatOutbox(database, chat_id)


async def test_a_later_time_and_an_earlier_one_and_at_once(chat_outbox: _ChatOutbox) -> None:
    await chat_outbox.owe("یک", "دو")
    assert await chat_outbox.times() == [("دو", 3, True, 4), ("یک", 3, True, 4)]
    await chat_outbox.chats.change(chat_outbox.chat_id, schedule=schedule("at 20:16"))
    assert await chat_outbox.times() == [("دو", 5, True, 4), ("یک", 5, True, 4)]
    await chat_outbox.chats.change(chat_outbox.chat_id, schedule=INSTANT)
    # What was held back comes together, and need not stand back behind digests any more.
    assert await chat_outbox.times() == [("دو", 0, True, 3), ("یک", 0, True, 3)]
    assert chat_outbox.woken == 2


async def test_in_a_channel_what_is_instant_comes_by_itself(database: Database) -> None:
    chat_outbox = await _chat_outbox(database, ChatKind.CHANNEL)
    await chat_outbox.owe("یک", "دو")
    await chat_outbox.chats.change(chat_outbox.chat_id, schedule=INSTANT)
    assert await chat_outbox.times() == [("دو", 0, False, 3), ("یک", 0, False, 3)]


async def test_what_changes_no_time_moves_nothing(chat_outbox: _ChatOutbox) -> None:
    await chat_outbox.owe("یک")
    await chat_outbox.chats.change(chat_outbox.chat_id, schedule=schedule("at 18:16"), silent=True)
    assert chat_outbox.woken == 0


async def test_quiet_hours_hold_back_what_is_due_already(database: Database) -> None:
    chat_outbox = await _chat_outbox(database, schedule=INSTANT)
    await chat_outbox.owe("یک")
    async with database.read() as connection:
        picked = await outbox.ready_after(connection, None, NOW, limit=9)
    await chat_outbox.chats.change(chat_outbox.chat_id, quiet=quiet_hours("15:00-17:16"))
    assert await chat_outbox.times() == [("یک", 2, True, 4)]
    # Who read it before may not send it any more.
    async with database.write() as tx:
        assert await outbox.lock_pending(tx, [delivery.id for delivery in picked]) == []


async def test_what_is_due_stays_due_where_it_may_come(database: Database) -> None:
    chat_outbox = await _chat_outbox(database, schedule=INSTANT)
    await chat_outbox.owe("یک")
    await chat_outbox.chats.change(chat_outbox.chat_id, timezone="UTC")
    assert await chat_outbox.times() == [("یک", 0, False, 3)]


async def test_breaking_news_waits_for_quiet_hours_alone(database: Database) -> None:
    chat_outbox = await _chat_outbox(database, quiet=quiet_hours("15:00-17:16"))
    await chat_outbox.owe("فوری", kind=FanOutKind.BREAKING)
    await chat_outbox.chats.change(
        chat_outbox.chat_id, schedule=schedule("at 21:16"), quiet=quiet_hours("15:00-16:16")
    )
    assert await chat_outbox.times() == [("فوری", 1, True, 2)]
    await chat_outbox.chats.change(chat_outbox.chat_id, breaking_passes_quiet=True)
    assert await chat_outbox.times() == [("فوری", 0, False, 2)]


async def test_each_follows_the_schedule_of_what_it_is_wanted_by(chat_outbox: _ChatOutbox) -> None:
    await chat_outbox.following.follow(chat_outbox.chat_id, [words_request("نفت")])
    oil = (await chat_outbox.following.of(chat_outbox.chat_id))[-1]
    await chat_outbox.following.change(chat_outbox.chat_id, oil.id, schedule=schedule("at 17:16"))
    await chat_outbox.owe("بهای نفت", "باران")
    assert await chat_outbox.times() == [("باران", 3, True, 4), ("بهای نفت", 2, True, 4)]
    await chat_outbox.following.change(chat_outbox.chat_id, oil.id, schedule=schedule("at 16:16"))
    assert await chat_outbox.times() == [("باران", 3, True, 4), ("بهای نفت", 1, True, 4)]
    # The chat's own is no more than one of the two.
    await chat_outbox.chats.change(chat_outbox.chat_id, schedule=schedule("at 20:16"))
    assert await chat_outbox.times() == [("باران", 5, True, 4), ("بهای نفت", 1, True, 4)]
    await chat_outbox.following.change(chat_outbox.chat_id, oil.id, schedule=None)
    assert await chat_outbox.times() == [("باران", 5, True, 4), ("بهای نفت", 5, True, 4)]
