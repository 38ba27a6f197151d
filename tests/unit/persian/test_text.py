"""Spellings, digits, queries and direction."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persian.digits import Numerals, parse_int, to_ascii
from persian.direction import hashtag, is_rtl
from persian.index_terms import index_text
from persian.normalise import match_key, normalise, tokens
from persian.query import MOST_WORDS, parse_query


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(st.text())
def test_tokens_hold_letters_and_digits_only(text: str) -> None:
    assert all(token.isalnum() for token in tokens(text))


def test_names_match_in_any_spelling() -> None:
    names = ["بین‌الملل", "بین الملل", "بينالملل", "#بین_الملل", "بین\u00a0الملل", "بَین‌المـلل"]
    assert {match_key(name) for name in names} == {match_key("بین‌الملل")}


def test_the_index_joins_neighbours() -> None:
    assert index_text("رئیس‌جمهور آمد") == ("رییس جمهور امد", "رییسجمهور جمهورامد")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("۲۶۴۸۰۲", 264802),
        (" #12 ", 12),
        ("٣", 3),
        ("۲۶۴٬۸۰۲", 264802),
        ("264,802", 264802),
        ("۱،۲۶۴،۸۰۲", 1264802),
        ("12,34", None),
        ("1234,567", None),
        ("-1", None),
        ("1.5", None),
        ("", None),
        ("²", None),
        ("9" * 19, None),
    ],
)
def test_parse_int(text: str, number: int | None) -> None:
    assert parse_int(text) == number


@given(st.text(alphabet="0123456789abc"))
def test_digits_go_there_and_back(text: str) -> None:
    assert to_ascii(Numerals("۰۱۲۳۴۵۶۷۸۹").write(text)) == text


def test_a_query_knows_words_phrases_and_exclusions() -> None:
    query = parse_query('نفت «بازار جهانی» -تحریم -"قیمت طلا"')
    assert query.words == (("نفت",),)
    assert query.phrases == (("بازار", "جهانی"),)
    assert query.excluded == (("تحریم",), ("قیمت", "طلا"))
    assert not parse_query("-تنها")


@given(st.text())
def test_a_query_is_bounded_whatever_is_typed(text: str) -> None:
    query = parse_query(text)
    assert sum(map(len, (*query.words, *query.phrases, *query.excluded))) <= MOST_WORDS


@pytest.mark.parametrize(
    ("name", "tag"), [("بین‌الملل", "#بین_الملل"), ("علم و فناوری", "#علم_و_فناوری"), ("<b>", "#b"), ("!!", "")]
)
def test_hashtags(name: str, tag: str) -> None:
    assert hashtag(name) == tag


def test_direction() -> None:
    assert is_rtl("۱۲ خبر")
    assert not is_rtl("BBC خبر")
