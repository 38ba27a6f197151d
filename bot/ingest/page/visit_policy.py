"""Pauses between the visits to an article's page (pure). Instants and pauses are milliseconds."""

NEVER = 2**62
"""The due time of a page that is not read any more; its row tells that its text was read from it."""

MINUTE = 60_000
HOUR = 60 * MINUTE

_YOUNG = 48 * HOUR
_PAUSES = (10 * MINUTE, 30 * MINUTE, 2 * HOUR, 6 * HOUR, 24 * HOUR)
_FIRST_RETRY = 30_000
_RETRIES = 6
_GROWTH = 4
_LONGEST_RETRY_AFTER = 24 * HOUR


def after_reading(visits: int, *, age: int, now: int) -> int:
    """Return when to look for a change after so many readings: with growing pauses, while the article is young."""
    if not 0 < visits <= len(_PAUSES) or age > _YOUNG:
        return NEVER
    return now + _PAUSES[visits - 1]


def after_failure(failures: int, *, now: int, retry_after: int = 0) -> int:
    """Return when to try again after so many failures in a row; NEVER after the last try.

    The site's `retry_after` (seconds, at most a day counts) wins where it is longer.
    """
    if failures > _RETRIES:
        return NEVER
    pause: int = _FIRST_RETRY * _GROWTH ** (failures - 1)
    return now + max(pause, min(retry_after * 1000, _LONGEST_RETRY_AFTER))
