"""Digests: headlines due together are claimed as one, rich where that is taken, else as HTML; nothing is lost."""

from typing import Unpack

import pytest
from telegram.error import BadRequest

from bot.delivery.delivery_claims import PUSH_LIFE_MS, DeliveryClaims, Sending
from bot.delivery.fanout import FanOuts
from bot.delivery.policy import NextStep, SendVerdict
from bot.delivery.rendering import Composer
from bot.delivery.revision_cache import RevisionCache
from bot.delivery.settlement import SendOutcome, settle
from bot.locales.catalog import Catalog
from bot.render.article import NOTHING_BESIDE
from bot.render.digest import MOST_IN_DIGEST, MOST_IN_ROUNDUP
from bot.telegram.photos import Photos
from persian.schedule import INSTANT
from storage import articles, chats, deliveries, fanouts, ledger, notices, outbox, subscriptions, tracked_answers
from storage.engine.database import Database
from storage.fanouts import Slot
from storage.post_style import USUAL_STYLE
from storage.records import (
    Admission,
    ArticleRevision,
    ChatKind,
    Content,
    DeliveryState,
    FanOut,
    FanOutKind,
    Form,
    Lane,
)
from storage.schema import message, message_article, payload
from tests.values import schedule

NOW = 1_766_576_760_000
_HOUR = 3_600_000
_OLD = NOW - PUSH_LIFE_MS - 1


class _DigestClaims:
    """Claims of digests on a database; `rich` tells whether its server takes rich messages."""

    def __init__(self, database: Database, *, rich: bool = True) -> None:
        self.rich = rich
        self._database = database
        self.composer = Composer(Catalog.load(), "bot", "fa", Photos(lambda: NOW))
        self._claims = DeliveryClaims(self.composer, lambda: self.rich, lease=1_000)

    async def owe(self, due: list[int], *chat_ids: int) -> None:
        """Publish an article for each of those times (ms), at which the chats get it folded."""
        async with self._database.write() as tx:
            for at in due:
                number = await articles.insert(tx, Content("تیتر"), category_id=1, now=NOW, published_at=NOW)
                await articles.release(tx, number, published_at=NOW, now=NOW)
                await fanouts.begin(tx, number, FanOutKind.HEADLINE, now=NOW)
                work = await fanouts.next_open(tx)
                assert work is not None
                slots = [Slot(chat_id, 0, 2, at, fold=True) for chat_id in chat_ids]
                await fanouts.deliver_later(tx, work, slots, lane=Lane.DIGEST, now=NOW)
                while await fanouts.advance(tx, work, None, now=NOW):
                    work = await fanouts.next_open(tx) or work

    async def claim(self, *, now: int = NOW) -> list[Sending]:
        async with self._database.write() as tx:
            ready = await outbox.ready_after(tx, None, now, limit=1_000)
            firsts = {delivery.chat_id: delivery for delivery in reversed(ready)}
            return await self._claims.deliveries(tx, list(firsts.values()), RevisionCache(), now=now)

    async def end(self, sending: Sending, verdict: SendVerdict | None = None) -> None:
        telegram_id = None if verdict is not None else sending.message_id
        outcome = SendOutcome(
            sending.message_id, sending.chat_id, telegram_id, verdict, sending.shown, sending.composed
        )
        async with self._database.write() as tx:
            await settle(tx, [outcome], RevisionCache(), self.composer, now=NOW)

    async def counts(self) -> dict[DeliveryState, int]:
        async with self._database.read() as connection:
            return await deliveries.counts(connection)

    async def form(self, sending: Sending) -> Form:
        async with self._database.read() as connection:
            (row,) = await ledger.get_many(connection, [sending.message_id])
        return row.form


async def _people(database: Database, *chat_ids: int, **settings: Unpack[chats.ChatChanges]) -> None:
    async with database.write() as tx:
        for chat_id in chat_ids:
            await chats.ensure(
                tx, chat_id, kind=ChatKind.PRIVATE, schedule=schedule("at 08:00"), timezone="Asia/Tehran", now=NOW
            )
            await chats.change(tx, chat_id, started=True)
            if settings:
                await chats.change(tx, chat_id, **settings)


