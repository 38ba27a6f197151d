"""A connection to the database, in one transaction at a time.

SQLAlchemy Core writes the statements and reads their rows. What it is not used for is the way to the drivers: its
asyncio layer passes greenlets and adapted cursors several times for each statement, which took longer than all
else that an answer to a reader needs. Here a statement is one call of SQLAlchemy's synchronous connection, made
where the driver is, and a prepared one (`storage.engine.prepared`) goes to the driver as it is.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from datetime import tzinfo
from typing import Any, TypeVar, TypeVarTuple, overload

import sqlalchemy
from sqlalchemy import CursorResult, Dialect, Engine, Executable, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.selectable import TypedReturnsRows

from storage.engine.prepared import PreparedStatement

T = TypeVar("T")
Columns = TypeVarTuple("Columns")
Row = tuple[Any, ...]

Parameters = Mapping[str, Any] | Sequence[Mapping[str, Any]]
"""The values of a statement, or those of each of its rows."""


class Connection(ABC):
    """A connection whose transaction begins with its first statement.

    `core` is SQLAlchemy's, which `run` alone uses; `zone` is the newsroom's time zone. While `autocommit` is true,
    there is no transaction: each prepared statement stands by itself, and there are no others. What the drivers
    raise comes as sqlalchemy.exc.DBAPIError.
    """

    autocommit = False

    def __init__(self, core: sqlalchemy.Connection, zone: tzinfo) -> None:
        self.core = core
        self.zone = zone

    @property
    def dialect(self) -> Dialect:
        """The SQL that the database speaks; its `name` is "sqlite" or "postgresql"."""
        return self.core.dialect

    @overload
    async def execute(
        self, statement: "TypedReturnsRows[*Columns]", parameters: Parameters | None = None
    ) -> "CursorResult[*Columns]": ...

    @overload
    async def execute(
        self, statement: Executable, parameters: Parameters | None = None
    ) -> "CursorResult[*Row]": ...

    async def execute(self, statement: Executable, parameters: Parameters | None = None) -> "CursorResult[*Row]":
        """Run a statement and return its rows, all of them fetched. Raises DBAPIError."""
        result: CursorResult[*Row] = await self._run(self.core.execute, statement, parameters)
        return result

    async def fetch(self, statement: PreparedStatement, **values: Any) -> list[Any]:
        """Run a prepared statement with its values and return its rows. Raises DBAPIError."""
        compiled = statement.compiled(self.dialect)
        try:
            return compiled.rows(await self._fetch(compiled.sql, compiled.arguments(values)))
        except self._trouble as error:
            raise DBAPIError(compiled.sql, None, error, connection_invalidated=self.is_lost) from error

    async def write_many(self, statement: PreparedStatement, rows: Sequence[Mapping[str, Any]]) -> None:
        """Run a prepared statement that returns nothing once for each row of values. Raises DBAPIError."""
        if not rows:
            return
        compiled = statement.compiled(self.dialect)
        try:
            await self._write_many(compiled.sql, [compiled.arguments(values) for values in rows])
        except self._trouble as error:
            raise DBAPIError(compiled.sql, None, error, connection_invalidated=self.is_lost) from error

    async def run(self, act: Callable[..., T], *arguments: Any) -> T:
        """Call `act(core, *arguments)` with SQLAlchemy's connection.

        Raises what it raises.
        """
        done: T = await self._run(act, self.core, *arguments)
        return done

    async def end(self, *, keep: bool) -> None:
        """End the transaction, keeping or dropping what it wrote. Raises DBAPIError."""
        if self.autocommit:
            return
        try:
            await self._end(keep)
        except self._trouble as error:
            word = "COMMIT" if keep else "ROLLBACK"
            raise DBAPIError(word, None, error, connection_invalidated=self.is_lost) from error

    @property
    @abstractmethod
    def is_lost(self) -> bool:
        """Return whether it is of no use any more."""

    @abstractmethod
    async def close(self) -> None:
        """Close the connection."""

    _trouble: type[Exception] | tuple[type[Exception], ...]
    """The driver's own class of errors."""

    @abstractmethod
    async def _run(self, act: Callable[..., Any], *arguments: Any) -> Any:
        """Call a function that uses `core` where the driver is, in the transaction."""

    @abstractmethod
    async def _fetch(self, sql: str, values: Sequence[Any]) -> Sequence[Sequence[Any]]:
        """Run a statement of the driver's, in the transaction."""

    @abstractmethod
    async def _write_many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run a statement of the driver's for each row of values, in the transaction."""

    @abstractmethod
    async def _end(self, keep: bool) -> None:
        """Commit or roll back what has begun."""


def without_nul(engine: Engine) -> None:
    """Drop the character NUL from whatever is stored or asked for: PostgreSQL's text cannot hold it."""

    @event.listens_for(engine, "before_cursor_execute", retval=True)
    def clean(
        _connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool
    ) -> tuple[str, Any]:
        # Many rows may come as one long row: the flag does not tell, the parameters do.
        many = bool(parameters) and isinstance(parameters[0], (tuple, list))
        rows = parameters if many else (parameters,)
        if any("\x00" in value for row in rows for value in row if isinstance(value, str)):
            clean_rows = [_clean_row(row) for row in rows]
            return statement, clean_rows if many else clean_rows[0]
        return statement, parameters


def _clean_row(row: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(value.replace("\x00", "") if isinstance(value, str) else value for value in row)
