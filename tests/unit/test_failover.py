"""Failover among several ways: which one is used, and when one that failed is tried again."""

import pytest

from bot.failover import LOST, PAUSES, Failover


class _Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> _Clock:
    return _Clock()


def test_the_first_way_that_works_is_used(clock: _Clock) -> None:
    ways = Failover(["a", "b", "c"], clock)
    switches: list[tuple[str, str]] = []
    ways.on_switched.append(lambda before, after: switches.append((before, after)))
    ways.failed("b")
    assert ways.current() == "a"
    ways.failed("a")
    assert ways.current() == "c"
    ways.worked("b")
    assert ways.current() == "b"
    ways.worked("a")
    assert ways.current() == "a"
    assert switches == [("a", "c"), ("c", "b"), ("b", "a")]


def test_a_way_is_due_after_pauses_that_grow_and_begin_anew_once_it_worked(clock: _Clock) -> None:
    ways = Failover(["a", "b"], clock)
    for pause in (*PAUSES, PAUSES[-1]):
        ways.failed("a")
        ways.failed("a")  # what was under way at the same time
        clock.now += pause - 1
        assert ways.due() is None
        clock.now += 1
        assert ways.due() == "a"
    ways.worked("a")
    assert ways.due() is None
    ways.failed("a")
    clock.now += PAUSES[0]
    assert ways.due() == "a"


def test_where_nothing_works_each_way_comes_in_turn_and_nobody_hears_of_a_switch(clock: _Clock) -> None:
    ways = Failover(["a", "b"], clock)
    ways.failed("a")
    switches: list[str] = []
    ways.on_switched.append(lambda _, after: switches.append(after))
    clock.now += 1
    ways.failed("b")
    assert ways.current() == "a"
    clock.now += PAUSES[0]
    ways.failed("a")
    assert ways.current() == "b"
    assert switches == []


def test_lost_answers_count_only_in_a_row_and_an_only_way_is_never_left(clock: _Clock) -> None:
    ways = Failover(["a", "b"], clock)
    for _ in range(5):
        for _ in range(LOST - 1):
            ways.lost("a")
        ways.worked("a")
    assert ways.works("a")
    only = Failover(["a"], clock)
    only.failed("a")
    clock.now += PAUSES[-1]
    assert only.due() is None
    assert only.works("a")
