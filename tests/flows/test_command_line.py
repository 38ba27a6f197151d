"""The operator's way: every verb of `peyk`, beside a running app and before its first start."""

import asyncio
import json
import subprocess
from pathlib import Path

import pytest

from sandbox.client import text_of
from tests import launch
from tests.flows.conftest import PeykApp, Telegram, buttons_of
from tests.flows.news_site import NewsSite, article_page
from tests.peyk_app import bare, says

_PAGE = article_page(
    "تیتر خبر وارداتی از پرونده",
    264802,
    "چهارشنبه 1404/10/03 ساعت 15:16",
    ["پیک-گروه سیاسی: بند نخست خبر وارداتی که به اندازهٔ کافی بلند است تا خوانده شود."],
    category="سیاسی",
)


@pytest.fixture
def app(empty_app: PeykApp) -> PeykApp:
    return empty_app


async def test_import_list_and_show(app: PeykApp) -> None:
    (app.folder / "page.html").write_text(_PAGE)
    first = await app.cli("import", "page.html")
    assert (first.returncode, first.stderr) == (0, "")
    again = await app.cli("import", "page.html")
    assert again.returncode == 0
    assert "already there" in again.stdout
    (app.folder / "page.html").write_text(_PAGE.replace("بند نخست", "بند اصلاح‌شدهٔ نخست"))
    assert "revised" in (await app.cli("import", "page.html")).stdout

    listed = (await app.cli("articles", "list")).stdout
    assert listed == "264802\tdraft\t1404/10/03 15:16\tpolitics\tتیتر خبر وارداتی از پرونده\n"
    shown = (await app.cli("articles", "show", "264802")).stdout
    assert "بند اصلاح‌شدهٔ نخست خبر وارداتی" in shown
    assert "revision: 2" in shown


@pytest.mark.long
async def test_copied_text_is_imported_from_a_file_of_an_old_charset_and_from_standard_input(app: PeykApp) -> None:
    text = (
        "سياسي\r\nشناسه خبر : 264803\r\nتاريخ انتشار : چهارشنبه 1404/10/03 ساعت 15:16\r\n"
        "تيتر خبر كپي شده از صفحه\r\nتيتر خبر كپي شده از صفحه\r\nليد خبر كه در يك سطر بالاي متن آن آمده است.\r\n"
        "پيك نيوز-گروه سياسي: بند نخست خبر كه به اندازه كافي بلند است تا خوانده شود.\r\n"
        "نظرات\r\nآخرين اخبار\r\nتيتر خبر ديگري كه به اين خبر ربطي ندارد\r\n"
    )
    (app.folder / "copied.txt").write_bytes(text.encode("windows-1256"))
    assert (await app.cli("import", "copied.txt")).stdout == "264803\tnew\tdraft\tتيتر خبر كپي شده از صفحه\n"
    assert "already there" in (await app.cli("import", "-", stdin=text.encode())).stdout
    shown = (await app.cli("articles", "show", "264803")).stdout
    assert "category: politics" in shown
    assert "section: گروه سياسي" in shown
    assert "date: 1404/10/03 15:16" in shown
    assert "ربطي ندارد" not in shown


@pytest.mark.long
async def test_what_cannot_be_imported_is_refused_and_nothing_is_stored(app: PeykApp) -> None:
    (app.folder / "notes.txt").write_text("یادداشتی که خبر نیست.")
    for name in ("notes.txt", "missing.html", "http://127.0.0.1:9/x"):
        refused = await app.cli("import", name)
        assert refused.returncode == 1, name
        assert len(refused.stderr.splitlines()) == 1, refused.stderr
        assert "Traceback" not in refused.stderr
    assert (await app.cli("articles", "list")).stdout == ""


async def test_an_unknown_category_is_made_by_its_name(app: PeykApp) -> None:
    (app.folder / "page.html").write_text(_PAGE)
    assert (await app.cli("import", "page.html", "--category", "استان‌ها")).returncode == 0
    assert "section-" in (await app.cli("articles", "list")).stdout


