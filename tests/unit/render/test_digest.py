"""The digest: grouped, in order, within every limit, whatever its headlines hold."""

import re
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.locales.catalog import Catalog, Texts
from bot.render.digest import MOST_IN_DIGEST, MOST_IN_ROUNDUP, digest
from bot.render.html import TEXT_LIMIT, length, strip_tags
from bot.render.message import Button
from sandbox.entities import parse_html
from sandbox.rich import as_received_by_bot, check_rich
from storage.records import Article, Category, Content
from tests.unit.articles import AT, POLITICS, PUBLISHED

_CATALOG = Catalog.load()
_TEHRAN = ZoneInfo("Asia/Tehran")
_HOUR = 3_600_000
_SPORTS = Category(6, "sports", "ورزشی", "Sports")


def _article(
    number: int, title: str, category: Category = POLITICS, at: int = AT, *, breaking: bool = False
) -> Article:
    return replace(
        PUBLISHED, id=number, category=category, content=Content(title=title), published_at=at, breaking=breaking
    )


def _texts(language: str = "fa") -> Texts:
    return _CATALOG.bind(language, _TEHRAN)


_MARKS = re.compile("[\u200f\u2066-\u2069]")
_FIVE = [
    _article(1, "نشست سران", at=AT - 3 * _HOUR),
    _article(2, "برد تیم ملی", _SPORTS, AT - 2 * _HOUR),
    _article(3, "زمین‌لرزه", _SPORTS, AT - 26 * _HOUR, breaking=True),
    _article(264802, "رأی مجلس", at=AT - _HOUR),
]


@pytest.mark.parametrize("rich", [True, False])
def test_breaking_news_stands_first_then_the_categories_in_their_order_newest_first(rich: bool) -> None:
    drawn = digest(_FIVE, _texts(), "peyk_bot", AT, rich=rich)
    shown = check_rich({"html": drawn.rich_html})["text"] if rich else strip_tags(drawn.html)
    lines = [_MARKS.sub("", line).removeprefix("▪️ ") for line in shown.splitlines() if line]
    assert lines == [
        "گزیدهٔ خبرها، چهارشنبه ۳ دی ۱۴۰۴",
        "🔴 فوری",
        "زمین‌لرزه · ۳ · ۲ دی، ۱۳:۲۱ · ورزشی",
        "سیاسی",
        "رأی مجلس · ۲۶۴۸۰۲ · ۱۴:۲۱",
        "نشست سران · ۱ · ۱۲:۲۱",
        "ورزشی",
        "برد تیم ملی · ۲ · ۱۳:۲۱",
        "۴ خبر. متن کامل با زدن هر تیتر باز می‌شود.",
    ]
    for article in _FIVE:
        assert f'<a href="https://t.me/peyk_bot?start=a_{article.id}">' in (drawn.rich_html or drawn.html)
    assert drawn.is_rtl is rich


def test_a_rich_one_has_the_first_as_html_and_says_how_many_there_are_besides() -> None:
    many = [_article(number, "تیتر", at=AT - number) for number in range(1, 41)]
    html = digest(many, _texts(), "b", AT, rich=True, left=2).html
    assert "start=a_30" in html
    assert "start=a_31" not in html
    assert "۱۲ خبر دیگر" in html


def test_the_order_in_which_headlines_come_changes_nothing() -> None:
    assert digest(_FIVE, _texts(), "b", AT, rich=True) == digest(_FIVE[::-1], _texts(), "b", AT, rich=True)


def test_in_english_it_is_dated_and_directed_as_english() -> None:
    drawn = digest(_FIVE, _texts("en"), "peyk_bot", AT, rich=True)
    assert "Digest, \u2068Wednesday 24 December 2025\u2069" in drawn.rich_html
    assert "<h2>Politics</h2>" in drawn.rich_html
    assert not drawn.is_rtl
    assert "\u200f" not in drawn.rich_html


