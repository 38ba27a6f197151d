"""Feeds of every kind, and the ways in which they are broken."""

import json
from zoneinfo import ZoneInfo

import pytest

from bot.errors import SourceError
from bot.ingest.feed.feed import parse_feed
from bot.ingest.identity.source_ids import number_of
from bot.ingest.items import Feed
from bot.ingest.page.listing import parse_listing
from bot.ingest.parsing.parser import Parser
from bot.ingest.raw_document import RawDocument
from persian.jalali import format_ascii

_ZONE = ZoneInfo("Asia/Tehran")
_URL = "https://example.org/feed"


def _feed(text: str) -> Feed:
    return parse_feed(RawDocument(text.encode(), "", _URL), _ZONE)


def _rss(items: str) -> str:
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>آزمون</title><language>fa</language>{items}</channel></rss>'


def test_rss_with_and_without_zones() -> None:
    feed = _feed(
        _rss(
            "<item><title>یک</title><link>/news/11/x</link><pubDate>Wed, 24 Dec 2025 15:16:00 +0330</pubDate></item>"
            "<item><title>دو</title><link>https://example.org/news/12/x</link><pubDate>2025-12-24T15:16:00</pubDate></item>"
            "<item><title>سه</title><link>https://example.org/news/13/x</link><pubDate>24 Dec 2025 15:16:00 +0330</pubDate></item>"
            "<item><title>چهار</title><link>https://example.org/news/14/x</link></item>"
        )
    )
    dates = [item.published_at and format_ascii(item.published_at, _ZONE) for item in feed.items]
    assert dates == ["1404/10/03 15:16"] * 3 + [None]
    assert [item.number for item in feed.items] == ["11", "12", "13", "14"]
    assert feed.items[0].url == "https://example.org/news/11/x"


def test_atom_rdf_and_json() -> None:
    atom = _feed(
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>آ</title><entry><id>tag:1</id><title type="html">تیتر &amp;amp; دو</title>'
        '<link href="https://example.org/a"/><updated>2025-12-24T11:46:00Z</updated><summary>خلاصه</summary></entry></feed>'
    )
    assert (atom.items[0].guid, atom.items[0].title, atom.items[0].summary) == ("tag:1", "تیتر & دو", "خلاصه")
    rdf = _feed(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        '<channel rdf:about="x"><title>ر</title></channel><item rdf:about="https://example.org/r"><title>تیتر</title><link>https://example.org/r</link><dc:date>2025-12-24T15:16:00+03:30</dc:date></item></rdf:RDF>'
    )
    assert rdf.items[0].published_at == atom.items[0].published_at
    json_feed = _feed(
        '{"version":"https://jsonfeed.org/version/1.1","title":"ج","items":[{"id":"7","url":"https://example.org/j","title":"تیتر","content_text":"متن","date_published":"2025-12-24T15:16:00+03:30"}]}'
    )
    assert json_feed.items[0].body[0].html == "متن"
    assert json_feed.items[0].published_at == atom.items[0].published_at


def test_hostile_titles_come_out_as_text() -> None:
    feed = _feed(
        _rss(
            "<item><title>&lt;script&gt;alert(1)&lt;/script&gt;خبر &lt;b&gt;مهم&lt;/b&gt;</title><link>javascript:alert(1)</link></item>"
        )
    )
    assert feed.items[0].title == "خبر مهم"
    assert feed.items[0].url == ""


@pytest.mark.parametrize("text", ["", "<html><body>no</body></html>", "{}", "[1]", "plain words", "\x00" * 100])
def test_what_is_no_feed_is_refused(text: str) -> None:
    with pytest.raises(SourceError):
        _feed(text)


def test_a_damaged_feed_gives_what_can_be_read() -> None:
    whole = _rss("<item><title>سالم</title><link>https://example.org/1</link></item><item><title>بریده")
    assert "سالم" in [item.title for item in _feed(whole.replace("</channel></rss>", "")).items]


def test_an_entry_that_the_feed_breaks_off_in_waits_until_it_is_whole() -> None:
    whole = _rss(
        "<item><title>سالم</title><link>https://example.org/1</link></item><item><title>نیمه</title><link>https://example.org/2</link></item>"
    )
    for cut_at in ("ple.org/2", "</link></item></channel>", "</item></channel>"):
        torn = whole[: whole.rindex(cut_at)]
        assert [item.title for item in _feed(torn).items] == ["سالم"]
    assert [item.title for item in _feed(whole.removesuffix("</channel></rss>")).items] == ["سالم", "نیمه"]


@pytest.mark.parametrize(
    "date", ["2025/12/24 15:16", "2025/12/24 15:16:00", "1404/10/03 15:16", "۳ دی ۱۴۰۴، ۱۵:۱۶"]
)
def test_dates_with_the_year_first_or_in_jalali(date: str) -> None:
    at = (
        _feed(_rss(f"<item><title>یک</title><link>/news/1/x</link><pubDate>{date}</pubDate></item>"))
        .items[0]
        .published_at
    )
    assert at is not None
    assert format_ascii(at, _ZONE) == "1404/10/03 15:16"


