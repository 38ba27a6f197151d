"""A publication is undone for as long as nothing of it was sent; afterwards the answer leads to its retraction."""

import asyncio
from typing import Any

import pytest

from sandbox.client import text_of
from tests.flows.conftest import PeykApp, Telegram, buttons_of

_UNDO = "برگرداندن انتشار"


async def _published(telegram: Telegram, title: str) -> dict[str, Any]:
    """Publish as the owner; return the answer."""
    preview = await telegram.ask(telegram.owner, f"/post سیاسی\n{title}\n\nلید.", button="📣 انتشار")
    await telegram.people.press(telegram.owner, preview, "📣 انتشار")
    return await telegram.now(preview)


async def test_what_reached_nobody_is_a_draft_again_and_is_sent_when_it_is_published_anew(
    app: PeykApp, telegram: Telegram
) -> None:
    await app.running(telegram)
    people = telegram.people
    answer = await _published(telegram, "خبر زودهنگام")
    answers = await asyncio.gather(*(people.press(telegram.owner, answer, _UNDO) for _ in range(2)))
    assert any("منتشر نشده" in told["text"] for told in answers), "the second press undoes nothing"
    assert "پیش‌نویس است" in text_of(await telegram.now(answer))
    assert app.rows("SELECT state, published_at, ordinal FROM article") == [("draft", 0, None)]
    assert "پیدا نشد" in text_of(await telegram.ask(telegram.reader, "/search زودهنگام"))

    await telegram.ask(telegram.reader, "/subscribe")
    preview = await telegram.ask(telegram.owner, "/preview 1", button="📣 انتشار")
    await people.press(telegram.owner, preview, "📣 انتشار")
    news = await people.wait_for(telegram.reader, lambda m: "خبر زودهنگام" in text_of(m))
    assert news
    assert [row[0] for row in app.rows("SELECT action FROM audit ORDER BY id")].count("undo_publication") == 1


@pytest.mark.long
async def test_what_was_sent_stays_and_its_retraction_is_offered(app: PeykApp, telegram: Telegram) -> None:
    await app.running(telegram)
    people = telegram.people
    await telegram.ask(telegram.reader, "/subscribe")
    answer = await _published(telegram, "خبر فرستاده")
    await people.wait_for(telegram.reader, lambda m: "خبر فرستاده" in text_of(m))
    told = await people.do(
        "press", user_id=telegram.owner, chat_id=telegram.owner, message_id=answer["message_id"], data="unpub:1"
    )
    assert "آغاز شده" in told["text"]
    led = await people.wait_for(telegram.owner, lambda m: "آغاز شده" in text_of(m), after=answer["message_id"])
    assert any("پس گرفتن" in label for label in buttons_of(led))
    assert app.rows("SELECT state FROM article") == [("published",)]
    assert app.rows("SELECT count(*) FROM delivery WHERE state = 'sent'") == [(1,)]


@pytest.mark.long
async def test_what_a_group_follows_is_undone_by_its_administrators_alone(app: PeykApp, telegram: Telegram) -> None:
    await app.running(telegram)
    people, owner, reader = telegram.people, telegram.owner, telegram.reader
    group = await people.chat("supergroup", "گروه", owner)
    await people.do("join", chat_id=group, user_id=reader)
    await people.add_bot(group, owner)
    await people.wait_for(group, lambda _: True)
    answer = await telegram.ask(owner, "/subscribe سیاسی", chat_id=group)
    followed = app.rows("SELECT category_id FROM subscription")
    undo = next(data for data in buttons_of(answer).values() if data.startswith("fol:undo"))
    own = await telegram.ask(reader, "/help")
    for message in (answer, own):
        told = await people.do(
            "press",
            user_id=reader,
            chat_id=message["chat"]["id"],
            message_id=message["message_id"],
            data=undo,
        )
        assert told["alert"]
        assert app.rows("SELECT category_id FROM subscription") == followed
    assert "برگردانده شد" in (await people.press(owner, answer, "برگردان"))["text"]
    assert (await people.press(owner, answer, "برگردان"))["alert"], "once alone"
    assert app.rows("SELECT category_id FROM subscription") != followed
