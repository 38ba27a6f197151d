"""A source's page: everything about a source is changed in Telegram, once, and what is gone is answered."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from sandbox.client import text_of
from tests.flows.conftest import PeykApp, Telegram, buttons_of
from tests.flows.news_site import NewsSite
from tests.flows.source_editor import Editor, documented_presses
from tests.peyk_app import bare, says


@pytest.fixture
async def editor(app: PeykApp, telegram: Telegram, site: NewsSite, until: Callable[..., Any]) -> Editor:
    """An editor of a running app that has read one source, which calls itself «آزمون»."""
    site.add_item(401, "خبر نخست")
    added = await app.cli("sources", "add", f"{site.url}/feed.xml", "--category", "عمومی")
    assert added.returncode == 0, added.stderr
    await app.running(telegram)

    async def fetched() -> bool:
        return app.rows("SELECT 1 FROM source WHERE fetched_at IS NOT NULL") == [(1,)]

    await until(fetched)
    return Editor(telegram, await telegram.colleague("سردبیر", "editor"))


def _labels(message: dict[str, Any]) -> set[str]:
    return {bare(label) for label in buttons_of(message)}


def _acts(app: PeykApp) -> list[str]:
    rows = app.rows("SELECT action FROM audit WHERE action LIKE '%source' AND actor_id > 0 ORDER BY id")
    return [action for (action,) in rows]


async def test_category_destination_and_interval_are_chosen_by_buttons(app: PeykApp, editor: Editor) -> None:
    page = await editor.page("آزمون")
    assert "خواندن منبع: زمان پیش‌فرض" in bare(text_of(page))
    assert "قاعده‌ها: ۰ برای این منبع، ۰ برای همهٔ منابع" in bare(text_of(page))
    menu = await editor.press(page, "ویرایش")
    assert {"دسته: عمومی", "مقصد: انتشار خودکار", "خواندن: زمان پیش‌فرض", "تغییرها: خودکار"} <= _labels(menu)
    categories = await editor.press(menu, "دسته:")
    menu = await editor.press(categories, "ورزشی")
    menu = await editor.press(menu, "مقصد:")
    menu = await editor.press(await editor.press(menu, "خواندن:"), "هر ۱۵ دقیقه")
    assert {"دسته: ورزشی", "مقصد: پس از تأیید تحریریه", "خواندن: هر ۱۵ دقیقه"} <= _labels(menu)
    row = "SELECT slug, review, interval FROM source JOIN category ON category.id = category_id"
    assert app.rows(row) == [("sports", 1, 900)]
    page = await editor.press(menu, "بازگشت")
    assert "ورزشی" in text_of(page)
    assert "هر ۱۵ دقیقه" in text_of(page)
    menu = await editor.press(await editor.press(await editor.press(page, "ویرایش"), "خواندن:"), "زمان پیش‌فرض")
    assert app.rows("SELECT interval FROM source") == [(None,)]
    audited = (await app.cli("audit")).stdout
    assert "category general -> sports" in audited
    assert "interval None -> 900" in audited
    assert await editor.telegram.people.refused() == []


@pytest.mark.long
async def test_pressed_twice_or_at_once_a_button_acts_once(app: PeykApp, editor: Editor) -> None:
    menu = await editor.press(await editor.page("آزمون"), "ویرایش")
    to = next(data for label, data in buttons_of(menu).items() if "مقصد:" in label)
    await asyncio.gather(
        *(
            editor.telegram.people.do(
                "press",
                user_id=editor.user_id,
                chat_id=editor.user_id,
                message_id=menu["message_id"],
                data=to,
            )
            for _ in range(3)
        )
    )
    await editor.telegram.now(menu)
    assert app.rows("SELECT review FROM source") == [(1,)]
    assert _acts(app) == ["edit_source"]


@pytest.mark.long
async def test_a_name_stays_whatever_the_site_calls_itself(
    app: PeykApp, telegram: Telegram, site: NewsSite, editor: Editor, until: Callable[..., Any]
) -> None:

    menu = await editor.press(await editor.page("آزمون"), "ویرایش")
    await editor.press(menu, "نام")
    await editor.told("!", "نام باید حرف داشته باشد")
    page = await editor.told("خبرگزاری آزمونه", "وضعیت:")
    assert "خبرگزاری آزمونه" in text_of(page)
    assert app.rows("SELECT 1 FROM dialogue") == []
    site.add_item(402, "خبر دوم")

    async def read() -> bool:
        return app.rows("SELECT count(*) FROM article") == [(2,)]

    await until(read)
    await editor.press(page, "خواندن فوری")
    assert app.rows("SELECT title, named FROM source") == [("خبرگزاری آزمونه", 1)]
    menu = await editor.press(await editor.press(page, "تازه‌سازی"), "ویرایش")
    await editor.press(menu, "نام")
    asked = await telegram.people.wait_for(
        editor.user_id, lambda m: "نامی که سایت دارد" in str(buttons_of(m)), after=menu["message_id"]
    )
    await editor.press(asked, "نامی که سایت دارد")

    async def its_own() -> bool:
        return app.rows("SELECT title, named FROM source") == [("آزمون", 0)]

    await until(its_own)


@pytest.mark.long
async def test_a_new_address_is_tried_before_it_is_saved_and_its_items_are_not_pushed(
    app: PeykApp, telegram: Telegram, site: NewsSite, editor: Editor, until: Callable[..., Any]
) -> None:
    channel = await telegram.channel()
    site.put("/", '<title>سایت</title><link rel="alternate" type="application/rss+xml" href="/moved.xml">')
    site.add_item(403, "خبر تازه")
    await telegram.people.wait_for(channel, lambda m: "خبر تازه" in text_of(m))
    elsewhere = site.pages["/feed.xml"].body.replace(b"/news/4", b"/other/9")
    for known, other in (("خبر تازه", "افتتاح پل شهر"), ("خبر نخست", "بارش برف در کوه")):
        elsewhere = elsewhere.replace(known.encode(), other.encode())
    site.pages["/moved.xml"] = replace(site.pages["/feed.xml"], body=elsewhere)
    menu = await editor.press(await editor.page("آزمون"), "ویرایش")
    await editor.press(menu, "نشانی")
    await editor.told(f"{site.url}/nowhere", "باز نشد")
    assert app.rows("SELECT url FROM source") == [(f"{site.url}/feed.xml",)]
    tried = await editor.found(site.url, "ذخیره")
    assert f"{site.url}/moved.xml" in text_of(tried)
    assert "افتتاح پل شهر" in text_of(tried)
    page = await editor.press(tried, "ذخیره")
    assert f"{site.url}/moved.xml" in text_of(page)

    async def read() -> bool:
        return app.rows("SELECT url FROM source WHERE fetched_at IS NOT NULL") == [(f"{site.url}/moved.xml",)]

    await until(read)
    assert app.rows("SELECT count(*) FROM article") == [(4,)]
    assert len(await telegram.people.messages(channel, by_bot=True)) == 1
    assert "دیگر کار نمی‌کند" in await editor.answer(tried, "ذخیره")
    assert _acts(app).count("edit_source") == 1


@pytest.mark.long
async def test_the_address_of_another_source_is_refused(app: PeykApp, site: NewsSite, editor: Editor) -> None:
    site.pages["/other.xml"] = site.pages["/feed.xml"]
    assert (await app.cli("sources", "add", f"{site.url}/other.xml", "--category", "عمومی")).returncode == 0
    menu = await editor.press(await editor.page("آزمون"), "ویرایش")
    await editor.press(menu, "نشانی")
    ((first,),) = app.rows("SELECT min(id) FROM source")
    shown = next(data for data in buttons_of(menu).values() if data.startswith("source:url:"))
    other = "other.xml" if shown == f"source:url:{first}" else "feed.xml"
    tried = await editor.found(f"{site.url}/{other}", "ذخیره")
    assert "از پیش در منابع هست" in await editor.answer(tried, "ذخیره")
    assert len(set(app.rows("SELECT url FROM source"))) == 2


@pytest.mark.long
async def test_a_source_is_removed_after_a_yes_and_its_articles_stay(
    app: PeykApp, telegram: Telegram, editor: Editor
) -> None:
    older = await editor.page("آزمون")
    menu = await editor.press(await editor.page("آزمون"), "ویرایش")
    sure = await editor.press(menu, "حذف")
    assert "خبرهایی که آورده است می‌مانند" in text_of(sure)
    menu = await editor.press(sure, "بازگشت")
    assert len(app.rows("SELECT 1 FROM source")) == 1
    sure = await editor.press(menu, "حذف")
    removed = await editor.press(sure, "بله")
    assert "حذف شد" in text_of(removed)
    assert app.rows("SELECT 1 FROM source") == []
    assert app.rows("SELECT source_id FROM article") == [(None,)]
    assert "خبر نخست" in text_of(await telegram.ask(telegram.reader, "/article 401"))
    assert "دیگر وجود ندارد" in await editor.answer(sure, "بله")
    for late in ("توقف", "ویرایش", "قاعده‌ها", "خواندن فوری"):
        assert "دیگر وجود ندارد" in await editor.answer(older, late)
    assert _acts(app) == ["remove_source"]
    assert "هنوز منبعی نیست" in text_of(await editor.press(removed, "منابع خبر"))


@pytest.mark.long
async def test_a_source_that_is_removed_while_its_name_is_written_is_told(
    app: PeykApp, site: NewsSite, editor: Editor
) -> None:
    menu = await editor.press(await editor.page("آزمون"), "ویرایش")
    await editor.press(menu, "نام")
    assert (await app.cli("sources", "remove", f"{site.url}/feed.xml")).returncode == 0
    await editor.told("نام تازه", "دیگر وجود ندارد")
    assert app.rows("SELECT 1 FROM dialogue") == []


@pytest.mark.long
async def test_the_common_jobs_take_as_many_presses_as_the_guide_says(
    app: PeykApp, telegram: Telegram, site: NewsSite, editor: Editor
) -> None:
    counted: dict[str, int] = {}

    def count(job: str) -> None:
        counted[job], editor.presses = editor.presses, 0

    site.pages["/other.xml"] = replace(site.pages["/feed.xml"], body=site.pages["/feed.xml"].body + b"<!-- -->")
    site.put("/", '<title>سایت</title><link rel="alternate" type="application/rss+xml" href="/other.xml">')
    await editor.asked()
    await editor.press(await editor.found(site.url, "افزودن"), "افزودن")
    count("add a source by any address of its site")
    ((other,),) = app.rows("SELECT max(id) FROM source")
    assert (await app.cli("sources", "remove", str(other))).returncode == 0

    await editor.press(await editor.page("آزمون"), "توقف")
    count("read a source now, pause it or resume it")
    assert app.rows("SELECT state FROM source") == [("paused",)]
    page = await editor.page("آزمون")
    for label in ("ویرایش", "دسته:", "فرهنگی"):
        page = await editor.press(page, label)
    count("change the category of a source")

    rules = await editor.press(await editor.page("آزمون"), "قاعده‌ها")
    await editor.press(await editor.press(rules, "افزودن قاعده"), "کنار گذاشتن")
    await editor.press(await editor.found("آگهی", "ذخیره"), "ذخیره")
    count("add a rule that drops items")
    assert app.rows("SELECT action FROM source_rule") == [("drop",)]

    page = await editor.page("آزمون")
    for label in ("ویرایش", "پس گرفتن", "یک ساعت", "بله"):
        page = await editor.press(page, label)
    count("retract what a source has published lately")

    page = await editor.page("آزمون")
    for label in ("ویرایش", "حذف", "بله"):
        page = await editor.press(page, label)
    count("remove a source")
    assert app.rows("SELECT 1 FROM source") == []
    assert counted == documented_presses()


async def test_what_an_attacked_site_has_brought_is_retracted_at_once(
    app: PeykApp, telegram: Telegram, site: NewsSite, editor: Editor, until: Callable[..., Any]
) -> None:
    channel = await telegram.channel()
    kept = await telegram.publish("خبر تحریریه")
    for number in (402, 403):
        site.add_item(number, f"خرید ارزان شارژ {number}")
        await telegram.people.wait_for(channel, says(str(number)))
    menu = await editor.press(await editor.page("آزمون"), "ویرایش")
    spans = await editor.press(menu, "پس گرفتن خبرهای تازه")
    assert {"یک ساعت گذشته (۳)", "۲۴ ساعت گذشته (۳)"} <= _labels(spans)
    asked = await editor.press(spans, "یک ساعت گذشته")
    assert "۳ خبر از «آزمون»" in bare(text_of(asked))
    assert "خرید ارزان شارژ 403" in text_of(asked)
    done = await editor.press(asked, "بله")
    assert "۳ خبر پس گرفته شد" in bare(text_of(done))
    assert app.rows("SELECT state FROM source") == [("paused",)]
    assert app.rows("SELECT id FROM article WHERE state = 'published'") == [(kept,)]

    async def deleted() -> bool:
        return ["خبر تحریریه" in text for text in telegram.texts_by_bot(channel)] == [True]

    await until(deleted)
    page = await editor.press(done, "مشاهدهٔ منبع")
    spans = await editor.press(await editor.press(page, "ویرایش"), "پس گرفتن خبرهای تازه")
    assert "خبری منتشر نشده است" in text_of(spans)
    # A second press of the old card finds nothing more.
    assert "نمانده" in text_of(await editor.press(asked, "بله"))
    assert await telegram.people.refused() == []
