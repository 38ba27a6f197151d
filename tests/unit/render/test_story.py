"""Other tellers of a story, as readers see it, and those who told it before, as the newsroom does."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.locales.catalog import Catalog
from bot.render.html import TEXT_LIMIT, length, strip_tags
from bot.render.story import PAGE_SIZE, FirstReport, first_report_note, other_reports_page
from storage.records import Article, ArticleState, Content
from tests.bidi import from_the_left
from tests.unit.articles import AT, PUBLISHED

_TEXTS = Catalog.load().bind("fa", ZoneInfo("Asia/Tehran"))


def _telling(title: str, url: str, *, published_at: int = AT, created_at: int = 0) -> Article:
    return replace(
        PUBLISHED,
        state=ArticleState.FOLDED,
        content=Content(title),
        url=url,
        published_at=published_at,
        created_at=created_at,
    )


def test_each_is_told_with_its_source_its_own_page_and_its_date() -> None:
    told = [
        ("خبرگزاری <الف>", _telling("تیتر <یک>", "https://a.example.org/1?x=1&y=2")),
        ("", _telling("تیتر دو", "javascript:alert(1)", published_at=0, created_at=AT)),
    ]
    lines = other_reports_page(264802, told, _TEXTS, ()).html.split("\n")
    assert "۲۶۴۸۰۲" in lines[0]
    assert '<a href="https://a.example.org/1?x=1&amp;y=2">تیتر &lt;یک&gt;</a>' in lines[2]
    assert "خبرگزاری &lt;الف&gt;" in lines[3]
    assert "۳ دی" in lines[3]
    assert "<a" not in lines[5], "only a web address is a link"
    assert "منبع دیگر" in lines[6]
    assert "۳ دی" in lines[6], "one without a date has that of its coming"


_SCRIPTS = st.text(st.sampled_from("اA😀&< \u202e"), min_size=1).map(lambda text: text * 200)


@given(_SCRIPTS, _SCRIPTS)
def test_a_full_page_fits(name: str, title: str) -> None:
    page = [(name, _telling(title, "https://a.example.org/" + "a" * 2_000))] * PAGE_SIZE
    shown = strip_tags(other_reports_page(10**12, page, _TEXTS, ()).html)
    assert length(shown) <= TEXT_LIMIT
    assert from_the_left(shown) == []


@pytest.mark.parametrize(
    ("state", "first_state", "said"),
    [
        (ArticleState.FOLDED, ArticleState.PUBLISHED, "همان خبر ۱۲ است که از الف رسیده بود"),
        (ArticleState.FOLDED, ArticleState.RETRACTED, "پس گرفته شده"),
        (ArticleState.REVIEW, ArticleState.PUBLISHED, "این خبر را از الف دارید (شناسهٔ ۱۲)"),
        (ArticleState.DRAFT, ArticleState.PUBLISHED, "این خبر را از الف دارید (شناسهٔ ۱۲)"),
        (ArticleState.REVIEW, ArticleState.RETRACTED, None),
        (ArticleState.PUBLISHED, ArticleState.PUBLISHED, "بخشی از خبر ۱۲ است که از الف رسیده بود"),
        (ArticleState.RETRACTED, ArticleState.PUBLISHED, None),
    ],
)
def test_the_newsroom_is_told_what_it_has_already(
    state: ArticleState, first_state: ArticleState, said: str | None
) -> None:
    first = FirstReport(replace(PUBLISHED, id=12, state=first_state), "الف")
    line = first_report_note(replace(PUBLISHED, state=state, story_id=12), first, _TEXTS)
    bare = line.translate(dict.fromkeys(map(ord, "\u2068\u2069")))
    assert said in bare if said else not line
