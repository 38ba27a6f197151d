"""A reader's search: within a category and some days, hits in their context, what was meant, inline mode."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from persian.jalali import format_ascii
from sandbox.client import text_of
from tests.flows.conftest import PeykApp, Telegram, buttons_of

_PAGE = """{category}
شناسه خبر : {number}
تاریخ انتشار : {date}
{title}
{title}
{lead}
پیک-گروه خبر: {body}
"""
_LEAD = "لید خبر {number} که در یک سطر می‌آید و به اندازهٔ کافی بلند است تا لید باشد."
_BODY = "متن خبر {number} که به اندازهٔ کافی بلند است؛ بهای نفت در بازار جهانی بالا رفت و پایین آمد."


async def _publish(app: PeykApp, *news: tuple[int, str, str, str]) -> None:
    """Import articles, each a number, a category, a date and a title."""
    for number, category, date, title in news:
        page = _PAGE.format(
            number=number,
            category=category,
            date=date,
            title=title,
            lead=_LEAD.format(number=number),
            body=_BODY.format(number=number),
        )
        (app.folder / f"{number}.txt").write_text(page)
    done = await app.cli("import", *(f"{number}.txt" for number, *_ in news), "--publish")
    assert done.returncode == 0, done.stderr


def _numbers(text: str) -> list[int]:
    ascii_digits = text.translate(str.maketrans("۰۱۲۳۴۵۶۷۸۹", "0123456789"))
    return [number for number in range(1001, 1100) if f"{number} ·" in ascii_digits]


@pytest.mark.long
async def test_a_search_within_a_category_and_some_days(app: PeykApp, telegram: Telegram) -> None:
    await _publish(
        app,
        *((1000 + day, "ورزشی", f"1404/09/{day:02} 10:00", f"بازی روز {day}") for day in range(1, 12)),
        (1020, "اقتصادی", "1404/09/05 10:00", "بازار روز"),
        (1021, "علم و فناوری", "1404/10/01 10:00", "رئیس‌جمهور در آزمایشگاه"),
    )
    await app.running(telegram)
    ask = telegram.ask
    first = await ask(telegram.reader, "نفت دسته:ورزشی از ۱ آذر ۱۴۰۴ تا ۱۰ آذر ۱۴۰۴")
    assert _numbers(text_of(first)) == list(range(1003, 1011))
    assert "دستهٔ \u2068ورزشی\u2069 · از \u2068۱ آذر ۱۴۰۴\u2069 تا \u2068۱۰ آذر ۱۴۰۴\u2069" in text_of(first)
    assert "بهای نفت در بازار جهانی" in text_of(first)
    bold = [entity for entity in first["entities"] if entity["type"] == "bold"]
    units = text_of(first).encode("utf-16-le")
    bold_words = [
        units[2 * entity["offset"] : 2 * (entity["offset"] + entity["length"])].decode("utf-16-le")
        for entity in bold
    ]
    assert bold_words.count("نفت") == 8
    await telegram.people.press(telegram.reader, first, "بعد")
    second = await telegram.now(first)
    assert _numbers(text_of(second)) == [1001, 1002]
    await telegram.people.press(telegram.reader, second, "قبل")
    assert text_of(await telegram.now(first)) == text_of(first)

    for words, numbers in (
        ("category:economy", [1020]),
        ("دسته:علم_و_فناوری رییسجمهور", [1021]),
        ("دسته:ورزشی -روز تا ۱۴۰۴/۰۹/۱۱", []),
        ("نفت از 2025-12-22", [1021]),
        ("نفت تاریخ:۱۴۰۴/۰۹/۰۵", [1005, 1020]),
        ("بازار از بازی تا روز", []),
        ("آزمایشگاه‌های", [1021]),
        ("آزمایشگاهها", [1021]),
        ('"آزمایشگاهها"', []),
    ):
        assert _numbers(text_of(await ask(telegram.reader, words))) == numbers, words
    for words, said_back in (
        ("دسته:ناکجا نفت", "ورزشی"),
        ("نفت از ۳۱ آذر ۱۴۰۴", "چنین روزی در تقویم نیست"),
        ("از ۱۴۰۴/۰۹/۳۰ تا ۱۴۰۴/۰۹/۰۱", "پیش از آغازش"),
        ("دسته:ورزشی دسته:سیاسی", "یک دسته"),
        ("/search", "دسته:ورزشی"),
        ("/start search", "از ۱ مهر ۱۴۰۵"),
    ):
        assert said_back in text_of(await ask(telegram.reader, words)), words

    await ask(telegram.owner, "/retract 1021 اشتباه", button="بله")
    card = (await telegram.people.messages(telegram.owner, by_bot=True))[-1]
    await telegram.people.press(telegram.owner, card, "بله")
    assert _numbers(text_of(await ask(telegram.reader, "دسته:science"))) == []
    assert await telegram.people.refused() == []


async def test_who_finds_nothing_is_offered_what_they_meant(app: PeykApp, telegram: Telegram) -> None:
    await _publish(app, (1001, "اقتصادی", "1404/09/05 10:00", "قرآن‌پژوهان و نفت ایران"))
    await app.running(telegram)
    reader = telegram.reader
    nothing = await telegram.ask(reader, "نفط ایرن", button="منظورتان")
    assert "پیدا نشد" in text_of(nothing)
    assert "نفت ایران" in text_of(nothing)
    await telegram.people.press(reader, nothing, "منظورتان")
    corrected = await telegram.now(nothing)
    assert _numbers(text_of(corrected)) == [1001]
    stale = await telegram.people.press(reader, nothing, "منظورتان")
    assert stale["alert"] is True
    assert text_of(await telegram.now(nothing)) == text_of(corrected)

    spelled = await telegram.ask(reader, "قراان", button="منظورتان")
    assert "قرآن" in text_of(spelled)
    narrow = await telegram.ask(reader, "نفت دسته:اقتصادی از ۱۴۰۴/۱۰/۰۱", button="بدون بازه")
    assert len(buttons_of(narrow)) == 1
    app.kill()
    await app.running(telegram)
    await telegram.people.press(reader, narrow, "بدون بازه")
    assert _numbers(text_of(await telegram.now(narrow))) == [1001]
    elsewhere = await telegram.ask(reader, "نفت دسته:ورزشی -طلا", button="همهٔ دسته‌ها")
    await telegram.people.press(reader, elsewhere, "همهٔ دسته‌ها")
    assert _numbers(text_of(await telegram.now(elsewhere))) == [1001]
    assert "املای دیگری" in text_of(await telegram.ask(reader, "ققققق ژژژژژ"))
    assert await telegram.people.refused() == []


async def test_hits_are_shown_by_how_close_they_are(app: PeykApp, telegram: Telegram) -> None:
    people, reader = telegram.people, telegram.reader
    await _publish(
        app,
        (1001, "اقتصادی", "1404/09/01 10:00", "بازار جهانی و نفت خام"),
        (1002, "اقتصادی", "1404/09/02 10:00", "بهای نفت در بازار"),
        *((1000 + day, "ورزشی", f"1404/09/{day:02} 10:00", f"بازی روز {day}") for day in range(3, 12)),
    )
    await app.running(telegram)
    hits = await telegram.ask(reader, "بازار نفت")
    assert _numbers(text_of(hits)) == list(range(1004, 1012))
    await people.press(reader, hits, "نزدیک‌ترین‌ها")
    closest = await telegram.now(hits)
    assert "از ۱۱ خبر" in text_of(closest)
    assert _numbers(text_of(closest)) == [1001, 1002, *range(1006, 1012)]
    await people.press(reader, closest, "بعد")
    assert _numbers(text_of(await telegram.now(hits))) == [1003, 1004, 1005]
    await people.press(reader, await telegram.now(hits), "تازه‌ترین‌ها")
    assert text_of(await telegram.now(hits)) == text_of(hits)
    # One page has no order to choose.
    assert list(buttons_of(await telegram.ask(reader, "خام")).values()) == ["follow:search"]


@pytest.mark.long
async def test_inline_mode_speaks_the_language_of_the_search(app: PeykApp, telegram: Telegram) -> None:
    yesterday = datetime.now(UTC) - timedelta(days=1)
    lately = format_ascii(int(yesterday.timestamp() * 1000), ZoneInfo("Asia/Tehran"))
    await _publish(
        app,
        *((1001 + number, "ورزشی", f"1404/08/{1 + number:02} 10:00", f"بازی {number}") for number in range(21)),
        (1050, "اقتصادی", lately, "بازار"),
    )
    await app.running(telegram)

    async def typed(query: str, offset: str = "") -> dict[str, object]:
        return dict(await telegram.people.do("inline", user_id=telegram.reader, query=query, offset=offset))

    def ids(answer: dict[str, object]) -> list[str]:
        return [result["id"] for result in answer["results"]]  # type: ignore[attr-defined]

    assert ids(await typed(""))[0] == "1050"
    sports = await typed("دسته:ورزشی")
    assert ids(sports) == [str(number) for number in range(1021, 1001, -1)]
    assert ids(await typed("دسته:ورزشی", str(sports["next_offset"]))) == ["1001"]
    assert ids(await typed("نفت تاریخ:۳ روز اخیر")) == ["1050"]
    for query, words in (("چیزی که نیست", "پیدا نشد"), ("دسته:ناکجا", "نشناختم"), ("از ۳۱ آذر ۱۴۰۴", "نشناختم")):
        answer = await typed(query)
        assert ids(answer) == []
        assert words in answer["button"]["text"], query  # type: ignore[index]
        assert answer["button"]["start_parameter"] == "search"  # type: ignore[index]
    assert sports["button"] is None
    assert await telegram.people.refused() == []
