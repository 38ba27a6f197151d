"""Trouble of every kind, told in full and in both forms: no secret is in what the desk says."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
import pytest

from sandbox.client import text_of
from tests import launch, postgres
from tests.desk import DeskOnPostgres
from tests.flows.conftest import Desk, Telegram
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
async def desk(tmp_path: Path, telegram: Telegram, postgres_socket: str) -> AsyncIterator[DeskOnPostgres]:
    async with postgres.database(postgres_socket, template=postgres.EMPTY) as url:
        desk = DeskOnPostgres(tmp_path, telegram, url.replace("@", f":{_MARKS['database']}@", 1))
        yield desk
        desk.abandon()


def _leaks(said: str, telegram: Telegram) -> list[str]:
    marks = _MARKS | {"token": telegram.running.token, "half": telegram.running.token.partition(":")[2]}
    return [name for name, mark in marks.items() if mark in said]


async def _begun(desk: Desk, event: str) -> None:
    async with asyncio.timeout(40):
        while event not in desk.log:
            await asyncio.sleep(0.05)


async def test_an_app_in_trouble_tells_no_secret(
    desk: DeskOnPostgres, telegram: Telegram, loud: dict[str, str]
) -> None:
    port = free_port()
    settings = loud | {
        "LISTEN": f"127.0.0.1:{port}",
        "WEBHOOK_SECRET": _MARKS["webhook"],
        "METRICS_TOKEN": _MARKS["metrics"],
        "FETCH_PROXY": f"http://peyk:{_MARKS['fetch']}@{_NOWHERE}",
    }
    source = f"{_NOWHERE}/feed.xml?token={_MARKS['query']}"
    refused = await desk.cli("sources", "add", f"http://peyk:{_MARKS['source']}@{source}", "--category", "politics")
    assert (await desk.cli("sources", "add", f"http://{source}", "--category", "politics")).returncode == 0
    await desk.running(telegram, **settings)
    await _begun(desk, "source_failed")
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
        wrong = {"X-Telegram-Bot-Api-Secret-Token": _MARKS["webhook"] + "x"}
        await client.post("/telegram", headers=wrong, content=b"{}")
        await client.get("/metrics", headers={"Authorization": f"Bearer {_MARKS['metrics']}"})
    used = f"/start j_{_MARKS['invited']}"
    assert "/start" not in text_of(await telegram.ask(telegram.reader, used))
    await telegram.people.do("faults", kind="server_error", method="getUpdates", count=1)
    desk.rows("ALTER TABLE staff RENAME TO missing")
    await telegram.people.say(telegram.reader, used)
    await _begun(desk, '"exception"' if loud["LOG_FORMAT"] == "json" else "Traceback")
    await desk.stop()
    doctor = await desk.cli("doctor", stdin=b"", **settings)
    said = desk.log + refused.stdout + refused.stderr + doctor.stdout + doctor.stderr
    assert _leaks(said, telegram) == []
    assert "[redacted]" in said


@pytest.mark.long
async def test_what_cannot_be_reached_is_told_without_its_password(
    tmp_path: Path, telegram: Telegram, ready_database: Path, loud: dict[str, str]
) -> None:
    said = ""
    async with AsyncExitStack() as stack:
        desks = []
        for name, wrong in _WRONG.items():
            (tmp_path / name).mkdir()
            desks.append(Desk(tmp_path / name, telegram, launch.forked))
            stack.callback(desks[-1].abandon)
            desks[-1].start(**loud, **wrong)
        for one in desks:
            await _begun(one, "_unreachable")
            assert await one.stop() == 0
            said += one.log
    for wrong in _WRONG.values():
        doctor = await desks[0].cli("doctor", stdin=b"", **loud, **wrong)
        assert doctor.returncode == 1
        said += doctor.stdout + doctor.stderr
    broken = f"postgresql://peyk:{_MARKS['database']}/x@{_NOWHERE}/peyk"
    for wrong in ({"DATABASE_URL": broken}, {"FETCH_PROXY": f"ftp://peyk:{_MARKS['fetch']}@x"}):
        refused = await desks[0].cli("articles", "list", stdin=b"", **wrong)
        assert refused.stderr.startswith(f"peyk: {next(iter(wrong))}: ")
        said += refused.stderr
    moved = await desks[0].cli("migrate", "--to", f"postgresql://peyk:{_MARKS['database']}@{_NOWHERE}/peyk")
    assert moved.returncode == 1
    assert _leaks(said + moved.stdout + moved.stderr, telegram) == []


async def test_a_token_that_telegram_refuses_is_named_and_not_told(
    tmp_path: Path, telegram: Telegram, loud: dict[str, str]
) -> None:
    desk = Desk(tmp_path, telegram, launch.forked)
    token = f"123456:{_MARKS['telegram']}{_MARKS['telegram']}"
    desk.start(**loud, BOT_TOKEN=token)
    assert await desk.ended() == 1
    assert "BOT_TOKEN: Telegram does not know this token" in desk.log
    assert _MARKS["telegram"] not in desk.log
