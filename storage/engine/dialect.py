"""The statements that differ between databases, side by side."""

from typing import Any

from sqlalchemy import Table, func, select
from sqlalchemy.dialects import postgresql, sqlite

from storage.engine.connection import Connection

INSERTS: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}
"""By the name of the database: what makes an INSERT that knows `on_conflict_do_nothing` and `..._do_update`."""

MIGRATION_LOCK = 0x70657901
"""The number of the turns that migrations take (see `advisory_lock`)."""
ARTICLE_NUMBER_LOCK = 0x70657902
"""The number of the turns in which articles get their numbers and places in the lists."""
STAFF_LOCK = 0x70657904
"""The number of the turns in which the newsroom's people change."""
CLOCK_LOCK = 0x70657905
"""The number of the turns in which instants are moved along with the clock."""
HOUSE_WORDS_LOCK = 0x70657906
"""The number of the turns in which the newsroom's words change."""
FOLLOW_LOCK = 0x70657907
"""The number of the turns in which articles begin to go on with others."""
INSTANCE_LOCK = 0x70657903
"""The number of the lock that says that an app is at work (see storage.engine.instance_lock)."""


def is_postgresql(connection: Connection) -> bool:
    """Tell which of the two databases this is."""
    return connection.dialect.name == "postgresql"


def insert(connection: Connection, table: Table) -> Any:
    """Return an INSERT that knows `on_conflict_do_nothing` and `on_conflict_do_update`."""
    return INSERTS[connection.dialect.name](table)


async def advisory_lock(tx: Connection, number: int) -> None:
    """Wait until no other transaction has this turn, and have it until ours ends.

    On SQLite every write transaction has the only turn there is.
    """
    if is_postgresql(tx):
        await tx.execute(select(func.pg_advisory_xact_lock(number)))
