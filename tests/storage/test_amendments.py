"""From a change of an article to every message that shows it."""

import pytest
from sqlalchemy import select

from persian.schedule import INSTANT
from storage import amendments, articles, chats, fanouts, ledger
from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.records import (
    AmendmentState,
    ArticleRevision,
    ChatKind,
    Content,
    FanOut,
    FanOutKind,
    Form,
    Lane,
    MessageState,
)
from storage.schema import message

NOW = 1_766_576_760_000


@pytest.fixture
async def article_id(database: Database) -> int:
    async with database.write() as tx:
        made = await articles.insert(tx, Content("تیتر"), category_id=1, now=NOW, published_at=NOW)
        await articles.release(tx, made, published_at=NOW, now=NOW)
        for chat_id, kind in ((-100, ChatKind.CHANNEL), (-200, ChatKind.CHANNEL), (7, ChatKind.PRIVATE)):
            await chats.ensure(tx, chat_id, kind=kind, schedule=INSTANT, timezone="Asia/Tehran", now=NOW)
    return made


async def sent(database: Database, chat_id: int, article_ids: list[int], *, revision: int = 1) -> int:
    """Send the articles to the chat, several as a roundup, and return the message's row id."""
    form = Form.ROUNDUP if len(article_ids) > 1 else Form.HEADLINE
    async with database.write() as tx:
        shown = tuple(ArticleRevision(article_id, revision) for article_id in article_ids)
        draft = ledger.MessageDraft(chat_id, 0, form, "fa", shown, 1, None, False)
        message_id = (await ledger.begin(tx, [draft], now=NOW, lease_until=NOW + 1))[chat_id]
        await ledger.mark_sent(tx, [(message_id, 1000 + message_id)], now=NOW)
    return message_id


async def fan_out(database: Database, limit: int = 2) -> None:
    while True:
        async with database.write() as tx:
            work = await fanouts.next_open(tx)
            if work is None:
                return
            end = None
            if work.rank >= amendments.COPIES:
                end = await amendments.enqueue(tx, work, lane=Lane.RETRACTION, limit=limit, now=NOW)
            await fanouts.advance(tx, work, end, now=NOW)


async def change(database: Database, article_id: int, kind: FanOutKind) -> None:
    async with database.write() as tx:
        article = await articles.get(tx, article_id)
        assert article is not None
        await articles.revise(
            tx, article_id, articles.NewRevision(Content("تازه"), 1), expected=article.revision, now=NOW
        )
        await fanouts.begin(tx, article_id, kind, now=NOW)
    await fan_out(database)


async def due(database: Database, now: int = NOW) -> list[int]:
    async with database.read() as connection:
        return [amendment.id for amendment in await amendments.due_after(connection, None, now, limit=100)]


async def test_every_copy_and_roundup_is_owed_the_change_channels_first(
    database: Database, article_id: int
) -> None:
    async with database.write() as tx:
        other = await articles.insert(tx, Content("دیگر"), category_id=1, now=NOW, published_at=NOW)
        await articles.release(tx, other, published_at=NOW, now=NOW)
    private = [await sent(database, 7, [article_id]) for _ in range(3)]
    roundup = await sent(database, -100, [article_id, other])
    post = await sent(database, -200, [article_id])
    unconcerned = await sent(database, -200, [other])
    await change(database, article_id, FanOutKind.CORRECTION)
    assert await due(database) == [roundup, post, *private]
    assert unconcerned not in await due(database)
    async with database.read() as connection:
        assert await amendments.count_copies(connection, article_id) == 5
        assert await amendments.counts(connection, article_id, since=NOW) == {AmendmentState.PENDING: 5}


async def test_a_second_change_asks_again_for_what_was_settled(database: Database, article_id: int) -> None:
    message_id = await sent(database, -100, [article_id])
    await change(database, article_id, FanOutKind.CORRECTION)
    async with database.write() as tx:
        (claimed,) = await amendments.claim(tx, [message_id], now=NOW, lease_until=NOW + 1000)
        assert claimed.attempts == 1
        assert await amendments.claim(tx, [message_id], now=NOW, lease_until=NOW + 1000) == []
    assert await due(database) == []
    assert await due(database, NOW + 1000) == [message_id], "a lease that ran out leaves the work to others"
    async with database.write() as tx:
        await amendments.settle(tx, message_id, AmendmentState.CHANGED, now=NOW)
    assert await due(database, NOW + 1000) == []
    await change(database, article_id, FanOutKind.RETRACTION)
    assert await due(database) == [message_id]


async def test_what_the_only_process_had_claimed_is_due_at_its_next_start_and_no_more(
    database: Database, article_id: int
) -> None:
    claimed, overtaken, put_off = [await sent(database, chat_id, [article_id]) for chat_id in (-100, -200, 7)]
    await change(database, article_id, FanOutKind.CORRECTION)
    async with database.write() as tx:
        await amendments.claim(tx, [claimed, overtaken, put_off], now=NOW, lease_until=NOW + 30_000)
        await amendments.postpone(tx, put_off, due_at=NOW + 20_000, reason="flood wait")
        await owe_again(tx, overtaken, calm=False)
    assert await due(database) == []
    async with database.write() as tx:
        await amendments.release_leases(tx, now=NOW + 1)
    assert await due(database, NOW + 1) == [claimed, overtaken], "Telegram's own wait is kept"
    async with database.write() as tx:
        begun = await amendments.claim(tx, [claimed], now=NOW + 1, lease_until=NOW + 2)
    assert [amendment.lost_at for amendment in begun] == [NOW + 1], "what the last run began may be carried out yet"