@pytest.mark.long
async def test_a_named_category_moves_an_article_that_is_known_already(app: PeykApp) -> None:
    (app.folder / "page.html").write_text(_PAGE)
    (number, outcome, *_) = (await app.cli("import", "page.html")).stdout.split("\t")
    assert outcome == "new"
    assert "category: politics" in (await app.cli("articles", "show", number)).stdout
    assert "already there" in (await app.cli("import", "page.html")).stdout
    assert "revised" in (await app.cli("import", "page.html", "--category", "sports")).stdout
    assert "category: sports" in (await app.cli("articles", "show", number)).stdout
    assert "already there" in (await app.cli("import", "page.html")).stdout, "it stays where somebody has put it"
    assert "category: sports" in (await app.cli("articles", "show", number)).stdout


async def test_publishing_from_the_command_line_reaches_the_channel(app: PeykApp, telegram: Telegram) -> None:
    channel = await telegram.channel()
    await app.running(telegram)
    (app.folder / "page.html").write_text(_PAGE)
    assert (await app.cli("import", "page.html", "--publish")).returncode == 0
    posted = await telegram.people.wait_for(channel, lambda m: "تیتر خبر وارداتی" in text_of(m))
    assert "#سیاسی" in text_of(posted)
    async with asyncio.timeout(30):
        while "sent\t1" not in (await app.cli("outbox")).stdout:
            await asyncio.sleep(0.1)


async def test_pushes_are_paused_and_resumed_beside_the_running_app(app: PeykApp, telegram: Telegram) -> None:
    channel = await telegram.channel()
    await app.running(telegram)
    assert (await app.cli("pause")).returncode == 0
    assert "paused already" in (await app.cli("pause")).stderr
    told = await telegram.people.wait_for(telegram.owner, lambda m: "متوقف کرد" in text_of(m))
    await telegram.publish("خبر در دست")
    assert "peyk" in text_of(told)
    await app.stop()
    await app.running(telegram)
    assert await telegram.people.messages(channel, by_bot=True) == []
    assert (await app.cli("resume")).returncode == 0
    assert "not paused" in (await app.cli("resume")).stderr
    await telegram.people.wait_for(channel, lambda m: "خبر در دست" in text_of(m))
    assert app.rows("SELECT action, actor_id FROM audit WHERE action IN ('pause', 'resume')") == [
        ("pause", 0),
        ("resume", 0),
    ]


async def test_backup_and_restore(app: PeykApp, telegram: Telegram) -> None:
    (app.folder / "page.html").write_text(_PAGE)
    await app.cli("import", "page.html")
    await app.running(telegram)
    assert (await app.cli("backup", "copy.db")).returncode == 0
    assert (await app.cli("backup", "copy.db")).returncode == 1
    assert "another Peyk runs" in (await app.cli("restore", "copy.db")).stderr
    await app.stop()
    Path(app.folder / "data" / "peyk.db").write_bytes(b"")
    (app.folder / "junk.db").write_bytes(b"junk" * 1000)
    assert (await app.cli("restore", "junk.db")).returncode == 1
    restored = await app.cli("restore", "copy.db")
    assert restored.returncode == 0, restored.stderr
    assert "pushes are paused" in restored.stderr
    assert "264802" in (await app.cli("articles", "list")).stdout


async def test_a_restored_app_sends_nothing_before_somebody_resumes_it(app: PeykApp, telegram: Telegram) -> None:
    channel = await telegram.channel()
    await app.running(telegram)
    assert (await app.cli("backup", "copy.db")).returncode == 0
    await app.stop()
    assert (await app.cli("restore", "copy.db")).returncode == 0
    await app.running(telegram)
    told = await telegram.people.wait_for(telegram.owner, says("بازگردانده شد", "/outbox"))
    await telegram.publish("تیتر پس از بازگردانی")
    assert "بازگردانده شد" in bare(text_of(await telegram.ask(telegram.owner, "/outbox")))
    assert not [m for m in await telegram.people.messages(channel) if "تیتر پس از بازگردانی" in text_of(m)]
    assert told["chat"]["id"] == telegram.owner
    assert (await app.cli("resume")).returncode == 0
    await telegram.people.wait_for(channel, says("تیتر پس از بازگردانی"))


