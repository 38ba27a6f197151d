"""The window on what is ready to be sent: bounded, in order, the first row of each chat (no I/O)."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from heapq import merge
from typing import Any, Generic, Protocol, TypeVar

WINDOW = 1_000
"""Rows that one look at the database brings."""
MOST_KEPT = 10_000
"""Chats that the window holds at most, however many rows wait for them."""

_RECHECKED_AT_ONCE = 500
_BLOCK = 512
"""Ids of rows that stand so close that their order matters to nobody."""

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

Rank = tuple[int, ...]
RowOrder = Callable[[QueuedRow], Rank]
"""The order in which a process takes rows; rows of a more urgent priority always go first."""


def in_turn(row: QueuedRow) -> Rank:
    """Rank a row by its place in the queue: the order of a process that is alone."""
    return row.key


def scattered(salt: int) -> RowOrder:
    """Return an order of one of several processes, which differ in their `salt`.

    Rows go in blocks, in each of which every process has an order of its own: they rarely pick the same row.
    """

    def rank(row: QueuedRow) -> Rank:
        priority, number = row.key
        return priority, number // _BLOCK, hash((salt, row.chat_id)), number

    return rank


class Backlog(Generic[RowT]):
    """The heads of the chats' queues, as far as they were read.

    Rows are read page by page from `cursor` on (None: from the first); a chat's further rows are passed over and
    looked for once its first is settled, so that memory is bounded whatever waits for one chat. Heads go in
    `order`.
    """

    def __init__(self, order: RowOrder = in_turn) -> None:
        self.order = order
        self.cursor: Key | None = None
        self._heads: dict[int, RowT] = {}
        self._behind: set[int] = set()
        self._recheck: set[int] = set()
        self._at_end = False
        self._rewound = False
        self._starved = False
        self._order: list[RowT] | None = None

    def rewind(self) -> None:
        """Read from the first row again, however full the window is: something urgent may stand there."""
        self.cursor, self._at_end, self._rewound = None, False, True

    def forget(self) -> None:
        """Forget the heads and read from the first row again: other processes have taken many of them."""
        self._heads.clear()
        self._order = None
        self.rewind()

    @property
    def wants_page(self) -> bool:
        """Tell whether to read the next page."""
        short = self._starved or len(self._heads) < WINDOW // 2
        return self._rewound or (short and not self._at_end and len(self._heads) < MOST_KEPT)

    def chats_to_recheck(self) -> list[int]:
        """Return chats whose next row should be read."""
        return list(self._recheck)[:_RECHECKED_AT_ONCE]

    def add_page(self, rows: Sequence[RowT], busy: Collection[int], *, limit: int = WINDOW) -> None:
        """Take in a page that was read with `limit`; chats in `busy` have a row under way."""
        for row in rows:
            if row.chat_id in busy:
                self._behind.add(row.chat_id)
            else:
                self._put(row)
        self._at_end, self._rewound = len(rows) < limit, False
        if rows:
            self.cursor = rows[-1].key
        self._starved = False

    def add_heads(self, chats: Iterable[int], rows: Sequence[RowT], busy: Collection[int]) -> None:
        """Take in the first rows of the `chats` that were to be rechecked."""
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
        """Something of the chat came back: what is known as its first row may not be that any more."""
        self._recheck.add(chat_id)

    def in_order(self) -> list[RowT]:
        """Return the heads in the order in which they go."""
        if self._order is None:
            self._order = sorted(self._heads.values(), key=self.order)
        elif len(self._order) > len(self._heads):
            self._order = [item for item in self._order if self._heads.get(item.chat_id) is item]
        return self._order

    def take(self, item: RowT) -> None:
        """Take a head out: it is being sent, or is not there any more."""
        if self._heads.get(item.chat_id) is item:
            del self._heads[item.chat_id]

    def starved(self) -> None:
        """None of the heads could be sent: read on, however many they are."""
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
    """Take out up to `most` heads whose chats are `ready`, one for each chat; returns them by backlog.

    Heads whose key is not `below` a border are left.
    """
    picked: list[list[Any]] = [[] for _ in backlogs]
    taken: set[int] = set()
    lines = [_numbered(number, backlog) for number, backlog in enumerate(backlogs)]
    for _, number, item in merge(*lines, key=lambda one: one[:2]):
        if len(taken) >= most or (below is not None and item.key[:1] > below[:1]):
            break
        if below is not None and item.key >= below:
            continue
        if item.chat_id not in taken and ready(item.chat_id):
            taken.add(item.chat_id)
            picked[number].append(item)
    for backlog, items in zip(backlogs, picked, strict=True):
        for item in items:
            backlog.take(item)
        if not items and below is None:
            backlog.starved()
    return picked


def first_ready(backlogs: Sequence[Backlog[Any]], ready: Callable[[int], bool]) -> Any | None:
    """Return the head that goes first, None where none can."""
    heads = (next((item for item in backlog.in_order() if ready(item.chat_id)), None) for backlog in backlogs)
    ranked = (
        (backlog.order(head), head) for backlog, head in zip(backlogs, heads, strict=True) if head is not None
    )
    return min(ranked, key=lambda one: one[0], default=(None, None))[1]


def _numbered(number: int, backlog: Backlog[RowT]) -> Iterator[tuple[Rank, int, RowT]]:
    return ((backlog.order(item), number, item) for item in backlog.in_order())
