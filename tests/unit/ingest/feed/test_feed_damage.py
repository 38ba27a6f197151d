"""Feeds that are broken: what can be read is read, and no entry costs the others."""

import io
import json
from typing import Any

import feedparser
import pytest

from bot.errors import SourceError
from bot.ingest.feed.selection import MAX_ITEMS
from tests.unit.ingest.feeds import atom, read, rss

_GOOD = "<item><title>خبر سالم</title><link>https://paper.example/n/1</link><description>شرح.</description></item>"


def _titles(text: str | bytes) -> list[str]:
    return [entry.title for entry in read(text).items]


@pytest.mark.parametrize(
    "broken",
    [
        "<item><title>زخمی</title><textInput><title>جست‌وجو</title><link>https://paper.example/s</link></textInput></item>",
        "<item><textInput><title>جست‌وجو</title></textInput><title>زخمی</title></item>",
        "<item><title>زخمی</title><description>بند<br>یک</p></description></item>",
        "<item><title>زخمی</title><description>a <b>و</i></description></item>",
        "<item><title>زخمی</title>",
        "<item><title>زخمی</title><link>https://paper.example/?a=1&b</link>",
        "<item><title>زخمی</title><media:x y=1>z</media:x></item>",
        "<item><title>زخمی</title><quirk:x>z</quirk:x></item>",
        "<item><title>زخمی]]></title></item>",
        "<item><title>زخمی</title><description><![CDATA[الف <![CDATA[ب]]> ج]]></description></item>",
        "<item><title>زخمی</title><!-- <item><title>نه</title></item> --></item>",
        "<item><title>زخمی</title><description><![CDATA[<item><title>نه</title></item>]]></description></item>",
        "<ITEM><TITLE>زخمی</TITLE></ITEM>",
        "<item><title><![CDATA[زخمی]]</title><description><![CDATA[شرح]]></description></item>",
        "<item><title>زخمی</title><description><![CDATA[شرحی که بریده</description></item>",
        "<item><title><![CDATA[زخمی</title><description><![CDATA[شرح</description></item>",
        "<item><title>زخمی</title><!-- <description>شرح</description></item>",
        "<item/><item><title>زخمی</title></item>",
    ],
)
def test_a_broken_entry_between_whole_ones(broken: str) -> None:
    other = _GOOD.replace("سالم", "سالم دو")
    assert _titles(rss(_GOOD + broken + other)) == ["خبر سالم", "زخمی", "خبر سالم دو"]


def test_an_entry_that_feedparser_cannot_bear_is_counted_and_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    parse = feedparser.parse

    def picky(stream: io.BytesIO, **options: Any) -> Any:
        if "زهر".encode() in stream.getvalue():
            raise KeyError("textinput")
        return parse(stream, **options)

    monkeypatch.setattr(feedparser, "parse", picky)
    feed = read(rss(_GOOD + "<item><title>زهر</title></item>"))
    assert ([entry.title for entry in feed.items], feed.unread, feed.title) == (["خبر سالم"], 1, "روزنامهٔ نمونه")


@pytest.mark.parametrize(
    "before", ["\n\n  ", "\ufeff", "<br />\n<b>Warning</b>: foo() in /srv/x.php on line <b>3</b><br />\n"]
)
@pytest.mark.parametrize("behind", ["\n", "<script>track()</script>", "<!-- cached -->\nجا مانده", "\x00\x00"])
def test_what_stands_around_the_feed_is_left_out(before: str, behind: str) -> None:
    assert _titles(before + rss(_GOOD) + behind) == ["خبر سالم"]


def test_prefixes_that_nobody_declared() -> None:
    inner = "<title>خبر</title><content:encoded><![CDATA[<p>یک.</p><p>دو.</p>]]></content:encoded><dc:creator>نویسنده</dc:creator><media:thumbnail url='https://img.example/1.jpg'/>"
    (read_item,) = read(f'<rss version="2.0"><channel><title>ن</title><item>{inner}</item></channel></rss>').items
    assert (read_item.summary, read_item.byline, read_item.photo) == ("یک.", "نویسنده", "https://img.example/1.jpg")


