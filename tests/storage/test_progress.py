"""The progress of work: who follows, what waits in which lane, how far a broadcast has come."""

from typing import Unpack

from persian.query import parse_query
from persian.schedule import INSTANT
from storage import articles, chats, deliveries, fanouts, outbox, progress, search, subscriptions
from storage.engine.database import Database
from storage.progress import Broadcast, ChangeProgress, LaneBacklog
from storage.records import ArticleState, ChatKind, Content, DeliveryState, FanOutKind, Lane

NOW = 1_766_576_760_000


async def _follow(
    database: Database, chat_id: int, *categories: int | None, **settings: Unpack[chats.ChatChanges]
) -> None:
    kind = ChatKind.PRIVATE if chat_id > 0 else ChatKind.CHANNEL
    async with database.write() as tx:
        await chats.ensure(tx, chat_id, kind=kind, schedule=INSTANT, timezone="Asia/Tehran", now=NOW)
        if settings:
            await chats.change(tx, chat_id, **settings)
        for category_id in categories:
            await subscriptions.subscribe(tx, chat_id, category_id, now=NOW - 1)


async def _publish(database: Database) -> int:
    async with database.write() as tx:
        article_id = await articles.insert(tx, Content("نوآباد"), category_id=1, now=NOW, published_at=NOW)
        await articles.release(tx, article_id, published_at=NOW, now=NOW)
        await fanouts.begin(tx, article_id, FanOutKind.HEADLINE, now=NOW)
    return article_id


async def test_a_broadcast_is_counted_from_its_followers_to_its_end(database: Database) -> None:
    await _follow(database, -100, None)
    await _follow(database, 1, None, 1)
    await _follow(database, 2, 1)
    await _follow(database, 3, 2)
    await _follow(database, 4, None, paused=True)
    await _follow(database, 5, None, lost_at=NOW)
    article_id = await _publish(database)
    async with database.read() as connection:
        article = await articles.get(connection, article_id)
        assert article is not None
        assert await progress.followers(connection, article, FanOutKind.HEADLINE) == 3
        assert await progress.broadcasts(connection, limit=3) == [Broadcast(article_id, 0, 0, 0, growing=True)]
    async with database.write() as tx:
        while (work := await fanouts.next_open(tx)) is not None:
            end = await fanouts.chunk_end(tx, work, 100)
            await fanouts.deliver_now(tx, work, end, lane=Lane.HEADLINE, now=NOW)
            await fanouts.advance(tx, work, end, now=NOW)
        later = (await deliveries.of_state(tx, DeliveryState.PENDING, limit=9))[-1]
        assert await outbox.withdraw(tx, later.id, now=NOW)
    async with database.read() as connection:
        assert await progress.waiting(connection) == [LaneBacklog(Lane.HEADLINE, due=2, later=0, oldest_due_at=NOW)]
        assert await progress.broadcasts(connection, limit=3) == [Broadcast(article_id, 0, 2, 2, growing=False)]
        (first,) = await deliveries.of_state(connection, DeliveryState.PENDING, limit=1)
        assert first.chat_id == -100


async def test_a_retracted_article_is_in_no_list_and_cannot_be_retracted_or_published_again(
    database: Database,
) -> None:
    article_id = await _publish(database)
    async with database.write() as tx:
        assert await articles.retract(tx, article_id, now=NOW + 1)
        await fanouts.begin(tx, article_id, FanOutKind.CORRECTION, now=NOW)
        await fanouts.begin(tx, article_id, FanOutKind.RETRACTION, now=NOW + 1)
    async with database.read() as connection:
        article = await articles.get(connection, article_id)
        assert article is not None
        assert article.state is ArticleState.RETRACTED
        assert await articles.page(connection, limit=5) == []
        assert await articles.drafts(connection, limit=5) == []
        assert await search.find(connection, parse_query("نوآباد"), limit=5) == []
        changed = await progress.last_change(connection, article_id)
        assert changed == ChangeProgress(FanOutKind.RETRACTION, NOW + 1, growing=True)
    async with database.write() as tx:
        assert not await articles.retract(tx, article_id, now=NOW)
        assert not await articles.release(tx, article_id, published_at=NOW, now=NOW)
        await articles.revise(tx, article_id, articles.NewRevision(Content("نوآباد"), None), expected=1, now=NOW)
        assert await search.find(tx, parse_query("نوآباد"), limit=5) == []
