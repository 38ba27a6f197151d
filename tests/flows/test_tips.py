"""Tips: sent by readers in several messages, made a draft in one press, answered, taken back, and what people try."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from sandbox.client import text_of
from tests.flows.conftest import PeykApp, Telegram, buttons_of

_PHOTO = b"\xff\xd8\xff"


async def _pressed(telegram: Telegram, user_id: int, message: dict[str, Any], words: str) -> dict[str, Any]:
    """Press a button and return what the message says then."""
    await telegram.people.press(user_id, message, words)
    return await telegram.now(message)


async def _send(telegram: Telegram, user_id: int, *texts: str) -> dict[str, Any]:
    """Send a tip of these messages and return the answer to the last button."""
    await telegram.ask(user_id, "/tip", button="لغو")
    more: dict[str, Any] = {}
    for text in texts:
        more = await telegram.ask(user_id, text, button="تمام")
    await telegram.people.press(user_id, more, "تمام")
    return await telegram.people.wait_for(
        user_id, lambda m: "به تحریریه رسید" in text_of(m), after=more["message_id"]
    )


async def test_a_tip_of_several_messages_becomes_a_draft_in_one_press_and_its_sender_hears(
    app: PeykApp, telegram: Telegram, until: Callable[..., Any]
) -> None:
    people, owner, reader = telegram.people, telegram.owner, telegram.reader
    await app.running(telegram)
    asked = await telegram.ask(reader, "/start tip", button="لغو")
    assert "برای تحریریه بفرستید" in text_of(asked)
    assert "هنوز چیزی نفرستاده‌اید" in text_of(await telegram.ask(reader, "تمام"))
    first = await telegram.ask(reader, "پل شهر فرو ریخت\nساعت هشت صبح، کسی آسیب ندید.", button="تمام")
    (sent,) = await people.send_file(reader, "photo", "bridge.jpg", _PHOTO, caption="عکس از پل")
    await people.wait_for(reader, lambda m: "ثبت شد" in text_of(m), after=sent)

    app.kill()
    await app.running(telegram)
    album = await people.send_album(reader, [("photo", "a.jpg", _PHOTO + b"a"), ("photo", "b.jpg", _PHOTO + b"b")])
    await people.send_file(reader, "voice", "v.ogg", b"OggS")
    await people.send_file(reader, "video_note", "n.mp4", b"\x00\x00\x00\x18ftypmp42")
    await app.heard()
    more = await _last_with(telegram, reader, "تمام")
    (sticker,) = await people.send_file(reader, "sticker", "s.webp", b"RIFF")
    await people.wait_for(reader, lambda m: "این نوع پیام" in text_of(m), after=sticker)
    answers = [m for m in await people.messages(reader, by_bot=True) if m["message_id"] > min(album)]
    assert len([m for m in answers if "ثبت شد" in text_of(m)]) == 3, "an album is answered once"

    await asyncio.gather(*(people.press(reader, message, "تمام") for message in (first, more)))
    await people.wait_for(reader, lambda m: "به تحریریه رسید" in text_of(m), after=more["message_id"])
    card = await people.wait_for(owner, lambda m: "پیام خواننده" in text_of(m))
    assert "کسی آسیب ندید" in text_of(card)
    assert "۳ عکس" in text_of(card)
    assert "خواننده" in text_of(card)
    home = await telegram.ask(owner, "/desk", button="پیام‌ها (۱)")
    await people.press(owner, home, "پیام‌ها (۱)")
    listed = await people.wait_for(owner, lambda m: "یکی را باز کنید" in text_of(m), after=home["message_id"])
    assert any("پل شهر فرو ریخت" in label for label in buttons_of(listed))
    await people.press(owner, card, "فایل‌ها")
    await people.wait_for(owner, lambda m: "voice" in m, after=listed["message_id"])
    await people.wait_for(owner, lambda m: "video_note" in m, after=listed["message_id"])

    await asyncio.gather(*(people.press(owner, card, "ساختن پیش‌نویس") for _ in range(2)))
    preview = await people.wait_for(
        owner, lambda m: any("انتشار" in words for words in buttons_of(m)), after=card["message_id"]
    )
    assert "پل شهر فرو ریخت" in text_of(preview)
    assert "عکس از پل" in text_of(preview)
    await app.heard()
    assert len(app.rows("SELECT id FROM article")) == 1, "a second press makes no second draft"
    assert app.rows("SELECT state, article_id FROM tip") == [("used", 1)]
    await people.wait_for(reader, lambda m: "خبری آماده می‌کند" in text_of(m))
    await _becomes(telegram, card, until, "پیش‌نویس شد")
    late = await people.press(reader, await _last_with(telegram, reader, "پس گرفتن"), "پس گرفتن")
    assert "دیگر در انتظار نیست" in late["text"]

    await people.press(owner, preview, "انتشار")
    told = await people.wait_for(reader, lambda m: "منتشر شد" in text_of(m))
    assert "پل شهر فرو ریخت" in text_of(told)
    await people.press(reader, told, "خواندن خبر")
    opened = await people.wait_for(reader, lambda m: "کسی آسیب ندید" in text_of(m), after=told["message_id"])
    assert any("پیوست" in words or "عکس" in words for words in buttons_of(opened))
    assert [row[0] for row in app.rows("SELECT action FROM audit WHERE action LIKE '%tip%'")] == ["use_tip"]
    assert await people.refused() == []


async def _becomes(
    telegram: Telegram, card: dict[str, Any], until: Callable[..., Any], words: str
) -> dict[str, Any]:
    """Wait until a card says so, and return it."""

    async def now() -> dict[str, Any] | None:
        there = await telegram.now(card)
        return there if words in text_of(there) else None

    return dict(await until(now))


async def _last_with(telegram: Telegram, user_id: int, words: str) -> dict[str, Any]:
    held = await telegram.people.messages(user_id, by_bot=True)
    return next(message for message in reversed(held) if any(words in label for label in buttons_of(message)))


@pytest.mark.long
async def test_a_tip_is_read_declined_or_retracted_and_a_discarded_draft_gives_it_back(
    app: PeykApp, telegram: Telegram, until: Callable[..., Any]
) -> None:
    people, owner, reader = telegram.people, telegram.owner, telegram.reader
    await app.running(telegram)
    await _send(telegram, reader, "خبر یکم از محله")
    card = await people.wait_for(owner, lambda m: "خبر یکم" in text_of(m))
    await people.press(owner, card, "خواندم")
    read = await _becomes(telegram, card, until, "خوانده شد")
    await people.wait_for(reader, lambda m: "تحریریه پیام شما را خواند" in text_of(m))
    assert "تصمیم گرفته شده" in (await people.press(owner, card, "خواندم"))["text"]
    await people.press(owner, read, "ساختن پیش‌نویس")
    preview = await people.wait_for(owner, lambda m: any("انتشار" in words for words in buttons_of(m)))
    asked = await _pressed(telegram, owner, preview, "حذف")
    await people.press(owner, asked, "بله")
    await app.heard()
    assert app.rows("SELECT state, article_id FROM tip") == [("read", None)]
    back = await people.wait_for(owner, lambda m: any("رد محترمانه" in words for words in buttons_of(m)))
    await people.press(owner, back, "رد محترمانه")
    declined = await _becomes(telegram, back, until, "رد شد")
    assert not buttons_of(declined)
    await people.wait_for(reader, lambda m: "این بار خبری از آن آماده نمی‌کنیم" in text_of(m))

    sent = await _send(telegram, reader, "خبر دوم از محله")
    second = await people.wait_for(owner, lambda m: "خبر دوم" in text_of(m))
    await people.press(reader, sent, "پس گرفتن")
    await people.wait_for(reader, lambda m: "پس گرفته شد" in text_of(m), after=sent["message_id"])
    gone = await people.press(owner, second, "ساختن پیش‌نویس")
    assert "تصمیم گرفته شده" in gone["text"]
    assert "خبر دوم" not in text_of(await _becomes(telegram, second, until, "پس گرفت"))
    assert app.rows("SELECT text FROM tip WHERE state = 'deleted'") == [("",)]
    acts = [row[0] for row in app.rows("SELECT action FROM audit WHERE action LIKE '%tip%' ORDER BY id")]
    assert acts == ["read_tip", "use_tip", "decline_tip"]


@pytest.mark.long
async def test_who_sends_too_much_waits_and_who_is_silenced_sends_nothing(
    app: PeykApp, telegram: Telegram, until: Callable[..., Any]
) -> None:
    people, owner, reader = telegram.people, telegram.owner, telegram.reader
    await app.running(telegram)
    long = await telegram.ask(reader, "/tip", button="لغو")
    (sent, *_) = await people.say(reader, "بلند " * 700)
    await people.wait_for(reader, lambda m: "حداکثر ۳۰۰۰ نویسه" in text_of(m), after=sent)
    await people.press(reader, long, "لغو")
    await people.wait_for(reader, lambda m: "انصراف" in text_of(m), after=sent)
    for number in ("یکم", "دوم", "سوم"):
        await _send(telegram, reader, f"پیام {number} محرمانه")
    assert "دقیقهٔ دیگر" in text_of(await telegram.ask(reader, "/tip"))
    app.change("UPDATE tip SET created_at = created_at - 3600000")
    assert "هنوز در انتظار" in text_of(await telegram.ask(reader, "/tip سلام"))
    card = await people.wait_for(owner, lambda m: "پیام دوم" in text_of(m))
    asked = await _pressed(telegram, owner, card, "مسدود")
    assert "مسدود شود؟" in text_of(asked)
    shown = await _pressed(telegram, owner, asked, "بازگشت")
    assert buttons_of(shown) == buttons_of(card)
    asked = await _pressed(telegram, owner, shown, "مسدود")
    await people.press(owner, asked, "بله")
    await _becomes(telegram, card, until, "نویسنده مسدود است")
    assert app.rows("SELECT DISTINCT state FROM tip") == [("declined",)]
    assert "بسته شده" in text_of(await telegram.ask(reader, "/tip"))
    assert not any("این بار" in text_of(m) for m in await people.messages(reader, by_bot=True))
    for invented in ("tips:0", "tip:open:1", "tip:draft:1", "tip:1:read", "untip:1"):
        where = {"user_id": reader, "chat_id": reader, "message_id": long["message_id"]}
        answer = await people.do("press", data=invented, **where)
        assert answer["alert"]
        assert "محرمانه" not in answer["text"]
