"""Articles come in from a site and go out to a channel and to readers."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from sandbox.client import text_of
from tests.flows.conftest import PeykApp, Telegram
from tests.flows.news_site import NewsSite, article_page

_DATE = "چهارشنبه 1404/10/03 ساعت 15:16"
_PARAGRAPHS = [
    "پیک‌نیوز-گروه بین‌الملل: نمایندگان دوازده کشور در بندر نوآباد گرد هم آمدند و دربارهٔ مسیرهای تازه گفت‌وگو کردند.",
    "در بخش نخست نشست، کارشناسان گزارشی دربارهٔ وضعیت مسیرهای کشتیرانی دادند و راهکارهایی پیشنهاد شد.",
    "نشست بعدی بهار آینده برگزار می‌شود و دبیرخانهٔ دائمی آن در همین بندر آغاز به کار خواهد کرد.",
]


async def test_first_fetch_is_kept_and_only_what_comes_later_is_pushed(
    app: PeykApp, telegram: Telegram, site: NewsSite, until: Callable[..., Any]
) -> None:
    channel = await telegram.channel()
    site.add_item(501, "خبر کهنهٔ پیش از آغاز")
    site.put("/news/501/x", article_page("خبر کهنهٔ پیش از آغاز", 501, _DATE, _PARAGRAPHS))
    await app.running(telegram)
    added = await app.cli("sources", "add", f"{site.url}/feed.xml", "--category", "عمومی")
    assert added.returncode == 0, added.stderr

    async def listed() -> str:
        return (await app.cli("articles", "list")).stdout

    await until(lambda: _holds(listed, "501"))
    assert await telegram.people.messages(channel, by_bot=True) == []

    site.put("/news/502/x", article_page("خبر تازهٔ بندر", 502, _DATE, _PARAGRAPHS, lead="لید خبر تازه در یک سطر."))
    site.add_item(502, "خبر تازهٔ بندر")
    posted = await telegram.people.wait_for(channel, lambda m: "خبر تازهٔ بندر" in text_of(m))
    assert "لید خبر تازه" in text_of(posted)
    assert "#بین_الملل" in text_of(posted)
    assert "چهارشنبه ۳ دی ۱۴۰۴، ساعت ۱۵:۱۶" in text_of(posted)
    assert posted["reply_markup"]["inline_keyboard"][0][0]["url"].endswith("?start=a_502")

    opened = await telegram.ask(telegram.reader, "/start a_502")
    for paragraph in _PARAGRAPHS:
        assert paragraph in text_of(opened)
    assert "به این خبر ربطی ندارد" not in text_of(opened)
    assert len(await telegram.people.messages(channel, by_bot=True)) == 1
    assert await telegram.people.refused() == []


async def _holds(listed: Callable[[], Any], number: str) -> bool:
    return number in await listed()


async def test_an_item_without_its_page_comes_from_the_feed_and_the_page_later(
    app: PeykApp, telegram: Telegram, site: NewsSite, until: Callable[..., Any]
) -> None:
    channel = await telegram.channel()
    site.add_item(600, "نخستین")
    await app.running(telegram)
    await app.cli("sources", "add", f"{site.url}/feed.xml", "--category", "سیاسی")
    await until(lambda: _holds(lambda: _list(app), "600"))
    site.add_item(601, "خبر بی‌صفحه", summary="خلاصهٔ خوراک که باید فرستاده شود.")
    posted = await telegram.people.wait_for(channel, lambda m: "خبر بی‌صفحه" in text_of(m))
    assert "خلاصهٔ خوراک" in text_of(posted)
    assert "#سیاسی" in text_of(posted)


async def _list(app: PeykApp) -> str:
    return (await app.cli("articles", "list")).stdout


@pytest.mark.long
async def test_a_slow_page_does_not_hold_its_headline_back_and_is_read_afterwards(
    app: PeykApp, telegram: Telegram, site: NewsSite, until: Callable[..., Any]
) -> None:
    channel = await telegram.channel()
    site.add_item(610, "نخستین")
    await app.running(telegram)
    await app.cli("sources", "add", f"{site.url}/feed.xml", "--category", "سیاسی")
    await until(lambda: _holds(lambda: _list(app), "610"))
    site.put("/news/611/x", article_page("خبر صفحهٔ کند", 611, _DATE, _PARAGRAPHS), gate=(gate := asyncio.Event()))
    site.add_item(611, "خبر صفحهٔ کند", summary="خلاصهٔ خوراک که باید زود برسد.")
    posted = await telegram.people.wait_for(channel, lambda m: "خبر صفحهٔ کند" in text_of(m))
    assert "خلاصهٔ خوراک" in text_of(posted)
    gate.set()

    async def shown() -> bool:
        return _PARAGRAPHS[2] in (await app.cli("articles", "show", "611")).stdout

    await until(shown, seconds=30)
    # The page names another section: the post says so, and keeps the words that only the feed has.
    corrected = await telegram.people.wait_for(channel, lambda m: "#بین_الملل" in text_of(m))
    assert corrected["message_id"] == posted["message_id"]
    assert "خلاصهٔ خوراک" in text_of(corrected)
    assert len(await telegram.people.messages(channel, by_bot=True)) == 1


@pytest.mark.long
async def test_an_item_that_moves_is_the_same_article(
    app: PeykApp, telegram: Telegram, site: NewsSite, until: Callable[..., Any]
) -> None:
    channel = await telegram.channel()
    site.add_item(620, "نخستین")
    await app.running(telegram)
    await app.cli("sources", "add", f"{site.url}/feed.xml", "--category", "سیاسی")
    await until(lambda: _holds(lambda: _list(app), "620"))
    site.add_item(621, "خبر جابه‌جا")
    site.items[0] |= {"guid": "urn:peyk:moved", "link": site.put("/a/first", _unnumbered("خبر جابه‌جا"))}
    site.publish()
    await telegram.people.wait_for(channel, lambda m: "خبر جابه‌جا" in text_of(m))

    site.items[0] |= {"link": site.put("/a/second", _unnumbered("خبر جابه‌جا با تیتر تازه")), "title": "تیتر تازه"}
    site.publish()
    await until(lambda: _holds(lambda: _list(app), "با تیتر تازه"))
    listed = await _list(app)
    assert len([line for line in listed.splitlines() if "جابه‌جا" in line]) == 1
    assert len(await telegram.people.messages(channel, by_bot=True)) == 1


def _unnumbered(title: str) -> str:
    """Return a page that says no news number."""
    return article_page(title, 0, _DATE, _PARAGRAPHS).replace("شناسه خبر : 0", "")


async def test_one_broken_source_does_not_stop_another(
    app: PeykApp, telegram: Telegram, site: NewsSite, until: Callable[..., Any]
) -> None:
    site.put("/broken.xml", "<html>this is no feed</html>")
    site.add_item(700, "خبر سالم")
    for path in ("broken.xml", "feed.xml"):
        assert (await app.cli("sources", "add", f"{site.url}/{path}", "--category", "sports")).returncode == 0
    await app.running(telegram)
    await until(lambda: _holds(lambda: _list(app), "700"))

    async def settled() -> dict[str, str] | None:
        lines = [line.split("\t") for line in await _sources(app)]
        states = {line[5].rsplit("/", 1)[1]: line[4] for line in lines}
        return None if "new" in states.values() else states

    states = await until(settled)
    assert states["feed.xml"] == "ok"
    assert "not a feed" in states["broken.xml"]


async def _sources(app: PeykApp) -> list[str]:
    return (await app.cli("sources", "list")).stdout.splitlines()


async def test_review_sources_wait_for_the_newsroom(
    app: PeykApp, telegram: Telegram, site: NewsSite, until: Callable[..., Any]
) -> None:
    site.add_item(800, "خبر برای میز")
    await app.cli("sources", "add", f"{site.url}/feed.xml", "--category", "society", "--to", "review")
    await app.running(telegram)
    await until(lambda: _holds(lambda: _list(app), "800"))
    assert "review" in await _list(app)
    answer = await telegram.ask(telegram.reader, "/article 800")
    assert "نیست" in text_of(answer)
    drafts = await telegram.ask(telegram.owner, "/drafts", button="ورودی منابع")
    assert "خبر برای میز" not in text_of(drafts)
    await telegram.people.press(telegram.owner, drafts, "ورودی منابع")
    assert "خبر برای میز" in text_of(await telegram.now(drafts))


async def test_a_source_cannot_reach_inside(app: PeykApp, site: NewsSite) -> None:
    site.add_item(1, "خبر")
    await app.cli("sources", "add", f"{site.url}/feed.xml", "--category", "general", ALLOW_PRIVATE_HOSTS="")
    checked = await app.cli("sources", "check", ALLOW_PRIVATE_HOSTS="")
    assert checked.returncode == 1
    assert "private network" in checked.stdout
    assert site.asked == []


async def test_any_address_is_checked_and_each_field_has_its_origin(app: PeykApp, site: NewsSite) -> None:
    page = article_page("نشست بندر برگزار شد", 801, "1404/10/03 ساعت 15:16", _PARAGRAPHS, category="اخبار سیاسی")
    link = site.put("/news/801/x", page.replace("<section><h3>نظرات", '<section class="comments"><h3>نظرات'))
    site.add_item(801, "نشست بندر برگزار شد", date="Wed, 24 Dec 2025 11:46:00 GMT", category="فوتبال")
    site.add_item(802, "خبر بی صفحه", date="Wed, 24 Dec 2025 10:00:00 GMT")
    feed = await app.cli("sources", "check", f"{site.url}/feed.xml")
    assert feed.returncode == 0, feed.stderr
    first, *details = [line.split("\t") for line in feed.stdout.splitlines()]
    assert first == ["-", "ok", f"{site.url}/feed.xml", "2 items; newest: نشست بندر برگزار شد"]
    assert {len(line) for line in details} == {4}, details
    told = {(part, field): (value, origin) for part, field, value, origin in details}
    assert told["source", "kind"] == ("feed", "feed")
    dated = told["item 1", "date"]
    assert dated == ("1404/10/03 15:16", "date of the entry: Wed, 24 Dec 2025 11:46:00 GMT (with its zone)")
    assert told["item 1", "category"] == ("sports", "section فوتبال")
    assert told["page 1", "title"] == ("نشست بندر برگزار شد", "og:title, h1")
    assert "(in Asia/Tehran)" in told["page 1", "date"][1]
    assert told["page 1", "category"] == ("politics", "section اخبار سیاسی")
    assert ["page 1", "left out", "1 comments", "readers' comments are not the article's"] in details
    assert told["page 2", "failed"][0] == f"{site.url}/news/802/x"

    # A page by itself, and a page that comes for every article.
    alone = await app.cli("sources", "check", link)
    assert alone.stdout.startswith(f"-\tok\t{link}\t")
    assert "source\tkind\tpage\tpage\n" in alone.stdout
    wall = article_page("ورود به سامانه", 1, "", ["برای خواندن این خبر باید وارد شوید و اشتراک تهیه کنید. " * 4])
    for number in (801, 802):
        site.put(f"/news/{number}/x", wall)
    walled = await app.cli("sources", "check", f"{site.url}/feed.xml")
    assert walled.stdout.count("\tdoubt\t") == 2, walled.stdout
    assert (await app.cli("sources", "list")).stdout == ""
    for unknown in ("77", "ftp://a.example/x", f"{site.url}/nothing"):
        assert (await app.cli("sources", "check", unknown)).returncode == 1
