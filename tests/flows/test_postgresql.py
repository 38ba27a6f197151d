"""The app on PostgreSQL: the same promises, and what an operator does differently there."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from sandbox.client import text_of
from storage import inbox
from storage.bootstrap import opened
from storage.engine.database import Database
from storage.inbox import Received
from tests import launch, postgres
from tests.flows.news_site import article_page
from tests.peyk_app import PeykAppOnPostgres, Telegram

_PAGE = article_page(
    "تیتر خبر روی پایگاه دیگر",
    264802,
    "چهارشنبه 1404/10/03 ساعت 15:16",
    ["پیک-گروه سیاسی: بند نخست این خبر به اندازهٔ کافی بلند است تا خوانده شود."],
    category="سیاسی",
)


@pytest.fixture
async def app(tmp_path: Path, telegram: Telegram, postgres_socket: str) -> AsyncIterator[PeykAppOnPostgres]:
    async with postgres.database(postgres_socket, template=postgres.EMPTY) as url:
        app = PeykAppOnPostgres(tmp_path, telegram, url)
        yield app
        app.abandon()


@pytest.mark.long
async def test_an_app_that_is_killed_loses_and_repeats_nothing(app: PeykAppOnPostgres, telegram: Telegram) -> None:
    channels = [await telegram.channel(f"کانال {n}") for n in range(6)]
    await telegram.people.do("limits", total=8)
    await app.running(telegram, BULK_RATE="2")
    preview = await telegram.ask(telegram.owner, "/post سیاسی\nتیتر پایدار\n\nلید.")
    await telegram.people.press(telegram.owner, preview, "انتشار")
    await telegram.people.wait_for(channels[0], lambda m: "تیتر پایدار" in text_of(m))
    # An update under way would wait for its lease to end: another process could be at it.
    while app.rows("SELECT 1 FROM inbox WHERE done_at IS NULL"):
        await asyncio.sleep(0.05)
    app.kill()
    await app.running(telegram, BULK_RATE="8")
    for channel in channels:
        await telegram.people.wait_for(channel, lambda m: "تیتر پایدار" in text_of(m), timeout=30)
    counts = [len(await telegram.people.messages(channel, by_bot=True)) for channel in channels]
    assert counts == [1] * len(channels)
    answer = await telegram.ask(telegram.reader, "پایدار")
    assert "تیتر پایدار" in text_of(answer)


@pytest.mark.long
async def test_a_search_that_takes_too_long_is_answered_and_holds_up_nobody(
    app: PeykAppOnPostgres, telegram: Telegram
) -> None:
    await app.running(telegram)
    await telegram.ask(telegram.reader, "/start")
    async with opened(app.url) as database, database.write() as holder:
        await holder.execute(text("LOCK TABLE article_search IN ACCESS EXCLUSIVE MODE"))
        searching = asyncio.create_task(telegram.ask(telegram.reader, "/search ایران"))
        assert text_of(await telegram.ask(telegram.owner, "/latest"))
        assert not searching.done()
        assert "طول کشید" in text_of(await searching)
    assert "پیدا نشد" in text_of(await telegram.ask(telegram.reader, "/search ایران"))


async def test_the_command_line_works_beside_the_app(app: PeykAppOnPostgres, telegram: Telegram) -> None:
    (app.folder / "page.html").write_text(_PAGE)
    assert (await app.cli("import", "page.html")).returncode == 0
    await app.running(telegram)
    assert "revised" not in (await app.cli("import", "page.html")).stdout
    assert "264802\tdraft" in (await app.cli("articles", "list")).stdout
    health = (await app.cli("doctor")).stdout
    assert "ok\tencoding\tUTF8, locale C.UTF-8" in health
    assert "ok\tsynchronous_commit\ton" in health
    assert "warning\tautovacuum\tautovacuum is off" in health  # on the tests' server
    assert "up to 23 wanted by 1 process(es)" in health
    assert "ok\tapp\trunning" in health
    assert await app.stop() == 0
    assert "ok\tapp\tnot running" in (await app.cli("doctor")).stdout
    assert not (app.folder / "data").exists()


async def test_backup_and_restore_name_the_programs_of_postgresql(app: PeykAppOnPostgres) -> None:
    for command, program in (("backup", "pg_dump"), ("restore", "pg_restore")):
        refused = await app.cli(command, "copy.db")
        assert (refused.returncode, program in refused.stderr) == (1, True), refused.stderr


@pytest.mark.long
async def test_the_data_moves_to_postgresql_and_back(app: PeykAppOnPostgres, until: Callable[..., Any]) -> None:
    here = "sqlite:///data/peyk.db"
    (app.folder / "page.html").write_text(_PAGE)
    assert (await app.cli("import", "page.html", "--publish", DATABASE_URL=here)).returncode == 0
    app.start(DATABASE_URL=here)
    await until(app.says("app_running"))
    busy = await app.cli("migrate", "--to", app.url, DATABASE_URL=here)
    assert (busy.returncode, "another Peyk runs" in busy.stderr) == (1, True), busy.stderr
    await app.stop()

    moved = await app.cli("migrate", "--to", app.url, DATABASE_URL=here)
    assert moved.returncode == 0, moved.stderr
    assert "article\t1\n" in moved.stdout
    assert "264802\tpublished" in (await app.cli("articles", "list")).stdout
    again = await app.cli("migrate", "--to", app.url, DATABASE_URL=here)
    assert (again.returncode, "give an empty database" in again.stderr) == (1, True), again.stderr

    back = await app.cli("migrate", "--to", "sqlite:///data/back.db")
    assert back.returncode == 0, back.stderr
    listed = await app.cli("articles", "list", DATABASE_URL="sqlite:///data/back.db")
    assert "264802\tpublished" in listed.stdout


class _UndoneError(Exception):
    """The transaction is to be rolled back."""


async def test_a_move_that_is_killed_goes_on_where_it_was(
    app: PeykAppOnPostgres, telegram: Telegram, until: Callable[..., Any]
) -> None:
    here = "sqlite:///data/peyk.db"
    assert (await app.cli("articles", "list", DATABASE_URL=here)).returncode == 0
    updates = [Received(number, "{}") for number in range(1, 3501)]
    async with opened(f"sqlite:///{app.folder}/data/peyk.db") as source, source.write() as tx:
        await inbox.put(tx, updates, now=1)
    async with opened(app.url) as target:
        with pytest.raises(_UndoneError):
            async with target.write() as obstacle:
                # The third chunk waits until this row is committed or not; the kill comes first.
                await inbox.put(obstacle, [Received(2500, "{}")], now=1)
                arguments = ("migrate", "--to", app.url)
                moving = launch.forked(
                    arguments, app.folder, app.environment | {"DATABASE_URL": here}, app.folder / "m"
                )

                async def is_stopped() -> bool:
                    return await _count(target, "pg_locks WHERE NOT granted") > 0

                await until(is_stopped)
                moving.send_signal(signal.SIGKILL)
                moving.wait(10)
                raise _UndoneError
        assert await _count(target, "inbox") == 2000
    unready = await app.cli("articles", "list")
    assert (unready.returncode, "a copy into it is not complete" in unready.stderr) == (1, True), unready.stderr

    moved = await app.cli("migrate", "--to", app.url, DATABASE_URL=here)
    assert moved.returncode == 0, moved.stderr
    assert "inbox\t3500\n" in moved.stdout
    async with opened(app.url) as target:
        assert await _count(target, "inbox") == 3500


async def _count(database: Database, rows: str) -> int:
    async with database.monitor() as connection:
        return int((await connection.execute(text(f"SELECT count(*) FROM {rows}"))).scalar_one())


@pytest.mark.parametrize("database", ["nothing-there", "%00", "x?port=abc"])
async def test_a_wrong_address_is_one_clear_line_without_the_password(
    app: PeykAppOnPostgres, database: str
) -> None:
    address = app.url.replace("postgres@", "postgres:s3cret@").replace("/t_", f"/{database}_", 1)
    wrong = await app.cli("run", DATABASE_URL=address)
    assert wrong.returncode == 1
    assert len(wrong.stderr.splitlines()) == 1, wrong.stderr
    assert wrong.stderr.startswith("peyk: DATABASE_URL:")
    assert "s3cret" not in wrong.stderr


@pytest.mark.long
async def test_an_app_waits_for_its_database(
    app: PeykAppOnPostgres, telegram: Telegram, until: Callable[..., Any]
) -> None:
    missing = app.folder / "socket"
    app.start(DATABASE_URL=app.url.replace("?host=", f"?host={missing}&application_name="))
    await until(app.says("database_unreachable"))
    missing.symlink_to(app.url.partition("?host=")[2])
    await until(app.says("app_running"))
    assert await app.stop() == 0
