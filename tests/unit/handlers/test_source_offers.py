"""Offers of sources: addresses as people write them, and the category that is proposed."""

import pytest

from bot.ingest.candidate import Candidate
from handlers.staff.source_offers import addresses_in, meant_category
from storage.records import Category, Content, Provenance

_KNOWN = [
    Category(1, "politics", "سیاسی", "Politics"),
    Category(2, "sports", "ورزشی", "Sports"),
    Category(3, "general", "عمومی", "General"),
]


@pytest.mark.parametrize(
    ("words", "address"),
    [
        ("example.com", "https://example.com"),
        ("https://example.com/a", "https://example.com/a"),
        ("example.com:8080/fa/news?a=1", "https://example.com:8080/fa/news?a=1"),
        ("خبر: http://example.com/a#part دیدنی", "http://example.com/a"),
        ("a..b.example", "https://a..b.example"),
        ("سلام", None),
        ("example.", None),
        (".example", None),
        ("خبر example.com", None),
        ("ftp://example.com", None),
        ("someone@example.com", None),
        ("https://user:secret@example.com/", None),
    ],
)
def test_an_address_is_understood_as_people_write_it(words: str, address: str | None) -> None:
    assert next(iter(addresses_in(words)), None) == address


def test_an_address_without_its_scheme_may_be_of_a_site_without_encryption() -> None:
    assert addresses_in("example.com/news") == ("https://example.com/news", "http://example.com/news")


@pytest.mark.parametrize(
    ("sections", "slug"),
    [
        ([("فوتبال",), ("والیبال",), ()], "sports"),
        ([("فوتبال",), ("مجلس",)], "general"),
        ([("گوشه و کنار",), ()], "general"),
        ([], "general"),
    ],
)
def test_a_category_is_proposed_where_all_samples_mean_the_same(sections: list[tuple[str, ...]], slug: str) -> None:
    samples = [Candidate(Content(title="خبر"), words, Provenance()) for words in sections]
    assert meant_category(samples, _KNOWN).slug == slug
