"""Hits of a search that are about what was asked for."""

from dataclasses import replace

from bot.newsroom.relevance import by_relevance
from persian.query import parse_query
from storage.records import Article, Content
from tests.unit.articles import PUBLISHED


def _article(number: int, title: str, lead: str = "") -> Article:
    return replace(PUBLISHED, id=number, content=Content(title, lead=lead))


def _ranked(words: str, *hits: Article) -> list[int]:
    return [hit.id for hit in by_relevance(hits, parse_query(words))]


def test_a_headline_counts_more_than_a_lead_and_both_more_than_the_rest() -> None:
    hits = (
        _article(1, "بازار امروز"),
        _article(2, "بازار امروز", "بهای نفت بالا رفت"),
        _article(3, "بهای نفت بالا رفت"),
        _article(4, "نفت و بازار", "نفت"),
        _article(5, "نفت و بازار"),
    )
    assert _ranked("نفت", *hits) == [4, 3, 5, 2, 1]


def test_words_side_by_side_come_before_words_apart_and_half_of_them() -> None:
    hits = (
        _article(1, "مجلس و شورای شهر"),
        _article(2, "شورا در مجلس"),
        _article(3, "مجلس شورای اسلامی"),
    )
    assert _ranked("مجلس شورای", *hits) == [3, 1, 2]


def test_any_spelling_counts() -> None:
    hits = (_article(1, "خبر دیگر"), _article(2, "رئیس‌جمهور در سفر"), _article(3, "رييس جمهور در خانه"))
    assert _ranked("رئیس جمهور", *hits) == [2, 3, 1]


def test_phrases_count_and_those_that_are_alike_stay_newest_first() -> None:
    hits = (_article(1, "تیم های ملی"), _article(2, "تیم ملی فوتسال"), _article(3, "تیم ملی والیبال"))
    assert _ranked('"تیم ملی"', *hits) == [2, 3, 1]
    assert _ranked("", *hits) == [1, 2, 3]
