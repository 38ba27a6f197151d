"""Commands without a number offer the articles that they may be meant for, and a press goes on from there."""

import asyncio
from typing import Any

import pytest

from sandbox.client import text_of
from tests.flows.conftest import PeykApp, Telegram, buttons_of


async def _labels(telegram: Telegram, command: str, *, by: int | None = None) -> list[str]:
    return list(buttons_of(await telegram.ask(by or telegram.owner, command)))


async def _press(telegram: Telegram, command: str, label: str, *, then: str) -> dict[str, Any]:
    """Press a button under the answer to a command; return the message that follows with a button `then`."""
    offered = await telegram.ask(telegram.owner, command)
    await telegram.people.press(telegram.owner, offered, label)
    return await telegram.people.wait_for(
        telegram.owner,
        lambda message: any(then in button for button in buttons_of(message)),
        after=offered["message_id"],
    )


async def test_the_choice_names_what_the_command_is_for(app: PeykApp, telegram: Telegram) -> None:
    await app.running(telegram)
    author = await telegram.colleague("نویسنده", "author")
    published = await telegram.publish("خبر منتشرشده")
    await telegram.ask(telegram.owner, "/post سیاسی\nپیش‌نویس سردبیر\n\nلید.", button="انتشار")
    await telegram.ask(author, "/post سیاسی\nپیش‌نویس نویسنده\n\nلید.", button="پیش‌نویس")

    everyones = await _labels(telegram, "/publish")
    assert [label.partition(" · ")[2] for label in everyones] == ["پیش‌نویس نویسنده", "پیش‌نویس سردبیر"]
    assert [label.partition(" · ")[2] for label in await _labels(telegram, "/submit", by=author)] == [
        "پیش‌نویس نویسنده"
    ]
    for command in ("/correct", "/retract"):
        (only,) = await _labels(telegram, command)
        assert only.endswith("خبر منتشرشده")

    shelves = await telegram.ask(telegram.owner, "/edit", button="منتشرشده‌ها")
    assert any(label.endswith("پیش‌نویس سردبیر") for label in buttons_of(shelves))
    await telegram.people.press(telegram.owner, shelves, "منتشرشده‌ها")
    turned = buttons_of(await telegram.now(shelves))
    assert any(label.endswith("خبر منتشرشده") for label in turned)
    assert not any(label.endswith("پیش‌نویس سردبیر") for label in turned)

    card = await _press(telegram, "/breaking", "پیش‌نویس سردبیر", then="بله")
    assert "پیش‌نویس سردبیر" in text_of(card)
    assert app.rows(f"SELECT state, breaking FROM article WHERE id = {published}") == [("published", 0)]


@pytest.mark.long
async def test_a_chosen_draft_is_published_from_its_preview(app: PeykApp, telegram: Telegram) -> None:
    await app.running(telegram)
    await telegram.ask(telegram.owner, "/post سیاسی\nخبر یکم\n\nلید.", button="انتشار")
    await telegram.ask(telegram.owner, "/post سیاسی\nخبر دوم\n\nلید.", button="انتشار")
    preview = await _press(telegram, "/publish", "خبر یکم", then="انتشار")
    await telegram.people.press(telegram.owner, preview, "انتشار")
    done = await telegram.now(preview)
    assert "منتشر شد" in text_of(done)
    assert any("پس گرفتن" in label for label in buttons_of(done))
    assert app.rows("SELECT state FROM article ORDER BY id") == [("published",), ("draft",)]


@pytest.mark.long
async def test_a_retraction_asks_for_its_reason(app: PeykApp, telegram: Telegram) -> None:
    await app.running(telegram)
    await telegram.publish("خبر نادرست")
    asked = await _press(telegram, "/retract", "خبر نادرست", then="✖️ لغو")
    assert "دلیل" in text_of(asked)
    assert "چند کلمه" in text_of(await telegram.ask(telegram.owner, "۱۲۳"))
    card = await telegram.ask(telegram.owner, "منبع خبر آن را تکذیب کرد", button="بله")
    assert "منبع خبر آن را تکذیب کرد" in text_of(card)
    await telegram.people.press(telegram.owner, card, "بله")
    assert "پس گرفته شد" in text_of(await telegram.now(card))
    assert app.rows("SELECT state FROM article") == [("retracted",)]


@pytest.mark.long
async def test_where_there_is_nothing_the_answer_says_so(app: PeykApp, telegram: Telegram) -> None:
    await app.running(telegram)
    for command in ("publish", "preview", "edit", "submit", "correct", "retract", "breaking"):
        answer = text_of(await telegram.ask(telegram.owner, f"/{command}"))
        assert "/post" in answer
        assert f"/{command}" in answer


@pytest.mark.long
async def test_follow_offers_the_article_and_then_the_earlier_one(app: PeykApp, telegram: Telegram) -> None:
    await app.running(telegram)
    people, owner = telegram.people, telegram.owner
    earlier = await telegram.publish("آغاز ماجرا")
    await telegram.ask(owner, "/post سیاسی\nادامهٔ ماجرا\n\nلید.", button="انتشار")
    offered = await telegram.ask(owner, "/follow", button="ادامهٔ ماجرا")
    await asyncio.gather(*(people.press(owner, offered, "ادامهٔ ماجرا") for _ in range(2)))
    asked = await people.wait_for(
        owner, lambda m: any("آغاز ماجرا" in label for label in buttons_of(m)), after=offered["message_id"]
    )
    assert buttons_of(await telegram.now(offered)) == buttons_of(offered), "the list stays"
    await asyncio.gather(*(people.press(owner, asked, "آغاز ماجرا") for _ in range(2)))
    shown = await telegram.now(asked)
    assert "ادامهٔ خبر" in text_of(shown)
    assert any("📣 انتشار" in label for label in buttons_of(shown)), "one publishes it there"
    assert app.rows("SELECT follows_id FROM article WHERE follows_id IS NOT NULL") == [(earlier,)]
    assert len(app.rows("SELECT 1 FROM audit WHERE action = 'follow'")) == 1
    assert any("منتشرشده‌ها" in label for label in buttons_of(offered))
