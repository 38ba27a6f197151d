"""The budget that all processes on one database share: one row, a generic cell rate algorithm of burst 1."""

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
    statement = insert(tx, budget).values(name=name, next_at=now + count * interval)
    begin = case((budget.c.next_at > now, budget.c.next_at), else_=now)
    statement = statement.on_conflict_do_update(
        index_elements=["name"], set_={"next_at": begin + count * interval}
    ).returning(budget.c.next_at)
    return int((await tx.execute(statement)).scalar_one()) - count * interval
