"""Selection of the entries of a feed that are read, and of its pictures that belong to no article (pure)."""

from collections import Counter
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from bot.ingest.identity.addresses import comparable, is_telling
from bot.ingest.items import FeedItem

T = TypeVar("T")
MAX_ITEMS = 500
"""Entries of one feed that are read: its newest."""
_REPEATED = 3


def newest(entries: Sequence[T], date_of: Callable[[T], int | None]) -> Sequence[T]:
    """Return the newest entries in the order of the feed: the first where it does not date them.

    Where only some have a date, the first and the last of these tell whether the feed lists its oldest first.
    """
    if len(entries) <= MAX_ITEMS:
        return entries
    dates = [date_of(entry) for entry in entries]
    dated = [date for date in dates if date is not None]
    if len(dated) == len(entries):
        by_date = sorted(range(len(entries)), key=lambda at: (-dated[at], at))
        return [entries[at] for at in sorted(by_date[:MAX_ITEMS])]
    oldest_first = bool(dated) and dated[0] < dated[-1]
    return entries[-MAX_ITEMS:] if oldest_first else entries[:MAX_ITEMS]


def distinct(items: Iterable[FeedItem | None]) -> tuple[FeedItem, ...]:
    """Return the items in their order, one of those with the same guid, address and title.

    Alerts and the like have neither a guid nor a page of their own: their dates tell them apart. A picture that
    stands by most of them is the site's own: they are without.
    """
    by_identity: dict[tuple[str, str, str, int | None], FeedItem] = {}
    for item in items:
        if item is not None:
            is_named = item.guid or is_telling(comparable(item.url))
            date = None if is_named else item.published_at
            by_identity.setdefault((item.guid, item.url, item.title, date), item)
    photos = Counter(item.photo for item in by_identity.values() if item.photo)
    signs = {photo for photo, count in photos.items() if count >= _REPEATED and count * 2 > len(by_identity)}
    return tuple(_without(item, signs) for item in by_identity.values())


def _without(item: FeedItem, signs: Container[str]) -> FeedItem:
    if item.photo not in signs:
        return item
    pictures = tuple(picture for picture in item.pictures if picture not in signs)
    return replace(item, photo=next(iter(pictures), ""), pictures=pictures)
