"""Faults of the machine: each is told in one line, in /readyz and once in the desk chat; then all goes on."""

import asyncio
import ctypes
import os
import shutil
import sqlite3
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from sandbox.client import text_of
from storage.bootstrap import opened
from tests import launch
from tests.crash.cluster import own_server
from tests.crash.news import NewsEditor
from tests.peyk_app import PeykApp, PeykAppOnPostgres, Telegram
from tests.unit.web.conftest import free_port

pytestmark = pytest.mark.timeout(400)

_PATIENCE_SECONDS = 120.0
_PAGE = 4096
_DISK_KB = 8192
_CAPABILITIES = (
    1,
    2,
)  # CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH of capabilities(7): root's way past rights of files
_PR_CAPBSET_DROP = 24  # prctl(2)

_AGAIN = "دوباره کار می‌کند"


class _Watched:
    """A running app with /readyz on a port of its own."""

    def __init__(self, app: PeykApp, telegram: Telegram) -> None:
        self.app = app
        self.telegram = telegram
        self._port = free_port()

    async def run(self, **settings: str) -> None:
        """Start the app and wait until it is ready."""
        self.app.start(LISTEN=f"127.0.0.1:{self._port}", **settings)
        await self.until_failing([])

    async def until_failing(self, names: list[str]) -> None:
        """Wait until /readyz names exactly these."""
        told: object = None
        async with httpx.AsyncClient(trust_env=False, timeout=30) as client, asyncio.timeout(_PATIENCE_SECONDS):
            while told != names:
                assert self.app.is_running, self.app.log[-3000:]
                try:
                    told = (await client.get(f"http://127.0.0.1:{self._port}/readyz")).json().get("failing", [])
                except httpx.TransportError:
                    told = None
                await asyncio.sleep(0.2)

    async def until_told(self, words: str) -> None:
        """Wait until the desk chat, which is the owner's, has one message with these words."""
        wanted: Callable[[dict[str, object]], bool] = lambda message: words in text_of(message)  # noqa: E731
        await self.telegram.people.wait_for(self.telegram.owner, wanted, timeout=_PATIENCE_SECONDS)
        held = await self.telegram.people.messages(self.telegram.owner, by_bot=True)
        assert sum(words in text_of(message) for message in held) == 1


@pytest.fixture
async def watched(tmp_path: Path, telegram: Telegram, ready_database: Path) -> AsyncIterator[_Watched]:
    (tmp_path / "data").mkdir(exist_ok=True)
    shutil.copy(ready_database, tmp_path / "data")
    app = PeykApp(tmp_path, telegram, launch.forked)
    yield _Watched(app, telegram)
    app.abandon()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of a few MB for the database."""
    (tmp_path / "data").mkdir()
    mount: list[str | Path] = ["mount", "-t", "tmpfs", "-o", f"size={_DISK_KB}k", "tmpfs", tmp_path / "data"]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        pytest.skip("only root may mount a small disk")
    yield tmp_path / "data"
    subprocess.run(["umount", "--lazy", tmp_path / "data"], check=True)


async def test_a_locked_database(watched: _Watched, telegram: Telegram) -> None:
    channel = await telegram.channel()
    await watched.run()
    await telegram.publish("خبر پیش از آن")
    lock = sqlite3.connect(watched.app.folder / "data/peyk.db")
    lock.execute("BEGIN IMMEDIATE")
    (asked,) = await telegram.people.say(telegram.reader, "/latest")
    await watched.until_failing(["database"])
    await watched.until_told("قفل")
    lock.rollback()
    lock.close()
    await _goes_on(watched, channel, asked, told=_AGAIN)


async def test_a_full_disk(small_disk: Path, watched: _Watched, telegram: Telegram) -> None:
    channel = await telegram.channel()
    await watched.run()
    await telegram.publish("خبر پیش از آن")
    with (small_disk / "filler").open("wb", buffering=0) as filler, suppress(OSError):
        while filler.write(bytes(_PAGE)):
            pass
    (asked,) = await telegram.people.say(telegram.reader, "/latest")
    await watched.until_failing(["database"])
    await watched.until_told("پر شده")
    (small_disk / "filler").unlink()
    await _goes_on(watched, channel, asked, told=_AGAIN)


@pytest.fixture
def failing_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own for the database, in a file."""
    image, folder = tmp_path / "disk", tmp_path / "data"
    folder.mkdir()
    with image.open("wb") as file:
        file.truncate(64 << 20)
    made = os.geteuid() == 0 and shutil.which("mkfs.ext4") is not None
    made = made and subprocess.run(["mkfs.ext4", "-q", image], check=False, capture_output=True).returncode == 0
    if not made or subprocess.run(_mount(image, folder), check=False, capture_output=True).returncode != 0:
        pytest.skip("only root may mount a disk of its own")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def _mount(image: Path, folder: Path) -> list[str | Path]:
    return ["mount", "-o", "loop", image, folder]


