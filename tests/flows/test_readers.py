"""A reader's way: lists, categories, full text, search, following, saving, inline mode, languages."""

import asyncio

import pytest

from sandbox.client import text_of
from tests.flows.conftest import PeykApp, Telegram, buttons_of

_COPIED = """{category}
شناسه خبر : {number}
تاریخ انتشار : {date}
{title}
{title}
لید خبر {number} که در یک سطر می‌آید و به اندازهٔ کافی بلند است تا لید باشد.
پیک-گروه خبر: متن خبر {number} که به اندازهٔ کافی بلند است تا یک بند کامل باشد و تمام شود.
"""


async def _fill(app: PeykApp, count: int, category: str = "سیاسی", title: str = "خبر شمارهٔ") -> None:
    names = []
    for number in range(1, count + 1):
        name = f"{number}.txt"
        text = _COPIED.format(
            category=category,
            number=1000 + number,
            date=f"1404/10/{1 + number // 24:02} {number % 24:02}:00",
            title=f"{title} {number}",
        )
        (app.folder / name).write_text(text)
        names.append(name)
    done = await app.cli("import", *names, "--publish")
    assert done.returncode == 0, done.stderr


async def test_latest_is_paged_and_goes_by_the_articles_own_dates(app: PeykApp, telegram: Telegram) -> None:
    await _fill(app, 10)
    await app.running(telegram)
    first = await telegram.ask(telegram.reader, "/latest")
    assert "خبر شمارهٔ 10" in text_of(first)
    assert "خبر شمارهٔ 2\n" not in text_of(first)
    await telegram.people.press(telegram.reader, first, "بعد")
    messages = await telegram.people.messages(telegram.reader, by_bot=True)
    second = next(message for message in messages if message["message_id"] == first["message_id"])
    assert "خبر شمارهٔ 2\n" in text_of(second)
    assert "خبر شمارهٔ 10" not in text_of(second)
    await telegram.people.press(telegram.reader, second, "قبل")
    messages = await telegram.people.messages(telegram.reader, by_bot=True)
    back = next(message for message in messages if message["message_id"] == first["message_id"])
    assert text_of(back) == text_of(first)
    three = text_of(await telegram.ask(telegram.reader, "/latest ۳"))
    assert "خبر شمارهٔ 8" in three
    assert "خبر شمارهٔ 7" not in three
    assert "۱ تا ۳۰" in text_of(await telegram.ask(telegram.reader, "/latest many"))
    # What the first visit showed is known in the second, on every page of it.
    again = await telegram.ask(telegram.reader, "/latest")
    assert "خبر تازه‌ای نیامده" in text_of(again)
    await telegram.people.press(telegram.reader, again, "بعد")
    older = text_of(await telegram.now(again))
    assert "خبر تازه‌ای نیامده" in older
    assert "خبر شمارهٔ 2\n" in older


async def test_a_category_is_found_in_any_spelling(app: PeykApp, telegram: Telegram) -> None:
    await _fill(app, 1, "بین الملل")
    await app.running(telegram)
    for name in ("بین‌الملل", "بين الملل", "بینالملل", "international", "#بین_الملل"):
        assert "خبر شمارهٔ 1" in text_of(await telegram.ask(telegram.reader, f"/category {name}")), name
    assert "خبرهای \u2068بین‌الملل" in text_of(await telegram.ask(telegram.reader, "#بین_الملل"))
    unknown = await telegram.ask(telegram.reader, "/category ناکجا")
    assert "ناکجا" in text_of(unknown)
    await telegram.people.press(telegram.reader, unknown, "بین‌الملل")
    news = await telegram.people.wait_for(
        telegram.reader, lambda m: "خبر شمارهٔ 1" in text_of(m), after=unknown["message_id"]
    )
    assert "بین‌الملل" in text_of(news)


async def test_the_full_text_is_rich_and_falls_back_to_pages(app: PeykApp, telegram: Telegram) -> None:
    await _fill(app, 1)
    await app.running(telegram)
    rich = await telegram.ask(telegram.reader, "/article 1001")
    assert rich["rich_message"]["is_rtl"] is True
    await telegram.people.do("rich", on=False)
    plain = await telegram.ask(telegram.reader, "/article ۱۰۰۱")
    assert "rich_message" not in plain
    assert "متن خبر 1001" in text_of(plain)
    assert "پنجشنبه" in text_of(plain) or "شنبه" in text_of(plain)
    assert "نیست" in text_of(await telegram.ask(telegram.reader, "/article 99"))
    assert "شناسهٔ خبر نیست" in text_of(await telegram.ask(telegram.reader, "/article <b>"))


async def test_search_takes_any_spelling_and_any_hostile_words(app: PeykApp, telegram: Telegram) -> None:
    await _fill(app, 1, title="رئیس‌جمهور کتاب‌خانه را گشود")
    await app.running(telegram)
    for words in ("رئیس جمهور", "رييسجمهور", "کتابخانه", '"رئیس جمهور"', "«جمهور کتاب خانه»"):
        assert "1001" in text_of(await telegram.ask(telegram.reader, words)).translate(_ASCII), words
    for words in ('" OR 1=1 --', "/search", "/search ***", "<b>x</b> AND NOT", "نیست-آنچه-هست"):
        assert text_of(await telegram.ask(telegram.reader, words))
    assert await telegram.people.refused() == []


