"""Things that the house forgets, and those that it keeps."""

import pytest

from bot.ingest.page import visit_policy
from bot.jobs import housekeeping
from bot.jobs.housekeeping import DAY_MS, clear_away
from persian.schedule import INSTANT
from storage import (
    amendments,
    articles,
    chats,
    deliveries,
    fanouts,
    inbox,
    ledger,
    outbox,
    page_visits,
    proposals,
    source_pictures,
    sources,
    stories,
    subscriptions,
    telegram_files,
)
from storage.engine.database import Database
from storage.inbox import Received
from storage.ledger import MessageDraft
from storage.proposals import Proposal
from storage.records import (
    ArticleRevision,
    ChatKind,
    Content,
    DeliveryState,
    FanOutKind,
    Form,
    Lane,
    Media,
    MediaKind,
    MessageState,
    PageVisit,
    Provenance,
    SourceKind,
)
from storage.stories import Signed

NOW = 1_766_576_760_000
OLD = NOW - 100 * DAY_MS


async def publish(database: Database, now: int) -> int:
    async with database.write() as tx:
        article_id = await articles.insert(tx, Content("x"), category_id=1, now=now, published_at=now)
        await articles.release(tx, article_id, published_at=now, now=now)
        await fanouts.begin(tx, article_id, FanOutKind.HEADLINE, now=now)
        while (work := await fanouts.next_open(tx)) is not None:
            await fanouts.deliver_now(tx, work, None, lane=Lane.HEADLINE, now=now)
            await fanouts.advance(tx, work, None, now=now)
    return article_id


async def send(database: Database, chat_id: int, now: int) -> int:
    async with database.write() as tx:
        ready = await outbox.ready_for(tx, [chat_id], now)
        (held,) = await outbox.lock_pending(tx, [delivery.id for delivery in ready])
        payload_id = await ledger.put_payload(tx, "{}", key=f"k{now}", now=now)
        shown = (ArticleRevision(held.article_id, 1),)
        draft = MessageDraft(chat_id, 0, Form.HEADLINE, "fa", shown, payload_id, None, False)
        message_id = (await ledger.begin(tx, [draft], now=now, lease_until=now))[chat_id]
        await outbox.mark_sending(tx, [(held.id, message_id)], now=now)
        await ledger.mark_sent(tx, [(message_id, message_id)], now=now)
        await outbox.settle(tx, [message_id], DeliveryState.SENT, now=now)
    return message_id


async def test_what_is_old_and_settled_goes_and_what_is_open_stays(database: Database) -> None:
    async with database.write() as tx:
        for chat_id in (-1, -2, -3):
            await chats.ensure(tx, chat_id, kind=ChatKind.CHANNEL, schedule=INSTANT, timezone="UTC", now=OLD)
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


async def test_what_sources_left_behind_is_forgotten_in_its_time(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(housekeeping, "_CHUNK", 2)
    days = [1, 3, 5, 13, 15, 59, 61, 62, 63]
    async with database.write() as tx:
        for days_old in days:
            then = NOW - days_old * DAY_MS
            numbered = Provenance(number=str(days_old))
            await articles.insert(tx, Content("x"), category_id=1, now=then, published_at=then, provenance=numbered)
            await stories.add(tx, [Signed(days_old, b"x", (days_old, 100))], now=then)
            await page_visits.put(tx, [PageVisit(days_old, "example.org", visit_policy.NEVER, then)])
            await proposals.put(tx, Proposal(days_old, 1, Content("y"), 1, then))
        await page_visits.put(tx, [PageVisit(62, "example.org", NOW + 1, NOW - 62 * DAY_MS)])

    await clear_away(database, lambda: NOW, 90)

    async with database.read() as connection:
        assert await stories.by_bands(connection, [100], most=9) == {100: [1, 3]}
        assert await stories.by_bands(connection, [5], most=9) == {}, "no band is left without its signature"
        visited = [day for day in days if await page_visits.get(connection, day) is not None]
        assert visited == [1, 3, 5, 13, 15, 59, 62], "what is to be read again is not forgotten"
        assert [day for day in days if await proposals.get(connection, day)] == [1, 3, 5, 13]


async def test_pictures_and_files_are_forgotten_when_they_were_not_seen_for_long(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(housekeeping, "_CHUNK", 2)
    days = [1, 29, 31, 89, 91, 92, 93]
    named = [str(day) for day in days]
    async with database.write() as tx:
        source = await sources.add(
            tx, "https://a.example/rss", kind=SourceKind.FEED, category_id=1, review=False, now=NOW
        )
        for days_old in days:
            then = NOW - days_old * DAY_MS
            await source_pictures.add(tx, source.id, {str(days_old): 1}, now=then)
            await telegram_files.upsert(tx, str(days_old), Media(MediaKind.VIDEO, f"file-{days_old}"), now=then)
        await telegram_files.use(tx, "93", now=NOW)

    await clear_away(database, lambda: NOW, 90)

    async with database.read() as connection:
        assert set(await source_pictures.counts(connection, source.id, named)) == {"1", "29"}
        assert set(await telegram_files.of_addresses(connection, named)) == {"1", "29", "31", "89", "93"}
