"""Statements that never change: written by SQLAlchemy once, then known to the driver alone.

For those that every update asks. Whatever has lists (`in_`) or optional conditions is executed in the ordinary way.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import CompoundSelect, Dialect, Select
from sqlalchemy.sql.dml import UpdateBase

Statement = Select[Any] | CompoundSelect[Any] | UpdateBase

_Convert = Callable[[Any], Any]


class Prepared:
    """A statement with named values (`bindparam`), written for a kind of database when it is first asked there.

    One that differs between them is given by the name of the database.
    """

    def __init__(self, statement: Statement | Mapping[str, Statement]) -> None:
        self._statement = statement
        self._made: dict[str, Made] = {}

    def made(self, dialect: Dialect) -> "Made":
        """Return the statement in a database's words."""
        known = self._made.get(dialect.name)
        if known is None:
            statement = self._statement
            if isinstance(statement, Mapping):
                statement = statement[dialect.name]
            known = self._made[dialect.name] = Made(statement, dialect)
        return known


class Made:
    """A statement in a database's words: its `sql`, the order of its values, the names of its columns."""

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
        found = {**self._fixed, **values}
        return tuple(_without_nul(found[name]) for name in self._order)

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


def _without_nul(value: Any) -> Any:
    return value.replace("\x00", "") if isinstance(value, str) and "\x00" in value else value
