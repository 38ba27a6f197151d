"""A row whose schedule, quiet hours or post style cannot be read stops nobody: its chat gets the default."""

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from bot.delivery.fanout import FanOuts
from persian.schedule import INSTANT
from storage import articles, chats, deliveries, fanouts, outbox, subscriptions, text_values
from storage.engine.database import Database
from storage.post_style import USUAL_STYLE
from storage.records import ChatKind, Content, DeliveryState, FanOutKind
from tests.values import schedule

NOW = 1_766_576_760_000  # 15:16 in Tehran
_HOUR = 3_600_000
_BROKEN, _WHOLE = -100, -200


@pytest.fixture
async def damaged(database: Database) -> Database:
    """A database with two channels, one of which has nothing in its row that can be read."""
    text_values._report.cache_clear()
    async with database.write() as tx:
        for chat_id in (_BROKEN, _WHOLE):
            await chats.ensure(
                tx, chat_id, kind=ChatKind.CHANNEL, schedule=schedule("every 1h"), timezone="Asia/Tehran", now=NOW
            )
            await subscriptions.subscribe(tx, chat_id, None, now=NOW - 1)
        await tx.execute(
            text(
                "UPDATE chat SET schedule = 'often', quiet = 'at night', look = 'shape=upside-down' "
                f"WHERE id = {_BROKEN}"
            )
        )
    return database


async def _publish(database: Database) -> None:
    async with database.write() as tx:
        number = await articles.insert(tx, Content("تیتر"), category_id=1, now=NOW, published_at=NOW)
        await articles.release(tx, number, published_at=NOW, now=NOW)
        await fanouts.begin(tx, number, FanOutKind.HEADLINE, now=NOW)
    while await FanOuts(database, lambda: NOW).step():
        pass


async def _due(database: Database) -> dict[int, set[int]]:
    """Return in how many milliseconds what waits is due, by chat."""
    async with database.read() as connection:
        waiting = await deliveries.of_state(connection, DeliveryState.PENDING, limit=9)
    return {
        chat_id: {delivery.due_at - NOW for delivery in waiting if delivery.chat_id == chat_id}
        for chat_id in (_BROKEN, _WHOLE)
    }


async def test_what_cannot_be_read_gets_the_default_and_others_their_own(damaged: Database) -> None:
    with capture_logs() as log:
        await _publish(damaged)
        await _publish(damaged)
    assert await _due(damaged) == {_BROKEN: {0}, _WHOLE: {44 * 60_000}}
    told = [(line["chat_id"], line["value"], line["stored"]) for line in log if line["log_level"] == "warning"]
    assert told == [(_BROKEN, "schedule", "often"), (_BROKEN, "quiet_hours", "at night")], "each once"


async def test_what_is_claimed_for_such_a_chat_has_the_usual_style(damaged: Database) -> None:
    await _publish(damaged)
    with capture_logs() as log:
        async with damaged.write() as tx:
            ready = await outbox.ready_for(tx, [_BROKEN], NOW)
            (claimed,) = await outbox.lock_pending(tx, [delivery.id for delivery in ready])
    assert claimed.post_style == USUAL_STYLE
    assert [(line["chat_id"], line["value"]) for line in log] == [(_BROKEN, "post_style")]


async def test_a_chat_with_such_a_row_can_be_given_another_schedule(damaged: Database) -> None:
    async with damaged.write() as tx:
        chat = await chats.get(tx, _BROKEN)
        assert chat is not None
        assert (chat.schedule, chat.quiet, chat.post_style) == (INSTANT, None, USUAL_STYLE)
        await chats.change(tx, _BROKEN, schedule=schedule("at 18:00"))
        chat = await chats.get(tx, _BROKEN)
    assert chat is not None
    assert chat.schedule == schedule("at 18:00")


async def test_a_subscription_whose_schedule_cannot_be_read_goes_by_that_of_the_chat(damaged: Database) -> None:
    async with damaged.write() as tx:
        await tx.execute(text(f"UPDATE subscription SET schedule = 'often' WHERE chat_id = {_WHOLE}"))
    with capture_logs() as log:
        await _publish(damaged)
        async with damaged.read() as connection:
            (subscription,) = await subscriptions.of_chat(connection, _WHOLE)
    assert subscription.schedule is None
    assert (await _due(damaged))[_WHOLE] == {44 * 60_000}
    told = [line["chat_id"] for line in log if line.get("value") == "subscription_schedule"]
    assert told == [_WHOLE]
