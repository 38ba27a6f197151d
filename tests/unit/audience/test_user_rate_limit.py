"""A person may ask much at once and steadily, and is told once when it is too much."""

from bot.audience.user_rate_limit import Take, UserRateLimits


def test_an_empty_bucket_is_told_once_until_it_is_full_again() -> None:
    buckets = UserRateLimits(burst=3, rate=1.0)
    assert [buckets.take(1, 100.0) for _ in range(3)] == [Take.ALLOWED] * 3
    assert [buckets.take(1, 100.0) for _ in range(3)] == [Take.EMPTIED, Take.EMPTY, Take.EMPTY]
    assert [buckets.take(1, 101.0) for _ in range(2)] == [Take.ALLOWED, Take.EMPTY]
    assert [buckets.take(1, 200.0) for _ in range(4)] == [*[Take.ALLOWED] * 3, Take.EMPTIED]


def test_one_persons_bucket_is_not_anothers() -> None:
    buckets = UserRateLimits(burst=1, rate=1.0)
    assert buckets.take(1, 0.0) is Take.ALLOWED
    assert buckets.take(2, 0.0) is Take.ALLOWED
    assert buckets.take(1, 0.0) is Take.EMPTIED


def test_a_late_moment_fills_nothing_and_empties_nothing_more() -> None:
    buckets = UserRateLimits(burst=1, rate=1.0)
    assert buckets.take(1, 50.0) is Take.ALLOWED
    assert buckets.take(1, 10.0) is Take.EMPTIED
    assert buckets.take(1, 51.0) is Take.ALLOWED
