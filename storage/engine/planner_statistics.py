"""Statistics by which PostgreSQL plans statements, kept near the truth while tables grow.

Autovacuum counts a table anew a minute after it has grown, at the earliest. Until then a library that was just
built is planned for as an empty one.
"""

from sqlalchemy import text

from storage.engine.connection import Connection
from storage.engine.database import Database

LEAST_CHANGED = 1_000
"""Rows of a table that must have changed since it was counted: a small table is read whole in any case."""


async def count_anew(database: Database) -> list[str]:
    """Count the tables of which half of the rows have changed since they were counted; return their names.

    SQLite plans without statistics.
    """
    if database.path is not None:
        return []
    async with database.read() as connection:
        names = [str(row.name) for row in await connection.execute(_CHANGED, {"least": LEAST_CHANGED})]
    for name in names:
        async with database.write() as tx:
            await _count(tx, name)
    return names


async def _count(tx: Connection, name: str) -> None:
    # The name is PostgreSQL's own, quoted where it has to be.
    await tx.execute(text(f"ANALYZE {name}"))


_CHANGED = text(
    """
    SELECT relid::regclass::text AS name FROM pg_stat_user_tables
    WHERE n_mod_since_analyze >= :least AND n_mod_since_analyze * 2 >= n_live_tup
    ORDER BY relid
    """
)
