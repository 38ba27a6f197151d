"""Words that are followed: the same meaning as a search has, in whatever spelling and order."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from persian.index_terms import index_text
from persian.matching import canonical, matches, terms_of
from persian.normalise import tokens
from persian.query import parse_query
from persian.stemming import PREFIXES, SUFFIXES, stems
from tests.storage.model import found_by

_TYPED = st.text(alphabet='نفت ایراکي‌ء"-«»x2 _', max_size=40)
_TEXT = st.text(alphabet="نفت ایراکي‌ءx2 ", max_size=40)


def _hit(asked: str, text: str) -> bool:
    return matches(parse_query(asked), terms_of(*index_text(text)))


@given(_TYPED, _TEXT)
def test_it_means_what_a_search_means(asked: str, text: str) -> None:
    # The model knows no endings; that these are left out is tried below.
    assume(not any(word in SUFFIXES | PREFIXES or stems(word) for word in tokens(f"{asked} {text}")))
    query = parse_query(asked)
    assert _hit(asked, text) == (bool(query) and found_by(query, tokens(text)))


@given(_TYPED)
def test_the_canonical_text_is_the_same_query(asked: str) -> None:
    query = parse_query(asked)
    again = parse_query(canonical(query))
    assert (again.words, again.phrases, again.excluded) == (
        tuple(sorted(query.words)),
        tuple(sorted(query.phrases)),
        tuple(sorted(query.excluded)),
    )
    assert canonical(again) == canonical(query)


@pytest.mark.parametrize(
    "other",
    ["نفت ایران -اوپک", "نفت ايران  -اوپك", "-«اوپک» نفت ایران", 'نفت ایران -"اوپک"', "نفت، ایران! -اوپک"],
)
def test_every_spelling_of_words_is_one_subject(other: str) -> None:
    assert canonical(parse_query(other)) == 'نفت ایران -"اوپک"'


def test_runs_stay_apart() -> None:
    # «نفت» and «ایران» were no neighbours: joined they mean nothing.
    assert not _hit('نفت "x" ایران', "x نفتایران")
    assert not _hit(canonical(parse_query('نفت "x" ایران')), "x نفتایران")
    assert _hit("نفت ایران", "نفتایران")


@pytest.mark.parametrize(
    ("asked", "text", "hit"),
    [
        ("رئیس جمهور", "رييس‌جمهور کشور آمد", True),
        ("رئیسجمهور", "رئیس جمهور آمد", True),
        ('"رئیس جمهور"', "جمهور و رئیس", False),
        ('"رئیس جمهور"', "رئیسجمهور", True),
        ("نفت -اوپک", "نفت و اوپك", False),
        ("-اوپک", "نفت", False),
        ("نف", "نفت", False),
        ("نفت ها", "نفت", True),
        ("می رفت", "رفت", True),
        ("رفت", "نمی‌رفت", True),
        ("", "نفت", False),
    ],
)
def test_examples(asked: str, text: str, hit: bool) -> None:
    assert _hit(asked, text) is hit
