"""From a publication to deliveries, and from a claim to its end."""

import pytest

from bot.delivery.lanes import Lane
from storage import articles, chats, ledger, outbox
from storage.database import Database
from storage.ledger import Draft
from storage.records import ChatKind, ChatState, Content, DeliveryKind, DeliveryState, MessageState

NOW = 1_766_576_760_000


async def publish(database: Database, title: str = "x", category_id: int = 1) -> int:
    async with database.write() as tx:
        article_id = await articles.insert(tx, Content(title), category_id=category_id, now=NOW, published_at=NOW)
        await articles.release(tx, article_id, published_at=NOW, now=NOW)
        await outbox.begin_fan_out(tx, article_id, DeliveryKind.HEADLINE, now=NOW)
    return article_id


async def follow(
    database: Database, chat_id: int, kind: ChatKind, category_id: int | None = None, **settings: object
) -> None:
    async with database.write() as tx:
        await chats.ensure(tx, chat_id, kind=kind, schedule="instant", timezone="Asia/Tehran", now=NOW)
        if settings:
            await chats.change(tx, chat_id, **settings)
        await chats.subscribe(tx, chat_id, category_id, now=NOW - 1)


async def fan_out(database: Database, size: int = 2) -> int:
    """Run every open fan-out to its end; return the number of chunks."""
    chunks = 0
    while True:
        async with database.write() as tx:
            works = await outbox.open_fan_outs(tx)
            if not works:
                return chunks
            end = await outbox.chunk_end(tx, works[0], size)
            await outbox.deliver_now(tx, works[0], end, lane=Lane.HEADLINE, now=NOW)
            await outbox.advance(tx, works[0], end, now=NOW)
        chunks += 1


async def due_chats(database: Database, **more: object) -> list[int]:
    async with database.write() as tx:
        return [delivery.chat_id for delivery in await outbox.due(tx, NOW, limit=100, **more)]


async def test_channels_come_first_and_everyone_gets_it_once(database: Database) -> None:
    for user in range(1, 6):
        await follow(database, user, ChatKind.PRIVATE)
        await follow(database, user, ChatKind.PRIVATE, category_id=1)
    await follow(database, -100, ChatKind.CHANNEL)
    await follow(database, -50, ChatKind.GROUP)
    await publish(database)
    assert await fan_out(database) > 3
    assert await due_chats(database) == [-100, -50, 1, 2, 3, 4, 5]


async def test_a_fan_out_done_twice_owes_nothing_twice(database: Database) -> None:
    await follow(database, -100, ChatKind.CHANNEL)
    article_id = await publish(database)
    await fan_out(database)
    async with database.write() as tx:
        assert await outbox.begin_fan_out(tx, article_id, DeliveryKind.HEADLINE, now=NOW) is False
    assert await due_chats(database) == [-100]


@pytest.mark.parametrize(
    "settings", [{"paused": True}, {"state": ChatState.PENDING}, {"state": ChatState.INACTIVE}]
)
async def test_who_must_not_get_it_does_not(database: Database, settings: dict[str, object]) -> None:
    await follow(database, -100, ChatKind.CHANNEL, **settings)
    await follow(database, -200, ChatKind.CHANNEL, category_id=2)
    await publish(database, category_id=1)
    await fan_out(database)
    assert await due_chats(database) == []


async def test_what_was_published_before_the_subscription_is_not_owed(database: Database) -> None:
    await follow(database, -100, ChatKind.CHANNEL)
    async with database.write() as tx:
        await chats.unsubscribe_all(tx, -100)
        await chats.subscribe(tx, -100, None, now=NOW + 1)
    await publish(database)
    await fan_out(database)
    assert await due_chats(database) == []


async def test_one_delivery_at_a_time_for_a_chat_and_in_order(database: Database) -> None:
    await follow(database, -100, ChatKind.CHANNEL)
    first, second = await publish(database), await publish(database)
    await fan_out(database)
    async with database.write() as tx:
        claimed = await outbox.due(tx, NOW, limit=10)
        assert [delivery.article_id for delivery in claimed] == [first]
        await outbox.end_pending(tx, [claimed[0].id], DeliveryState.WITHDRAWN, now=NOW, reason="test")
        assert [delivery.article_id for delivery in await outbox.due(tx, NOW, limit=10)] == [second]
    assert await due_chats(database, busy=[-100]) == []


async def test_a_waiting_chat_holds_up_nobody_else(database: Database) -> None:
    await follow(database, -100, ChatKind.CHANNEL)
    await follow(database, -200, ChatKind.CHANNEL)
    await publish(database)
    await fan_out(database)
    async with database.write() as tx:
        await chats.wait(tx, -200, NOW + 60_000)
    assert await due_chats(database) == [-100]


async def test_a_send_that_no_process_holds_is_uncertain_after_a_restart(database: Database) -> None:
    await follow(database, -100, ChatKind.CHANNEL)
    await publish(database)
    await fan_out(database)
    async with database.write() as tx:
        (delivery,) = await outbox.due(tx, NOW, limit=1)
        payload_id = await ledger.put_payload(tx, "{}", key="k")
        (message_id,) = await ledger.begin(
            tx, [Draft(-100, 0, payload_id, delivery.article_id, 1, None)], now=NOW, lease_until=NOW + 1
        )
        await outbox.mark_sending(tx, [(delivery.id, message_id)], now=NOW)
    assert await due_chats(database) == []
    async with database.write() as tx:
        assert await ledger.void_leases(tx) == [message_id]
        (question,) = await ledger.open_questions(tx)
        assert question.state is MessageState.UNCERTAIN
        assert question.payload == "{}"
        await outbox.put_back(tx, [message_id], reason="crash")
    assert await due_chats(database) == [-100]


async def test_a_migrated_group_keeps_its_debts(database: Database) -> None:
    await follow(database, -50, ChatKind.GROUP)
    await publish(database)
    await fan_out(database)
    async with database.write() as tx:
        await chats.migrate(tx, -50, -1001)
    assert await due_chats(database) == [-1001]
