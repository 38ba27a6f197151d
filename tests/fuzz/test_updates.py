"""Spoiled updates harm nobody: each ends once, in a foreseen way, and readers are answered afterwards."""

import asyncio
import logging
import os
import random
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.assembly import App, build_app
from bot.config import load_settings
from sandbox.client import text_of
from storage import inbox
from storage.bootstrap import opened
from storage.engine.database import Database
from storage.schema import inbox as rows
from tests.fuzz.mutations import spoiled, updates
from tests.peyk_app import Telegram

_COUNT = int(os.environ.get("FUZZED_UPDATES", "5000"))
"""The number of updates that are spoiled; `make fuzz` tries more."""
_BATCH = 100
_TRACEBACKS = {
    "update_failed",
    "handler_broke",
    "poll_broke",
    "update_not_marked",
    "job_failed",
    "delayed_task_failed",
}


class _Polled:
    """Telegram's getUpdates, which gives one spoiled batch after the other."""

    def __init__(self, batches: list[list[Any]]) -> None:
        self._batches = batches
        self.confirmed = 0
        self.over = asyncio.Event()

    async def call(self, _method: str, params: dict[str, Any], *, timeout: float) -> Any:
        self.confirmed = max(self.confirmed, params.get("offset", 0))
        if self._batches:
            return self._batches.pop(0)
        self.over.set()
        await asyncio.sleep(timeout)
        return []


async def _batches(telegram: Telegram, rng: random.Random) -> list[list[Any]]:
    people = iter(await telegram.people.people_in_bulk(_COUNT))
    made: list[Any] = []
    for number in range(200_000, 200_000 + _COUNT):
        good = rng.choice(updates(rng, next(people), number))
        made.append(spoiled(rng, {"update_id": number} | good))
    return [made[start : start + _BATCH] for start in range(0, _COUNT, _BATCH)]


async def _handled(app: App, batches: list[list[Any]]) -> _Polled:
    polled = _Polled(batches)
    polling = asyncio.create_task(app.receiver.poll(polled))
    await polled.over.wait()
    await app.receiver.drain()
    polling.cancel()
    return polled


async def _open_and_failed(database: Database) -> tuple[int, list[str]]:
    async with database.read() as connection:
        stored = (await connection.execute(rows.select())).all()
    return sum(row.done_at is None for row in stored), [row.error for row in stored if row.error]


@pytest.mark.long
@pytest.mark.timeout(60 + _COUNT // 10)
async def test_spoiled_updates_end_as_malformed_and_readers_are_answered(
    telegram: Telegram, sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    settings = load_settings(
        {
            "BOT_TOKEN": telegram.running.token,
            "TELEGRAM_API_URL": telegram.running.url,
            "OWNER_IDS": str(telegram.owner),
            "DATABASE_URL": sqlite_url,
            "BULK_RATE": "1000",
        },
        env_file=None,
    )
    telegram.running.state.flood.limits.on = False
    batches = await _batches(telegram, random.Random(17))
    with capture_logs() as told, caplog.at_level(logging.WARNING):
        async with opened(sqlite_url) as database, build_app(settings, database, asyncio.Event()) as app:
            await app.application.initialize()
            polled = await _handled(app, batches)
            left_open, errors = await _open_and_failed(database)
            await app.receiver.accept([_question(telegram)])
            await app.receiver.drain()
            await app.services.delayed_tasks.stop()
            await app.application.shutdown()
    assert [entry for entry in told if entry["event"] in _TRACEBACKS] == []
    assert [record for record in caplog.records if record.exc_info] == []
    assert left_open == 0
    assert [error for error in errors if not error.startswith(inbox.MALFORMED)] == []
    assert len(errors) > _COUNT // 4, "many were spoiled for good"
    assert polled.confirmed == 200_000 + _COUNT, "all were confirmed, and none that was not seen"
    answer = await telegram.people.wait_for(telegram.reader, lambda _: True, after=1)
    assert "منتشر نشده" in text_of(answer)


def _question(telegram: Telegram) -> dict[str, Any]:
    chat = {"id": telegram.reader, "type": "private", "first_name": "خواننده"}
    user = {"id": telegram.reader, "is_bot": False, "first_name": "خواننده"}
    command = {"type": "bot_command", "offset": 0, "length": 7}
    message = {"message_id": 999_999, "date": 1_766_576_760, "chat": chat, "from": user, "text": "/latest"}
    return {"update_id": 999_999, "message": message | {"entities": [command]}}
