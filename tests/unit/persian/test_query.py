"""Queries: categories and days in any spelling; an ordinary sentence is words alone."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persian.normalise import MARK, folded, places, tokens
from persian.period import day_of
from persian.query import MOST_WORDS, PieceKind, Unclear, corrected, parse_query, without
from persian.spelling import nearby

TODAY = date(2025, 12, 25)  # 4 Dey 1404
_AZAR = (date(2025, 11, 22), date(2025, 12, 21))


def days(text: str) -> tuple[date | None, date | None] | None:
    period = parse_query(text, TODAY).period
    return (period.first, period.last) if period else None


@pytest.mark.parametrize(
    "text",
    [
        "از ۱۴۰۴/۰۹/۰۱ تا ۱۴۰۴/۰۹/۳۰",
        "نفت از 1404-9-1 تا 1404-9-30",
        "از ۱ آذر ۱۴۰۴ تا ۳۰ آذر ۱۴۰۴ نفت",
        "از ۱ آذر تا ۳۰ آذرماه ۱۴۰۴",
        "از ١ تا ٣٠ اذر ١٤٠٤",
        "از آذر ۱۴۰۴ تا آذر ۱۴۰۴",
        "آذر ۱۴۰۴",
        "نفت تاریخ:آذر ۱۴۰۴ ایران",
        'تاريخ:"آذر ماه ۱۴۰۴" نفت',
        "oil from 2025-11-22 to 2025-12-21",
        "from 22 November 2025 to December 21, 2025",
        "از ۲۲ نوامبر ۲۰۲۵ تا ۲۱ دسامبر ۲۰۲۵",
        "النفط من ٢٢ نوفمبر ٢٠٢٥ إلى ٢١ ديسمبر ٢٠٢٥",
        "من 2025-11-22 حتى 2025-12-21",
        "از ۱۴۰۴/۰۹/۰۱ نفت تا ۱۴۰۴/۰۹/۳۰",
    ],
)
def test_days_are_read_in_any_spelling(text: str) -> None:
    assert days(text) == _AZAR
    assert parse_query(text, TODAY).unclear == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("از ۱ آذر ۱۴۰۴", (_AZAR[0], None)),
        ("تا ۳۰ آذر ۱۴۰۴", (None, _AZAR[1])),
        ("امروز", (TODAY, TODAY)),
        ("دسته:ورزشی دیروز", (date(2025, 12, 24), date(2025, 12, 24))),
        ("۷ روز اخیر", (date(2025, 12, 19), TODAY)),
        ("القسم:رياضة التاريخ:آخر ٧ أيام", (date(2025, 12, 19), TODAY)),
        ("أمس", (date(2025, 12, 24), date(2025, 12, 24))),
        ("date:last 2 weeks oil", (date(2025, 12, 12), TODAY)),
        ("از ۳ روز پیش تا امروز", (date(2025, 12, 22), TODAY)),
        ("۱ آذر", (_AZAR[0], _AZAR[0])),
        ("۱ بهمن", (date(2025, 1, 20), date(2025, 1, 20))),
        ("از ۱۵ اسفند ۱۴۰۳ تا ۱۰ فروردین", (date(2025, 3, 5), date(2025, 3, 30))),
        ("تاریخ:۱۳۹۹/۱۲/۳۰", (date(2021, 3, 20), date(2021, 3, 20))),
    ],
)
def test_one_end_is_enough_and_a_year_may_be_left_out(text: str, expected: tuple[date | None, date | None]) -> None:
    assert days(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "از تهران تا شیراز",
        "هوای امروز تهران",
        "قیمت بنزین از امروز",
        "ثبت‌نام از ۱ دی آغاز می‌شود",
        "گرانی در ۷ روز اخیر",
        "فصل از ۲۰۲۵/۲۶ تا پایان",
        "ساعت ۱۵:۱۶ از ۱/۵ میلیون",
        "تاریخ: آینهٔ عبرت",
        "آذر و مهر",
        "from Tehran to Shiraz",
        "https://example.org:80/a",
        '"از ۱ آذر ۱۴۰۴"',
        "دسته گل",
        "دسته:",
    ],
)
def test_an_ordinary_sentence_is_words_alone(text: str) -> None:
    query = parse_query(text, TODAY)
    assert query.period is None
    assert query.category == ""
    assert query.unclear == ()
    assert [word for run in (*query.words, *query.phrases) for word in run] == tokens(text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("نفت از ۳۱ آذر ۱۴۰۴", Unclear.DATE),
        ("از ۱۴۰۴/۱۳/۴۵", Unclear.DATE),
        ("از ۱۴۰۰/۱۲/۳۰ تا امروز", Unclear.DATE),
        ("to 2026-02-30", Unclear.DATE),
        ("تاریخ:فلان", Unclear.DATE),
        ('تاریخ:"دیروز چیز"', Unclear.DATE),
        ("-تاریخ:دیروز نفت", Unclear.DATE),
        ("از ۱۴۰۴/۰۹/۳۰ تا ۱۴۰۴/۰۹/۰۱", Unclear.ORDER),
        ("دسته:ورزشی دسته:سیاسی", Unclear.CATEGORY),
        ("-دسته:ورزشی", Unclear.CATEGORY),
    ],
)
def test_what_cannot_be_meant_is_told(text: str, why: Unclear) -> None:
    assert [reason for reason, _ in parse_query(text, TODAY).unclear] == [why]


@pytest.mark.parametrize(
    "text",
    [
        'دسته:"علم و فناوری"',
        "دسته:«علم و فناوری»",
        "دسته:علم‌و‌فناوری",
        "دستهٔ:علم_و_فناوری",
        "دسته : علم_و_فناوری",
        "category:علم-و-فناوری",
    ],
)
def test_a_category_is_named_in_any_spelling(text: str) -> None:
    query = parse_query(f"نفت {text} ایران")
    assert "".join(tokens(query.category)) == "علموفناوری"
    assert query.words == (("نفت",), ("ایران",))


def test_conditions_can_be_taken_out_and_words_be_corrected() -> None:
    text = 'نفط دسته:ورزشی "بازار طلا"  -تحریم از ۱ آذر ۱۴۰۴'
    assert without(text, PieceKind.PERIOD, TODAY) == 'نفط دسته:ورزشی "بازار طلا" -تحریم'
    assert without(text, PieceKind.CATEGORY, TODAY) == 'نفط "بازار طلا" -تحریم از ۱ آذر ۱۴۰۴'
    assert without(text, PieceKind.EXCLUDED, TODAY) == 'نفط دسته:ورزشی "بازار طلا" از ۱ آذر ۱۴۰۴'
    assert without(text, PieceKind.PHRASE, TODAY) == "نفط دسته:ورزشی بازار طلا -تحریم از ۱ آذر ۱۴۰۴"
    assert corrected(text, {"نفط": "نفت", "طلا": "نقره"}, TODAY) == (
        'نفت دسته:ورزشی "بازار نقره"  -تحریم از ۱ آذر ۱۴۰۴'
    )


def test_a_period_is_whole_days_of_its_zone() -> None:
    zone = ZoneInfo("Asia/Tehran")
    period = parse_query("تاریخ:امروز", TODAY).period
    assert period is not None
    since, until = period.instants(zone)
    assert since is not None
    assert until is not None
    assert until - since == 86_400_000
    assert day_of(since, zone) == day_of(until - 1, zone) == TODAY
    assert day_of(since - 1, zone) == date(2025, 12, 24)


_OPERATORS = ["از", "تا", "from", "to", "دسته:", "category:", "تاریخ:", "date:", '"', "«", "»", "-", " "]
_DATES = ["۱۴۰۴/۰۹/۰۱", "1404/13/45", "9999/12/30", "0000/00/00", "2099", "December", "آذر", "۱", "31", "۱۴۰۴"]
_NEAR = ["امروز", "روز", "پیش", "اخیر", "last", "36500", "99999", "days", "²", "③", "ﷺ", "½", "\u200c", "نفت"]
_TYPED = st.text(max_size=200) | st.lists(st.sampled_from(_OPERATORS + _DATES + _NEAR), max_size=14).map(" ".join)


@given(_TYPED)
def test_nothing_that_is_typed_breaks_a_search(text: str) -> None:
    query = parse_query(text, TODAY)
    assert sum(map(len, (*query.words, *query.phrases, *query.excluded))) <= MOST_WORDS
    if query.period:
        query.period.instants(ZoneInfo("Asia/Tehran"))
    for kind in PieceKind:
        without(text, kind, TODAY)


@given(st.text())
def test_every_word_has_its_place_in_the_text(text: str) -> None:
    placed = list(places(text))
    assert [word for word, _, _ in placed] == tokens(text)
    assert all(word in tokens(text[begin:end]) for word, begin, end in placed)


@given(st.text(alphabet="ابيیىئكکۀةأآؤءـًّٰ۱٤٣AbÇé \u200c\u200f،.«_ﻧﻔﺖ😀\n"))
def test_a_folded_text_has_every_word_where_it_stands(text: str) -> None:
    folds = folded(text)
    assert len(folds) == len(text)
    assert folds.replace(MARK, "").split() == tokens(text)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("نفط", "نفت"),
        ("رحبر", "رهبر"),
        ("ایرن", "ایران"),
        ("ابران", "ایران"),
        ("اییران", "ایران"),
        ("تهارن", "تهران"),
    ],
)
def test_one_slip_is_understood(typed: str, meant: str) -> None:
    assert meant in nearby(typed)


@given(st.text(max_size=60))
def test_guesses_are_few_and_differ_from_the_word(word: str) -> None:
    guesses = nearby(word)
    assert word not in guesses
    assert len(guesses) == len(set(guesses)) <= 1500


def test_what_wants_and_excludes_the_same_is_told_apart() -> None:
    assert parse_query("نفت -نفت").is_impossible
    assert parse_query('"نفت خام" -"نفت خام"').is_impossible
    assert not parse_query('نفت خام -"نفت خام"').is_impossible
    assert not parse_query("نفت -خام").is_impossible
