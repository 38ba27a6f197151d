"""A schedule as a person writes it (pure)."""

import re

from bot.delivery.timing import Schedule, parse_schedule
from persian.moment import parse_clock, parse_span
from persian.normalise import normalise

_MOST_TIMES = 12
_AT_ONCE = {"بی درنگ", "بیدرنگ", "فوری", "همان دم", "now", "at once", "فورا", "حالا", "فور النشر"}
_EVERY = re.compile(r"(?:هر|every|[كک]ل)\b ?(.*)", re.IGNORECASE | re.DOTALL)
_UNITS = ("ساعت", "ساعه", "دقیقه", "hour", "minute")  # of which there is one where none is counted
_DAILY = re.compile(
    r"(?:(?:هر ?روز|روزانه|daily|every day|گزیده|at|در|ساعت|[كک]ل [يی]وم|[يی]وم[يی]اً?|الساعة|في)\b ?)+",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r" ?[،,;؛] ?| (?:و|and) (?!نیم|نصف|ربع)| و(?=[0-9٠-٩۰-۹])")


def read_schedule(text: str) -> Schedule | None:
    """Return the schedule that `text` means, None where it means none for certain.

    Read are the forms that are kept (see `parse_schedule`), and words: `بی‌درنگ`, `هر ۳۰ دقیقه`, `هر ساعت`,
    `۸ و ۲۰:۳۰`, `هر روز ساعت ۸ شب`, `8, 20:30`, `كل ساعة`, `كل يوم ٨ مساءً`.
    """
    if (kept := parse_schedule(text)) is not None:
        return kept
    text = " ".join(text.split())
    if normalise(text) in _AT_ONCE:
        return Schedule()
    daily = _DAILY.match(text)
    if daily is None and (every := _EVERY.match(text)):
        minutes = parse_span(f"1 {every[1]}" if normalise(every[1]) in _UNITS else every[1])
        return parse_schedule(f"every {minutes}m") if minutes is not None else None
    clocks = [parse_clock(part) for part in _BETWEEN.split(text[daily.end() if daily else 0 :].strip())]
    times = sorted({clock.hour * 60 + clock.minute for clock in clocks if clock is not None})
    return Schedule(at=tuple(times)) if None not in clocks and len(clocks) <= _MOST_TIMES else None