def test_a_month_first_date_is_never_guessed_at() -> None:
    feed = _feed(
        _rss("<item><title>یک</title><link>/news/1/x</link><pubDate>12/9/2025 3:00:25 AM</pubDate></item>")
    )
    assert feed.items[0].published_at is None


def test_the_section_is_the_narrowest_name_of_the_first_section() -> None:
    feed = _feed(
        _rss(
            "<item><title>یک</title><link>/news/1/x</link><category>استان‌ها &gt; کرانه</category><category>دریا</category></item>"
        )
    )
    assert (feed.items[0].section, feed.items[0].categories) == ("کرانه", ("استان‌ها", "کرانه", "دریا"))


def test_of_a_section_with_a_label_people_read_that() -> None:
    feed = _feed(
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>آ</title><entry><id>1</id><title>یک</title>'
        '<category term="c-12" label="سیاست" scheme="https://example.org/c"/><category term="آب"/></entry></feed>'
    )
    assert (feed.items[0].section, feed.items[0].categories) == ("سیاست", ("سیاست", "آب"))


@pytest.mark.parametrize("name", ["publishDate", "publicationDate", "prism:publicationDate", "pubdate", "dc:date"])
def test_dates_under_other_names(name: str) -> None:
    spaces = 'xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/"'
    dated = f"<item><title>یک</title><{name}>2025-12-24T15:16:00+03:30</{name}></item>"
    at = _feed(_rss(dated).replace("<rss ", f"<rss {spaces} ")).items[0].published_at
    assert at is not None
    assert format_ascii(at, _ZONE) == "1404/10/03 15:16"


@pytest.mark.parametrize(
    ("inner", "byline"),
    [
        ("<dc:creator>سارا نیک</dc:creator><dc:creator>علی راد</dc:creator>", "سارا نیک، علی راد"),
        ("<author>sara@example.org (Sara Nik)</author><author>Ali Rad</author>", "Sara Nik, Ali Rad"),
        ("<dc:creator>سارا نیک</dc:creator><dc:creator>سارا نیک</dc:creator>", "سارا نیک"),
        # A podcast's own name is no second author.
        ("<dc:creator>سارا نیک</dc:creator><itunes:author>رادیو نمونه</itunes:author>", "سارا نیک"),
    ],
)
def test_all_authors_are_named(inner: str, byline: str) -> None:
    assert _feed(_rss(f"<item><title>یک</title>{inner}</item>")).items[0].byline == byline


def test_all_authors_of_atom_and_json_are_named() -> None:
    people = "<author><name>سارا نیک</name></author><author><name>علی راد</name></author>"
    atom = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>آ</title><entry><id>1</id><title>یک</title>{people}</entry></feed>'
    json_feed = '{"version":"https://jsonfeed.org/version/1.1","items":[{"title":"یک","authors":[{"name":"سارا نیک"},{"name":"علی راد"}]}]}'
    assert [_feed(text).items[0].byline for text in (atom, json_feed)] == ["سارا نیک، علی راد"] * 2


_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_NEWS, _IMAGE = (f"http://www.google.com/schemas/sitemap-{kind}" for kind in ("news/0.9", "image/1.1"))


@pytest.mark.parametrize(
    ("own", "news", "image"), [("", "news:", "image:"), ("", "n:", "i:"), ("sm:", "news:", "img:")]
)
def test_a_news_sitemap_may_have_any_prefixes(own: str, news: str, image: str) -> None:
    names = ((own, _SITEMAP), (news, _NEWS), (image, _IMAGE))
    spaces = " ".join(f'xmlns{":" * bool(prefix)}{prefix.rstrip(":")}="{uri}"' for prefix, uri in names)
    inner = (
        f"<{own}loc>https://example.org/n/1</{own}loc><{news}news><{news}publication><{news}name>ن</{news}name>"
        f"<{news}language>fa</{news}language></{news}publication><{news}title><![CDATA[پل & رود]]></{news}title>"
        f"<{news}publication_date>2025-12-24T15:16:00+03:30</{news}publication_date></{news}news>"
        f"<{image}image><{image}loc>https://example.org/a.jpg</{image}loc></{image}image>"
    )
    feed = _feed(f"<{own}urlset {spaces}><{own}url>{inner}</{own}url></{own}urlset>")
    (item,) = feed.items
    assert (feed.title, feed.language, item.title, item.url) == ("ن", "fa", "پل & رود", "https://example.org/n/1")
    assert item.photo == "https://example.org/a.jpg"
    assert item.published_at is not None


def test_numbers_in_addresses() -> None:
    assert number_of("https://a.ir/fa/news/1399497/slug") == "1399497"
    assert number_of("https://a.ir/news/۱۲/x", "https://a.ir/?p=55") == "55"
    assert number_of("https://a.ir/fa/news/1405/03/29/3620901/x") == "3620901"
    assert number_of("https://a.ir/about") == ""


