"""Whatever Telegram's entities say, no word is lost or changed, and what comes out is harmless HTML."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.newsroom.formatting import Entity, FormattedText, checked_link
from bot.newsroom.paragraphs import blocks_of
from bot.newsroom.post_parser import join_parts, parse_post
from bot.render.difference import lines_of
from bot.render.html import strip_tags
from persian.digits import to_ascii
from storage.records import Block, BlockKind, Category

_TEXT = st.text(alphabet="اب a😀𐏏&<>\"'\n-•۱1. ", max_size=60)
_KINDS = (
    "bold",
    "italic",
    "underline",
    "strikethrough",
    "code",
    "pre",
    "text_link",
    "blockquote",
    "expandable_blockquote",
    "spoiler",
    "mention",
    "custom_emoji",
    "bold><script>",
)
_LINKS = (
    "https://example.org/?a=1&b=2",
    "http://x",
    "javascript:alert(1)",
    'https://a.b/"onclick="x',
    "tg://user",
    "",
)
_ENTITY = st.tuples(
    st.sampled_from(_KINDS),
    st.one_of(st.integers(-5, 130), st.integers(-(10**18), 10**18)),
    st.one_of(st.integers(-5, 130), st.integers(-(10**18), 10**18)),
    st.sampled_from(_LINKS),
)
_MARKED = st.tuples(_TEXT, st.lists(_ENTITY, max_size=8))
_TAG = re.compile(r'</?(?:b|i|u|s|code)>|</a>|<a href="https?://[^"<>\s]+">')


class _Reader(HTMLParser):
    """Fails on anything but properly nested tags, none of them in itself."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.seen = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in self.open
        assert "code" not in self.open
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.seen += data


def _check(markup: str) -> str:
    """Return what a reader sees; fails where it is no inline HTML of the allowed kind."""
    assert not re.search("[<>]", _TAG.sub("", markup))
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    assert reader.open == []
    assert strip_tags(markup) == reader.seen
    return reader.seen


def _one_line(text: str) -> str:
    return "".join(text.split())


@given(_MARKED)
def test_any_entities_leave_every_character_where_it_was(marked: tuple[str, list[Entity]]) -> None:
    assert _check(FormattedText.of(*marked).html()) == marked[0]


@given(_MARKED)
def test_what_is_kept_comes_back_as_it_was(marked: tuple[str, list[Entity]]) -> None:
    written = FormattedText.of(*marked)
    assert FormattedText.from_json(written.to_json()) == written


@given(_MARKED, st.integers(0, 70), st.integers(0, 70))
def test_a_part_looks_as_it_did_in_the_whole(marked: tuple[str, list[Entity]], begin: int, end: int) -> None:
    written = FormattedText.of(*marked)
    halves = FormattedText.joined([written.cut(0, begin), written.cut(begin, len(written.text))])
    assert _check(halves.html()) == marked[0]
    assert _check(written.cut(begin, max(begin, end)).html()) == marked[0][begin : max(begin, end)]


@given(st.lists(_MARKED, max_size=4))
def test_no_block_loses_a_word(parts: list[tuple[str, list[Entity]]]) -> None:
    whole = join_parts([FormattedText.of(*part) for part in parts])
    blocks = blocks_of([line for line in whole.lines() if line.text])
    for block in blocks:
        for markup in (block.html, *block.items):
            _check(markup)
    letters = re.sub(r"[^اba😀𐏏&<>\"']", "", to_ascii(_one_line(whole.text)))
    seen = re.sub(r"[^اba😀𐏏&<>\"']", "", to_ascii(_one_line("\n".join(lines_of(blocks)))))
    assert seen == letters


def test_units_of_utf16_become_characters() -> None:
    written = FormattedText.of("😀 خبر فوری", [("bold", 3, 3, ""), ("italic", 0, 2, "")])
    assert written.html() == "<i>😀</i> <b>خبر</b> فوری"


def test_runs_that_overlap_are_closed_and_opened_again() -> None:
    written = FormattedText.of("abcdef", [("bold", 0, 4, ""), ("italic", 2, 4, "")])
    assert written.html() == "<b>ab<i>cd</i></b><i>ef</i>"


@pytest.mark.parametrize(
    ("kind", "url", "html"),
    [
        ("text_link", "https://example.org/?a=1&b", '<a href="https://example.org/?a=1&amp;b">x</a>'),
        ("text_link", "tg://user?id=1", "x"),
        ("text_link", "javascript:alert(1)", "x"),
        ("pre", "", "<code>x</code>"),
        ("spoiler", "", "x"),
        ("mention", "", "x"),
    ],
)
def test_each_kind_of_entity(kind: str, url: str, html: str) -> None:
    assert FormattedText.of("x", [(kind, 0, 1, url)]).html() == html


@pytest.mark.parametrize(
    "address",
    ["ftp://a.b/", "https://", "https://host/", "https://a.b@c.d/", "https://a.b/ x", "https://a.b:x/", "a.b"],
)
def test_an_address_that_is_no_good_link(address: str) -> None:
    assert checked_link(address) == ""


def test_a_post_keeps_its_formatting_in_the_body_and_its_hashtags_as_tags() -> None:
    text = "سیاسی\nتیتر\n\nلید\n\nیک دو\n> نه\nنقل اول\nنقل دوم\n- الف\n• ب\n* پ\n۱. یکم\n2) دوم\n#برچسب_یک #دو"
    quote = text.index("نقل اول")
    post = parse_post(
        FormattedText.of(
            text,
            [
                ("bold", text.index("تیتر"), 4, ""),
                ("bold", text.index("یک دو"), 2, ""),
                ("expandable_blockquote", quote, len("نقل اول\nنقل دوم"), ""),
                ("italic", text.index("الف"), 3, ""),
            ],
        ),
        [Category(1, "politics", "سیاسی", "Politics")],
        {},
    )
    assert (post.title, post.lead, post.tags) == ("تیتر", "لید", ("برچسب یک", "دو"))
    assert post.body == (
        Block(BlockKind.PARAGRAPH, "<b>یک</b> دو"),
        Block(BlockKind.PARAGRAPH, "&gt; نه"),
        Block(BlockKind.QUOTE, "نقل اول\nنقل دوم"),
        Block(BlockKind.LIST, items=("<i>الف</i>", "ب", "پ")),
        Block(BlockKind.LIST, items=("یکم", "دوم"), ordered=True),
    )


def test_a_split_paste_keeps_the_formatting_of_each_part() -> None:
    parts = [FormattedText.of("ا" * 4096, [("bold", 4090, 6, "")]), FormattedText.of("ببب پ", [("bold", 0, 3, "")])]
    joined = join_parts(parts)
    assert joined.text == "ا" * 4096 + "ببب پ"
    assert joined.html().endswith("<b>اااااا</b><b>ببب</b> پ")
