"""Parts of a feed that are about the feed: its language, its links, when to come again (pure)."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bot.ingest.markup.sanitise import absolute_url
from persian.digits import to_ascii

_LONGEST_TTL = 7 * 86400
# https://web.resource.org/rss/1.0/modules/syndication/
_PERIODS = {"hourly": 3600, "daily": 86400, "weekly": 7 * 86400, "monthly": 30 * 86400, "yearly": 365 * 86400}
_NUMBER = re.compile(r"\s*(\d{1,7})(?!\d)")
_SKIPPED = re.compile(r"<skip(hours|days)\b[^<>]*+>((?:[^<]++|<(?!/?skip))*+)</skip\1\s*+>", re.IGNORECASE)
_HOUR = re.compile(r"<hour\b[^<>]*>\s*(\d{1,2})\s*</hour", re.IGNORECASE)
_DAY = re.compile(r"<day\b[^<>]*>\s*(mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}\s*</day", re.IGNORECASE)
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LANGUAGE = re.compile(r"\s*([a-zA-Z]{2,3})(?:[-_ ]|\s*$)")
_LANGUAGES = {
    "per": "fa",
    "fas": "fa",
    "prs": "fa",
    "ara": "ar",
    "eng": "en",
    "kur": "ku",
    "tur": "tr",
    "aze": "az",
}
_NAMED_LANGUAGES = {"persian": "fa", "farsi": "fa", "فارسی": "fa", "english": "en", "arabic": "ar", "عربی": "ar"}


def language_of(text: str) -> str:
    """Return the two letters of a language as feeds name it, such as fa-IR, per or Farsi; "" for none."""
    if named := _NAMED_LANGUAGES.get(text.strip().lower()):
        return named
    match = _LANGUAGE.match(text)
    code = match[1].lower() if match else ""
    return _LANGUAGES.get(code, code if len(code) == 2 else "")


def ttl_of(minutes: str, period: str, frequency: str) -> int | None:
    """Return for how many seconds a feed stays as it is: by its ttl, else by how often it says that it changes.

    Nonsense is None; more than a week is a week.
    """
    if ttl := _number(minutes):
        return min(ttl * 60, _LONGEST_TTL)
    seconds = _PERIODS.get(period.strip().lower())
    return min(seconds // (_number(frequency) or 1), _LONGEST_TTL) or None if seconds else None


def skipped(channel: str) -> tuple[frozenset[int], frozenset[int]]:
    """Return the hours (UTC) and days (Monday is 0) that a channel's XML asks to skip; all of them are none."""
    hours: set[int] = set()
    days: set[int] = set()
    for kind, inner in _SKIPPED.findall(channel):
        if kind.lower() == "hours":
            hours |= {int(hour) % 24 for hour in _HOUR.findall(inner) if int(hour) <= 24}
        else:
            days |= {_DAYS.index(day.lower()) for day in _DAY.findall(inner)}
    return frozenset(hours if len(hours) < 24 else ()), frozenset(days if len(days) < 7 else ())


def links_of(links: Iterator[Mapping[str, Any]], url: str) -> dict[str, str]:
    """Return the first address of each relation among a channel's links, such as alternate, self and hub."""
    by_relation: dict[str, str] = {}
    for link in links:
        relation, address = link.get("rel"), link.get("href")
        if isinstance(relation, str) and isinstance(address, str) and (absolute := absolute_url(address, url)):
            by_relation.setdefault(relation, absolute)
    return by_relation


def _number(text: str) -> int:
    match = _NUMBER.match(to_ascii(text))
    return int(match[1]) if match else 0
