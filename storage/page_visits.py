"""Visits to articles' pages: which page is to be read when, and what came of the last reading."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, bindparam, func, or_, select, update

from storage.engine.connection import Connection
from storage.engine.dialect import INSERTS
from storage.engine.prepared import PreparedStatement
from storage.records import PageVisit, SourceState
from storage.schema import article, page_visit, source


@dataclass(frozen=True, slots=True)
class DueVisit:
    """A visit that is due, and the source of its article (None: nobody's any more)."""

    visit: PageVisit
    source_id: int | None


async def due(connection: Connection, *, now: int, limit: int, per_host: int, per_source: int) -> list[DueVisit]:
    """Return up to `limit` pages that are to be read by `now`, at most `per_host` of each source and host.

    The newest of each source come first, then the next ones, up to `per_source`; of one source the newest of each
    host come first. Pages of sources that are paused are left out.
    """
    rows = await connection.fetch(_DUE, now=now, most=limit, per_host=per_host, per_source=per_source)
    return [DueVisit(PageVisit(*row[:-1]), row[-1]) for row in rows]


async def claim(tx: Connection, article_ids: Collection[int], *, now: int, lease_until: int) -> set[int]:
    """Claim pages until `lease_until`; return those that no other process had claimed."""
    statement = (
        update(page_visit)
        .where(page_visit.c.article_id.in_(article_ids), page_visit.c.due_at <= now)
        .values(due_at=lease_until)
    )
    return set((await tx.execute(statement.returning(page_visit.c.article_id))).scalars())


async def get(connection: Connection, article_id: int) -> PageVisit | None:
    """Return how things stand with an article's page; None where it is not read (any more)."""
    rows = await connection.fetch(_ONE, article_id=article_id)
    return PageVisit(*rows[0]) if rows else None


async def put(tx: Connection, visits: Sequence[PageVisit]) -> None:
    """Store visits in place of their former rows."""
    await tx.write_many(_PUT, [_values(visit) for visit in visits])


async def forget(
    tx: Connection, published_before: int, *, due_at: int, after_id: int, limit: int
) -> tuple[int, int | None]:
    """Delete visits due at `due_at` to articles from before that instant, among the `limit` behind `after_id`.

    Returns how many were forgotten and the article to go on behind, None at the end.
    """
    query = select(page_visit.c.article_id, page_visit.c.due_at, page_visit.c.published_at)
    query = query.where(page_visit.c.article_id > after_id).order_by(page_visit.c.article_id).limit(limit)
    rows = (await tx.execute(query)).all()
    old = [row.article_id for row in rows if row.due_at == due_at and row.published_at < published_before]
    if old:
        await tx.execute(page_visit.delete().where(page_visit.c.article_id.in_(old)))
    return len(old), rows[-1].article_id if len(rows) == limit else None


def _values(visit: PageVisit) -> dict[str, Any]:
    return {f"new_{column.name}": getattr(visit, column.name) for column in page_visit.c}


def _put(kind: str) -> Any:
    statement = INSERTS[kind](page_visit).values(
        {column.name: bindparam(f"new_{column.name}") for column in page_visit.c}
    )
    changes = {
        column.name: statement.excluded[column.name] for column in page_visit.c if column.name != "article_id"
    }
    return statement.on_conflict_do_update(index_elements=["article_id"], set_=changes)


def _due() -> Select[Any]:
    paused = select(source.c.id).where(source.c.state == SourceState.PAUSED)
    place = func.row_number().over(
        partition_by=(article.c.source_id, page_visit.c.host), order_by=page_visit.c.published_at.desc()
    )
    ranked = (
        select(page_visit, article.c.source_id, place.label("place"))
        .join(article, article.c.id == page_visit.c.article_id)
        .where(page_visit.c.due_at <= bindparam("now"))
        .where(or_(article.c.source_id.is_(None), article.c.source_id.not_in(paused)))
        .subquery()
    )
    turn = func.row_number().over(
        partition_by=ranked.c.source_id, order_by=(ranked.c.place, ranked.c.published_at.desc())
    )
    fair = select(ranked, turn.label("turn")).where(ranked.c.place <= bindparam("per_host")).subquery()
    query = select(*(fair.c[column.name] for column in page_visit.c), fair.c.source_id)
    query = query.where(fair.c.turn <= bindparam("per_source"))
    return query.order_by(fair.c.turn, fair.c.published_at.desc()).limit(bindparam("most"))


_DUE = PreparedStatement(_due())
_PUT = PreparedStatement({kind: _put(kind) for kind in INSERTS})
_ONE = PreparedStatement(select(page_visit).where(page_visit.c.article_id == bindparam("article_id")))
