"""Discovery: any address of a site leads to what can be a source of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from zoneinfo import ZoneInfo

import pytest

from bot.clock import now_ms
from bot.errors import SourceError
from bot.ingest.discovery import discovery as module
from bot.ingest.discovery.discovery import Discovery
from bot.ingest.discovery.found_source import FoundBy
from bot.ingest.fetch.fetcher import Fetcher
from bot.ingest.fetch.ssrf_guard import AllowList
from bot.ingest.fetch.turns import Ticket, Urgency
from bot.ingest.page.page_links import parse_page_links
from bot.ingest.parsing.parser import Parser
from bot.ingest.parsing.shares import HeldPlace, Shares
from bot.ingest.raw_document import RawDocument
from bot.ingest.site_reader import SiteReader
from storage.records import SourceKind
from tests.flows.news_site import NewsSite, article_page

ZONE = ZoneInfo("Asia/Tehran")
NEWS_SITEMAP = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc>/news/501/x</loc><news:news><news:publication><news:name>خبرگزاری نمونه</news:name>
<news:language>fa</news:language></news:publication><news:publication_date>2026-11-27T10:00:00+03:30</news:publication_date>
<news:title><![CDATA[آب & برق در استان ارزان شد]]></news:title><news:keywords>اقتصاد، انرژی</news:keywords></news:news>
<image:image><image:loc>/files/501.jpg</image:loc></image:image></url>
<url><loc>/news/502/x</loc><news:news><news:publication_date>2026-11-28T09:00:00+03:30</news:publication_date>
<news:title>نخستین برف پاییزی بارید</news:title></news:news></url>
<url><loc>/about</loc><lastmod>2026-11-28</lastmod></url></urlset>"""
HEADLINES = "".join(
    f'<li class="row"><h3 class="title"><a href="/culture/story-of-{word}">داستان بلند شهر {word} در پاییز</a></h3></li>'
    for word in ("alpha", "beta", "gamma", "delta")
)


@pytest.fixture
async def discovery() -> AsyncIterator[Discovery]:
    fetcher, parser = Fetcher(now_ms, allow=AllowList(("127.0.0.1",))), Parser(processes=1)
    yield Discovery(SiteReader(fetcher, parser, now_ms, ZONE))
    await parser.close()
    await fetcher.close()


async def test_the_feed_that_a_page_declares_comes_first_and_comments_never(
    site: NewsSite, discovery: Discovery
) -> None:
    site.add_item(31, "خبر سی و یکم")
    site.add_item(32, "خبر سی و دوم")
    site.pages["/comments.xml"] = site.pages["/feed.xml"]
    address = site.put(
        "/fa/news/31",
        '<html><head><title>خبر</title><link rel="alternate" type="application/rss+xml" title="نظرات" href="/comments.xml">'
        '<link rel="ALTERNATE" type="application/rss+xml; charset=utf-8" title="همهٔ خبرها" href="/feed.xml"></head>'
        '<body><a href="/gone/rss">RSS</a><p>متن</p></body></html>',
    )
    offered = await discovery.discover(address)
    assert [source.url for source in offered] == [f"{site.url}/feed.xml"]
    assert (offered[0].kind, offered[0].found_by, offered[0].count) == (SourceKind.FEED, FoundBy.LINK, 2)
    assert [sample.content.title for sample in offered[0].newest] == ["خبر سی و دوم", "خبر سی و یکم"]


async def test_a_feed_answers_for_itself(site: NewsSite, discovery: Discovery) -> None:
    site.add_item(41, "خبر")
    offered = await discovery.discover(f"{site.url}/feed.xml")
    assert [(source.found_by, source.title) for source in offered] == [(FoundBy.ADDRESS, "آزمون")]
    assert site.asked == ["/feed.xml"]


async def test_a_feed_is_found_at_a_common_path(site: NewsSite, discovery: Discovery) -> None:
    site.add_item(51, "خبر")
    site.pages["/rss"] = site.pages["/feed.xml"]
    del site.pages["/feed.xml"]
    offered = await discovery.discover(site.put("/", "<title>سایت</title><p>هیچ پیوندی نیست</p>"))
    assert [(source.url, source.found_by) for source in offered] == [(f"{site.url}/rss", FoundBy.COMMON_PATH)]


async def test_a_page_that_lists_the_feeds_of_a_site_leads_to_them(site: NewsSite, discovery: Discovery) -> None:
    site.add_item(61, "خبر")
    site.pages["/fa/rss/sport"] = site.pages["/fa/rss/2"] = site.pages["/feed.xml"]
    del site.pages["/feed.xml"]
    feeds = "".join(f'<li><a href="/fa/rss/{name}">{name}</a></li>' for name in ("sport", "2", "gone"))
    site.put("/fa/rss", f"<title>فهرست خوراک‌ها</title><ul>{feeds}</ul>")
    offered = await discovery.discover(
        site.put("/", '<title>سایت</title><footer><a href="/fa/rss">RSS</a></footer>')
    )
    assert [(source.url, source.found_by) for source in offered] == [
        (f"{site.url}/fa/rss/sport", FoundBy.LINK),
        (f"{site.url}/fa/rss/2", FoundBy.LINK),
    ]


