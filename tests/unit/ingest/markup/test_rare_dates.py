"""Dates that few feeds write so, and those that look like one of another calendar."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.ingest.markup.dates import has_clock, read_date
from bot.ingest.markup.relative_dates import read_relative_date

_TEHRAN = ZoneInfo("Asia/Tehran")
_FIVE = "2026-11-28 05:00"
_NOW = int(datetime(2026, 11, 29, 8, tzinfo=UTC).timestamp() * 1000)


def _utc(text: str) -> str | None:
    at = read_date(text, _TEHRAN)
    return None if at is None else f"{datetime.fromtimestamp(at / 1000, UTC):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    "text",
    [
        # Days in words, years of two digits
        "شنبه، هفتم آذر ۱۴۰۵، ساعت ۸:۳۰",
        "هفتم آذر ماه سال ۱۴۰۵ ساعت ۸:۳۰",
        "۰۵/۰۹/۰۷ ۰۸:۳۰",
        "۰۵/۹/۷ - ۸:۳۰",
        "۷ آذر ۰۵ ساعت ۸:۳۰",
        "28.11.26 08:30",
        "28/11/26 08:30",
        "11/28/26 8:30 AM",
        # Clocks
        "شنبه ۷ آذر ۱۴۰۵ ساعت ۸ و ۳۰ دقیقه",
        "شنبه ۷ آذر ۱۴۰۵ ۰۸:۳۰ ق ظ",
        "28 novembre 2026 à 08h30",
        "Sat, 28 Nov 2026 08.30.00 +0330",
        # Names of months
        "28 de noviembre de 2026 08:30",
        "28. November 2026 08:30 Uhr",
        "28 Kasım 2026 Cumartesi 08:30",
        "28 ноября 2026 08:30",
        "28 تشرين الثاني/نوفمبر 2026 - 08:30",
        "28 نوفمبر/تشرين الثاني 2026 - 08:30",
        "28 نونبر 2026 - 08:30",
        "28ی تشرینی دووەمی 2026 08:30",
        "٧ی سەرماوەزی ١٤٠٥ ٨:٣٠",
        "شنبه ۷ لیندۍ ۱۴۰۵ ۸:۳۰",
        "۲۸ نومبر ۲۰۲۶ ۸:۳۰",
        "28 novembro 2026 08:30",
        "28 novembre 2026 - 08:30",
        "28 listopada 2026, 08:30",
        "28 ноябр 2026 08:30",
        "28 Mijdar 2026 08:30",
        "28ê mijdara 2026an 08:30:00",
        "28 noýabr 2026 08:30",
        "28-نويابىر، 2026، 08:30",
        "شنبه 2026 د نومبر 28 08:30",
        "28 בנובמבר 2026, 08:30",
        "28 Νοεμβρίου 2026 08:30",
        "28 november 2026 08.30.00",
        # Short names of months
        "Cmt, 28 Kas 2026 08:30:00 +0330",
        "sam., 28 nov. 2026 05:00:00 +0000",
        "28 нояб. 2026\u202fг., 08:30:00",
        "28 noy 2026 08:30",
        "2026年11月28日 08:30",
        "2026년 11월 28일 08:30",
        "8:30 صباحاً 28 نوفمبر 2026",
        "Sat, 28 Nov 2026 8.30 am",
        "12:00 a.m. ET, November 28, 2026",
        "8:30 2026-11-28 +0330",
        "05:00, 28 Nov 2026 GMT",
        "Sat, 28 Nov 2026 8:30:0 +0330",
        "شنبه ۷ آذر ۱۴۰۵ ساعت ۸ و ۳۰ دقیقه و ۰ ثانیه",
        "28 تشرینی دووەم 2026 8:30 ب.ن",
        "2026-11-28 오전 8:30:00",
        "28 de noviembre de 2026, 8:30:00 a.\u202fm.",
        # Weeks and days of the year
        "2026-W48-6T08:30:00+03:30",
        "2026W486T050000Z",
        "2026-332T08:30:00",
        "2026332T050000Z",
        # Machines
        "2026-11-28T05Z",
        "20261128083000",
        "14050907083000",
        "1795842000000000",
        "/Date(1795842000000+0330)/",
        "2026-11-28T05:00:00 00:00",
        "2026-11-28T08:30:00 0330",
        "2026-11-28T08:30:00 03:30",
    ],
)
def test_one_moment_in_rare_forms(text: str) -> None:
    assert _utc(text) == _FIVE


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("شنبه ۷ آذر ۱۴۰۵ ساعت ۸ صبح", "2026-11-28 04:30"),
        ("شنبه ۷ آذر ۱۴۰۵ ۰۸:۳۰ ب ظ", "2026-11-28 17:00"),
        ("بیست و هفتم آذر ۱۴۰۵", "2026-12-17 20:30"),
        ("سی‌ام آبان ۱۴۰۵", "2026-11-20 20:30"),
        ("اول مهر ۱۴۰۵", "2026-09-22 20:30"),
        ("98/09/07", "2019-11-27 20:30"),
        ("14050907", "2026-11-27 20:30"),
        ("2026-W48-6", "2026-11-27 20:30"),
        ("2026-W53-1", "2026-12-27 20:30"),
        ("2026-001", "2025-12-31 20:30"),
        ("11:30 AM PT, July 3, 2026", "2026-07-03 18:30"),
        ("السبت 28 نوفمبر 2026 8:30 مساءً", "2026-11-28 17:00"),
        ("28ی تشرینی دووەمی 2026 8:30:00 د.ن", "2026-11-28 17:00"),
        ("2026 نومبر 28 8:30 غ.و.", "2026-11-28 17:00"),
        ("28 Kasım 2026 ÖS 8:30", "2026-11-28 17:00"),
        ("28 de noviembre de 2026, 8:30 p. m.", "2026-11-28 17:00"),
        ("17 авг 2026", "2026-08-16 20:30"),
        ("ven., 03 juil. 2020 15:09:58 +0000", "2020-07-03 15:09"),
        ("dom, 02 ott 2022 18:55:00 GMT", "2022-10-02 18:55"),
        ("15 Ağu 2026", "2026-08-14 20:30"),
        ("9 ene 2026", "2026-01-08 20:30"),
        # The night has two ends
        ("شنبه ۷ آذر ۱۴۰۵ ساعت ۸:۳۰ شب", "2026-11-28 17:00"),
        ("شنبه ۷ آذر ۱۴۰۵ ساعت ۱۲:۳۰ شب", "2026-11-27 21:00"),
        ("شنبه ۷ آذر ۱۴۰۵ ساعت ۲:۳۰ شب", "2026-11-27 23:00"),
        ("28 نوفمبر 2026 9:30 ليلا", "2026-11-28 18:00"),
        # The weekday tells which of two numbers is the month.
        ("Mon, 02/01/2006 - 08:30", "2006-01-02 05:00"),
        ("Monday, 01/02/2006 08:30", "2006-01-02 05:00"),
        ("28 ژوئیهٔ 2026", "2026-07-27 20:30"),
        ("28 أيّار 2026", "2026-05-27 20:30"),
    ],
)
def test_days_and_clocks_in_words(text: str, utc: str) -> None:
    assert _utc(text) == utc


@pytest.mark.parametrize(
    "text",
    [
        "05/09/07 08:30",
        "05/06/2026 08:30",
        "Tue, 06/05/2026",
        # A clock with dots is no day of the year 2000.
        "17 tammikuuta 2026 14.05.00",
        "1448/06/18",
        "۱۴۳۸/۰۶/۱۸ هـ",
        "1405/09/07 ه.ق",
        "۱۸ جمادی‌الثانی ۱۴۴۸",
        "20261328083000",
        "2026-W54-1",
        "2026-W48",
        "2026-W48-9",
        "2025-366",
        "2026-000",
        "14051307",
        "دوم",
    ],
)
def test_what_may_be_another_day_or_calendar_is_no_date(text: str) -> None:
    assert _utc(text) is None


def test_a_clock_is_told_from_a_day() -> None:
    assert [has_clock(text) for text in ("۷ آذر ۱۴۰۵", "۷ آذر ۱۴۰۵، ۸:۳۰", "۷ آذر ۱۴۰۵ ساعت ۸")] == [
        False,
        True,
        True,
    ]


@pytest.mark.parametrize(
    ("line", "day", "clock"),
    [
        ("۳ ساعت پیش", "2026-11-29", None),
        ("۲۰ ساعت قبل", "2026-11-28", None),
        ("یک روز پیش", "2026-11-28", None),
        ("انتشار: ۲ هفته پیش", "2026-11-15", None),
        ("۳ سال پیش", "2023-11-30", None),
        ("2 days ago", "2026-11-27", None),
        ("an hour ago", "2026-11-29", None),
        ("منذ 3 أيام", "2026-11-26", None),
        ("قبل يومين", "2026-11-27", None),
        ("دیروز", "2026-11-28", None),
        ("دیروز، ۱۸:۳۰", "2026-11-28", "18:30"),
        ("امروز ساعت ۷:۰۵", "2026-11-29", "07:05"),
        ("Yesterday at 9:10", "2026-11-28", "09:10"),
        ("أمس 21:15", "2026-11-28", "21:15"),
    ],
)
def test_days_that_are_counted_back(line: str, day: str, clock: str | None) -> None:
    told = read_relative_date(line, _TEHRAN, _NOW)
    assert told is not None
    assert (f"{told.day}", told.clock and f"{told.clock:%H:%M}") == (day, clock)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "پیش",
        "۳ سال پیش ساخت این پل آغاز شد",
        "۳ بار پیش",
        "پل ۳ سال پیش",
        "هیچ روز پیش",
        "امروز در مجلس",
        "دیروز ۲۵:۷۰",
        "امروز: یکشنبه ۸ آذر ۱۴۰۵",
        "in 2 days",
        "۹۹۹۹۹ سال پیش",
    ],
)
def test_lines_that_say_something_else(line: str) -> None:
    assert read_relative_date(line, _TEHRAN, _NOW) is None
