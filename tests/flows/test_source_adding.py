"""Sources are added in Telegram: by any address of a site, in a few presses, and never twice."""

import asyncio
from typing import Any

import pytest

from sandbox.client import text_of
from tests.flows.conftest import PeykApp, Telegram, buttons_of
from tests.flows.news_site import NewsSite
from tests.flows.source_editor import Editor
from tests.peyk_app import bare

_FRONT = '<title>خبرگزاری</title><link rel="alternate" type="application/rss+xml" href="{href}"><p>متن</p>'
_HEADLINES = "".join(
    f'<li class="row"><h3 class="title"><a href="/culture/story-of-{word}">داستان بلند شهر {word} در پاییز</a></h3></li>'
    for word in ("alpha", "beta", "gamma", "delta")
)


@pytest.fixture
async def editor(app: PeykApp, telegram: Telegram) -> Editor:
    """A running app's owner."""
    await app.running(telegram)
    return Editor(telegram, telegram.owner)


def _sources(app: PeykApp) -> list[tuple[Any, ...]]:
    return app.rows(
        "SELECT source.url, kind, category.slug, review, selector FROM source JOIN category ON category.id = category_id"
    )


async def _searching(editor: Editor) -> list[str]:
    """Return the messages that say that a search goes on, once every desk has handled what came."""
    held = await editor.telegram.people.messages(editor.user_id, by_bot=True)
    await editor.telegram.now(held[-1])
    held = await editor.telegram.people.messages(editor.user_id, by_bot=True)
    return [text_of(message) for message in held if "در حال" in text_of(message)]


async def test_a_feed_is_added_by_its_sites_front_page_in_two_presses(
    app: PeykApp, site: NewsSite, editor: Editor
) -> None:
    for number, title in enumerate(("گل نخست", "گل دوم", "گل سوم", "گل چهارم"), 301):
        site.add_item(number, title, category="فوتبال")
    site.put("/", _FRONT.format(href="/feed.xml"))
    await editor.asked()
    card = await editor.found(f"سایت ما: {site.url}", "افزودن")
    text = bare(text_of(card))
    assert f"{site.url}/feed.xml" in text
    assert "آزمون" in text
    assert "خوراک · ۴ خبر" in text
    assert [title for title in ("گل چهارم", "گل سوم", "گل دوم", "گل نخست") if title in text] == [
        "گل چهارم",
        "گل سوم",
        "گل دوم",
    ]
    assert not await _searching(editor)
    assert {"دسته: ورزشی", "مقصد: انتشار خودکار"} <= {bare(label) for label in buttons_of(card)}
    page = await editor.press(card, "افزودن")
    assert "آزمون" in text_of(page)
    assert "خواندن فوری" in str(buttons_of(page))
    assert _sources(app) == [(f"{site.url}/feed.xml", "feed", "sports", 0, "")]
    assert editor.presses == 2
    assert app.rows("SELECT 1 FROM dialogue") == []
    assert await editor.telegram.people.refused() == []