async def test_a_news_sitemap_is_a_feed_and_is_found_through_an_index_in_robots_txt(
    site: NewsSite, discovery: Discovery
) -> None:
    site.put("/sitemaps/news-1.xml", NEWS_SITEMAP, content_type="application/xml")
    site.put(
        "/index-of-maps.xml",
        f"<sitemapindex><sitemap><loc>{site.url}/old.xml</loc><lastmod>2020-01-01</lastmod></sitemap>"
        f"<sitemap><loc>{site.url}/sitemaps/news-1.xml</loc></sitemap></sitemapindex>",
        content_type="application/xml",
    )
    site.put(
        "/robots.txt",
        f"User-agent: *\nDisallow:\nSITEMAP: {site.url}/index-of-maps.xml\n",
        content_type="text/plain",
    )
    offered = await discovery.discover(site.put("/", "<title>سایت</title>"))
    assert [(source.url, source.found_by, source.count) for source in offered] == [
        (f"{site.url}/sitemaps/news-1.xml", FoundBy.SITEMAP, 2)
    ]
    newest, older = offered[0].newest
    assert newest.content.title == "نخستین برف پاییزی بارید"
    assert older.content.title == "آب & برق در استان ارزان شد"
    assert older.content.photo == f"{site.url}/files/501.jpg"
    assert older.category_words == ("اقتصاد", "انرژی")
    assert older.provenance.number == "501"


async def test_a_page_without_feeds_is_offered_as_a_listing_with_a_selector_that_works(
    site: NewsSite, discovery: Discovery
) -> None:
    menu = "".join(f'<a href="/section/{n}">بخش شمارهٔ {n} از سایت ما</a>' for n in "abcd")
    page = f'<title>سایت</title><nav>{menu}</nav><ul class="list">{HEADLINES}</ul>'
    offered = await discovery.discover(site.put("/", page))
    assert [(source.kind, source.found_by) for source in offered] == [(SourceKind.LISTING, FoundBy.LISTING)]
    assert offered[0].count == 4
    assert offered[0].newest[0].content.title == "داستان بلند شهر alpha در پاییز"


async def test_lists_of_the_same_headlines_are_offered_once(site: NewsSite, discovery: Discovery) -> None:
    links = "".join(
        f'<li><a href="/fa/news/{n}/story">داستان بلند شهر شمارهٔ {n} در پاییز</a></li>' for n in range(700, 708)
    )
    page = f'<title>سایت</title><main><h1>سایت</h1><ul class="latest">{links}</ul></main>'
    offered = await discovery.discover(site.put("/", page))
    assert [(source.kind, source.count) for source in offered] == [(SourceKind.LISTING, 8)]


async def test_a_site_that_offers_nothing_offers_nothing(site: NewsSite, discovery: Discovery) -> None:
    assert await discovery.discover(site.put("/", "<title>سایت</title><p>متن</p>")) == ()


async def test_a_site_of_endless_feeds_and_sitemaps_gets_a_few_requests(
    site: NewsSite, discovery: Discovery
) -> None:
    def index(*addresses: str) -> str:
        return (
            f"<sitemapindex>{''.join(f'<sitemap><loc>{url}</loc></sitemap>' for url in addresses)}</sitemapindex>"
        )

    # Each index names itself and many others, the page many feeds at addresses inside and outside.
    names = [f"{site.url}/index-{number}.xml" for number in range(200)]
    for number in range(20):
        site.put(f"/index-{number}.xml", index(*names), content_type="application/xml")
    site.put("/robots.txt", "".join(f"Sitemap: {name}\n" for name in names), content_type="text/plain")
    feeds = (
        "http://169.254.169.254/feed",
        "http://user:password@10.0.0.1/feed",
        *(f"/f{n}.xml" for n in range(5_000)),
    )
    links = "".join(f'<link rel="alternate" type="application/rss+xml" href="{feed}">' for feed in feeds)
    assert await discovery.discover(site.put("/", f"<head><title>سایت</title>{links}</head>")) == ()
    assert len(site.asked) < 40


