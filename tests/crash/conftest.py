"""Fixtures of crash tests: a moment's seed, and a desk on a database of either kind that is there already."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.engine.bootstrap import opened
from tests import postgres
from tests.crash.endurance import KILLS
from tests.desk import Desk, DeskOnPostgres, Telegram


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Share the moments that `--crashes` asks for among seeds, KILLS for each."""
    if "seed" in metafunc.fixturenames:
        seeds = -(-metafunc.config.getoption("crashes") // KILLS)
        metafunc.parametrize("seed", range(1, seeds + 1))


@pytest.fixture
async def desk(tmp_path: Path, telegram: Telegram) -> AsyncIterator[Desk]:
    """A desk on SQLite."""
    desk = Desk(tmp_path, telegram)
    async with opened(desk.url):
        pass
    yield desk
    desk.abandon()


@pytest.fixture
async def desk_on_postgresql(
    tmp_path: Path, telegram: Telegram, postgres_socket: str
) -> AsyncIterator[DeskOnPostgres]:
    """A desk on PostgreSQL."""
    async with postgres.database(postgres_socket) as url:
        desk = DeskOnPostgres(tmp_path, telegram, url)
        yield desk
        desk.abandon()
