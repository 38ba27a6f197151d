"""A person may ask much at once and steadily, and is told once when it is too much."""

from bot.audience.user_rate_limit import RateDecision, UserRateLimits


def test_an_empty_bucket_is_told_once_until_it_is_full_again() -> None:
    buckets = UserRateLimits(burst=3, rate=1.0)
    assert [buckets.consume(1, 100.0) for _ in range(3)] == [RateDecision.ALLOWED] * 3
    assert [buckets.consume(1, 100.0) for _ in range(3)] == [
        RateDecision.EMPTIED,
        RateDecision.EMPTY,
        RateDecision.EMPTY,
    ]
    assert [buckets.consume(1, 101.0) for _ in range(2)] == [RateDecision.ALLOWED, RateDecision.EMPTY]
    assert [buckets.consume(1, 200.0) for _ in range(4)] == [*[RateDecision.ALLOWED] * 3, RateDecision.EMPTIED]


def test_one_persons_bucket_is_not_anothers() -> None:
    buckets = UserRateLimits(burst=1, rate=1.0)
    assert buckets.consume(1, 0.0) is RateDecision.ALLOWED
    assert buckets.consume(2, 0.0) is RateDecision.ALLOWED
    assert buckets.consume(1, 0.0) is RateDecision.EMPTIED


def test_a_late_moment_fills_nothing_and_empties_nothing_more() -> None:
    buckets = UserRateLimits(burst=1, rate=1.0)
    assert buckets.consume(1, 50.0) is RateDecision.ALLOWED
    assert buckets.consume(1, 10.0) is RateDecision.EMPTIED
    assert buckets.consume(1, 51.0) is RateDecision.ALLOWED
