"""What the house forgets, and what it keeps."""

from bot.housekeeping import DAY_MS, clear_away
from storage import amendments, articles, chats, deliveries, fanouts, inbox, ledger, outbox, subscriptions
from storage.database import Database
from storage.inbox import Received
from storage.ledger import Draft
from storage.records import ChatKind, Content, DeliveryState, FanOutKind, Form, MessageState

NOW = 1_766_576_760_000
OLD = NOW - 100 * DAY_MS


async def publish(database: Database, now: int) -> int:
    async with database.write() as tx:
        article_id = await articles.insert(tx, Content("x"), category_id=1, now=now, published_at=now)
        await articles.release(tx, article_id, published_at=now, now=now)
        await fanouts.begin(tx, article_id, FanOutKind.HEADLINE, now=now)
        while (work := await fanouts.next_open(tx)) is not None:
            await fanouts.deliver_now(tx, work, None, lane=3, now=now)
            await fanouts.advance(tx, work, None, now=now)
    return article_id


async def send(database: Database, chat_id: int, now: int) -> int:
    async with database.write() as tx:
        ready = await outbox.ready_for(tx, [chat_id], now)
        (held,) = await outbox.lock_pending(tx, [one.id for one in ready])
        payload_id = await ledger.put_payload(tx, "{}", key=f"k{now}", now=now)
        shown = ((held.article_id, 1),)
        draft = Draft(chat_id, 0, Form.HEADLINE, "fa", shown, payload_id, None, False)
        message_id = (await ledger.begin(tx, [draft], now=now, lease_until=now))[chat_id]
        await outbox.mark_sending(tx, [(held.id, message_id)], now=now)
        await ledger.sent(tx, [(message_id, message_id)], now=now)
        await outbox.settle(tx, [message_id], DeliveryState.SENT, now=now)
    return message_id


async def test_what_is_old_and_settled_goes_and_what_is_open_stays(database: Database) -> None:
    async with database.write() as tx:
        for chat_id in (-1, -2, -3):
            await chats.ensure(tx, chat_id, kind=ChatKind.CHANNEL, schedule="instant", timezone="UTC", now=OLD)
            await subscriptions.subscribe(tx, chat_id, None, now=OLD)
        await inbox.put(tx, [Received(1, "{}"), Received(2, "{}")], now=OLD)
        await inbox.finish(tx, {1: ""}, now=OLD)
    old_article = await publish(database, OLD)
    forgotten = await send(database, -1, OLD)
    asked = await send(database, -2, OLD)
    async with database.write() as tx:
        await ledger.mark(tx, [asked], MessageState.ASKED)
    await publish(database, NOW)
    kept = await send(database, -1, NOW)

    await clear_away(database, lambda: NOW, 90)

    async with database.read() as connection:
        assert {copy.id for copy in await ledger.get_many(connection, [forgotten, asked, kept])} == {asked, kept}
        states = await deliveries.counts(connection)
        assert states[DeliveryState.PENDING] == 3, (
            "what waits is never forgotten: -3 for the old, -2 and -3 for the new"
        )
        assert await amendments.count_copies(connection, old_article) == 0
        (question,) = await ledger.get_many(connection, [asked])
        assert question.payload == "{}", "what a person must judge keeps its words"
    async with database.write() as tx:
        assert [update.update_id for update in await inbox.resume(tx, lease_until=NOW)] == [2]
