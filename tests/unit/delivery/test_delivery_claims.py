"""A claim keeps the order of a chat, whatever came back after the look on which it rests."""

import pytest

from bot.delivery.delivery_claims import DeliveryClaims
from bot.delivery.lanes import LANES
from bot.delivery.rendering import Composer
from bot.delivery.revision_cache import RevisionCache
from bot.locales.catalog import Catalog
from bot.telegram.photos import Photos
from persian.schedule import INSTANT
from storage import articles, chats, deliveries, fanouts, ledger, outbox, scheduled, subscriptions
from storage.bootstrap import opened
from storage.engine.connection import Connection
from storage.errors import UnavailableError
from storage.records import ChatKind, Content, DeliveryState, FanOutKind, Lane, MessageState

NOW = 1_766_576_760_000


async def test_what_came_back_goes_first(sqlite_url: str) -> None:
    claims = DeliveryClaims(
        Composer(Catalog.load(), "bot", "fa", Photos(lambda: NOW)), lambda: True, lease=1_000, shared=True
    )
    async with opened(sqlite_url) as database, database.write() as tx:
        await chats.ensure(tx, -100, kind=ChatKind.CHANNEL, schedule=INSTANT, timezone="Asia/Tehran", now=NOW)
        await subscriptions.subscribe(tx, -100, None, now=NOW)
        for title in ("نخست", "دوم"):
            number = await articles.insert(tx, Content(title), category_id=1, now=NOW, published_at=NOW)
            await articles.release(tx, number, published_at=NOW, now=NOW)
            await fanouts.begin(tx, number, FanOutKind.HEADLINE, now=NOW)
            work = await fanouts.next_open(tx)
            assert work is not None
            await fanouts.deliver_now(tx, work, None, lane=Lane.HEADLINE, now=NOW)
            while await fanouts.advance(tx, work, None, now=NOW):
                work = await fanouts.next_open(tx) or work
        first, second = await outbox.ready_after(tx, None, NOW, limit=2)
        # The look saw only the second one: the first was on its way, and another process has put it back.
        assert await claims.deliveries(tx, [second], RevisionCache(), now=NOW) == []
        (sending,) = await claims.deliveries(tx, [first], RevisionCache(), now=NOW)
        assert sending.shown == ((1, 1),)
        assert await claims.deliveries(tx, [second], RevisionCache(), now=NOW) == [], "one send at a time"


async def test_breaking_news_is_marked_and_heard_and_takes_the_place_of_a_waiting_headline(sqlite_url: str) -> None:
    claims = DeliveryClaims(Composer(Catalog.load(), "bot", "fa", Photos(lambda: NOW)), lambda: True, lease=1_000)
    async with opened(sqlite_url) as database, database.write() as tx:
        for chat_id in (-100, -200):
            await chats.ensure(
                tx, chat_id, kind=ChatKind.CHANNEL, schedule=INSTANT, timezone="Asia/Tehran", now=NOW
            )
            await chats.change(tx, chat_id, silent=True)
            await subscriptions.subscribe(tx, chat_id, None, now=NOW)
        number = await articles.insert(tx, Content("زمین‌لرزه"), category_id=1, now=NOW, published_at=NOW)
        await articles.release(tx, number, published_at=NOW, now=NOW)
        await _fan_out(tx, number, FanOutKind.HEADLINE)
        headlines = await outbox.ready_after(tx, None, NOW, limit=9)
        (quiet,) = await claims.deliveries(tx, [headlines[0]], RevisionCache(), now=NOW)
        assert (quiet.silent, quiet.breaking) == (True, False)
        assert "فوری" not in quiet.composed.message.html
        await ledger.mark_sent(tx, [(quiet.message_id, 7)], now=NOW)
        await outbox.settle(tx, [quiet.message_id], DeliveryState.SENT, now=NOW)

        await scheduled.raise_to_breaking(tx, number, now=NOW)
        await _fan_out(tx, number, FanOutKind.BREAKING)
        urgent = [
            delivery for delivery in await outbox.ready_after(tx, None, NOW, limit=9) if delivery.priority < 30
        ]
        loud = await claims.deliveries(tx, urgent, RevisionCache(), now=NOW)
        assert [(sending.silent, sending.breaking) for sending in loud] == [(False, True)] * 2
        assert all("🔴 فوری" in sending.composed.message.html for sending in loud)
        for sending in loud:
            await ledger.mark_sent(tx, [(sending.message_id, 8)], now=NOW)
            await outbox.settle(tx, [sending.message_id], DeliveryState.SENT, now=NOW)
        assert await claims.deliveries(tx, [headlines[1]], RevisionCache(), now=NOW) == []
        (ended,) = await deliveries.of_state(tx, DeliveryState.WITHDRAWN, limit=9)
        assert (ended.id, ended.reason) == (headlines[1].id, "raised to breaking")


