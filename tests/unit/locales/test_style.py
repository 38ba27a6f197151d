"""The house style of the texts: one word for one thing, labels that fit, examples that are understood."""

import re
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.locales.catalog import Catalog, Texts
from persian.moment import parse_moment
from persian.query import parse_query
from persian.schedule import QuietHours, read_quiet_hours

_FOLDER = Path(__file__).parents[3] / "bot" / "locales"
_CATALOG = Catalog.load()
_ZONE = ZoneInfo("Asia/Tehran")
_ALL = [_CATALOG.bind(code, _ZONE) for code in _CATALOG.languages]
_NOW = int(datetime(2026, 11, 28, 9, tzinfo=UTC).timestamp() * 1000)
_NOT_SAID = {
    "fa": "میز خبر|این‌جا|تنها|گروه خبری|نظرها|پیوند",
    "en": r"\b(?:tak(?:e|es|en|ing)|took) (?:\S+ )?back\b|\bwithdr[ae]w|(?<!/)\bdesk\b|push(?:es)?\b",
    "ar": "غرفة الأخبار|تلغرام|بعدد الأحرف|إدراج خبر|مختارات|فئة|محرف|صف الإرسال|القرّاء|اكتبوا"
    "|(?<![«>])بيك(?! في)|[یکگپچژ]",
}
"""Words for which the house style has another one, in the languages that have a house style."""
_NOTHING = "(?!)"

_TWO_COLUMNS, _THREE_COLUMNS = 18, 13
"""Letters of a label that Telegram shows whole where so many stand in a row."""
_ALONE = {
    f"button-{name}"
    for name in ("plain", "rush", "rest", "put-on-top", "other-zone", "remove-person", "follow-in-private")
}
"""Labels that are longer: each stands in a row of its own."""


def _said(language: str) -> dict[str, str]:
    """Return what every key says, without what is put into it."""
    entries = re.split(r"\n(?=[a-z#])", (_FOLDER / f"{language}.ftl").read_text())
    entry_parts = (entry.split(" =", 1) for entry in entries if not entry.startswith("#"))
    return {key: re.sub(r"\{ \$?[a-z_-]+(?: ->)?|\*?\[\w+\]", "", text) for key, text in entry_parts}


def _letters(text: str) -> int:
    """Return the letters and digits of the longest line: of a text with variants, each is one."""
    return max(sum(map(str.isalnum, line)) for line in text.split("\n"))


@pytest.mark.parametrize("language", _CATALOG.languages)
def test_one_thing_has_one_word(language: str) -> None:
    texts = _said(language)
    assert texts["stats-overview"].count("\n") > 5, "texts of several lines are read whole"
    assert [key for key, text in texts.items() if re.search(_NOT_SAID.get(language, _NOTHING), text)] == []


@pytest.mark.parametrize("language", _CATALOG.languages)
def test_a_number_that_chooses_a_form_is_shown_in_the_languages_digits(language: str) -> None:
    for entry in re.split(r"\n(?=[a-z#])", (_FOLDER / f"{language}.ftl").read_text()):
        for name in re.findall(r"\{ \$(count|days|hits|hours|minutes|seconds|times) ->", entry):
            assert f"{{ ${name} }}" not in entry


def test_english_commands_and_labels_begin_with_a_capital() -> None:
    labels = {key: text for key, text in _said("en").items() if key.startswith(("command-", "button-"))}
    first = {key: re.search("[A-Za-z0-9]", text) for key, text in labels.items()}
    # That one begins with a number that is put into it.
    assert [key for key, letter in first.items() if letter and letter[0].islower()] == ["button-stats-days"]


@pytest.mark.parametrize("language", _CATALOG.languages)
def test_labels_fit_beside_others(language: str) -> None:
    letters = {key: _letters(text) for key, text in _said(language).items() if key.startswith("button-")}
    assert {key for key, count in letters.items() if count > _TWO_COLUMNS} <= _ALONE
    three = {key: count for key, count in letters.items() if key.startswith(("button-shape-", "button-photo-"))}
    assert len(three) == 6
    assert max(three.values()) <= _THREE_COLUMNS


def _examples(texts: Texts, key: str, **args: str | int) -> list[str]:
    return re.findall("<code>(.*?)</code>", texts.html(key, **args))


@pytest.mark.parametrize("texts", _ALL, ids=lambda texts: texts.language)
def test_examples_of_times_are_understood_and_lie_ahead(texts: Texts) -> None:
    examples = _examples(texts, "plan-ask", id="1", title="x")
    assert len(examples) == 4
    assert examples == _examples(texts, "plan-unreadable", text="x")
    moments = [parse_moment(example, _ZONE, _NOW) for example in examples]
    assert all(moment is not None and moment > _NOW for moment in moments), examples


@pytest.mark.parametrize("texts", _ALL, ids=lambda texts: texts.language)
def test_examples_of_quiet_hours_and_searches_are_understood(texts: Texts) -> None:
    for key in ("quiet-ask", "quiet-unreadable"):
        assert [read_quiet_hours(example) for example in _examples(texts, key)] == [QuietHours(23 * 60, 7 * 60)]
    queries = [parse_query(example, date(2026, 11, 28)) for example in _examples(texts, "search-usage")]
    assert [bool(query.category) for query in queries] == [True, False, True]
    assert [query.period is not None for query in queries] == [False, True, True]
    assert not any(query.unclear for query in queries)
