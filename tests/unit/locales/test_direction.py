"""Every line of a message runs as its language does, whatever foreign names stand in it."""

import re
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.locales.catalog import Catalog, Texts
from bot.newsroom.comment_rules import TEXT_LIMIT
from bot.render.article import paged_text, preview, rich_text
from bot.render.comments import CommentPage, card, comments_of, queue
from bot.render.digest import digest
from bot.render.headline import headline
from bot.render.html import strip_tags
from bot.render.listing import listing
from bot.render.message import Button, Message
from persian.direction import LRM, RLM, alone, apart, runs_rtl
from storage.records import Article, Block, BlockKind, Category, Comment, CommentState, Content
from tests.bidi import from_the_left, loose, outside
from tests.unit.articles import AT, PUBLISHED

_CATALOG = Catalog.load()
_ZONE = ZoneInfo("Asia/Tehran")
_RIGHT = [_CATALOG.bind(code, _ZONE) for code in _CATALOG.languages if _CATALOG.bind(code, _ZONE).is_rtl]
_ENGLISH = _CATALOG.bind("en", _ZONE)
_FOLDER = Path(__file__).parents[3] / "bot" / "locales"
_ABOUT = ("language-", "date-", "section-", "words-")
_MARKS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def _article(title: str, section: str = "NASA", language: str = "fa") -> Article:
    content = Content(
        title=title,
        lead="Reuters از ۱۲ نفر",
        body=(
            Block(BlockKind.PARAGRAPH, "BBC: متن"),
            Block(BlockKind.LIST, items=("iPhone ۱۷", "دو")),
        ),
        section="AFP",
        byline="John Doe",
        tags=("iPhone", "ایران"),
        note="WHO",
        link="https://example.org/1",
    )
    return replace(
        PUBLISHED,
        category=Category(9, "space", section, section),
        content=content,
        language=language,
        breaking=True,
    )


def _comment(number: int, state: CommentState = CommentState.WAITING) -> Comment:
    return Comment(number, 264802, 7, "John", "متن نظر", state, AT, AT, None)


def _lines_of(message: Message) -> str:
    return strip_tags(re.sub("<blockquote>.*?</blockquote>", "", message.html, flags=re.S))


def _keys(language: str) -> dict[str, set[str]]:
    """Return every text's key with the arguments that it takes, those of the texts in it included."""
    placed, held = {}, {}
    for entry in re.split(r"\n(?=[a-z])", (_FOLDER / f"{language}.ftl").read_text()):
        if key := re.match(r"[a-z][a-z0-9-]*(?= =)", entry):
            placed[key[0]] = set(re.findall(r"\$([a-z_]+)", entry))
            held[key[0]] = re.findall(r"\{ ([a-z][a-z0-9-]*) \}", entry)
    return {key: names.union(*(placed[inner] for inner in held[key])) for key, names in placed.items()}


def _rendered(texts: Texts, number: int, words: str) -> dict[str, str]:
    """Return every text as HTML, with a number where one is counted, and `words` for everything else."""
    keys = _keys(texts.language)
    counted = {name.removesuffix("_text") for names in keys.values() for name in names if "_" in name}
    counted |= {"count", "minutes", "hours", "times", "days"}
    texts_by_key = {}
    for key, names in keys.items():
        if not key.startswith(_ABOUT):
            args = {name.removesuffix("_text") for name in names}
            texts_by_key[key] = texts.html(key, **{name: number if name in counted else words for name in args})
    return texts_by_key


@pytest.mark.parametrize("texts", _RIGHT, ids=lambda texts: texts.language)
@pytest.mark.parametrize("number", [0, 1, 2, 3, 11, 100])
def test_no_text_of_a_right_to_left_language_begins_a_line_from_the_left(texts: Texts, number: int) -> None:
    for key, text in _rendered(texts, number, "Reuters 24").items():
        assert from_the_left(strip_tags(text)) == [], key
        assert loose(strip_tags(text)) == [], key


@pytest.mark.parametrize("texts", [*_RIGHT, _ENGLISH], ids=lambda texts: texts.language)
@pytest.mark.parametrize("words", ["Reuters 24", "نفت", "12"])
def test_what_is_copied_holds_no_marks(texts: Texts, words: str) -> None:
    copied = {
        (key, code)
        for key, text in _rendered(texts, 12, words).items()
        for code in re.findall("<code>(.*?)</code>", text, re.DOTALL)
    }
    assert ("preview-usage", "/preview 12") in copied
    assert ("article-number", words) in copied
    assert ("follow-unknown", words) in copied
    assert [(key, code) for key, code in copied if _MARKS.search(code)] == []


