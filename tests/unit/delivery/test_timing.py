"""Schedules and quiet hours as people write them, in the digits of any script."""

import pytest

from bot.delivery.timing import parse_quiet, parse_schedule


@pytest.mark.parametrize(
    "text",
    ["at 08:00,20:00", "at ۰۸:۰۰، ۲۰:۰۰", "AT ٠٨:٠٠،٢٠:٠٠", " at 20:00, 8:00 "],
    ids=["en", "fa", "ar", "order"],
)
def test_times_of_the_day(text: str) -> None:
    assert str(parse_schedule(text)) == "at 08:00,20:00"


@pytest.mark.parametrize(
    ("text", "schedule"),
    [("every 45m", "every 45m"), ("every ٤٥m", "every 45m"), ("every ۲h", "every 2h"), ("Instant", "instant")],
)
def test_intervals(text: str, schedule: str) -> None:
    assert str(parse_schedule(text)) == schedule


@pytest.mark.parametrize("text", ["at 25:00", "every 25h", "every 0m", "at", "soon", "at 8:00؛9:00"])
def test_what_is_no_schedule(text: str) -> None:
    assert parse_schedule(text) is None


@pytest.mark.parametrize("text", ["23:00-07:00", "۲۳:۰۰-۰۷:۰۰", "٢٣:٠٠ - ٧:٠٠"])
def test_quiet_hours(text: str) -> None:
    assert parse_quiet(text) == (23 * 60, 7 * 60)
