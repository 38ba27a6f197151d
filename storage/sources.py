"""Sources, what they have brought, and the pages that are to be tried again."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import and_, select, update

from storage.connection import Connection
from storage.dialect import insert
from storage.records import Source, SourceKind
from storage.schema import page_retry, source, source_item

_COLUMNS = [column for column in source.c if column.name != "created_at"]


async def all_(connection: Connection) -> list[Source]:
    """Return every source, oldest first."""
    rows = await connection.execute(select(*_COLUMNS).order_by(source.c.id))
    return [_source(row) for row in rows]


async def get(connection: Connection, source_id: int) -> Source | None:
    """Return the source of that id."""
    row = (await connection.execute(select(*_COLUMNS).where(source.c.id == source_id))).one_or_none()
    return _source(row) if row else None


async def by_url(connection: Connection, url: str) -> Source | None:
    """Return the source at exactly that address."""
    row = (await connection.execute(select(*_COLUMNS).where(source.c.url == url))).one_or_none()
    return _source(row) if row else None


async def claim(tx: Connection, *, now: int, lease_until: int) -> list[Source]:
    """Take on the sources whose next fetch is due, until `lease_until`, when it is due again."""
    statement = update(source).where(source.c.next_fetch_at <= now).values(next_fetch_at=lease_until)
    found = [_source(row) for row in await tx.execute(statement.returning(*_COLUMNS))]
    return sorted(found, key=lambda one: one.id)


async def hold(tx: Connection, source_ids: Collection[int], *, held_until: int, lease_until: int) -> None:
    """Go on with fetches that were taken on until `held_until`; those that have ended are left as they are."""
    held = and_(source.c.id.in_(source_ids), source.c.next_fetch_at == held_until)
    await tx.execute(update(source).where(held).values(next_fetch_at=lease_until))


async def add(
    tx: Connection,
    url: str,
    *,
    kind: SourceKind,
    category_id: int,
    review: bool,
    now: int,
    selector: str = "",
    interval: int | None = None,
    title: str = "",
) -> Source:
    """Store a source that is due at once. Raises sqlalchemy.exc.IntegrityError where the address is known."""
    values = {
        "url": url,
        "kind": kind,
        "category_id": category_id,
        "review": review,
        "selector": selector,
        "interval": interval,
        "title": title,
        "next_fetch_at": now,
        "created_at": now,
    }
    row = await tx.execute(source.insert().values(values).returning(*_COLUMNS))
    return _source(row.one())


async def remove(tx: Connection, source_id: int) -> bool:
    """Remove a source; what it brought stays. False where there is none."""
    return (await tx.execute(source.delete().where(source.c.id == source_id))).rowcount == 1


async def settle_fetch(
    tx: Connection,
    source_id: int,
    *,
    now: int,
    next_fetch_at: int,
    error: str = "",
    etag: str = "",
    last_modified: str = "",
    title: str = "",
) -> None:
    """Write down how a fetch ended: `error` "" means well, and only then are the validators replaced."""
    values: dict[str, Any] = {"next_fetch_at": next_fetch_at, "last_error": error}
    if error:
        values["failures"] = source.c.failures + 1
    else:
        values |= {"failures": 0, "fetched_at": now, "etag": etag, "last_modified": last_modified}
        if title:
            values["title"] = title
    await tx.execute(update(source).where(source.c.id == source_id).values(values))


async def items(connection: Connection, source_id: int, keys: list[str]) -> dict[str, tuple[int | None, str]]:
    """Return, for those `keys` that the source brought before, the article's number and the item's digest.

    The number is None where the desk threw the draft away."""
    query = select(source_item.c.key, source_item.c.article_id, source_item.c.digest)
    query = query.where(source_item.c.source_id == source_id, source_item.c.key.in_(keys))
    return {row.key: (row.article_id, row.digest) for row in await connection.execute(query)}


async def note_item(tx: Connection, source_id: int, key: str, *, article_id: int, digest: str, now: int) -> None:
    """Remember that the source's item `key` is this article, in the form that `digest` stands for."""
    statement = insert(tx, source_item).values(
        source_id=source_id, key=key, article_id=article_id, digest=digest, seen_at=now
    )
    await tx.execute(
        statement.on_conflict_do_update(
            index_elements=["source_id", "key"],
            set_={"digest": statement.excluded.digest, "seen_at": statement.excluded.seen_at},
        )
    )


async def put_off_page(tx: Connection, article_id: int, *, due_at: int) -> None:
    """Have the article's page tried (again) at `due_at`; every call counts one attempt."""
    statement = insert(tx, page_retry).values(article_id=article_id, attempts=1, due_at=due_at)
    await tx.execute(
        statement.on_conflict_do_update(
            index_elements=["article_id"],
            set_={"attempts": page_retry.c.attempts + 1, "due_at": statement.excluded.due_at},
        )
    )


async def claim_page(tx: Connection, *, now: int, lease_until: int) -> tuple[int, int] | None:
    """Take on the page that has waited longest until `lease_until`: (article id, attempts so far), or None."""
    due = select(page_retry.c.article_id).where(page_retry.c.due_at <= now).order_by(page_retry.c.due_at).limit(1)
    statement = (
        update(page_retry)
        .where(page_retry.c.article_id.in_(due), page_retry.c.due_at <= now)
        .values(due_at=lease_until)
        .returning(page_retry.c.article_id, page_retry.c.attempts)
    )
    row = (await tx.execute(statement)).one_or_none()
    return (row.article_id, row.attempts) if row else None


async def page_done(tx: Connection, article_id: int) -> None:
    """Stop trying the article's page: it was read, or it is given up."""
    await tx.execute(page_retry.delete().where(page_retry.c.article_id == article_id))


def _source(row: Any) -> Source:
    return Source(**{**row._mapping, "kind": SourceKind(row.kind)})