@pytest.mark.long
async def test_a_restore_is_rehearsed_without_touching_anything(app: PeykApp) -> None:
    assert (await app.cli("backup", "copy.db")).returncode == 0
    before = sorted(path.name for path in app.folder.rglob("*"))
    tried = await app.cli("backup", "verify", "copy.db")
    assert tried.stdout == "copy.db can be restored: 0 published articles, 0 chats\n"
    (app.folder / "junk.db").write_bytes(b"junk" * 1000)
    failed = await app.cli("backup", "verify", "junk.db")
    assert (failed.returncode, "no backup of Peyk" in failed.stderr) == (1, True)
    for wrong in (("verify",), ("copy2.db", "copy.db")):
        assert (await app.cli("backup", *wrong)).returncode == 2
    assert sorted(path.name for path in app.folder.rglob("*")) == sorted([*before, "junk.db"])


async def test_what_peyk_writes_is_its_owners_alone(app: PeykApp, telegram: Telegram) -> None:
    (app.folder / ".env").write_text("LOG_LEVEL=INFO\n")
    (app.folder / ".env").chmod(0o644)
    elsewhere = f"sqlite:///{app.folder}/new/folder/peyk.db"
    assert (await app.cli("migrate", DATABASE_URL=elsewhere)).returncode == 0
    await app.running(telegram)
    assert (await app.cli("backup", "copy.db")).returncode == 0
    assert (await app.cli("opml", "export", "feeds.opml")).returncode == 0
    again = await app.cli("opml", "export", "feeds.opml")
    assert (again.returncode, "there already" in again.stderr) == (1, True), again.stderr
    written = [*(app.folder / "data").iterdir(), *(app.folder / "new").rglob("*"), app.folder / "new"]
    written += [app.folder / "copy.db", app.folder / "feeds.opml"]
    assert {"peyk.db", "peyk.db-wal", "peyk.db-shm", "peyk.db.lock"} <= {path.name for path in written}
    assert {path.name: oct(path.stat().st_mode & 0o077) for path in written} == {
        path.name: "0o0" for path in written
    }
    warned = [line for line in (await app.cli("doctor")).stdout.splitlines() if "can read" in line]
    assert warned == ["warning\tfiles\tothers on this machine can read .env: chmod go-rwx .env"]


@pytest.mark.long
async def test_an_address_with_a_password_needs_to_be_no_argument(app: PeykApp) -> None:
    moved = await app.cli("migrate", "--to", "-", stdin=f"sqlite:///{app.folder}/moved.db\n".encode())
    assert moved.returncode == 0, moved.stderr
    assert (app.folder / "moved.db").exists()
    shown = await app.cli("migrate", "--to", "postgresql://peyk:s3cret@127.0.0.1:1/peyk")
    assert "lists of processes show this password" in shown.stderr
    assert "s3cret" not in shown.stderr + shown.stdout


@pytest.mark.long
async def test_a_damaged_database_makes_no_backup(app: PeykApp) -> None:
    assert (await app.cli("migrate")).returncode == 0
    path = app.folder / "data" / "peyk.db"
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(b"\xff" * 40_000)
    failed = await app.cli("backup", "copy.db")
    assert failed.returncode == 1
    assert len(failed.stderr.splitlines()) == 1, failed.stderr
    assert failed.stderr.startswith("peyk: ")
    assert not list(app.folder.glob("*copy*"))


async def test_sources_and_opml(app: PeykApp, site: NewsSite) -> None:
    site.add_item(1, "خبر نخست")
    added = await app.cli("sources", "add", f"{site.url}/feed.xml", "--category", "Politics")
    assert added.returncode == 0
    twice = await app.cli("sources", "add", f"{site.url}/feed.xml", "--category", "Politics")
    assert (twice.returncode, "already" in twice.stderr) == (1, True)
    assert (await app.cli("sources", "add", "file:///etc/passwd", "--category", "x")).returncode == 1
    assert "خبر نخست" in (await app.cli("sources", "check")).stdout
    assert (await app.cli("opml", "export", "feeds.opml")).returncode == 0
    assert (await app.cli("sources", "remove", "1")).returncode == 0
    assert (await app.cli("sources", "list")).stdout == ""
    assert "added" in (await app.cli("opml", "import", "feeds.opml")).stdout
    assert site.url in (await app.cli("sources", "list")).stdout


