"""Several processes speak to Telegram within one budget, answers to people included. Time is virtual."""

import asyncio
import itertools
import random
from collections.abc import Collection
from typing import Any

import pytest
from sqlalchemy import text

from bot.delivery.shared_rate_limit import SharedRateLimit
from bot.telegram.rate_limiter import CHAT_SECONDS, GROUP_MESSAGES, GROUP_WINDOW_SECONDS, Limiter
from storage import budget, recent_sends
from storage.bootstrap import opened
from storage.engine.database import Database

NOW = 1_766_576_760_000
_RATE = 30.0
_SECONDS = 10


class _Time:
    """One time for all processes. Whoever sleeps is woken as it passes."""

    def __init__(self) -> None:
        self.now = NOW
        self._asleep: list[tuple[float, asyncio.Future[None]]] = []

    def clock(self) -> int:
        return self.now

    async def sleep(self, seconds: float) -> None:
        until = asyncio.get_running_loop().create_future()
        self._asleep.append((self.now + seconds * 1000, until))
        await until

    def go_on(self, milliseconds: int) -> None:
        """Let so much time pass."""
        self.now += milliseconds
        for sleeper in [sleeper for sleeper in self._asleep if sleeper[0] <= self.now]:
            self._asleep.remove(sleeper)
            sleeper[1].set_result(None)

    async def rest(self, tasks: Collection["asyncio.Task[Any]"]) -> None:
        """Wait until all of the tasks sleep or have ended: whatever they asked of the database is there."""
        await asyncio.sleep(0)
        while sum(not task.done() for task in tasks) > len(self._asleep):
            await asyncio.sleep(0.0002)

    async def until_done(self, *tasks: "asyncio.Task[Any]") -> None:
        """Let time pass until the tasks have ended."""
        await self.rest(tasks)
        while not all(task.done() for task in tasks):
            self.go_on(10)
            await self.rest(tasks)
        await asyncio.gather(*tasks)


def _limits(database: Database, time: _Time, name: str) -> tuple[Limiter, SharedRateLimit]:
    """Return the limits of a process."""
    shared = SharedRateLimit(database, time.clock, _RATE, process=name, sleep=time.sleep)
    return Limiter(_RATE, shared=shared, clock=lambda: time.now / 1000, sleep=time.sleep), shared


class _Process:
    """One process: pushes whenever it may, and answers people at random, each in a task of their own."""

    def __init__(self, database: Database, time: _Time, answers_per_second: float, seed: int) -> None:
        self.sent: list[int] = []
        self.waited: list[int] = []
        self._time = time
        self._rng = random.Random(seed)
        self._answers = answers_per_second
        self._limiter, self.shared = _limits(database, time, f"process {seed}")
        self.answering: set[asyncio.Task[None]] = set()

    async def _answer(self) -> None:
        began = self._time.now
        await self._limiter.acquire(self._rng.randrange(1, 10**9))
        self.sent.append(self._time.now)
        self.waited.append(self._time.now - began)

    async def step(self, *, pushes: bool) -> None:
        if self._rng.random() < self._answers / 100:
            task = asyncio.create_task(self._answer())
            self.answering.add(task)
            task.add_done_callback(self.answering.discard)
        if pushes and self._limiter.bulk_slots(1):
            await self.shared.top_up()
            if self.shared.room():
                self.shared.use(1)
                self._limiter.record_send(-self._rng.randrange(1, 10**9))
                self.sent.append(self._time.now)


@pytest.mark.parametrize("answers", [0, 4])
async def test_all_pushes_and_answers_keep_one_budget(database: Database, answers: float) -> None:
    # One only answers, two push as well; each answers so many people a second.
    time = _Time()
    processes = [_Process(database, time, answers, seed) for seed in range(3)]
    for _ in range(_SECONDS * 100):
        time.go_on(10)
        for number, process in enumerate(processes):
            await process.step(pushes=number > 0)
        await time.rest([task for process in processes for task in process.answering])
    await time.until_done(*(task for process in processes for task in process.answering))
    sent = sorted(at for process in processes for at in process.sent)
    rate = len([at for at in sent if at < NOW + _SECONDS * 1000]) / _SECONDS
    assert rate == pytest.approx(_RATE, rel=0.07), "neither more nor much less than all may send"
    # Two more than a second's own: each of them starts up to one step after its place.
    for index, at in enumerate(sent):
        assert len([later for later in sent[index : index + 200] if later < at + 1000]) <= _RATE + 2
    # An answer passes whatever pushes wait, but for the few places that each process has reserved.
    assert max((waited for process in processes for waited in process.waited), default=0) < 500


