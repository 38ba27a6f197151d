"""Writing from a phone: formatting, fields and forwarded messages reach channels and readers as they were meant."""

from typing import Any

import pytest

from sandbox.client import text_of
from tests.flows.conftest import PeykApp, Telegram

_BODY = (
    "نقل بلند یک شاهد\nادامهٔ نقل\n- بند یکم\n- بند دوم\n"
    "جملهٔ پررنگ با پیوند و نشانی بد در پایان متن.\n#دریا #بندر_نوآباد"
)
_LINK = "https://example.org/?a=1&b=2"


def _at(text: str, words: str, kind: str, **more: str) -> dict[str, Any]:
    """Return the entity of some words, as a phone would tell it (no letter here takes two units)."""
    return {"type": kind, "offset": text.index(words), "length": len(words), **more}


def _marks(text: str) -> list[dict[str, Any]]:
    return [
        _at(text, "نقل بلند یک شاهد\nادامهٔ نقل", "expandable_blockquote"),
        _at(text, "پررنگ", "bold"),
        _at(text, "پیوند", "text_link", url=_LINK),
        _at(text, "نشانی بد", "text_link", url="tg://user?id=1"),
        _at(text, "بند یکم", "italic"),
    ]


def _marked(message: dict[str, Any]) -> set[tuple[str, str]]:
    """Return the formatted runs of a message: (kind, words)."""
    units = text_of(message).encode("utf-16-le")
    return {
        (e["type"], units[2 * e["offset"] : 2 * (e["offset"] + e["length"])].decode("utf-16-le"))
        for e in message.get("entities", [])
    }


async def _press(telegram: Telegram, message: dict[str, Any], words: str, answer: str) -> dict[str, Any]:
    """Press a button and return the next message that holds the words of `answer`."""
    await telegram.people.press(telegram.owner, message, words)
    return await telegram.people.wait_for(
        telegram.owner, lambda m: answer in text_of(m), after=message["message_id"]
    )


@pytest.mark.long
async def test_a_table_is_written_read_and_copied(app: PeykApp, telegram: Telegram) -> None:
    await app.running(telegram)
    text = "/post ورزشی\nجدول لیگ\n\nلید جدول.\n\nتیم | امتیاز\n---|---\nسپاهان | ۳۲\nملوان | ۳۰"
    preview = await telegram.ask(telegram.owner, text, button="انتشار")
    assert "سپاهان | ۳۲" in text_of(preview)
    await telegram.people.press(telegram.owner, preview, "انتشار")
    opened = await telegram.ask(telegram.reader, "/article 1", button="نظرات")
    (table,) = (block for block in opened["rich_message"]["blocks"] if block["type"] == "table")
    assert [[cell["text"] for cell in row] for row in table["cells"]] == [
        ["تیم", "امتیاز"],
        ["سپاهان", "۳۲"],
        ["ملوان", "۳۰"],
    ]
    assert await telegram.people.refused() == []


async def test_formatting_and_tags_of_a_post_in_one_message(app: PeykApp, telegram: Telegram) -> None:
    channel = await telegram.channel()
    await app.running(telegram)
    text = f"/post سیاسی\nتیتر خبر بندر\n\nلید خبر بندر.\n\n{_BODY}"
    preview = await telegram.ask(telegram.owner, text, button="انتشار", entities=_marks(text))
    assert {("blockquote", "نقل بلند یک شاهد\nادامهٔ نقل"), ("bold", "پررنگ"), ("text_link", "پیوند")} <= _marked(
        preview
    )
    assert not any("نشانی" in words for kind, words in _marked(preview) if kind == "text_link")
    await telegram.people.press(telegram.owner, preview, "انتشار")
    posted = await telegram.people.wait_for(channel, lambda m: "تیتر خبر بندر" in text_of(m))
    assert "#سیاسی #دریا #بندر_نوآباد" in text_of(posted)

    html = (await telegram.ask(telegram.reader, "/article 1", button="نظرات"))["rich_message"]["html"]
    for markup in (
        "<blockquote>نقل بلند یک شاهد",
        "<ul><li><i>بند یکم</i></li><li>بند دوم</li></ul>",
        "<b>پررنگ</b>",
        f'<a href="{_LINK.replace("&", "&amp;")}">پیوند</a>',
        "#سیاسی #دریا #بندر_نوآباد",
    ):
        assert markup in html, markup
    assert await telegram.people.refused() == []


