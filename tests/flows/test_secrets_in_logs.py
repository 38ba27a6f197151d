"""Trouble of every kind, told in full and in both forms: no secret is in what Peyk says."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
import pytest

from sandbox.client import text_of
from tests import launch, postgres
from tests.flows.conftest import PeykApp, Telegram
from tests.peyk_app import PeykAppOnPostgres
from tests.unit.web.conftest import free_port
from tests.variations import first_and_long

_NOWHERE = "127.0.0.1:9"
_MARKS = {
    name: f"Mark{number}Xq7Lm2Zt9Rw4"
    for number, name in enumerate(
        ("database", "telegram", "fetch", "source", "query", "webhook", "metrics", "invited")
    )
}
_WRONG = {
    "database": {"DATABASE_URL": f"postgresql://peyk:{_MARKS['database']}@{_NOWHERE}/peyk"},
    "telegram": {"TELEGRAM_PROXY": f"http://peyk:{_MARKS['telegram']}@{_NOWHERE}"},
    "socks": {"TELEGRAM_PROXY": f"socks5://peyk:{_MARKS['telegram']}@{_NOWHERE}"},
}


@pytest.fixture(params=first_and_long(["json", "console"]))
def loud(request: pytest.FixtureRequest) -> dict[str, str]:
    """The settings of a log that tells all."""
    return {"LOG_LEVEL": "DEBUG", "LOG_FORMAT": str(request.param)}


@pytest.fixture
async def app(tmp_path: Path, telegram: Telegram, postgres_socket: str) -> AsyncIterator[PeykAppOnPostgres]:
    async with postgres.database(postgres_socket, template=postgres.EMPTY) as url:
        app = PeykAppOnPostgres(tmp_path, telegram, url.replace("@", f":{_MARKS['database']}@", 1))
        yield app
        app.abandon()


def _leaks(output: str, telegram: Telegram) -> list[str]:
    marks = _MARKS | {"token": telegram.running.token, "half": telegram.running.token.partition(":")[2]}
    return [name for name, mark in marks.items() if mark in output]


async def _begun(app: PeykApp, event: str) -> None:
    async with asyncio.timeout(40):
        while event not in app.log:
            await asyncio.sleep(0.05)


async def test_an_app_in_trouble_tells_no_secret(
    app: PeykAppOnPostgres, telegram: Telegram, loud: dict[str, str]
) -> None:
    port = free_port()
    settings = loud | {
        "LISTEN": f"127.0.0.1:{port}",
        "WEBHOOK_SECRET": _MARKS["webhook"],
        "METRICS_TOKEN": _MARKS["metrics"],
        "FETCH_PROXY": f"http://peyk:{_MARKS['fetch']}@{_NOWHERE}",
    }
    source = f"{_NOWHERE}/feed.xml?token={_MARKS['query']}"
    refused = await app.cli("sources", "add", f"http://peyk:{_MARKS['source']}@{source}", "--category", "politics")
    assert (await app.cli("sources", "add", f"http://{source}", "--category", "politics")).returncode == 0
    await app.running(telegram, **settings)
    await _begun(app, "source_failed")
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
        wrong = {"X-Telegram-Bot-Api-Secret-Token": _MARKS["webhook"] + "x"}
        await client.post("/telegram", headers=wrong, content=b"{}")
        await client.get("/metrics", headers={"Authorization": f"Bearer {_MARKS['metrics']}"})
    used = f"/start j_{_MARKS['invited']}"
    assert "/start" not in text_of(await telegram.ask(telegram.reader, used))
    await telegram.people.do("faults", kind="server_error", method="getUpdates", count=1)
    app.rows("ALTER TABLE staff RENAME TO missing")
    await telegram.people.say(telegram.reader, used)
    await _begun(app, '"exception"' if loud["LOG_FORMAT"] == "json" else "Traceback")
    await app.stop()
    doctor = await app.cli("doctor", stdin=b"", **settings)
    output = app.log + refused.stdout + refused.stderr + doctor.stdout + doctor.stderr
    assert _leaks(output, telegram) == []
    assert "[redacted]" in output


@pytest.mark.long
async def test_what_cannot_be_reached_is_told_without_its_password(
    tmp_path: Path, telegram: Telegram, ready_database: Path, loud: dict[str, str]
) -> None:
    output = ""
    async with AsyncExitStack() as stack:
        apps = []
        for name, wrong in _WRONG.items():
            (tmp_path / name).mkdir()
            apps.append(PeykApp(tmp_path / name, telegram, launch.forked))
            stack.callback(apps[-1].abandon)
            apps[-1].start(**loud, **wrong)
        for app in apps:
            await _begun(app, "_unreachable")
            assert await app.stop() == 0
            output += app.log
    for wrong in _WRONG.values():
        doctor = await apps[0].cli("doctor", stdin=b"", **loud, **wrong)
        assert doctor.returncode == 1
        output += doctor.stdout + doctor.stderr
    broken = f"postgresql://peyk:{_MARKS['database']}/x@{_NOWHERE}/peyk"
    for wrong in ({"DATABASE_URL": broken}, {"FETCH_PROXY": f"ftp://peyk:{_MARKS['fetch']}@x"}):
        refused = await apps[0].cli("articles", "list", stdin=b"", **wrong)
        assert refused.stderr.startswith(f"peyk: {next(iter(wrong))}: ")
        output += refused.stderr
    moved = await apps[0].cli("migrate", "--to", f"postgresql://peyk:{_MARKS['database']}@{_NOWHERE}/peyk")
    assert moved.returncode == 1
    assert _leaks(output + moved.stdout + moved.stderr, telegram) == []


async def test_a_token_that_telegram_refuses_is_named_and_not_told(
    tmp_path: Path, telegram: Telegram, loud: dict[str, str]
) -> None:
    app = PeykApp(tmp_path, telegram, launch.forked)
    token = f"123456:{_MARKS['telegram']}{_MARKS['telegram']}"
    app.start(**loud, BOT_TOKEN=token)
    assert await app.ended() == 1
    assert "BOT_TOKEN: Telegram does not know this token" in app.log
    assert _MARKS["telegram"] not in app.log
