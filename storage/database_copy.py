"""The copy of all data from one database into another, of either kind.

The copy goes chunk by chunk. Each chunk and the cursor behind it are one transaction, so that a copy that was
interrupted goes on where it was. Each table is compared with the source when it is complete, and those from before
an interruption once more: the source may have been written since.
"""

import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, func, select, tuple_

from storage import articles, categories, key_value, search, search_renewal
from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.engine.dialect import insert, is_postgresql
from storage.records import ArticleState
from storage.schema import article, category, metadata, setting

CHUNK = 1000
"""Rows that are read and written at once."""

Progress = Callable[[str, int, int], None]
"""Hears of a part's name, how much of it is done, and how much there is."""

_SEARCH = "search"
_PARTS = [*(table.name for table in metadata.sorted_tables), _SEARCH]
_DIGEST_BYTES = 16


class NotEmptyError(Exception):
    """The target holds something already; the message is one line that says what."""


class DifferentError(Exception):
    """A table of the target is not as the source's; the message is one line that says which."""


@dataclass(frozen=True, slots=True)
class _Cursor:
    """The place that a copy has reached: behind the key `after` (None: before the first) of a part."""

    part: str
    after: list[Any] | None

    @classmethod
    def parsed(cls, stored: str) -> "_Cursor":
        return cls(**json.loads(stored))

    async def move(self, new: Connection) -> None:
        await key_value.store(new, key_value.COPY, json.dumps({"part": self.part, "after": self.after}))

    def behind(self, part: str) -> list[Any] | None:
        """Return the key behind which the part goes on; None from its beginning."""
        return self.after if part == self.part else None

    def is_past(self, part: str) -> bool:
        """Return whether the part is complete."""
        return _PARTS.index(part) < _PARTS.index(self.part)


async def copy(source: Database, target: Database, progress: Progress) -> None:
    """Copy every row of `source` into `target`, whose schema is as new and which is empty but for its seed.

    A target that holds a copy that is not complete is completed. Raises NotEmptyError where it holds anything else,
    DifferentError where the source was written meanwhile, and what Database.read and Database.write raise.
    """
    cursor = await _begin(target)
    totals = {table.name: await _count(source, table) for table in metadata.sorted_tables}
    verified, in_all = 0, sum(totals.values())
    progress("verified", verified, in_all)
    for table in metadata.sorted_tables:
        if not cursor.is_past(table.name):
            report = _of(progress, table.name, totals)
            await _copy_table(source, target, table, after=cursor.behind(table.name), report=report)
        await _compare(source, target, table)
        verified += totals[table.name]
        if totals[table.name]:
            progress("verified", verified, in_all)
    await _index(target, cursor.behind(_SEARCH), progress)
    await _complete(target)


async def _begin(target: Database) -> _Cursor:
    """Return the cursor of the copy that the target holds, else begin one in a target that is as new."""
    async with target.write() as new:
        stored = await key_value.value(new, key_value.COPY)
        if stored is not None:
            return _Cursor.parsed(stored)
        await _clear_seed(new)
        cursor = _Cursor(_PARTS[0], None)
        await cursor.move(new)
        return cursor


async def _clear_seed(new: Connection) -> None:
    for table in metadata.sorted_tables:
        if table is not category and (await new.execute(select(table).limit(1))).first() is not None:
            raise NotEmptyError(f"its table {table.name} is not empty")
    names = [(seeded.slug, seeded.name_fa, seeded.name_en) for seeded in await categories.all_(new)]
    if names not in ([], list(categories.SEED)):
        raise NotEmptyError("its categories are not those of a new database")
    await new.execute(category.delete())


def _of(progress: Progress, part: str, totals: Mapping[str, int]) -> Callable[[int], None]:
    return lambda done: progress(part, done, totals[part])


async def _copy_table(
    source: Database, target: Database, table: Table, *, after: list[Any] | None, report: Callable[[int], None]
) -> None:
    """Copy the rows behind the key `after`; `report` gets the number of the table's rows copied so far."""
    done = await _count(target, table)
    report(done)
    async for rows, last in _chunks(source, table, after):
        async with target.write() as new:
            await new.execute(insert(new, table), rows)
            await _Cursor(table.name, last).move(new)
        done += len(rows)
        report(done)


