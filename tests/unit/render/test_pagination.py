"""Long texts become pages that Telegram takes, and no word is lost."""

import re
from html.parser import HTMLParser

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.render.html import cut, escape, length, strip_tags
from bot.render.pagination import cut_html, split_html, split_lines

_WORDS = st.text(alphabet='ابپت abc😀&<>"۱۲\n', max_size=400)
_TAGS = st.sampled_from(["b", "i", "u", "code", "blockquote"])


class _Balance(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.none() | _TAGS, _WORDS), max_size=12), st.integers(20, 200))
def test_pages_fit_are_balanced_and_lose_nothing(runs: list[tuple[str | None, str]], limit: int) -> None:
    markup = "".join(f"<{tag}>{_escaped(text)}</{tag}>" if tag else _escaped(text) for tag, text in runs)
    pages = split_html(markup, limit)
    for page in pages:
        assert length(strip_tags(page)) <= limit
        balance = _Balance()
        balance.feed(page)
        assert balance.open == []
    squeezed = re.sub(r"\s+", "", "".join(strip_tags(page) for page in pages))
    assert squeezed == re.sub(r"\s+", "", strip_tags(markup))


def test_a_page_ends_where_a_reader_would_turn_it() -> None:
    text = "یک بند کوتاه.\n\n" + "بند دوم که بلندتر است. " * 3
    pages = split_html(text, 60)
    assert pages[0] == "یک بند کوتاه." or pages[0].endswith(".")
    assert all(not page.startswith(" ") for page in pages)


def test_a_page_is_filled_to_its_last_word() -> None:
    assert split_html("یک دو سه", 5) == ["یک دو", "سه"]
    assert split_html("😀😀 😀😀", 4) == ["😀😀", "😀😀"]
    assert split_html("بی‌فاصله", 3) == ["بی\u200c", "فاص", "له"]


def test_tags_part_with_the_words_that_they_are_about() -> None:
    assert split_html("<b>یک</b> <i>دو</i>", 3) == ["<b>یک</b>", "<i>دو</i>"]
    assert split_html("<b>یک </b>دو", 3) == ["<b>یک</b>", "دو"]
    assert split_html('<a href="https://example.org/?a&amp;b">یک دو</a>', 3) == [
        '<a href="https://example.org/?a&amp;b">یک</a>',
        '<a href="https://example.org/?a&amp;b">دو</a>',
    ]


def test_a_page_has_no_more_formatted_runs_than_telegram_takes() -> None:
    pages = split_html("<b>یک</b> " * 200, 4096)
    assert [page.count("<b>") for page in pages] == [90, 90, 20]


def test_lines_keep_their_tags() -> None:
    assert split_lines("<b>یک\nدو</b>") == ["<b>یک</b>", "<b>دو</b>"]
    assert split_lines("\n <i>یک</i>\n\n&lt;دو&gt; ") == ["<i>یک</i>", "&lt;دو&gt;"]


@given(st.text("ا a\n\u00a0\u200c\u2028\t&;<>\"'"))
def test_lines_are_the_same_with_and_without_a_tag_elsewhere(text: str) -> None:
    lines = escape(text)
    assert split_lines(f"{lines}\n<b>ب</b>") == [*split_lines(lines), "<b>ب</b>"]


def test_a_cut_paragraph_says_that_there_is_more() -> None:
    assert cut_html("<b>یک دو</b>", 5) == "<b>یک دو</b>"
    assert cut_html("<b>یک دو سه</b>", 6) == "<b>یک دو</b>…"
    assert cut_html("", 5) == ""


@given(st.text(), st.integers(1, 50))
def test_a_cut_text_fits(text: str, limit: int) -> None:
    assert length(cut(text, limit)) <= limit


def test_a_cut_at_the_end_of_a_word_keeps_the_word() -> None:
    assert cut("Peyk International News", 20) == "Peyk International…"
