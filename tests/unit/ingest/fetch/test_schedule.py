"""The next fetch of a source, what is usual for it, and when it is ill."""

from collections import Counter
from datetime import UTC, datetime
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ingest.fetch.schedule import (
    Health,
    Hints,
    Rhythm,
    ends,
    habit_in,
    habit_of,
    health_of,
    next_fetch,
    next_try,
    phase_of,
)

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


def _at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


NOW = _at("2026-07-15 10:20")  # a Wednesday
BUSY = Rhythm(created_at=NOW - 90 * _DAY * 1000, brought_at=NOW - _MINUTE * 1000, habit=10 * _MINUTE)


def _silent(days: float, habit: float | None = None) -> Rhythm:
    return Rhythm(
        created_at=NOW - 400 * _DAY * 1000,
        brought_at=NOW - int(days * _DAY * 1000),
        habit=None if habit is None else int(habit * _DAY),
    )


class _Fixed(Random):
    """Draws one end of every range."""

    def __init__(self, *, low: bool) -> None:
        super().__init__()
        self._low = low

    def uniform(self, a: float, b: float) -> float:
        return a if self._low else b


_NO_HINTS = Hints()
LOW, HIGH = _Fixed(low=True), _Fixed(low=False)


def _wait(rhythm: Rhythm, hints: Hints = _NO_HINTS, *, interval: float = 300, adaptive: bool = True) -> float:
    return (
        next_fetch(rhythm, hints, now=NOW, interval=interval, phase=0.0, rng=LOW, adaptive=adaptive) - NOW
    ) / 1000


@pytest.mark.parametrize(
    ("rhythm", "expected"),
    [
        (BUSY, 300),
        (_silent(2.9, habit=0.01), 300),
        (_silent(6, habit=0.01), 600),
        (_silent(30, habit=0.01), 1200),
        (_silent(6, habit=2), 300),  # that is usual for it
        (_silent(20, habit=2), 600),
        (Rhythm(created_at=NOW), 300),
        (Rhythm(created_at=NOW - 12 * _DAY * 1000), 1200),
    ],
)
def test_only_a_source_that_is_silent_for_days_is_asked_less_often(rhythm: Rhythm, expected: float) -> None:
    assert _wait(rhythm) == pytest.approx(expected)
    assert _wait(rhythm, adaptive=False) == 300


def test_a_silent_source_is_asked_every_hour_at_least_and_never_faster_than_its_interval() -> None:
    assert _wait(_silent(300, habit=0.01), interval=1800) == _HOUR
    assert _HOUR <= _wait(_silent(300, habit=0.01), interval=2 * _HOUR) <= 2 * _HOUR


@pytest.mark.parametrize(
    ("hints", "rhythm", "expected"),
    [
        (Hints(max_age=60), BUSY, 300),
        (Hints(max_age=600), BUSY, 600),
        (Hints(max_age=10**9), BUSY, 900),
        (Hints(max_age=-5), BUSY, 300),
        (Hints(ttl=3600), BUSY, 300),  # it published a minute ago: the number is the software's
        (Hints(ttl=600), _silent(0.5), 600),
        (Hints(ttl=3600), _silent(0.5), 900),
        (Hints(ttl=10**9), Rhythm(created_at=NOW), 900),
        (Hints(ttl=-1), _silent(0.5), 300),
    ],
)
def test_the_site_may_ask_for_a_while(hints: Hints, rhythm: Rhythm, expected: float) -> None:
    assert _wait(rhythm, hints) == expected


@pytest.mark.parametrize(
    ("hours", "days", "expected"),
    [
        ({9, 11}, (), "2026-07-15 10:25"),
        ({10}, (), "2026-07-15 11:00"),
        ({10, 11, 12}, (), "2026-07-15 13:00"),
        (set(range(24)), (), "2026-07-16 10:20"),
        ((), {2}, "2026-07-16 00:00"),
        ({0, 1}, {2}, "2026-07-16 02:00"),
        ((), {2, 3}, "2026-07-16 10:20"),
    ],
)
def test_hours_and_days_that_a_feed_skips(hours: set[int], days: set[int], expected: str) -> None:
    hints = Hints(skip_hours=frozenset(hours), skip_days=frozenset(days))
    assert next_fetch(BUSY, hints, now=NOW, interval=300, phase=0.0, rng=LOW) == _at(expected)


def test_sources_that_skip_the_same_hours_do_not_come_back_together() -> None:
    hints = Hints(skip_hours=frozenset({10}))
    rng = Random(1)
    due = {next_fetch(BUSY, hints, now=NOW, interval=300, phase=0.0, rng=rng) for _ in range(100)}
    assert len(due) > 90