async def test_a_chat_that_another_process_wrote_to_waits_its_second(database: Database) -> None:
    time = _Time()
    here, there = (_limits(database, time, name)[0] for name in ("here", "there"))
    sent: list[tuple[int, int]] = []

    async def answer(limiter: Limiter, chat_id: int) -> None:
        await limiter.acquire(chat_id)
        sent.append((chat_id, time.now))

    for limiter in (here, there, here, there):
        await time.until_done(asyncio.create_task(answer(limiter, 7)), asyncio.create_task(answer(limiter, -9)))
    for chat_id in (7, -9):
        times = [at for chat, at in sent if chat == chat_id]
        assert all(later - earlier >= CHAT_SECONDS * 1000 for earlier, later in itertools.pairwise(times))
        assert times[-1] - times[0] < 2 * len(times) * CHAT_SECONDS * 1000, "and no longer"


async def test_processes_share_what_a_group_may_get_in_a_minute(database: Database) -> None:
    time = _Time()
    here, there = (_limits(database, time, name)[0] for name in ("here", "there"))
    for limiter in [here, there] * (GROUP_MESSAGES // 2):
        await time.until_done(asyncio.create_task(limiter.acquire(-9)))
    began = time.now
    await time.until_done(asyncio.create_task(there.acquire(-9)))
    waited = (time.now - began) / 1000
    assert waited == pytest.approx(GROUP_WINDOW_SECONDS - GROUP_MESSAGES * CHAT_SECONDS, abs=2)


async def test_a_push_finds_out_which_chats_others_write_to(database: Database) -> None:
    time = _Time()
    (answering, _), (pushing, shared) = (_limits(database, time, name) for name in ("answers", "pushes"))
    await time.until_done(asyncio.create_task(answering.acquire(7)))
    async with database.write() as tx:
        await shared.record(tx, [8], at=time.now)  # its own: it knows of it anyway
        waits = await shared.waits(tx, [7, 8, 9], pushing.seconds_until)
    assert waits == {7: pytest.approx(CHAT_SECONDS, abs=0.05)}
    time.go_on(2_000)
    async with database.read() as connection:
        assert await shared.waits(connection, [7, 8, 9], pushing.seconds_until) == {}


async def test_a_push_that_missed_its_place_takes_another(database: Database) -> None:
    time = _Time()
    _, shared = _limits(database, time, "pushes")
    await shared.top_up()
    places = shared.use(2)
    assert await shared.replace_missed(places) == places, "they are on time"
    async with database.write() as tx:
        await budget.reserve(tx, budget.BULK, 10, interval=33_000, now=time.now * 1000)
    time.go_on(70)
    kept = await shared.replace_missed(places)
    assert kept[0] == places[1], "it is late, but not too late"
    assert kept[1] - time.now >= 300, "others have the places until then"
    began = time.now
    await time.until_done(asyncio.create_task(shared.until(kept[1])))
    assert time.now - began >= 300


async def test_answers_go_without_a_place_where_the_database_is_away(database: Database) -> None:
    time = _Time()
    limiter, shared = _limits(database, time, "answers")
    await database.close()
    for chat_id in (7, 8):
        await time.until_done(asyncio.create_task(limiter.acquire(chat_id)))
    assert await shared.replace_missed([0.0]) == [0.0]
    await database.open()


async def test_an_answer_that_is_broken_off_takes_no_place(database: Database) -> None:
    time = _Time()
    limiter, _ = _limits(database, time, "answers")
    broken_off = asyncio.create_task(limiter.acquire(7))
    await asyncio.sleep(0)
    broken_off.cancel()
    await time.until_done(asyncio.create_task(limiter.acquire(8)))
    async with database.read() as connection:
        assert list(await recent_sends.of_others(connection, "another", [7, 8], since=0)) == [8]


async def test_sends_are_forgotten_after_a_minute(database: Database) -> None:
    time = _Time()
    limiter, shared = _limits(database, time, "answers")
    await time.until_done(asyncio.create_task(limiter.acquire(-9)))
    await shared.forget()

    async def known() -> dict[int, list[int]]:
        async with database.read() as connection:
            return await recent_sends.of_others(connection, "another", [-9], since=0)

    assert await known()
    time.go_on(62_000)
    await shared.forget()
    assert not await known()


async def test_two_processes_do_not_write_to_a_chat_at_one_moment(postgresql: str) -> None:
    time, chat_id = _Time(), 7

    async def admitted(limit: SharedRateLimit) -> float:
        return await limit.admit(chat_id, lambda others: CHAT_SECONDS if others else 0.0)

    async with opened(postgresql) as database:
        shared = [_limits(database, time, name)[1] for name in ("one", "two")]
        await shared[0].top_up()  # the budget is there
        async with database.write() as tx:
            await budget.lock(tx, budget.BULK)
            applying = [asyncio.create_task(admitted(limit)) for limit in shared]
            await _both_wait(database)
        await time.until_done(*applying)
        assert sorted(task.result() for task in applying) == [0.0, CHAT_SECONDS]


async def _both_wait(database: Database) -> None:
    """Wait until two transactions wait for a lock of another one."""
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    async with asyncio.timeout(30):
        while True:
            async with database.monitor() as connection:
                if (await connection.execute(waiting)).scalar_one() == 2:
                    return
            await asyncio.sleep(0.01)
