"""Shares of the parser: a source that takes long makes nobody else wait."""

import asyncio

from bot.ingest.fetch.turns import Ticket, Urgency
from bot.ingest.parsing.shares import Shares

_HOSTILE, _GOOD = 1, 2


class _Work:
    """Work that takes as long as the test says; `done` is whose was done, in order."""

    def __init__(self, number: int) -> None:
        self.now = 0.0
        self.shares = Shares(number, lambda: self.now)
        for _ in range(number - 1):
            self.shares.widen()
        self.under_way: list[str] = []
        self._ends: dict[str, asyncio.Event] = {}
        self.tasks: dict[str, asyncio.Task[None]] = {}

    async def come(self, name: str, source_id: int | None, priority: Urgency = Urgency.NORMAL) -> None:
        self._ends[name] = asyncio.Event()
        self.tasks[name] = asyncio.create_task(self._do(name, Ticket(priority, source_id)))
        await _settle()

    async def end(self, name: str, seconds: float) -> None:
        self.now += seconds
        self._ends[name].set()
        await _settle()

    async def _do(self, name: str, ticket: Ticket) -> None:
        async with self.shares.acquire(ticket):
            self.under_way.append(name)
            try:
                await self._ends[name].wait()
            finally:
                self.under_way.remove(name)


async def _settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_one_source_leaves_a_place_to_the_others() -> None:
    work = _Work(2)
    for number in range(60):
        await work.come(f"heavy {number}", _HOSTILE, Urgency.URGENT)
    assert work.under_way == ["heavy 0"]
    await work.come("feed", _GOOD)
    assert work.under_way == ["heavy 0", "feed"]
    await work.come("page", _GOOD, Urgency.URGENT)
    await work.end("feed", 0.1)
    assert work.under_way == ["heavy 0", "page"]


async def test_all_that_have_used_much_share_what_one_may_have() -> None:
    work = _Work(2)
    for source_id in (10, 11, 12):
        await work.come(f"first {source_id}", source_id)
        await work.end(f"first {source_id}", 4.9)
        await work.come(f"again {source_id}", source_id, Urgency.URGENT)
    assert work.under_way == ["again 10"]
    await work.come("good", _GOOD, Urgency.BACKGROUND)
    assert work.under_way == ["again 10", "good"]
    await work.come("good too", _GOOD, Urgency.BACKGROUND)
    await work.end("good", 0.1)
    assert work.under_way == ["again 10", "good too"]
    await work.end("good too", 0.1)
    await work.end("again 10", 4.7)
    assert work.under_way == ["again 11"], "of the heavy ones whoever has used least"


async def test_what_was_used_is_forgotten_and_a_person_is_never_heavy() -> None:
    work = _Work(1)
    await work.come("first", _HOSTILE)
    await work.end("first", 12.0)
    await work.come("import", None, Urgency.URGENT)
    await work.come("heavy", _HOSTILE, Urgency.URGENT)
    await work.come("light", _GOOD, Urgency.BACKGROUND)
    await work.come("another import", None, Urgency.URGENT)
    await work.end("import", 5.0)
    await work.end("another import", 5.0)
    assert work.under_way == ["light"]
    await work.end("light", 1.0)
    assert work.under_way == ["heavy"]
    await work.end("heavy", 0.0)
    work.now += 120
    assert work.shares.used(_HOSTILE) == 0.0


async def test_work_that_is_given_up_leaves_no_place_behind() -> None:
    work = _Work(1)
    for name in ("one", "two", "three", "four"):
        await work.come(name, None)
    work.tasks["two"].cancel()
    await _settle()
    work._ends["one"].set()
    work.tasks["three"].cancel()  # it waits still, and is passed over
    await _settle()
    assert work.under_way == ["four"]
    work.tasks["four"].cancel()
    await work.come("five", None)
    assert work.under_way == ["five"]


async def test_a_place_opens_for_those_who_wait_long() -> None:
    work = _Work(1)
    work.shares = Shares(2, lambda: work.now)
    await work.come("long", _HOSTILE)
    await work.come("short", _GOOD)
    assert work.under_way == ["long"]
    work.shares.widen()
    await _settle()
    assert work.under_way == ["long", "short"]
    work.shares.widen()
    await work.come("third", _GOOD)
    assert work.under_way == ["long", "short"], "there are no more than two"


async def _pair(work: _Work, number: int) -> list[str]:
    """Let two documents of other sources come together, 0.4 s of work each; return which are under way at once."""
    names = [f"{number} first", f"{number} second"]
    for offset, name in enumerate(names):
        await work.come(name, 10 + 2 * number + offset)
    at_once = work.under_way.copy()
    for name in names:
        await work.end(name, 0.2 if len(at_once) == 2 else 0.4)
    return at_once


async def test_a_place_closes_when_one_alone_could_have_done_the_work() -> None:
    """Documents that now and then wait for each other a moment need no second process."""
    work = _Work(2)
    at_once = []
    for number in range(50):
        at_once.append(len(await _pair(work, number)))
        work.now += 1.6
    assert at_once[:20] == [2] * 20
    assert at_once[-10:] == [1] * 10


async def test_a_place_stays_while_one_alone_could_not_do_the_work() -> None:
    work = _Work(2)
    for number in range(200):
        assert len(await _pair(work, number)) == 2
        work.now += 0.2


async def test_a_heavy_source_never_has_the_only_place() -> None:
    work = _Work(1)
    work.shares = Shares(2, lambda: work.now)
    await work.come("first", _HOSTILE)
    await work.end("first", 2.5)
    await work.come("heavy", _HOSTILE)
    await work.come("feed", _GOOD)
    assert work.under_way == ["heavy", "feed"]


async def test_a_place_does_not_close_beside_a_heavy_source() -> None:
    work = _Work(1)
    work.shares = Shares(2, lambda: work.now)
    await work.come("first", _HOSTILE)
    await work.end("first", 4.9)
    for number in range(20):  # it never lets anybody wait, and never rests
        await work.come("heavy", _HOSTILE)
        await work.come("feed", 100 + number)
        assert work.under_way == ["heavy", "feed"]
        await work.end("feed", 4.6)
        await work.come("page", _GOOD)
        assert work.under_way == ["heavy", "page"]
        await work.end("page", 0.1)
        await work.end("heavy", 0.1)


async def test_what_is_prepared_before_the_work_is_nobodys_time() -> None:
    now = [0.0]
    shares = Shares(1, lambda: now[0])
    async with shares.acquire(Ticket(source_id=_GOOD)) as place:
        now[0] += 5.0
        place.begin()
        now[0] += 0.5
    assert shares.used(_GOOD) == 0.5
