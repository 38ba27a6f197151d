"""Statements that SQLAlchemy compiles once; after that only the driver sees them.

They serve what runs for every update. A statement with lists (`in_`) or optional conditions runs as usual.
"""

from collections import namedtuple
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import CompoundSelect, Dialect, Select
from sqlalchemy.sql.dml import UpdateBase

Statement = Select[Any] | CompoundSelect[Any] | UpdateBase


class PreparedStatement:
    """A statement with named values (`bindparam`), compiled once for each kind of database that runs it.

    A statement that differs between databases is a mapping by the name of the dialect.
    """

    def __init__(self, statement: Statement | Mapping[str, Statement]) -> None:
        self._statement = statement
        self._compiled: dict[str, CompiledStatement] = {}

    def compiled(self, dialect: Dialect) -> "CompiledStatement":
        """Return the statement in the SQL of a database, compiled when it is first asked for."""
        known = self._compiled.get(dialect.name)
        if known is None:
            statement = self._statement
            if isinstance(statement, Mapping):
                statement = statement[dialect.name]
            known = self._compiled[dialect.name] = CompiledStatement(statement, dialect)
        return known


class CompiledStatement:
    """A statement as one kind of database runs it: its `sql`, the order of its values, the names of its columns."""

    def __init__(self, statement: Statement, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        self.sql = str(compiled)
        self._fixed = {name: bound.value for name, bound in compiled.binds.items() if not bound.required}
        self._order: Sequence[str] = compiled.positiontup or ()
        columns = list(statement.exported_columns)
        named: Any = namedtuple  # mypy takes a name that is made here for a type
        self._row = named("Row", [str(column.key) for column in columns], rename=True)
        converters = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns]
        self._converters = converters if any(converters) else ()

    def arguments(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        """Return the values in the statement's order, without NUL. Raises KeyError where one is missing."""
        by_name = {**self._fixed, **values}
        # Every value of every row that is stored passes here: a call for each is what it would cost most.
        return tuple(
            [
                value.replace("\x00", "") if isinstance(value, str) and "\x00" in value else value
                for value in map(by_name.__getitem__, self._order)
            ]
        )

    def rows(self, raw: Sequence[Sequence[Any]]) -> list[Any]:
        """Return rows with the columns' names: of two columns with one name, the first has it."""
        if self._converters:
            raw = [
                [
                    value if convert is None else convert(value)
                    for value, convert in zip(row, self._converters, strict=True)
                ]
                for row in raw
            ]
        return list(map(self._row._make, raw))
