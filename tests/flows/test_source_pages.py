"""An item's page, and what is done where it says something else, nothing, or is not the article."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from persian.jalali import format_ascii
from sandbox.client import text_of
from tests.flows.conftest import PeykApp, Telegram
from tests.flows.news_site import NewsSite, article_page
from tests.variations import first_and_long

_NOW = datetime.now(UTC)
_BODY = [
    "نمایندگان دوازده استان در نشست امروز دربارهٔ راه‌های تازهٔ حمل‌ونقل گفت‌وگو کردند و گزارش کارها خوانده شد.",
    "در بخش دوم نشست پیشنهادها برای سال آینده بررسی شد و دبیرخانه آن‌ها را برای تصویب ثبت کرد.",
]
_CONSENT = """<!doctype html><html lang="fa"><head><title>تنظیمات رضایت شما</title></head><body>
<h1>پیش از ورود، دربارهٔ کوکی‌ها تصمیم بگیرید</h1><p>این سایت و شریکانش برای نمایش آگهی و سنجش بازدید از کوکی بهره
می‌برند. با فشردن دکمهٔ پذیرش با سیاست حریم خصوصی ما موافقت می‌کنید.</p><button>می‌پذیرم</button></body></html>"""
_CHALLENGE = """<!doctype html><html lang="en"><head><title>Just a moment...</title></head><body>
<h1>Checking your browser before accessing the site</h1><p>This process is automatic. Your browser will redirect to
your requested content shortly. Please enable JavaScript and cookies to continue.</p></body></html>"""


def _page(title: str, number: int, body: list[str] = _BODY) -> str:
    date = format_ascii(int(_NOW.timestamp() * 1000), ZoneInfo("Asia/Tehran"))
    return article_page(title, number, date, body, lead="لید صفحه.")


@pytest.fixture
async def begun(app: PeykApp, telegram: Telegram, site: NewsSite, until: Callable[..., Any]) -> int:
    """A channel, and a source whose first fetch is done."""
    channel = await telegram.channel()
    site.add_item(901, "خبر آغازین")
    site.put(
        "/news/901/x",
        _page("خبر آغازین", 901, ["متنی دیگر از روزی دیگر که به هیچ‌یک از خبرهای پس از آن ربطی ندارد."]),
    )
    await app.running(telegram)
    await app.cli("sources", "add", f"{site.url}/feed.xml", "--category", "عمومی")

    async def fetched() -> bool:
        # Its page is read as well: no test waits for a parser that is only starting.
        return bool(app.rows("SELECT 1 FROM page_visit JOIN source ON fetched_at IS NOT NULL WHERE visits = 1"))

    await until(fetched)
    return channel


@pytest.mark.parametrize("wall", first_and_long([_CONSENT, _CHALLENGE]), ids=["consent", "challenge"])
async def test_a_wall_never_replaces_the_headline_and_the_page_is_tried_again(
    app: PeykApp, telegram: Telegram, site: NewsSite, until: Callable[..., Any], begun: int, wall: str
) -> None:
    site.put("/news/902/x", wall)
    site.add_item(902, "بازگشایی راه‌آهن شرق", summary="راه‌آهن شرق پس از دو سال بازسازی امروز بازگشایی شد.")
    posted = await telegram.people.wait_for(begun, lambda m: "بازگشایی راه‌آهن شرق" in text_of(m))
    assert "راه‌آهن شرق پس از دو سال" in text_of(posted)

    async def doubted() -> bool:
        return bool(app.rows("SELECT 1 FROM page_visit WHERE article_id = 902 AND doubt = 'wall'"))

    await until(doubted)
    site.put("/news/902/x", _page("بازگشایی راه‌آهن شرق", 902))
    app.change("UPDATE page_visit SET due_at = 0 WHERE article_id = 902")

    async def read() -> bool:
        return bool(app.rows("SELECT 1 FROM page_visit WHERE article_id = 902 AND visits = 1"))

    await until(read)
    opened = await telegram.ask(telegram.reader, "/article 902")
    assert _BODY[1] in text_of(opened)
    titles = app.rows("SELECT title FROM revision WHERE article_id = 902")
    assert {title for (title,) in titles} == {"بازگشایی راه‌آهن شرق"}


@pytest.mark.long
async def test_a_correction_reaches_posts_where_pages_cannot_be_read_and_pages_are_left_in_peace(
    telegram: Telegram, site: NewsSite, until: Callable[..., Any], begun: int
) -> None:
    site.put("/news/903/x", "forbidden", status=403)
    site.add_item(903, "سه نفر زخمی شدند", summary="در این رویداد سه نفر زخمی شدند.")
    posted = await telegram.people.wait_for(begun, lambda m: "سه نفر زخمی شدند" in text_of(m))
    site.items[0] |= {"title": "پنج نفر زخمی شدند", "summary": "در این رویداد پنج نفر زخمی شدند."}
    site.publish()

    async def corrected() -> bool:
        return "پنج نفر زخمی شدند" in text_of(await telegram.now(posted))

    await until(corrected)
    assert site.asked.count("/news/903/x") <= 3


@pytest.mark.long
async def test_a_headline_that_a_feed_corrects_stands_whatever_a_cache_keeps_of_its_page(
    app: PeykApp, telegram: Telegram, site: NewsSite, until: Callable[..., Any], begun: int
) -> None:
    first, corrected = "سه استان بارانی می‌شود", "چهار استان بارانی می‌شود"
    site.put("/news/904/x", _page(first, 904))
    site.add_item(904, first, summary="سازمان هواشناسی از بارش در استان‌ها خبر داد.")
    posted = await telegram.people.wait_for(begun, lambda m: first in text_of(m))

    async def reads(words: str) -> bool:
        return words in text_of(await telegram.now(posted))

    async def visited(times: int) -> bool:
        return bool(app.rows(f"SELECT 1 FROM page_visit WHERE article_id = 904 AND visits >= {times}"))

    await until(lambda: visited(1))
    # The page is another one at each request, and bears the headline of before.
    site.put("/news/904/x", _page(first, 904).replace("</body>", "<!-- 2 --></body>"))
    site.items[0]["title"] = corrected
    site.publish()
    await until(lambda: reads(corrected))
    await until(lambda: visited(2))
    site.put("/news/904/x", _page(first, 904, [*_BODY, "به‌روزرسانی: بارش‌ها تا پایان هفته ادامه دارد."]))
    app.change("UPDATE page_visit SET due_at = 0 WHERE article_id = 904")
    await until(lambda: visited(3))
    opened = await telegram.ask(telegram.reader, "/article 904")
    assert corrected in text_of(opened)
    assert "تا پایان هفته ادامه دارد" in text_of(opened)
    assert await reads(corrected)
    # A page that has caught up has the last word again.
    site.put("/news/904/x", _page(f"{corrected}، دو استان برفی", 904))
    app.change("UPDATE page_visit SET due_at = 0 WHERE article_id = 904")
    await until(lambda: visited(4))
    (last,) = app.rows("SELECT title FROM revision WHERE article_id = 904 ORDER BY number DESC LIMIT 1")
    assert last == (f"{corrected}، دو استان برفی",)


@pytest.mark.long
async def test_undated_items_whose_pages_are_old_are_not_news(
    app: PeykApp, telegram: Telegram, site: NewsSite, until: Callable[..., Any], begun: int
) -> None:
    site.put("/news/904/x", article_page("خبر سال‌های دور", 904, "سه‌شنبه 1398/05/01 ساعت 10:00", _BODY))
    site.add_item(904, "خبر سال‌های دور", date="")
    site.put("/news/905/x", _page("خبر امروز", 905))
    site.add_item(905, "خبر امروز", date="")
    await telegram.people.wait_for(begun, lambda m: "خبر امروز" in text_of(m))

    async def stored() -> bool:
        return bool(app.rows("SELECT 1 FROM article WHERE id = 904"))

    await until(stored)
    assert not [m for m in await telegram.people.messages(begun, by_bot=True) if "سال‌های دور" in text_of(m)]


@pytest.mark.long
async def test_of_many_undated_items_those_below_old_pages_are_old_too(
    app: PeykApp, telegram: Telegram, site: NewsSite, until: Callable[..., Any], begun: int
) -> None:
    for number in range(921, 933):  # more than one host is asked for at once
        page = article_page(f"خبر بایگانی {number}", number, "سه‌شنبه 1398/05/01 ساعت 10:00", _BODY)
        site.put(f"/news/{number}/x", page)
        site.items.insert(
            0,
            {"title": f"خبر بایگانی {number}", "link": f"{site.url}/news/{number}/x", "summary": "", "date": "", "category": ""},
        )  # fmt: skip
    site.publish()

    async def stored() -> bool:
        return app.rows("SELECT count(*) FROM article WHERE id BETWEEN 921 AND 932") == [(12,)]

    await until(stored)
    assert app.rows("SELECT count(*) FROM fan_out WHERE article_id BETWEEN 921 AND 932") == [(0,)]


@pytest.mark.long
async def test_the_page_of_an_undated_item_dates_it_however_late_it_is_read(
    app: PeykApp, telegram: Telegram, site: NewsSite, until: Callable[..., Any], begun: int
) -> None:
    site.put("/news/906/x", article_page("خبر سال‌های دور", 906, "سه‌شنبه 1398/05/01 ساعت 10:00", _BODY), status=503)
    site.add_item(906, "خبر سال‌های دور", date="")

    async def tried() -> bool:
        return bool(app.rows("SELECT 1 FROM page_visit WHERE article_id = 906 AND failures > 0"))

    await until(tried)
    site.pages["/news/906/x"].status = 200
    app.change("UPDATE page_visit SET due_at = 0 WHERE article_id = 906")

    async def read() -> bool:
        return bool(app.rows("SELECT 1 FROM page_visit WHERE article_id = 906 AND visits = 1"))

    await until(read)
    listed = [line.split("\t") for line in (await app.cli("articles", "list")).stdout.splitlines()]
    assert [date for number, _, date, *_ in listed if number == "906"] == ["1398/05/01 10:00"]
    latest = text_of(await telegram.ask(telegram.reader, "/latest"))
    assert 0 < latest.index("خبر آغازین") < latest.index("خبر سال‌های دور")


@pytest.mark.long
async def test_one_story_of_two_sites_is_pushed_once_and_shown_under_the_first(
    app: PeykApp, telegram: Telegram, until: Callable[..., Any], begun: int, site: NewsSite
) -> None:
    other = NewsSite()
    await other.start()
    try:
        other.add_item(501, "تیتر آغازین روزنامهٔ دیگر")
        await app.cli("sources", "add", f"{other.url}/feed.xml", "--category", "عمومی")

        async def both() -> bool:
            return app.rows("SELECT count(*) FROM source WHERE fetched_at IS NOT NULL") == [(2,)]

        await until(both)
        site.put("/news/906/x", _page("گفت‌وگوی نمایندگان دربارهٔ حمل‌ونقل", 906))
        site.add_item(906, "گفت‌وگوی نمایندگان دربارهٔ حمل‌ونقل", summary=_BODY[0])
        await telegram.people.wait_for(begun, lambda m: "گفت‌وگوی نمایندگان" in text_of(m))
        other.put("/news/502/x", _page("نشست حمل‌ونقل با نمایندگان دوازده استان", 502))
        other.add_item(502, "نشست حمل‌ونقل با نمایندگان دوازده استان", summary=_BODY[0])

        async def folded() -> bool:
            return app.rows("SELECT story_id FROM article WHERE state = 'folded'") == [(906,)]

        await until(folded)
        opened = await telegram.ask(telegram.reader, "/article 906", button="در دیگر رسانه‌ها")
        await telegram.people.press(telegram.reader, opened, "در دیگر رسانه‌ها")
        listed = await telegram.people.wait_for(
            telegram.reader, lambda m: "نشست حمل‌ونقل" in text_of(m), after=opened["message_id"]
        )
        assert f"{other.url}/news/502/x" in str(listed)
        posts = await telegram.people.messages(begun, by_bot=True)
        assert not [m for m in posts if "نشست حمل‌ونقل" in text_of(m)]
    finally:
        await other.stop()


async def test_a_page_that_is_gone_is_asked_about_once_and_its_text_stays(
    app: PeykApp, telegram: Telegram, site: NewsSite, until: Callable[..., Any], begun: int
) -> None:
    site.put("/news/907/x", _page("خبری که برداشته می‌شود", 907))
    site.add_item(907, "خبری که برداشته می‌شود")
    await telegram.people.wait_for(begun, lambda m: "برداشته می‌شود" in text_of(m))
    site.put("/news/907/x", "gone", status=410)
    app.change("UPDATE page_visit SET due_at = 0 WHERE article_id = 907")
    asked = await telegram.people.wait_for(telegram.owner, lambda m: "برداشته می‌شود" in text_of(m))
    assert asked["reply_markup"]["inline_keyboard"]
    app.change("UPDATE page_visit SET due_at = 0 WHERE article_id = 907")
    opened = await telegram.ask(telegram.reader, "/article 907")
    assert _BODY[0] in text_of(opened)

    async def looked() -> bool:
        return app.rows("SELECT due_at > 1000 FROM page_visit WHERE article_id = 907") == [(1,)]

    await until(looked)
    messages = await telegram.people.messages(telegram.owner, by_bot=True)
    assert len([m for m in messages if "برداشته می‌شود" in text_of(m)]) == 1
