"""The health of sources: the newsroom hears of ill ones, opens their pages and acts there."""

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.client import text_of
from tests.flows.conftest import PeykApp, Telegram, buttons_of
from tests.flows.news_site import NewsSite, Served

_HOUR_MS = 3_600_000


async def _added(app: PeykApp, site: NewsSite) -> None:
    added = await app.cli("sources", "add", f"{site.url}/feed.xml", "--category", "عمومی")
    assert added.returncode == 0, added.stderr


async def _state(app: PeykApp) -> str:
    return (await app.cli("sources", "list")).stdout.splitlines()[0].split("\t")[4]


async def test_an_ill_source_is_told_once_with_its_page_and_once_when_it_is_well(
    app: PeykApp, telegram: Telegram, site: NewsSite
) -> None:
    await _added(app, site)
    app.change(f"UPDATE source SET failures = 5, failing_since = created_at - {2 * _HOUR_MS}, last_error = 'x'")
    await app.running(telegram)
    told = await telegram.people.wait_for(telegram.owner, lambda m: "خوانده نمی‌شود" in text_of(m))
    assert "۲ ساعت" in text_of(told)
    assert "خطای ۴۰۴" in text_of(told)
    assert (await _state(app)).startswith("failing: the site answered 404")

    await telegram.people.press(telegram.owner, told, "مشاهدهٔ منبع")
    page = await telegram.now(told)
    assert "تلاش بعدی" in text_of(page)
    assert "خطای ۴۰۴" in text_of(page)
    assert f"{site.url}/feed.xml" in text_of(page)

    site.add_item(901, "خبر")
    await telegram.people.press(telegram.owner, page, "خواندن فوری")
    well = await telegram.people.wait_for(telegram.owner, lambda m: "برطرف شد" in text_of(m))
    assert "آزمون" in text_of(well) or site.url.partition("//")[2] in text_of(well)
    await telegram.people.press(telegram.owner, await telegram.now(page), "تازه‌سازی")
    assert "تلاش بعدی" not in text_of(await telegram.now(page))
    assert await _state(app) == "ok"
    held = [text_of(message) for message in await telegram.people.messages(telegram.owner)]
    assert sum("برطرف شد" in text for text in held) == 1
    assert await telegram.people.refused() == []


@pytest.mark.long
async def test_sources_that_fail_together_are_told_as_one_and_so_is_their_recovery(
    app: PeykApp, telegram: Telegram, site: NewsSite
) -> None:
    paths = [f"/{number}.xml" for number in range(6)]
    opml = "".join(f'<outline type="rss" text="{path}" xmlUrl="{site.url}{path}"/>' for path in paths)
    (app.folder / "six.opml").write_text(f"<opml version='2.0'><body>{opml}</body></opml>")
    assert (await app.cli("opml", "import", "six.opml")).returncode == 0
    app.change(f"UPDATE source SET failures = 5, failing_since = created_at - {2 * _HOUR_MS}, last_error = 'x'")
    await app.running(telegram)
    told = await telegram.people.wait_for(telegram.owner, lambda m: "هم‌زمان از کار افتاده‌اند" in text_of(m))
    assert "۶ منبع" in text_of(told)

    # The app is started again in between: what was told is not told again.
    await app.stop()
    await app.running(telegram)
    site.add_item(903, "خبر")
    for path in paths:
        site.pages[path] = site.pages["/feed.xml"]
    app.change("UPDATE source SET next_fetch_at = 0")
    await telegram.people.wait_for(telegram.owner, lambda m: "هم‌زمان از کار افتاده بودند" in text_of(m))
    await telegram.people.press(telegram.owner, told, "منابع خبر")
    assert "۶ منبع" in text_of(await telegram.now(told))
    notices = [text_of(m) for m in await telegram.people.messages(telegram.owner, by_bot=True) if m is not told]
    assert sum("هم‌زمان از کار افتاده" in text for text in notices) == 1  # the other one has become the list
    assert not any("یک ساعت است" in text or "مشکل منبع" in text for text in notices)


