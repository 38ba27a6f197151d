"""Sources that need a login: set in Telegram or on the command line, read with it, and told to nobody."""

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest

from sandbox.client import text_of
from tests.flows.conftest import PeykApp, Telegram, buttons_of
from tests.flows.news_site import NewsSite, article_page
from tests.flows.source_editor import Editor
from tests.peyk_app import bare

_LOGIN = "reader:Pw7Xq2Lm9Zt4"
_BASIC = httpx.BasicAuth(*_LOGIN.split(":"))._auth_header
_SECRETS = (_LOGIN, "Pw7Xq2Lm9Zt4", _BASIC.removeprefix("Basic "))


@pytest.fixture
async def behind_login(app: PeykApp, telegram: Telegram, site: NewsSite) -> NewsSite:
    """A source, of a running app, whose site answers nobody without a login."""
    site.needs = {"Authorization": _BASIC}
    site.add_item(501, "خبر پشت در بسته")
    await app.running(telegram)
    await app.cli("sources", "add", f"{site.url}/feed.xml", "--category", "سیاسی")
    return site


def _fetched(app: PeykApp) -> Callable[[], Any]:
    async def fetched() -> bool:
        return bool(app.rows("SELECT 1 FROM source WHERE fetched_at IS NOT NULL"))

    return fetched


def _failed(app: PeykApp) -> Callable[[], Any]:
    async def failed() -> bool:
        return bool(app.rows("SELECT 1 FROM source WHERE failures > 0"))

    return failed


def _dump(app: PeykApp) -> str:
    """Return all that the database holds, and the file of a backup."""
    connection = sqlite3.connect(app.folder / "data/peyk.db")
    try:
        return "\n".join(connection.iterdump())
    finally:
        connection.close()


async def test_a_secret_that_was_typed_is_nowhere_to_be_read(
    app: PeykApp, telegram: Telegram, behind_login: NewsSite, until: Callable[..., Any]
) -> None:
    editor = await telegram.colleague("ویراستار", "editor")
    await until(_failed(app))
    page = await telegram.ask(editor, "/sources", button=behind_login.url.partition("://")[2][:12])
    await telegram.people.press(editor, page, next(iter(buttons_of(page))))
    page = await telegram.now(page)
    await telegram.people.press(editor, page, "ورود و پروکسی")
    page = await telegram.now(page)
    assert "چیزی تنظیم نشده است" in text_of(page)
    assert "پروکسی" not in str(buttons_of(page))
    await telegram.people.press(editor, page, "نام کاربری")
    asked = await telegram.people.wait_for(
        editor, lambda m: "user:password" in text_of(m), after=page["message_id"]
    )
    (sent,) = await telegram.people.say(editor, "Pw7Xq2Lm9Zt4")
    refused = await telegram.people.wait_for(editor, lambda m: "شکل" in text_of(m), after=sent)
    assert "Pw7Xq2Lm9Zt4" not in text_of(refused)
    (sent,) = await telegram.people.say(editor, _LOGIN)
    shown = await telegram.people.wait_for(editor, lambda m: "درخواست‌ها به" in bare(text_of(m)), after=sent)
    assert "نام کاربری" in text_of(shown)
    await until(_fetched(app))

    left = await telegram.people.messages(editor)
    assert not [m for m in left if "Pw7Xq2Lm9Zt4" in text_of(m)]
    assert asked["message_id"] in {m["message_id"] for m in left}
    audit = await app.cli("audit")
    assert "login" in audit.stdout
    assert (await app.cli("backup", "copy.db")).returncode == 0
    backup = (app.folder / "copy.db").read_bytes().decode("utf-8", "replace")
    listed = await app.cli("sources", "request", "show", "1")
    assert listed.stdout.split("\t")[0] == "login"
    await app.cli("opml", "export", "sources.opml")
    exported = (app.folder / "sources.opml").read_text()
    output = "\n".join((_dump(app), backup, app.log, audit.stdout, listed.stdout, exported))
    assert [secret for secret in _SECRETS if secret in output] == []