@pytest.mark.parametrize("texts", _RIGHT, ids=lambda texts: texts.language)
@pytest.mark.parametrize(
    "title", ["Apple unveils the new iPhone 17.", "iPhone ۱۷ رونمایی شد", "رونمایی از iPhone 17"]
)
def test_what_is_put_together_runs_from_the_right_with_latin_titles(texts: Texts, title: str) -> None:
    article, button = _article(title), Button("x", "x")
    page = CommentPage([_comment(1), _comment(2)], earlier=False, later=False)
    shown = [
        headline(article, texts, "peyk_bot"),
        digest([article] * 3, texts, "peyk_bot", article.published_at, rich=False),
        listing("<code>x</code> عنوان", [article] * 2, texts, "peyk_bot", lines=["snippet", ""]),
        *paged_text(article, texts),
        *preview(article, texts, ()),
        comments_of(article, page, texts, button, reader_id=7, waiting=[_comment(3)]),
        queue(page, {article.id: article}, texts),
        card(_comment(1), article, texts, decided_by="", silenced=False),
        card(_comment(1, CommentState.REJECTED), article, texts, decided_by="Jane", silenced=True),
    ]
    for message in shown:
        assert from_the_left(_lines_of(message)) == []
        for line in _lines_of(message).split("\n"):
            outside(line)


@pytest.mark.parametrize("texts", _RIGHT, ids=lambda texts: texts.language)
def test_a_foreign_name_keeps_to_itself(texts: Texts) -> None:
    line = texts.facts("Reuters", texts.short(1_766_577_060_000))
    assert line.startswith(RLM)
    assert "Reuters" not in outside(line)
    text = strip_tags(listing("x", [_article("Title 5")], texts, "peyk_bot").html)
    assert loose(text) == []
    assert loose(strip_tags(headline(_article("Title 5."), texts, "peyk_bot").html)) == []


def test_a_wholly_foreign_title_keeps_its_full_stop_behind_it() -> None:
    texts = _CATALOG.bind("fa", _ZONE)
    assert f"{RLM}\u2068Title.\u2069" in headline(_article("Title."), texts, "peyk_bot").html
    assert f"{RLM}iPhone ۱۷ آمد" in headline(_article("iPhone ۱۷ آمد"), texts, "peyk_bot").html
    assert alone("تیتر.", rtl=True) == "تیتر."
    assert alone("Title.", rtl=False) == "Title."


def test_persian_names_in_english_lines_keep_to_themselves_too() -> None:
    article = _article("رونمایی شد", "هوا و فضا")
    facts = strip_tags(listing("x", [article], _ENGLISH, "peyk_bot").html).split("\n")[-1]
    assert outside(facts).replace(" ", "") == "264802··24December,15:21"
    line = _ENGLISH.facts("هوا و فضا", "24 December")
    assert line.startswith(LRM)
    assert _ENGLISH.facts("Space", "24 December") == "Space · 24 December"
    assert apart("Space 12", rtl=False) == "Space 12"
    assert apart("۱۲", rtl=False) == "۱۲"


@pytest.mark.parametrize("mark", ["\u2069", "\u2068", "\u2067a", "\u202e", "\u202c"])
def test_a_name_that_holds_marks_moves_nothing_of_the_line(mark: str) -> None:
    for name in (f"John{mark}", f"{mark}علی", f"{mark}علی John"):
        for line in (texts.facts(name, "۱۲") for texts in (*_RIGHT, _ENGLISH)):
            assert outside(line).endswith(" · ۱۲")
    assert apart("نام \u2068John\u2069", rtl=True) == "\u2067نام \u2068John\u2069\u2069"


def test_persian_alone_bears_no_marks() -> None:
    texts = _CATALOG.bind("fa", _ZONE)
    assert texts.facts("سیاسی", "۳ دی، ۱۵:۱۶") == f"{RLM}سیاسی · ۳ دی، ۱۵:۱۶"
    assert texts("comment-too-long", length=TEXT_LIMIT + 1, most=TEXT_LIMIT).count("\u2068") == 1
    assert texts("duration-minutes", minutes=5) == "حدود ۵ دقیقه"


def test_one_table_tells_which_languages_run_from_the_right() -> None:
    assert [code for code in ("fa", "ar-EG", "FA", "ckb", "he", "en", "pt-br", "") if runs_rtl(code)] == [
        "fa",
        "ar-EG",
        "FA",
        "ckb",
        "he",
    ]
    assert all(texts.is_rtl == runs_rtl(texts.language) for texts in (*_RIGHT, _ENGLISH))
    arabic = rich_text(_article("عنوان", language="ar"), _ENGLISH)
    assert all(message.is_rtl for message in arabic)
    assert not any(message.is_rtl for message in rich_text(_article("Title", language="en"), _RIGHT[0]))
