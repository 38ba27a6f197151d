"""Days as pages tell them from today's: «۳ ساعت پیش», «دیروز ۱۸:۳۰», "2 days ago" (pure)."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from persian.digits import to_ascii
from persian.normalise import match_key

_LONGEST = 60
_LABEL = r"(?:[^\W\d_]+(?:[\s\u200c][^\W\d_]+){0,2}\s?:\s?)?"
_NUMBER = r"(\d{1,3}|[^\W\d_]{1,4})"
_WORD = r"([^\W\d_]{2,9})"
_AGO = re.compile(
    rf"{_LABEL}(?:{_NUMBER}\s?{_WORD}\s(?:پیش|قبل|ago)|(?:منذ|قبل)\s(?:{_NUMBER}\s)?{_WORD})\s?\.?", re.IGNORECASE
)
_NAMED = re.compile(
    rf"{_LABEL}{_WORD}\s?[،,–—-]?\s?(?:(?:ساعت|الساعة|at)\s)?(?:([01]?\d|2[0-3]):([0-5]\d))?", re.IGNORECASE
)
_ONE = frozenset(map(match_key, ("یک", "چند", "a", "an", "one", "")))
_DAYS_BACK = {
    match_key(name): days
    for days, names in enumerate(("امروز today اليوم", "دیروز yesterday أمس", "پریروز"))
    for name in names.split()
}
_HOURS, _DAYS = (1 / 3600, 1 / 60, 1), (1, 7, 30, 365)
_UNITS = {
    match_key(name): timedelta(hours=amount)
    for amount, names in zip(
        (*_HOURS, *(24 * days for days in _DAYS)),
        (
            "ثانیه second seconds sec secs ثانية ثوان",
            "دقیقه minute minutes min mins دقيقة دقائق دقيقتين",
            "ساعت hour hours hr hrs ساعة ساعات",
            "روز day days يوم أيام",
            "هفته week weeks أسبوع أسابيع",
            "ماه month months شهر أشهر",
            "سال year years سنة سنوات عام أعوام",
        ),
        strict=True,
    )
    for name in names.split()
}
_TWO = {match_key(name): timedelta(hours=hours) for name, hours in (("ساعتين", 2), ("يومين", 48), ("أسبوعين", 336))}


@dataclass(frozen=True, slots=True)
class RelativeDate:
    """A day in `zone`, and its time where that is told too: an hour that has only been counted back is none."""

    day: date
    clock: time | None = None

    def instant(self, zone: ZoneInfo) -> int:
        """Return the instant (ms), the day's first moment where no time is told."""
        return int(datetime.combine(self.day, self.clock or time(), zone).timestamp() * 1000)


def read_relative_date(line: str, zone: ZoneInfo, now: int) -> RelativeDate | None:
    """Return the day that a line of a page counts back from `now` (ms); None where it says anything else."""
    if len(line) > _LONGEST:
        return None
    plain, today = to_ascii(line).strip(), datetime.fromtimestamp(now / 1000, UTC).astimezone(zone)
    if ago := _AGO.fullmatch(plain):
        return _counted_back(ago, today)
    named = _NAMED.fullmatch(plain)
    days = _DAYS_BACK.get(match_key(named[1])) if named else None
    if named is None or days is None:
        return None
    clock = time(int(named[2]), int(named[3])) if named[2] else None
    return RelativeDate(today.date() - timedelta(days=days), clock)


def _counted_back(ago: re.Match[str], today: datetime) -> RelativeDate | None:
    """Return the day that a span names, as in «۲ روز پیش»; None for a span that is not known."""
    back = _span(ago[1] or ago[3] or "", ago[2] or ago[4])
    return RelativeDate((today - back).date()) if back is not None else None


def _span(amount: str, unit: str) -> timedelta | None:
    key = match_key(unit)
    if not amount and key in _TWO:
        return _TWO[key]
    if key not in _UNITS:
        return None
    if amount.isdecimal():
        return int(amount) * _UNITS[key]
    return _UNITS[key] if match_key(amount) in _ONE else None
