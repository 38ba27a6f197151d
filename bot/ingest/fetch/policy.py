"""What is to be done with what a source says (pure)."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from bot.ingest.items import FeedItem

_PAGE_TRIES = 6
_FIRST_RETRY_MS = 30_000
_LONGEST_ASKED_S = 24 * 3600
_LONGEST_FRESH_S = 900


class Step(StrEnum):
    """What one item asks for."""

    STORE = "store"
    REVISE = "revise"
    SKIP = "skip"


def step_for(digest: str, known: tuple[int | None, str] | None) -> Step:
    """Return what to do with an item of that digest; `known` is what storage remembers of its key."""
    if known is None:
        return Step.STORE
    article_id, old = known
    return Step.SKIP if article_id is None or old == digest else Step.REVISE


def in_order(items: Sequence[FeedItem]) -> list[FeedItem]:
    """Return a feed's items oldest first: by their dates where all have one, else from the feed's end."""
    upwards = list(reversed(items))
    if all(item.published_at is not None for item in items):
        return sorted(upwards, key=lambda item: item.published_at or 0)
    return upwards


def is_pushed(*, first_fetch: bool, published_at: int, now: int, most_age: int) -> bool:
    """Tell whether a new item goes out: not those of a source's first fetch, not those older than `most_age` (ms).

    `published_at` 0 stands for no date: such an item is new.
    """
    return not first_fetch and (published_at == 0 or published_at >= now - most_age)


def next_fetch(now: int, interval: float, *, asked: int | None = None, fresh: int | None = None) -> int:
    """Return when (ms) to fetch next: after `interval` seconds, later only where the site asks for it.

    `asked` are the seconds of a Retry-After (at most a day counts), `fresh` those of a Cache-Control (at most
    15 minutes).
    """
    seconds = max(interval, min(asked or 0, _LONGEST_ASKED_S), min(fresh or 0, _LONGEST_FRESH_S))
    return now + int(seconds * 1000)


def next_page_try(now: int, attempts: int) -> int | None:
    """Return when (ms) to try a page again that failed `attempts` times; None: never."""
    return now + _FIRST_RETRY_MS * 4 ** (attempts - 1) if attempts < _PAGE_TRIES else None


def changed_keys(digests: Mapping[str, str], known: Mapping[str, tuple[int | None, str]]) -> dict[str, Step]:
    """Return the step of each key that has something to do."""
    steps = {key: step_for(digest, known.get(key)) for key, digest in digests.items()}
    return {key: step for key, step in steps.items() if step is not Step.SKIP}