@pytest.mark.parametrize("space", ["http://www.w3.org/1999/xhtml", "urn:paper", "http://backend.userland.com/rss2"])
def test_a_namespace_of_the_feeds_own_hides_no_element(space: str) -> None:
    assert _titles(rss(_GOOD).replace("<rss ", f'<rss xmlns="{space}" ')) == ["خبر سالم"]


def test_namespaces_are_known_by_https_too() -> None:
    spaces = 'xmlns:m="https://search.yahoo.com/mrss/" xmlns:c=" https://purl.org/rss/1.0/modules/content/"'
    inner = '<title>خبر</title><m:content url="https://img.example/1.jpg"><m:title>عکس</m:title></m:content><c:encoded>متن</c:encoded>'
    (read_item,) = read(f'<rss version="2.0" {spaces}><channel><item>{inner}</item></channel></rss>').items
    assert (read_item.title, read_item.summary or read_item.body[0].html, read_item.photo) == (
        "خبر",
        "متن",
        "https://img.example/1.jpg",
    )


def test_a_feed_that_ends_within_an_entry_of_any_kind() -> None:
    whole = atom("<entry><title>یک</title><id>1</id></entry><entry><title>دو</title><id>2</id></entry>")
    assert _titles(whole[: whole.index("<id>2")]) == ["یک"]
    assert _titles(whole.removesuffix("</feed>")) == ["یک", "دو"]
    cdata = rss(_GOOD + "<item><title>نیمه</title><description><![CDATA[بریده")
    assert _titles(cdata.removesuffix("</channel></rss>")) == ["خبر سالم"]
    assert read(cdata).items[1].title == "نیمه"


def test_entities_of_a_feeds_own_do_no_harm() -> None:
    laughs = '<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    body = rss("<item><title>خبر &c; &f;</title></item>").replace("?>", f"?>{laughs}", 1)
    (title,) = _titles(body)
    assert title.startswith("خبر")
    assert "root:" not in title
    assert len(title) < 40


@pytest.mark.parametrize("unit", ["<item>", "<a>", "<thumbnail>", "<media:content><media:title>"])
def test_a_feed_that_opens_without_end_is_refused(unit: str) -> None:
    with pytest.raises(SourceError, match="too many elements open"):
        read(rss(f"<item><title>x</title>{unit * 60_000}</item>"))


def test_a_text_of_line_breaks_without_end_is_read() -> None:
    whole = "<item><title>سالم</title><description><![CDATA[" + "خط<br>" * 60_000 + "]]></description></item>"
    assert _titles(rss(whole)) == ["سالم"]


def _dated(
    numbers: range, form: str = "<pubDate>Sat, 28 Nov 2026 {hour:02}:{minute:02}:00 +0330</pubDate>"
) -> list[str]:
    return [f"<item><title>خبر {n}</title>{form.format(hour=n // 60, minute=n % 60)}</item>" for n in numbers]


def test_the_newest_are_read_of_a_feed_that_is_too_long() -> None:
    rising = _dated(range(MAX_ITEMS + 100))
    expected = [f"خبر {n}" for n in range(100, MAX_ITEMS + 100)]
    assert _titles(rss("".join(rising))) == expected
    assert _titles(rss("".join(reversed(rising)))) == expected[::-1]
    pinned = [rising[-1], *rising[:-1]]
    assert _titles(rss("".join(pinned))) == [expected[-1], *expected[:-1]]


def test_where_some_have_no_date_the_others_tell_the_order() -> None:
    rising = _dated(range(MAX_ITEMS + 100))
    rising[3] = "<item><title>بی تاریخ</title></item>"
    assert _titles(rss("".join(rising)))[-1] == f"خبر {MAX_ITEMS + 99}"
    undated = _dated(range(MAX_ITEMS + 100), "")
    assert _titles(rss("".join(undated)))[0] == "خبر 0"


