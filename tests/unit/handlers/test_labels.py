"""Durations and hours are told as a person would tell them; a label that is long stands in a row of its own."""

import re
from zoneinfo import ZoneInfo

import pytest

from bot.locales.catalog import Catalog
from bot.render.message import Button
from handlers.core.labels import (
    distinct_labels,
    duration_in_words,
    fetched_window,
    in_rows,
    quiet_in_words,
    schedule_in_words,
)
from persian.direction import is_rtl
from tests import values
from tests.peyk_app import bare

_ZONE = ZoneInfo("Asia/Tehran")
_PERSIAN = Catalog.load().bind("fa", _ZONE)
_ISOLATES = str.maketrans("", "", "\u2068\u2069")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "کمتر از یک دقیقه"),
        (59.9, "کمتر از یک دقیقه"),
        (60, "حدود یک دقیقه"),
        (150, "حدود ۲ دقیقه"),
        (5400, "حدود ۹۰ دقیقه"),
        (33_334, "حدود ۹ ساعت"),
        (47 * 3600, "حدود ۴۷ ساعت"),
        (75 * 3600, "حدود ۳ روز"),
    ],
)
def test_a_duration_is_rounded_to_what_matters(seconds: float, words: str) -> None:
    assert duration_in_words(seconds, _PERSIAN) == words


@pytest.mark.parametrize(
    ("language", "schedule", "words"),
    [
        ("fa", "at 21:00", "گزیده در ساعت ۲۱:۰۰"),
        ("fa", "at 08:00,20:00", "گزیده در ساعت ۰۸:۰۰ و ۲۰:۰۰"),
        ("fa", "at 08:00,12:00,18:30", "گزیده در ساعت ۰۸:۰۰، ۱۲:۰۰ و ۱۸:۳۰"),
        ("ar", "at 08:00,20:00", "موجز الساعة ٠٨:٠٠ و٢٠:٠٠"),
        ("en", "at 08:00,12:00,20:00", "digest at 08:00, 12:00 and 20:00"),
    ],
)
def test_hours_are_listed_in_the_order_of_the_language(language: str, schedule: str, words: str) -> None:
    listed = schedule_in_words(values.schedule(schedule), Catalog.load().bind(language, _ZONE))
    assert listed.translate(_ISOLATES) == words
    # An isolate runs as its first strong letter does; of clocks alone, the last would stand first.
    for isolated in re.findall("\u2068(.*?)\u2069", listed):
        assert is_rtl(isolated) == (language != "en")


@pytest.mark.parametrize(
    ("language", "words", "none"),
    [
        ("fa", "از ۲۳:۰۰ تا ۰۷:۰۰", "هیچ ساعتی"),
        ("ar", "من ٢٣:٠٠ إلى ٠٧:٠٠", "لا يوجد"),
        ("en", "23:00 to 07:00", "none"),
    ],
)
def test_quiet_hours_are_told_from_their_begin_to_their_end(language: str, words: str, none: str) -> None:
    texts = Catalog.load().bind(language, _ZONE)
    assert quiet_in_words(values.quiet_hours("23:00-07:00"), texts) == words
    assert quiet_in_words(None, texts) == none


def test_a_long_label_stands_in_a_row_of_its_own() -> None:
    short, long = Button("کوتاه", "s"), Button("دنبال‌شده‌ها و زمان ارسال", "l")
    assert in_rows([short] * 5, 2) == ((short, short), (short, short), (short,))
    assert in_rows([short, long, short, short, long], 2) == ((short,), (long,), (short, short), (long,))
    assert in_rows([long, long], 1) == ((long,), (long,))
    assert in_rows([], 2) == ()


@pytest.mark.parametrize(
    ("names", "hosts", "addresses", "labels"),
    [
        (["ایسنا", "ایرنا"], ["a.ir", "b.ir"], ["a.ir/1", "b.ir/1"], ["ایسنا", "ایرنا"]),
        (["كيهان", "کیهان"], ["a.ir", "b.ir"], ["a.ir/1", "b.ir/1"], ["كيهان · a.ir", "کیهان · b.ir"]),
        (["ایسنا"] * 2, ["a.ir"] * 2, ["a.ir/1", "a.ir/2"], ["ایسنا · a.ir/1", "ایسنا · a.ir/2"]),
        (
            ["ایسنا", "ایسنا", "ایسنا", "ایرنا"],
            ["a.ir", "a.ir", "b.ir", "c.ir"],
            ["a.ir/1", "a.ir/1", "b.ir/1", "c.ir/1"],
            ["۱. ایسنا · a.ir/1", "۲. ایسنا · a.ir/1", "ایسنا · b.ir", "ایرنا"],
        ),
        (["📰", "📰"], ["", ""], ["", ""], ["۱. 📰 ·", "۲. 📰 ·"]),
        ([], [], [], []),
    ],
)
def test_labels_that_look_equal_are_told_apart(
    names: list[str], hosts: list[str], addresses: list[str], labels: list[str]
) -> None:
    assert [bare(label).strip() for label in distinct_labels(names, _PERSIAN, hosts, addresses)] == labels


@pytest.mark.parametrize(
    ("rows", "offset", "expected"),
    [([1, 2, 3], 0, ([1, 2], 0)), ([1, 2, 3], 2, ([3], 2)), ([1], 2, ([1], 0)), ([], 2, ([], 0)), ([], 0, ([], 0))],
)
async def test_a_page_beyond_the_end_of_a_list_that_has_shrunk_is_the_first_one(
    rows: list[int], offset: int, expected: tuple[list[int], int]
) -> None:
    async def fetch(at: int) -> list[int]:
        return rows[at : at + 2]

    assert await fetched_window(fetch, offset) == expected