async def test_a_forwarded_text_keeps_its_form_and_names_its_channel(app: PeykApp, telegram: Telegram) -> None:
    await app.running(telegram)
    await telegram.ask(telegram.owner, "/post ورزشی")
    await telegram.ask(telegram.owner, "تیتر از راه دور")
    await telegram.ask(telegram.owner, "لید از راه دور")
    chat = {"id": -1009, "type": "channel", "title": "کانال <الف>", "username": "alef"}
    origin = {"type": "channel", "date": 1, "chat": chat, "message_id": 7}
    told = await telegram.ask(telegram.owner, _BODY, entities=_marks(_BODY), forward_origin=origin)
    assert "کانال <الف>" in text_of(told).replace("\u2068", "").replace("\u2069", "")
    app.kill()
    await app.running(telegram)
    preview = await telegram.ask(telegram.owner, "تمام", button="انتشار")
    assert ("bold", "پررنگ") in _marked(preview)
    assert "https://t.me/alef/7" in [e.get("url") for e in preview["entities"]]
    assert "#ورزشی #دریا #بندر_نوآباد" in text_of(preview)

    parts = await telegram.ask(telegram.owner, "/edit 1", button="منبع")
    ask = await _press(telegram, parts, "منبع", "نشانی منبع")
    again = await _press(telegram, ask, "بدون منبع", "پیش‌نمایش")
    assert "منبع خبر" not in text_of(again)


@pytest.mark.long
async def test_section_tags_source_and_body_are_edited_and_corrected(app: PeykApp, telegram: Telegram) -> None:
    channel = await telegram.channel()
    await app.running(telegram)
    await telegram.publish("خبر ساده")
    await telegram.people.wait_for(channel, lambda m: "خبر ساده" in text_of(m))
    for part, words, shown in (
        ("سرویس", "گروه دریا", "گروه دریا"),
        ("برچسب", "#ایران، بین‌الملل", "#ایران #بین_الملل"),
        ("منبع", "example.org/news/3", "منبع خبر"),
    ):
        parts = await telegram.ask(telegram.owner, "/correct 1", button=part)
        await _press(telegram, parts, part, "بنویسید")
        if part == "منبع":
            assert "خوانا نیست" in text_of(await telegram.ask(telegram.owner, "javascript:alert(1)"))
        card = await telegram.ask(telegram.owner, words, button="بدون یادداشت")
        assert words.removeprefix("#") in text_of(card)
        await telegram.people.press(telegram.owner, card, "بله")
        assert shown in text_of(await telegram.ask(telegram.owner, "/preview 1"))
    await telegram.people.wait_for(channel, lambda m: "#سیاسی #ایران #بین_الملل" in text_of(m))
    assert len(await telegram.people.messages(channel, by_bot=True)) == 1
    opened = await telegram.ask(telegram.reader, "/article 1", button="نظرات")
    assert 'href="https://example.org/news/3"' in opened["rich_message"]["html"]

    # A body that only looks other than before is a change, too.
    parts = await telegram.ask(telegram.owner, "/edit 1", button="متن")
    await _press(telegram, parts, "متن", "متن تازه")
    bold = [{"type": "bold", "offset": 0, "length": 3}]
    more = await telegram.ask(telegram.owner, "سخن تازه در متن", button="تمام", entities=bold)
    card = await _press(telegram, more, "تمام", "چه چیزی اصلاح شد")
    await telegram.people.press(telegram.owner, card, "بله")
    assert ("bold", "سخن") in _marked(await telegram.ask(telegram.owner, "/preview 1"))
