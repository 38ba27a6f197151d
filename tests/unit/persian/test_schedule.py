"""Schedules and quiet hours: in the form that is stored, and in a person's own words, which are not guessed at."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persian.schedule import (
    INSTANT,
    QuietHours,
    Schedule,
    parse_quiet_hours,
    parse_schedule,
    read_quiet_hours,
    read_schedule,
)

_MINUTES = st.integers(0, 24 * 60 - 1)
_SCHEDULES = st.one_of(
    st.just(INSTANT),
    st.builds(Schedule, every=st.integers(1, 24 * 60)),
    st.builds(Schedule, at=st.sets(_MINUTES, min_size=1, max_size=5).map(sorted).map(tuple)),
)


@given(_SCHEDULES)
def test_what_is_stored_is_read_again(schedule: Schedule) -> None:
    assert parse_schedule(str(schedule)) == read_schedule(str(schedule)) == schedule


@given(_MINUTES, _MINUTES, _MINUTES)
def test_quiet_hours_are_read_again_and_end_on_time(begin: int, end: int, minute: int) -> None:
    if begin == end:
        with pytest.raises(ValueError):
            QuietHours(begin, end)
        return
    hours = QuietHours(begin, end)
    assert parse_quiet_hours(str(hours)) == hours
    assert begin in hours
    assert end not in hours
    assert (minute in hours) is ((minute - begin) % (24 * 60) < (end - begin) % (24 * 60))


@pytest.mark.parametrize(
    ("every", "at"), [(-1, ()), (1441, ()), (30, (480,)), (0, (1440,)), (0, (9, 8)), (0, (8, 8))]
)
def test_a_schedule_that_could_not_be_kept_is_not_made(every: int, at: tuple[int, ...]) -> None:
    with pytest.raises(ValueError):
        Schedule(every, at)


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("instant", "instant"),
        ("بی‌درنگ", "instant"),
        ("بی درنگ", "instant"),
        ("every 45m", "every 45m"),
        ("هر ۴۵ دقیقه", "every 45m"),
        ("هر ساعت", "every 1h"),
        ("هر دو ساعت", "every 2h"),
        ("هر نیم ساعت", "every 30m"),
        ("every 2 hours", "every 2h"),
        ("every half hour", "every 30m"),
        ("هر شب ساعت ۹", "at 21:00"),
        ("every morning at 8", "at 08:00"),
        ("هر صبح هشت و نیم", "at 08:30"),
        ("at 08:00,20:00", "at 08:00,20:00"),
        ("۸ و ۲۰", "at 08:00,20:00"),
        ("ساعت ۸ و ۲۰:۳۰", "at 08:00,20:30"),
        ("۲۰:۳۰، ۸", "at 08:00,20:30"),
        ("۸ صبح و ۹ شب", "at 08:00,21:00"),
        ("هر روز ساعت ۸ و نیم و ۲۰", "at 08:30,20:00"),
        ("هرروز ۷", "at 07:00"),
        ("8, 20:30", "at 08:00,20:30"),
        ("8 and 20", "at 08:00,20:00"),
        ("ساعت ۱۲ ظهر", "at 12:00"),
        ("every 45 minutes", "every 45m"),
        ("daily at 21:00", "at 21:00"),
        ("هر روز ساعت ۹ شب", "at 21:00"),
        ("now", "instant"),
        ("فوراً", "instant"),
        ("كل ساعة", "every 1h"),
        ("كل ٣٠ دقيقة", "every 30m"),
        ("كل نصف ساعة", "every 30m"),
        ("كل ٢ ساعات", "every 2h"),
        ("٨ و٢٠:٣٠", "at 08:00,20:30"),
        ("كل يوم الساعة ٨ مساءً", "at 20:00"),
        ("يومياً ٩", "at 09:00"),
        ("٨ و ٢٠", "at 08:00,20:00"),
    ],
)
def test_what_is_meant_is_read(words: str, kept: str) -> None:
    assert str(read_schedule(words)) == kept


@pytest.mark.parametrize(
    "words",
    [
        "",
        "گاهی",
        "هر",
        "هر دو روز",
        "هر ۰ دقیقه",
        "۲۵",
        "۸ و فردا",
        "۸ و",
        "25:00",
        "۸ تا ۲۰",
        "ساعت",
        "و".join(map(str, range(24))),
        "8 " * 5_000,
        ", ".join(str(hour) for hour in range(24)),
    ],
)
def test_what_is_unclear_is_not_guessed_at(words: str) -> None:
    assert read_schedule(words) is None


def test_a_person_names_no_more_times_than_a_day_has_hours() -> None:
    hourly = f"at {','.join(f'{hour:02}:00' for hour in range(24))}"
    assert str(read_schedule(hourly)) == hourly
    assert read_schedule(f"{hourly},23:30") is None
    # What is stored already goes on.
    assert parse_schedule(f"{hourly},23:30") is not None


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


@pytest.mark.parametrize(
    "text",
    [
        "23:00-07:00",
        "۲۳:۰۰-۰۷:۰۰",
        "٢٣:٠٠ - ٧:٠٠",
        "از ۲۳:۰۰ تا ۰۷:۰۰",
        "23:00 to 07:00",
        "من ٢٣:٠٠ إلى ٠٧:٠٠",
        "از ۱۱ شب تا ۷ صبح",
        "۱۱ شب تا ۷ صبح",
        "از ساعت یازده شب تا هفت صبح",
        "۲۳ تا ۷",
        "23-7",
        "بین ۲۳ تا ۷",
        "بین ۱۱ شب و ۷ صبح",
        "between 11 pm and 7 am",
        "۱۱ شب تا ۷",
        "11 pm to 7 am",
        "from 11pm until 7am",
        "من ١١ مساءً إلى ٧ صباحاً",
    ],
)
def test_quiet_hours(text: str) -> None:
    assert read_quiet_hours(text) == QuietHours(23 * 60, 7 * 60)


def test_quiet_hours_may_begin_at_midnight_and_at_half_past() -> None:
    assert read_quiet_hours("از نیمه‌شب تا هفت و نیم صبح") == QuietHours(0, 7 * 60 + 30)
    assert read_quiet_hours("بین ۲۳ و نیم و ۷") == QuietHours(23 * 60 + 30, 7 * 60)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "۱۱ تا ۷",
        "11 to 7",
        "شب",
        "از شب تا صبح",
        "۸",
        "۸ تا",
        "8 to 8",
        "25 تا 7",
        "۸ تا ۹ تا ۱۰",
        "بین ۱۱ و ۷",
    ],
)
def test_quiet_hours_that_are_unclear_are_not_guessed_at(text: str) -> None:
    assert read_quiet_hours(text) is None
