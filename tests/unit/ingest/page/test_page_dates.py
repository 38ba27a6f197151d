"""Dates that people read on a page: in lines of their own beside the title, in other calendars, counted back from now."""

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.ingest.page.article_page import parse_page
from bot.ingest.raw_document import RawDocument

_TEHRAN = ZoneInfo("Asia/Tehran")
_NOW = int(datetime(2026, 11, 29, 8, tzinfo=UTC).timestamp() * 1000)
_TITLE = "سد تازهٔ کوهستان آب‌گیری شد"
_TEXT = (
    "<p>سد تازهٔ کوهستان پس از هفت سال کار با حضور مهندسان آب‌گیری شد و آب آن تا بهار به دشت می‌رسد.</p>"
    "<p>مهندسان می‌گویند دیوارهٔ سد سخت‌ترین بخش کار بود و سنگ آن از دو معدن نزدیک آورده شد.</p>"
)
_FIVE, _DAY = ("2026-11-28 05:00", False), ("2026-11-27 20:30", True)


def _seen(
    above: str = "",
    head: str = "",
    url: str = "https://paper.example/news/55/x",
    title: str = _TITLE,
    behind: str = "",
) -> tuple[str, bool] | None:
    markup = (
        f"<!doctype html><html><head><title>{title}</title>{head}</head><body><nav><a href='/'>خانه</a></nav>"
        f"<main><h1>{title}</h1>{above}<div class='q7'>{_TEXT}</div>{behind}</main></body></html>"
    )
    page = parse_page(RawDocument(markup.encode(), "text/html; charset=utf-8", url), _TEHRAN, now=_NOW)
    if page.published_at is None:
        return None
    return f"{datetime.fromtimestamp(page.published_at / 1000, UTC):%Y-%m-%d %H:%M}", page.date_is_day


@pytest.mark.parametrize(
    ("line", "seen"),
    [
        ("شنبه ۷ آذر ۱۴۰۵ - ۰۸:۳۰", _FIVE),
        ("شنبه هفتم آذر ۱۴۰۵ ساعت ۸:۳۰", _FIVE),
        ("۰۵/۰۹/۰۷ - ۰۸:۳۰", _FIVE),
        ("انتشار: ۷ آذر ۱۴۰۵ ساعت ۸:۳۰ | کد: ۵۵", _FIVE),
        ("تاریخ انتشار: ۱۴۰۵/۰۹/۰۷ ۰۸:۳۰ ق.ظ", _FIVE),
        ("تاریخ انتشار: ۱۴۰۵/۰۹/۰۷ ۰۸:۳۰ ب.ظ", ("2026-11-28 17:00", False)),
        ("شنبه ۷ قوس ۱۴۰۵ - ۰۸:۳۰", _FIVE),
        ("٧ی سەرماوەزی ١٤٠٥ - ٠٨:٣٠", _FIVE),
        ("۲۸ نوامبر ۲۰۲۶ - ۰۸:۳۰", _FIVE),
        ("28 نوفمبر 2026 - 08:30", _FIVE),
        ("نُشر في: 28/11/2026 - 08:30", _FIVE),
        ("28 تشرين الثاني/نوفمبر 2026", _DAY),
        ("شنبه ۷ آذر ۱۴۰۵", _DAY),
        ("۱۴۰۵/۰۹/۰۷", _DAY),
        ("به‌روزرسانی: ۸ آذر ۱۴۰۵ - ۰۹:۰۰</div><div>انتشار: ۷ آذر ۱۴۰۵ - ۰۸:۳۰", _FIVE),
        ("بروزرسانی: ۸ آذر ۱۴۰۵ - ۰۹:۰۰ | انتشار: ۷ آذر ۱۴۰۵ - ۰۸:۳۰", _FIVE),
        ("۷ آذرماه ۱۴۰۵ ساعت ۸ و ۳۰ دقیقه", _FIVE),
        ("تاریخ انتشار: ۷ آذرماه ۱۴۰۵ ساعت ۸ و ۳۰ دقیقه", _FIVE),
        ("دیروز، ۰۸:۳۰", _FIVE),
        ("دیروز", _DAY),
        ("۳ ساعت پیش", ("2026-11-28 20:30", True)),
        ("۳ سال پیش", ("2023-11-29 20:30", True)),
        ("منذ 3 أيام", ("2026-11-25 20:30", True)),
    ],
)
def test_a_line_beside_the_title_tells_the_date(line: str, seen: tuple[str, bool]) -> None:
    assert _seen(f"<div>{line}</div>") == seen


@pytest.mark.parametrize(
    "above",
    [
        "<p>در ۱۲ مهر ۱۳۹۸ ساعت ۱۰:۳۰ کلنگ این سد زده شد و سپس ساخت آن چند سال بازماند.</p>",
        "<p>۳ سال پیش ساخت این سد آغاز شد و مهندسان کار را از دیوارهٔ آن شروع کردند.</p>",
        "<div>امروز: یکشنبه ۸ آذر ۱۴۰۵ ساعت ۱۱:۳۰</div>",
        "<div>سالگرد قیام ۱۵ خرداد ۱۳۴۲</div>",
        "<p>18 جمادى الآخرة 1448 هـ</p>",
        "<span itemprop='datePublished' content='12/9/2025 3:00:25 AM'></span>",
    ],
)
def test_what_a_sentence_or_a_header_tells_is_no_date_of_the_article(above: str) -> None:
    assert _seen(above) is None


