"""Jalali dates as pages write them and as readers read them."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.locales.catalog import Catalog
from persian import jalali

TEHRAN = ZoneInfo("Asia/Tehran")
SEED = 1_766_576_760_000  # 2025-12-24 15:16 in Tehran
_PERSIAN = Catalog.load().bind("fa", TEHRAN)


@pytest.mark.parametrize(
    "text",
    [
        "چهارشنبه 1404/10/03 ساعت 15:16",
        "تاریخ انتشار : چهارشنبه 03 دی 1404 ساعت 15:16",
        "۳ دی ۱۴۰۴، ۱۵:۱۶",
        "۳ دي ١٤٠٤ - ١٥:١٦",
        "15:16 - 1404/10/03",
        "1404-10-03 15:16:00",
        "۰۳ دی‌ماه ۱۴۰۴ | ۱۵:۱۶",
        "تاریخ انتشار: ۱۵:۱۶ - ۰۳ دی ۱۴۰۴ تاریخ بروزرسانی: ۵ دی ۱۴۰۴ - ۱۰:۰۰",
        "۳ دی ۱۴۰۴ (۱۴۰۴/۱۰/۰۳) ۱۵:۱۶",
    ],
)
def test_page_forms(text: str) -> None:
    assert jalali.parse_datetime(text, TEHRAN) == SEED


def test_the_first_date_of_a_text_with_the_clock_that_stands_with_it() -> None:
    text = "۳ دی ۱۴۰۴، ۱۵:۱۶ متنی که میان دو تاریخ ایستاده است 1404/12/01 12:00"
    assert jalali.parse_datetime(text, TEHRAN) == SEED
    assert jalali.parse_date(text) == (1404, 10, 3)
    assert jalali.parse_datetime(text, TEHRAN, last=True) == jalali.to_ms(1404, 12, 1, hour=12, zone=TEHRAN)
    far = "1404/10/03 " + "سخن " * 30 + "12:00"
    assert jalali.parse_datetime(far, TEHRAN) == jalali.to_ms(1404, 10, 3, zone=TEHRAN)


@pytest.mark.parametrize(
    "text", ["12/9/2025 3:00:25 AM", "2025/12/24", "1404/13/01", "1404/07/31", "۳ دی", "", "04/10/03"]
)
def test_what_is_no_jalali_date_is_not_guessed_at(text: str) -> None:
    assert jalali.parse_datetime(text, TEHRAN) is None


def test_formats() -> None:
    assert _PERSIAN.datetime(SEED) == "چهارشنبه ۳ دی ۱۴۰۴، ساعت ۱۵:۱۶"
    assert _PERSIAN.weekday(SEED) == "چهارشنبه ۳ دی ۱۴۰۴"
    assert _PERSIAN.short(SEED) == "۳ دی، ۱۵:۱۶"
    assert jalali.format_ascii(SEED, TEHRAN) == "1404/10/03 15:16"


@given(st.integers(min_value=0, max_value=4_000_000_000))
def test_what_is_written_is_read_back(seconds: int) -> None:
    minute = seconds // 60 * 60_000
    # In the autumns when the clock was put back one hour came twice, and reads as its first.
    assume(datetime.fromtimestamp(minute / 1000, TEHRAN).fold == 0)
    assert jalali.parse_datetime(jalali.format_ascii(minute, TEHRAN), TEHRAN) == minute
    assert jalali.parse_datetime(_PERSIAN.datetime(minute), TEHRAN) == minute