async def test_what_does_not_answer_keeps_nothing_back_that_was_found(
    site: NewsSite, discovery: Discovery, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The parser runs before the time does.
    news = site.put("/news.xml", NEWS_SITEMAP, content_type="application/xml")
    assert await discovery.discover(news)
    monkeypatch.setattr(module, "SECONDS", 4.0)
    site.put("/robots.txt", f"Sitemap: {site.url}/news.xml", content_type="text/plain")
    site.put("/never.xml", "", gate=asyncio.Event())
    front = site.put("/", '<link rel="alternate" type="application/rss+xml" href="/never.xml">')
    async with asyncio.timeout(10):
        assert [source.url for source in await discovery.discover(front)] == [news]


async def test_a_look_through_a_site_has_the_share_of_a_source(
    site: NewsSite, discovery: Discovery, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Ticket] = []
    acquire = Shares.acquire

    def recorded(shares: Shares, ticket: Ticket) -> AbstractAsyncContextManager[HeldPlace]:
        asked.append(ticket)
        return acquire(shares, ticket)

    monkeypatch.setattr(Shares, "acquire", recorded)
    site.put("/robots.txt", f"Sitemap: {site.url}/news.xml", content_type="text/plain")
    site.put("/news.xml", NEWS_SITEMAP, content_type="application/xml")
    site.add_item(61, "خبر")
    front = site.put("/", f'<link rel="alternate" type="application/rss+xml" href="/feed.xml"><ul>{HEADLINES}</ul>')
    looks = []
    for _ in range(2):
        assert await discovery.discover(front)
        assert len(asked) > 5
        looks.append({ticket.source_id for ticket in asked})
        assert all(ticket.is_awaited and ticket.priority is Urgency.URGENT for ticket in asked)
        asked.clear()
    assert [len(look) for look in looks] == [1, 1]
    assert looks[0] != looks[1]
    assert None not in looks[0] | looks[1]


async def test_an_address_that_does_not_answer_is_an_error(site: NewsSite, discovery: Discovery) -> None:
    with pytest.raises(SourceError, match="404"):
        await discovery.discover(f"{site.url}/gone")


@pytest.mark.parametrize(
    ("attributes", "is_feed"),
    [
        ('rel="alternate" type="application/rss+xml"', True),
        ('rel="home ALTERNATE" type=" Application/Atom+XML "', True),
        ('rel="alternate" type="application/x.atom+xml"', True),
        ('rel="alternate" type="text/xml"', True),
        ('rel="alternate" type="application/json"', True),
        ('rel="feed"', True),
        ('rel="fEEd meat" type="application/feed+json"', True),
        ('rel="alternate stylesheet" type="text/xml"', False),
        ('rel="alternates" type="application/rss+xml"', False),
        ('rel="alternate" type="text/html"', False),
        ('rel="alternate"', False),
        ('rel="alternate" type="application/json+oembed"', False),
    ],
)
def test_what_declares_a_feed(attributes: str, is_feed: bool) -> None:
    page = f'<link {attributes} href="/all"><link rel="alternate" type="application/json" href="/wp-json/wp/v2/posts/7">'
    feeds = parse_page_links(RawDocument(page.encode(), "", "https://paper.example/")).feeds
    assert [feed.url for feed in feeds] == ["https://paper.example/all"] * is_feed


def test_links_that_look_like_feeds_count_on_the_page_s_own_host_alone() -> None:
    page = (
        b'<a href="/fa/rss/12">RSS</a><a href="http://other.example/rss">x</a><a href="/news/feedback">y</a>'
        b'<a href="/rss-help.html">z</a><a href="/world/atom.xml">w</a><a href="/fa/news/2/rss">v</a>'
    )
    links = parse_page_links(RawDocument(page, "text/html", "https://site.example/fa"))
    assert [link.url for link in links.feeds] == [
        "https://site.example/fa/rss/12",
        "https://site.example/world/atom.xml",
        "https://site.example/fa/news/2/rss",
    ]


def _sitemap_of(*entries: tuple[str, str]) -> str:
    urls = "".join(f"<url><loc>{path}</loc><lastmod>{changed}</lastmod></url>" for path, changed in entries)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'


_STORY = "بند این خبر که به اندازهٔ کافی بلند است تا خوانده شود و با نقطه به پایان می‌رسد."


async def test_a_sitemap_without_titles_is_a_list_where_its_pages_are_articles(
    site: NewsSite, discovery: Discovery
) -> None:
    for number in (601, 602):
        site.put(f"/news/{number}/x", article_page(f"خبر شمارهٔ {number}", number, "1404/10/03 15:16", [_STORY]))
    listed = (("/about", "2026-11-28"), ("/news/601/x", "2026-11-26"), ("/news/602/x", "2026-11-27"))
    site.put("/sitemap.xml", _sitemap_of(*listed))
    front = site.put("/", "<html><body><p>تهران</p></body></html>")
    (source,) = await discovery.discover(front)
    assert (source.url, source.kind, source.selector) == (f"{site.url}/sitemap.xml", SourceKind.LISTING, "")
    assert (source.found_by, source.count) == (FoundBy.SITEMAP, 2)
    assert [sample.content.title for sample in source.newest] == ["خبر شمارهٔ 602", "خبر شمارهٔ 601"]
    (itself,) = await discovery.discover(f"{site.url}/sitemap.xml")
    assert itself.found_by is FoundBy.ADDRESS

    site.put("/news/602/x", "<html><body><p>برای ادامه وارد شوید</p></body></html>")
    assert await discovery.discover(front) == ()
