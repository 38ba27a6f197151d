"""From a publication to deliveries, and from a claim to its end."""

from typing import Unpack

import pytest

from bot.delivery.policy import NextStep, SendVerdict
from bot.delivery.settlement import SendOutcome, settle_failed
from persian.schedule import INSTANT
from storage import articles, chats, deliveries, fanouts, ledger, lost_chats, outbox, subscriptions
from storage.engine.database import Database
from storage.ledger import MessageDraft
from storage.records import (
    Admission,
    ArticleRevision,
    ChatKind,
    Content,
    DeliveryState,
    FanOutKind,
    Form,
    Lane,
    MessageState,
)

NOW = 1_766_576_760_000


async def publish(database: Database, title: str = "x", category_id: int = 1) -> int:
    async with database.write() as tx:
        article_id = await articles.insert(tx, Content(title), category_id=category_id, now=NOW, published_at=NOW)
        await articles.release(tx, article_id, published_at=NOW, now=NOW)
        await fanouts.begin(tx, article_id, FanOutKind.HEADLINE, now=NOW)
    return article_id


async def follow(
    database: Database,
    chat_id: int,
    kind: ChatKind,
    category_id: int | None = None,
    **settings: Unpack[chats.ChatChanges],
) -> None:
    async with database.write() as tx:
        await chats.ensure(tx, chat_id, kind=kind, schedule=INSTANT, timezone="Asia/Tehran", now=NOW)
        if settings:
            await chats.change(tx, chat_id, **settings)
        await subscriptions.subscribe(tx, chat_id, category_id, now=NOW - 1)


async def fan_out(database: Database, size: int = 2) -> int:
    """Run every open fan-out to its end; return the number of chunks."""
    chunks = 0
    while True:
        async with database.write() as tx:
            work = await fanouts.next_open(tx)
            if work is None:
                return chunks
            end = await fanouts.chunk_end(tx, work, size)
            await fanouts.deliver_now(tx, work, end, lane=Lane.HEADLINE, now=NOW)
            await fanouts.advance(tx, work, end, now=NOW)
        chunks += 1


async def due_chats(database: Database) -> list[int]:
    async with database.read() as connection:
        return [delivery.chat_id for delivery in await outbox.ready_after(connection, None, NOW, limit=100)]


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
        assert await fanouts.begin(tx, article_id, FanOutKind.HEADLINE, now=NOW) is False
    assert await due_chats(database) == [-100]


@pytest.mark.parametrize(
    "settings",
    [
        {"paused": True},
        {"admission": Admission.WAITING},
        {"admission": Admission.DENIED},
        {"lost_at": NOW},
        {"admission": Admission.DENIED, "lost_at": NOW},
    ],
)
async def test_who_must_not_get_it_does_not(database: Database, settings: chats.ChatChanges) -> None:
    await follow(database, -100, ChatKind.CHANNEL, None, **settings)
    await follow(database, -200, ChatKind.CHANNEL, category_id=2)
    await publish(database, category_id=1)
    await fan_out(database)
    assert await due_chats(database) == []


async def test_what_was_published_before_the_subscription_is_not_owed(database: Database) -> None:
    await follow(database, -100, ChatKind.CHANNEL)
    async with database.write() as tx:
        await subscriptions.unsubscribe_all(tx, -100)
        await subscriptions.subscribe(tx, -100, None, now=NOW + 1)
    await publish(database)
    await fan_out(database)
    assert await due_chats(database) == []


async def begin(database: Database, chat_id: int, *, doubt: bool = False) -> int | None:
    """Claim what waits first for the chat; return the message's row id, None where one is under way."""
    async with database.write() as tx:
        (ready,) = await outbox.ready_for(tx, [chat_id], NOW)
        (delivery,) = await outbox.lock_pending(tx, [ready.id])
        payload_id = await ledger.put_payload(tx, "{}", key="k", now=NOW)
        draft = MessageDraft(
            chat_id, 0, Form.HEADLINE, "fa", (ArticleRevision(delivery.article_id, 1),), payload_id, None, doubt
        )
        begun = await ledger.begin(tx, [draft], now=NOW, lease_until=NOW + 1)
        await outbox.mark_sending(tx, [(delivery.id, begun[chat_id])] if begun else [], now=NOW)
    return begun.get(chat_id)


async def test_one_send_at_a_time_for_a_chat_and_in_order(database: Database) -> None:
    await follow(database, -100, ChatKind.CHANNEL)
    await publish(database)
    await publish(database)
    await fan_out(database)
    first = await begin(database, -100)
    assert first is not None
    assert await begin(database, -100) is None
    async with database.write() as tx:
        await ledger.mark_sent(tx, [(first, 10)], now=NOW)
        await outbox.settle(tx, [first], DeliveryState.SENT, now=NOW)
    second = await begin(database, -100)
    assert second is not None
    async with database.read() as connection:
        copies = await ledger.get_many(connection, [first, second])
    assert [copy.article_id for copy in copies] == [1, 2]


async def test_a_message_tells_its_deliveries_and_the_newest_come_first(database: Database) -> None:
    await follow(database, -100, ChatKind.CHANNEL)
    await follow(database, 1, ChatKind.PRIVATE)
    await publish(database)
    await fan_out(database)
    message_id = await begin(database, -100)
    assert message_id is not None
    async with database.read() as connection:
        assert [delivery.chat_id for delivery in await deliveries.of_message(connection, message_id)] == [-100]
        newest = await deliveries.newest(connection, limit=10)
        assert [delivery.id for delivery in newest] == sorted((delivery.id for delivery in newest), reverse=True)
        assert {delivery.chat_id for delivery in newest} == {-100, 1}
        assert len(await deliveries.newest(connection, limit=1)) == 1