async def test_the_login_opens_feed_and_pages_and_goes_to_no_other_host(
    app: PeykApp, telegram: Telegram, behind_login: NewsSite, until: Callable[..., Any]
) -> None:
    other = NewsSite()
    await other.start()
    try:
        behind_login.items[0]["link"] = f"{other.url}/news/501/x"
        behind_login.add_item(502, "خبر دوم")
        behind_login.publish()
        done = await app.cli("sources", "request", "set", "1", "login", "-", stdin=f"{_LOGIN}\n".encode())
        assert (done.returncode, done.stderr) == (0, "")
        await until(_fetched(app))

        async def visited() -> bool:
            return "/news/501/x" in other.asked and "/news/502/x" in behind_login.asked

        await until(visited)
        own = behind_login.heads[behind_login.asked.index("/news/502/x")]
        assert own["Authorization"] == _BASIC
        assert not [head for head in other.heads if "Authorization" in head]
        check = await app.cli("sources", "check", "1")
        assert check.stdout.split("\t")[1] == "ok"
        discovered = await app.cli("sources", "discover", f"{behind_login.url}/feed.xml", "--as", "1")
        assert discovered.stdout.startswith("feed\t")
    finally:
        await other.stop()


@pytest.mark.long
async def test_a_lost_key_is_told_on_the_page_and_by_doctor_and_stops_no_other_source(
    app: PeykApp, telegram: Telegram, behind_login: NewsSite, until: Callable[..., Any]
) -> None:
    await app.cli("sources", "request", "set", "1", "login", "-", stdin=_LOGIN.encode())
    await until(_fetched(app))
    (app.folder / "data/peyk.db.key").unlink()
    behind_login.needs = {}
    await app.cli("sources", "add", f"{behind_login.put('/other.xml', '')}", "--category", "سیاسی")
    feed = behind_login.pages["/feed.xml"]
    behind_login.pages["/other.xml"] = replace(feed, body=feed.body.replace("آزمون".encode(), "دیگر".encode()))
    app.change("UPDATE source SET next_fetch_at = 0")

    async def told() -> bool:
        return bool(app.rows("SELECT 1 FROM source WHERE id = 1 AND last_error LIKE '%SECRET_KEY%'")) and bool(
            app.rows("SELECT 1 FROM source WHERE id = 2 AND fetched_at IS NOT NULL")
        )

    await until(told)
    listed = await telegram.ask(telegram.owner, "/sources", button="آزمون")
    await telegram.people.press(telegram.owner, listed, "آزمون")
    page = await telegram.now(listed)
    assert "SECRET_KEY" in text_of(page)
    await telegram.people.press(telegram.owner, page, "ورود و پروکسی")
    page = await telegram.now(page)
    assert "دوباره تنظیم کنید" in text_of(page)
    doctor = await app.cli("doctor")
    assert "restore the key, or set them again" in doctor.stdout
    await telegram.people.press(telegram.owner, page, "🗑")
    page = await telegram.now(page)
    for _ in range(2):
        await telegram.people.press(telegram.owner, page, "بله")
    assert "چیزی تنظیم نشده است" in text_of(await telegram.now(page))
    assert app.rows("SELECT requests FROM source WHERE id = 1") == [("[]",)]


@pytest.mark.long
async def test_a_new_address_is_tried_with_the_login(
    app: PeykApp, telegram: Telegram, behind_login: NewsSite, until: Callable[..., Any]
) -> None:
    await app.cli("sources", "request", "set", "1", "login", "-", stdin=_LOGIN.encode())
    await until(_fetched(app))
    behind_login.pages["/rss.xml"] = behind_login.pages["/feed.xml"]
    editor = Editor(telegram, await telegram.colleague("ویراستار", "editor"))
    menu = await editor.press(await editor.page("آزمون"), "ویرایش")
    await editor.press(menu, "نشانی")
    tried = await editor.found(f"{behind_login.url}/rss.xml", "ذخیره")
    assert "خبر پشت در بسته" in text_of(tried)


