"""Budgets that all processes on one database share: each is a row, a generic cell rate algorithm."""

from typing import Any

from sqlalchemy import case

from storage.engine.connection import Connection
from storage.engine.dialect import insert
from storage.schema import budget

BULK = "bulk"
"""The budget of pushes."""


async def reserve(tx: Connection, name: str, count: int, *, interval: int, now: int) -> int:
    """Reserve `count` places that follow each other after `interval`, and return when the first one is.

    All three are microseconds; no place is before `now`.
    """
    statement = _advance(tx, name, count * interval, now=now, latest=None)
    return int((await tx.execute(statement)).scalar_one()) - count * interval


async def try_acquire(tx: Connection, name: str, *, interval: int, ahead: int, now: int) -> bool:
    """Acquire the next place, and return whether there was one at most `ahead` of now.

    All three are microseconds. A budget that nobody uses saves up `ahead / interval` places besides the first.
    """
    statement = _advance(tx, name, interval, now=now, latest=now + ahead)
    return (await tx.execute(statement)).first() is not None


def _advance(tx: Connection, name: str, by: int, *, now: int, latest: int | None) -> Any:
    """Return the statement that moves the next place of a budget, unless it is behind `latest`, and returns it."""
    begin = case((budget.c.next_at > now, budget.c.next_at), else_=now)
    return (
        insert(tx, budget)
        .values(name=name, next_at=now + by)
        .on_conflict_do_update(
            index_elements=["name"],
            set_={"next_at": begin + by},
            where=None if latest is None else budget.c.next_at <= latest,
        )
        .returning(budget.c.next_at)
    )