_ASCII = str.maketrans("۰۱۲۳۴۵۶۷۸۹", "0123456789")


async def test_following_a_category_brings_its_news_and_no_other(app: PeykApp, telegram: Telegram) -> None:
    await app.running(telegram)
    await telegram.ask(telegram.reader, "/subscribe ورزشی، علم و فناوری")
    for category, title in (("سیاسی", "خبر ناخواسته"), ("ورزشی", "خبر خواسته")):
        preview = await telegram.ask(telegram.owner, f"/post {category}\n{title}\n\nلید.")
        await telegram.people.press(telegram.owner, preview, "انتشار")
    await telegram.people.wait_for(telegram.reader, lambda m: "خبر خواسته" in text_of(m))
    texts = [text_of(message) for message in await telegram.people.messages(telegram.reader, by_bot=True)]
    assert not any("ناخواسته" in text for text in texts)
    sure = await telegram.ask(telegram.reader, "/unsubscribe", button="بله")
    assert "ورزشی" in text_of(sure)
    assert [button.get("style") for button in sure["reply_markup"]["inline_keyboard"][0]] == ["danger", None]
    await telegram.people.press(telegram.reader, sure, "لغو")
    assert "ورزشی" in text_of(await telegram.ask(telegram.reader, "/subscriptions"))
    sure = await telegram.ask(telegram.reader, "/unsubscribe", button="بله")
    # Where something else is followed by then, the button drops nothing.
    await telegram.ask(telegram.reader, "/subscribe فرهنگی")
    stale = await telegram.people.press(telegram.reader, sure, "بله")
    assert stale["alert"]
    assert "فرهنگی" in text_of(await telegram.ask(telegram.reader, "/subscriptions"))
    sure = await telegram.ask(telegram.reader, "/unsubscribe", button="بله")
    await telegram.people.press(telegram.reader, sure, "بله")
    assert "هیچ" in text_of(await telegram.now(sure))
    assert "چیزی را دنبال نمی‌کنید" in text_of(await telegram.ask(telegram.reader, "/unsubscribe"))


async def test_a_newcomer_has_three_buttons_and_everything_in_one_press(app: PeykApp, telegram: Telegram) -> None:
    await app.running(telegram)
    newcomer = await telegram.people.person("تازه‌وارد")
    welcome = await telegram.ask(newcomer, "/start")
    assert list(buttons_of(welcome)) == ["همهٔ خبرها", "☑️ انتخاب دسته‌ها", "تازه‌ترین خبرها"]
    await asyncio.gather(*(telegram.people.press(newcomer, welcome, "همهٔ خبرها") for _ in range(2)))
    assert "✅ همهٔ خبرها" in buttons_of(await telegram.now(welcome))
    followed = await telegram.ask(newcomer, "/subscribe")
    assert any("ورزشی" in label for label in buttons_of(followed))


async def test_saved_articles_are_found_again(app: PeykApp, telegram: Telegram) -> None:
    await _fill(app, 1)
    await app.running(telegram)
    opened = await telegram.ask(telegram.reader, "/start a_1001")
    await telegram.people.press(telegram.reader, opened, "ذخیره")
    assert "خبر شمارهٔ 1" in text_of(await telegram.ask(telegram.reader, "/saved"))


async def test_inline_mode_finds_and_leads_to_the_full_text(app: PeykApp, telegram: Telegram) -> None:
    await _fill(app, 3)
    await app.running(telegram)
    latest = await telegram.people.do("inline", user_id=telegram.reader, query="")
    assert [result["id"] for result in latest["results"]] == ["1003", "1002", "1001"]
    answer = await telegram.people.do("inline", user_id=telegram.reader, query="شماره 2")
    assert [result["id"] for result in answer["results"]] == ["1002"]
    button = answer["results"][0]["reply_markup"]["inline_keyboard"][0][0]
    assert button["url"].endswith("?start=a_1002")


@pytest.mark.long
async def test_a_card_that_was_chosen_inline_is_left_alone(app: PeykApp, telegram: Telegram) -> None:
    people, reader = telegram.people, telegram.reader
    await _fill(app, 1, title="/settings")
    await app.running(telegram)
    inline_answer = await people.do("inline", user_id=reader, query="")
    chosen = {"user_id": reader, "query_id": inline_answer["id"], "result_id": "1001"}
    card = (await people.do("inline/choose", **chosen))["message_id"]
    await telegram.ask(reader, "/latest")
    mine, answer = [message for message in await people.messages(reader) if message["message_id"] >= card][::2]
    assert (mine["via_bot"]["username"], "/settings" in text_of(mine)) == (
        telegram.running.state.me["username"],
        True,
    )
    assert "تازه‌ترین خبرها" in text_of(answer), "the first that the bot said since"


@pytest.mark.long
async def test_a_persons_telegram_speaks_until_they_choose(app: PeykApp, telegram: Telegram) -> None:
    await app.running(telegram)
    english = await telegram.people.person("Reader", language_code="en")
    assert "Welcome" in text_of(await telegram.ask(english, "/start"))
    panel = await telegram.ask(english, "/settings")
    await telegram.people.press(english, panel, "فارسی")
    assert "راهنمای پیک" in text_of(await telegram.ask(english, "/help"))
