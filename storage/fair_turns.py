"""Turns of chats whose due rows are sent one after the other, so that none with many rows holds up the others.

Telegram takes about one message a second in a chat: a thousand rows of one take a quarter of an hour.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, func, select

RecordT = TypeVar("RecordT")


def in_turns(
    row_id: ColumnElement[int],
    chat_id: ColumnElement[int],
    *due: ColumnElement[bool],
    order: Sequence[ColumnElement[Any]],
    limit: int,
) -> Select[tuple[int]]:
    """Select the ids of up to `limit` rows that are `due`, the first of each chat before the second of any.

    Within a chat, and within a turn, they come in their `order`.
    """
    turn = func.row_number().over(partition_by=chat_id, order_by=order).label("turn")
    keys = [key.label(f"key_{place}") for place, key in enumerate(order)]
    queue = select(row_id.label("id"), turn, *keys).where(*due).subquery()
    return select(queue.c.id).order_by(queue.c.turn, *(queue.c[key.name] for key in keys)).limit(limit)


def sorted_by_turns(records: Iterable[RecordT], chat_of: Callable[[RecordT], int]) -> list[RecordT]:
    """Return records, which come in their order, with the first of each chat before the second of any."""
    counts: Counter[int] = Counter()
    turns: list[tuple[int, RecordT]] = []
    for record in records:
        counts[chat_of(record)] += 1
        turns.append((counts[chat_of(record)], record))
    return [record for _, record in sorted(turns, key=lambda turn: turn[0])]