async def test_the_samples_are_shown_as_they_would_be_posted(app: PeykApp, site: NewsSite, editor: Editor) -> None:
    site.add_item(381, "قهرمانی تیم ملی", summary="لید خبر ورزشی.", category="فوتبال")
    site.add_item(382, "بارش برف", summary="لید خبر هوا.", category="گوشه و کنار")
    site.items[1]["photo"] = f"{site.url}/381.jpg"
    site.publish()
    card = await editor.found(f"/sources {site.url}/feed.xml", "افزودن")
    text = bare(text_of(card))
    for words in ("بارش برف\n\nلید خبر هوا.\n\n#ورزشی", "قهرمانی تیم ملی\n\nلید خبر ورزشی.\n\n#ورزشی", "🌐 آزمون"):
        assert words in text
    assert card["link_preview_options"]["url"] == f"{site.url}/381.jpg", "the first photo that there is"

    # An item without a category of its own follows the one that is chosen; the other keeps its own.
    card = await editor.press(await editor.press(card, "دسته:"), "اقتصاد")
    first = await editor.press(card, "نمای پست")
    assert "نمونهٔ ۱ از ۲" in bare(text_of(first))
    assert "بارش برف" in text_of(first)
    assert "#اقتصادی" in text_of(first)
    assert "url" not in first.get("link_preview_options", {})
    second = await editor.press(first, "بعد")
    assert "قهرمانی تیم ملی" in text_of(second)
    assert "#ورزشی" in text_of(second)
    assert second["link_preview_options"]["url"] == f"{site.url}/381.jpg"
    # Presses twice and out of order: of the first sample, when the second is there already.
    for _ in range(2):
        assert not (await editor.telegram.people.press(editor.user_id, first, "بعد"))["alert"]
    again = await editor.press(await editor.press(second, "قبل"), "بازگشت")
    assert "دسته: اقتصادی" in {bare(label) for label in buttons_of(again)}
    await editor.press(again, "افزودن")
    assert _sources(app) == [(f"{site.url}/feed.xml", "feed", "economy", 0, "")]
    for stale, words in ((first, "بعد"), (card, "نمای پست"), (card, "افزودن")):
        assert "دیگر کار نمی‌کند" in await editor.answer(stale, words)
    assert await editor.telegram.people.refused() == []


async def test_a_host_alone_is_found_at_a_site_without_encryption(
    app: PeykApp, site: NewsSite, editor: Editor
) -> None:
    site.add_item(311, "خبر")
    card = await editor.found(f"/sources {site.url.removeprefix('http://')}/feed.xml", "افزودن")
    await editor.press(card, "➕ افزودن")
    assert [url for url, *_ in _sources(app)] == [f"{site.url}/feed.xml"]


async def test_a_source_behind_a_login_is_added_as_it_is_and_read_with_the_login(
    app: PeykApp, telegram: Telegram, site: NewsSite, editor: Editor
) -> None:
    site.add_item(312, "خبر پشت ورود")
    site.needs["Authorization"] = "Basic YWxpOnJhejEyMw=="
    refused = await editor.found(f"/sources {site.url}/feed.xml", "همین نشانی")
    assert "۴۰۱" in text_of(refused)
    assert "ورود و پروکسی" in text_of(refused)
    card = await editor.press(refused, "همین نشانی")
    assert "هنوز خوانده نشده" in text_of(card)
    page = await editor.press(card, "➕ افزودن")
    assert _sources(app) == [(f"{site.url}/feed.xml", "feed", "general", 0, "")]
    requests = await editor.press(page, "ورود و پروکسی")
    await telegram.people.press(editor.user_id, requests, "نام کاربری")
    await telegram.people.wait_for(
        editor.user_id, lambda m: "user:password" in text_of(m), after=requests["message_id"]
    )
    await telegram.people.say(editor.user_id, "ali:raz123")
    async with asyncio.timeout(30):
        while app.rows("SELECT count(*) FROM article") != [(1,)]:
            await asyncio.sleep(0.1)
    assert "خبر پشت ورود" in text_of(await telegram.ask(telegram.reader, "/latest"))
    # The button of an address that was refused is used up; another address may be sent in its place.
    assert "دیگر کار نمی‌کند" in await editor.answer(refused, "همین نشانی")
    refused = await editor.found("/sources http://127.0.0.1:1/feed.xml", "همین نشانی")
    assert "از پیش" in text_of(await telegram.ask(editor.user_id, f"{site.url}/feed.xml"))


async def test_category_and_destination_are_changed_on_the_card(
    app: PeykApp, site: NewsSite, editor: Editor
) -> None:
    site.add_item(310, "خبر", category="گوشه و کنار")
    card = await editor.found(f"/sources {site.url}/feed.xml", "افزودن")
    assert "دسته: عمومی" in {bare(label) for label in buttons_of(card)}
    card = await editor.press(await editor.press(card, "دسته:"), "اقتصاد")
    card = await editor.press(card, "مقصد:")
    assert {"دسته: اقتصادی", "مقصد: پس از تأیید تحریریه"} <= {bare(label) for label in buttons_of(card)}
    await editor.press(card, "افزودن")
    assert _sources(app) == [(f"{site.url}/feed.xml", "feed", "economy", 1, "")]