async def test_a_disk_that_turns_read_only(failing_disk: Path, watched: _Watched, telegram: Telegram) -> None:
    subprocess.run(["sync", "-f", failing_disk / "peyk.db"], check=True)  # it was copied: SQLite has not synced it
    await watched.run()
    await telegram.publish("خبر پیش از آن")
    await watched.app.heard()
    # The kernel does the same at an error of the disk.
    subprocess.run(["mount", "-o", "remount,abort", failing_disk], check=True)
    (asked,) = await telegram.people.say(telegram.reader, "/latest")
    await watched.until_failing(["database"])
    await watched.until_told("در دسترس نیست")
    assert await watched.app.stop() == 0
    assert "Traceback" not in watched.app.log
    again = await watched.app.cli("run")
    assert (again.returncode, len(again.stderr.splitlines())) == (1, 1), again.stderr
    assert "peyk.db" in again.stderr

    subprocess.run(["umount", failing_disk], check=True)
    subprocess.run(["fsck.ext4", "-fy", failing_disk.parent / "disk"], check=False, capture_output=True)
    subprocess.run(_mount(failing_disk.parent / "disk", failing_disk), check=True)
    await watched.run()
    answer = await telegram.people.wait_for(telegram.reader, lambda _: True, after=asked, timeout=60)
    assert "خبر پیش از آن" in text_of(answer)


async def _goes_on(watched: _Watched, channel: int, asked: int, *, told: str) -> None:
    """See that all is well again: the end is told, who asked is answered, and news arrives once."""
    people, reader = watched.telegram.people, watched.telegram.reader
    await watched.until_failing([])
    await watched.until_told(told)
    await people.wait_for(reader, lambda message: "خبر پیش از" in text_of(message), after=asked, timeout=60)
    await watched.telegram.publish("خبر پس از آن")
    await people.wait_for(channel, lambda message: "خبر پس از آن" in text_of(message), timeout=60)
    posts = [text_of(message) for message in await people.messages(channel, by_bot=True)]
    assert [sum(title in text for text in posts) for title in ("خبر پیش از", "خبر پس از")] == [1, 1]
    assert "Traceback" not in watched.app.log


async def test_a_damaged_page(watched: _Watched, telegram: Telegram) -> None:
    channel = await telegram.channel()
    await watched.run()
    path = watched.app.folder / "data/peyk.db"
    connection = sqlite3.connect(path)
    pages = connection.execute("SELECT rootpage FROM sqlite_master WHERE tbl_name = 'desk_report'").fetchall()
    connection.close()
    with path.open("r+b") as file:
        for (page,) in pages:
            file.seek((page - 1) * _PAGE)
            file.write(b"\xa5" * _PAGE)
    await watched.until_failing(["database_damaged"])
    await watched.until_told("آسیب دیده")
    # What needs no damaged page goes on.
    await telegram.publish("خبر با صفحهٔ خراب")
    await telegram.people.wait_for(channel, lambda message: "خبر با صفحهٔ خراب" in text_of(message), timeout=60)
    assert "Traceback" not in watched.app.log
    assert "database disk image is malformed" in watched.app.log
    await watched.app.stop()
    again = await watched.app.cli("run")
    assert (again.returncode, len(again.stderr.splitlines())) == (1, 1), again.stderr
    assert "malformed" in again.stderr


async def test_telegram_is_gone(watched: _Watched, telegram: Telegram) -> None:
    channel = await telegram.channel()
    relay = await _Relay.to(telegram.running.url)
    await watched.run(TELEGRAM_API_URL=relay.url)
    await telegram.publish("خبر پیش از قطع")
    await telegram.people.wait_for(channel, lambda message: "خبر پیش از قطع" in text_of(message), timeout=60)
    relay.close()
    async with opened(watched.app.url) as database:
        news = NewsEditor(database, telegram.owner, first=2)
        await news.publish()
        await watched.until_failing(["telegram"])
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while "telegram_away" not in watched.app.log:
                await asyncio.sleep(0.1)
        (asked,) = await telegram.people.say(telegram.reader, "/latest")
        await relay.open()
        await watched.until_failing([])
        await telegram.people.wait_for(
            telegram.reader, lambda message: "خبر پیش از" in text_of(message), after=asked, timeout=60
        )
        mark = news.stories[0].mark
        await telegram.people.wait_for(channel, lambda message: mark in text_of(message), timeout=60)
    relay.close()
    posts = [text_of(message) for message in await telegram.people.messages(channel, by_bot=True)]
    assert sum(mark in text for text in posts) == 1
    assert watched.app.log.count("telegram_away") == 1
    assert "Traceback" not in watched.app.log


