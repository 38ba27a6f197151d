"""A check says for each field of an item where it stands, with which words, and what was left out."""

from zoneinfo import ZoneInfo

import pytest

from bot.errors import SourceError
from bot.ingest.parsing.evidence import explain
from bot.ingest.raw_document import RawDocument
from bot.ingest.source_report import ItemReport, SourceReport
from storage.records import SourceKind
from tests.flows.news_site import article_page

ZONE = ZoneInfo("Asia/Tehran")
NOW = 1_795_842_000_000
URL = "https://khabar.example/fa/news/1399497/x"
_STORY = "بند این خبر که به اندازهٔ کافی بلند است تا خوانده شود و با نقطه به پایان می‌رسد."


def _explained(
    markup: str, url: str = URL, kind: SourceKind | None = None, *, content_type: str = "text/html"
) -> SourceReport:
    return explain(RawDocument(markup.encode(), f"{content_type}; charset=utf-8", url), ZONE, NOW, kind, "")


def _origins(item: ItemReport) -> dict[str, tuple[str, str]]:
    return {field.name: (field.value, field.origin) for field in item.fields}


def test_a_page_tells_where_each_of_its_parts_stands() -> None:
    markup = (
        article_page(
            "نشست بندر برگزار شد",
            1399497,
            "چهارشنبه 1404/10/03 ساعت 15:16",
            [_STORY, _STORY + " دوم."],
            lead="لید خبر.",
        )
        .replace(
            "</head>",
            '<meta name="author" content="سارا احمدی"><meta property="og:image" content="/files/1.jpg">'
            '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "نشست بندر برگزار شد"}</script></head>',
        )
        .replace("<section><h3>نظرات", '<section class="comments"><h3>نظرات')
    )
    report = _explained(markup)
    (item,) = report.items
    origins = _origins(item)
    assert report.kind is SourceKind.PAGE
    assert origins["title"] == ("نشست بندر برگزار شد", "JSON-LD headline, og:title, h1")
    assert origins["lead"] == ("لید خبر.", "p.lead")
    assert origins["number"] == ("1399497", "label of the number, address")
    assert origins["byline"] == ("سارا احمدی", "author")
    assert origins["photo"] == ("https://khabar.example/files/1.jpg", "og:image")
    assert origins["body"][0].startswith("2 blocks")
    assert item.date is not None
    assert (item.date.at, item.date.origin) == (1_766_576_760_000, "label of the date")
    assert item.date.words == "چهارشنبه 1404/10/03 ساعت 15:16"
    assert (item.date.has_zone, item.date.is_day) == (False, False)
    assert [(section.value, section.origin) for section in item.sections] == [("بین‌الملل", "[class*=breadcrumb i]")]
    left_out = {omission.what: omission.count for omission in report.omissions}
    assert left_out["comments"] == 1
    assert left_out["blocks"] > 0


@pytest.mark.parametrize(
    ("written", "has_zone", "is_day"),
    [
        ("2025-12-24T15:16:00+03:30", True, False),
        ("2025-12-24T15:16:00Z", True, False),
        ("2025-12-24 15:16", False, False),
        ("2025-12-24", False, True),
    ],
)
def test_the_zone_of_a_date_is_told_or_assumed(written: str, has_zone: bool, is_day: bool) -> None:
    markup = article_page("نشست بندر برگزار شد", 7, "", [_STORY]).replace(
        "</head>", f'<meta property="article:published_time" content="{written}"></head>'
    )
    date = _explained(markup, "https://khabar.example/a/story").items[0].date
    assert date is not None
    assert (date.words, date.origin) == (written, "article:published_time")
    assert (date.has_zone, date.is_day) == (has_zone, is_day)


def test_a_feed_tells_the_words_of_its_dates_and_what_it_leaves_out() -> None:
    entries = "".join(
        f"<item><title>خبر {number}</title><link>https://khabar.example/news/{number}/x</link>"
        "<pubDate>Wed, 24 Dec 2025 11:46:00 GMT</pubDate><category>فوتبال</category></item>"
        for number in range(1, 306)
    )
    report = _explained(
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>روزنامه</title>{entries}</channel></rss>',
        "https://khabar.example/rss",
        content_type="application/rss+xml",
    )
    assert (report.kind, report.title, len(report.items)) == (SourceKind.FEED, "روزنامه", 3)
    date = report.items[0].date
    assert date is not None
    assert (date.words, date.has_zone) == ("Wed, 24 Dec 2025 11:46:00 GMT", True)
    assert [(section.value, section.origin) for section in report.items[0].sections] == [
        ("فوتبال", "category of the entry")
    ]


def test_an_address_is_taken_for_what_it_is() -> None:
    lists = "".join(
        f'<li><h3 class="title"><a href="/culture/story-{word}">داستان بلند شهر {word} در پاییز</a></h3></li>'
        for word in ("alpha", "beta", "gamma", "delta")
    )
    section = f"<html><head><title>فرهنگ</title></head><body><ul>{lists}</ul></body></html>"
    listing = _explained(section, "https://khabar.example/culture")
    assert (listing.kind, listing.selector, listing.count) == (SourceKind.LISTING, "h3.title a", 4)
    assert _origins(listing.items[0])["title"] == ("داستان بلند شهر alpha در پاییز", "h3.title a")
    article = article_page("نشست بندر برگزار شد", 1399497, "1404/10/03 15:16", [_STORY] * 3)
    within_lists = article.replace("</body>", f"<ul>{lists}</ul></body>")
    assert _explained(within_lists).kind is SourceKind.PAGE
    sitemap = "<urlset><url><loc>/news/601/x</loc></url><url><loc>/about</loc></url></urlset>"
    report = _explained(sitemap, "https://khabar.example/sitemap.xml", content_type="text/xml")
    assert (report.form, [read_item.url for read_item in report.items]) == (
        "sitemap",
        ["https://khabar.example/news/601/x"],
    )
    with pytest.raises(SourceError):
        _explained("<html><body></body></html>", "https://khabar.example/")


def test_a_page_that_stands_in_an_articles_place_is_named() -> None:
    wall = article_page("صفحه یافت نشد", 1, "", [_STORY])
    assert _explained(wall, "https://khabar.example/404", SourceKind.PAGE).doubt == "not_found"
    assert _explained(article_page("نشست بندر", 1399497, "", [_STORY])).doubt == ""
