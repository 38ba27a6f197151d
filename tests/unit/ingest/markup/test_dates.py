"""Dates in the many forms in which feeds write them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ingest.markup.dates import read_date

_TEHRAN = ZoneInfo("Asia/Tehran")
_HALF_PAST_EIGHT = "2026-11-28 08:30:00"
_FIVE = "2026-11-28 05:00:00"


def _utc(text: str) -> str | None:
    at = read_date(text, _TEHRAN)
    return None if at is None else f"{datetime.fromtimestamp(at / 1000, UTC):%Y-%m-%d %H:%M:%S}"


@pytest.mark.parametrize(
    ("zone", "utc"),
    [
        ("+00:00", _HALF_PAST_EIGHT),
        ("GMT", _HALF_PAST_EIGHT),
        ("UT", _HALF_PAST_EIGHT),
        ("Z", _HALF_PAST_EIGHT),
        ("-0000", _HALF_PAST_EIGHT),
        ("+0330", _FIVE),
        ("+03:30", _FIVE),
        ("+330", _FIVE),
        ("GMT+3:30", _FIVE),
        ("UTC+0330", _FIVE),
        ("UTC+3", "2026-11-28 05:30:00"),
        ("+03", "2026-11-28 05:30:00"),
        ("\u22120330", "2026-11-28 12:00:00"),
        ("CET", "2026-11-28 07:30:00"),
        ("(CEST)", "2026-11-28 06:30:00"),
        ("+0100 (CET)", "2026-11-28 07:30:00"),
        ("BST", "2026-11-28 07:30:00"),
        ("MSK", "2026-11-28 05:30:00"),
        ("IRST", _FIVE),
        ("IRDT", "2026-11-28 04:00:00"),
        ("est", "2026-11-28 13:30:00"),
        ("America/Los_Angeles", "2026-11-28 16:30:00"),
        # Unknown ones, and none, are those of the newsroom.
        ("", _FIVE),
        ("QQT", _FIVE),
        ("+9900", _FIVE),
        ("Atlantis/Poseidonis", _FIVE),
    ],
)
def test_zones_are_honoured(zone: str, utc: str) -> None:
    assert _utc(f"Sat, 28 Nov 2026 08:30:00 {zone}") == utc


@pytest.mark.parametrize(
    "text",
    [
        "28 Nov 2026 08:30",
        "Sat,28 Nov 2026 08:30:00+0330",
        "Saturday, 28 November 2026 08:30:00 +0330",
        "Mon, 28 Nov 2026 08:30:00 +0330",
        "شنبه، 28 Nov 2026 08:30:00 +0330",
        "Sat, 28 Nov 26 08:30 +0330",
        "28-Nov-2026 8:30",
        "28th Nov. 2026 08:30",
        "Sat, Nov 28 2026 08:30:00 +0330",
        "November 28, 2026 8:30 AM",
        "Sat Nov 28 08:30:00 2026",
        "Sat Nov 28 05:00:00 UTC 2026",
        "2026-11-28T08:30:00+03:30",
        "2026-11-28T05:00:00.000000Z",
        "2026-11-28 08:30",
        "2026/11/28 08:30:00",
        "20261128T050000Z",
        "2026-Nov-28 08:30",
        "28.11.2026 08:30",
        "28/11/2026 08:30",
        "11/28/2026 8:30 am",
        "1795842000",
        "1795842000000",
        "۲۸ نوامبر ۲۰۲۶ ساعت ۸:۳۰",
        "28 نوفمبر 2026 08:30 ص",
        "٢٨ تشرين الثاني ٢٠٢٦ ٠٨:٣٠",
        "Sat, 28 Nov 2026 5:00:0 GMT",
        "1405/09/07 08:30",
        "۱۴۰۵/۰۹/۰۷ ۰۸:۳۰:۰۰",
        "٠٧/٠٩/١٤٠٥ ٠٨:٣٠",
        "1405-09-07T08:30:00+03:30",
        "1405-09-07T05:00:00Z",
        "شنبه ۷ آذر ۱۴۰۵، ساعت ۸:۳۰",
        "۷ آذرماه ۱۴۰۵ - ۰۸:۳۰",
        "شنبه, ۰۷ آذر ۱۴۰۵ ۰۵:۰۰:۰۰ +0000",
        "Sat, 07 Azar 1405 08:30:00 +0330",
        "۷ قوس ۱۴۰۵ ۸:۳۰ ق.ظ",
        "08:30 - ۱۴۰۵/۰۹/۰۷",
        "\u200f۱۴۰۵/۰۹/۰۷\u00a0۰۸:۳۰",
    ],
)
def test_one_moment_in_many_forms(text: str) -> None:
    assert _utc(text) == _FIVE


@pytest.mark.parametrize(
    ("clock", "utc"),
    [
        ("03:15 PM", "11:45:00"),
        ("3:15:30 p.m.", "11:45:30"),
        ("۳:۱۵ ب.ظ", "11:45:00"),
        ("ساعت ۳:۱۵ بعدازظهر", "11:45:00"),
        ("12:30 PM", "09:00:00"),
        ("15:15 PM", "11:45:00"),
        ("23:59:60", "20:29:59"),
    ],
)
def test_clocks_of_twelve_hours(clock: str, utc: str) -> None:
    assert _utc(f"Sat, 28 Nov 2026 {clock}") == f"2026-11-28 {utc}"


def test_midnight_is_twelve_or_twenty_four_and_a_day_alone_begins_with_it() -> None:
    assert _utc("28 Nov 2026 12:10 AM +0000") == "2026-11-28 00:10:00"
    assert _utc("28 Nov 2026 24:00:00 +0000") == "2026-11-29 00:00:00"
    assert _utc("2026-11-28") == _utc("۷ آذر ۱۴۰۵") == "2026-11-27 20:30:00"
    assert _utc("28 Nov 2026 25:61 GMT") == "2026-11-27 20:30:00"


def test_thousandths_of_a_second_count() -> None:
    assert read_date("2026-11-28T05:00:00.25Z", _TEHRAN) == 1_795_842_000_250


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Tue,",
        "now",
        "Mon, 01 Jan 0001 00:00:00 +0000",
        "0001-01-01T00:00:00Z",
        "0000-00-00 00:00:00",
        "1970-01-01T00:00:00Z",
        "Thu, 01 Jan 1970 03:30:00 +0330",
        "1348/10/11 03:30",
        "0000000000",
        "9999-12-31T23:59:59Z",
        "Sat, 28 Nov 20266 08:30:00",
        "Sat, 28 Nov 1405 08:30:00",
        "Sat, 30 Feb 2026 08:30:00 GMT",
        "1405/13/07",
        "1405/12/31",
        "12/9/2025 3:00:25 AM",
        "کد خبر 13990101",
        "28 Foo 2026",
    ],
)
def test_what_names_no_day_is_no_date(text: str) -> None:
    assert _utc(text) is None


def test_a_date_far_ahead_is_kept() -> None:
    assert _utc("2099-01-01T00:00:00Z") == "2099-01-01 00:00:00"


@given(
    st.text(alphabet=st.sampled_from("0123456789۰۱۲ -/:.+,TZJanمهآذر\u200c"), max_size=60) | st.text(max_size=60)
)
def test_nothing_raises(text: str) -> None:
    at = read_date(text, _TEHRAN)
    assert at is None or at > 0