@pytest.mark.parametrize("header", ["<header>{}</header>", "<div class='header'>{}</div>"])
def test_the_day_behind_the_title_comes_before_the_date_in_the_header_of_the_site(header: str) -> None:
    today = header.format("<div>یکشنبه ۸ آذر ۱۴۰۵ - ۱۱:۳۰</div>")
    markup = f"<html><body>{today}<h1>{_TITLE}</h1><div>۱۴۰۵/۰۹/۰۷</div><div class='q7'>{_TEXT}</div></body></html>"
    document = RawDocument(markup.encode(), "text/html; charset=utf-8", "https://paper.example/a/x")
    page = parse_page(document, _TEHRAN, now=_NOW)
    assert (page.published_at, page.date_is_day) == (1_795_811_400_000, True)


def test_a_date_that_is_counted_back_counts_only_beside_the_title() -> None:
    assert (
        _seen(behind="<div class='z1'><a href='/news/7/y'>خبر دیگری از کوهستان</a><span>۲ سال پیش</span></div>")
        is None
    )


@pytest.mark.parametrize(
    "head",
    [
        '<meta name="date" content="2026-11-28T08:30:00+03:30">',
        '<meta name="dc.date" content="2026-11-28T08:30:00+03:30">',
        '<meta name="DC.date.issued" content="2026-11-28T05:00:00Z">',
        '<meta name="publish_date" content="2026-11-28 08:30:00">',
        '<meta name="parsely-pub-date" content="2026-11-28T05:00:00Z">',
        '<meta name="sailthru.date" content="2026-11-28T05:00:00Z">',
        '<meta property="article:published_time" content="2026-11-28T05:00:00 00:00">',
        '<script type="application/ld+json">{"@type":"NewsArticle","dateCreated":"2026-11-28T05:00:00Z"}</script>',
        '<script type="application/ld+json">{"@type":"NewsArticle","datePublished":1795842000}</script>',
    ],
)
def test_lesser_metadata_tells_the_time(head: str) -> None:
    assert _seen(head=head) == _FIVE


@pytest.mark.parametrize(
    "above",
    [
        "<div class='submitted'>Submitted on <span>28 November 2026 - 08:30</span></div>",
        "<abbr class='published' title='2026-11-28T08:30:00+03:30'>۸:۳۰</abbr>",
    ],
)
def test_a_system_s_own_date_tells_the_time(above: str) -> None:
    assert _seen(above, head='<meta name="generator" content="Drupal 10">') == _FIVE


@pytest.mark.parametrize(
    "url",
    [
        "https://paper.example/fa/news/1405/09/07/123456/slug",
        "https://paper.example/news/1405090703456/slug",
        "https://paper.example/news/14050907000123",
    ],
)
def test_a_jalali_day_in_the_address_is_a_day(url: str) -> None:
    assert _seen(url=url) == _DAY


def test_a_long_number_that_is_no_day_is_none() -> None:
    assert _seen(url="https://paper.example/news/1405990703456/slug") is None


def _json_ld(**properties: str) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", **properties})}</script>'


@pytest.mark.parametrize(
    ("stamp", "other"),
    [
        ("2026-11-28T08:30:12Z", _json_ld(datePublished="2026-11-28T08:30:12+03:30")),
        ("2026-11-28T08:30:00+00:00", '<meta name="date" content="2026-11-28T08:30:12+0330">'),
        ("2026-11-28 08:30:12", _json_ld(dateModified="2026-11-28T08:30:40+03:30")),
        ("2026-11-28T08:30:12", '<meta property="article:modified_time" content="2026-11-28T08:30:12+03:30">'),
    ],
)
def test_a_stamp_without_an_offset_has_that_of_another_with_the_same_clock(stamp: str, other: str) -> None:
    markup = f'<meta property="article:published_time" content="{stamp}">{other}'
    assert _seen(head=markup) == ("2026-11-28 05:00", False)


@pytest.mark.parametrize(
    "other", ["2026-11-28T08:31:00+03:30", "2026-11-27T08:30:12+03:30", "2026-11-28T08:30:12Z"]
)
def test_a_stamp_stays_where_no_other_names_its_clock_with_an_offset(other: str) -> None:
    head = f'<meta property="article:published_time" content="2026-11-28T08:30:12Z"><meta name="date" content="{other}">'
    assert _seen(head=head) == ("2026-11-28 08:30", False)


def test_a_stamp_in_utc_stays_where_another_names_its_instant_with_an_offset() -> None:
    head = '<meta property="article:published_time" content="2026-11-28T08:30:12+00:00">'
    wrong = _json_ld(datePublished="2026-11-28T08:30:12+03:30")
    time = "<time datetime='2026-11-28T12:00:12+03:30'>هفتم آذر</time>"
    assert _seen(head=head + wrong, above=time) == ("2026-11-28 08:30", False)