async def test_one_digest_shows_the_newest_hundred_and_counts_the_rest(database: Database) -> None:
    await _people(database, 1)
    digest_claims = _DigestClaims(database)
    await digest_claims.owe([NOW - 14 * _HOUR] * 70 + [NOW - 2 * _HOUR] * 50, 1)
    (only,) = await digest_claims.claim()
    assert (await digest_claims.form(only), [article_id for article_id, _ in only.shown]) == (
        Form.DIGEST,
        list(range(21, 121)),
    )
    message = only.composed.message
    assert "۲۰ خبر دیگر" in message.rich_html
    assert [button.url for row in message.keyboard for button in row] == ["https://t.me/bot?start=news"]
    await digest_claims.end(only)
    assert await digest_claims.claim() == []
    # What was only counted was not delivered.
    assert await digest_claims.counts() == {DeliveryState.SENT: 100, DeliveryState.EXPIRED: 20}
    async with database.read() as connection:
        (copy,) = await ledger.get_many(connection, [only.message_id])
    assert copy.left_out == 20


@pytest.mark.long
async def test_of_a_long_digest_that_is_refused_all_goes_as_html(database: Database) -> None:
    await _people(database, 1)
    digest_claims = _DigestClaims(database)
    await digest_claims.owe([NOW] * 120, 1)
    (rich,) = await digest_claims.claim()
    await digest_claims.end(rich, SendVerdict(NextStep.HTML, BadRequest("can't parse rich message").message))
    assert await digest_claims.counts() == {DeliveryState.PENDING: 120}
    (html,) = await digest_claims.claim()
    assert [article_id for article_id, _ in html.shown] == list(range(1, MOST_IN_ROUNDUP + 1))
    await digest_claims.end(html)
    assert await digest_claims.counts() == {DeliveryState.SENT: 30, DeliveryState.PENDING: 90}


async def test_an_answered_digest_goes_on_telling_what_it_left_out(database: Database) -> None:
    await _people(database, 1)
    digest_claims = _DigestClaims(database)
    await digest_claims.owe([NOW] * 2, 1)
    async with database.write() as tx:
        shown = [ArticleRevision(1, 1), ArticleRevision(2, 1)]
        noted = await tracked_answers.record_digest(
            tx, tracked_answers.Answer(1, Form.ROUNDUP, "fa"), 5, articles=shown, left_out=7, now=NOW
        )
        (copy,) = await ledger.get_many(tx, [noted])
        shown_now = await articles.get_many(tx, [2])
        person = await chats.get(tx, 1)
    assert person is not None
    drawn = digest_claims.composer.anew(
        copy, shown_now, person, style=USUAL_STYLE, saved=False, counts=NOTHING_BESIDE, last=False
    )
    assert drawn is not None
    assert "۷ خبر دیگر" in drawn.html
    assert [button.url for row in drawn.keyboard for button in row] == ["https://t.me/bot?start=news"]


async def test_the_same_digest_is_rendered_and_kept_once_for_all_who_get_it(database: Database) -> None:
    await _people(database, 1, 2, 3)
    await _people(database, 4, plain_text=True)
    await _people(database, 5, language="en")
    digest_claims = _DigestClaims(database)
    await digest_claims.owe([NOW] * 3, 1, 2, 3, 4, 5)
    begun = {sending.chat_id: sending for sending in await digest_claims.claim()}
    assert begun[1].composed is begun[2].composed is begun[3].composed
    assert [await digest_claims.form(begun[chat]) for chat in (1, 4, 5)] == [Form.DIGEST, Form.ROUNDUP, Form.DIGEST]
    async with database.read() as connection:
        assert len((await connection.execute(payload.select())).all()) == 3
        assert len((await connection.execute(message_article.select())).all()) == 15
        kept = (await connection.execute(message.select().where(message.c.article_id.is_not(None)))).all()
    assert kept == []


async def test_a_digest_of_the_next_day_is_another_one(database: Database) -> None:
    await _people(database, 1, 2)
    digest_claims = _DigestClaims(database)
    await digest_claims.owe([NOW] * 2, 1)
    (today,) = await digest_claims.claim()
    await digest_claims.end(today)
    async with database.write() as tx:
        work = FanOut(1, 1, 1, FanOutKind.HEADLINE, NOW, 2, None)
        other = FanOut(2, 2, 1, FanOutKind.HEADLINE, NOW, 2, None)
        for fan_out in (work, other):
            await fanouts.deliver_later(tx, fan_out, [Slot(2, 0, 2, NOW, fold=True)], lane=Lane.DIGEST, now=NOW)
    (tomorrow,) = await digest_claims.claim(now=NOW + 24 * _HOUR)
    assert tomorrow.shown == today.shown
    assert "۳ دی" in today.composed.message.rich_html
    assert "۴ دی" in tomorrow.composed.message.rich_html


