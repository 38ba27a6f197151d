"""Budgets that all processes on one database share: each is a row, a generic cell rate algorithm."""

from sqlalchemy import BigInteger, String, bindparam, case
from sqlalchemy.sql.dml import UpdateBase

from storage.engine.connection import Connection
from storage.engine.dialect import INSERTS
from storage.engine.prepared import PreparedStatement
from storage.schema import budget

BULK = "bulk"
"""The budget of pushes."""


async def reserve(tx: Connection, name: str, count: int, *, interval: int, now: int) -> int:
    """Reserve `count` places that follow each other after `interval`, and return when the first one is.

    All three are microseconds; no place is before `now`.
    """
    (row,) = await tx.fetch(_RESERVE, name=name, by=count * interval, now=now)
    return int(row.next_at) - count * interval


async def try_acquire(tx: Connection, name: str, *, interval: int, ahead: int, now: int) -> bool:
    """Acquire the next place, and return whether there was one at most `ahead` of now.

    All three are microseconds. A budget that nobody uses saves up `ahead / interval` places besides the first.
    """
    return bool(await tx.fetch(_TRY, name=name, by=interval, now=now, latest=now + ahead))


def _advance(kind: str, *, bounded: bool) -> UpdateBase:
    """Return the statement that moves the next place of a budget, unless it is behind `latest`, and returns it."""
    by, now = bindparam("by", type_=BigInteger), bindparam("now", type_=BigInteger)
    begin = case((budget.c.next_at > now, budget.c.next_at), else_=now)
    statement: UpdateBase = (
        INSERTS[kind](budget)
        .values(name=bindparam("name", type_=String), next_at=now + by)
        .on_conflict_do_update(
            index_elements=["name"],
            set_={"next_at": begin + by},
            where=budget.c.next_at <= bindparam("latest", type_=BigInteger) if bounded else None,
        )
        .returning(budget.c.next_at)
    )
    return statement


_RESERVE = PreparedStatement({kind: _advance(kind, bounded=False) for kind in INSERTS})
_TRY = PreparedStatement({kind: _advance(kind, bounded=True) for kind in INSERTS})
