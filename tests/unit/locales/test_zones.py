"""Time zones by the names that people have for them."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.locales.catalog import Catalog
from bot.locales.cities import CITIES
from bot.locales.zones import OFFERED, ZoneMatch, is_zone, zone_name, zones_called


def _called(words: str) -> ZoneMatch:
    return zones_called(words, Catalog.load().countries, 2026)


@pytest.mark.parametrize(
    ("words", "zone"),
    [
        ("استکهلم", "Europe/Stockholm"),
        ("Stockholm", "Europe/Stockholm"),
        ("ستوكهولم", "Europe/Stockholm"),
        ("نیو یورک", "America/New_York"),
        ("نيويورك", "America/New_York"),
        ("los angeles", "America/Los_Angeles"),
        ("São Paulo", "America/Sao_Paulo"),
        ("asia/tehran", "Asia/Tehran"),
        ("آلمان", "Europe/Berlin"),
        ("المان", "Europe/Berlin"),
        ("انگلیس", "Europe/London"),
        ("UK", "Europe/London"),
        (" الإمارات ", "Asia/Dubai"),
        ("کلکته", "Asia/Kolkata"),
        ("کی‌یف", "Europe/Kyiv"),
        ("مشهد", "Asia/Tehran"),
        ("Isfahan", "Asia/Tehran"),
        ("مزار شریف", "Asia/Kabul"),
        ("النجف", "Asia/Baghdad"),
        ("اربیل", "Asia/Baghdad"),
        ("آنکارا", "Europe/Istanbul"),
        ("أبو ظبي", "Asia/Dubai"),
    ],
)
def test_a_city_or_country_is_known_however_it_is_spelled(words: str, zone: str) -> None:
    assert zone in _called(words).zones


def test_a_country_is_asked_about_where_its_clocks_differ() -> None:
    iran, america = _called("ایران"), _called("آمریکا")
    assert iran == ZoneMatch(("Asia/Tehran",), is_sure=True)
    assert america.is_sure
    assert {"America/New_York", "America/Chicago", "America/Denver", "America/Phoenix"} < set(america.zones)
    assert "America/Detroit" not in america.zones, "its clock is that of New York"
    assert "Australia/Sydney" in _called("استرالیا").zones, "the better known of those that are alike"


def test_what_is_nearly_a_name_is_offered_and_never_taken() -> None:
    assert _called("استکلهم") == ZoneMatch(("Europe/Stockholm",), is_sure=False)


def test_a_name_of_two_places_leaves_the_choice() -> None:
    assert set(_called("عمان").zones) == {"Asia/Amman", "Asia/Muscat"}


def test_every_city_leads_to_its_zone() -> None:
    for zone, names in CITIES.items():
        for name in names:
            clock = ZoneInfo(zone).utcoffset(datetime(2026, 7, 1))
            assert clock in {
                ZoneInfo(called_zone).utcoffset(datetime(2026, 7, 1)) for called_zone in _called(name).zones
            }, name


@pytest.mark.parametrize("words", ["", "مونیخ", "xyz", "|", "ع" * 5_000])
def test_what_is_no_name_is_nothing(words: str) -> None:
    assert _called(words) == ZoneMatch()


@pytest.mark.parametrize("language", ["fa", "ar", "en", "zz", "pt-br"])
def test_every_offered_zone_has_a_name_in_any_language(language: str) -> None:
    names = {zone_name(zone, language) for zone in OFFERED}
    assert len(names) == len(OFFERED)
    assert all(is_zone(zone) for zone in OFFERED)
    assert zone_name("America/Argentina/Salta", "zz") == "Salta"


def test_what_is_no_zone_of_people_is_not_taken() -> None:
    assert not any(map(is_zone, ("", "../etc/passwd", "posixrules", "Factory", "Asia")))
