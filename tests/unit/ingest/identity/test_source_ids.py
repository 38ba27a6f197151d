"""The numbers that sites give their articles; a date's parts and a slug's digits are none."""

import pytest

from bot.ingest.identity.source_ids import (
    bears_date,
    may_be_month,
    names_article,
    number_of,
    series_in_slugs,
    site_number,
    slug_number,
)
from storage.records import SiteNumber


@pytest.mark.parametrize(
    ("address", "number"),
    [
        ("https://a.ir/news/6983317/آسفالت-محور", "6983317"),
        ("https://a.ir/photo/6983314", "6983314"),
        ("https://a.ir/fa/news/1399497/slug", "1399497"),
        ("https://a.ir/fa/tiny/news-1399497", "1399497"),
        ("https://a.ir/fa/news/1405/03/29/3620901/x", "3620901"),
        ("https://a.ir/news/2026/11/28/3620901/x", "3620901"),
        ("https://a.ir/news/2026/3620901", "3620901"),
        ("https://a.ir/news/1405030201234/slug", "1405030201234"),
        ("https://a.ir/news/14050329000123", "14050329000123"),
        ("https://a.ir/n/79", "79"),
        ("https://a.ir/news/12.html", "12"),
        ("https://a.ir/news/00012/x", "12"),
        ("https://a.ir/news/6983317-آسفالت-محور", "6983317"),
        ("https://a.ir/بخش-سیاسی-3/1234567-آب-و-برق", "1234567"),
        ("https://a.ir/node/12", "12"),
        ("https://a.ir/archives/12", "12"),
        ("https://a.ir/?p=1981009", "1981009"),
        ("https://a.ir/?post_type=digi_posts&#038;p=1981009", "1981009"),
        ("https://a.ir/index.php?p=12", "12"),
        ("https://a.ir/newsDetail.aspx?NewsID=12", "12"),
        ("https://a.ir/news/12345/2", "12345"),
        ("https://a.ir/news/6983317/2026-budget", "6983317"),
        ("https://a.ir/node/2026", "2026"),
        ("https://a.ir/amp/news/12/slug", "12"),
        ("https://a.ir/amp/6983317/slug", "6983317"),
        ("https://a.ir/fa/print/1399497", "1399497"),
    ],
)
def test_numbers(address: str, number: str) -> None:
    assert number_of(address) == number


@pytest.mark.parametrize(
    "address",
    [
        "https://a.ir/news/1404",
        "https://a.ir/news/1405/",
        "https://a.ir/fa/news/2025.html",
        "https://a.ir/archives/2025",
        "https://a.ir/2025/",
        "https://a.ir/article/90210-turns-thirty",
        "https://a.ir/news/12345-slug.html",
        "https://a.ir/news/2026/11/28/peace-talks",
        "https://a.ir/news/2026/11/28/12/peace-talks",
        "https://a.ir/news/1405/09/07/slug",
        "https://a.ir/news/1405/slug",
        "https://a.ir/news/2026/11",
        "https://a.ir/2026/11/28/slug",
        "https://a.ir/2026/11/6983317",
        "https://a.ir/news/20261128/slug",
        "https://a.ir/news/14050907/slug",
        "https://a.ir/news/202611/28/slug",
        "https://a.ir/news/28/11/2026/slug",
        "https://a.ir/news/98/11/28/slug",
        "https://a.ir/news/2026-11-28/slug",
        "https://a.ir/news/2026-11-28-slug",
        "https://a.ir/news/20261128-slug",
        "https://a.ir/article/10-ways-to-stay-warm",
        "https://a.ir/article/1001-nights",
        "https://a.ir/news/12/1001",
        "https://a.ir/news/12/1001.html",
        "https://a.ir/news/12/1001-some-slug",
        "https://a.ir/fa/news/1201/1305/slug",
        "https://a.ir/article/10000-steps-a-day",
        "https://a.ir/article/7_wonders",
        "https://a.ir/article/10.best-books",
        "https://a.ir/news/۱۲/slug",
        "https://a.ir/news/page/2",
        "https://a.ir/news/category/12",
        "https://a.ir/politics/12",
        "https://a.ir/category/politics?p=2",
        "https://a.ir/news/0/x",
        "https://a.ir/news/1234567890123456/x",
        "https://a.ir/about",
        "https://a.ir/fa/rss/12",
        "tag:a.ir,2026:12",
        "news/12",
        "",
    ],
)
def test_no_numbers(address: str) -> None:
    assert site_number(address) is None
    assert number_of(address) == ""