@pytest.mark.long
async def test_of_several_feeds_one_is_chosen_and_the_known_one_leads_to_its_page(
    app: PeykApp, site: NewsSite, editor: Editor
) -> None:
    site.add_item(320, "خبر فرهنگ", category="سینما")
    site.pages["/culture.xml"] = site.pages["/feed.xml"]
    site.put("/", _FRONT.format(href="/feed.xml") + _FRONT.format(href="/culture.xml"))
    listed = await editor.found(f"/sources {site.url}/", "خوراک")
    assert f"{site.url}/feed.xml" in text_of(listed)
    assert f"{site.url}/culture.xml" in text_of(listed)
    first, second, _ = buttons_of(listed)
    assert "یک خبر" in bare(first)
    card = await editor.press(listed, first)
    listed = await editor.press(card, "بازگشت")
    card = await editor.press(listed, second)
    assert f"{site.url}/culture.xml" in text_of(card)
    await editor.press(card, "افزودن")
    assert _sources(app) == [(f"{site.url}/culture.xml", "feed", "culture", 0, "")]

    listed = await editor.found(f"/sources {site.url}/", "از پیش در منابع")
    page = await editor.press(listed, "از پیش در منابع")
    assert f"{site.url}/culture.xml" in text_of(page)
    assert "خواندن فوری" in str(buttons_of(page))


async def test_a_site_without_feeds_is_added_as_a_listing(app: PeykApp, site: NewsSite, editor: Editor) -> None:
    site.put("/", f'<title>خبرگزاری</title><ul class="list">{_HEADLINES}</ul>')
    card = await editor.found(f"/sources {site.url}/", "افزودن")
    assert "فهرست · ۴ خبر" in bare(text_of(card))
    assert "داستان بلند شهر" in text_of(card)
    await editor.press(card, "افزودن")
    ((url, kind, category, _, selector),) = _sources(app)
    assert (url, kind, category) == (f"{site.url}/", "listing", "general")
    assert "a" in selector


@pytest.mark.long
async def test_what_cannot_be_added_is_told_and_the_next_address_is_taken(
    app: PeykApp, site: NewsSite, editor: Editor
) -> None:
    site.put("/empty", "<title>خالی</title><p>هیچ</p>")
    await editor.asked()
    await editor.told("سلام", "این نشانی سایت نیست")
    await editor.told(f"{site.url}/empty", "پیدا نشد")
    assert not await _searching(editor)
    refused = await editor.told(f"{site.url}/gone", "باز نشد")
    assert not await _searching(editor)
    assert "خطای ۴۰۴" in text_of(refused)
    site.add_item(330, "خبر")
    card = await editor.found(f"{site.url}/feed.xml", "افزودن")
    await editor.press(card, "لغو")
    assert _sources(app) == []
    assert app.rows("SELECT 1 FROM dialogue") == []


@pytest.mark.long
async def test_a_known_address_is_told_with_its_page_and_not_fetched(
    app: PeykApp, site: NewsSite, editor: Editor
) -> None:
    site.add_item(340, "خبر")
    await editor.press(await editor.found(f"/sources {site.url}/feed.xml", "افزودن"), "افزودن")
    known = await editor.told(f"/sources {site.url}/feed.xml", "از پیش در منابع هست")
    assert app.rows("SELECT 1 FROM dialogue") == []
    assert f"{site.url}/feed.xml" in text_of(await editor.press(known, "مشاهدهٔ منبع"))
    assert len(_sources(app)) == 1
    site.put("/", _FRONT.format(href="/feed.xml"))
    await editor.told(f"/sources {site.url}/", "از پیش در منابع هست")


