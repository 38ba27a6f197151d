"""A part is changed without writing it again: its text to copy, words replaced, one paragraph chosen."""

from typing import Any

import pytest

from sandbox.client import text_of
from tests.flows.conftest import PeykApp, Telegram, buttons_of
from tests.peyk_app import says

_BOLD = [{"type": "bold", "offset": 0, "length": 3}]
_POST = (
    "/post سیاسی\nنشست در تهران\n\nلید از تهران.\n\n"
    "بند نخست از تهران که بلندتر از شصت نویسه است و با نقطه به پایان می‌رسد.\n"
    "بند دوم که بلندتر از شصت نویسه است و با نقطه به پایان خودش می‌رسد."
)


async def _press(telegram: Telegram, message: dict[str, Any], button: str, *words: str) -> dict[str, Any]:
    """Press a button and return the next message with these words."""
    newest = max(other["message_id"] for other in await telegram.people.messages(telegram.owner))
    await telegram.people.press(telegram.owner, message, button)
    return await telegram.people.wait_for(telegram.owner, says(*words), after=newest)


def _codes(message: dict[str, Any]) -> list[str]:
    text = text_of(message)
    return [
        text[entity["offset"] : entity["offset"] + entity["length"]]
        for entity in message.get("entities", [])
        if entity["type"] in ("code", "pre")
    ]


async def test_a_draft_is_changed_by_words_and_by_paragraph(app: PeykApp, telegram: Telegram) -> None:
    await app.running(telegram)
    await telegram.ask(telegram.owner, _POST, button="انتشار")
    parts = await telegram.ask(telegram.owner, "/edit 1", button="جایگزینی")
    title = await _press(telegram, parts, "تیتر", "تیتر تازه")
    assert _codes(title) == ["نشست در تهران"]
    body = await _press(telegram, parts, "متن", "متن تازه")
    before = (await telegram.people.messages(telegram.owner, by_bot=True))[-2]
    assert _codes(before) == [text_of(before)]
    assert "بند دوم که" in text_of(before)

    # Nothing found is told, and the question stays.
    await _press(telegram, body, "جایگزینی", "کدام واژه‌ها")
    assert "پیدا نشد" in text_of(await telegram.ask(telegram.owner, "شیراز"))
    by = await telegram.ask(telegram.owner, "تهران")
    assert "۳ جای" in text_of(by)
    card = await telegram.ask(telegram.owner, "مشهد", button="بله")
    for words in ("۳ جای", "نشست در تهران", "نشست در مشهد", "لید از مشهد", "بند نخست از مشهد"):
        assert words in text_of(card)
    assert "بند دوم" not in text_of(card)
    changed = await _press(telegram, card, "بله", "پیش‌نمایش")
    assert "تهران" not in text_of(changed)
    data = buttons_of(card)
    for button in data.values():
        await telegram.people.do(
            "press", user_id=telegram.owner, chat_id=telegram.owner, message_id=card["message_id"], data=button
        )
    assert app.rows("SELECT revision FROM article") == [(2,)]
    once = await telegram.ask(telegram.owner, "/edit 1", button="جایگزینی")
    await _press(telegram, once, "جایگزینی", "کدام واژه‌ها")
    card = await telegram.ask(telegram.owner, "به‌جای نشست بنویس همایش", button="بله")
    await _press(telegram, card, "بله", "همایش در مشهد")

    listed = await telegram.ask(telegram.owner, "/edit 1", button="¶ ۲")
    assert "۲. بند دوم که" in text_of(listed)
    question = await _press(telegram, listed, "¶ ۲", "متن تازهٔ این بند")
    assert "بند دوم که" in text_of((await telegram.people.messages(telegram.owner, by_bot=True))[-2])
    preview = await telegram.ask(telegram.owner, "بند تازه.", entities=_BOLD, button="پیش‌نویس")
    assert "بند تازه" in text_of(preview)
    assert "بند نخست از مشهد" in text_of(preview)
    assert "بند دوم" not in text_of(preview)
    # Buttons of an older revision change nothing.
    assert (await telegram.people.press(telegram.owner, listed, "¶ ۱"))["alert"]
    assert (await telegram.people.press(telegram.owner, question, "حذف این بند"))["alert"]
    assert app.rows("SELECT revision FROM article") == [(4,)]
    # A formatted paragraph is copied with its formatting: it is no code.
    listed = await telegram.ask(telegram.owner, "/edit 1", button="¶ ۲")
    question = await _press(telegram, listed, "¶ ۲", "متن تازهٔ این بند")
    copied = (await telegram.people.messages(telegram.owner, by_bot=True))[-2]
    assert [entity["type"] for entity in copied["entities"]] == ["bold"]
    gone = await _press(telegram, question, "حذف این بند", "پیش‌نمایش")
    assert "بند تازه" not in text_of(gone)


@pytest.mark.long
async def test_a_body_ends_as_its_buttons_say_and_no_part_of_it_becomes_a_note(
    app: PeykApp, telegram: Telegram
) -> None:
    channel = await telegram.channel()
    await app.running(telegram)
    await telegram.publish("خبر ساده", text="لید.\n\nبند کهنه.")
    await telegram.people.wait_for(channel, says("خبر ساده"))
    parts = await telegram.ask(telegram.owner, "/correct 1", button="متن")
    asked = await _press(telegram, parts, "متن", "متن تازه")
    assert any("تمام" in words for words in buttons_of(asked))
    await telegram.ask(telegram.owner, "بند یکم.", button="تمام")
    await telegram.people.say(telegram.owner, "بند دوم.")
    card = await _press(telegram, asked, "تمام", "چه چیزی اصلاح شد", "بند یکم.", "بند دوم.")
    await telegram.people.press(telegram.owner, card, "بله")
    opened = await telegram.ask(telegram.reader, "/article 1", button="نظرات")
    assert "بند دوم." in text_of(opened)
    assert "اصلاح شد:" not in text_of(opened)

    # Words of what readers have are replaced by a correction.
    parts = await telegram.ask(telegram.owner, "/correct 1", button="جایگزینی")
    await _press(telegram, parts, "جایگزینی", "کدام واژه‌ها")
    note = await telegram.ask(telegram.owner, "به‌جای ساده بنویس درست", button="بدون یادداشت")
    assert "چه چیزی اصلاح شد" in text_of(note)
    card = await telegram.ask(telegram.owner, "تیتر", button="بله، اصلاح")
    await telegram.people.press(telegram.owner, card, "بله")
    await telegram.people.wait_for(channel, says("خبر درست"))
    assert len(await telegram.people.messages(channel, by_bot=True)) == 1