async def _asked_for_login(telegram: Telegram, person: int) -> dict[str, Any]:
    """Press the button that asks for a login, and return the question."""
    panel = await telegram.ask(person, "/sources", button="➕")
    pressed = {
        "user_id": person,
        "chat_id": person,
        "message_id": panel["message_id"],
        "data": "request:set:1:login",
    }
    await telegram.people.do("press", **pressed)
    return await telegram.people.wait_for(
        person, lambda m: "user:password" in text_of(m), after=panel["message_id"]
    )


@pytest.mark.long
async def test_a_secret_of_somebody_who_lost_the_right_meanwhile_is_deleted(
    app: PeykApp, telegram: Telegram, behind_login: NewsSite
) -> None:
    people = telegram.people
    gone, removed = await telegram.colleague("رفته", "editor"), await telegram.colleague("برکنار", "editor")
    for person in (gone, removed):
        await _asked_for_login(telegram, person)
    # One is removed behind the back of the app, the other by an owner.
    app.change(f"DELETE FROM staff WHERE user_id = {gone}")
    page = await telegram.ask(telegram.owner, "/editors", button="برکنار")
    data = f"fire:{removed}:y"
    await people.do(
        "press", user_id=telegram.owner, chat_id=telegram.owner, message_id=page["message_id"], data=data
    )
    for person in (gone, removed):
        (sent,) = await people.say(person, _LOGIN)
        # Whoever was removed is told so, perhaps only now.
        await people.wait_for(person, lambda message: "نمی‌شناسم" in text_of(message), after=sent)
        assert sent not in {m["message_id"] for m in await people.messages(person)}
    output = _dump(app) + app.log
    assert [secret for secret in _SECRETS if secret in output] == []
    assert app.rows("SELECT requests FROM source") == [("[]",)]
    assert "پیدا نشد" in text_of(await telegram.ask(gone, "نفت")), "what they write next is a search again"


async def test_a_secret_that_comes_by_an_edit_is_deleted_and_stored_nowhere(
    app: PeykApp, telegram: Telegram, behind_login: NewsSite
) -> None:
    people = telegram.people
    editor = await telegram.colleague("ویراستار", "editor")
    (before,) = await people.say(editor, "نفت")
    await people.wait_for(editor, lambda m: "پیدا نشد" in text_of(m), after=before)
    # An older message is made the secret while one is asked for.
    await _asked_for_login(telegram, editor)
    await people.do("edit", user_id=editor, message_id=before, text=_LOGIN)
    await people.wait_for(editor, lambda m: "ویرایش" in text_of(m), after=before)
    assert before not in {m["message_id"] for m in await people.messages(editor)}
    assert [secret for secret in _SECRETS if secret in _dump(app) + app.log] == []
    # A secret that Telegram did not let the bot delete is corrected afterwards.
    await people.do("faults", kind="refuse", method="deleteMessage", count=1)
    (sent,) = await people.say(editor, "reader:Mistyped4711")
    await people.wait_for(editor, lambda m: "درخواست‌ها به" in bare(text_of(m)), after=sent)
    await people.do("edit", user_id=editor, message_id=sent, text=_LOGIN)
    await people.wait_for(editor, lambda m: "ویرایش" in text_of(m), after=sent)
    assert sent not in {m["message_id"] for m in await people.messages(editor)}
    assert [secret for secret in (*_SECRETS, "Mistyped4711") if secret in _dump(app) + app.log] == []