def test_a_publication_at_the_time_of_the_last_change_is_that_of_another_stamp() -> None:
    head = '<meta property="article:published_time" content="2026-11-28T16:30:00+03:30">'
    changed = '<meta property="article:modified_time" content="2026-11-28T16:30:05+03:30">'
    published = _json_ld(datePublished="2026-11-28T08:30:00+03:30")
    assert _seen(head=head + changed + published) == _FIVE
    assert _seen(head=head + published) == ("2026-11-28 13:00", False)
    assert _seen(head=head + changed) == ("2026-11-28 13:00", False)
    agreed = _json_ld(datePublished="2026-11-28T16:30:00+03:30")
    other = '<meta itemprop="datePublished" content="2026-11-28T08:30:00+03:30">'
    assert _seen(head=head + changed + agreed + other) == ("2026-11-28 13:00", False)


def test_the_creation_of_a_page_is_its_date_where_nothing_tells_of_the_publication() -> None:
    created = '<meta name="dcterms.created" content="2026-11-27T22:00:00+03:30">'
    assert _seen(head=created) == ("2026-11-27 18:30", False)
    assert _seen(head=created + _json_ld(datePublished="2026-11-28T08:30:00+03:30")) == _FIVE


def test_a_misspelt_name_of_metadata_tells_the_time() -> None:
    assert _seen(head='<meta property="article:published:time" content="2026-11-28T08:30:00+03:30">') == _FIVE


@pytest.mark.parametrize(
    "other",
    [
        "<a href='/news/7/y#c1'>گفتهٔ رضا <time datetime='2026-11-29T07:00:00Z' pubdate>۸ آذر</time></a>",
        "<aside><time itemprop='datePublished' datetime='2026-11-29T07:00:00Z'></time>خبری دیگر</aside>",
    ],
)
def test_the_stamp_of_a_comment_or_of_other_news_is_not_that_of_the_article(other: str) -> None:
    time = "<time datetime='2026-11-28T08:30:00+03:30'>۷ آذر</time>"
    assert _seen(above=f"<header>{time}</header>", behind=f"<div>{other}</div>") == _FIVE
    assert (
        _seen(behind=f"<div>{other}</div><p><time pubdate datetime='2026-11-28T08:30:00+03:30'></time></p>")
        == _FIVE
    )


def test_a_time_that_shows_another_day_than_its_stamp_is_of_a_change() -> None:
    time = "<div class='t1'><time datetime='2026-11-29T07:00:00Z'>Published 21 November 2026</time></div>"
    assert _seen(above=time, title="The new dam in the hills is full of water") == ("2026-11-20 20:30", True)


_ENGLISH = "Engineers fill the northern dam after seven years"


@pytest.mark.parametrize(
    "note", ["© 2019 The Paper", "Copyright 2018-2024 by The Paper. All rights reserved.", "Founded in 1978"]
)
def test_a_year_or_a_month_alone_is_no_date(note: str) -> None:
    assert _seen(title=_ENGLISH, behind=f"<footer><p>{note}</p></footer>") is None


def test_the_first_of_january_is_a_date_where_it_is_written() -> None:
    assert _seen("<p>January 1, 2026</p>", title=_ENGLISH) == ("2025-12-31 20:30", True)


def test_a_month_in_the_address_is_no_day() -> None:
    months = "".join(f"<li><a href='/archive/2014/{month:02}/'>Month {month}</a></li>" for month in range(1, 13))
    url = "https://paper.example/archive/2026/11/dams.html"
    seen = _seen("<p>28 November 2026</p>", title=_ENGLISH, url=url, behind=f"<ul>{months}</ul>")
    assert seen == (_DAY[0], True)


def test_a_date_with_a_clock_in_words_of_another_language_is_read_beside_the_title() -> None:
    line = "<p>By: The Editors on 28-nov-2026 8:30:00</p><p>© 2020 The Paper</p>"
    assert _seen(line, title=_ENGLISH) == _FIVE


def _dated(published: str, changed: str) -> str:
    data = {"@type": "Article", "headline": _ENGLISH, "datePublished": published, "dateModified": changed}
    return f"<script type='application/ld+json'>{json.dumps(data)}</script>"


def test_the_day_beside_the_title_comes_before_the_day_of_the_last_change() -> None:
    head = _dated("Nov 28, 2026", "Nov 28, 2026")
    assert _seen("<p>August 25, 2026</p>", head, title=_ENGLISH) == ("2026-08-24 20:30", True)


@pytest.mark.parametrize(
    ("published", "changed"),
    [("Nov 28, 2026", "Nov 3, 2026"), ("2026-11-28T05:00:00Z", "2026-11-28T05:00:00Z"), ("Nov 28, 2026", "")],
)
def test_a_day_of_publication_stays_that_is_not_the_day_of_the_last_change(published: str, changed: str) -> None:
    seen = _seen("<p>August 25, 2026</p>", _dated(published, changed), title=_ENGLISH)
    assert seen is not None
    assert seen[0] in (_DAY[0], _FIVE[0])
