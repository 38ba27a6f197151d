"""The times at which pages are read again, and how often those of one host are asked for."""

from itertools import pairwise

from bot.ingest.fetch.pace import Pace
from bot.ingest.page.visit_policy import HOUR, MINUTE, NEVER, after_failure, after_reading
from bot.ingest.parsing.reading import own_addresses
from bot.ingest.storing.push_policy import dates_that_count

_NOW = 1_795_842_000_000


def test_a_young_article_is_looked_at_again_with_growing_pauses_and_an_old_one_is_not() -> None:
    pauses = [after_reading(visits, age=HOUR, now=_NOW) - _NOW for visits in range(1, 6)]
    assert pauses[0] == 10 * MINUTE
    assert pauses == sorted(pauses)
    assert after_reading(6, age=HOUR, now=_NOW) == NEVER
    assert after_reading(1, age=49 * HOUR, now=_NOW) == NEVER


def test_a_page_that_fails_is_tried_again_with_growing_pauses_and_given_up() -> None:
    pauses = [after_failure(failures, now=_NOW) - _NOW for failures in range(1, 7)]
    assert pauses[0] == 30_000
    assert all(later == 4 * earlier for earlier, later in pairwise(pauses))
    assert after_failure(7, now=_NOW) == NEVER


def test_a_host_is_asked_once_a_second_and_a_burst_is_for_what_is_urgent() -> None:
    pace = Pace(rate=1, burst=3)
    assert [pace.try_acquire("a.example", 100.0) for _ in range(5)] == [True, True, True, False, False]
    assert not pace.is_free("a.example", 102.9)
    assert pace.try_acquire("a.example", 101.0)
    assert pace.is_free("b.example", 100.0)
    assert pace.is_free("a.example", 104.0)


def test_over_time_no_host_is_asked_more_often_than_its_rate() -> None:
    pace = Pace(rate=2, burst=4)
    taken = sum(pace.try_acquire("a.example", second / 10) for second in range(600))
    assert taken <= 60 * 2 + 4


def test_a_page_speaks_for_its_own_site_alone() -> None:
    site = "https://khabar.example"
    assert own_addresses(f"{site}/a/1-story", "http://www.khabar.example/1") == (f"{site}/a/1-story", f"{site}/1")
    assert own_addresses("https://evil.example/a/1", f"{site}/a/next-story") == ("https://evil.example/a/1",)
    assert own_addresses(f"{site}/a/1-story", "") == (f"{site}/a/1-story",)
    assert own_addresses(f"{site}/a/1-story", "", f"{site}/?p=12") == (f"{site}/a/1-story", f"{site}/?p=12")
    assert own_addresses(f"{site}/a/1-story", "", "https://wp.me/p1-2") == (f"{site}/a/1-story",)
    assert own_addresses(f"{site}/a/1-story", f"{site}/") == (f"{site}/a/1-story",)


def test_items_without_any_date_are_no_newer_than_the_pages_above_them() -> None:
    assert dates_that_count([0, 0, 0], [0, 30, 20]) == [30, 30, 20]
    assert dates_that_count([0, 0, 0], [0, 0, 0]) == [0, 0, 0]
    assert dates_that_count([0, 0, 50], [0, 30, 40]) == [30, 30, 50]
    assert dates_that_count([0, 0], [20, 0]) == [20, 0], "nothing above it tells"