async def _chunks(
    database: Database, table: Table, after: list[Any] | None
) -> AsyncIterator[tuple[list[dict[str, Any]], list[Any]]]:
    """Yield the rows behind the key `after` in the order of their keys, and the last key of each chunk."""
    key = list(table.primary_key.columns)
    while True:
        async with database.read() as connection:
            rows = [dict(row._mapping) for row in await connection.execute(_behind(table, key, after))]
        if not rows:
            return
        after = [rows[-1][column.name] for column in key]
        yield rows, after


def _behind(table: Table, key: Sequence[ColumnElement[Any]], after: list[Any] | None) -> Select[Any]:
    query = _rows(select(table), table).order_by(*key).limit(CHUNK)
    return query if after is None else query.where(tuple_(*key) > tuple_(*after))


def _rows(query: Select[Any], table: Table) -> Select[Any]:
    """Leave the cursor of a copy out of a query: it is not part of the data."""
    return query.where(setting.c.key != key_value.COPY) if table is setting else query


async def _count(database: Database, table: Table) -> int:
    async with database.read() as connection:
        query = _rows(select(func.count()).select_from(table), table)
        return int((await connection.execute(query)).scalar_one())


async def _compare(source: Database, target: Database, table: Table) -> None:
    copied_from, copied_to = await _checksum(source, table), await _checksum(target, table)
    if copied_from != copied_to:
        raise DifferentError(
            f"table {table.name} has {copied_to[0]} rows that are not the {copied_from[0]} of the source"
        )


async def _checksum(database: Database, table: Table) -> tuple[int, int]:
    """Return how many rows a table has, and a sum over them that does not depend on their order.

    The two kinds of databases sort texts in different orders.
    """
    count = total = 0
    async for rows, _ in _chunks(database, table, None):
        count += len(rows)
        total += sum(_digest(row) for row in rows)
    return count, total % (1 << 8 * _DIGEST_BYTES)


def _digest(row: Mapping[str, Any]) -> int:
    # PostgreSQL keeps no NUL in its texts (storage.engine.connection.without_nul).
    values = [value.replace("\x00", "") if isinstance(value, str) else value for value in row.values()]
    return int.from_bytes(blake2b(repr(values).encode(), digest_size=_DIGEST_BYTES).digest())


async def _index(target: Database, after: list[Any] | None, progress: Progress) -> None:
    """Make the index of the search anew: it has a form of its own in each kind of database."""
    published = article.c.state == ArticleState.PUBLISHED
    query = select(article.c.id).where(published).order_by(article.c.id).limit(CHUNK)
    async with target.read() as connection:
        counted = select(func.count()).select_from(article).where(published)
        total = (await connection.execute(counted)).scalar_one()
        last = after[0] if after else 0
        done = (await connection.execute(counted.where(article.c.id <= last))).scalar_one()
    progress(_SEARCH, done, total)
    while done < total:
        async with target.write() as new:
            ids = [row.id for row in await new.execute(query.where(article.c.id > last))]
            await search.put(new, await articles.get_many(new, ids))
            done, last = done + len(ids), ids[-1]
            await _Cursor(_SEARCH, [last]).move(new)
        progress(_SEARCH, done, total)


async def _complete(target: Database) -> None:
    async with target.write() as new:
        for table in metadata.sorted_tables:
            await _go_on_counting(new, table)
        await search_renewal.end(new)
        await key_value.remove(new, key_value.COPY)


async def _go_on_counting(new: Connection, table: Table) -> None:
    """Set the sequences above the copied rows; SQLite does so by itself."""
    counted = table.autoincrement_column
    if counted is None or not is_postgresql(new):
        return
    sequence = func.pg_get_serial_sequence(table.name, counted.name)
    top = select(func.max(counted)).scalar_subquery()
    await new.execute(select(func.setval(sequence, func.coalesce(top, 1), top.is_not(None))))
