"""Claims of changes: copies that say the newest already are left alone, all others get it whole."""

import threading
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from bot.delivery.amendment_claims import AmendmentClaims, PendingAmendment
from bot.delivery.rendering import Composer
from bot.delivery.revision_cache import RevisionCache
from bot.delivery.settlement import AmendOutcome, settle
from bot.locales.catalog import Catalog
from bot.render.message import SAME_MEDIA
from bot.telegram.photos import Photos
from persian.schedule import INSTANT
from storage import amendments, articles, chats, ledger, tracked_answers
from storage.bootstrap import opened
from storage.engine.database import Database
from storage.records import AmendmentState, ArticleRevision, Block, BlockKind, ChatKind, Content, Form, Lane
from storage.schema import amendment
from tests.values import post_style

NOW = 1_766_576_760_000
_CHANNEL, _READER = -100, 7
_FIRST = Content("تیتر", lead="لید", body=(Block(BlockKind.PARAGRAPH, "بند نخست"),))
_OTHER_BODY = replace(_FIRST, body=(Block(BlockKind.PARAGRAPH, "بند تازه"),))


class _Room:
    """One article in a database, and the copies of it that were sent."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.composer = Composer(Catalog.load(), "bot", "fa", Photos(lambda: NOW))
        self.changes = AmendmentClaims(self.composer, lease=30_000)

    async def publish(self, content: Content) -> None:
        async with self.database.write() as tx:
            for chat_id, kind in ((_CHANNEL, ChatKind.CHANNEL), (_READER, ChatKind.PRIVATE)):
                await chats.ensure(tx, chat_id, kind=kind, schedule=INSTANT, timezone="Asia/Tehran", now=NOW)
            assert await articles.insert(tx, content, category_id=1, now=NOW, published_at=NOW) == 1
            await articles.release(tx, 1, published_at=NOW, now=NOW)

    async def push(self, *article_ids: int, style: str = "", photo: bool = False, form: Form = Form.ROUNDUP) -> int:
        """Send a headline, or several in that form, to the channel, and return the message's row id."""
        if len(article_ids) == 1:
            form = Form.PHOTO if photo else Form.HEADLINE
        async with self.database.write() as tx:
            shown = tuple(ArticleRevision(article_id, 1) for article_id in article_ids)
            draft = ledger.MessageDraft(_CHANNEL, 0, form, "fa", shown, 1, None, False, post_style(style))
            (message_id,) = (await ledger.begin(tx, [draft], now=NOW, lease_until=NOW)).values()
            await ledger.mark_sent(tx, [(message_id, message_id)], now=NOW)
        return message_id

    async def wear(self, style: str, chat_id: int = _CHANNEL) -> None:
        """Let what the chat gets look so from now on."""
        async with self.database.write() as tx:
            await chats.change(tx, chat_id, post_style=post_style(style))

    async def answer(self, parts: int, *, revision: int = 1, style: str = "") -> list[int]:
        revised = {"article_id": 1, "revision": revision}
        async with self.database.write() as tx:
            ids = [900 + part for part in range(parts)]
            return await tracked_answers.record(
                tx,
                tracked_answers.Answer(_READER, Form.RICH, "fa", post_style=post_style(style)),
                ids,
                **revised,
                now=NOW,
            )

    async def revise(self, content: Content, *, category_id: int | None = None, editor: int | None = 1) -> None:
        async with self.database.write() as tx:
            article = await articles.get(tx, 1)
            assert article is not None
            await articles.revise(
                tx,
                1,
                articles.NewRevision(content, editor, category_id=category_id),
                expected=article.revision,
                now=NOW,
            )

    async def owed(self, *message_ids: int, now: int = NOW) -> list[PendingAmendment]:
        """Owe the copies the newest and claim that."""
        async with self.database.write() as tx:
            await amendments.enqueue_after_send(tx, message_ids, lane=Lane.BREAKING, now=now)
            picked = await amendments.due_after(tx, None, now, limit=100)
            return await self.changes.claim(tx, picked, now=now)

    async def settle(self, *outcomes: AmendOutcome) -> None:
        async with self.database.write() as tx:
            await settle(tx, outcomes, RevisionCache(), self.composer, now=NOW)

    async def states(self) -> list[str]:
        async with self.database.read() as connection:
            rows = await connection.execute(amendment.select().order_by(amendment.c.message_id))
            return [row.state for row in rows]


@pytest.fixture
async def room(sqlite_url: str) -> AsyncIterator[_Room]:
    async with opened(sqlite_url) as database:
        room = _Room(database)
        await room.publish(_FIRST)
        yield room


