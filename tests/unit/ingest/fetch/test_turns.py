"""Turns: how many requests are under way at once, and who is next."""

import asyncio
from collections import Counter

import pytest

from bot.ingest.fetch.turns import Origin, Places, Ticket, Turns, Urgency

A, B = ("a.ir", 443), ("b.ir", 443)


async def _settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


class _Crowd:
    """Requests that hold their turns until they are told to go."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        self.under_way: list[str] = []
        self._ends: dict[str, asyncio.Event] = {}
        self.tasks: dict[str, asyncio.Task[None]] = {}

    async def come(
        self,
        name: str,
        origin: Origin = A,
        priority: Urgency = Urgency.NORMAL,
        source_id: int | None = None,
        *,
        is_slow: bool = False,
    ) -> None:
        self._ends[name] = asyncio.Event()
        ticket = Ticket(priority, source_id, is_slow)
        self.tasks[name] = asyncio.create_task(self._hold(name, origin, ticket))
        await _settle()

    async def go(self, name: str) -> None:
        self._ends[name].set()
        await _settle()

    async def _hold(self, name: str, origin: Origin, ticket: Ticket) -> None:
        async with self._turns.acquire(origin, ticket):
            self.under_way.append(name)
            await self._ends[name].wait()
        self.under_way.remove(name)


async def test_a_site_that_does_not_answer_holds_its_own_places_alone() -> None:
    crowd = _Crowd(Turns(5, 3))
    for number in range(20):
        await crowd.come(f"slow {number}", A)
    await crowd.come("quick", B)
    assert crowd.under_way == ["slow 0", "slow 1", "slow 2", "quick"]
    await crowd.go("slow 1")
    assert crowd.under_way == ["slow 0", "slow 2", "quick", "slow 3"]


async def test_a_site_with_many_requests_delays_the_others_by_a_few() -> None:
    crowd = _Crowd(Turns(1, 2))
    await crowd.come("first", ("c.ir", 80))
    for number in range(9):
        await crowd.come(f"many {number}", A)
    await crowd.come("other", B)
    for name in ("first", "many 0", "many 1"):
        await crowd.go(name)
    assert crowd.under_way == ["other"]


async def test_a_source_whose_items_lead_to_many_slow_sites_holds_a_fifth_of_all() -> None:
    crowd = _Crowd(Turns(10, 6))
    for number in range(60):
        await crowd.come(f"page {number}", (f"{number}.evil.ir", 443), Urgency.URGENT, source_id=1)
    assert crowd.under_way == ["page 0", "page 1"]
    await crowd.come("feed", B, source_id=2)
    assert crowd.under_way[-1] == "feed"
    await crowd.go("page 0")
    assert crowd.under_way == ["page 1", "feed", "page 2"]


async def test_a_source_leaves_places_at_a_site_that_is_not_its_own() -> None:
    crowd = _Crowd(Turns(100, 6))
    for number in range(20):
        await crowd.come(f"redirected {number}", A, Urgency.URGENT, source_id=1)
    assert len(crowd.under_way) == 4
    await crowd.come("feed", A, source_id=2)
    assert crowd.under_way[-1] == "feed"


async def test_slow_sources_of_a_site_leave_places_to_its_others() -> None:
    crowd = _Crowd(Turns(100, 6))
    for number in range(20):
        await crowd.come(f"slow {number}", A, source_id=number, is_slow=True)
    assert crowd.under_way == ["slow 0", "slow 1", "slow 2"]
    await crowd.come("quick", A, source_id=99)
    assert crowd.under_way[-1] == "quick"
    await crowd.go("slow 1")
    assert crowd.under_way[-1] == "slow 3"


async def test_it_is_known_which_sources_wait_for_their_site() -> None:
    turns = Turns(2, 1)
    crowd = _Crowd(turns)
    for source_id in (1, 2, 3):
        await crowd.come(f"at one site {source_id}", A, source_id=source_id)
    await crowd.come("elsewhere", B, source_id=4)
    await crowd.come("waits for the whole", ("c.ir", 80), source_id=5)
    await crowd.come("of nobody", A)
    assert turns.waiting == {2, 3}
    crowd.tasks["at one site 2"].cancel()
    await crowd.go("at one site 1")
    assert turns.waiting == set()


async def test_urgent_requests_come_first_and_equals_in_order() -> None:
    crowd = _Crowd(Turns(9, 1))
    await crowd.come("now")
    await crowd.come("later", A, Urgency.BACKGROUND)
    await crowd.come("third")
    await crowd.come("fourth")
    await crowd.come("second", A, Urgency.URGENT)
    order = []
    for _ in range(5):
        order += crowd.under_way
        await crowd.go(crowd.under_way[0])
    assert order == ["now", "second", "third", "fourth", "later"]


async def test_the_background_leaves_places_free() -> None:
    crowd = _Crowd(Turns(6, 3))
    for number in range(12):
        await crowd.come(f"page {number}", (f"{number // 3}.ir", 80), Urgency.BACKGROUND)
    assert len(crowd.under_way) == 3  # half of all
    await crowd.come("feed", ("0.ir", 80))
    await crowd.come("item", ("0.ir", 80), Urgency.URGENT)
    assert crowd.under_way[-2:] == ["feed", "item"]


async def test_a_request_that_is_given_up_leaves_no_place_behind() -> None:
    crowd = _Crowd(Turns(2, 2))
    for name in ("one", "two", "three", "four"):
        await crowd.come(name)
    crowd.tasks["three"].cancel()
    await _settle()
    # Given up in the very moment in which its turn comes.
    crowd._ends["one"].set()
    await asyncio.sleep(0)
    crowd.tasks["four"].cancel()
    await _settle()
    await crowd.go("two")
    for name in ("five", "six"):
        await crowd.come(name)
    assert crowd.under_way == ["five", "six"]


@pytest.mark.parametrize("given_first", [True, False])
async def test_a_place_that_was_given_to_somebody_who_left_is_given_on(given_first: bool) -> None:
    places = Places(1)
    await places.acquire(Urgency.NORMAL)
    waiting = [asyncio.create_task(places.acquire(Urgency.NORMAL)) for _ in range(2)]
    await _settle()
    if given_first:
        places.release()
        waiting[0].cancel()
    else:
        waiting[0].cancel()
        places.release()
    await asyncio.wait_for(waiting[1], 5)


async def test_the_limits_hold_whatever_comes() -> None:
    turns, running, most = Turns(7, 3), Counter[Origin](), Counter[str]()

    async def request(number: int) -> None:
        origin = (f"{number % 5}.ir", 80)
        async with turns.acquire(origin, Ticket(Urgency(number % 3), number % 30)):
            running[origin] += 1
            most["site"] = max(most["site"], running[origin])
            most["all"] = max(most["all"], running.total())
            for _ in range(number % 4):
                await asyncio.sleep(0)
            running[origin] -= 1

    await asyncio.gather(*(request(number) for number in range(300)))
    assert (most["site"], most["all"]) == (3, 7)
