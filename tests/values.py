"""Values in the form that storage keeps, for tests."""

from persian.schedule import QuietHours, Schedule, parse_quiet_hours, parse_schedule
from storage.post_style import PostStyle, parse_post_style


def schedule(text: str) -> Schedule:
    """Return the schedule of a text such as `at 08:00,20:00`."""
    parsed = parse_schedule(text)
    assert parsed is not None, text
    return parsed


def quiet_hours(text: str) -> QuietHours | None:
    """Return the quiet hours of a text such as `23:00-07:00`, None of ""."""
    parsed = parse_quiet_hours(text) if text else None
    assert parsed is not None or not text, text
    return parsed


def post_style(text: str) -> PostStyle:
    """Return the post style of a text such as `shape=title photo=any`."""
    parsed = parse_post_style(text)
    assert parsed is not None, text
    return parsed
