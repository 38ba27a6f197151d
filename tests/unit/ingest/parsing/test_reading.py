"""Items and the pages that tell of them, read together."""

from zoneinfo import ZoneInfo

import pytest

from bot.ingest.candidate import Candidate
from bot.ingest.parsing.reading import read_feed, read_page
from bot.ingest.raw_document import RawDocument

_ZONE = ZoneInfo("Asia/Tehran")
_NOW = 1_900_000_000_000
_URL = "https://roozname.example/news/77/x"
_TITLE = "کتابخانهٔ شناور به بندرهای جنوب رسید"
_LEAD = "کتابخانهٔ شناور پس از دو هفته سفر دریایی به نخستین بندر جنوبی رسید و کار خود را آغاز کرد."
_MORE = "کتابداران می‌گویند استقبال در روز نخست بسیار بیشتر از پیش‌بینی بوده و قفسه‌ها زود خالی شده است."


def _item(description: str = _LEAD) -> Candidate:
    entry = f"<item><title>{_TITLE}</title><link>{_URL}</link><description>{description}</description></item>"
    feed = f'<rss version="2.0"><channel><title>روزنامه</title>{entry}</channel></rss>'
    document = RawDocument(feed.encode(), "application/rss+xml", "https://roozname.example/rss")
    return read_feed(document, _ZONE).items[0].candidate


def test_a_headline_stays_where_the_page_is_titled_by_the_name_of_its_site() -> None:
    markup = f"<html><head><title>خبرگزاری نمونه</title></head><body><p>{_LEAD}</p><p>{_MORE}</p></body></html>"
    reading = read_page(RawDocument(markup.encode(), "text/html; charset=utf-8", _URL), _ZONE, _NOW, _item())
    assert reading.doubt is None
    assert reading.candidate.content.title == _TITLE
    assert [block.html for block in reading.candidate.content.body][-1] == _MORE


def test_a_page_is_known_by_its_short_link_too() -> None:
    links = '<link rel="canonical" href="/khabar/floating-library/"><link rel="shortlink" href="/?p=77">'
    markup = f"<html><head>{links}</head><body><h1>{_TITLE}</h1><p>{_LEAD}</p><p>{_MORE}</p></body></html>"
    reading = read_page(RawDocument(markup.encode(), "text/html; charset=utf-8", _URL), _ZONE, _NOW, _item())
    site = "https://roozname.example"
    assert reading.addresses == (f"{site}/news/77/x", f"{site}/khabar/floating-library", f"{site}/?p=77")


@pytest.mark.parametrize(
    ("description", "lead"),
    [
        (f"{_LEAD[:50]}...", ""),
        (f"{_LEAD[:50]} […]", ""),
        (f"{_LEAD} {_MORE[:30]}…", ""),
        ("دریانوردان کتاب می‌خوانند…", "دریانوردان کتاب می‌خوانند…"),
    ],
    ids=["within a word", "brackets", "over two paragraphs", "words of its own"],
)
def test_a_lead_that_is_torn_off_the_text_of_its_page_is_none(description: str, lead: str) -> None:
    markup = f"<html><body><h1>{_TITLE}</h1><div><p>{_LEAD}</p><p>{_MORE}</p><p>{_MORE}</p></div></body></html>"
    document = RawDocument(markup.encode(), "text/html; charset=utf-8", _URL)
    content = read_page(document, _ZONE, _NOW, _item(description)).candidate.content
    assert content.lead == lead
    assert content.body[0].html == _LEAD
