"""The copy of all data from one database into another, of either kind."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Table, func, select, tuple_

from storage import articles, categories, search, search_renewal
from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.engine.dialect import insert, is_postgresql
from storage.records import ArticleState
from storage.schema import article, category, metadata

CHUNK = 1000
"""Rows that are read and written at once."""

Progress = Callable[[str, int, int], None]
"""Hears of a table's name, how many of its rows are copied, and how many there are."""


class NotEmptyError(Exception):
    """The target holds something already; the message is one line that says what."""


async def copy(source: Database, target: Database, progress: Progress) -> None:
    """Copy every row of `source` into `target`, whose schema is as new and which is empty but for its seed.

    All or nothing: one consistent view is read and one transaction is written. Raises NotEmptyError, and what
    Database.read and Database.write raise.
    """
    async with source.read() as old, target.write() as new:
        await _clear_seed(new)
        for table in metadata.sorted_tables:
            await _copy_table(old, new, table, progress)
            await _go_on_counting(new, table)
        await _index(new, progress)


async def _clear_seed(new: Connection) -> None:
    for table in metadata.sorted_tables:
        if table is not category and (await new.execute(select(table).limit(1))).first() is not None:
            raise NotEmptyError(f"its table {table.name} is not empty")
    names = [(one.slug, one.name_fa, one.name_en) for one in await categories.all_(new)]
    if names not in ([], list(categories.SEED)):
        raise NotEmptyError("its categories are not those of a new database")
    await new.execute(category.delete())


async def _copy_table(old: Connection, new: Connection, table: Table, progress: Progress) -> None:
    total = (await old.execute(select(func.count()).select_from(table))).scalar_one()
    key = list(table.primary_key.columns)
    done, last = 0, None
    progress(table.name, done, total)
    while rows := [dict(row._mapping) for row in await old.execute(_chunk(table, key, last))]:
        await new.execute(insert(new, table), rows)
        done += len(rows)
        last = [rows[-1][column.name] for column in key]
        progress(table.name, done, total)


def _chunk(table: Table, key: Sequence[ColumnElement[Any]], last: list[Any] | None) -> Any:
    query = select(table).order_by(*key).limit(CHUNK)
    return query if last is None else query.where(tuple_(*key) > tuple_(*last))


async def _go_on_counting(new: Connection, table: Table) -> None:
    """Have the rows to come numbered above those that were copied; SQLite does so by itself."""
    counted = table.autoincrement_column
    if counted is None or not is_postgresql(new):
        return
    sequence = func.pg_get_serial_sequence(table.name, counted.name)
    top = select(func.max(counted)).scalar_subquery()
    await new.execute(select(func.setval(sequence, func.coalesce(top, 1), top.is_not(None))))


async def _index(new: Connection, progress: Progress) -> None:
    """Search has a form of its own in each kind of database: it is made anew."""
    published = article.c.state == ArticleState.PUBLISHED
    total = (await new.execute(select(func.count()).select_from(article).where(published))).scalar_one()
    query = select(article.c.id).where(published).order_by(article.c.id).limit(CHUNK)
    done, last = 0, 0
    while ids := [row.id for row in await new.execute(query.where(article.c.id > last))]:
        await search.put(new, await articles.get_many(new, ids))
        done, last = done + len(ids), ids[-1]
        progress("search", done, total)
    await search_renewal.end(new)
