"""Stems: any form of a word finds the others, and words that only look alike stay apart."""

import pytest

from persian.index_terms import index_text
from persian.matching import matches, terms_of
from persian.normalise import match_key
from persian.query import parse_query
from persian.stemming import stems
from tests.unit.persian.search_sentences import SEARCHES, SENTENCES


def found(asked: str, text: str) -> bool:
    return matches(parse_query(asked), terms_of(*index_text(text)))


def test_searches_find_nearly_all_that_they_mean_and_little_else() -> None:
    hits = meant = right = 0
    told = []
    searches = [(word, form) for word, forms in SEARCHES.items() for form in forms.split(" ")]
    assert len(searches) >= 200
    for word, form in searches:
        for text, words in SENTENCES:
            is_hit, is_meant = found(form, text), word in words.split()
            hits, meant, right = hits + is_hit, meant + is_meant, right + (is_hit and is_meant)
            if is_hit != is_meant:
                told.append(f"{'missed' if is_meant else 'wrong'}: {form} in {text}")
    report = "\n".join([f"recall {right / meant:.3f}, precision {right / hits:.3f}", *told])
    assert right / meant >= 0.97, report
    assert right / hits >= 0.93, report


@pytest.mark.parametrize(
    ("asked", "text", "is_hit"),
    [
        ("هوا", "هوای پاک", True),
        ("شهرها", "شهر ما", True),
        ("نیروگاهها", "نیروگاه", True),
        ("نیروگاه‌های", "نیروگاهی تازه در نیروگاه", True),
        ("کتاب های تازه", "کتاب تازه", True),
        ("می‌رود", "نمیرود", True),
        ("برود", "می‌رود", True),
        ("رود", "میرود", True),
        ("نیاورد", "آورد", True),
        ("بهترین", "بهتر شد", True),
        ("کتابخانه‌ای", "کتابخانه", True),
        ("های", "کتاب‌های", True),
        ("های", "کتاب", False),
        ("می ها", "خبر", False),
        ('"شهرها"', "شهر ما", False),
        ('"شهر"', "شهرها", False),
        ('"شهرها"', "شهرها", True),
        ('"هوا پاک"', "هوای پاک", False),
        ("شهر -شهرها", "شهر ما", True),
        ("شهر -شهرها", "شهرهای ما و شهرها", False),
        ("شهر -شهرها", "شهرهای ما", True),
        ("سود", "سودان", False),
        ("ارزش", "ارز", False),
        ("استان", "است", False),
        ("نشست", "شست", False),
        ("دفتر", "دف", False),
        ("شهر", "شهرت", False),
        ("صدا", "صدام", False),
    ],
)
def test_words_are_found_in_any_form_and_quotes_are_exact(asked: str, text: str, is_hit: bool) -> None:
    assert found(asked, text) is is_hit


@pytest.mark.parametrize("word", ["", "می", "تنها", "آنها", "ایران", "است", "2026", "news", "ه" * 100_000])
def test_other_words_have_no_stem(word: str) -> None:
    assert stems(match_key(word)) == ()
