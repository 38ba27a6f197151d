"""A third language: whose Telegram speaks Arabic is spoken to in Arabic, with Arabic digits, until they choose."""

import re

import pytest

from sandbox.client import text_of
from tests.bidi import from_the_left, loose
from tests.flows.conftest import PeykApp, Telegram, buttons_of

_TITLE = "Apple and FIFA sign a deal for 2026."
_ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_OTHERS_DIGITS = str.maketrans("", "", "۰۱۲۳۴۵۶۷۸۹")


async def test_an_arabic_reader_follows_reads_and_changes_the_language(app: PeykApp, telegram: Telegram) -> None:
    await app.running(telegram)
    reader = await telegram.people.person("John", language_code="ar-EG")
    welcome = await telegram.ask(reader, "/start")
    assert "ساعي أخبارك" in text_of(welcome)
    assert "☑️ اختيار الأقسام" in buttons_of(welcome)
    followed = await telegram.ask(reader, "/subscribe رياضه، علوم وتكنولوجيا")
    assert "ستصلك الأخبار الجديدة: \u2068رياضة، علوم وتكنولوجيا\u2069" in text_of(followed)
    article = await telegram.publish(_TITLE, "ورزشی", "Reuters. Nothing else is known.")
    number = str(article).translate(_ARABIC)
    pushed = await telegram.people.wait_for(reader, lambda message: _TITLE in text_of(message))
    text = text_of(pushed)
    assert f"\u200f\u2068{_TITLE}\u2069" in text
    assert f"رقم الخبر: {number}" in text
    assert "#رياضة" in text
    assert re.search("^🗓 (?:[ء-ي]+) [٠-٩]{1,2} [ء-ي]+ ٢٠[٠-٩]{2}، الساعة [٠-٩]{2}:[٠-٩]{2}$", text, re.MULTILINE)
    assert buttons_of(pushed)["النص الكامل"].endswith(f"start=a_{article}")
    full = await telegram.ask(reader, number)
    assert f"رقم الخبر: {number}" in text_of(full)
    assert full["rich_message"]["is_rtl"] is False
    assert "حفظ" in " ".join(buttons_of(full))
    await telegram.people.press(reader, full, "حفظ")
    for words, told in (
        ("/category رياضه", "أخبار قسم: \u2068رياضة\u2069"),
        ("/category طقس", "لا قسم باسم"),
        ("/latest ٣", "آخر الأخبار"),
        ("/search category:رياضة FIFA", "في قسم \u2068رياضة\u2069"),
        ("/saved", "الأخبار المحفوظة"),
        ("/article ٩٩", "لا يوجد خبر بالرقم ٩٩"),
        ("/digest", _TITLE),
        ("/help", "\u200f\u2068/latest\u2069 آخر الأخبار"),
    ):
        assert told in text_of(await telegram.ask(reader, words)), words
    for message in await telegram.people.messages(reader, by_bot=True):
        if "rich_message" not in message:
            assert from_the_left(text_of(message)) == []
            assert text_of(message) == text_of(message).translate(_OTHERS_DIGITS)

    panel = await telegram.ask(reader, "/settings")
    assert "اللغة: \u2068العربية\u2069" in text_of(panel)
    await telegram.people.press(reader, panel, "English")
    assert "Language: \u2068English\u2069" in text_of(await telegram.now(panel))
    assert f"News number: {article}" in text_of(await telegram.ask(reader, number))
    await telegram.people.press(reader, panel, "العربية")
    assert "✅ العربية" in buttons_of(await telegram.now(panel))
    assert "مساعدة «بيك»" in text_of(await telegram.ask(reader, "/help"))
    assert await telegram.people.refused() == []


@pytest.mark.long
async def test_an_arabic_colleague_writes_and_sees_the_newsroom_in_arabic(app: PeykApp, telegram: Telegram) -> None:
    await app.running(telegram)
    author = await telegram.people.person("Jane", language_code="ar")
    await telegram.ask(author, "/start")
    invitation = await telegram.ask(telegram.owner, "/invite editor")
    joined = await telegram.ask(author, f"/start {text_of(invitation).rsplit('start=', 1)[1].strip()}")
    assert "دورك: \u2068محرر\u2069" in text_of(joined)
    draft = await telegram.ask(author, f"/post رياضة\n{_TITLE}\n\nReuters", button="نشر")
    assert "معاينة الخبر" in text_of(draft)
    number = buttons_of(draft)["📣 نشر"].split(":")[1]
    planned = await telegram.ask(author, f"/publish {number} +٢h")
    assert "(بعد \u2068نحو ساعتين\u2069)" in text_of(planned)
    for words in ("/drafts", "/planned", "/outbox", "/sources", "/channels", "/audit", "/comments", "/breaking ١٢"):
        await telegram.ask(author, words)
    for message in await telegram.people.messages(author, by_bot=True):
        if message["message_id"] == draft["message_id"]:
            continue  # an English article runs from the left, whoever sees it
        assert from_the_left(text_of(message)) == []
        assert loose(text_of(message).replace(_TITLE, "")) == []
    menus = telegram.running.state.commands
    assert any('"ar"' in key and "all_private_chats" in key for key in menus)
    assert await telegram.people.refused() == []
