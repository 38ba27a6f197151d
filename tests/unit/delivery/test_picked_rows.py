"""Spare rows end where they were tried, and wait on where they were not."""

from bot.delivery.picked_rows import PickedRows
from storage.chats import RANKS
from storage.outbox import ReadyDelivery
from storage.records import ChatKind, Lane, Priority


def _row(number: int) -> ReadyDelivery:
    priority = Priority.of(Lane.HEADLINE, RANKS[ChatKind.CHANNEL])
    return ReadyDelivery(priority, number, -number, due_at=0, fold=False, alone=False)


_ROWS = [_row(number) for number in range(1, 9)]
_PICKED = PickedRows(headlines=_ROWS[:3], spare=_ROWS[3:])


def test_spare_ones_stand_in_until_there_is_one_for_each_headline() -> None:
    # Others had the chats -1, -2 and -5.
    assert _PICKED.spent_spare({-3, -4, -6}) == _ROWS[3:6]
    assert _PICKED.spent_spare({-1, -2, -3}) == [], "none was tried"


def test_where_too_few_are_left_all_were_tried() -> None:
    assert _PICKED.spent_spare({-1, -8}) == _ROWS[3:]
    assert _PICKED.spent_spare(set()) == _ROWS[3:]


def test_rows_of_chats_that_must_wait_are_left_out() -> None:
    left = _PICKED.without({-1, -4})
    assert (left.own_chats, left.chats) == ([-2, -3], [-2, -3, -5, -6, -7, -8])
