"""Names of sections: which category a site means, and where it means none."""

import pytest

from bot.ingest.candidate import Candidate
from bot.ingest.routing.category_words import category_of
from bot.ingest.routing.routes import Routes
from persian.normalise import match_key
from storage.records import Category, Content, Provenance

_SEEDED = {
    "politics": "سیاسی",
    "international": "بین‌الملل",
    "economy": "اقتصادی",
    "society": "اجتماعی",
    "culture": "فرهنگی",
    "sports": "ورزشی",
    "science": "علم و فناوری",
    "general": "عمومی",
}
KNOWN = [Category(n, slug, name, slug.title()) for n, (slug, name) in enumerate(_SEEDED.items(), start=1)]


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("اخبار سیاسی", "politics"),
        ("ورزش", "sports"),
        ("جهان", "international"),
        ("فوتبال", "sports"),
        ("اقتصاد", "economy"),
        ("اقتصاد جهان", "economy"),
        ("ورزش جهان", "sports"),
        ("آخرین اخبار فوتبال ایران", "sports"),
        ("گروه بین الملل", "international"),
        ("سیاست‌خارجی", "politics"),
        ("ورزشي", "sports"),
        ("حوزه و روحانیت", "culture"),
        ("World", "international"),
        ("World economy", "economy"),
        ("Middle East news", "international"),
        ("كرة القدم", "sports"),
        ("أخبار العالم", "international"),
    ],
)
def test_a_name_is_matched_by_its_meaning(name: str, slug: str) -> None:
    category = category_of([name], KNOWN)
    assert category is not None
    assert category.slug == slug


@pytest.mark.parametrize(
    "name", ["یادداشت", "استان‌ها", "ایران", "سلامت روان", "شهر فرنگ", "آموزش زبان", "It's time", "", "عکس"]
)
def test_a_name_of_something_else_is_no_category(name: str) -> None:
    assert category_of([name], KNOWN) is None


def test_the_first_name_that_means_a_category_counts() -> None:
    category = category_of(["یادداشت", "ورزش", "سیاست"], KNOWN)
    assert category is not None
    assert category.slug == "sports"


@pytest.mark.parametrize(
    ("words", "section", "slug"),
    [
        (("ورزش",), "", "culture"),
        (("سیاست",), "", "politics"),
        (("سیاست", "گوشه و کنار"), "", "society"),
        (("ورزش", "گوشه‌وکنار"), "", "society"),
        (("سیاست",), "گوشه و کنار", "society"),
    ],
)
async def test_the_narrowest_name_that_was_taught_counts_before_all_others(
    words: tuple[str, ...], section: str, slug: str
) -> None:
    taught = {match_key("ورزش"): 5, match_key("سیاست"): 99, match_key("گوشه و کنار"): 4}
    item = Candidate(Content("خبر", section=section), words, Provenance())
    routed = await Routes(KNOWN, learned=taught).of(item, ("", ""), 1)
    assert {category.id: category.slug for category in KNOWN}[routed.routing.category_id] == slug
