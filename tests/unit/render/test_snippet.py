"""A hit is shown in its context: found in any spelling, cut between words, safe and short whatever the text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.render.html import length, strip_tags
from bot.render.snippet import SNIPPET_UNITS, snippet, text_under_title
from persian.query import parse_query
from sandbox.entities import parse_html
from storage.records import Block, BlockKind, Content


@pytest.mark.parametrize(
    ("text", "words", "line"),
    [
        ("آقای رئيس‌جمهور آمد.", "رییسجمهور", "آقای <b>رئيس‌جمهور</b> آمد."),
        ("کتابخانهٔ ملی گشوده شد", "کتاب خانه", "<b>کتابخانهٔ</b> ملی گشوده شد"),
        ("کتاب\nخانهٔ ملی", "کتابخانه", "<b>کتاب</b>\n<b>خانهٔ</b> ملی"),
        ("ک تا ب و کتابی", "کتاب", "ک تا ب و کتابی"),
        ("بهای نَفت و طلا", "طلا نفت", "بهای <b>نَفت</b> و <b>طلا</b>"),
        ("ملی تیم، تیم ملی", '"تیم ملی"', "ملی تیم، <b>تیم ملی</b>"),
        ("<b>&amp; نفت", "نفت", "&lt;b&gt;&amp;amp; <b>نفت</b>"),
        ("هوای پاک شهرهای بزرگ", "هوا شهر", "<b>هوای</b> پاک <b>شهرهای</b> بزرگ"),
        ("سود سودان و سودهای بانک", "سود", "<b>سود</b> سودان و <b>سودهای</b> بانک"),
        ("کتاب‌های تازه می‌رسد", "کتابها رسد", "<b>کتاب‌های</b> تازه <b>می‌رسد</b>"),
        ("شهرها و شهر", '"شهر"', "شهرها و <b>شهر</b>"),
        ("چیزی دیگر", "نفت", "چیزی دیگر"),
        ("", "نفت", ""),
    ],
)
def test_found_words_are_bold_as_they_are_written(text: str, words: str, line: str) -> None:
    assert snippet(text, parse_query(words)) == line


def test_the_line_is_where_most_of_the_query_stands() -> None:
    text = "نفت " + "واژه " * 100 + "بهای نفت در بازار جهانی بالا رفت " + "دیگر " * 100
    line = snippet(text, parse_query("نفت بازار جهانی"))
    assert line.startswith("…")
    assert line.endswith("…")
    assert "بهای <b>نفت</b> در <b>بازار جهانی</b> بالا رفت" in line
    assert set(strip_tags(line).strip("…").split()) <= set(text.split())


@pytest.mark.parametrize("before", range(60))
def test_no_word_is_cut_at_its_half_space(before: int) -> None:
    text = "ا" * before + " " + "می‌خواهند نیروگاه‌های تازه‌ای بسازند " * 3 + "نفت " + "کتابخانه‌هایشان می‌رود " * 6
    line = strip_tags(snippet(text, parse_query("نفت"))).strip("…")
    assert set(line.split()) <= set(text.split())


def test_lead_and_body_are_its_text() -> None:
    body = (Block(BlockKind.PARAGRAPH, "یک <b>دو</b>\nسه &amp;"), Block(BlockKind.LIST, items=("چهار", "پنج")))
    assert text_under_title(Content("تیتر", lead="لید", body=body)) == "لید یک دو سه & چهار پنج"


_TEXTS = st.lists(
    st.sampled_from(["نفت", "نَفت", "ایران", "رئیس‌جمهور", "a<b>", "&amp;", "😀😀", "ب" * 150, "ﷺ", "«", "…", '"']),
    max_size=60,
).map(" ".join) | st.text(max_size=400)


@settings(max_examples=200, deadline=None)
@given(_TEXTS, st.sampled_from(["نفت", "نفت ایران", '"نفت ایران" b', "رئیسجمهور -x", "😀", "صلی الله"]))
def test_a_line_is_short_safe_and_part_of_the_text(text: str, words: str) -> None:
    line = snippet(text, parse_query(words))
    shown, entities = parse_html(line)
    assert shown == strip_tags(line)
    assert length(shown) <= SNIPPET_UNITS
    assert len(entities) <= 8
    assert shown.removeprefix("…").removesuffix("…") in text or shown in text
