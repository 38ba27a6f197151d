"""Lists of feeds of other programs, whole and damaged."""

import pytest

from bot.errors import SourceError
from bot.ingest.opml import OpmlFeed, read_opml, write_opml


def _list(body: str) -> bytes:
    return f'<?xml version="1.0" encoding="utf-8"?><opml version="2.0"><head><title>فهرست</title></head><body>{body}</body></opml>'.encode()


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
        '<opml:outline text="روزنامه" xmlUrl="https://a.example/rss?x=1&lang=fa"/>',
        '<!-- <outline text="نه" xmlUrl="https://no.example/"/> --><outline text="روزنامه" xmlUrl="https://a.example/rss?x=1&lang=fa"/>',
    ],
)
def test_a_feed_is_read_however_it_is_written(outline: str) -> None:
    found = read_opml(_list(outline))
    assert found.feeds == (OpmlFeed("https://a.example/rss?x=1&lang=fa", "روزنامه", ""),)
    assert found.refused == ()


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


def test_what_cannot_be_read_is_told_and_the_rest_is_read() -> None:
    body = """
      <outline text="شکسته" xmlUrl="https://a.example/1"
      <outline text="سالم" xmlUrl="https://a.example/2"/>
      <outline type="rss" text="بی نشانی" htmlUrl="https://a.example/"/>
      <outline text="بی هیچ نشانی" xmlUrl=""/>
      <outline text="یادداشت"/>"""
    found = read_opml(_list(body))
    assert [feed.title for feed in found.feeds] == ["سالم"]
    assert found.refused == (
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