async def test_no_trouble_of_a_source_tells_what_is_set_for_it(
    app: PeykApp, telegram: Telegram, site: NewsSite, until: Callable[..., Any]
) -> None:
    marks = {name: f"Mark{name}Xq7Lm2Zt9Rw4" for name in ("header", "cookie", "login", "proxy")}
    written = {
        "header": f"X-Key: {marks['header']}",
        "cookie": f"session={marks['cookie']}",
        "login": f"reader:{marks['login']}",
        "proxy": f"http://peyk:{marks['proxy']}@127.0.0.1:9",
    }
    app.environment |= {"LOG_LEVEL": "DEBUG", "LOG_FORMAT": "json"}
    await app.running(telegram)
    paths = ("/feed.xml", "/gone.xml", "/broken.xml", "/moved.xml", "/by-proxy.xml")
    site.add_item(601, "خبر یکم")
    site.put("/broken.xml", "<rss><channel><item>", content_type="application/rss+xml")
    site.put("/moved.xml", "", status=301, headers={"Location": "http://peyk:word@127.0.0.1:9/"})
    output = ""
    for number, path in enumerate(paths, 1):
        await app.cli("sources", "add", f"{site.url}{path}", "--category", "سیاسی")
        for part, value in written.items():
            if part != "proxy" or path == "/by-proxy.xml":
                done = await app.cli("sources", "request", "set", str(number), part, "-", stdin=value.encode())
                assert done.returncode == 0, done.stderr
                output += done.stdout + done.stderr

    async def all_fetched() -> bool:
        return app.rows("SELECT count(*) FROM source WHERE failures > 0 OR fetched_at IS NOT NULL") == [(5,)]

    await until(all_fetched)
    assert marks["header"] in {head.get("X-Key") for head in site.heads}, "it was used"
    # The database refuses what was typed: such an error has a statement with values.
    app.change("ALTER TABLE inbox RENAME TO missing")
    await telegram.people.say(telegram.owner, "reader:MarktypedXq7Lm2Zt9Rw4")

    async def refused() -> bool:
        return "poll_broke" in app.log

    await until(refused)
    app.change("ALTER TABLE missing RENAME TO inbox")
    assert "MarktypedXq7Lm2Zt9Rw4" not in app.log
    for command in (
        ("sources", "check"),
        ("sources", "check", "1"),
        ("sources", "check", "1", "--json"),
        ("sources", "check", "5", "--json"),
        ("sources", "discover", f"{site.url}/feed.xml", "--as", "5"),
        ("sources", "list", "--json"),
        ("sources", "request", "show", "1", "--json"),
        ("import", f"{site.url}/news/601/x"),
        ("opml", "export", "sources.opml"),
        ("audit",),
        ("audit", "--json"),
        ("doctor", "--json"),
    ):
        told = await app.cli(*command)
        output += told.stdout + told.stderr
    output += (app.folder / "sources.opml").read_text() + app.log + _dump(app)
    shown = await telegram.ask(telegram.owner, "/sources", button="➕")
    output += text_of(shown) + str(buttons_of(shown))
    encoded = httpx.BasicAuth("reader", marks["login"])._auth_header.removeprefix("Basic ")
    assert [mark for mark in (*marks.values(), encoded) if mark in output] == []


@pytest.mark.long
async def test_a_secret_may_begin_like_a_command(
    app: PeykApp, telegram: Telegram, behind_login: NewsSite, until: Callable[..., Any]
) -> None:
    editor = await telegram.colleague("ویراستار", "editor")
    (first,) = await telegram.people.say(editor, "/reader:Pw7Xq2Lm9Zt4")
    assert "نمی‌شناسم" in text_of(await telegram.people.wait_for(editor, lambda _: True, after=first))
    await telegram.people.do("delete", chat_id=editor, message_id=first)
    await _asked_for_login(telegram, editor)
    (sent,) = await telegram.people.say(editor, f"/{_LOGIN}")
    shown = await telegram.people.wait_for(editor, lambda m: "درخواست‌ها به" in bare(text_of(m)), after=sent)
    assert "نام کاربری" in text_of(shown)
    assert sent not in {m["message_id"] for m in await telegram.people.messages(editor)}
    behind_login.needs = {"Authorization": httpx.BasicAuth("/reader", "Pw7Xq2Lm9Zt4")._auth_header}
    app.change("UPDATE source SET next_fetch_at = 0")
    await until(_fetched(app))


