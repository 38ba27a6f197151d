"""The times at which schedules and quiet hours let a headline go."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.delivery.timing import next_due
from persian.schedule import INSTANT, QuietHours, Schedule
from tests import values


def _ms(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp() * 1000)


_ZONES = [
    ZoneInfo(name)
    for name in ("Asia/Tehran", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Beirut", "UTC")
]
_HOUR = 3_600_000
_moments = st.integers(_ms("2025-01-01T00:00+00:00"), _ms("2027-12-31T00:00+00:00"))
_minutes = st.integers(0, 24 * 60 - 1)


@given(_moments, st.sampled_from(_ZONES), st.integers(1, 24 * 60))
def test_an_interval_ends_at_its_end_or_at_midnight(now: int, zone: ZoneInfo, minutes: int) -> None:
    due = next_due(Schedule(every=minutes), None, zone, now)
    assert due.fold
    assert 0 < due.at - now <= minutes * 60_000
    again = next_due(Schedule(every=minutes), None, zone, due.at)
    assert again.at > due.at, "what comes at the end is of the next"


@given(_moments, st.sampled_from(_ZONES), st.lists(_minutes, min_size=1, max_size=4))
def test_a_time_of_the_day_comes_once_a_day(now: int, zone: ZoneInfo, at: list[int]) -> None:
    schedule = Schedule(at=tuple(sorted(set(at))))
    first = next_due(schedule, None, zone, now)
    assert first.fold
    assert now < first.at <= now + 26 * _HOUR
    second = next_due(schedule, None, zone, first.at)
    days = [datetime.fromtimestamp(due.at / 1000, zone) for due in (first, second)]
    assert (days[0].date(), days[0].strftime("%H:%M")) != (days[1].date(), days[1].strftime("%H:%M"))


@given(_moments, st.sampled_from(_ZONES), _minutes, _minutes)
def test_what_is_put_off_comes_when_quiet_hours_end(now: int, zone: ZoneInfo, begin: int, end: int) -> None:
    assume(begin != end)
    due = next_due(INSTANT, QuietHours(begin, end), zone, now)
    assert due.fold == (due.at != now)
    assert now <= due.at <= now + 26 * _HOUR


@pytest.mark.parametrize(
    ("schedule", "quiet", "now", "due"),
    [
        # Clocks go from 02:00 to 03:00.
        ("at 02:30", "", "2026-03-29T01:50+01:00", "2026-03-29T03:30+02:00"),
        # The other time comes first then.
        ("at 02:30,03:00", "", "2026-03-29T01:50+01:00", "2026-03-29T03:00+02:00"),
        ("at 02:30,03:00", "", "2026-03-29T03:00+02:00", "2026-03-29T03:30+02:00"),
        ("every 1h", "", "2026-03-29T01:50+01:00", "2026-03-29T03:00+02:00"),
        ("instant", "23:00-02:30", "2026-03-29T01:50+01:00", "2026-03-29T03:30+02:00"),
        # Clocks go from 03:00 to 02:00: that hour comes twice.
        ("at 02:30", "", "2026-10-25T02:10+02:00", "2026-10-25T02:30+02:00"),
        ("at 02:30", "", "2026-10-25T02:40+02:00", "2026-10-26T02:30+01:00"),
        ("at 02:30", "", "2026-10-25T02:10+01:00", "2026-10-26T02:30+01:00"),
        ("every 30m", "", "2026-10-25T02:50+02:00", "2026-10-25T02:00+01:00"),
        ("every 30m", "", "2026-10-25T02:10+01:00", "2026-10-25T02:30+01:00"),
        ("instant", "23:00-02:30", "2026-10-25T02:10+01:00", "2026-10-25T02:30+01:00"),
    ],
)
def test_where_clocks_are_put_on_or_back(schedule: str, quiet: str, now: str, due: str) -> None:
    next_time = next_due(values.schedule(schedule), values.quiet_hours(quiet), ZoneInfo("Europe/Berlin"), _ms(now))
    assert next_time.at == _ms(due)
