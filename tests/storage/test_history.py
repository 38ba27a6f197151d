"""The history of a chat: what was sent there is found again, page by page, and nothing of another chat."""

from persian.schedule import INSTANT
from storage import articles, chats, history, ledger, tracked_answers
from storage.engine.database import Database
from storage.records import ArticleRevision, ChatKind, Content, Form, MessageState

NOW = 1_766_576_760_000


async def _prepared(database: Database) -> None:
    async with database.write() as tx:
        for chat_id in (1, 2):
            await chats.ensure(
                tx, chat_id, kind=ChatKind.PRIVATE, schedule=INSTANT, timezone="Asia/Tehran", now=NOW
            )
        for number in range(1, 4):
            made = await articles.insert(tx, Content(f"خبر {number}"), category_id=1, now=NOW, published_at=NOW)
            await articles.release(tx, made, published_at=NOW + number, now=NOW)


async def _push(database: Database, telegram_id: int, *article_ids: int, chat_id: int = 1) -> int:
    form = Form.ROUNDUP if len(article_ids) > 1 else Form.HEADLINE
    async with database.write() as tx:
        draft = ledger.MessageDraft(
            chat_id,
            0,
            form,
            "fa",
            tuple(ArticleRevision(article_id, 1) for article_id in article_ids),
            1,
            None,
            False,
        )
        (message_id,) = (await ledger.begin(tx, [draft], now=NOW, lease_until=NOW)).values()
        await ledger.mark_sent(tx, [(message_id, telegram_id)], now=NOW + telegram_id)
    return message_id


async def test_the_history_is_walked_in_both_directions(database: Database) -> None:
    await _prepared(database)
    first = await _push(database, 10, 1)
    await _push(database, 11, 2, 3)
    await _push(database, 12, 1, chat_id=2)
    async with database.write() as tx:
        await tracked_answers.record(
            tx, tracked_answers.Answer(1, Form.RICH, "fa"), [13, 14], article_id=3, revision=1, now=NOW + 13
        )
        await tracked_answers.record(
            tx, tracked_answers.Answer(1, Form.MEDIA, "fa"), [15], article_id=3, revision=1, now=NOW
        )
        await ledger.mark(tx, [first], MessageState.DELETED)
    async with database.read() as connection:
        whole = await history.page(connection, 1, limit=10)
        assert [(message.telegram_id, message.articles, message.sent_at - NOW) for message in whole] == [
            (13, (3,), 13),
            (11, (3, 2), 11),
            (10, (1,), 10),
        ]
        assert await history.page(connection, 1, limit=1, before=13) == [whole[1]]
        assert await history.page(connection, 1, limit=1, after=10) == [whole[1]]
        assert await history.page(connection, 3, limit=10) == []


async def test_the_article_came_as_pages_since_the_question_or_not(database: Database) -> None:
    await _prepared(database)
    async with database.write() as tx:
        await tracked_answers.record(
            tx, tracked_answers.Answer(1, Form.PAGE, "fa"), [10], article_id=1, revision=1, now=NOW
        )
        await tracked_answers.record(
            tx, tracked_answers.Answer(1, Form.RICH, "fa"), [12], article_id=1, revision=1, now=NOW
        )
    async with database.read() as connection:
        assert await tracked_answers.was_paged_since(connection, 1, 1, 9)
        assert not await tracked_answers.was_paged_since(connection, 1, 1, 10)
        assert not await tracked_answers.was_paged_since(connection, 1, 2, 9)
        assert not await tracked_answers.was_paged_since(connection, 2, 1, 9)


async def test_what_was_seen_never_goes_back(database: Database) -> None:
    await _prepared(database)
    async with database.write() as tx:
        assert await chats.record_seen(tx, 1, 50)
        assert not await chats.record_seen(tx, 1, 40)
        assert not await chats.record_seen(tx, 1, 50)
        chat = await chats.get(tx, 1)
    assert chat is not None
    assert chat.seen_ordinal == 50


async def test_what_is_newer_is_counted_up_to_a_border(database: Database) -> None:
    await _prepared(database)
    async with database.read() as connection:
        newest = await articles.page(connection, limit=3)
        oldest = newest[-1].ordinal
        assert oldest is not None
        assert await articles.count_above(connection, oldest, most=10) == 2
        assert await articles.count_above(connection, 0, most=2) == 2
        assert await articles.count_above(connection, newest[0].ordinal or 0, most=2) == 0
