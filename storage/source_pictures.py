"""Pictures of sources, and on how many articles each stands."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import bindparam, select, tuple_

from storage.engine.connection import Connection
from storage.engine.dialect import INSERTS, among, insert, json_list
from storage.engine.prepared import PreparedStatement
from storage.schema import source_picture


async def counts(connection: Connection, source_id: int, addresses: Collection[str]) -> dict[str, int]:
    """Return on how many articles of a source each of those pictures stands that are known."""
    rows = await connection.fetch(_COUNTS, source=source_id, addresses=json_list(addresses))
    return {row.address: row.articles for row in rows}


async def add(tx: Connection, source_id: int, pictures: Mapping[str, int], *, now: int) -> None:
    """Count pictures on so many more articles of a source."""
    if not pictures:
        return
    rows = [
        {"source_id": source_id, "address": address, "articles": more, "seen_at": now}
        for address, more in sorted(pictures.items())
    ]
    statement = insert(tx, source_picture).values(rows)
    changes = {
        "articles": source_picture.c.articles + statement.excluded.articles,
        "seen_at": statement.excluded.seen_at,
    }
    await tx.execute(statement.on_conflict_do_update(index_elements=["source_id", "address"], set_=changes))


async def forget(tx: Connection, *, before: int, limit: int) -> int:
    """Delete up to `limit` pictures that stood on no new article since that instant (ms); return how many."""
    old = select(source_picture.c.source_id, source_picture.c.address)
    rows = (await tx.execute(old.where(source_picture.c.seen_at < before).limit(limit))).all()
    which = tuple_(source_picture.c.source_id, source_picture.c.address).in_([tuple(row) for row in rows])
    await tx.execute(source_picture.delete().where(which))
    return len(rows)


def _counts(kind: str) -> Any:
    return select(source_picture.c.address, source_picture.c.articles).where(
        source_picture.c.source_id == bindparam("source"), among(kind, source_picture.c.address, "addresses")
    )


_COUNTS = PreparedStatement({kind: _counts(kind) for kind in INSERTS})
