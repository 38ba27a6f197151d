"""The window on what is ready to be sent: bounded, in order, the first row of each chat (no I/O)."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from heapq import merge
from itertools import islice
from typing import Any, Generic, Protocol, TypeVar

WINDOW = 1_000
"""Rows that one look at the database brings."""
MOST_KEPT = 10_000
"""Chats that the window holds at most, however many rows wait for them."""

_RECHECKED_AT_ONCE = 500

Key = tuple[int, int]


class QueuedRow(Protocol):
    """A row that waits for its chat; a smaller `key` goes first."""

    @property
    def key(self) -> Key:
        """The place in the order in which rows go."""

    @property
    def id(self) -> int:
        """The row's id."""

    @property
    def chat_id(self) -> int:
        """The chat that it is for."""


RowT = TypeVar("RowT", bound=QueuedRow)


class Backlog(Generic[RowT]):
    """The heads of the chats' queues, as far as they were read.

    Rows are read page by page from `cursor` on (None: from the first); where few chats have any, the first of each
    is read. A chat's further rows are looked for once its first is settled: memory is bounded, whatever waits for
    one chat.
    """

    def __init__(self) -> None:
        self.cursor: Key | None = None
        self._heads: dict[int, RowT] = {}
        self._behind: set[int] = set()
        self._recheck: set[int] = set()
        self._at_end = False
        self._rewound = False
        self._starved = False
        self._order: list[RowT] | None = None

    def rewind(self) -> None:
        """Start reading at the first row again, because something urgent may have come in."""
        self.cursor, self._at_end, self._rewound = None, False, True

    @property
    def wants_page(self) -> bool:
        """Return whether to read the next page."""
        short = self._starved or len(self._heads) < WINDOW // 2
        return self._rewound or (short and not self._at_end and len(self._heads) < MOST_KEPT)

    def chats_to_recheck(self) -> list[int]:
        """Return chats whose next row should be read."""
        return list(self._recheck)[:_RECHECKED_AT_ONCE]

    def add_page(self, rows: Sequence[RowT], busy: Collection[int], *, limit: int = WINDOW) -> None:
        """Add a page that was read with `limit`; chats in `busy` have a row under way."""
        for row in rows:
            if row.chat_id in busy:
                self._behind.add(row.chat_id)
            else:
                self._put(row)
        self._at_end, self._rewound = len(rows) < limit, False
        if rows:
            self.cursor = rows[-1].key
        self._starved = False

    def add_all(self, rows: Sequence[RowT], busy: Collection[int]) -> None:
        """Add the first rows of all chats that have any: there is nothing to read behind them."""
        self.add_heads((), rows, busy)
        self._at_end, self._rewound, self._starved = True, False, False

    def add_heads(self, chats: Iterable[int], rows: Sequence[RowT], busy: Collection[int]) -> None:
        """Add the first rows of the `chats` that were to be rechecked."""
        self._recheck.difference_update(chats)
        for row in rows:
            self._behind.add(row.chat_id)
            if row.chat_id not in busy:
                self._put(row)

    def came_free(self, chat_id: int) -> None:
        """The chat's row is settled: its next one may come."""
        if chat_id in self._behind:
            self._behind.discard(chat_id)
            self._recheck.add(chat_id)

    def recheck(self, chat_id: int) -> None:
        """Read the chat's first row again, because one of its rows became pending once more."""
        self._recheck.add(chat_id)

    def in_order(self) -> list[RowT]:
        """Return the heads in the order in which they go."""
        if self._order is None:
            self._order = sorted(self._heads.values(), key=lambda item: item.key)
        elif len(self._order) > len(self._heads):
            self._order = [item for item in self._order if self._heads.get(item.chat_id) is item]
        return self._order

    def remove(self, item: RowT) -> None:
        """Remove a head: it is being sent, or no longer exists."""
        if self._heads.get(item.chat_id) is item:
            del self._heads[item.chat_id]

    def starved(self) -> None:
        """Record that none of the heads could be sent: the next page is read."""
        self._starved = True

    def _put(self, row: RowT) -> None:
        known = self._heads.get(row.chat_id)
        if known is not None and known.id != row.id:
            self._behind.add(row.chat_id)
        if known is None or row.key < known.key:
            self._heads[row.chat_id] = row
            self._order = None


def pick(
    backlogs: Sequence[Backlog[Any]], ready: Callable[[int], bool], most: int, *, below: Key | None = None
) -> list[list[Any]]:
    """Remove up to `most` heads whose chats are `ready`, one for each chat, and return them by backlog.

    Heads whose key is not `below` a border are left.
    """
    picked: list[list[Any]] = [[] for _ in backlogs]
    chat_ids: set[int] = set()
    for number, item in _in_one_line(backlogs):
        if len(chat_ids) >= most or (below is not None and item.key >= below):
            break
        if item.chat_id not in chat_ids and ready(item.chat_id):
            chat_ids.add(item.chat_id)
            picked[number].append(item)
    for backlog, items in zip(backlogs, picked, strict=True):
        if items:
            _remove(backlog, items)
        elif below is None:
            backlog.starved()
    return picked


def _remove(backlog: Backlog[Any], items: Sequence[Any]) -> None:
    for item in items:
        backlog.remove(item)


def _in_one_line(backlogs: Sequence[Backlog[Any]]) -> Iterator[tuple[int, Any]]:
    """Yield the heads of all backlogs in the order in which they go, each with its backlog's number."""
    lines = [_numbered(number, backlog.in_order()) for number, backlog in enumerate(backlogs)]
    return ((number, item) for _, number, item in merge(*lines, key=lambda entry: entry[:2]))


def next_ready(backlog: Backlog[RowT], ready: Callable[[int], bool], most: int) -> list[RowT]:
    """Return up to `most` heads that go next, and leave them where they are."""
    return list(islice((item for item in backlog.in_order() if ready(item.chat_id)), most))


def first_ready(backlogs: Sequence[Backlog[Any]], ready: Callable[[int], bool]) -> Any | None:
    """Return the head that goes first, None where none can."""
    heads = (next((item for item in backlog.in_order() if ready(item.chat_id)), None) for backlog in backlogs)
    return min((head for head in heads if head is not None), key=lambda item: item.key, default=None)


def _numbered(number: int, items: Iterable[RowT]) -> Iterator[tuple[Key, int, RowT]]:
    return ((item.key, number, item) for item in items)
