"""aiosqlite with one visit to its thread for each statement.

SQLAlchemy makes a cursor, runs it, fetches its rows and closes it, and aiosqlite goes to the connection's thread
for each of these: four visits for what takes SQLite some microseconds. Here the cursor lives within one visit,
and the word that begins a transaction goes with its first statement.
"""

import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import aiosqlite

_ITERATED_AT_ONCE = 64  # what aiosqlite asks for; nothing here iterates


class Connection(aiosqlite.Connection):
    """A connection for SQLAlchemy; `begins` is said before the next statement, "" for nothing."""

    begins: str = ""

    def cursor(self) -> "Cursor":  # type: ignore[override]  # SQLAlchemy enters it, aiosqlite's waits for it besides
        """Return a cursor that is made only when it is run."""
        return Cursor(self)

    async def commit(self) -> None:
        """Commit the transaction, where any has begun."""
        if self._conn.in_transaction:
            await super().commit()

    async def rollback(self) -> None:
        """Roll the transaction back, where any has begun: the pool asks for that each time."""
        if self._conn.in_transaction:
            await super().rollback()

    async def visit(self, what: Callable[..., Any], *arguments: Any) -> Any:
        """Do something with the connection in its own thread."""
        return await self._execute(what, *arguments)  # type: ignore[no-untyped-call]

    def ready(self) -> sqlite3.Connection:
        """Return the connection with its transaction begun, in its own thread."""
        if self.begins:
            begins, self.begins = self.begins, ""
            self._conn.execute(begins)
        return self._conn


class Cursor:
    """What SQLAlchemy asks of a cursor: run once, read whole, closed."""

    arraysize = 1

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    async def __aenter__(self) -> "Cursor":
        return self

    async def execute(self, sql: str, parameters: Iterable[Any] = ()) -> None:
        """Run a statement. Raises what sqlite3 raises, as does `executemany`."""
        await self._connection.visit(self._run, sqlite3.Connection.execute, sql, parameters)

    async def executemany(self, sql: str, parameters: Iterable[Iterable[Any]]) -> None:
        """Run a statement with each of the rows of parameters."""
        await self._connection.visit(self._run, sqlite3.Connection.executemany, sql, parameters)

    async def fetchall(self) -> list[Any]:
        """Return the rows."""
        return self._rows

    async def close(self) -> None:
        """Do nothing: it is closed."""

    def _run(self, run: Callable[..., sqlite3.Cursor], sql: str, parameters: Any) -> None:
        cursor = run(self._connection.ready(), sql, parameters)
        try:
            self.description = cursor.description
            self._rows = cursor.fetchall() if cursor.description else []
            self.rowcount, self.lastrowid = cursor.rowcount, cursor.lastrowid
        finally:
            cursor.close()


async def connect(path: Path) -> Connection:
    """Open the database at `path`. Raises sqlite3.Error."""
    connection = Connection(lambda: sqlite3.connect(path, check_same_thread=False), _ITERATED_AT_ONCE)
    connection._thread.daemon = True
    return await connection  # type: ignore[return-value]  # itself
