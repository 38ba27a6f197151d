"""The address of an entry's article, and what names the entry."""

import pytest

from bot.ingest.markup.sanitise import absolute_url
from tests.unit.ingest.feeds import URL, entry, item, read, rss


def _link(href: str, **attributes: str) -> str:
    return f'<link href="{href}" {" ".join(f"{name}={value!r}" for name, value in attributes.items())}/>'


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("https://paper.example/k?id=7&cat=3&lang=fa&copy=1", "https://paper.example/k?id=7&cat=3&lang=fa&copy=1"),
        ("https://paper.example/k?id=7&amp;lang=fa", "https://paper.example/k?id=7&lang=fa"),
        ("https://paper.example/k?id=7&amp;amp;lang=fa", "https://paper.example/k?id=7&lang=fa"),
        ("<![CDATA[https://paper.example/k?id=7&lang=fa]]>", "https://paper.example/k?id=7&lang=fa"),
        ("\n  https://paper.example/n/1\n ", "https://paper.example/n/1"),
        ("/n/77", "https://paper.example/n/77"),
        ("n/77", "https://paper.example/feed/n/77"),
        ("//cdn.example/n/78", "https://cdn.example/n/78"),
        ("http://https://paper.example/n/83", "https://paper.example/n/83"),
        ("\u200ehttps://paper.example/n/84\u200f", "https://paper.example/n/84"),
        ("https://paper.example/\n    n/85", "https://paper.example/n/85"),
        ("www.other.example/n/79", "https://www.other.example/n/79"),
        ("paper.example/n/80", "https://paper.example/n/80"),
        ("paper.example.html", "https://paper.example/feed/paper.example.html"),
        ("https:/paper.example/n/81", "https://paper.example/n/81"),
        ("https://paper.example/خبر تازه/82", "https://paper.example/خبر%20تازه/82"),
        ("https://paper.example/%D8%AE?utm_source=rss&b=%D8%AE", "https://paper.example/%D8%AE?b=%D8%AE"),
        ("N/A", ""),
        ("#", ""),
        ("javascript:alert(1)", ""),
        ("mailto:desk@paper.example", ""),
    ],
)
def test_a_link_is_read_as_it_was_meant(written: str, address: str) -> None:
    assert item(f"<link>{written}</link>").url == address


def test_the_web_page_counts_before_other_documents() -> None:
    page, other = (
        _link("https://paper.example/a"),
        _link("https://paper.example/a.pdf", rel="alternate", type="application/pdf"),
    )
    nostr = _link("nostr:x1", rel="alternate", type="application/nostr+json")
    data = _link("https://paper.example/a.json", rel="alternate", type="application/json")
    own = _link("https://paper.example/entry/1", rel="self")
    sound = _link("https://paper.example/a.mp3", rel="enclosure", type="audio/mpeg")
    for links in (other + page, nostr + data + page, own + sound + page):
        assert entry(f"<title>ی</title>{links}").url == "https://paper.example/a"
    assert entry(f"<title>ی</title>{other}").url == "https://paper.example/a.pdf"
    assert entry(f"<title>ی</title>{own}{sound}{data}").url == ""


def test_the_page_in_the_feeds_language_counts_before_others() -> None:
    english = _link("https://paper.example/en/3", rel="alternate", hreflang="en")
    persian = _link("https://paper.example/fa/3", rel="alternate", hreflang="fa-IR")
    neutral = _link("https://paper.example/3")
    assert entry(f"<title>پل باز شد</title>{english}{persian}").url == "https://paper.example/fa/3"
    assert entry(f"<title>Bridge opens</title>{persian}{english}").url == "https://paper.example/en/3"
    assert entry(f"<title>پل باز شد</title>{english}{neutral}").url == "https://paper.example/3"


def test_links_of_atom_within_rss_are_not_the_article() -> None:
    inner = '<atom:link rel="self" href="https://paper.example/feed/1"/><atom:link rel="alternate" type="application/json" href="https://paper.example/j/1"/><link>https://paper.example/h/1</link>'
    assert item(inner).url == "https://paper.example/h/1"
    assert (
        item(
            f"{inner}<image><url>https://img.example/1.jpg</url><link>https://paper.example/</link><title>نشان</title></image>"
        ).url
        == "https://paper.example/h/1"
    )


def test_a_guid_that_is_an_address_stands_in_for_the_link() -> None:
    assert item("<guid>https://paper.example/g/1</guid>").url == "https://paper.example/g/1"
    assert (
        item("<link/><guid isPermaLink='false'>https://paper.example/?p=1</guid>").url
        == "https://paper.example/?p=1"
    )
    assert (
        item("<link>https://paper.example/n/1</link><guid>https://paper.example/</guid>").url
        == "https://paper.example/n/1"
    )
    assert item("<guid>tag:paper.example,1</guid>").url == ""


