"""The budgets hold whatever is asked of them. Time is virtual."""

import asyncio
import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.telegram.rate_limiter import CHAT_SECONDS, GROUP_MESSAGES, GROUP_WINDOW_SECONDS, Limiter


class _Time:
    def __init__(self) -> None:
        self.now = 1000.0

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        await asyncio.sleep(0)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(-3, 3), min_size=1, max_size=80), st.sampled_from([5.0, 30.0]))
def test_answers_keep_every_budget(chats: list[int], rate: float) -> None:
    time = _Time()
    limiter = Limiter(rate, clock=time.clock, sleep=time.sleep)
    sent: list[tuple[float, int]] = []

    async def run() -> None:
        for chat in chats:
            await limiter.acquire(chat)
            sent.append((time.now, chat))

    asyncio.run(run())
    for index, (at, _) in enumerate(sent):
        window = [other for other, _ in sent[index:] if other < at + 1.0]
        assert len(window) <= rate + 2
    for chat in set(chats):
        times = [at for at, other in sent if other == chat]
        assert all(later - earlier >= CHAT_SECONDS - 1e-6 for earlier, later in itertools.pairwise(times))
        if chat < 0:
            for first, last in zip(times, times[GROUP_MESSAGES:], strict=False):
                assert last - first >= GROUP_WINDOW_SECONDS - 1e-6


def test_a_flood_wait_is_one_chats_alone() -> None:
    time = _Time()
    limiter = Limiter(30, clock=time.clock, sleep=time.sleep)
    limiter.flood(1, 60)
    assert not limiter.is_ready(1)
    assert limiter.is_ready(2)
    assert limiter.bulk_slots(10) >= 1
    time.now += 59.9
    assert not limiter.is_ready(1)
    time.now += 1
    assert limiter.is_ready(1)


def test_bulk_slows_down_when_several_chats_are_told_and_finds_its_way_back() -> None:
    time = _Time()
    limiter = Limiter(30, clock=time.clock, sleep=time.sleep)

    def sends_in(seconds: float) -> int:
        end, count, chat = time.now + seconds, 0, 1000
        while time.now < end:
            for _ in range(limiter.bulk_slots(64)):
                chat += 1
                count += 1
                limiter.record_send(chat)
            time.now += 0.001
        return count

    before = sends_in(5)
    # Sixty were under way when the first was told: that slows down once, not sixty times.
    for chat in range(60):
        limiter.flood(chat, 5)
    slowed = sends_in(1)
    time.now += 60
    after = sends_in(5)
    assert before <= 155
    assert 18 < slowed < 27
    assert after > 140


@settings(max_examples=20, deadline=None)
@given(st.lists(st.floats(0.0005, 0.04), min_size=5, max_size=60))
def test_a_high_rate_is_kept_and_reached_though_the_way_bunches(turns: list[float]) -> None:
    """A loop comes by after so many seconds, again and again."""
    time = _Time()
    limiter = Limiter(1000, clock=time.clock, sleep=time.sleep)
    sent: list[float] = []
    begun = time.now
    for turn in itertools.cycle(turns):
        if time.now > begun + 6:
            break
        for _ in range(limiter.bulk_slots(64)):
            limiter.record_send(len(sent))
            sent.append(time.now)
        time.now += turn
    # What left up to 40 ms apart may arrive in one second.
    assert all(later - earlier >= 1.04 for earlier, later in zip(sent, sent[1000:], strict=False))
    assert len(sent) / (time.now - begun) > 930


def test_a_restart_makes_no_burst() -> None:
    time = _Time()
    limiter = Limiter(30, clock=time.clock, sleep=time.sleep)
    limiter.restore([(7, 0.2), *((-9, 10.0 + n) for n in range(20))])
    assert not limiter.is_ready(-9)
    assert not limiter.is_ready(7)
    assert limiter.is_ready(8)


def test_what_is_long_over_takes_no_memory() -> None:
    time = _Time()
    limiter = Limiter(1000, clock=time.clock, sleep=time.sleep)
    for chat in range(50_000):
        limiter.record_send(chat)
        time.now += 0.001
    assert len(limiter._chats) < 2000
