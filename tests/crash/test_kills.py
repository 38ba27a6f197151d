"""`kill -9` at any moment, whatever else goes wrong: no headline is lost, none comes twice where ids can be read."""

import pytest

from tests.crash.endurance import KILLS, endure
from tests.crash.judgement import findings
from tests.desk import Desk, DeskOnPostgres, Telegram

pytestmark = pytest.mark.timeout(420)


async def test_on_sqlite(desk: Desk, telegram: Telegram, seed: int) -> None:
    await _survive(desk, telegram, seed)


async def test_on_postgresql(desk_on_postgresql: DeskOnPostgres, telegram: Telegram, seed: int) -> None:
    await _survive(desk_on_postgresql, telegram, seed)


async def _survive(desk: Desk, telegram: Telegram, seed: int) -> None:
    ordeal = await endure(desk, telegram, seed)
    wrong = await findings(ordeal)
    again = f"pytest tests/crash --crashes {seed * KILLS} -k 'seed{seed}-end'"
    story = "\n".join(ordeal.told)
    assert not wrong, f"seed {seed}; again: {again}\n{story}\n\n" + "\n".join(wrong)
    assert "Traceback" not in desk.log, desk.log
