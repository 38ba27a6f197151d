"""Buttons under a full text, and what was sent to somebody as a list."""

import json
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest

from bot.locales.catalog import Catalog
from bot.render.article import Counts, reader_keyboard
from bot.render.history import fitting, history
from bot.render.html import is_web_address, length, strip_tags
from bot.render.message import Button
from bot.telegram.encoding import markup
from storage.history import Sent
from storage.records import Article, ArticleState, Content
from tests.unit.articles import PUBLISHED

_TEXTS = Catalog.load().bind("fa", ZoneInfo("Asia/Tehran"))
NOW = 1_766_576_760_000


def _article(
    number: int = 264802, title: str = "تیتر", *, url: str = "", state: ArticleState = ArticleState.PUBLISHED
) -> Article:
    return replace(PUBLISHED, id=number, state=state, content=Content(title), url=url)


def _buttons(article: Article) -> list[list[Button]]:
    return [list(row) for row in reader_keyboard(article, _TEXTS, "peyk", saved=False)]


def test_buttons_stand_in_rows_of_two_and_the_source_only_where_it_is_one() -> None:
    assert [len(row) for row in _buttons(_article(url="https://example.org/1"))] == [2, 2, 2]
    assert [len(row) for row in _buttons(_article(url="https://intranet/1"))] == [2, 2, 1]


@pytest.mark.parametrize(("count", "words"), [(0, None), (1, "۱"), (12, "۱۲")])
def test_other_media_have_a_button_where_there_are_any(count: int, words: str | None) -> None:
    keyboard = reader_keyboard(_article(), _TEXTS, "peyk", saved=False, counts=Counts(elsewhere=count))
    buttons = [button for row in keyboard for button in row if button.data.startswith("elsewhere:")]
    assert [button.text.partition("(")[2].strip(")") for button in buttons] == ([words] if words else [])
    assert all(button.data == "elsewhere:264802:n" for button in buttons)


def test_the_longest_title_is_shared_as_far_as_a_keyboard_takes_it() -> None:
    article = _article(title="بی‌فاصله" * 5_000, url="https://example.org/" + "a" * 2_000)
    share = next(button for row in _buttons(article) for button in row if "share" in button.url)
    asked = parse_qs(urlsplit(share.url).query)
    assert asked["url"] == ["https://t.me/peyk?start=a_264802"]
    assert length(asked["text"][0]) <= 120
    assert len(json.dumps(markup(reader_keyboard(article, _TEXTS, "peyk", saved=True)))) < 10_000


@pytest.mark.parametrize(
    ("url", "known"),
    [
        ("https://example.org/a?b=c", True),
        ("http://127.0.0.1:8080/x.jpg", True),
        ("https://example.org/" + "a" * 3_000, False),
        ("https://localhost/x", False),
        ("https://example.org/a b", False),
        ("javascript:alert(1)", False),
        ("https://[", False),
        ("", False),
    ],
)
def test_only_what_telegram_takes_is_an_address(url: str, *, known: bool) -> None:
    assert is_web_address(url) is known


def test_a_page_of_the_history_takes_whole_messages() -> None:
    single = [Sent(number, NOW, (number,)) for number in range(20, 0, -1)]
    assert len(fitting(single)) == 8
    assert len(fitting([Sent(9, NOW, tuple(range(1, 11))), *single])) == 1
    assert fitting([]) == []


def test_an_article_is_listed_once_and_one_that_is_gone_by_its_number_alone() -> None:
    sent = [Sent(9, NOW, (2,)), Sent(8, NOW - 3_600_000, (1, 2)), Sent(7, NOW, (3,))]
    known = {
        1: _article(1, "خبر <یکم>"),
        2: _article(2, "خبر دوم"),
        3: _article(3, "خبر سوم", state=ArticleState.RETRACTED),
    }
    message = history(sent, known, _TEXTS, "peyk", keyboard=())
    shown = strip_tags(message.html)
    assert shown.count("خبر دوم") == 1
    assert "خبر <یکم>" in shown
    assert "خبر سوم" not in shown
    assert "۳ · " in shown
    assert shown.index("خبر دوم") < shown.index("خبر <یکم>")


def test_the_longest_history_fits_into_a_message() -> None:
    sent = [Sent(99 - place, NOW, tuple(range(place * 30 + 1, place * 30 + 31))) for place in range(1)]
    known = {number: _article(10**12 - number, "تیتر بلند " * 90) for number in range(1, 31)}
    assert length(strip_tags(history(sent, known, _TEXTS, "peyk", keyboard=()).html)) <= 4096
