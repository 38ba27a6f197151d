"""A feed's words about itself."""

import json

import pytest

from tests.unit.ingest.feeds import atom, read, rss

_HUB = '<atom:link rel="hub" href="https://hub.example/"/><atom:link rel="self" href="https://paper.example/feed/rss.xml"/>'


def test_links_of_the_channel() -> None:
    feed = read(rss("", _HUB))
    assert (feed.hub, feed.self_url, feed.link) == (
        "https://hub.example/",
        "https://paper.example/feed/rss.xml",
        "https://paper.example/",
    )
    feed = read(
        atom("", '<link href="/"/><link rel="self" href="/feed.atom"/><link rel="hub" href="http://hub.example/"/>')
    )
    assert (feed.hub, feed.self_url, feed.link) == (
        "http://hub.example/",
        "https://paper.example/feed.atom",
        "https://paper.example/",
    )
    data = {
        "version": "https://jsonfeed.org/version/1.1",
        "hubs": [{"type": "rssCloud"}, {"type": "WebSub", "url": "https://hub.example/"}],
        "feed_url": "/feed.json",
        "home_page_url": "/",
        "language": "fa-IR",
    }
    feed = read(json.dumps(data))
    assert (feed.hub, feed.self_url, feed.link, feed.language) == (
        "https://hub.example/",
        "https://paper.example/feed.json",
        "https://paper.example/",
        "fa",
    )
    bad = read(
        rss(
            "", '<atom:link rel="hub" href="javascript:alert(1)"/><atom:link rel="self" href="file:///etc/passwd"/>'
        )
    )
    assert (bad.hub, bad.self_url) == ("", "")


def test_the_links_of_an_item_are_not_the_channels() -> None:
    feed = read(rss(f"<item><title>خبر</title>{_HUB}</item>"))
    assert (feed.hub, feed.self_url) == ("", "")


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("<ttl>15</ttl>", 900),
        ("<ttl> ۳۰ دقیقه</ttl>", 1800),
        ("<ttl>0</ttl>", None),
        ("<ttl>-5</ttl>", None),
        ("<ttl>soon</ttl>", None),
        ("<ttl>99999999999999</ttl>", None),
        ("<ttl>999999</ttl>", 7 * 86400),
        ("<sy:updatePeriod>\n\thourly\t</sy:updatePeriod><sy:updateFrequency>\n2\n</sy:updateFrequency>", 1800),
        ("<sy:updatePeriod>daily</sy:updatePeriod>", 86400),
        ("<sy:updatePeriod>yearly</sy:updatePeriod>", 7 * 86400),
        ("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>9999999</sy:updateFrequency>", None),
        ("<sy:updatePeriod>whenever</sy:updatePeriod>", None),
        ("<ttl>10</ttl><sy:updatePeriod>daily</sy:updatePeriod>", 600),
        ("", None),
    ],
)
def test_how_long_a_feed_stays_as_it_is(written: str, seconds: int | None) -> None:
    assert read(rss("", written)).ttl == seconds


def test_hours_and_days_to_skip() -> None:
    hours = "<skipHours><hour>0</hour><hour> 23 </hour><hour>24</hour><hour>25</hour><hour>x</hour></skipHours>"
    days = "<skipDays><day>Friday</day><day>sat</day><day>Noday</day></skipDays>"
    feed = read(rss("", hours + days))
    assert (feed.skip_hours, feed.skip_days) == (frozenset({0, 23}), frozenset({4, 5}))
    behind = read(rss("<item><title>خبر</title></item>" + hours))
    assert behind.skip_hours == {0, 23}
    assert read(rss("")).skip_hours == frozenset()


def test_a_feed_that_asks_never_to_be_fetched_asks_nothing() -> None:
    every_hour = "".join(f"<hour>{hour}</hour>" for hour in range(24))
    every_day = "".join(
        f"<day>{day}</day>"
        for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    )
    feed = read(rss("", f"<skipHours>{every_hour}</skipHours><skipDays>{every_day}</skipDays>"))
    assert (feed.skip_hours, feed.skip_days) == (frozenset(), frozenset())


@pytest.mark.parametrize(
    ("written", "language"),
    [
        ("fa-IR", "fa"),
        ("FA_ir", "fa"),
        ("per", "fa"),
        ("Farsi", "fa"),
        ("فارسی", "fa"),
        ("en-us", "en"),
        ("ara", "ar"),
        ("klingon", ""),
        ("", ""),
    ],
)
def test_languages(written: str, language: str) -> None:
    assert read(rss("", f"<language>{written}</language>")).language == language
