"""Reviews: who handed an article in, and what became of that. The gate is the reviews of what sources brought."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import bindparam, func, select, update

from storage.engine.connection import Connection
from storage.engine.dialect import INSERTS, insert
from storage.engine.prepared import PreparedStatement
from storage.malformed import readable
from storage.records import Review, ReviewState
from storage.schema import FROM_SOURCES, OPEN_REVIEW, review


async def begin(tx: Connection, article_id: int, *, submitted_by: int | None, now: int) -> bool:
    """Open a review; False where the article has an open one."""
    statement = insert(tx, review).values(
        article_id=article_id, state=ReviewState.OPEN, submitted_by=submitted_by, submitted_at=now
    )
    once = statement.on_conflict_do_nothing(index_elements=["article_id"], index_where=OPEN_REVIEW)
    return (await tx.execute(once.returning(review.c.id))).first() is not None


async def begin_for_sources(tx: Connection, article_ids: Sequence[int], *, now: int) -> None:
    """Open reviews of what sources brought; an article that has an open one keeps it."""
    await tx.write_many(
        _FROM_SOURCE, [{"new_article_id": article_id, "new_submitted_at": now} for article_id in article_ids]
    )


async def end(
    tx: Connection, article_id: int, state: ReviewState, *, by: int | None, now: int, reason: str = ""
) -> Review | None:
    """End the article's open review and return it; None where there is none: somebody was first."""
    statement = (
        update(review)
        .where(review.c.article_id == article_id, OPEN_REVIEW)
        .values(state=state, decided_by=by, decided_at=now, reason=reason)
        .returning(review)
    )
    row = (await tx.execute(statement)).one_or_none()
    return _review(row) if row else None


async def last(connection: Connection, article_ids: Collection[int]) -> dict[int, Review]:
    """Return the last review, open or ended, of those of the articles that have one."""
    newest = select(func.max(review.c.id)).where(review.c.article_id.in_(article_ids)).group_by(review.c.article_id)
    rows = await connection.execute(select(review).where(review.c.id.in_(newest)))
    return {stored.article_id: stored for stored in readable("review", rows, _review)}


async def open_of(connection: Connection, article_id: int) -> Review | None:
    """Return the open review of an article; None where none is open."""
    rows = await connection.fetch(_OPEN, article_id=article_id)
    return _review(rows[0]) if rows else None


async def waiting(
    connection: Connection, *, gate: bool, limit: int, offset: int = 0, from_id: int = 0
) -> list[Review]:
    """Return open reviews, the oldest first: those of the gate, or those that people asked for."""
    query = select(review).where(OPEN_REVIEW, _side(gate=gate), review.c.id >= from_id)
    rows = await connection.execute(query.order_by(review.c.id).limit(limit).offset(offset))
    return readable("review", rows, _review)


async def gate_as_of(connection: Connection, at: int, *, limit: int) -> list[Review]:
    """Return the first reviews of the gate, the oldest first, that were open at an instant (ms) or came later.

    What was decided since is among them, so that the first ones stay the same whatever is decided; an article that
    came back has its last review at the place of its first.
    """
    since = select(review).where(FROM_SOURCES, review.c.decided_at >= at).order_by(review.c.id).limit(limit)
    decided = readable("review", await connection.execute(since), _review)
    listed = [*decided, *await waiting(connection, gate=True, limit=limit)]
    last = {stored.article_id: stored for stored in sorted(listed, key=lambda stored: stored.id)}
    return list(last.values())[:limit]


async def queue(connection: Connection, *, limit: int, offset: int = 0) -> list[Review]:
    """Return open reviews, the oldest first: those that people asked for, and behind them the gate."""
    reviews = await waiting(connection, gate=False, limit=limit, offset=offset)
    if room := limit - len(reviews):
        passed = max(0, offset - await count(connection, gate=False))
        reviews += await waiting(connection, gate=True, limit=room, offset=passed)
    return reviews


async def count(connection: Connection, *, gate: bool) -> int:
    """Return how many reviews are open at the gate, or among those that people asked for."""
    query = select(func.count()).select_from(review).where(OPEN_REVIEW, _side(gate=gate))
    return (await connection.execute(query)).scalar_one()


def _side(*, gate: bool) -> Any:
    return FROM_SOURCES if gate else ~FROM_SOURCES


def _review(row: Any) -> Review:
    return Review(**{**row._asdict(), "state": ReviewState(row.state)})


def _from_source(kind: str) -> Any:
    statement = INSERTS[kind](review).values(
        article_id=bindparam("new_article_id"),
        state=ReviewState.OPEN,
        submitted_by=None,
        submitted_at=bindparam("new_submitted_at"),
    )
    return statement.on_conflict_do_nothing(index_elements=["article_id"], index_where=OPEN_REVIEW).inline()


_FROM_SOURCE = PreparedStatement({kind: _from_source(kind) for kind in INSERTS})
_OPEN = PreparedStatement(select(review).where(review.c.article_id == bindparam("article_id"), OPEN_REVIEW))