async def test_what_is_too_old_ends_as_expired_and_takes_no_place(database: Database) -> None:
    await _people(database, 1)
    digest_claims = _DigestClaims(database)
    await digest_claims.owe([_OLD] * MOST_IN_DIGEST + [NOW - _HOUR] * 3, 1)
    (sending,) = await digest_claims.claim()
    assert len(sending.shown) == 3
    await digest_claims.end(sending)
    assert await digest_claims.counts() == {DeliveryState.EXPIRED: MOST_IN_DIGEST, DeliveryState.SENT: 3}


async def test_a_rich_message_that_is_refused_costs_nothing_and_goes_as_html(database: Database) -> None:
    await _people(database, 1)
    digest_claims = _DigestClaims(database)
    await digest_claims.owe([NOW] * 40, 1)
    (rich,) = await digest_claims.claim()
    await digest_claims.end(rich, SendVerdict(NextStep.HTML, BadRequest("can't parse rich message").message))
    assert await digest_claims.counts() == {DeliveryState.PENDING: 40}
    (html,) = await digest_claims.claim()
    assert (await digest_claims.form(html), len(html.shown)) == (Form.ROUNDUP, MOST_IN_ROUNDUP)
    assert html.composed.prepared.method == "sendMessage"
    await digest_claims.end(html)
    digest_claims.rich = False
    (rest,) = await digest_claims.claim()
    assert (await digest_claims.form(rest), len(rest.shown)) == (Form.ROUNDUP, 10)
    await digest_claims.end(rest)
    assert await digest_claims.counts() == {DeliveryState.SENT: 40}


async def test_what_is_folded_goes_behind_headlines_that_are_not(database: Database) -> None:
    await _people(database, 1)
    async with database.write() as tx:
        await chats.ensure(tx, 2, kind=ChatKind.PRIVATE, schedule=INSTANT, timezone="Asia/Tehran", now=NOW)
        for chat_id in (1, 2):
            await subscriptions.subscribe(tx, chat_id, None, now=NOW)
        number = await articles.insert(tx, Content("تیتر"), category_id=1, now=NOW, published_at=NOW)
        await articles.release(tx, number, published_at=NOW, now=NOW)
        await fanouts.begin(tx, number, FanOutKind.HEADLINE, now=NOW)
    while await FanOuts(database, lambda: NOW).step():
        pass
    async with database.read() as connection:
        waiting = await deliveries.of_state(connection, DeliveryState.PENDING, limit=9)
    assert [(delivery.chat_id, delivery.priority // 10, delivery.fold) for delivery in waiting] == [
        (2, Lane.HEADLINE, False),
        (1, Lane.DIGEST, True),
    ]


async def test_a_single_headline_that_is_due_is_no_digest(database: Database) -> None:
    await _people(database, 1)
    digest_claims = _DigestClaims(database)
    await digest_claims.owe([NOW], 1)
    (sending,) = await digest_claims.claim()
    assert await digest_claims.form(sending) is Form.HEADLINE


async def test_each_person_is_asked_once_about_their_first_rich_digest(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.delivery.settlement.MOST_QUESTIONS", 2)
    await _people(database, 1, 2, 3)
    await _people(database, 4, plain_text=True)
    digest_claims = _DigestClaims(database)

    async def asked() -> list[int]:
        await digest_claims.owe([NOW] * 2, 1, 2, 3, 4)
        for sending in await digest_claims.claim():
            await digest_claims.end(sending)
        async with database.write() as tx:
            waiting = await notices.claim(tx, now=NOW, lease_until=NOW + 1, limit=10)
            for notice in waiting:
                await notices.delete(tx, notice.id)
        assert all(notice.key == "visible-ask" and len(notice.buttons) == 2 for notice in waiting)
        return sorted(notice.user_id for notice in waiting)

    first, second = await asked(), await asked()
    assert len(first) == 2, "no more questions wait at once"
    assert sorted(first + second) == [1, 2, 3]
    assert await asked() == []


async def test_a_channel_gets_a_rich_digest_where_its_administrators_chose_it(database: Database) -> None:
    async with database.write() as tx:
        for chat_id in (-1, -2):
            await chats.ensure(
                tx,
                chat_id,
                kind=ChatKind.CHANNEL,
                schedule=INSTANT,
                timezone="UTC",
                now=NOW,
                details=chats.ChatDetails(admission=Admission.ADMITTED),
            )
        await chats.change(tx, -2, rich_digests=True)
    digest_claims = _DigestClaims(database)
    await digest_claims.owe([NOW] * 2, -1, -2)
    forms = {sending.chat_id: await digest_claims.form(sending) for sending in await digest_claims.claim()}
    assert forms == {-1: Form.ROUNDUP, -2: Form.DIGEST}