async def owe_again(tx: Connection, message_id: int, *, calm: bool) -> None:
    """Owe one copy a further change, as a fan-out that reaches it does."""
    row = (await tx.execute(select(message).where(message.c.id == message_id))).one()
    work = FanOut(0, row.article_id, 1, FanOutKind.CORRECTION, NOW, amendments.COPIES, message_id - 1)
    await amendments.enqueue(tx, work, lane=Lane.BREAKING, limit=1, now=NOW, calm=calm)


async def settle(database: Database, message_id: int, *, now: int = NOW, edited: bool = True) -> None:
    async with database.write() as tx:
        await amendments.claim(tx, [message_id], now=now, lease_until=now + 1000)
        await amendments.settle(tx, message_id, AmendmentState.CHANGED, now=now, edited=edited)


async def test_how_the_change_of_a_message_ended_is_told(database: Database, article_id: int) -> None:
    message_id = await sent(database, -100, [article_id])
    await change(database, article_id, FanOutKind.CORRECTION)
    async with database.read() as connection:
        assert await amendments.settled_of(connection, message_id) == []
    await settle(database, message_id, now=NOW + 5)
    async with database.read() as connection:
        assert await amendments.settled_of(connection, message_id) == [(AmendmentState.CHANGED, NOW + 5)]
        copy = await ledger.find(connection, -100, 1000 + message_id)
        assert copy is not None
        assert copy.id == message_id
        assert await ledger.find(connection, -200, 1000 + message_id) is None


async def test_a_source_edits_a_copy_once_in_a_while_and_the_newsroom_at_once(
    database: Database, article_id: int
) -> None:
    message_id = await sent(database, -100, [article_id])
    later = NOW + amendments.CALM_MS

    async def owe(*, calm: bool) -> None:
        async with database.write() as tx:
            await owe_again(tx, message_id, calm=calm)

    await owe(calm=True)
    assert await due(database) == [message_id], "the first change of a copy goes at once"
    await settle(database, message_id)
    for _ in range(3):
        await owe(calm=True)
        assert await due(database, later - 1) == []
    assert await due(database, later) == [message_id]
    await owe(calm=False)
    assert await due(database) == [message_id]
    await settle(database, message_id, edited=False)
    await owe(calm=True)
    assert await due(database) == [message_id], "what was left alone has not been edited"


async def test_what_the_newsroom_changes_again_while_it_is_under_way_is_due_when_that_has_ended(
    database: Database, article_id: int
) -> None:
    message_id = await sent(database, -100, [article_id])
    await change(database, article_id, FanOutKind.CORRECTION)
    async with database.write() as tx:
        await amendments.claim(tx, [message_id], now=NOW, lease_until=NOW + 30_000)
    await change(database, article_id, FanOutKind.RETRACTION)
    assert await due(database, NOW + 1) == [], "two edits of one copy would race each other"
    async with database.write() as tx:
        await amendments.settle(tx, message_id, AmendmentState.LIVE, now=NOW + 1, reason="refused")
    assert await due(database, NOW + 1) == [message_id], "a refused edit does not swallow the retraction"


async def test_a_lost_edit_is_remembered_until_a_change_has_ended(database: Database, article_id: int) -> None:
    message_id = await sent(database, -100, [article_id])
    await change(database, article_id, FanOutKind.CORRECTION)

    async def lost_at() -> list[int | None]:
        async with database.write() as tx:
            begun = await amendments.claim(tx, [message_id], now=NOW, lease_until=NOW)
        return [amendment.lost_at for amendment in begun]

    assert await lost_at() == [None]
    async with database.write() as tx:
        await amendments.postpone(tx, message_id, due_at=NOW, reason="no answer", lost_at=NOW - 1)
    await change(database, article_id, FanOutKind.CORRECTION)
    assert await lost_at() == [NOW - 1], "a newer text does not call the old edit back"
    async with database.write() as tx:
        await amendments.settle(tx, message_id, AmendmentState.CHANGED, now=NOW)
    await change(database, article_id, FanOutKind.CORRECTION)
    assert await lost_at() == [None]


async def test_a_copy_that_was_on_its_way_when_the_article_changed_is_owed_the_change(
    database: Database, article_id: int
) -> None:
    await change(database, article_id, FanOutKind.CORRECTION)
    stale = await sent(database, -100, [article_id], revision=1)
    fresh = await sent(database, -200, [article_id], revision=2)
    async with database.write() as tx:
        await amendments.enqueue_after_send(tx, [stale, fresh], lane=Lane.BREAKING, now=NOW)
    assert await due(database) == [stale]


async def test_chats_that_cannot_be_reached_are_counted_as_such(database: Database, article_id: int) -> None:
    lost, losing = await sent(database, -100, [article_id]), await sent(database, -200, [article_id])
    async with database.write() as tx:
        await chats.change(tx, -100, lost_at=NOW)
    await change(database, article_id, FanOutKind.RETRACTION)
    assert await due(database) == [losing]
    async with database.write() as tx:
        await amendments.end_for_chat(tx, -200, now=NOW, reason="kicked")
    assert await due(database) == []
    async with database.read() as connection:
        assert await amendments.counts(connection, article_id, since=NOW) == {AmendmentState.UNREACHABLE: 2}
        copies = await ledger.get_many(connection, [lost, losing])
    assert {copy.state for copy in copies} == {MessageState.SENT}