def test_the_newest_of_json_and_of_jalali_dates() -> None:
    items = [
        {"title": f"خبر {n}", "date_published": f"2026-11-28T{n // 60:02}:{n % 60:02}:00Z"}
        for n in range(MAX_ITEMS + 9)
    ]
    data = {"version": "https://jsonfeed.org/version/1.1", "items": items}
    assert _titles(json.dumps(data))[0] == "خبر 9"
    jalali = _dated(range(MAX_ITEMS + 9), "<pubDate>۱۴۰۵/۰۹/۰۷ {hour:02}:{minute:02}</pubDate>")
    assert _titles(rss("".join(jalali)))[0] == "خبر 9"


def test_json_that_breaks_off_gives_the_items_before_that() -> None:
    head = {"version": "https://jsonfeed.org/version/1.1", "title": "نمونه"}
    items = [{"id": f"{n}", "title": f"خبر {n}", "content_text": "متن [1], {2}"} for n in range(3)]
    whole = json.dumps({**head, "items": items}, ensure_ascii=False, indent=1)
    feed = read(whole[: whole.index("خبر 2")])
    assert ([entry.title for entry in feed.items], feed.title, feed.unread) == (["خبر 0", "خبر 1"], "نمونه", 1)
    assert read(whole).unread == 0


def test_json_whose_values_are_of_other_types_is_read() -> None:
    item = {
        "id": "https://paper.example/n/1",
        "title": "خبر",
        "date_published": 1795842000,
        "tags": "آب، برق",
        "image": {"url": "https://img.example/a.jpg"},
        "authors": {"name": "سارا نیک"},
    }
    (entry,) = read(json.dumps({"version": "https://jsonfeed.org/version/1", "items": [item]})).items
    assert (entry.url, entry.published_at) == ("https://paper.example/n/1", 1_795_842_000_000)
    assert (entry.categories, entry.photo, entry.byline) == (("آب", "برق"), "https://img.example/a.jpg", "سارا نیک")


def test_json_with_commas_behind_the_last_values_is_read() -> None:
    text = (
        '{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "title": "سالم",}, ], "title": "ن",}'
    )
    assert _titles(text) == ["سالم"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<!doctype html><html><head><title>x</title></head><body>no</body></html>", "a web page"),
        ('{"version": "https://jsonfeed.org/version/1.1", "items": [', "broken JSON"),
        ('{"items": []}', "another kind"),
        ("<opml><body/></opml>", "not a feed"),
    ],
)
def test_what_is_no_feed_is_told_apart(text: str, reason: str) -> None:
    with pytest.raises(SourceError, match=reason):
        read(text)


def test_json_of_every_wrong_type_is_borne() -> None:
    odd: list[Any] = [None, 5, "x", [], True, {"a": 1}, 1e99]
    keys = (
        "id",
        "url",
        "external_url",
        "title",
        "content_html",
        "content_text",
        "summary",
        "image",
        "date_published",
        "author",
        "authors",
        "tags",
        "attachments",
    )
    items = [
        {"title": "سالم", "id": "1"},
        *odd,
        *({**dict.fromkeys(keys, value), "title": "عجیب"} for value in odd),
    ]
    data: dict[str, Any] = {"version": "https://jsonfeed.org/version/1.1", "items": items, "hubs": odd, "icon": 5}
    assert "سالم" in _titles(json.dumps(data))
    assert read(json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": 5})).items == ()


@pytest.mark.parametrize("repeated", ["<link>https://paper.example/n/2</link>", "<category>{}</category>"])
def test_an_entry_of_endless_links_or_categories_is_left_out(repeated: str) -> None:
    bomb = "".join(repeated.format(number) for number in range(40_000))
    assert _titles(rss(f"{_GOOD}<item><title>بمب</title>{bomb}</item>")) == ["خبر سالم"]
    with pytest.raises(SourceError, match="too many"):
        read(rss(f"{bomb}{_GOOD}"))
