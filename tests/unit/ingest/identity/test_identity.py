"""One article or another: a table of what feeds do, and what is right then."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ingest.identity.decision import (
    KnownArticle,
    Reason,
    Signals,
    decide,
    identifying,
    remembered_key,
    signals_of,
)

_SITE = "https://roozname.ir"
_AT = 1_795_000_000_000
_HOUR = 3_600_000
_UUIDS = ("6f1c1e0a-5c1c-4a52-9d3c-0f6a1de3b111", "0b9f0c4e-97a7-4a1c-8f39-55d4a1c7e222")


def _item(guid: str = "", path: str = "", title: str = "توفان شن در راه است", at: int | None = _AT) -> Signals:
    address = path if path.startswith("http") or not path else _SITE + path
    return signals_of(guid, address, title, at)


def _verdict(item: Signals, *known: Signals, same_source: bool = True) -> Reason:
    """Return the reason of the verdict on an item where the articles 1, 2, ... are known."""
    verdict = decide(item, [KnownArticle(number, signals, same_source) for number, signals in enumerate(known, 1)])
    assert (verdict.article_id is None) is (verdict.reason in (Reason.NEW, Reason.CONTRADICTED))
    assert verdict.article_id in (None, 1)
    return verdict.reason


def _fetch(*items: Signals, feed: str = f"{_SITE}/rss", site: str = f"{_SITE}/") -> list[Signals]:
    return identifying(items, feed_url=feed, site_url=site)


_OTHER = "مجلس طرح آب را تصویب کرد"
_SLUG = "/politics/peace-talks-resume"


@pytest.mark.parametrize(
    ("before", "now", "reason"),
    [
        # A guid of its own
        (_item("pod-3", "/pod/"), _item("pod-3", "/pod/"), Reason.GUID),
        (_item(_UUIDS[0], _SLUG), _item(_UUIDS[0], "/politics/other-slug-now", _OTHER), Reason.GUID),
        (_item("tag:roozname.ir,2026:/12/a"), _item("tag:roozname.ir,2026:/12/a", _SLUG, _OTHER, _AT + _HOUR), Reason.GUID),
        (_item("1399497", "/x/a-slug"), _item("1399497", "/x/b-slug", _OTHER), Reason.GUID),
        (_item(f"{_SITE}/?p=12", "/x/a-slug"), _item(f"{_SITE}/?p=12", "/x/b-slug", _OTHER), Reason.GUID),
        (_item("sl1", _SLUG), _item("sl1", _SLUG, _OTHER), Reason.GUID),
        (_item("pod-3", at=_AT), _item("pod-3", title=_OTHER, at=_AT), Reason.GUID),
        # The feed moves to https, or gets tracking or session parameters
        (_item("http://roozname.ir/x1", "http://roozname.ir/x1"), _item("https://roozname.ir/x1", "https://roozname.ir/x1"), Reason.ADDRESS),
        (_item("http://roozname.ir/a-12", "/pod"), _item("https://www.roozname.ir/a-12", "/pod", _OTHER), Reason.GUID),
        (_item("", "/storm"), _item("", "/storm?at_medium=RSS", at=_AT + _HOUR), Reason.ADDRESS),
        (_item(f"{_SITE}/خبر-تازه", "/خبر-تازه"), _item(f"{_SITE}/%D8%AE%D8%A8%D8%B1-%D8%AA%D8%A7%D8%B2%D9%87", "/خبر-تازه/"), Reason.ADDRESS),
        (_item(f"{_SITE}/a-b;jsessionid=1", "/a-b;jsessionid=1"), _item(f"{_SITE}/a-b;jsessionid=2", "/a-b;jsessionid=2"), Reason.ADDRESS),
        (_item("", "/storm?k=8f14e45fceea167a"), _item("", "/storm?k=c9f0f895fb98ab91", at=_AT + _HOUR), Reason.MOVED),
        (_item(f"{_SITE}/a?k=8f14e45fceea167a", "/a?k=8f14e45fceea167a"), _item(f"{_SITE}/a?k=c9f0f895fb98ab91", "/a?k=c9f0f895fb98ab91"), Reason.MOVED),
        # A random guid at each fetch
        (_item(_UUIDS[0], _SLUG), _item(_UUIDS[1], _SLUG), Reason.ADDRESS),
        (_item(_UUIDS[0], _SLUG), _item(_UUIDS[1], _SLUG, at=_AT + _HOUR), Reason.ADDRESS),
        (_item(_UUIDS[0], "/storm", at=None), _item(_UUIDS[1], "/storm"), Reason.ADDRESS),
        (_item(_UUIDS[0], "/news/12/a"), _item(_UUIDS[1], "/news/12/b"), Reason.NUMBER),
        (_item(_UUIDS[0], "/news/12/a"), _item(_UUIDS[1], "/news/12/a", at=_AT + _HOUR), Reason.NUMBER),
        # A slug of one word behind a date
        (_item("", "/2026/11/storm.html"), _item("", "/2026/11/storm.html", _OTHER, _AT + _HOUR), Reason.ADDRESS),
        (_item(f"{_SITE}/1405/9/7/توفان", "/1405/9/7/توفان"), _item(f"{_SITE}/1405/9/7/توفان", "/1405/9/7/توفان", _OTHER), Reason.ADDRESS),
        (_item("", "http://old.ir/2026/11/28/storm"), _item("", "http://new.ir/2026/11/28/storm"), Reason.MOVED),
        # No guid
        (_item("", _SLUG), _item("", _SLUG, _OTHER, _AT + _HOUR), Reason.ADDRESS),
        (_item("", _SLUG, at=None), _item("", _SLUG, _OTHER), Reason.ADDRESS),
        (_item("", "/news/12/a"), _item("", "/news/12/b", _OTHER, _AT + 90 * _HOUR), Reason.NUMBER),
        (_item("", "/"), _item("", "/"), Reason.TITLE),
        (_item("", "", at=None), _item("", "", at=None), Reason.TITLE),
        (_item("", "", "توفان‌ها می‌آیند"), _item("", "", "توفانها مي آيند"), Reason.TITLE),
        (_item("", f"/x{_SLUG}"), _item("", f"/y{_SLUG}"), Reason.MOVED),
        (_item("", f"http://old.ir{_SLUG}"), _item("", f"http://new.ir{_SLUG}"), Reason.MOVED),
        # The path is spelt otherwise
        (_item("", "/Story/Storm-Of-Sand"), _item("", "/story/storm-of-sand"), Reason.MOVED),
        (_item("", "/خبر/۱۲/توفان"), _item("", "/خبر/12/توفان"), Reason.MOVED),
        # A site moves to another domain and another system for slugs; its numbers stay
        (_item("", "http://old.ir/news/12/storm"), _item("", "http://new.ir/news/12/sand-storm"), Reason.MOVED),
        (_item("http://old.ir/news/12/a", "http://old.ir/news/12/a"), _item("http://new.ir/news/12/b", "http://new.ir/news/12/b"), Reason.MOVED),
        (_item("12", "http://old.ir/fa/news/12"), _item(_UUIDS[0], "http://new.ir/news/12/a"), Reason.MOVED),
        # The slug is corrected, and nothing else
        (_item("", "/2026/11/28/build-your-own-shop"), _item("", "/2026/11/28/build-a-your-own-shop"), Reason.MOVED),
        (_item(f"{_SITE}/a/storm-of-sand-arives.html", "/a/storm-of-sand-arives.html"),
         _item(f"{_SITE}/a/storm-of-sand-arrives.html", "/a/storm-of-sand-arrives.html"), Reason.MOVED),
        (_item("", "/خبر/توفان-شن-در-راه-است"), _item("", "/خبر/توفان-شن-در-راه-کرمان-است"), Reason.MOVED),
        (_item("N/A", "/na/n1x"), _item("N/A", "/na/n1x", _OTHER), Reason.ADDRESS),
        # The slug changes in a guid that is an address with a number
        (_item(f"{_SITE}/news/12/a", "/news/12/a"), _item(f"{_SITE}/news/12/b", "/news/12/b", _OTHER), Reason.NUMBER),
        # A podcast whose guid is random where dates agree or are missing
        (_item("pod-1", "/"), _item("pod-2", "/"), Reason.TITLE),
        (_item("pod-1", "/", at=None), _item("pod-2", "/", at=None), Reason.TITLE),
    ],
)  # fmt: skip
def test_readings_of_one_article(before: Signals, now: Signals, reason: Reason) -> None:
    assert _verdict(now, before) is reason


@pytest.mark.parametrize(
    ("before", "now"),
    [
        # Podcasts and status pages: one link
        (_item("pod-3", "/pod/"), _item("pod-4", "/pod/", _OTHER)),
        (_item("pod-3", "/pod/"), _item("pod-4", "/pod/", at=_AT + _HOUR)),
        (_item("pod-3", "/podcasts/evening-talk"), _item("pod-4", "/podcasts/evening-talk", _OTHER)),
        (_item("pod-3", "/podcasts/evening-talk"), _item("pod-4", "/podcasts/evening-talk", at=_AT + 24 * _HOUR)),
        (_item("pod-3", "/podcast/5/talk"), _item("pod-4", "/podcast/5/talk", _OTHER)),
        (_item("pod-3", "/"), _item("pod-4", "/", at=_AT + _HOUR)),
        (_item("", "/status"), _item("", "/status", _OTHER)),
        (_item("", "/"), _item("", "/", _OTHER)),
        (_item("", "/"), _item("", "/", at=_AT + _HOUR)),
        (_item("", "/weekly-report"), _item("", "/weekly-report", _OTHER, _AT + 168 * _HOUR)),
        (_item(f"{_SITE}/pod", "/pod"), _item(f"{_SITE}/pod", "/pod", _OTHER)),
        # Guids that say nothing
        *(
            (_item(guid, "/na/n1x", "یک"), _item(guid, "/na/n2x", "دو"))
            for guid in ("N/A", "n/a", "0", "-", "none", "NULL", "(null)", "undefined", "1", "item", f"{_SITE}/", f"{_SITE}/rss",
                         "00000000-0000-0000-0000-000000000000", "2026-11-28", "خبر", "http://roozname.ir", "#", "ندارد")
        ),
        (_item("1", "/pod", "یک"), _item("1", "/pod", "دو", _AT + _HOUR)),
        (_item("1", "/", "یک"), _item("1", "/", "دو", _AT + _HOUR)),
        (_item("1", "/"), _item("1", "/", at=_AT + 24 * _HOUR)),
        # Dates in addresses, digits of slugs
        (_item("", "/news/2026/11/28/talks", "یک"), _item("", "/news/2026/11/28/quake", "دو")),
        (_item("sl1", "/article/10-ways-to", "یک"), _item("sl2", "/article/10-best-books", "دو")),
        (_item("", "/news/202611/talks", "یک"), _item("", "/news/202611/quake", "دو")),
        # Capitals tell what titles tell apart, too
        (_item("", "/w/dQw4w9"), _item("", "/w/dqW4W9", _OTHER)),
        # Numbers of two sites
        (_item("", "http://old.ir/news/12"), _item("", "http://new.ir/news/12", "دو")),
        (_item("", "http://old.ir/news/12"), _item("", "http://new.ir/news/12", at=_AT + 24 * _HOUR)),
        (_item("", "http://old.ir/news/12"), _item("", "http://new.ir/photo/12")),
        (_item(_UUIDS[0], "/news/12/a"), _item(_UUIDS[1], "/news/12/a", at=_AT + 24 * _HOUR)),
        # Kinds and languages
        (_item("", "/news/12", "یک"), _item("", "/photo/12", "دو")),
        (_item("", "/fa/news/12"), _item("", "/en/news/12")),
        (_item("", "/news/12/water-price"), _item("", "/news/13/water-price")),
        (_item("abcdefghij-klmnopqrs-1", "/news/12", "یک"), _item("abcdefghij-klmnopqrs-1", "/news/13", "دو")),
        # One title
        (_item("", "/a/gold-price-1"), _item("", "/a/gold-price-2")),
        (_item(_UUIDS[0], "/a/gold-price-1"), _item(_UUIDS[1], "/b/gold-price-1")),
        (_item("", "/view?id=12"), _item("", "/view?id=13")),
        (_item("", "/a/storm-of-sand-arrives"), _item("", "/a/storm-of-sand-arrives-2")),
        (_item("", "/a/photos-of-the-storm-one"), _item("", "/a/photos-of-the-storm-two")),
        (_item("", "/a/storm-of-sand-arrives"), _item("", "/b/storm-of-the-sand-arrives")),
        (_item("", "/a/storm-of-sand-arrives"), _item("", "/a/storm-of-sand-soon-arrives", at=_AT + _HOUR)),
        (_item("", "/a/storm-of-sand-arrives", at=None), _item("", "/a/storm-of-sand-soon-arrives")),
        (_item(_UUIDS[0], "/a/storm-of-sand-arrives"), _item(_UUIDS[1], "/a/storm-of-sand-soon-arrives")),
        (_item("", f"/x{_SLUG}"), _item("", f"/y{_SLUG}", at=_AT + 24 * _HOUR)),
        (_item(_UUIDS[0], "/news/12/a", "یک"), _item(_UUIDS[1], "/news/12/b", "دو")),
        (_item(_UUIDS[0], _SLUG, "یک"), _item(_UUIDS[1], _SLUG, "دو")),
    ],
)  # fmt: skip
def test_two_articles_of_one_source(before: Signals, now: Signals) -> None:
    assert _verdict(now, before) in (Reason.NEW, Reason.CONTRADICTED)


@pytest.mark.parametrize(
    ("before", "now", "reason"),
    [
        (_item("", "http://roozname.ir/storm"), _item("x-1", "https://www.roozname.ir/storm"), Reason.ADDRESS),
        (_item("", _SLUG), _item("other", _SLUG, _OTHER), Reason.ADDRESS),
        (_item("", "/fa/news/12/a"), _item("", "/news/12/b", _OTHER), Reason.NUMBER),
        (_item("", "https://m.roozname.ir/news/12"), _item(f"{_SITE}/news/12"), Reason.NUMBER),
        (_item("", "/news/12"), _item("", "/en/news/12"), Reason.NEW),
        (_item("", "/news/12"), _item("", "/photo/12"), Reason.NEW),
        (_item("", "https://one.ir/news/12"), _item("", "https://two.ir/news/12"), Reason.NEW),
        (_item("", "/status"), _item("", "/status", _OTHER), Reason.CONTRADICTED),
        (_item("pod-3", ""), _item("pod-3", ""), Reason.NEW),
        (_item("", ""), _item("", ""), Reason.NEW),
        (_item("", f"http://old.ir{_SLUG}"), _item("", f"http://new.ir{_SLUG}"), Reason.NEW),
    ],
)
def test_an_article_of_another_source(before: Signals, now: Signals, reason: Reason) -> None:
    assert _verdict(now, before, same_source=False) is reason


def test_the_items_own_source_has_the_say() -> None:
    mine = KnownArticle(7, _item("pod-3", "/podcasts/evening-talk"), same_source=True)
    theirs = KnownArticle(7, _item("", "/podcasts/evening-talk"), same_source=False)
    verdict = decide(_item("pod-4", "/podcasts/evening-talk", _OTHER), [theirs, mine])
    assert verdict.reason is Reason.CONTRADICTED
    assert decide(_item("pod-3", "/podcasts/evening-talk", _OTHER), [theirs, mine]).article_id == 7


def test_another_address_of_the_article_does_not_hide_the_first() -> None:
    readings = [
        KnownArticle(7, _item("", "/?p=12"), same_source=True),
        KnownArticle(7, _item("", _SLUG), same_source=True),
    ]
    assert decide(_item("", _SLUG), readings).article_id == 7
    assert decide(_item("", "/?p=12"), readings).article_id == 7


def test_of_several_articles_the_one_with_the_title_is_it() -> None:
    known = [
        KnownArticle(1, _item("", _SLUG, "یک"), same_source=False),
        KnownArticle(2, _item("", _SLUG, "دو"), same_source=False),
    ]
    assert decide(_item("", _SLUG, "دو"), known).article_id == 2
    assert decide(_item("", _SLUG, "سه"), known).reason is Reason.CONTRADICTED


def test_of_several_articles_with_the_title_the_one_of_the_date_is_it() -> None:
    known = [KnownArticle(n, _item("", _SLUG, at=_AT + n * _HOUR), same_source=False) for n in (1, 2, 3)]
    assert decide(_item("", _SLUG, at=_AT + 2 * _HOUR), known).article_id == 2


def test_a_guid_that_several_articles_bear_names_none() -> None:
    known = [KnownArticle(n, _item("agency-12345", f"/x/slug-{n}", f"تیتر {n}"), same_source=True) for n in (1, 2)]
    assert decide(_item("agency-12345", "/x/slug-3", "تیتر 3"), known).reason is Reason.CONTRADICTED
    assert decide(_item("agency-12345", "/x/slug-2", "تیتر 2"), known).article_id == 2


def test_nothing_known_is_new() -> None:
    assert decide(_item("pod-3", "/pod"), []).reason is Reason.NEW


def test_a_fetch_shows_which_signals_name_nothing() -> None:
    one, two = _fetch(_item("pod-1", "/pod", "یک"), _item("pod-2", "/pod", "دو"))
    assert (one.address, one.guid) == ("", "pod-1")
    one, two = _fetch(_item("const-123456", "/x/a-b", "یک"), _item("const-123456", "/x/c-d", "دو"))
    assert (one.guid, two.guid) == ("", "")
    assert one.address != two.address
    one, two = _fetch(_item("", "/news/202611/a", "یک"), _item("", "/news/202611/b", "دو"))
    assert (one.number, two.number) == (None, None)


def test_a_fetch_that_lists_an_item_twice_takes_nothing_away() -> None:
    pairs = [
        (_item("pod-1", _SLUG), _item("pod-1", _SLUG)),
        (_item(_UUIDS[0], _SLUG), _item(_UUIDS[1], _SLUG)),
        (_item("agency-12345", "/x/a-b"), _item("agency-12345", "/y/a-b")),
        (_item("tag:a,2026:12345", _SLUG), _item("tag:a,2026:12345", _SLUG, at=_AT + _HOUR)),
    ]
    for pair in pairs:
        assert _fetch(*pair) == list(pair)


def test_a_fetch_with_one_link_and_title_tells_items_by_their_dates() -> None:
    items = [_item("", "/podcasts/evening-talk", at=_AT + n * _HOUR) for n in range(3)]
    assert [item.address for item in _fetch(*items)] == [""] * 3


def test_the_feeds_and_the_sites_own_address_name_no_item() -> None:
    site, feed = "https://roozname.ir/blog/", "https://roozname.ir/blog/all-posts"
    for address in (site, feed):
        (item,) = _fetch(_item(address, address), feed=feed, site=site)
        assert (item.guid, item.address) == ("", "")


@pytest.mark.parametrize("parameter", ["PHPSESSID=", "sid=8f14e45fceea167a5a36dedd4bea25"])
def test_a_session_in_every_link_posts_nothing_again(parameter: str) -> None:
    first = [
        _item(f"{_SITE}/t{n}?{parameter}{10 + n}", f"/t{n}?{parameter}{10 + n}", f"تیتر {n}") for n in range(3)
    ]
    again = [
        _item(f"{_SITE}/t{n}?{parameter}{70 + n}", f"/t{n}?{parameter}{70 + n}", f"تیتر {n}") for n in range(3)
    ]
    assert [remembered_key(item) for item in _fetch(*first)] == [remembered_key(item) for item in _fetch(*again)]


def test_keys_stay_the_same() -> None:
    assert remembered_key(_item("pod-3", "/pod")) == remembered_key(_item(" pod-3 ", "http://www.roozname.ir/pod/"))
    assert remembered_key(_item(_UUIDS[0], _SLUG)) == remembered_key(_item(_UUIDS[0], "/other-slug", _OTHER, None))
    assert remembered_key(_item("", _SLUG)) == remembered_key(_item("", f"{_SLUG}?utm_source=x", _OTHER))
    assert remembered_key(_item("a-1")) == "940de9c221c10a16f7a434dfcbab0b0b"


def test_a_long_guid_is_kept_short() -> None:
    one, other = signals_of("1" * 9000, "", "", None), signals_of("1" * 9001, "", "", None)
    assert len(one.guid) == 64
    assert one.guid != other.guid


def _stored(*fetches: list[Signals]) -> int:
    """Return how many articles come of the fetches of one source, one after the other."""
    known: list[KnownArticle] = []
    for fetch in fetches:
        for item in _fetch(*fetch):
            article_id = decide(item, known).article_id
            known.append(KnownArticle(len(known) if article_id is None else article_id, item, same_source=True))
    return len({reading.article_id for reading in known})


def _series(guid: str, path: str, *, title: str = "برنامهٔ {}", step: int = _HOUR) -> list[Signals]:
    """Return three items; {} stands for the number of each."""
    return [_item(guid.format(n), path.format(n), title.format(n), _AT + n * step) for n in (1, 2, 3)]


@pytest.mark.parametrize(
    "items",
    [
        _series("", "/news/2026/11/28/talk-{}"),
        _series("", "/news/2026/11/{}/talks"),
        _series("", "/news/1405/0{}/07/talks"),
        _series("", "/2026/1{}/talks"),
        _series("g{}", "/article/10-ways-{}"),
        _series("pod-{}", "/pod/"),
        _series("pod-{}", "/podcasts/evening-talk"),
        _series("pod-{}", "/", title="برنامه"),
        _series("pod-{}", "/podcast/5/talk", step=0),
        _series(f"{_SITE}/status#{{}}", "/status"),
        _series("", "/"),
        _series("", "/pod"),
        _series("", "/podcasts/evening-talk", title="برنامه"),
        _series("", "", title="برنامه"),
        _series("N/A", "/na/n{}x"),
        _series("N/A", "/"),
        _series("0", "/na/n{}x", step=0),
        _series("agency-123456", "/na/n{}x"),
        _series(f"{_SITE}/rss", "/na/n{}x"),
        _series(f"{_SITE}/all-news", "/all-news"),
        _series("", "/view?id={}", title="برنامه"),
        _series("", "/app/#/news/{}"),
    ],
)
def test_a_feed_of_three_articles_is_three_at_every_fetch(items: list[Signals]) -> None:
    assert _stored(items) == 3
    assert _stored(items, items[::-1], items[:1], items) == 3
    assert _stored(items[:2], items[1:], items) == 3


@pytest.mark.parametrize(
    ("guid", "path"),
    [
        ("http://roozname.ir/x{}", "http://roozname.ir/x{}"),
        ("http://roozname.ir/x{}", "http://roozname.ir/x{}?at_medium=RSS&at_campaign=rss"),
        ("x{}", "http://www.roozname.ir/fa/x{}/amp/"),
        ("", "https://m.roozname.ir:443/x{}/?PHPSESSID=12"),
    ],
)
def test_a_feed_whose_addresses_change_their_form_stores_nothing_again(guid: str, path: str) -> None:
    before = _series(guid, "/x{}")
    assert _stored(before, _series(guid.replace("http:", "https:"), path), before) == 3


_guids = st.sampled_from(
    ["", "N/A", "1", "pod-3", "agency-12345", _UUIDS[0], f"{_SITE}/x/a-b", f"{_SITE}/pod", f"{_SITE}/?p=12"]
)
_paths = st.sampled_from(
    ["", "/", "/pod", "/x/a-b", "/y/a-b", "/news/12/a", "/news/12/b", "/photo/12", "/news/202611/a", "/?p=12"]
)
_items = st.builds(
    _item,
    _guids,
    _paths,
    st.sampled_from(["یک", "دو"]),
    st.sampled_from([None, _AT, _AT + _HOUR, _AT + 60 * _HOUR]),
)


@given(st.lists(_items, min_size=2, max_size=6))
def test_different_articles_of_a_fetch_have_different_keys(items: list[Signals]) -> None:
    shown = _fetch(*items)
    for at, signals in enumerate(shown):
        for other in shown[at + 1 :]:
            if remembered_key(signals) == remembered_key(other):
                assert decide(other, [KnownArticle(1, signals, same_source=True)]).article_id == 1


@given(_items)
def test_an_item_that_has_not_changed_is_known(item: Signals) -> None:
    (shown,) = _fetch(item)
    assert decide(shown, [KnownArticle(1, shown, same_source=True)]).article_id == 1


@given(_items, st.lists(_items, max_size=5))
def test_the_order_of_what_is_known_does_not_count(item: Signals, known: Sequence[Signals]) -> None:
    those = [KnownArticle(n % 3, signals, n % 2 == 0) for n, signals in enumerate(known)]
    assert decide(item, those) == decide(item, those[::-1])


def test_a_missing_title_agrees_with_nothing() -> None:
    bare = replace(_item(), title="")
    assert _verdict(bare, bare) is Reason.NEW


def _slugged(number: int, slug: str = "some-slug", title: str = "") -> Signals:
    return _item("", f"/news/{number}-{slug}", title or f"خبر {number}")


def test_a_changed_slug_is_the_same_article_where_its_site_numbers_slugs() -> None:
    others = [_slugged(number) for number in (48_402, 48_417, 48_425)]
    before, now = _slugged(48_391), _slugged(48_391, "another-slug", _OTHER)
    (known, *_), (arrived, *_) = _fetch(before, *others), _fetch(now, *others)
    assert _verdict(arrived, known) is Reason.NUMBER


def test_the_digits_of_a_slug_are_no_number_elsewhere() -> None:
    others = [_item("", f"/news/a-slug-{letter}", letter) for letter in "abc"]
    before, now = _slugged(90_210), _slugged(90_210, "the-film", _OTHER)
    (known, *_), (arrived, *_) = _fetch(before, *others), _fetch(now, *others)
    assert _verdict(arrived, known) is Reason.NEW
