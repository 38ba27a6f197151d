"""Items that sources have brought: by which signs one is known again, and which article it is."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, and_, bindparam, func, or_, select

from storage.engine.connection import Connection
from storage.engine.dialect import INSERTS, among, json_list
from storage.engine.prepared import PreparedStatement
from storage.records import SourceItem
from storage.schema import source_item

_MOST_KNOWN = 2_000


@dataclass(frozen=True, slots=True)
class Signs:
    """The signs by which a fetch's items may be known: their keys, guids, comparable addresses and titles."""

    keys: Collection[str]
    guids: Collection[str]
    addresses: Collection[str]
    titles: Collection[str]


@dataclass(frozen=True, slots=True)
class Sighting:
    """An item and when its source brought it, in these words, for the first time (ms)."""

    item: SourceItem
    seen_at: int


async def with_signs(connection: Connection, source_id: int, signs: Signs) -> list[SourceItem]:
    """Return what a source brought before that shares one of the signs, the newest first, of very many some."""
    rows = await connection.fetch(
        _WITH_SIGNS,
        source=source_id,
        keys=json_list(signs.keys),
        guids=json_list(signs.guids),
        addresses=json_list(signs.addresses),
        titles=json_list(signs.titles),
    )
    return [_item(row) for row in rows]


async def sightings(connection: Connection, article_id: int) -> list[Sighting]:
    """Return the items of whatever source that are this article, the first to bring it first."""
    order = source_item.c.seen_at, source_item.c.source_id, source_item.c.key
    query = select(source_item).where(source_item.c.article_id == article_id).order_by(*order)
    return [Sighting(_item(row), row.seen_at) for row in await connection.execute(query)]


async def count(connection: Connection, source_id: int, *, since: int) -> int:
    """Return how many items a source has brought or changed since an instant (ms)."""
    query = select(func.count()).where(source_item.c.source_id == source_id, source_item.c.seen_at >= since)
    return (await connection.execute(query)).scalar_one()


async def put(tx: Connection, items: Sequence[SourceItem], *, now: int) -> None:
    """Store items as they are now; a known one keeps its article."""
    rows = [
        {
            "new_source_id": item.source_id,
            "new_key": item.key,
            "new_article_id": item.article_id,
            "new_guid": item.guid,
            "new_address": item.address,
            "new_title": item.title,
            "new_published_at": item.published_at,
            "new_reason": item.reason,
            "new_digest": item.digest,
            "new_seen_at": now,
        }
        for item in items
    ]
    await tx.write_many(_PUT, rows)


def _item(row: Any) -> SourceItem:
    return SourceItem(
        source_id=row.source_id,
        key=row.key,
        article_id=row.article_id,
        guid=row.guid,
        address=row.address,
        title=row.title,
        published_at=row.published_at,
        reason=row.reason,
        digest=row.digest,
    )


def _with_signs(kind: str) -> Any:
    columns = {
        "keys": source_item.c.key,
        "guids": source_item.c.guid,
        "addresses": source_item.c.address,
        "titles": source_item.c.title,
    }
    # SQLite uses an index for each side of an OR only where the sides hold all that the index needs.
    of_source = source_item.c.source_id == bindparam("source")
    shared = or_(*(and_(of_source, among(kind, column, name)) for name, column in columns.items()))
    return select(source_item).where(shared).order_by(source_item.c.seen_at.desc()).limit(_MOST_KNOWN)


_WITH_SIGNS = PreparedStatement({kind: _with_signs(kind) for kind in INSERTS})

_CHANGING: dict[str, BindParameter[Any]] = {
    "guid": bindparam("new_guid"),
    "address": bindparam("new_address"),
    "title": bindparam("new_title"),
    "published_at": bindparam("new_published_at"),
    "digest": bindparam("new_digest"),
    "seen_at": bindparam("new_seen_at"),
}


def _put(kind: str) -> Any:
    statement = INSERTS[kind](source_item).values(
        source_id=bindparam("new_source_id"),
        key=bindparam("new_key"),
        article_id=bindparam("new_article_id"),
        reason=bindparam("new_reason"),
        **_CHANGING,
    )
    changes = {name: statement.excluded[name] for name in _CHANGING}
    return statement.on_conflict_do_update(index_elements=["source_id", "key"], set_=changes)


_PUT = PreparedStatement({kind: _put(kind) for kind in INSERTS})
