"""Lists of feeds of other programs, whole and damaged."""

from dataclasses import replace
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import SourceError
from bot.ingest.sources.opml import OpmlFeed, read_opml, write_opml
from bot.ingest.sources.opml_properties import OpmlProperties, OpmlRule, OpmlSection
from persian.foreign_text import one_line
from storage.records import ChangePolicy, RuleAction, SourceKind, SourceState


def _list(body: str) -> bytes:
    return f'<?xml version="1.0" encoding="utf-8"?><opml version="2.0" xmlns:peyk="urn:peyk:source"><head><title>فهرست</title></head><body>{body}</body></opml>'.encode()


@pytest.mark.parametrize(
    "outline",
    [
        '<outline type="rss" text="روزنامه" title="روزنامه" xmlUrl="https://a.example/rss?x=1&amp;lang=fa"/>',
        '<outline type="rss" text="روزنامه" xmlurl="https://a.example/rss?x=1&lang=fa"/>',
        "<OUTLINE TEXT='روزنامه' XMLURL='https://a.example/rss?x=1&lang=fa'></OUTLINE>",
        '<outline title="روزنامه" feedUrl="https://a.example/rss?x=1&lang=fa" />',
        "<outline text=روزنامه xmlUrl=https://a.example/rss?x=1&lang=fa type=rss></outline>",
        '<outline text="روزنامه"xmlUrl="feed:https://a.example/rss?x=1&lang=fa"/>',
        '<outline text="روزنامه" xmlUrl="feed://https://a.example/rss?x=1&lang=fa"/>',
        '<outline\n  xmlUrl = "\n https://a.example/rss?x=1&lang=fa "\n text = "روزنامه"\n/>',
        '<outline type="rss" text="روزنامه" url="https://a.example/rss?x=1&lang=fa"/>',
        '<opml:outline text="روزنامه" xmlUrl="https://a.example/rss?x=1&lang=fa"/>',
        '<!-- <outline text="نه" xmlUrl="https://no.example/"/> --><outline text="روزنامه" xmlUrl="https://a.example/rss?x=1&lang=fa"/>',
    ],
)
def test_a_feed_is_read_however_it_is_written(outline: str) -> None:
    feed_list = read_opml(_list(outline))
    assert feed_list.feeds == (OpmlFeed("https://a.example/rss?x=1&lang=fa", "روزنامه", ""),)
    assert feed_list.refused == ()


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("الف & ب", "الف & ب"),
        ("الف &amp; ب &#171;پ&#187;", "الف & ب «پ»"),
        ('گفت "سلام" و رفت', 'گفت "سلام" و رفت'),
        ("a > b", "a > b"),
        ("a < b", "a < b"),
        ("&xxe; ?copy=1&reg=2", "&xxe; ?copy=1&reg=2"),
    ],
)
def test_titles_with_signs_that_should_have_been_escaped(written: str, title: str) -> None:
    (feed,) = read_opml(
        _list(f'<outline text="{written}" type="rss" xmlUrl="https://a.example/rss?copy=1&reg=2"/>')
    ).feeds
    assert (feed.title, feed.url) == (title, "https://a.example/rss?copy=1&reg=2")


def test_the_nearest_folder_with_a_name_is_the_category() -> None:
    body = """
      <outline text="اخبار"><outline title="علم & فناوری">
        <outline text="یک" xmlUrl="https://a.example/1"/>
        <outline text=""><outline text="دو" xmlUrl="https://a.example/2"/></outline>
        <outline text="🙂"><outline text="سه" xmlUrl="https://a.example/3"/></outline>
      </outline><outline text="چهار" xmlUrl="https://a.example/4"/></outline>
      <outline text="پنج" xmlUrl="https://a.example/5" category="/News/Sport,/x"/>
      <outline text="شش" xmlUrl="https://a.example/6"/>"""
    assert [feed.category for feed in read_opml(_list(body)).feeds] == ["علم & فناوری"] * 3 + ["اخبار", "Sport", ""]


def test_a_folder_that_says_it_is_a_feed_is_a_folder() -> None:
    feed_list = read_opml(
        _list(
            '<outline type="rss" text="علم"><outline type="rss" text="یک" xmlUrl="https://a.example/1"/></outline>'
        )
    )
    assert feed_list == read_opml(
        _list('<outline text="علم"><outline text="یک" xmlUrl="https://a.example/1"/></outline>')
    )
    assert feed_list.refused == ()
    assert read_opml(_list('<outline type="rss" text="علم"></outline>')).refused[0][0] == "علم"


