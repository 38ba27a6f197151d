"""The decision whether a new item is news to readers (pure). Instants are milliseconds, 0 stands for none."""

from collections.abc import Sequence


def is_pushed(*, first_fetch: bool, published_at: int, now: int, most_age: int) -> bool:
    """Return whether a new item is pushed: not on a source's first fetch, and not if older than `most_age` (ms).

    `published_at` 0 stands for no date: such an item is new.
    """
    return not first_fetch and (published_at == 0 or published_at >= now - most_age)


def dates_that_count(dates: Sequence[int], of_pages: Sequence[int]) -> list[int]:
    """Return the dates by which items of one fetch, the oldest first, are new or old.

    `dates` are the items' own and `of_pages` those of their pages, as far as these were read. A feed without dates
    lists its newest first: where the pages of the items above one are old, it is no newer than the newest of them.
    """
    newest, counting = 0, []
    for own, of_page in zip(reversed(dates), reversed(of_pages), strict=True):
        counting.append(own or of_page or newest)
        newest = max(newest, 0 if own else of_page)
    return counting[::-1]
