"""The statements that differ between databases, side by side."""

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Table,
    TableValuedAlias,
    any_,
    bindparam,
    cast,
    func,
    literal_column,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite

from storage.engine.connection import Connection

INSERTS: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}
"""By the name of the database: what makes an INSERT that knows `on_conflict_do_nothing` and `..._do_update`."""

_LISTED: dict[str, Any] = {
    "postgresql": lambda name: func.json_array_elements_text(cast(bindparam(name), JSON)),
    "sqlite": lambda name: func.json_each(bindparam(name)),
}

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
REPORT_LOCK = 0x70657908
"""The number of the turns in which the newsroom is told of sources that fail together."""
INSTANCE_LOCK = 0x70657903
"""The number of the lock that says that an app is at work (see storage.engine.instance_lock)."""


def is_postgresql(connection: Connection) -> bool:
    """Return whether the database is PostgreSQL."""
    return connection.dialect.name == "postgresql"


def insert(connection: Connection, table: Table) -> Any:
    """Return an INSERT that knows `on_conflict_do_nothing` and `on_conflict_do_update`."""
    return INSERTS[connection.dialect.name](table)


def listed(kind: str, name: str) -> TableValuedAlias:
    """Return a list that a prepared statement takes as its parameter `name`, as a table with the column `value`.

    `kind` is the name of the database; `json_list` makes the parameter. On PostgreSQL every value is text.
    """
    return _LISTED[kind](name).table_valued("value")  # type: ignore[no-any-return]


def among(kind: str, column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """Return the condition that a column has one of the values of a list, see `listed`, for an index to serve."""
    value = listed(kind, name).c.value
    if kind == "sqlite":
        return column.in_(select(value))
    # A list that is known when the statement begins: each OR of such conditions uses its index.
    return column == any_(func.array(select(cast(value, column.type)).scalar_subquery()))


def opaque_literal(sql: str) -> ColumnElement[Any]:
    """Return a literal in SQL that the planner does not know: it chooses no partial index that depends on it.

    Of two indexes that both serve, PostgreSQL may choose the worse one while it has no statistics.
    """
    return select(literal_column(sql)).scalar_subquery()


def json_list(values: Collection[str] | Collection[int]) -> str:
    """Return values as one parameter, see `listed`: without NUL, which PostgreSQL's text cannot hold."""
    plain = [value.replace("\x00", "") if isinstance(value, str) else value for value in values]
    return json.dumps(plain, ensure_ascii=False)


async def advisory_lock(tx: Connection, number: int) -> None:
    """Wait for the lock of that number, and hold it until the transaction ends.

    On SQLite every write transaction has the only turn there is.
    """
    if is_postgresql(tx):
        await tx.execute(select(func.pg_advisory_xact_lock(number)))