async def test_a_waiting_chat_holds_up_nobody_else(database: Database) -> None:
    await follow(database, -100, ChatKind.CHANNEL)
    await follow(database, -200, ChatKind.CHANNEL)
    await publish(database)
    await fan_out(database)
    async with database.write() as tx:
        await chats.suspend(tx, -200, NOW + 60_000)
    assert await due_chats(database) == [-100]


async def test_a_send_that_no_process_holds_is_uncertain_after_a_restart(database: Database) -> None:
    await follow(database, -100, ChatKind.CHANNEL)
    await publish(database)
    await fan_out(database)
    message_id = await begin(database, -100)
    assert message_id is not None
    assert await due_chats(database) == []
    async with database.write() as tx:
        assert await ledger.expire_leases(tx) == [message_id]
        (question,) = (await ledger.uncertain_messages(tx)).records
        assert question.state is MessageState.UNCERTAIN
        assert question.payload == "{}"
        await outbox.return_to_pending(tx, [message_id], now=NOW, reason="crash")
        await ledger.delete_unsent(tx, [message_id])
    assert await due_chats(database) == [-100]


async def test_a_send_that_did_not_arrive_waits_for_no_chat_that_was_lost_meanwhile(database: Database) -> None:
    await follow(database, 5, ChatKind.PRIVATE)
    await publish(database)
    await fan_out(database)
    message_id = await begin(database, 5)
    assert message_id is not None
    async with database.write() as tx:
        await lost_chats.mark_lost(tx, 5, "blocked", now=NOW)
        await outbox.return_to_pending(tx, [message_id], now=NOW, reason="the answer was lost", doubt=True)
        await ledger.delete_unsent(tx, [message_id])
    async with database.read() as connection:
        assert await deliveries.counts(connection) == {DeliveryState.WITHDRAWN: 1}
        (ended,) = [delivery for delivery in [await deliveries.get(connection, 1)] if delivery is not None]
    assert ended.reason == "blocked"


async def test_a_migrated_group_keeps_its_debts(database: Database) -> None:
    await follow(database, -50, ChatKind.GROUP)
    await publish(database)
    await fan_out(database)
    async with database.write() as tx:
        await chats.migrate(tx, -50, -1001)
    assert await due_chats(database) == [-1001]


@pytest.mark.parametrize(
    ("old", "new", "new_kind"),
    [
        (ChatKind.GROUP, -50, None),  # itself
        (ChatKind.GROUP, 7, ChatKind.PRIVATE),
        (ChatKind.GROUP, 8, None),
        (ChatKind.GROUP, -1002, ChatKind.CHANNEL),
        (ChatKind.GROUP, -51, ChatKind.GROUP),
        (ChatKind.CHANNEL, -1003, None),
        (ChatKind.SUPERGROUP, -1003, ChatKind.SUPERGROUP),
    ],
)
async def test_whatever_is_told_of_a_migration_no_chat_loses_its_place_to_another(
    database: Database, old: ChatKind, new: int, new_kind: ChatKind | None
) -> None:
    await follow(database, -50, old)
    if new_kind is not None:
        await follow(database, new, new_kind)
    places = sorted({-50} | ({new} if new_kind is not None else set()))
    await publish(database)
    await fan_out(database)
    migrated = SendVerdict(NextStep.MIGRATED, "migrated", new_chat_id=new)
    message_id = await begin(database, -50)
    assert message_id is not None
    async with database.write() as tx:
        await settle_failed(tx, SendOutcome(message_id, -50, None, migrated), now=NOW)
    async with database.read() as connection:
        assert sorted(await chats.get_many(connection, [-50, new])) == places
        told = await chats.get(connection, -50)
        pending = await deliveries.of_state(connection, DeliveryState.PENDING, limit=9)
    assert sorted(delivery.chat_id for delivery in pending) == places
    assert told is not None
    assert told.wait_until > NOW, "such an answer is a refusal, and not asked for again at once"


async def test_twins_are_looked_for_where_ids_can_be_read_however_many_others_there_are(database: Database) -> None:
    await follow(database, -50, ChatKind.GROUP)
    await follow(database, -1050, ChatKind.SUPERGROUP)
    await follow(database, -1060, ChatKind.SUPERGROUP, is_admin=True)
    await follow(database, -1070, ChatKind.CHANNEL)
    await publish(database)
    await fan_out(database)
    places = (-50, -1050, -1060, -1070)
    for telegram_id, place in enumerate(places, start=1):
        lost = await begin(database, place)
        assert lost is not None
        async with database.write() as tx:
            await outbox.return_to_pending(tx, [lost], now=NOW, reason="the answer was lost", doubt=True)
            await ledger.delete_unsent(tx, [lost])
        again = await begin(database, place, doubt=True)
        assert again is not None
        async with database.write() as tx:
            await ledger.mark_sent(tx, [(again, telegram_id)], now=NOW)
    async with database.read() as connection:
        twins = await ledger.possible_twins(connection, limit=2)
    assert [message.chat_id for message in twins] == [-1060, -1070]
