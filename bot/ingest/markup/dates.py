"""Dates as feeds and pages write them (pure). Instants are milliseconds UTC."""

import re
from datetime import UTC
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from persian.digits import to_ascii
from persian.jalali import parse_datetime, parse_iso

_RFC822 = re.compile(r"\d{1,2}\s+(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?\s+\d{2,4}", re.I)
_ASCTIME = re.compile(r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\s+\d{1,2}\s+[\d:]{5,8}\s+\d{4}", re.I)
_ISO = re.compile(r"(?:19|20)\d\d-?\d\d-?\d\d")
_YEAR_FIRST = re.compile(r"^((?:19|20)\d\d)/(\d\d?)/(\d\d?)(?!\d)")
_LONGEST = 200


def read_date(text: str, zone: ZoneInfo) -> int | None:
    """Return the instant of a date in RFC 822 (with or without weekday), ISO 8601 or Jalali form.

    One without a zone is in `zone`. A slashed date is read where its year comes first; the others of the Gregorian
    calendar are never guessed at: None.
    """
    plain = to_ascii(text[:_LONGEST]).replace("\u200e", "").replace("\u200f", "").strip()
    plain = _YEAR_FIRST.sub(lambda m: f"{m[1]}-{int(m[2]):02}-{int(m[3]):02}", plain)
    try:
        if _ISO.match(plain):
            return parse_iso(plain, zone)
        if _RFC822.search(plain) or _ASCTIME.search(plain):
            moment = parsedate_to_datetime(plain)
            # "-0000" means UTC in a place that is not said; it comes out without a zone, as no zone does.
            unknown = UTC if plain.endswith("-0000") else zone
            moment = moment if moment.tzinfo else moment.replace(tzinfo=unknown)
            return int(moment.timestamp() * 1000)
        return parse_datetime(plain, zone)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