@pytest.mark.parametrize(
    "kind", ['type="include" url="https://a.example/list"', 'type="link" url="https://a.example/b.opml"']
)
def test_a_list_within_a_list_is_told(kind: str) -> None:
    feed_list = read_opml(
        _list(f'<outline text="فهرست" {kind}/><outline type="link" text="سایت" url="https://a.example/"/>')
    )
    assert feed_list.refused == (("فهرست", "it names another list; import that one too"),)


@pytest.mark.parametrize("kind", ["HTML+XPath", "XML+XPath", "JSON+DotNotation"])
def test_a_page_that_another_program_reads_by_its_rules_is_no_feed(kind: str) -> None:
    rules = 'xmlns:frss="https://freshrss.org/opml" frss:xPathItem="//article"'
    feed_list = read_opml(_list(f'<outline text="صفحه" type="{kind}" xmlUrl="https://a.example/news" {rules}/>'))
    assert feed_list.feeds == ()
    assert [piece for piece, _ in feed_list.refused] == ["https://a.example/news"]


def test_what_cannot_be_read_is_told_and_the_rest_is_read() -> None:
    body = """
      <outline text="شکسته" xmlUrl="https://a.example/1"
      <outline text="سالم" xmlUrl="https://a.example/2"/>
      <outline type="rss" text="بی نشانی" htmlUrl="https://a.example/"/>
      <outline text="بی هیچ نشانی" xmlUrl=""/>
      <outline text="یادداشت"/>"""
    feed_list = read_opml(_list(body))
    assert [feed.title for feed in feed_list.feeds] == ["سالم"]
    assert feed_list.refused == (
        ('<outline text="شکسته" xmlUrl="https://a.example/1"', "the outline is broken"),
        ("بی نشانی", "the outline has no xmlUrl"),
        ("بی هیچ نشانی", "the outline has no xmlUrl"),
    )


def test_entities_of_a_list_do_no_harm() -> None:
    declared = b'<!DOCTYPE opml [<!ENTITY xxe SYSTEM "file:///etc/passwd"><!ENTITY a "aaaa">]>'
    body = _list('<outline text="&xxe;&a;" xmlUrl="https://a.example/rss"/>').replace(b"<opml", declared + b"<opml")
    assert [feed.title for feed in read_opml(body).feeds] == ["&xxe;&a;"]


def test_lists_of_other_charsets() -> None:
    text = '<opml><body><outline text="روزنامه" xmlUrl="https://a.example/rss"/></body></opml>'
    for body in (text.encode("utf-16"), text.encode("utf-16-le"), text.replace("ه", "ة").encode("windows-1256")):
        assert read_opml(body).feeds[0].url == "https://a.example/rss"


@pytest.mark.parametrize("body", [b"", b"no list", b"<html><body><p>x</p></body></html>", b"\x00\x01\x02\xff"])
def test_what_is_no_list_is_refused(body: bytes) -> None:
    with pytest.raises(SourceError, match="outline"):
        read_opml(body)


def test_an_empty_list_has_no_feeds() -> None:
    assert read_opml(_list("")).feeds == ()


def test_what_is_written_is_read_again() -> None:
    feeds = (
        OpmlFeed("https://a.example/rss?x=1&lang=fa", 'الف & "ب" <پ>', "علم & فناوری"),
        OpmlFeed("https://a.example/خبر", "", "علم & فناوری"),
        OpmlFeed("https://b.example/", "c > d", "سیاسی"),
    )
    assert read_opml(write_opml(feeds)).feeds == feeds


def test_the_scheme_of_feeds_is_that_of_the_web() -> None:
    (feed,) = read_opml(_list('<outline text="روزنامه" xmlUrl="feed://a.example/rss"/>')).feeds
    assert feed.url == "http://a.example/rss"


_WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co")), max_size=30).map(
    one_line
)
_NAMES = _WORDS.filter(bool)
_PROPERTIES = st.builds(
    OpmlProperties,
    kind=st.sampled_from(SourceKind),
    category=st.sampled_from(("politics", "sports", "section-9")),
    review=st.booleans(),
    interval=st.none() | st.integers(1, 86_400),
    selector=_WORDS,
    changes=st.sampled_from(ChangePolicy),
    state=st.sampled_from(SourceState),
    rules=st.lists(st.builds(OpmlRule, _NAMES, st.sampled_from(RuleAction), _WORDS), max_size=3).map(tuple),
    sections=st.lists(st.builds(OpmlSection, _NAMES, st.just("sports")), max_size=3).map(tuple),
)
_LISTED = st.builds(
    OpmlFeed,
    url=st.integers(1, 10**6).map(lambda number: f"https://a.example/rss?n={number}&lang=fa"),
    title=_WORDS,
    category=st.sampled_from(("سیاسی", 'علم & "فناوری" <۲>', "Sport")),
    properties=st.none() | _PROPERTIES,
)


