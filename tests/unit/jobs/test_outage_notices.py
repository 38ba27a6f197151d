"""Outages are told to the desk chat once, by one process, and so is their end."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast
from zoneinfo import ZoneInfo

import pytest
from telegram.error import NetworkError

from bot.jobs.outage_notices import OutageNotices
from bot.locales.catalog import Catalog
from bot.render.message import Message
from bot.telegram.circuit import FAULTS, Circuit
from bot.telegram.gateway import Gateway
from storage.bootstrap import opened
from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.errors import DatabaseTrouble, UnavailableError

NOW = 1_766_576_760_000
_DESK_CHAT = 7
_TEXTS = Catalog.load().bind("en", ZoneInfo("UTC"))


class _Gateway:
    """Telegram as the notices see it: `told` holds what arrived, and nothing arrives while it is `away`."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.away = False

    async def send(self, chat_id: int, message: Message) -> int:
        if self.away:
            raise NetworkError("away")
        assert chat_id == _DESK_CHAT
        self.told.append(message.html)
        return len(self.told)


class _Database:
    """A database that can be away; `is_damaged` as the real one."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.trouble: DatabaseTrouble | None = None
        self.is_damaged = False

    @asynccontextmanager
    async def probe(self) -> AsyncIterator[Connection]:
        if self.trouble is not None:
            raise UnavailableError("no", self.trouble)
        async with self._database.probe() as tx:
            yield tx


class _Newsroom:
    """Processes with one clock, database and Telegram."""

    def __init__(self, database: Database) -> None:
        self.now = NOW
        self.database = _Database(database)
        self.gateway = _Gateway()
        self.circuit = Circuit(lambda: self.now / 1000)

    def process(self, name: str) -> OutageNotices:
        return OutageNotices(
            cast("Database", self.database),
            cast("Gateway", self.gateway),
            self.circuit,
            _TEXTS,
            clock=lambda: self.now,
            holder=name,
            desk_chat=_DESK_CHAT,
        )

    async def look(self, *processes: OutageNotices, seconds: int = 5) -> list[str]:
        """Let time pass, have the processes look, and return what the desk chat was told."""
        self.now += seconds * 1000
        before = len(self.gateway.told)
        for process in processes:
            await process.run()
        return self.gateway.told[before:]


@pytest.fixture
async def newsroom(sqlite_url: str) -> AsyncIterator[_Newsroom]:
    async with opened(sqlite_url) as database:
        yield _Newsroom(database)


async def test_an_outage_of_the_database_is_told_once_by_one_process(newsroom: _Newsroom) -> None:
    first, second = newsroom.process("first"), newsroom.process("second")
    assert await newsroom.look(first, second) == []
    newsroom.database.trouble = DatabaseTrouble.FULL
    assert await newsroom.look(first, second) == []
    (told,) = await newsroom.look(first, second, seconds=10)
    assert "disk of the database is full" in told
    assert await newsroom.look(first, second, seconds=3600) == []
    newsroom.database.trouble = None
    (over,) = await newsroom.look(first, second)
    assert "works again after 60 minutes" in over
    assert await newsroom.look(first, second) == []


async def test_a_server_that_restarts_is_no_news(newsroom: _Newsroom) -> None:
    process = newsroom.process("only")
    await newsroom.look(process)
    newsroom.database.trouble = DatabaseTrouble.AWAY
    assert await newsroom.look(process) == []
    newsroom.database.trouble = None
    assert await newsroom.look(process) == []


async def test_an_hour_without_telegram_is_told_when_it_is_back(newsroom: _Newsroom) -> None:
    process = newsroom.process("only")
    await newsroom.look(process)
    newsroom.gateway.away = True
    for _ in range(FAULTS):
        newsroom.circuit.failed()
    assert await newsroom.look(process) == []
    assert process.telegram_is_away
    newsroom.circuit.got_through()
    assert await newsroom.look(process, seconds=3600) == [], "nothing arrives yet"
    newsroom.gateway.away = False
    (over,) = await newsroom.look(process)
    assert "reachable again after 60 minutes" in over
    assert await newsroom.look(process) == []


async def test_damage_is_told_once(newsroom: _Newsroom) -> None:
    process = newsroom.process("only")
    await newsroom.look(process)
    newsroom.database.is_damaged = True
    (told,) = await newsroom.look(process)
    assert "damaged" in told
    assert await newsroom.look(process) == []


async def test_an_outage_that_telegram_shares_is_told_when_telegram_is_back(newsroom: _Newsroom) -> None:
    process = newsroom.process("only")
    await newsroom.look(process)
    newsroom.gateway.away, newsroom.database.trouble = True, DatabaseTrouble.LOCKED
    assert await newsroom.look(process) == await newsroom.look(process, seconds=60) == []
    newsroom.gateway.away = False
    assert [("Another program holds" in told) for told in await newsroom.look(process)] == [True]
