"""`kill -9` at any moment, whatever else goes wrong: no news is lost, none comes twice where ids can be read."""

import pytest

from storage.bootstrap import opened
from tests.crash.endurance import KILLS, endure
from tests.crash.judgement import findings
from tests.peyk_app import PeykApp, PeykAppOnPostgres, Telegram

pytestmark = pytest.mark.timeout(420)


async def test_on_sqlite(app: PeykApp, telegram: Telegram, seed: int, request: pytest.FixtureRequest) -> None:
    await _survive(app, telegram, seed, request.node.nodeid)


async def test_on_postgresql(
    app_on_postgresql: PeykAppOnPostgres, telegram: Telegram, seed: int, request: pytest.FixtureRequest
) -> None:
    await _survive(app_on_postgresql, telegram, seed, request.node.nodeid)


async def _survive(app: PeykApp, telegram: Telegram, seed: int, name: str) -> None:
    async with opened(app.url) as database:
        ordeal = await endure(app, telegram, database, seed)
        wrong = await findings(ordeal)
    told = "\n".join([f"Again: pytest '{name}' --crashes {seed * KILLS}", *ordeal.told])
    assert not wrong, "\n".join([told, "", *wrong])
    assert "Traceback" not in app.log, f"{told}\n\n{app.log}"