def test_a_latin_title_takes_no_number_along_and_no_mark_of_its_own_turns_the_line() -> None:
    for title in ("Apple buys 3 firms", "\u202eevil\u2066", "تیتر \u2067باز"):
        for rich in (True, False):
            drawn = digest([_article(5, title)], _texts(), "peyk_bot", AT, rich=rich)
            (line,) = re.findall(
                r"\u200f(?:▪️ )?<a[^>]*>\u2068?([^\u2066-\u2069\u202a-\u202e]*)\u2069?</a> · ۵",
                drawn.rich_html or drawn.html,
            )
            assert line == re.sub("[\u202a-\u202e\u2066-\u2069]", "", title)
            assert (f"\u2068{line}\u2069" in (drawn.rich_html or drawn.html)) == line.isascii()


def test_what_is_left_is_counted_above_its_button() -> None:
    drawn = digest(_FIVE, _texts(), "peyk_bot", AT, rich=True, left=7)
    assert "۷ خبر دیگر" in drawn.rich_html
    assert drawn.keyboard == ((Button("🗞 همهٔ خبرها", url="https://t.me/peyk_bot?start=news"),),)
    assert digest(_FIVE, _texts(), "peyk_bot", AT, rich=True).keyboard == ()


_HOSTILE = st.text(alphabet='اب‌ c😀&<>"\n\u202e\u2068\u2069#@/', max_size=30)
_TITLES = st.builds(lambda text, times: (text or "ب") * times, _HOSTILE, st.integers(1, 20))
_NAMES = _TITLES.map(lambda text: f"ب{text}"[:60])
_ARTICLES = st.builds(
    lambda number, title, name, category, at, breaking: _article(
        number, title, Category(category, "x", name, name), at, breaking=breaking
    ),
    st.integers(1, 10**12),
    _TITLES,
    _NAMES,
    st.integers(1, 200),
    st.integers(1, AT),
    st.booleans(),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(_ARTICLES, min_size=1, max_size=MOST_IN_DIGEST), st.sampled_from(_CATALOG.languages))
def test_any_headlines_fit(articles: list[Article], language: str) -> None:
    drawn = digest(articles, _texts(language), "peyk_bot", AT, rich=True, left=10**6)
    _assert_fits_rich(drawn.rich_html, len(articles))
    _assert_fits_html(drawn.html, min(len(articles), MOST_IN_ROUNDUP))
    few = articles[:MOST_IN_ROUNDUP]
    _assert_fits_html(digest(few, _texts(language), "peyk_bot", AT, rich=False, left=10**6).html, len(few))


@pytest.mark.parametrize("language", _CATALOG.languages)
def test_the_longest_headlines_that_there_can_be_fit(language: str) -> None:
    """Each of a category of its own, half of them breaking, with the largest numbers, of other days."""
    many = [
        _article(10**12 - n, "ب" * 300, Category(n, "x", "ب" * 60, "b" * 60), AT - n * 30 * _HOUR)
        for n in range(MOST_IN_DIGEST)
    ]
    for urgent in (0, 50, 100):
        mixed = [replace(article, breaking=place < urgent) for place, article in enumerate(many)]
        _assert_fits_rich(digest(mixed, _texts(language), "b" * 32, AT, rich=True, left=999).rich_html, 100)
        few = mixed[-MOST_IN_ROUNDUP:]
        _assert_fits_html(digest(few, _texts(language), "b" * 32, AT, rich=False, left=999).html, 30)


def _assert_fits_rich(html: str, count: int) -> None:
    shown = check_rich({"html": html, "is_rtl": True})
    assert length(shown["text"]) <= 32_768
    blocks = as_received_by_bot(shown)["blocks"]
    # However Telegram counts them: lists, their items and what stands in these.
    assert len(blocks) + 2 * sum(len(block.get("items", [])) for block in blocks) <= 500
    assert html.count("<a href=") == count


def _assert_fits_html(html: str, count: int) -> None:
    text, entities = parse_html(html)
    assert length(text) <= TEXT_LIMIT
    assert len(entities) <= 100
    assert sum(entity["type"] == "text_link" for entity in entities) == count
