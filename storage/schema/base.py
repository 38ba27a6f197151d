"""The metadata of all tables, and the kinds of columns and indexes that they share."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    Text,
    literal_column,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite numbers rows by itself only in a column that is declared INTEGER.
RowId = BigInteger().with_variant(Integer, "sqlite")
"""The type of an id that the database numbers by itself."""


def instant_column(name: str, *, null: bool = False) -> Column[int]:
    """Return a column of instants: milliseconds since the epoch, UTC."""
    return Column(name, BigInteger, nullable=null)


def text_column(name: str) -> Column[str]:
    """Return a column of text that is "" by default."""
    return Column(name, Text, nullable=False, server_default="")


def flag_column(name: str) -> Column[bool]:
    """Return a column of flags that are false by default."""
    return Column(name, Boolean, nullable=False, server_default=text("false"))


def indexed_flag(name: str) -> Column[int]:
    """Return a column of flags for the conditions of partial indexes: 1 and 0 are literals in every database."""
    return Column(name, SmallInteger, nullable=False, server_default="0")


def equals_literal(column: ColumnElement[Any], *values: str) -> ColumnElement[bool]:
    """Compare a column with literals: a partial index serves only a query that states its condition literally.

    `values` are SQL literals, quotes included.
    """
    literals: list[ColumnElement[Any]] = [literal_column(value) for value in values]
    return column.in_(literals) if len(literals) > 1 else column == literals[0]


def partial_index(name: str, *columns: Any, where: ColumnElement[bool], unique: bool = False) -> Index:
    """Add an index of the rows for which `where` holds to the table of its columns."""
    return Index(name, *columns, unique=unique, sqlite_where=where, postgresql_where=where)