def test_sources_that_were_fetched_together_spread_over_the_interval() -> None:
    interval, ids = 60, range(1, 1001)
    due = dict.fromkeys(ids, NOW)
    for _ in range(3):
        before = due
        due = {
            id_: next_fetch(BUSY, _NO_HINTS, now=at, interval=interval, phase=phase_of(id_), rng=LOW)
            for id_, at in before.items()
        }
        assert all(interval * 500 <= due[id_] - before[id_] <= interval * 1000 for id_ in ids)
    each_second = Counter(at // 1000 % interval for at in due.values())
    assert len(each_second) == interval
    assert max(each_second.values()) <= 20
    assert all(due[id_] - before[id_] == pytest.approx(interval * 1000, abs=1) for id_ in ids), "as often as before"


_HINTS = st.builds(
    Hints,
    max_age=st.none() | st.integers(-(10**12), 10**12),
    ttl=st.none() | st.integers(-(10**12), 10**12),
    skip_hours=st.frozensets(st.integers(0, 23)),
    skip_days=st.frozensets(st.integers(0, 6)),
)
_INSTANTS = st.integers(NOW - 2000 * _DAY * 1000, NOW + _DAY * 1000)
_RHYTHMS = st.builds(
    Rhythm, created_at=_INSTANTS, brought_at=st.none() | _INSTANTS, habit=st.none() | st.integers(0, 10**8)
)
_INTERVALS = st.floats(1, _DAY)
_PHASES = st.floats(0, 1, exclude_max=True)
_SEEDS = st.integers(0, 2**32).map(Random)


@given(_RHYTHMS, _HINTS, _INTERVALS, _PHASES, _SEEDS)
def test_the_next_fetch_lies_ahead_within_a_day_and_an_interval(
    rhythm: Rhythm, hints: Hints, interval: float, phase: float, rng: Random
) -> None:
    due = next_fetch(rhythm, hints, now=NOW, interval=interval, phase=phase, rng=rng)
    assert NOW + int(interval * 499) <= due <= NOW + _DAY * 1000


@given(_RHYTHMS, _INTERVALS, _PHASES, st.integers(0, 3 * _DAY), _SEEDS)
def test_a_source_that_brought_something_lately_is_never_slower_than_its_interval(
    rhythm: Rhythm, interval: float, phase: float, ago: int, rng: Random
) -> None:
    busy = Rhythm(rhythm.created_at, NOW - ago * 1000, rhythm.habit)
    due = next_fetch(busy, Hints(ttl=ago + 1), now=NOW, interval=interval, phase=phase, rng=rng)
    assert due <= NOW + interval * 1000


@given(_RHYTHMS, _INTERVALS, _PHASES, _SEEDS)
def test_silence_never_costs_more_than_four_intervals_or_an_hour(
    rhythm: Rhythm, interval: float, phase: float, rng: Random
) -> None:
    most = max(interval, min(4 * interval, _HOUR))
    assert next_fetch(rhythm, Hints(), now=NOW, interval=interval, phase=phase, rng=rng) <= NOW + most * 1000


@pytest.mark.parametrize(
    ("failures", "failing_days", "least", "most"),
    [
        (1, 0, 300, 300),
        (2, 0.1, 300, 600),
        (3, 0.1, 300, 1200),
        (3, 600 / _DAY, 300, 600),
        (9, 1200 / _DAY, 300, 1200),
        (9, -1, 300, 300),
        (9, 0.9, 300, _HOUR),
        (10**9, 6.9, 300, _HOUR),
        (300, 8, 300, 6 * _HOUR),
    ],
)
def test_a_failing_source_is_asked_ever_less_often(
    failures: int, failing_days: float, least: int, most: int
) -> None:
    since = NOW - int(failing_days * _DAY * 1000)
    waits = [
        (next_try(now=NOW, interval=300, failures=failures, failing_since=since, rng=rng) - NOW) / 1000
        for rng in (LOW, HIGH)
    ]
    assert waits == [least, most]


@pytest.mark.parametrize(
    ("retry_after", "least", "most"),
    [
        (None, 300, 1200),
        (0, 300, 1200),
        (60, 300, 1200),
        (600, 600, 630),
        (7200, 7200, 7560),
        (10**9, _DAY, 1.05 * _DAY),
    ],
)
def test_retry_after_wins_where_it_asks_for_more_than_the_interval(
    retry_after: int | None, least: float, most: float
) -> None:
    since = NOW - _HOUR * 1000
    waits = [
        (next_try(now=NOW, interval=300, failures=3, failing_since=since, rng=rng, retry_after=retry_after) - NOW)
        / 1000
        for rng in (LOW, HIGH)
    ]
    assert waits == [least, most]


@given(_INTERVALS, st.integers(0, 10**6), _INSTANTS, _SEEDS, st.none() | st.integers(-(10**12), 10**12))
def test_the_next_try_is_bounded(
    interval: float, failures: int, since: int, rng: Random, retry_after: int | None
) -> None:
    due = next_try(
        now=NOW, interval=interval, failures=failures, failing_since=since, rng=rng, retry_after=retry_after
    )
    most = max(interval, 6 * _HOUR) if retry_after is None else 1.05 * _DAY
    assert NOW + int(interval * 1000) <= due <= NOW + most * 1000


def _week_of_an_office(rounds: int) -> list[int]:
    """Gaps of a site that publishes every half hour from 8 to 16 and rests on two days."""
    day = [30 * _MINUTE] * 16
    return ([*day, 16 * _HOUR] * 4 + [*day, 64 * _HOUR]) * rounds


def _habit(gaps: list[int]) -> int:
    habit = None
    for gap in gaps:
        habit = habit_of(habit, gap)
    assert habit is not None
    return habit


def test_a_habit_is_what_one_meets_at_a_random_moment() -> None:
    assert _habit([10 * _MINUTE] * 500) == 10 * _MINUTE
    assert _habit([_DAY] * 30) == _DAY
    assert 16 * _HOUR < _habit(_week_of_an_office(8)) < 48 * _HOUR
    # A burst after a week of silence says little of how long it is silent.
    assert _habit([7 * _DAY] * 4 + [1] * 40) == pytest.approx(7 * _DAY, rel=0.01)
    # One long holiday is forgotten.
    assert _habit([_HOUR] * 100 + [10 * _DAY] + [_HOUR] * 24 * 60) < 6 * _HOUR


@given(st.none() | st.integers(0, 365 * _DAY), st.floats(-1e12, 1e12))
def test_a_habit_lies_between_the_one_before_and_the_gap(previous: int | None, gap: float) -> None:
    bounded = min(max(0.0, gap), 365 * _DAY)
    habit = habit_of(previous, gap)
    low, high = sorted((bounded, bounded if previous is None else previous))
    assert low - 1 <= habit <= high + 1


@pytest.mark.parametrize(
    ("hours_ago", "expected"),
    [
        ([], None),
        ([5, 3], None),
        ([5, 5, 3], None),
        ([-9, 5, 3], None),  # a date in the future says nothing
        ([9, 7, 5, 3], 2 * _HOUR),
        ([3, 9, 5, 7], 2 * _HOUR),
    ],
)
def test_the_habit_that_a_feed_shows(hours_ago: list[int], expected: int | None) -> None:
    assert habit_in([NOW - hours * _HOUR * 1000 for hours in hours_ago], NOW) == expected


@pytest.mark.parametrize(
    ("failures", "minutes", "expected"),
    [
        (1, 0, Health.WELL),
        (2, 600, Health.WELL),  # two failures with a long pause between them
        (3, 59, Health.WELL),
        (3, 60, Health.FAILING),
        (9, 9000, Health.FAILING),
    ],
)
def test_failing_for_an_hour_is_ill(failures: int, minutes: int, expected: Health) -> None:
    assert health_of(BUSY, now=NOW, failures=failures, failing_since=NOW - minutes * 60_000) is expected


def test_the_silence_of_a_failing_source_is_no_other_illness() -> None:
    assert health_of(_silent(90, habit=0.1), now=NOW, failures=1, failing_since=NOW) is Health.WELL


@pytest.mark.parametrize(
    ("days", "habit", "expected"),
    [
        (0.5, 0.003, Health.WELL),  # a night
        (1.9, 0.003, Health.WELL),
        (2.1, 0.003, Health.SILENT),
        (9, 1, Health.WELL),
        (10, 1, Health.SILENT),
        (300, None, Health.WELL),  # nothing is known of its habit
        (300, 31, Health.WELL),
    ],
)
def test_silence_is_judged_by_habit(days: float, habit: float | None, expected: Health) -> None:
    assert health_of(_silent(days, habit), now=NOW) is expected


def test_a_weekend_of_an_office_is_no_silence() -> None:
    habit = _habit(_week_of_an_office(1))
    four_days = Rhythm(created_at=0, brought_at=NOW - 4 * _DAY * 1000, habit=habit)
    assert health_of(four_days, now=NOW) is Health.WELL


@pytest.mark.parametrize(
    ("brought", "now", "expected"),
    [
        ("2026-03-18 12:00", "2026-04-04 12:00", Health.WELL),
        ("2026-03-18 12:00", "2026-04-06 12:00", Health.SILENT),
        ("2026-03-25 12:00", "2026-04-03 12:00", Health.WELL),
        ("2025-12-30 12:00", "2026-01-03 12:00", Health.SILENT),
    ],
)
def test_nowruz_is_no_silence(brought: str, now: str, expected: Health) -> None:
    rhythm = Rhythm(created_at=_at("2025-01-01 00:00"), brought_at=_at(brought), habit=_HOUR)
    assert health_of(rhythm, now=_at(now)) is expected


def test_only_gone_is_the_end() -> None:
    assert [status for status in (401, 403, 404, 410, 429, 451, 500, 503) if ends(status)] == [410]