async def test_opml_keeps_every_property_and_changes_nothing_unasked(app: PeykApp) -> None:
    url = "https://a.example/sport"
    options = ("--kind", "listing", "--to", "review", "--selector", "h3 > a", "--interval", "900")
    assert (await app.cli("sources", "add", url, "--category", "sports", *options)).returncode == 0
    rule = await app.cli("sources", "rules", "add", "تنیس", "drop", "--source", url)
    assert rule.returncode == 0, rule.stderr
    assert (await app.cli("sources", "section", url, "توپ و تور", "ورزشی")).returncode == 0
    assert (await app.cli("sources", "pause", url)).returncode == 0
    listed = (await app.cli("sources", "list")).stdout.split("\t", 1)[1]
    assert (await app.cli("opml", "export", "one.opml")).stdout == "1 written to one.opml\n"
    first = (app.folder / "one.opml").read_bytes()
    assert (await app.cli("sources", "remove", url)).returncode == 0
    assert (await app.cli("opml", "import", "one.opml")).stdout.startswith(f"added\t{url}\t")
    assert (await app.cli("sources", "list")).stdout.split("\t", 1)[1] == listed
    assert "drop" in (await app.cli("sources", "rules", "list")).stdout

    # A file that is there is replaced only with a word, and a known source as well.
    assert (await app.cli("opml", "export", "one.opml")).returncode == 1
    assert (await app.cli("opml", "export", "one.opml", "--force")).returncode == 0
    assert (app.folder / "one.opml").read_bytes() == first
    assert (app.folder / "one.opml").stat().st_mode & 0o077 == 0
    assert (await app.cli("sources", "edit", url, "--interval", "60")).returncode == 0
    told = (await app.cli("opml", "import", "one.opml")).stdout.splitlines()
    assert [line.split("\t")[0::3] for line in told] == [["differs", "interval: 60 -> 900"], ["0 added"]]
    assert (await app.cli("opml", "import", "one.opml", "--update")).stdout.endswith("0 added, 1 changed\n")
    assert (await app.cli("opml", "import", "one.opml")).stdout.startswith("already there\t")


async def test_a_list_goes_through_standard_input_and_output(app: PeykApp) -> None:
    outline = '<outline text="یک" xmlUrl="https://a.example/rss"/>'
    done = await app.cli("opml", "import", "-", stdin=f"<opml><body>{outline}</body></opml>".encode())
    assert (done.returncode, done.stdout) == (0, "added\thttps://a.example/rss\tیک\n1 added\n")
    written = await app.cli("opml", "export", "-")
    assert written.returncode == 0, written.stderr
    assert written.stdout.startswith("<?xml")
    assert "1 written to standard output" in written.stderr
    assert (await app.cli("opml", "import", "-", stdin=written.stdout.encode())).stdout.endswith("0 added\n")
    failed = await app.cli("opml", "import", "-", stdin=b"words")
    assert (failed.returncode, "standard input is no OPML" in failed.stderr) == (1, True)
    assert not (app.folder / "-").exists()


@pytest.mark.long
async def test_a_backup_goes_to_another_program(app: PeykApp) -> None:
    done = subprocess.run(
        launch.command(("backup", "-")), cwd=app.folder, env=app.environment, capture_output=True, check=True
    )
    (app.folder / "copy.db").write_bytes(done.stdout)
    assert b"bytes written to standard output" in done.stderr
    assert (await app.cli("backup", "verify", "copy.db")).returncode == 0
    assert not (app.folder / "-").exists()