@given(st.lists(_LISTED, max_size=4))
def test_every_property_is_read_as_it_was_written(feeds: list[OpmlFeed]) -> None:
    feed_list = read_opml(write_opml(feeds))
    assert feed_list.refused == ()
    assert list(feed_list.feeds) == feeds


def test_other_programs_see_feeds_alone_in_what_is_written() -> None:
    properties = OpmlProperties(
        SourceKind.LISTING, "politics", False, None, "h3 a", ChangePolicy.ASK, SourceState.PAUSED
    )
    feed = replace(properties, kind=SourceKind.FEED, rules=(OpmlRule("آب", RuleAction.DROP, ""),))
    root = ElementTree.fromstring(
        write_opml(
            [OpmlFeed("https://a.example/rss", "", "x", feed), OpmlFeed("https://a.example/", "", "x", properties)]
        )
    )
    outlines = root.findall(".//outline[@xmlUrl]")
    assert [outline.get("xmlUrl") for outline in outlines] == ["https://a.example/rss"]
    assert outlines[0].get("{urn:peyk:source}kind") == "feed"


@pytest.mark.parametrize(
    ("attributes", "reason"),
    [
        ('peyk:kind="radio"', "peyk:kind is one of feed, page, listing, not radio"),
        ('peyk:kind="feed" peyk:interval="-5"', "peyk:interval is a number of seconds, not -5"),
        (
            f'peyk:kind="feed" peyk:interval="000000000001{"0" * 20}"',
            f"peyk:interval is a number of seconds, not 000000000001{'0' * 20}",
        ),
        ('peyk:kind="feed" peyk:to="x"', "peyk:to is publish or review, not x"),
        ('peyk:kind="feed" peyk:state="gone"', "peyk:state is one of active, paused, ended, not gone"),
    ],
)
def test_a_property_of_a_wrong_value_is_refused_with_the_reason(attributes: str, reason: str) -> None:
    feed_list = read_opml(_list(f'<outline text="الف" xmlUrl="https://a.example/rss" {attributes}/>'))
    assert (feed_list.feeds, feed_list.refused) == ((), (("https://a.example/rss", reason),))


@pytest.mark.parametrize(
    ("declared", "prefix", "is_ours"),
    [
        ('xmlns:peyk="urn:peyk:source"', "peyk", True),
        ("xmlns:P = 'urn:peyk:source'", "p", True),
        ('xmlns:peyk="https://other.example/ns"', "peyk", False),
        ('xmlns:p="urn:peyk:source"', "peyk", False),
        ("", "peyk", False),
    ],
)
def test_properties_are_those_of_our_namespace_whatever_its_prefix(
    declared: str, prefix: str, is_ours: bool
) -> None:
    outline = f'<outline text="الف" xmlUrl="https://a.example/rss" {prefix}:kind="feed" {prefix}:to="review"/>'
    (feed,) = read_opml(f"<opml {declared}><body>{outline}</body></opml>".encode()).feeds
    assert (feed.properties is not None and feed.properties.review) is is_ours


def test_thousands_of_outlines_and_deep_folders_are_read() -> None:
    outlines = "".join(f'<outline text="{n}" xmlUrl="https://a.example/{n}"/>' for n in range(5_000))
    deep = '<outline text="پوشه">' * 300 + outlines + "</outline>" * 300
    assert len(read_opml(_list(deep)).feeds) == 5_000


def test_a_source_takes_a_bounded_number_of_rules_and_sections() -> None:
    parts = '<outline peyk:rule="drop" peyk:query="x"/>' * 1000 + '<outline peyk:section="y"/>' * 1000
    body = f'<opml xmlns:peyk="urn:peyk:source"><outline xmlUrl="http://a.example/" peyk:kind="feed">{parts}</outline></opml>'
    feed_list = read_opml(body.encode())
    properties = feed_list.feeds[0].properties
    assert properties is not None
    kept = len(properties.rules), len(properties.sections)
    assert kept == (200, 500)
    assert len(feed_list.refused) == 2000 - sum(kept)


def test_control_characters_in_names_leave_a_list_well_formed() -> None:
    rules, sections = (OpmlRule("q\x0b", RuleAction.DROP, "\x00"),), (OpmlSection("n\x0b\x1b", "sports"),)
    properties = OpmlProperties(
        SourceKind.LISTING,
        "sports",
        False,
        None,
        "a\x0bb",
        ChangePolicy.FOLLOW,
        SourceState.ACTIVE,
        rules,
        sections,
    )
    written = write_opml([OpmlFeed("https://a.example/", "t\x00", "c\x0b", properties)])
    assert len(ElementTree.fromstring(written).findall(".//outline")) == 4
