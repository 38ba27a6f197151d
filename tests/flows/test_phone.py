"""The newsroom on a phone: a pasted address, one question before a pause, narrow lines, who asks for a channel."""

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.client import text_of
from tests.flows.conftest import PeykApp, Telegram, buttons_of
from tests.flows.news_site import NewsSite, article_page
from tests.peyk_app import bare

_Until = Callable[..., Any]
_DATE = "چهارشنبه 1404/10/03 ساعت 15:16"
_PARAGRAPH = "بند این خبر که به اندازهٔ کافی بلند است تا خوانده شود و با نقطه به پایان می‌رسد."
_NARROW = 40
"""Letters that a phone shows in a line."""


async def test_a_pasted_address_is_imported_by_one_press(app: PeykApp, telegram: Telegram, site: NewsSite) -> None:
    await app.running(telegram)
    people = telegram.people
    site.put("/news/801/x", article_page("خبر چسبانده", 801, _DATE, [_PARAGRAPH]))
    address = f"{site.url}/news/801/x"
    offer = await telegram.ask(telegram.owner, address, button="وارد کردن")
    assert address in text_of(offer)
    assert app.rows("SELECT count(*) FROM article") == [(0,)], "nothing is read before the press"
    await people.press(telegram.owner, offer, "وارد کردن")
    preview = await people.wait_for(telegram.owner, lambda m: "خبر چسبانده" in text_of(m))
    assert any("انتشار" in label for label in buttons_of(preview))
    await people.press(telegram.owner, offer, "وارد کردن")
    known = await people.wait_for(
        telegram.owner, lambda m: "خبر چسبانده" in text_of(m), after=preview["message_id"]
    )
    assert known
    assert app.rows("SELECT count(*) FROM article") == [(1,)]
    assert buttons_of(await telegram.now(offer)) == {}
    address = site.put("/news/802/x", article_page("خبر فرمان", 802, _DATE, [_PARAGRAPH]))
    await telegram.ask(telegram.owner, f"/import {address}", button="انتشار")
    await telegram.now(offer)
    held = [text_of(message) for message in await people.messages(telegram.owner, by_bot=True)]
    assert not [words for words in held if "در حال خواندن" in words], "the page is read"
    assert app.rows("SELECT count(*) FROM article") == [(2,)]
    # To a reader an address is a search, as before; a forged press imports nothing.
    answer = await telegram.ask(telegram.reader, address)
    assert "وارد کردن" not in str(buttons_of(answer))
    where = {"user_id": telegram.reader, "chat_id": telegram.reader, "message_id": answer["message_id"]}
    assert (await people.do("press", data="import:here", **where))["alert"]
    await telegram.now(offer)
    assert app.rows("SELECT count(*) FROM article") == [(2,)]


@pytest.mark.long
async def test_a_pause_asks_once(app: PeykApp, telegram: Telegram) -> None:
    await app.running(telegram)
    people = telegram.people
    asked = await telegram.ask(telegram.owner, "/pause", button="بله")
    await people.press(telegram.owner, asked, "لغو")
    assert "متوقف نیست" in text_of(await telegram.ask(telegram.owner, "/resume"))
    for _ in range(2):
        await people.press(telegram.owner, asked, "بله")
    assert "متوقف شد" in text_of(await telegram.now(asked))
    assert "هم‌اکنون متوقف است" in text_of(await telegram.ask(telegram.owner, "/pause"))
    assert [row[0] for row in app.rows("SELECT action FROM audit")].count("pause") == 1


@pytest.mark.long
async def test_reports_have_no_line_that_a_phone_breaks_within_its_facts(
    app: PeykApp, telegram: Telegram, until: _Until
) -> None:
    channel = await telegram.channel("کانال خبر نوآباد")
    await app.running(telegram)
    await telegram.publish("خبر کوتاه")
    await telegram.people.wait_for(channel, lambda m: "خبر کوتاه" in text_of(m))

    async def sent() -> bool:
        return app.rows("SELECT count(*) FROM delivery WHERE state = 'sent'") == [(1,)]

    await until(sent)
    app.change("UPDATE delivery SET state = 'refused', reason = 'chat not found'")
    app.change(f"UPDATE chat SET refused_at = 1766576760000, reason = 'kicked' WHERE id = {channel}")
    for command in ("/outbox", "/audit", "/stats", "/stats 1"):
        shown = await telegram.ask(telegram.owner, command, button="🔄" if command == "/outbox" else "")
        for line in bare(text_of(shown)).splitlines():
            assert len(line) <= _NARROW or not any(mark in line for mark in (" · ", ": ")), (command, line)


@pytest.mark.long
async def test_the_request_to_let_a_channel_in_says_who_asked(app: PeykApp, telegram: Telegram) -> None:
    await app.running(telegram)
    asker = await telegram.person("نسرین")
    await telegram.channel("کانال او", by=asker)
    card = await telegram.people.wait_for(telegram.owner, lambda m: "درخواست تازه" in text_of(m))
    assert "درخواست‌کننده: نسرین" in bare(text_of(card))
    await telegram.people.press(telegram.owner, card, "تأیید")
    await telegram.now(card)
    assert app.rows("SELECT admission FROM chat WHERE title = 'کانال او'") == [("admitted",)]


async def test_buttons_that_warn_or_confirm_have_a_style(app: PeykApp, telegram: Telegram) -> None:
    await app.running(telegram)
    people = telegram.people

    def styles(message: dict[str, Any]) -> dict[str, str]:
        rows = message["reply_markup"]["inline_keyboard"]
        return {button["text"]: button["style"] for row in rows for button in row if "style" in button}

    preview = await telegram.ask(telegram.owner, "/post سیاسی\nخبر رنگی\n\nلید.", button="📣 انتشار")
    assert styles(preview) == {"📣 انتشار": "success"}
    await people.press(telegram.owner, preview, "🗑 حذف")
    assert styles(await telegram.now(preview)) == {"بله، حذف شود": "danger"}
    assert styles(await telegram.ask(telegram.owner, "/pause", button="بله")) == {"بله، متوقف شود": "danger"}
    told = await people.do(
        "press", user_id=telegram.owner, chat_id=telegram.owner, message_id=preview["message_id"], data="drop:1:y"
    )
    assert "انجام شد" in told["text"]
    assert await people.refused() == []
