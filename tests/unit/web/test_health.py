"""/healthz tells whether the app can work: first of all whether its database can be written."""

import asyncio
import json
import resource
import signal
import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from bot.web import health
from tests.unit.web.conftest import Server, Serving, body_of, status


@pytest.fixture(autouse=True)
def _uncached(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_CACHED_SECONDS", 0.0)


async def _told(server: Server) -> tuple[int, dict[str, Any]]:
    answer = await server.get("/healthz")
    return status(answer), json.loads(body_of(answer))


_FAILING = (503, {"status": "failing", "failing": ["database"]})


async def test_an_app_that_works_is_ready(server: Server) -> None:
    assert await _told(server) == (200, {"status": "ok"})


async def test_a_locked_database_is_told_and_no_reason_to_restart(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = sqlite3.connect(server.database.path or "")
    lock.execute("BEGIN IMMEDIATE")
    with monkeypatch.context() as impatient:
        # Only here: elsewhere a busy machine may take that long over a write.
        impatient.setattr(health, "_PATIENCE_SECONDS", 0.5)
        assert await _told(server) == _FAILING
    assert status(await server.get("/livez")) == 200
    lock.rollback()
    lock.close()
    async with asyncio.timeout(20):
        while (await _told(server))[0] != 200:
            await asyncio.sleep(0.05)


@pytest.fixture
def full_disk() -> Iterator[None]:
    """No file of this process grows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    signal.signal(signal.SIGXFSZ, ignored)


async def test_a_full_disk_is_told(server: Server, full_disk: None) -> None:
    with structlog.testing.capture_logs() as log:
        assert (await _told(server)) == _FAILING
    assert [entry["event"] for entry in log] == ["database_not_writable"]


async def test_a_database_that_is_gone_is_told(server: Server) -> None:
    path = server.database.path
    assert path is not None
    connection = sqlite3.connect(path)
    connection.execute("DROP TABLE setting")
    connection.commit()
    connection.close()
    assert (await _told(server)) == _FAILING


async def test_what_else_must_work_is_told_by_name(serving: Serving) -> None:
    async with serving(checks={"updates": lambda: False, "loop": lambda: True}) as server:
        assert await _told(server) == (503, {"status": "failing", "failing": ["updates"]})


async def test_readers_of_the_database_do_not_keep_health_waiting(server: Server) -> None:
    async with asyncio.TaskGroup() as group:
        over = asyncio.Event()

        async def read() -> None:
            async with server.database.read():
                await over.wait()

        for _ in range(50):
            group.create_task(read())
        await asyncio.sleep(0)
        assert (await _told(server))[0] == 200
        assert status(await server.get("/metrics")) == 200
        over.set()