@pytest.mark.long
async def test_opml_keeps_the_rules_for_all_sources(app: PeykApp) -> None:
    assert (await app.cli("sources", "rules", "add", "آگهی", "drop")).returncode == 0
    assert (await app.cli("opml", "export", "rules.opml")).returncode == 0
    again = await app.cli("opml", "import", "rules.opml")
    assert (again.returncode, again.stdout) == (0, "0 added\n")
    app.change("DELETE FROM source_rule")
    assert (await app.cli("opml", "import", "rules.opml")).stdout == "0 added, 1 rules for all sources added\n"
    assert (await app.cli("sources", "rules", "add", "بورس", "quiet")).returncode == 0
    app.change("DELETE FROM source_rule WHERE action = 'drop'")
    told = await app.cli("opml", "import", "rules.opml")
    assert "the list has other rules for all sources; --update adds them" in told.stderr
    assert (await app.cli("opml", "import", "rules.opml", "--update")).returncode == 0
    assert app.rows("SELECT query FROM source_rule ORDER BY id") == [("بورس",), ("آگهی",)]


@pytest.mark.long
async def test_opml_says_what_it_refuses_and_fails_where_nothing_is_added(app: PeykApp) -> None:
    async def imported(outlines: str) -> tuple[int, list[str]]:
        (app.folder / "feeds.opml").write_text(f"<opml><body>{outlines}</body></opml>")
        done = await app.cli("opml", "import", "feeds.opml")
        return done.returncode, done.stdout.splitlines()

    folder = '<outline text="سیاسی"><outline text="الف & ب" xmlurl="https://a.example/rss?c=1&lang=fa"/></outline>'
    assert await imported(folder) == (0, ["added\thttps://a.example/rss?c=1&lang=fa\tالف & ب", "1 added"])
    assert "politics" in (await app.cli("sources", "list")).stdout
    assert await imported(folder) == (0, ["already there\thttps://a.example/rss?c=1&lang=fa\tالف & ب", "0 added"])
    bad = '<outline text="بد" xmlUrl="ftp://a.example/"/><outline type="rss" text="بی نشانی"/>'
    status, lines = await imported(bad)
    assert (status, [line.split("\t")[:2] for line in lines]) == (
        1,
        [["refused", "بی نشانی"], ["refused", "ftp://a.example/"], ["0 added"]],
    )
    secret = (
        '<outline xmlUrl="https://me:Mark1Xq7Lm@a.example/rss"/><outline xmlUrl="ftp://me:Mark1Xq7Lm@a.example/"/>'
    )
    status, lines = await imported(secret)
    assert (status, [line.partition("\t")[0] for line in lines]) == (1, ["refused", "refused", "0 added"])
    assert "Mark1Xq7Lm" not in "".join(lines)
    assert (await imported(bad + '<outline xmlUrl="https://b.example/rss"/>'))[0] == 0
    assert (await imported(bad + folder))[0] == 1
    assert await imported("") == (1, ["0 added"])
    (app.folder / "feeds.opml").write_bytes(b"\x00\xff no list")
    assert (await app.cli("opml", "import", "feeds.opml")).returncode == 1


@pytest.mark.long
async def test_a_list_of_many_folders_makes_no_more_categories_than_readers_can_choose_from(
    app: PeykApp, telegram: Telegram
) -> None:
    folders = "".join(
        f'<outline text="{f"دستهٔ {number} ":ن<60}"><outline xmlUrl="https://a{number}.org/feed"/></outline>'
        for number in range(60)
    )
    (app.folder / "many.opml").write_text(f"<opml><body>{folders}</body></opml>")
    done = await app.cli("opml", "import", "many.opml")
    assert done.returncode == 0
    assert done.stdout.count("the limit is 36") == 32
    assert app.rows("SELECT count(*) FROM category") == [(36,)]
    await app.running(telegram)
    for words in ("/categories", "/subscribe", "/subscriptions", "/settings"):
        assert buttons_of(await telegram.ask(telegram.reader, words))
    assert buttons_of(await telegram.ask(telegram.owner, "/post"))
    assert await telegram.people.refused() == []