class _Relay:
    """A port that leads to the sandbox while it is open."""

    def __init__(self, target: str) -> None:
        self._host, _, port = target.removeprefix("http://").partition(":")
        self._target_port, self._port = int(port), free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        self._server: asyncio.Server | None = None
        self._writers: list[asyncio.StreamWriter] = []

    @classmethod
    async def to(cls, target: str) -> "_Relay":
        """Open a relay to the address."""
        relay = cls(target)
        await relay.open()
        return relay

    async def open(self) -> None:
        """Lead there from now on."""
        self._server = await asyncio.start_server(self._pass_on, "127.0.0.1", self._port)

    def close(self) -> None:
        """Refuse and cut every connection."""
        assert self._server is not None, "open"
        self._server.close()
        for writer in self._writers:
            writer.transport.abort()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(self._host, self._target_port)
        self._writers += [writer, back]
        ways: list[Awaitable[None]] = [_copy(reader, back), _copy(there, writer)]
        await asyncio.gather(*ways, return_exceptions=True)


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while some := await reader.read(65_536):
        writer.write(some)
    writer.close()


async def test_postgresql_is_gone_for_a_while(tmp_path: Path, telegram: Telegram) -> None:
    channel = await telegram.channel()
    async with own_server() as server:
        app = PeykAppOnPostgres(tmp_path, telegram, server.url)
        watched = _Watched(app, telegram)
        try:
            await watched.run()
            await telegram.publish("خبر پیش از قطع")
            await telegram.people.wait_for(channel, lambda message: "خبر پیش از" in text_of(message), timeout=60)
            await server.stop()
            (asked,) = await telegram.people.say(telegram.reader, "/latest")
            await watched.until_failing(["database"])
            await watched.until_told("در دسترس نیست")
            await server.start()
            await _goes_on(watched, channel, asked, told=_AGAIN)
        finally:
            app.abandon()


async def test_postgresql_is_gone_while_peyk_starts(tmp_path: Path, telegram: Telegram) -> None:
    relay = await _Relay.to(telegram.running.url)
    relay.close()
    async with own_server() as server:
        app = PeykAppOnPostgres(tmp_path, telegram, server.url)
        try:
            app.start(TELEGRAM_API_URL=relay.url)
            await _logged(app, "telegram_unreachable")
            await server.stop()
            await relay.open()
            await _logged(app, "database_unreachable")
            await server.start()
            await _logged(app, "app_running")
            assert await app.stop() == 0
            assert "Traceback" not in app.log
        finally:
            app.abandon()
            relay.close()


async def _logged(app: PeykApp, event: str) -> None:
    """Wait until the app has logged the event. Raises AssertionError with its log where it ends instead."""
    async with asyncio.timeout(_PATIENCE_SECONDS):
        while event not in app.log:
            assert app.is_running, app.log[-3000:]
            await asyncio.sleep(0.1)


def test_a_folder_that_cannot_be_written_is_one_clear_line(tmp_path: Path, ready_database: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    shutil.copy(ready_database, data)
    for path in (*data.iterdir(), data):
        path.chmod(0o500 if path.is_dir() else 0o400)
    environment = os.environ | {"BOT_TOKEN": "1:" + "x" * 35, "TELEGRAM_API_URL": "http://127.0.0.1:9"}
    ended = subprocess.run(
        launch.command(["run"]),
        cwd=tmp_path,
        env={**environment, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        preexec_fn=_obey_rights_of_files,
    )
    assert ended.returncode == 1, ended.stderr
    assert len(ended.stderr.splitlines()) == 1, ended.stderr
    assert str(data.relative_to(tmp_path)) in ended.stderr


def _obey_rights_of_files() -> None:
    """Have the program that is started obey them, as root's do not."""
    for capability in _CAPABILITIES:
        ctypes.CDLL(None).prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)
