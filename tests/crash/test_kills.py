"""`kill -9` at any moment, whatever else goes wrong: no news is lost, none comes twice where ids can be read."""

import pytest

from storage.engine.bootstrap import opened
from tests.crash.endurance import KILLS, endure
from tests.crash.judgement import findings
from tests.desk import Desk, DeskOnPostgres, Telegram

pytestmark = pytest.mark.timeout(420)


async def test_on_sqlite(desk: Desk, telegram: Telegram, seed: int, request: pytest.FixtureRequest) -> None:
    await _survive(desk, telegram, seed, request.node.nodeid)


async def test_on_postgresql(
    desk_on_postgresql: DeskOnPostgres, telegram: Telegram, seed: int, request: pytest.FixtureRequest
) -> None:
    await _survive(desk_on_postgresql, telegram, seed, request.node.nodeid)


async def _survive(desk: Desk, telegram: Telegram, seed: int, name: str) -> None:
    async with opened(desk.url) as database:
        ordeal = await endure(desk, telegram, database, seed)
        wrong = await findings(ordeal)
    told = "\n".join([f"Again: pytest '{name}' --crashes {seed * KILLS}", *ordeal.told])
    assert not wrong, "\n".join([told, "", *wrong])
    assert "Traceback" not in desk.log, f"{told}\n\n{desk.log}"