async def test_a_list_says_that_it_is_empty_and_is_there_as_json(app: PeykApp, site: NewsSite) -> None:
    lists = {
        ("articles", "list"): [],
        ("sources", "list"): [],
        ("sources", "rules", "list"): [],
        ("sources", "rules", "try", "x"): [],
        ("sources", "check"): {"sources": [], "details": []},
        ("audit",): [],
    }
    for arguments, nothing in lists.items():
        listed = await app.cli(*arguments)
        assert len(listed.stderr.splitlines()) == 1, arguments
        printed = await app.cli(*arguments, "--json")
        assert json.loads(printed.stdout) == nothing, arguments

    (app.folder / "page.html").write_text(_PAGE)
    assert (await app.cli("import", "page.html")).returncode == 0
    (article,) = json.loads((await app.cli("articles", "list", "--json")).stdout)
    assert article == {
        "id": 264802,
        "state": "draft",
        "date": "1404/10/03 15:16",
        "category": "politics",
        "title": "تیتر خبر وارداتی از پرونده",
    }
    site.add_item(1, "خبر نخست")
    address = f"{site.url}/feed.xml"
    assert (await app.cli("sources", "add", address, "--category", "Politics")).returncode == 0
    (source,) = json.loads((await app.cli("sources", "list", "--json")).stdout)
    assert (source["id"], source["kind"], source["url"], source["state"]) == (1, "feed", address, "new")
    checked = json.loads((await app.cli("sources", "check", "1", "--json")).stdout)
    assert (checked["sources"][0]["state"], checked["details"][0]["part"]) == ("ok", "source")
    newest = json.loads((await app.cli("audit", "--json")).stdout)[0]
    assert (newest["act"], newest["person_id"], newest["article"]) == ("add_source", 0, None)
    outbox = json.loads((await app.cli("outbox", "--json")).stdout)
    assert (outbox["states"]["sent"], outbox["deliveries"]) == (0, [])
    assert {"state", "what", "detail"} == set(json.loads((await app.cli("doctor", "--json")).stdout)[0])


async def test_every_wrong_setting_and_a_misspelt_one_are_told(app: PeykApp) -> None:
    wrong = await app.cli("articles", "list", TIMEZONE="Mars/Base", FETCH_INTERVAL="soon", OWNER_IDZ="1")
    assert wrong.returncode == 1
    assert [line.split(":")[1].strip() for line in wrong.stderr.splitlines()[-2:]] == ["TIMEZONE", "FETCH_INTERVAL"]
    del app.environment["OWNER_IDS"]
    misspelt = await app.cli("articles", "list", OWNER_IDZ="1")
    assert misspelt.returncode == 0
    assert "peyk: OWNER_IDZ is no setting of Peyk; did you mean OWNER_IDS?" in misspelt.stderr


async def test_wrong_settings_and_usage_are_clear(app: PeykApp) -> None:
    for name, value in (
        ("TIMEZONE", "Mars/Base"),
        ("FETCH_INTERVAL", "soon"),
        ("DATABASE_URL", "mysql://x"),
        ("OWNER_IDS", "me"),
        ("DEFAULT_LANGUAGE", "xx"),
    ):
        wrong = await app.cli("articles", "list", stdin=b"", **{name: value})
        assert wrong.returncode == 1, name
        assert wrong.stderr.startswith(f"peyk: {name}:"), wrong.stderr
        assert len(wrong.stderr.splitlines()) == 1
    assert (await app.cli("sources", "add")).returncode == 2
    assert (await app.cli("articles", "show", "x")).returncode == 1


async def test_doctor_names_what_it_finds(app: PeykApp, telegram: Telegram) -> None:
    healthy = await app.cli("doctor")
    assert healthy.returncode == 0, healthy.stdout
    assert "@peyk_sandbox_bot" in healthy.stdout
    await app.cli("sources", "add", "https://example.org/feed", "--category", "politics")
    app.change("UPDATE source SET failures = 1, last_error = 'the site answered 503'")
    assert "https://example.org/feed: failed once, the site answered 503" in (await app.cli("doctor")).stdout
    wrong = await app.cli("doctor", BOT_TOKEN="1:" + "x" * 35)
    assert wrong.returncode == 1
    assert "does not know this token" in wrong.stdout
