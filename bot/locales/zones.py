"""Time zones by the names that people have for them: of a city, of a country, or of the zone itself.

The names are those of Unicode's CLDR, through Babel; which zones a country has says the IANA database
(`zone.tab`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

import structlog
from babel import Locale, UnknownLocaleError
from babel.core import get_global

from bot.locales.cities import CITIES
from bot.time_zones import time_zone
from persian.normalise import match_key

OFFERED = (
    "Asia/Tehran",
    "Asia/Kabul",
    "Asia/Dushanbe",
    "Asia/Tashkent",
    "Asia/Baghdad",
    "Asia/Dubai",
    "Europe/Istanbul",
    "Europe/Berlin",
    "Europe/London",
    "America/Toronto",
    "America/Los_Angeles",
    "Australia/Sydney",
)
"""The zones that have a button: of those who read Persian, most live in one of them."""

UTC = ZoneInfo("UTC")
"""Coordinated universal time."""

_MOST_NEAR = 4
_LIKENESS = 0.75
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ZoneMatch:
    """The zones that words may mean; `is_sure` means that they are the names of these, and not merely like them."""

    zones: tuple[str, ...] = ()
    is_sure: bool = False


def is_zone(name: str) -> bool:
    """Return whether this is the name of a zone where people live, as the IANA database writes it."""
    return name in _countries_of_zones()


def zone_of(name: str, otherwise: ZoneInfo) -> ZoneInfo:
    """Return the time zone of a chat's row; `otherwise` where the name is no zone's, which is logged once."""
    try:
        return time_zone(name)
    except ValueError:
        _report(name)
        return otherwise


@cache
def _report(name: str) -> None:
    """Log that a row names no zone. The cache prevents a second line."""
    _log.warning("stored_value_unreadable", value="time_zone", stored=name, hint="peyk doctor names the chats")


def zone_name(zone: str, language: str) -> str:
    """Return what the city that a zone is named after is called in a language, in English where that is unknown."""
    return _cities(language).get(zone) or zone.rsplit("/", 1)[-1].replace("_", " ")


def zones_called(words: str, countries: Mapping[str, Mapping[str, str]], year: int) -> ZoneMatch:
    """Return which zones a city or country is in, however it is spelled in one of the languages.

    `countries` has the codes of countries by what they are called besides, for each language. Of a country's zones
    those are told whose clocks differ in that year.
    """
    key = match_key(words.strip())
    names: dict[str, tuple[str, ...]] = {}
    for table in (_cities_besides(), *_tables(countries)):
        for name, zones in table.items():
            names[name] = (*names.get(name, ()), *zones)
    if exact := names.get(key):
        return ZoneMatch(tuple(_that_differ(exact, year)), is_sure=True)
    near = get_close_matches(key, names, n=_MOST_NEAR, cutoff=_LIKENESS)
    alike = dict.fromkeys(zone for name in near for zone in _that_differ(names[name], year))
    return ZoneMatch(tuple(alike)[:_MOST_NEAR])


def _tables(countries: Mapping[str, Mapping[str, str]]) -> Iterator[Mapping[str, tuple[str, ...]]]:
    for language, besides in countries.items():
        yield _zones(language)
        yield _countries(language)
        yield {match_key(name): _zones_of().get(country, ()) for name, country in besides.items()}


def _that_differ(zones: tuple[str, ...], year: int) -> Iterator[str]:
    seen = set()
    # Of those that are alike the one that has a button is the better known.
    for zone in sorted(zones, key=lambda candidate: candidate not in OFFERED):
        clock = tuple(datetime(year, month, 1, tzinfo=time_zone(zone)).utcoffset() for month in (1, 7))
        if clock not in seen:
            seen.add(clock)
            yield zone


@cache
def _countries_of_zones() -> dict[str, str]:
    table = (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="ascii")
    rows = [line.split("\t") for line in table.splitlines() if not line.startswith("#")]
    return {zone: country for country, _, zone, *_ in rows}


@cache
def _cities(language: str) -> dict[str, str]:
    """Return the city of each zone that has one in the language, by the zone's name of today."""
    today = get_global("zone_aliases")
    known = _locale(language).time_zones.items()
    return {today.get(zone, zone): str(about["city"]) for zone, about in known if "city" in about}


@cache
def _zones(language: str) -> dict[str, tuple[str, ...]]:
    """Return the zone of each city, as its name is spelled anyhow."""
    names: dict[str, tuple[str, ...]] = {}
    for zone in _countries_of_zones():
        for name in (zone, zone.rsplit("/", 1)[-1], zone_name(zone, language)):
            names[match_key(name.replace("_", " "))] = (zone,)
    return names


@cache
def _cities_besides() -> dict[str, tuple[str, ...]]:
    return {match_key(name): (zone,) for zone, names in CITIES.items() for name in names}


@cache
def _zones_of() -> dict[str, tuple[str, ...]]:
    zones: dict[str, tuple[str, ...]] = {}
    for zone, country in _countries_of_zones().items():
        zones[country] = (*zones.get(country, ()), zone)
    return zones


@cache
def _countries(language: str) -> dict[str, tuple[str, ...]]:
    """Return the zones of each country, as its name in the language is spelled anyhow."""
    called = _locale(language).territories
    return {match_key(called[country]): zones for country, zones in _zones_of().items() if country in called}


@cache
def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")
