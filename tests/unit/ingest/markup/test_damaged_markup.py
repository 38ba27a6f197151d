"""Damaged markup: what nothing ends, or is nested where it may not be, is read in one pass and as a whole."""

import pytest

from bot.errors import SourceError
from bot.ingest.feed.channel import skipped
from bot.ingest.markup.blocks import html_blocks
from bot.ingest.markup.boilerplate import is_tool, without_last_phrase
from bot.ingest.markup.dom import parse_html
from bot.ingest.markup.metadata_labels import labelled_number
from bot.ingest.markup.sanitise import inline_html
from bot.ingest.markup.signature import name_of, names_in
from bot.ingest.markup.text import plain
from bot.ingest.sources.opml import read_opml


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("a <!-- b --> c", "a c"),
        ("a <!--[if IE]><!--> c", "a c"),
        ("a <!-- b", "a <!-- b"),
        ("<!-- <!-- x --> y <script>z", "y <script>z"),
        ("<script>x</SCRIPT > y", "y"),
        ("<style>x <script>y</style> z <script>b</script>", "z"),
    ],
)
def test_what_nothing_ends_is_text(markup: str, text: str) -> None:
    assert plain(markup) == text


def test_links_to_nowhere_lose_their_tags_alone() -> None:
    assert inline_html('<a>x <b>y</b></a> <a href="https://e.org">z</a> <a name="t">w</a>') == (
        'x <b>y</b> <a href="https://e.org">z</a> w'
    )


def test_a_value_ends_at_the_quote_that_an_attribute_follows() -> None:
    listed = read_opml(
        b"""<opml><outline text="a "b" c" xmlUrl='https://e.org/it's' htmlUrl=https://e.org/><outline text="d"""
        b""""
        type=rss xmlUrl="https://e.org/2"/></opml>"""
    )
    assert [(feed.title, feed.url) for feed in listed.feeds] == [
        ('a "b" c', "https://e.org/it's"),
        ("d", "https://e.org/2"),
    ]


def test_counters_of_any_shape_are_controls_of_the_page() -> None:
    assert is_tool("12/3 | 4 //")
    assert not is_tool("1" + "/" * 200 + " x")


def test_the_mark_of_the_end_goes_with_the_spaces_before_it() -> None:
    assert without_last_phrase("گفت.   انتهای\u200cپیام /12 ab ") == "گفت."
    assert without_last_phrase("پایان پیام او این بود") == "پایان پیام او این بود"


def test_a_number_stands_behind_its_label() -> None:
    assert labelled_number("کد خبر  :  ۱۲۳٬۴۵۶") == "123456"
    assert labelled_number("شماره ی  خبر 7") == "7"


def test_names_of_authors_are_parted_and_what_is_behind_them_left_out() -> None:
    assert names_in("Ali Rezaei  and  Sara، مینا و رضا & B") == ["Ali Rezaei", "Sara", "مینا", "رضا", "B"]
    assert name_of("By Ali Rezaei , 12. May") == "Ali Rezaei"
    assert name_of("Ali Rezaei — Editor") == "Ali Rezaei"


def test_hours_to_skip_are_those_of_elements_that_end() -> None:
    assert skipped("<skipHours><hour>3</hour><hour>24</hour></skipHours><skipDays><day>Friday</day>")[0] == {0, 3}


@pytest.mark.parametrize(
    "level",
    [
        ("<div>", "</div>"),  # as many ends as beginnings, far behind
        ("<div></p>", ""),  # ends of what is never counted
        ("<div/>", ""),  # HTML knows no such end
        ("<b></i>", ""),  # an end of something else closes nothing
    ],
)
def test_a_page_of_endless_depth_is_refused(level: tuple[str, str]) -> None:
    begin, end = level
    assert parse_html(f"<title>t</title>{begin * 1_000}متن{end * 1_000}").body is not None
    with pytest.raises(SourceError, match="nests too many"):
        parse_html(f"<title>t</title>{begin * 5_000}متن{end * 5_000}")


def test_a_long_page_of_short_elements_is_read() -> None:
    assert parse_html("<div><b>متن</b><svg><path d='M0'></path></svg></div><p>" * 10_000).body is not None
    script = "for(i=0;i<n;i++)if(a<b&&c>d)x='<div><b>y<\\/b><\\/div>';"
    assert parse_html(f"<script>{script * 10_000}</script>").body is not None


def test_tags_within_their_like_are_one() -> None:
    (block,) = html_blocks("<p><b>یک <b>دو <i>سه</i></b> چهار</b> پنج</p>", "")
    assert block.html == "<b>یک دو <i>سه</i> چهار</b> پنج"
    quoted, outside = html_blocks(
        "<blockquote><div><blockquote><p>در نقل</p></blockquote></div></blockquote>بیرون", ""
    )
    assert (quoted.kind.value, outside.kind.value) == ("quote", "paragraph")