@pytest.mark.long
async def test_a_second_press_never_adds_twice_and_an_older_card_is_stale(
    app: PeykApp, telegram: Telegram, site: NewsSite, editor: Editor
) -> None:
    site.add_item(350, "خبر")
    site.pages["/other.xml"] = site.pages["/feed.xml"]
    older = await editor.found(f"/sources {site.url}/other.xml", "افزودن")
    card = await editor.found(f"/sources {site.url}/feed.xml", "افزودن")
    answer = await telegram.people.press(editor.user_id, older, "افزودن")
    assert "دیگر کار نمی‌کند" in answer["text"]
    answers = await asyncio.gather(*(telegram.people.press(editor.user_id, card, "افزودن") for _ in range(2)))
    assert sorted("دیگر کار نمی‌کند" in answer["text"] for answer in answers) == [False, True]
    assert [url for url, *_ in _sources(app)] == [f"{site.url}/feed.xml"]
    assert "خواندن فوری" in str(buttons_of(await telegram.now(card)))


async def test_only_the_newsroom_adds_sources(
    app: PeykApp, telegram: Telegram, site: NewsSite, editor: Editor
) -> None:
    site.add_item(360, "خبر")
    card = await editor.found(f"/sources {site.url}/feed.xml", "افزودن")
    asked = len(site.asked)
    answer = await telegram.ask(telegram.reader, f"/sources {site.url}/feed.xml")
    assert "این فرمان را نمی‌شناسم" in text_of(answer)
    added = next(data for data in buttons_of(card).values() if data.startswith("offer:add"))
    for data in ("addsource", added):
        told = await telegram.people.do(
            "press",
            user_id=telegram.reader,
            chat_id=telegram.reader,
            message_id=answer["message_id"],
            data=data,
        )
        assert told["alert"]
    assert _sources(app) == []
    assert len(site.asked) == asked


@pytest.mark.long
async def test_what_one_chat_searches_holds_up_no_other(
    app: PeykApp, telegram: Telegram, site: NewsSite, editor: Editor
) -> None:
    site.add_item(370, "خبر")
    site.pages["/feed.xml"].delay = 3.0
    ids = await telegram.people.say(editor.user_id, f"/sources {site.url}/feed.xml")
    await telegram.people.wait_for(editor.user_id, lambda m: "در حال جست‌وجو" in text_of(m), after=max(ids))
    await telegram.ask(telegram.reader, "/help")
    held = await telegram.people.messages(editor.user_id, by_bot=True)
    assert "جست‌وجو" in text_of(held[-1]), "the reader was answered before the search ended"
    await telegram.people.wait_for(
        editor.user_id, lambda m: "افزودن" in str(buttons_of(m)), after=held[-1]["message_id"]
    )
    assert not await _searching(editor)


async def test_the_command_line_proposes_what_a_page_offers_and_adds_nothing_by_itself(
    app: PeykApp, site: NewsSite
) -> None:
    site.put("/", f'<title>خبرگزاری</title><ul class="list">{_HEADLINES}</ul>')
    address = f"{site.url}/"
    refused = await app.cli("sources", "add", address, "--category", "عمومی")
    assert refused.returncode == 1
    assert "is no feed; add one of these addresses" in refused.stderr
    (kind, url, selector, *_) = refused.stdout.splitlines()[0].split("\t")
    assert (kind, url) == ("listing", address)
    assert _sources(app) == []
    options = ("--kind", kind, "--selector", selector)
    assert (await app.cli("sources", "add", url, "--category", "عمومی", *options)).returncode == 0
    assert _sources(app) == [(address, "listing", "general", 0, selector)]

    site.put("/empty", "<title>خالی</title><p>چیزی نیست.</p>")
    empty = ("sources", "add", f"{site.url}/empty", "--category", "عمومی")
    assert "--kind feed adds it all the same" in (await app.cli(*empty)).stderr
    assert (await app.cli(*empty, "--kind", "feed")).returncode == 0
    site.add_item(601, "خبر یکم")
    site.publish()
    site.pages["/latest"] = site.pages["/feed.xml"]
    assert (await app.cli("sources", "add", f"{site.url}/latest", "--category", "عمومی")).returncode == 0
    away = await app.cli("sources", "add", "http://127.0.0.1:1/", "--category", "عمومی")
    assert away.returncode == 0
    assert "added without a look at it" in away.stderr