def test_the_first_address_that_has_a_number_tells() -> None:
    assert number_of("https://a.ir/news/۱۲/x", "https://a.ir/?p=55") == "55"
    assert number_of("tag:1", "https://a.ir/news/12", "https://a.ir/news/13") == "12"


def test_a_number_belongs_to_a_host_a_kind_and_a_language() -> None:
    assert site_number("https://www.a.ir/fa/news/12/x") == SiteNumber("a.ir", "news", "", "12")
    same = ["http://m.a.ir/news/12", "https://a.ir/n/12/other", "https://a.ir/fa/amp/news/12/x/amp/"]
    assert {site_number(address) for address in same} == {SiteNumber("a.ir", "news", "", "12")}
    others = [
        "https://a.ir/en/news/12",
        "https://a.ir/photo/12",
        "https://a.ir/report/12",
        "https://a.ir/isfahan/news/12",
        "https://b.ir/news/12",
        "https://sports.a.ir/news/12",
        "https://a.ir:8080/news/12",
        "https://a.ir/?p=12",
    ]
    assert len({site_number(address) for address in (*others, same[0])}) == len(others) + 1
    assert site_number("https://a.ir/videos/12") == site_number("https://a.ir/video/12/x")
    assert site_number("https://a.ir/?p=12") == site_number("https://a.ir/archives/12")


@pytest.mark.parametrize(
    ("digits", "may_be"), [("202611", True), ("140509", True), ("202613", False), ("6983317", False)]
)
def test_a_number_that_may_be_a_month_says_so(digits: str, may_be: bool) -> None:
    number = site_number(f"https://a.ir/news/{digits}/slug")
    assert number is not None
    assert may_be_month(number) is may_be


@pytest.mark.parametrize(
    ("address", "dated"),
    [
        ("https://a.ir/news/2026/11/28/peace-talks", True),
        ("https://a.ir/1405/09/slug", True),
        ("https://a.ir/2026/11", False),
        ("https://a.ir/news/2026", False),
        ("https://a.ir/about", False),
        ("", False),
    ],
)
def test_addresses_that_bear_a_date(address: str, dated: bool) -> None:
    assert bears_date(address) is dated


def test_digits_before_slugs_are_numbers_where_a_fetch_has_them_throughout() -> None:
    numbered = [f"https://a.ir/en/news/{number}-some-slug.html" for number in (48_391, 48_402, 48_417, 48_425)]
    assert series_in_slugs(numbered) == {("a.ir", "news", "en")}
    assert series_in_slugs([*numbered, "https://a.ir/en/photo/some-slug"]) == {("a.ir", "news", "en")}
    assert slug_number(numbered[0]) == SiteNumber("a.ir", "news", "en", "48391")


@pytest.mark.parametrize(
    "addresses",
    [
        ["/article/90210-turns-thirty"],
        ["/article/90210-turns-thirty", "/article/12345-steps-a-day", "/article/a-walk", "/article/a-run"],
        ["/article/90210-turns-thirty", "/article/90210-the-film", "/article/90210-and-i"],
        ["/article/10-ways", "/article/12-ways", "/article/14-ways"],
    ],
)
def test_digits_of_some_slugs_are_words(addresses: list[str]) -> None:
    assert not series_in_slugs(f"https://a.ir{address}" for address in addresses)


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("/news/12345/slug", True),
        ("/a/slug-of-it/33123456.html", True),
        ("/fa-ir/slug/a-71234567", True),
        ("/news/politics/1234567", True),
        ("/mobile/412345-slug/", True),
        ("/202611281234", True),
        ("/show.aspx?id=12345", True),
        ("/persian/articles/c0abc1234xyzo", True),
        ("/2026/11/28/slug-of-a-post", True),
        ("/page/12345", False),
        ("/news/tag/12345", False),
        ("/author/12345/name", False),
        ("/20261128", False),
        ("/about-us", False),
        ("/persian/articles", False),
        ("/?page=12345", False),
        ("/fa/west_asia-i302548-slug", True),
        ("/news/1404/10/3", False),
        ("/2026/11/28/", False),
        ("/fa/ads/redirect/a/273", False),
        ("/fa/print/123456", False),
        ("/fa/save/123456", False),
        ("/fa/send/123456", False),
        ("/files/fa/news/1404/10/3/51.jpg", False),
        ("/d/2025/12/24/0/4843376.gif", False),
        ("/d/2025/12/24/4/4849966_720p.mp4", False),
    ],
)
def test_addresses_that_name_an_article(path: str, names: bool) -> None:
    assert names_article(f"https://roozname.ir{path}") is names