@pytest.mark.parametrize(
    ("guid", "address"),
    [
        ("/n/77", "https://paper.example/n/77"),
        ("n-77", ""),
        ("/", ""),
        ("/n 77", ""),
        ("tag:paper.example,2026:77", ""),
    ],
)
def test_a_guid_that_is_a_path_stands_in_for_the_link(guid: str, address: str) -> None:
    assert item(f"<guid>{guid}</guid>").url == address


@pytest.mark.parametrize(
    ("written", "address"),
    [
        (
            "https://www.google.com/url?rct=j&amp;sa=t&amp;url=https://paper.example/news/123%3Fpage%3Dfa&amp;ct=ga&amp;cd=CAI",
            "https://paper.example/news/123?page=fa",
        ),
        (
            "http://www.bing.com/news/apiclick.aspx?ref=FexRss&amp;aid=&amp;url=https%3a%2f%2fpaper.example%2fn%2f9&amp;c=1",
            "https://paper.example/n/9",
        ),
        ("https://t.me/iv?url=https%3A%2F%2Fpaper.example%2Fn%2F9&amp;rhash=1", "https://paper.example/n/9"),
        ("https://paper.example/login?url=https://paper.example/n/9", "https://paper.example/login?url=https://paper.example/n/9"),
    ],
)  # fmt: skip
def test_a_link_by_way_of_a_search_engine_leads_to_the_article(written: str, address: str) -> None:
    assert item(f"<link>{written}</link>").url == address
    assert entry(f'<title>ی</title><link href="{written}"/>').url == address


@pytest.mark.parametrize(
    "link",
    [
        "http://feedproxy.google.com/~r/paper/~3/1Ab-cD/the-bridge",
        "https://feeds.paper.example/~r/paper/~3/1Ab-cD/",
        "http://rss.feedsportal.com/c/1/f/2/s/3/l/0L0Spaper/story01.htm",
    ],
)
def test_a_counter_of_readers_gives_way_to_a_guid_that_is_an_address(link: str) -> None:
    guid = "<guid isPermaLink='false'>https://paper.example/n/5-the-bridge</guid>"
    assert item(f"<link>{link}</link>{guid}").url == "https://paper.example/n/5-the-bridge"
    assert item(f"<link>{link}</link><guid>{link}</guid>").url == link
    assert item(f"<link>{link}</link><guid>https://paper.example/</guid>").url == link


def test_links_within_text_are_not_seen_from_a_counter_of_readers() -> None:
    read_item = item(
        '<link>http://feeds.paper.example/~r/p/~3/1/</link><description>&lt;img src="/u/a.jpg"&gt;متن.</description>'
    )
    assert read_item.photo == "https://paper.example/u/a.jpg"


def test_an_attribute_of_a_link_is_not_its_address() -> None:
    assert (
        item('<link uri="at://did:plc:x/post/1">https://paper.example/n/1</link>').url
        == "https://paper.example/n/1"
    )
    assert item('<link url="https://paper.example/n/1"/>').url == "https://paper.example/n/1"


def test_the_canonical_link_stands_in_for_an_alternate() -> None:
    canonical = _link("https://paper.example/a", rel="canonical")
    assert entry(f"<title>ی</title>{canonical}").url == "https://paper.example/a"
    assert entry(f"<title>ی</title>{canonical}{_link('https://paper.example/b')}").url == "https://paper.example/b"


def test_links_within_text_are_seen_from_the_base_that_the_feed_names() -> None:
    text = '<content type="html" xml:base="d/">&lt;p&gt;بند. &lt;a href="c"&gt;دو&lt;/a&gt;&lt;/p&gt;</content>'
    read_item = entry(
        f'<title>ی</title><link href="/x/y/z"/><summary>ش</summary>{text}', '<link rel="self" href="/feed"/>'
    )
    assert read_item.body[0].html == 'بند. <a href="https://paper.example/feed/d/c">دو</a>'
    picture = '<summary type="html" xml:base="https://img.example/d/">بند. &lt;img src="c.jpg"&gt;</summary>'
    assert entry(f'<title>ی</title><link href="/x/y/z"/>{picture}').photo == "https://img.example/d/c.jpg"


def test_the_original_link_counts_before_a_forwarders() -> None:
    inner = "<link>https://feeds.example/~r/x/1</link><feedburner:origLink>https://paper.example/n/5</feedburner:origLink>"
    assert item(inner).url == "https://paper.example/n/5"


@pytest.mark.parametrize(
    ("written", "guid"),
    [
        ("<guid> pod-3\n</guid>", "pod-3"),
        ("<guid>1234</guid>", "1234"),
        ("<guid>/n/5</guid>", "/n/5"),
        ("<guid isPermaLink='false'>N/A</guid>", "N/A"),
        ("<guid>https://paper.example/?a=1&b=2</guid>", "https://paper.example/?a=1&b=2"),
        ("", ""),
    ],
)
def test_a_guid_is_kept_as_it_is_written(written: str, guid: str) -> None:
    assert item(f"{written}<link>https://paper.example/n/1</link>").guid == guid