async def test_a_headline_is_left_alone_when_only_the_body_changed(room: _Room) -> None:
    headline, (full,) = await room.push(1), await room.answer(1)
    await room.revise(_OTHER_BODY)
    (changed,) = await room.owed(headline, full)
    assert changed.message_id == full
    assert changed.message is not None
    assert "بند تازه" in changed.message.rich_html
    assert await room.states() == [AmendmentState.CHANGED, AmendmentState.PENDING]
    async with room.database.read() as connection:
        (copy,) = await ledger.get_many(connection, [headline])
    assert copy.revision == 2, "it says the second revision, and the next change is held against that"


@pytest.mark.parametrize("category_id", [None, 2])
async def test_a_headline_that_reads_otherwise_is_changed(room: _Room, category_id: int | None) -> None:
    headline = await room.push(1)
    await room.revise(_FIRST if category_id else replace(_FIRST, title="تیتر تازه"), category_id=category_id)
    (changed,) = await room.owed(headline)
    assert changed.shown == ((1, 2),)


async def test_what_an_earlier_try_may_have_changed_is_changed_again(room: _Room) -> None:
    headline = await room.push(1)
    await room.revise(replace(_FIRST, title="تیتر نادرست"))
    assert len(await room.owed(headline)) == 1
    async with room.database.write() as tx:
        await amendments.postpone(tx, headline, due_at=NOW, reason="no answer", lost_at=NOW)
    await room.revise(_FIRST)
    (changed,) = await room.owed(headline)
    assert changed.lost_at == NOW
    assert changed.message is not None
    assert "نادرست" not in changed.message.html


async def test_a_roundup_is_held_against_all_that_it_shows(room: _Room) -> None:
    async with room.database.write() as tx:
        other = await articles.insert(tx, Content("دیگر"), category_id=1, now=NOW, published_at=NOW)
        await articles.release(tx, other, published_at=NOW, now=NOW)
    roundup = await room.push(1, other)
    await room.revise(_OTHER_BODY)
    assert await room.owed(roundup) == []
    async with room.database.write() as tx:
        await articles.retract(tx, other, now=NOW)
    (changed,) = await room.owed(roundup)
    assert changed.message is not None
    assert "دیگر" not in changed.message.html
    await room.settle(AmendOutcome(roundup, _CHANNEL, AmendmentState.CHANGED, shown=changed.shown))
    assert await room.states() == ["changed"], "what was taken out is owed no change any more"
    await room.revise(replace(_FIRST, title="تیتر تازه"))
    (changed,) = await room.owed(roundup)
    assert changed.shown == ((1, 3),)


async def test_a_digest_stays_a_rich_message_with_the_day_of_its_own(room: _Room) -> None:
    async with room.database.write() as tx:
        other = await articles.insert(tx, Content("دیگر"), category_id=2, now=NOW, published_at=NOW)
        await articles.release(tx, other, published_at=NOW, now=NOW)
    digest = await room.push(1, other, form=Form.DIGEST)
    await room.revise(replace(_FIRST, title="تیتر تازه"))
    (changed,) = await room.owed(digest, now=NOW + 3 * 24 * 3_600_000)
    assert changed.message is not None
    assert "۳ دی ۱۴۰۴" in changed.message.rich_html
    assert "تیتر تازه" in changed.message.rich_html
    async with room.database.write() as tx:
        for article_id in (1, other):
            await articles.retract(tx, article_id, now=NOW)
    await room.settle(AmendOutcome(digest, _CHANNEL, AmendmentState.CHANGED, shown=changed.shown))
    (changed,) = await room.owed(digest, now=NOW + 4 * 24 * 3_600_000)
    assert changed.message is None


@pytest.mark.parametrize(("then", "now"), [("", "shape=title tags=off"), ("shape=title", ""), ("photo=any", "")])
async def test_another_style_alone_changes_no_copy(room: _Room, then: str, now: str) -> None:
    headline = await room.push(1, style=then)
    await room.wear(now)
    await room.revise(_OTHER_BODY)
    assert await room.owed(headline) == []
    async with room.database.read() as connection:
        (copy,) = await ledger.get_many(connection, [headline])
    assert (copy.post_style, copy.revision) == (post_style(then), 2), "it looks as before"


async def test_what_a_copy_still_shows_is_put_right_in_the_style_of_now(room: _Room) -> None:
    headline = await room.push(1)
    await room.wear("shape=title sign=@kanal")
    await room.revise(replace(_FIRST, lead="لید درست"))
    (changed,) = await room.owed(headline)
    assert changed.message is not None
    assert "لید" not in changed.message.html, "the wrong lead is gone"
    assert "@kanal" in changed.message.html
    assert changed.post_style == post_style("shape=title sign=@kanal")