@pytest.mark.long
async def test_an_import_by_hand_asks_as_the_source_of_the_site_does(
    app: PeykApp, telegram: Telegram, behind_login: NewsSite
) -> None:
    text = ["متن این خبر به اندازهٔ کافی بلند است تا یک بند کامل از خبر باشد و خوانده شود."] * 3
    page = behind_login.put("/news/501/x", article_page("خبر پشت در بسته", 501, "1404/10/05 08:00", text))
    other = behind_login.put("/news/502/x", article_page("خبر دوم پشت در", 502, "1404/10/05 09:00", text))
    refused = await app.cli("import", page)
    assert (refused.returncode, "401" in refused.stderr) == (1, True)
    await app.cli("sources", "request", "set", "1", "login", "-", stdin=_LOGIN.encode())
    assert "خبر پشت در بسته" in (await app.cli("import", page)).stdout
    preview = await telegram.ask(telegram.owner, f"/import {other}", button="انتشار")
    assert "خبر دوم پشت در" in text_of(preview)
    third = behind_login.put("/news/504/x", article_page("خبر سوم پشت در", 504, "1404/10/05 10:00", text))
    offer = await telegram.ask(telegram.owner, third, button="وارد کردن")
    await telegram.people.press(telegram.owner, offer, "وارد کردن")
    await telegram.people.wait_for(telegram.owner, lambda m: "خبر سوم پشت در" in text_of(m))
    elsewhere = NewsSite()
    await elsewhere.start()
    try:
        address = elsewhere.put("/news/503/x", article_page("خبر جای دیگر", 503, "1404/10/05 08:00", text))
        assert "خبر جای دیگر" in (await app.cli("import", address)).stdout
        assert [head for head in elsewhere.heads if "Authorization" in head] == []
    finally:
        await elsewhere.stop()


async def test_the_key_is_changed_by_a_command_while_the_source_is_read(
    app: PeykApp, behind_login: NewsSite, until: Callable[..., Any]
) -> None:
    await app.cli("sources", "request", "set", "1", "login", "-", stdin=_LOGIN.encode())
    await until(_fetched(app))
    key = (app.folder / "data/peyk.db.key").read_text()
    (stored,) = app.rows("SELECT requests FROM source WHERE id = 1")
    done = await app.cli("sources", "request", "rekey")
    assert done.stdout == "encrypted 1 secrets of 1 sources\n"
    assert (app.folder / "data/peyk.db.key").read_text() != key
    assert not (app.folder / "data/peyk.db.key.old").exists()
    assert app.rows("SELECT requests FROM source WHERE id = 1") != [stored]
    # The running desk reads with the new key, and a key in the settings takes over from the file.
    behind_login.add_item(502, "خبر پس از تعویض کلید")
    app.change("UPDATE source SET next_fetch_at = 0")

    async def arrived() -> bool:
        return app.rows("SELECT count(*) FROM article") == [(2,)]

    await until(arrived)
    assert (await app.cli("sources", "request", "rekey", SECRET_KEY="n" * 32)).returncode == 0
    (app.folder / "data/peyk.db.key").unlink()
    shown = await app.cli("sources", "request", "show", "1", SECRET_KEY="n" * 32)
    assert shown.stdout.split()[-1] == "set"
    # Without the key, the command names what it cannot read and leaves it.
    lost = await app.cli("sources", "request", "rekey", SECRET_KEY="x" * 32)
    assert lost.returncode == 1
    assert f"{behind_login.url}/feed.xml: a secret is encrypted with another key" in lost.stderr
    turned = await app.cli("sources", "request", "rekey", SECRET_KEY="x" * 32, OLD_SECRET_KEY="n" * 32)
    assert turned.returncode == 0
    assert "n" * 32 not in turned.stdout + turned.stderr
