"""The window on what is ready: in order, one for each chat, bounded whatever waits."""

from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.delivery.backlog import MOST_KEPT, Backlog, first_ready, pick


@dataclass(frozen=True)
class Row:
    priority: int
    id: int
    chat_id: int

    @property
    def key(self) -> tuple[int, int]:
        return self.priority, self.id


class Outbox:
    """Rows as a database would hand them out."""

    def __init__(self, rows: list[Row]) -> None:
        self.rows = sorted(rows, key=lambda row: row.key)

    def after(self, key: tuple[int, int] | None, limit: int) -> list[Row]:
        return [row for row in self.rows if key is None or row.key > key][:limit]

    def first_of(self, chats: list[int]) -> list[Row]:
        firsts: dict[int, Row] = {}
        for row in self.rows:
            if row.chat_id in chats:
                firsts.setdefault(row.chat_id, row)
        return list(firsts.values())


def fill(backlog: Backlog[Row], outbox: Outbox, busy: set[int], limit: int, few: int = 0) -> None:
    """Read what the window wants; where no more than `few` chats have rows, the first of each."""
    if again := backlog.chats_to_recheck():
        backlog.add_heads(again, outbox.first_of(again), busy)
    chats = list({row.chat_id for row in outbox.rows})
    if backlog.wants_page and backlog.cursor is None and len(chats) <= few:
        backlog.add_all(outbox.first_of(chats), busy)
    elif backlog.wants_page:
        backlog.add_page(outbox.after(backlog.cursor, limit), busy, limit=limit)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from([20, 30, 32]), st.integers(1, 6)), min_size=1, max_size=60),
    st.integers(1, 7),
    st.integers(1, 5),
    st.integers(0, 6),
)
def test_everything_goes_once_and_each_chat_in_its_order(
    wanted: list[tuple[int, int]], limit: int, most: int, few: int
) -> None:
    outbox = Outbox([Row(priority, number, chat) for number, (priority, chat) in enumerate(wanted)])
    expected = {chat: [row for row in outbox.rows if row.chat_id == chat] for _, chat in wanted}
    backlog: Backlog[Row] = Backlog()
    sent: list[Row] = []
    for _ in range(len(wanted) * 8):
        fill(backlog, outbox, set(), limit, few)
        (items,) = pick([backlog], lambda _: True, most)
        assert len({row.chat_id for row in items}) == len(items) <= most
        for row in items:
            outbox.rows.remove(row)
            backlog.came_free(row.chat_id)
        sent += items
    assert len(sent) == len(wanted)
    for chat, rows in expected.items():
        assert [row for row in sent if row.chat_id == chat] == rows


def test_what_is_urgent_overtakes_what_waits_for_the_same_chat() -> None:
    backlog: Backlog[Row] = Backlog()
    backlog.add_page([Row(30, 5, 1), Row(32, 6, 2)], set())
    backlog.rewind()
    backlog.add_page([Row(20, 9, 1), Row(30, 5, 1), Row(32, 6, 2)], set())
    (items,) = pick([backlog], lambda _: True, 10)
    assert [(row.priority, row.chat_id) for row in items] == [(20, 1), (32, 2)]
    backlog.came_free(1)
    assert backlog.chats_to_recheck() == [1]


def test_what_is_new_is_seen_although_the_window_is_full() -> None:
    backlog: Backlog[Row] = Backlog()
    backlog.add_page([Row(32, number, number) for number in range(1000)], set())
    assert not backlog.wants_page
    backlog.rewind()
    assert backlog.wants_page
    backlog.add_page([Row(20, 5000, 7000), *(Row(32, number, number) for number in range(999))], set())
    assert not backlog.wants_page
    assert backlog.in_order()[0] == Row(20, 5000, 7000)


def test_what_came_back_goes_before_what_was_known() -> None:
    backlog: Backlog[Row] = Backlog()
    backlog.add_page([Row(30, 8, 1)], set())
    backlog.recheck(1)
    backlog.add_heads(backlog.chats_to_recheck(), [Row(30, 3, 1)], set())
    assert pick([backlog], lambda _: True, 5) == [[Row(30, 3, 1)]]


def test_a_chat_that_may_not_be_written_to_is_passed_over() -> None:
    changes: Backlog[Row] = Backlog()
    pushes: Backlog[Row] = Backlog()
    changes.add_page([Row(10, 1, 7)], set())
    pushes.add_page([Row(30, 1, 7), Row(30, 2, 8)], set())
    assert first_ready([changes, pushes], lambda chat: chat != 7) == Row(30, 2, 8)
    assert pick([changes, pushes], lambda chat: chat != 7, 5) == [[], [Row(30, 2, 8)]]
    assert pick([changes, pushes], lambda _: True, 5) == [[Row(10, 1, 7)], []]


def test_a_border_holds_back_what_is_less_urgent() -> None:
    backlog: Backlog[Row] = Backlog()
    backlog.add_page([Row(22, 1, 1), Row(30, 2, 2)], set())
    assert pick([backlog], lambda _: True, 5, below=(30, 0)) == [[Row(22, 1, 1)]]


def test_a_million_rows_for_chats_that_wait_take_bounded_room() -> None:
    backlog: Backlog[Row] = Backlog()
    number = 0
    while backlog.wants_page or number == 0:
        backlog.add_page([Row(32, number + at, number + at) for at in range(1000)], set())
        number += 1000
        assert pick([backlog], lambda _: False, 64) == [[]]
        assert number <= MOST_KEPT + 1000
    assert len(backlog.in_order()) <= MOST_KEPT