_PICTURED = replace(_FIRST, photo="https://example.org/a.jpg")


@pytest.mark.parametrize(
    ("photo", "tries", "carried"),
    [
        ("https://example.org/a.jpg", 1, SAME_MEDIA),
        ("https://example.org/b.jpg", 1, "https://example.org/b.jpg"),
        # An earlier try may have put another photo there.
        ("https://example.org/a.jpg", 2, "https://example.org/a.jpg"),
    ],
)
async def test_a_photo_by_address_is_put_there_again_only_where_another_may_be(
    room: _Room, photo: str, tries: int, carried: str
) -> None:
    await room.wear("photo=any")
    await room.revise(_PICTURED)
    headline = await room.push(1, style="photo=any", photo=True)
    async with room.database.write() as tx:
        await ledger.record_revisions(tx, headline, [ArticleRevision(1, 2)])
    await room.revise(replace(_PICTURED, title="تیتر تازه", photo=photo))
    for _ in range(tries):
        (changed,) = await room.owed(headline)
        async with room.database.write() as tx:
            await amendments.postpone(tx, headline, due_at=NOW, reason="no answer", lost_at=NOW)
        await room.wear("photo=any")
    assert changed.message is not None
    assert changed.message.media == carried


async def test_a_photo_that_went_as_a_text_stays_a_text(room: _Room) -> None:
    await room.wear("photo=any")
    await room.revise(_PICTURED)
    headline = await room.push(1, style="photo=any", photo=True)
    async with room.database.write() as tx:
        await ledger.mark_sent_as_text(tx, [headline])
    await room.revise(replace(_PICTURED, title="تیتر تازه"))
    (changed,) = await room.owed(headline)
    assert changed.message is not None
    assert (changed.message.media, "تیتر تازه" in changed.message.html) == ("", True)


async def test_a_full_text_without_photos_stays_without_them(room: _Room) -> None:
    await room.wear("photo=none", _READER)
    (full,) = await room.answer(1, style="photo=none")
    await room.revise(_PICTURED)
    assert await room.owed(full) == [], "the photo that was added is none that it shows"
    await room.revise(replace(_PICTURED, lead="لید درست"))
    (changed,) = await room.owed(full)
    assert changed.message is not None
    assert ("لید درست" in changed.message.rich_html, "<img" in changed.message.rich_html) == (True, False)


_LONG = replace(_FIRST, body=tuple(Block(BlockKind.PARAGRAPH, f"{n} " + "کلمه " * 2_900) for n in range(5)))


async def test_what_a_full_text_has_no_room_for_is_behind_a_button(room: _Room) -> None:
    first, second = await room.answer(2)
    await room.revise(_LONG)
    begun = {pending.message_id: pending for pending in await room.owed(first, second)}
    assert [begun[message_id].message is not None for message_id in (first, second)] == [True, True]
    buttons = [button for row in begun[second].message.keyboard for button in row]  # type: ignore[union-attr]
    assert "?start=a_1" in buttons[0].url
    assert "متن تازه" in buttons[0].text
    assert begun[first].message.keyboard == ()  # type: ignore[union-attr]  # the one below goes on


async def test_a_message_that_the_text_does_not_need_any_more_goes_and_is_not_called_withdrawn(room: _Room) -> None:
    await room.revise(_LONG)
    first, second = await room.answer(2, revision=2)
    await room.revise(_OTHER_BODY)
    begun = {pending.message_id: pending for pending in await room.owed(first, second)}
    assert begun[first].message is not None
    assert begun[second].message is None
    assert "پس گرفته" not in begun[second].tombstone.html


@pytest.mark.parametrize(("letters", "is_aside"), [(24_000, True), (2_000, False)])
async def test_while_a_long_text_is_rendered_others_have_their_turn(
    room: _Room, monkeypatch: pytest.MonkeyPatch, *, letters: int, is_aside: bool
) -> None:
    threads = []
    render = room.composer.anew

    def rendered(*args: Any, **kwargs: Any) -> Any:
        threads.append(threading.get_ident())
        return render(*args, **kwargs)

    monkeypatch.setattr(room.composer, "anew", rendered)
    (copy,) = await room.answer(1)
    await room.revise(replace(_FIRST, body=(Block(BlockKind.PARAGRAPH, "واژه " * (letters // 5)),)))
    (pending,) = await room.owed(copy)
    assert pending.message is not None
    assert "واژه" in pending.message.rich_html
    # The new text, and the old one that it is compared with.
    assert [thread != threading.get_ident() for thread in threads] == [is_aside, False]
