"""Pins: owed to breaking news where it is wanted, done by one at a time, in two steps, through crashes."""

from persian.schedule import INSTANT
from storage import articles, chats, ledger, outbox, pins
from storage.engine.database import Database
from storage.engine.dialect import insert
from storage.ledger import MessageDraft
from storage.pins import Pin
from storage.records import ArticleRevision, ChatKind, Content, DeliveryKind, DeliveryState, Form, MessageState
from storage.schema import delivery

NOW = 1_766_576_760_000
MINUTE = 60_000


async def _sent(
    database: Database,
    chat_id: int,
    kind: ChatKind,
    *,
    minutes: int = 60,
    breaking: bool = True,
) -> int:
    """Have an article sent to a chat, and return the message's row."""
    async with database.write() as tx:
        await chats.ensure(tx, chat_id, kind=kind, schedule=INSTANT, timezone="Asia/Tehran", now=NOW)
        await chats.change(tx, chat_id, pin_minutes=minutes)
        number = await articles.insert(tx, Content("x"), category_id=1, now=NOW, published_at=NOW)
        row = {
            "chat_id": chat_id,
            "article_id": number,
            "kind": DeliveryKind.BREAKING if breaking else DeliveryKind.HEADLINE,
            "priority": 20,
            "state": DeliveryState.PENDING,
            "ready": 1,
            "due_at": NOW,
            "created_at": NOW,
        }
        made = (await tx.execute(insert(tx, delivery).values(row).returning(delivery.c.id))).scalar_one()
        draft = MessageDraft(chat_id, 0, Form.HEADLINE, "fa", (ArticleRevision(number, 1),), 1, None, False)
        message_id = (await ledger.begin(tx, [draft], now=NOW, lease_until=NOW))[chat_id]
        await outbox.mark_sending(tx, [(made, message_id)], now=NOW)
        await ledger.mark_sent(tx, [(message_id, 7)], now=NOW)
        await outbox.settle(tx, [message_id], DeliveryState.SENT, now=NOW)
        await pins.enqueue(tx, [message_id], now=NOW)
    return message_id


async def _claimed(database: Database, now: int) -> list[Pin]:
    async with database.write() as tx:
        return await pins.claim(tx, now=now, lease_until=now + MINUTE, limit=10)


async def test_only_breaking_news_where_it_is_wanted(database: Database) -> None:
    wanted = await _sent(database, -100, ChatKind.CHANNEL)
    group = await _sent(database, -50, ChatKind.SUPERGROUP, minutes=360)
    await _sent(database, -101, ChatKind.CHANNEL, minutes=0)
    await _sent(database, -102, ChatKind.CHANNEL, breaking=False)
    await _sent(database, 5, ChatKind.PRIVATE)
    async with database.read() as connection:
        assert not await pins.any_due(connection, NOW - 1)
        assert await pins.any_due(connection, NOW)
    due = await _claimed(database, NOW)
    assert due == [Pin(wanted, -100, 7, False, 60, 0, 0), Pin(group, -50, 7, False, 360, 0, 0)]
    assert await _claimed(database, NOW) == [], "somebody is at them"


async def test_a_pin_is_set_and_taken_away(database: Database) -> None:
    message_id = await _sent(database, -100, ChatKind.CHANNEL)
    assert len(await _claimed(database, NOW)) == 1
    # Whoever had it has died: its lease ends.
    (again,) = await _claimed(database, NOW + MINUTE)
    assert again.attempts == 1
    async with database.write() as tx:
        await pins.postpone(tx, message_id, due_at=NOW + 5 * MINUTE)
    assert await _claimed(database, NOW + 4 * MINUTE) == []
    async with database.write() as tx:
        await pins.mark_pinned(tx, message_id, until=NOW + 60 * MINUTE)
        await pins.enqueue(tx, [message_id], now=NOW)
    assert await _claimed(database, NOW + 59 * MINUTE) == []
    (over,) = await _claimed(database, NOW + 60 * MINUTE)
    assert (over.pinned, over.attempts, over.late) == (True, 0, 60 * MINUTE)
    async with database.write() as tx:
        await pins.delete(tx, message_id)
    assert await _claimed(database, NOW + 999 * MINUTE) == []


async def test_what_was_taken_back_has_nothing_to_pin(database: Database) -> None:
    message_id = await _sent(database, -100, ChatKind.CHANNEL)
    async with database.write() as tx:
        await ledger.mark(tx, [message_id], MessageState.DELETED)
    (pin,) = await _claimed(database, NOW)
    assert pin.telegram_id is None