def test_a_listing_gives_links_of_its_own_host() -> None:
    page = '<a href="/news/1/a">یک</a><a href="/news/1/a"><img></a><a href="https://other.org/news/2/b">دو</a><a href="/about">درباره</a>'
    links = parse_listing(RawDocument(page.encode(), "", "https://example.org/list"))
    assert [(link.url, link.text) for link in links] == [("https://example.org/news/1/a", "یک")]
    with pytest.raises(SourceError):
        parse_listing(RawDocument(b"<p>nothing</p>", "", "https://example.org/list"))
    with pytest.raises(SourceError):
        parse_listing(RawDocument(page.encode(), "", "https://example.org/list"), "a[[")


def test_a_link_to_the_comments_does_not_name_an_article() -> None:
    page = '<a href="/news/1/a">سد تازه</a><a href="/news/1/a#comments">۳ نظر دربارهٔ این سد تازه</a>'
    links = parse_listing(RawDocument(page.encode(), "", "https://example.org/list"))
    assert [(link.url, link.text) for link in links] == [("https://example.org/news/1/a", "سد تازه")]


@pytest.mark.parametrize(
    "path", ["/a/slug/33123456.html", "/fa-ir/slug/a-71234567", "/news/politics/1234567", "/show.aspx?id=12345"]
)
def test_a_listing_knows_articles_by_any_number_of_theirs(path: str) -> None:
    page = f'<a href="{path}">سد تازه</a><a href="/tag/12345">سد</a><a href="/page/22345">۲</a>'
    links = parse_listing(RawDocument(page.encode(), "", "https://example.org/list"))
    assert [link.url for link in links] == [f"https://example.org{path}"]


async def test_a_parser_that_hangs_is_ended_and_the_next_request_works() -> None:
    # Whole seconds of CPU for the bomb, milliseconds for a feed: the limit lies between them on any machine.
    parser = Parser(seconds=0.5, processes=1)
    try:
        bomb = (
            b'<?xml version="1.0"?><rss version="2.0"><channel><item><description>'
            + b"& " * 1_000_000
            + b"</description></item></channel></rss>"
        )
        with pytest.raises(SourceError, match="more than"):
            await parser.feed(RawDocument(bomb, "", _URL), _ZONE)
        good = _rss("<item><title>پس از بمب</title><link>https://example.org/1</link></item>")
        (item,) = (await parser.feed(RawDocument(good.encode(), "", _URL), _ZONE)).items
        assert item.candidate.content.title == "پس از بمب"
    finally:
        await parser.close()


def test_rss_in_json_is_read_as_the_rss_that_it_stands_for() -> None:
    items: list[object] = [
        {
            "title": "یک & دو",
            "link": "/news/11/x",
            "guid": {"isPermaLink": "false", "#value": "11"},
            "pubDate": "Wed, 24 Dec 2025 15:16:00 +0330",
            "description": "<p>شرح خبر در یک سطر کوتاه.</p>",
            "category": ["سیاسی", "جهان"],
            "enclosure": {"url": "https://example.org/a.jpg", "type": "image/jpeg", "length": 12},
            "dc:creator": "سارا کریمی",
        },
        {"title": "سه", "link": "https://example.org/news/13/x"},
    ]
    feed = _feed(json.dumps({"rss": {"version": "2.0", "channel": {"title": "آزمون", "item": items}}}))
    first, second = feed.items
    assert (feed.title, first.title, first.guid, first.url) == (
        "آزمون",
        "یک & دو",
        "11",
        "https://example.org/news/11/x",
    )
    assert first.published_at is not None
    assert format_ascii(first.published_at, _ZONE) == "1404/10/03 15:16"
    assert (first.summary, first.categories) == ("شرح خبر در یک سطر کوتاه.", ("سیاسی", "جهان"))
    assert (first.photo, first.byline) == ("https://example.org/a.jpg", "سارا کریمی")
    assert second.title == "سه"
    # One item may stand without a list.
    assert [item.title for item in _feed(json.dumps({"rss": {"channel": {"item": items[1]}}})).items] == ["سه"]


@pytest.mark.parametrize("rss", [None, 5, [], {}, {"channel": []}, {"channel": None}])
def test_json_without_a_channel_is_no_rss(rss: object) -> None:
    with pytest.raises(SourceError, match="not a feed"):
        _feed(json.dumps({"rss": rss}))


def test_values_of_wrong_types_in_rss_in_json_cost_no_other_item() -> None:
    items: list[object] = [
        5,
        None,
        [[]],
        {"title": {"a": []}, "link": [], "image": {"url": {}}},
        {"title": "سالم", "link": "/n/1"},
    ]
    feed = _feed(json.dumps({"rss": {"channel": {"title": [], "item": items, "<x>": 5}}}))
    assert "سالم" in [item.title for item in feed.items]
