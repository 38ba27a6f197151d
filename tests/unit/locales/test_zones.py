"""Time zones by the names that people have for them."""

import pytest

from bot.locales.catalog import Catalog
from bot.locales.zones import OFFERED, Called, is_zone, zone_name, zones_called


def _called(words: str) -> Called:
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
    ],
)
def test_a_city_or_country_is_known_however_it_is_spelled(words: str, zone: str) -> None:
    assert zone in _called(words).zones


def test_a_country_is_asked_about_where_its_clocks_differ() -> None:
    iran, america = _called("ایران"), _called("آمریکا")
    assert iran == Called(("Asia/Tehran",), is_sure=True)
    assert america.is_sure
    assert {"America/New_York", "America/Chicago", "America/Denver", "America/Phoenix"} < set(america.zones)
    assert "America/Detroit" not in america.zones, "its clock is that of New York"
    assert "Australia/Sydney" in _called("استرالیا").zones, "the better known of those that are alike"


def test_what_is_nearly_a_name_is_offered_and_never_taken() -> None:
    assert _called("استکلهم") == Called(("Europe/Stockholm",), is_sure=False)


@pytest.mark.parametrize("words", ["", "مونیخ", "xyz", "|", "ع" * 5_000])
def test_what_is_no_name_is_nothing(words: str) -> None:
    assert _called(words) == Called()


@pytest.mark.parametrize("language", ["fa", "ar", "en", "zz", "pt-br"])
def test_every_offered_zone_has_a_name_in_any_language(language: str) -> None:
    names = {zone_name(zone, language) for zone in OFFERED}
    assert len(names) == len(OFFERED)
    assert all(is_zone(zone) for zone in OFFERED)
    assert zone_name("America/Argentina/Salta", "zz") == "Salta"


def test_what_is_no_zone_of_people_is_not_taken() -> None:
    assert not any(map(is_zone, ("", "../etc/passwd", "posixrules", "Factory", "Asia")))