def test_an_absurd_guid_becomes_a_hash() -> None:
    guid = item(f"<guid>{'x' * 5000}</guid>").guid
    assert len(guid) == 64
    assert guid != item(f"<guid>{'x' * 5001}</guid>").guid
    assert len(item("<guid>a\nb</guid>").guid) == 64


def test_all_items_are_returned_but_those_that_are_the_same_in_all() -> None:
    one = "<item><title>هشدار باران</title><link>https://paper.example/</link></item>"
    two = "<item><title>هشدار باد</title><link>https://paper.example/</link></item>"
    assert [read_item.title for read_item in read(rss(one + two + one)).items] == ["هشدار باران", "هشدار باد"]
    numbered = "".join(
        f"<item><title>برنامه</title><link>https://paper.example/pod</link><guid>pod-{n}</guid></item>"
        for n in range(4)
    )
    assert [read_item.guid for read_item in read(rss(numbered)).items] == ["pod-0", "pod-1", "pod-2", "pod-3"]
    nameless = "".join(
        f"<item><title>اطلاعیه</title><guid>N/A</guid><link>https://paper.example/na/{n}</link></item>"
        for n in range(3)
    )
    assert [read_item.url[-1] for read_item in read(rss(nameless)).items] == ["0", "1", "2"]


def test_links_within_text_are_seen_from_the_entry() -> None:
    read_item = entry(
        '<title>ی</title><link href="https://paper.example/a/b"/><content type="html">&lt;p&gt;بند.&lt;/p&gt;&lt;p&gt;&lt;a href="c"&gt;دو&lt;/a&gt;&lt;/p&gt;</content>'
    )
    assert read_item.body[-1].html == '<a href="https://paper.example/a/c">دو</a>'


@pytest.mark.parametrize(
    "address",
    ["http://[", "https://x.example:99999999/", "https://" + "a" * 5000, "https://u:p@x.example/", "\ud800"],
)
def test_addresses_that_are_none(address: str) -> None:
    assert absolute_url(address, URL) in ("", "https://paper.example/feed/\ufffd") or address.startswith(
        "https://x.example"
    )


@pytest.mark.parametrize(
    ("guid", "address"),
    [
        ("<guid>/news/12/slug</guid>", "https://paper.example/news/12/slug"),
        ('<guid isPermaLink="true">/news/12/slug</guid>', "https://paper.example/news/12/slug"),
        ('<guid isPermaLink="true">news/12/slug</guid>', "https://paper.example/news/12/slug"),
        ('<guid isPermaLink="true">./news/12</guid>', "https://paper.example/news/12"),
        ("<guid>?p=12</guid>", "https://paper.example/?p=12"),
        ("<guid>//paper.example/news/12</guid>", "https://paper.example/news/12"),
        ("<guid>paper.example/news/12</guid>", "https://paper.example/news/12"),
        ("<guid>www.paper.example/news/12</guid>", "https://www.paper.example/news/12"),
        ("<guid>the-bridge.html</guid>", "https://paper.example/the-bridge.html"),
        ("<guid>12345</guid>", ""),
        ("<guid>urn:uuid:6f1c1e0a/5c1c</guid>", ""),
        ('<guid isPermaLink="false">news/12</guid>', ""),
        ('<guid isPermaLink="false">2026/11/28 12:30</guid>', ""),
        ("<guid>N/A</guid>", ""),
    ],
)
def test_a_relative_permalink_is_the_address(guid: str, address: str) -> None:
    assert item(guid).url == address


def test_a_link_comes_before_a_relative_permalink() -> None:
    read_item = item("<link>https://paper.example/a/the-bridge</link><guid>/news/12</guid>")
    assert (read_item.url, read_item.guid) == ("https://paper.example/a/the-bridge", "/news/12")


@pytest.mark.parametrize(
    ("link", "guid", "address"),
    [
        ("https://paper.example", "https://paper.example/n/1", "https://paper.example/n/1"),
        ("https://paper.example/", "https://paper.example/?p=71", "https://paper.example/?p=71"),
        ("https://paper.example/fa/", "/n/1", "https://paper.example/n/1"),
        ("https://paper.example/n/2", "https://paper.example/n/1", "https://paper.example/n/2"),
        ("https://paper.example/", "https://other.example/n/1", "https://paper.example/"),
        ("https://paper.example/", "n-1", "https://paper.example/"),
    ],
)
def test_a_link_to_the_front_page_gives_way_to_the_entrys_own_address(link: str, guid: str, address: str) -> None:
    assert item(f"<link>{link}</link><guid isPermaLink='false'>{guid}</guid>").url == address