async def test_a_source_that_is_gone_ends_and_the_newsroom_hears_of_it(
    app: PeykApp, telegram: Telegram, site: NewsSite
) -> None:
    site.pages["/feed.xml"] = Served(b"", status=410)
    await _added(app, site)
    await app.running(telegram)
    told = await telegram.people.wait_for(telegram.owner, lambda m: "تعطیل شد" in text_of(m))
    assert await _state(app) == "ended"
    site.add_item(902, "خبر")
    await telegram.people.press(telegram.owner, told, "مشاهدهٔ منبع")
    await telegram.people.press(telegram.owner, await telegram.now(told), "ازسرگیری")
    await telegram.people.wait_for(telegram.owner, lambda m: "برطرف شد" in text_of(m))


@pytest.mark.long
async def test_a_source_is_paused_and_resumed_by_button_and_on_the_command_line(
    app: PeykApp, telegram: Telegram, site: NewsSite, until: Callable[..., Any]
) -> None:
    site.add_item(910, "خبر نخست")
    await _added(app, site)
    await app.running(telegram)

    async def is_ok() -> bool:
        return await _state(app) == "ok"

    await until(is_ok)
    listed = await telegram.ask(telegram.owner, "/sources")
    assert "یک منبع" in text_of(listed)
    await telegram.people.press(telegram.owner, listed, "آزمون")
    page = await telegram.now(listed)
    assert "در ۷ روز گذشته: یک خبر" in text_of(page)
    assert "خودکار اعمال می‌شود" in text_of(page)

    await telegram.people.press(telegram.owner, page, "توقف")
    page = await telegram.now(listed)
    assert "متوقف" in text_of(page)
    assert not any("خواندن فوری" in button for button in buttons_of(page))
    assert await _state(app) == "paused"
    await telegram.people.press(telegram.owner, page, "ازسرگیری")
    await until(is_ok)

    await telegram.people.press(telegram.owner, await telegram.now(listed), "ویرایش")
    for policy, label in (("ask", "پس از تأیید"), ("ignore", "نادیده"), ("follow", "خودکار")):
        await telegram.people.press(telegram.owner, await telegram.now(listed), "تغییرها:")
        await telegram.people.press(telegram.owner, await telegram.now(listed), f"تغییرها: {label}")
        assert app.rows("SELECT changes FROM source") == [(policy,)]
        assert f"تغییرها: {label}" in buttons_of(await telegram.now(listed))
    await telegram.people.press(telegram.owner, await telegram.now(listed), "بازگشت")

    author = await telegram.colleague("نویسنده", "author")
    data = buttons_of(await telegram.now(listed))["⏸ توقف"]
    mine = await telegram.ask(author, "/drafts")
    refused = await telegram.people.do(
        "press", user_id=author, chat_id=author, message_id=mine["message_id"], data=data
    )
    assert refused["alert"]
    assert app.rows("SELECT state FROM source") == [("active",)]

    number = data.split(":")[1]
    assert (await app.cli("sources", "pause", number)).stdout.startswith("paused ")
    assert await _state(app) == "paused"
    assert (await app.cli("sources", "resume", f"{site.url}/feed.xml")).returncode == 0
    await until(is_ok)
    acts = [row[0] for row in app.rows("SELECT action FROM audit WHERE action LIKE '%source%' ORDER BY id")]
    policies = ["change_source_policy"] * 3
    assert acts == ["add_source", "pause_source", "resume_source", *policies, "pause_source", "resume_source"]
    assert "توقف منبع" in text_of(await telegram.ask(telegram.owner, "/audit"))
    assert await telegram.people.refused() == []


@pytest.mark.long
async def test_a_source_that_moved_is_read_at_its_new_address(
    app: PeykApp, telegram: Telegram, site: NewsSite, until: Callable[..., Any]
) -> None:
    site.add_item(920, "خبر")
    site.pages["/old.xml"] = Served(b"", status=301, headers={"Location": "/feed.xml"})
    await app.cli("sources", "add", f"{site.url}/old.xml", "--category", "عمومی")
    await app.running(telegram)

    async def moved() -> bool:
        return f"{site.url}/feed.xml" in (await app.cli("sources", "list")).stdout

    await until(moved)
    audited = (await app.cli("audit")).stdout
    assert "source_moved" in audited
