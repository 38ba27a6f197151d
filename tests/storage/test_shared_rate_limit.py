"""Several processes speak to Telegram within one budget, answers to people included. Time is virtual."""

import asyncio
import random

import pytest

from bot.delivery.shared_rate_limit import MOST_RESERVED, SharedRateLimit
from bot.telegram.rate_limiter import Limiter
from storage.engine.database import Database

NOW = 1_766_576_760_000
_RATE = 30.0
_SECONDS = 20


class _Process:
    """One process: pushes whenever it may, answers people at random, and charges its answers each second."""

    def __init__(self, database: Database, answers_per_second: float, seed: int) -> None:
        self.now = NOW
        self.sent: list[int] = []
        self._rng = random.Random(seed)
        self._answers = answers_per_second
        self._limiter = Limiter(_RATE, clock=lambda: self.now / 1000, sleep=self._no_sleep)
        self._allowance = SharedRateLimit(database, lambda: self.now, _RATE, self._limiter.answered)

    async def _no_sleep(self, _seconds: float) -> None:
        raise AssertionError("so few answers wait for nobody")

    async def step(self, now: int, *, pushes: bool) -> None:
        self.now = now
        if self._rng.random() < self._answers / 100 and self._limiter.bulk_wait() == 0:
            await self._limiter.turn(self._rng.randrange(1, 10**9))
            self.sent.append(now)
        if now % 1000 == 0:
            await self._allowance.charge()
        if pushes and self._limiter.bulk_slots(1):
            await self._allowance.top_up()
            if self._allowance.room():
                self._allowance.use(1)
                self._limiter.take(-self._rng.randrange(1, 10**9))
                self.sent.append(now)


@pytest.mark.parametrize("answers", [0, 6])
async def test_pushes_of_all_make_room_for_the_answers_of_all(database: Database, answers: float) -> None:
    # One only answers, two push as well; each answers so many people a second.
    processes = [_Process(database, answers, seed) for seed in range(3)]
    for now in range(NOW, NOW + _SECONDS * 1000, 10):
        for number, process in enumerate(processes):
            await process.step(now, pushes=number > 0)
    sent = sorted(at for process in processes for at in process.sent)
    after_the_start = [at for at in sent if at >= NOW + 5_000]
    rate = len(after_the_start) / (_SECONDS - 5)
    assert rate == pytest.approx(_RATE, rel=0.05), "neither more nor much less than all may send"
    # Within one window there are besides a second's own at most what was reserved and what is charged at its end.
    slack = 2 * MOST_RESERVED + 3 * 2 * answers
    for index, at in enumerate(sent):
        assert len([one for one in sent[index : index + 200] if one < at + 1000]) <= _RATE + slack


async def test_what_could_not_be_charged_is_owed_on(database: Database) -> None:
    answered = [7]
    allowance = SharedRateLimit(database, lambda: NOW, _RATE, lambda: answered.pop() if answered else 0)
    await database.close()
    with pytest.raises(AssertionError, match="not open"):
        await allowance.charge()
    await database.open()
    await asyncio.gather(allowance.charge(), allowance.charge())
    await allowance.top_up()
    assert allowance.seconds_left() == pytest.approx(7 / _RATE, abs=0.002)