async def test_spare_deliveries_stand_in_for_those_that_others_have_taken(sqlite_url: str) -> None:
    claims, others = (
        DeliveryClaims(Composer(Catalog.load(), "bot", "fa", Photos(lambda: NOW)), lambda: True, lease=1_000)
        for _ in range(2)
    )
    async with opened(sqlite_url) as database, database.write() as tx:
        for chat_id in range(-106, -100):
            await chats.ensure(
                tx, chat_id, kind=ChatKind.CHANNEL, schedule=INSTANT, timezone="Asia/Tehran", now=NOW
            )
            await subscriptions.subscribe(tx, chat_id, None, now=NOW)
        number = await articles.insert(tx, Content("زمین‌لرزه"), category_id=1, now=NOW, published_at=NOW)
        await articles.release(tx, number, published_at=NOW, now=NOW)
        await _fan_out(tx, number, FanOutKind.HEADLINE)
        rows = await outbox.ready_after(tx, None, NOW, limit=9)
        assert len(rows) == 6
        await others.deliveries(tx, [rows[0], rows[3]], RevisionCache(), now=NOW)
        begun = await claims.deliveries(tx, rows[:2], RevisionCache(), now=NOW, spare=rows[2:])
        assert {sending.chat_id for sending in begun} == {rows[1].chat_id, rows[2].chat_id}, (
            "no more than were picked"
        )
        begun = await claims.deliveries(tx, [rows[3]], RevisionCache(), now=NOW, spare=rows[4:])
        assert [sending.chat_id for sending in begun] == [rows[4].chat_id]
        assert [delivery.id for delivery in await outbox.ready_after(tx, None, NOW, limit=9)] == [rows[5].id]


async def test_a_claim_after_one_that_was_rolled_back_stores_what_it_says(sqlite_url: str) -> None:
    claims = DeliveryClaims(Composer(Catalog.load(), "bot", "fa", Photos(lambda: NOW)), lambda: True, lease=1_000)
    async with opened(sqlite_url) as database:
        async with database.write() as tx:
            await chats.ensure(tx, -100, kind=ChatKind.CHANNEL, schedule=INSTANT, timezone="Asia/Tehran", now=NOW)
            await subscriptions.subscribe(tx, -100, None, now=NOW)
            number = await articles.insert(tx, Content("تیتر"), category_id=1, now=NOW, published_at=NOW)
            await articles.release(tx, number, published_at=NOW, now=NOW)
            await _fan_out(tx, number, FanOutKind.HEADLINE)
        with pytest.raises(UnavailableError):
            async with database.write() as tx:
                await claims.deliveries(
                    tx, await outbox.ready_after(tx, None, NOW, limit=9), RevisionCache(), now=NOW
                )
                raise UnavailableError("the server is gone")
        claims.forget_payloads()
        async with database.write() as tx:
            await ledger.put_payload(tx, "another's", key="9.1", now=NOW)
            (sending,) = await claims.deliveries(
                tx, await outbox.ready_after(tx, None, NOW, limit=9), RevisionCache(), now=NOW
            )
            await ledger.mark(tx, [sending.message_id], MessageState.UNCERTAIN)
            (question,) = (await ledger.uncertain_messages(tx)).records
        assert "تیتر" in str(question.payload)


async def _fan_out(tx: Connection, number: int, kind: FanOutKind) -> None:
    await fanouts.begin(tx, number, kind, now=NOW)
    while (work := await fanouts.next_open(tx)) is not None:
        await fanouts.deliver_now(tx, work, None, lane=LANES[kind], now=NOW)
        await fanouts.advance(tx, work, None, now=NOW)
