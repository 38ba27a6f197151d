"""Values that rows hold as text. Where a text is no value, the chat gets the default and the log names it, once."""

from functools import lru_cache

import structlog

from persian.schedule import INSTANT, QuietHours, Schedule, parse_quiet_hours, parse_schedule
from storage.post_style import USUAL_STYLE, PostStyle, parse_post_style

_log = structlog.get_logger(__name__)

_schedule = lru_cache(maxsize=1024)(parse_schedule)
_quiet_hours = lru_cache(maxsize=1024)(parse_quiet_hours)
_post_style = lru_cache(maxsize=1024)(parse_post_style)


def schedule_of(stored: str, *, chat_id: int) -> Schedule:
    """Return a chat's schedule, INSTANT where what is stored is none."""
    parsed = _schedule(stored)
    if parsed is None:
        _report(chat_id, "schedule", stored)
    return parsed or INSTANT


def own_schedule_of(stored: str, *, chat_id: int) -> Schedule | None:
    """Return a subscription's own schedule; None for that of its chat, and where what is stored is none."""
    if not stored:
        return None
    parsed = _schedule(stored)
    if parsed is None:
        _report(chat_id, "subscription_schedule", stored)
    return parsed


def quiet_hours_of(stored: str, *, chat_id: int) -> QuietHours | None:
    """Return a chat's quiet hours; None where it has none, or what is stored is none."""
    if not stored:
        return None
    parsed = _quiet_hours(stored)
    if parsed is None:
        _report(chat_id, "quiet_hours", stored)
    return parsed


def post_style_of(stored: str, *, chat_id: int) -> PostStyle:
    """Return the style of a chat's posts, or of one of its messages; the usual one where what is stored is none."""
    parsed = _post_style(stored)
    if parsed is None:
        _report(chat_id, "post_style", stored)
    return parsed or USUAL_STYLE


def text_of(value: Schedule | QuietHours | None) -> str:
    """Return a value as a row holds it, "" for None."""
    return "" if value is None else str(value)


@lru_cache(maxsize=1024)
def _report(chat_id: int, value: str, stored: str) -> None:
    """Log that a row holds what cannot be read. The cache prevents a second line."""
    _log.warning("stored_value_unreadable", chat_id=chat_id, value=value, stored=stored)
