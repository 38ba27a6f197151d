"""Fixtures of crash tests: a moment's seed, and an app on a database of either kind that is there already."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.bootstrap import opened
from tests import postgres
from tests.crash.endurance import KILLS
from tests.peyk_app import PeykApp, PeykAppOnPostgres, Telegram


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Share the moments that `--crashes` asks for among seeds, KILLS for each."""
    if "seed" in metafunc.fixturenames:
        seeds = -(-metafunc.config.getoption("crashes") // KILLS)
        metafunc.parametrize("seed", range(1, seeds + 1))


@pytest.fixture
async def app(tmp_path: Path, telegram: Telegram) -> AsyncIterator[PeykApp]:
    """An app on SQLite."""
    app = PeykApp(tmp_path, telegram)
    async with opened(app.url):
        pass
    yield app
    app.abandon()


@pytest.fixture
async def app_on_postgresql(
    tmp_path: Path, telegram: Telegram, postgres_socket: str
) -> AsyncIterator[PeykAppOnPostgres]:
    """An app on PostgreSQL."""
    async with postgres.database(postgres_socket) as url:
        app = PeykAppOnPostgres(tmp_path, telegram, url)
        yield app
        app.abandon()
