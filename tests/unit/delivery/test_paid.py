"""Paid broadcasts: what passes the free limit, what it costs, and where it ends."""

from zoneinfo import ZoneInfo

import pytest

from bot.delivery.paid import Estimate, PaidLanes, PaidTerms, estimate
from storage.bootstrap import opened
from storage.records import Lane

_ZONE = ZoneInfo("Asia/Tehran")
_NOW = 1_766_576_760_000
_DAY_MS = 86_400_000
_BREAKING, _HEADLINE = (Lane.BREAKING * 10 + 2, 7), (Lane.HEADLINE * 10, 7)


def _covers(paid: PaidLanes, key: tuple[int, int], now: int = _NOW) -> bool:
    border = paid.border(now)
    return border is not None and key < border


def test_only_the_lanes_that_the_newsroom_names_are_paid_for() -> None:
    assert not _covers(PaidLanes(PaidTerms("none", 1000, 100), _ZONE), _BREAKING)
    breaking = PaidLanes(PaidTerms("breaking", 1000, 100), _ZONE)
    assert _covers(breaking, _BREAKING)
    assert not _covers(breaking, _HEADLINE)
    assert _covers(PaidLanes(PaidTerms("all", 1000, 100), _ZONE), _HEADLINE)
    assert not _covers(PaidLanes(PaidTerms("all", 1000, 0), _ZONE), _BREAKING)


async def test_the_days_stars_are_a_cap_that_a_restart_does_not_lift(sqlite_url: str) -> None:
    terms = PaidTerms("all", 1000, 2)
    async with opened(sqlite_url) as database:
        paid = PaidLanes(terms, _ZONE)
        async with database.write() as tx:
            await paid.load(tx, _NOW)
            await paid.count(tx, 30, _NOW)
            assert _covers(paid, _HEADLINE), "the first thirty of a second are free"
            await paid.count(tx, 19, _NOW)
            assert _covers(paid, _HEADLINE)
            await paid.count(tx, 1, _NOW)
            assert not _covers(paid, _HEADLINE)
        restarted = PaidLanes(terms, _ZONE)
        async with database.read() as connection:
            await restarted.load(connection, _NOW)
        assert not _covers(restarted, _HEADLINE)
        assert _covers(restarted, _HEADLINE, _NOW + _DAY_MS)


@pytest.mark.parametrize(
    ("messages", "terms", "spent", "expected"),
    [
        (300, PaidTerms("none", 1000, 100), 0, Estimate(10.0, 0)),
        (300, PaidTerms("breaking", 1000, 100), 0, Estimate(10.0, 0)),
        # At 1000 a second 970 of each are paid for: 0.1 Star each.
        (10_000, PaidTerms("all", 1000, 10_000), 0, Estimate(10.0, 970)),
        # What is left of the day's cap pays for 100 of these; the others go at the free rate.
        (400, PaidTerms("all", 1000, 10), 3, Estimate(100 / 1000 + 300 / 30, 10)),
        (400, PaidTerms("all", 1000, 10), 100, Estimate(400 / 30, 0)),
        (400, PaidTerms("all", 20, 10), 0, Estimate(20.0, 0)),
    ],
)
def test_a_broadcast_is_told_with_its_price(
    messages: int, terms: PaidTerms, spent: int, expected: Estimate
) -> None:
    assert estimate(messages, 30, terms, spent) == expected
