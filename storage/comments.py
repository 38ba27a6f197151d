"""Comments of readers on articles, and the readers who may not comment any more."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Integer, Select, bindparam, func, select, update

from storage.engine.connection import Connection
from storage.engine.dialect import insert
from storage.engine.prepared import PreparedStatement
from storage.malformed import counts_by, readable
from storage.records import Comment, CommentState, Silenced
from storage.schema import WAITING_COMMENT, comment, silenced

BEHIND_ALL = 2**63 - 1
"""Is behind every id: the page before it is the last one."""


async def add(tx: Connection, article_id: int, user_id: int, name: str, *, text: str, now: int) -> int:
    """Store a comment that waits for a decision and return its id."""
    statement = comment.insert().values(
        article_id=article_id,
        user_id=user_id,
        name=name,
        text=text,
        state=CommentState.WAITING,
        created_at=now,
    )
    return int((await tx.execute(statement.returning(comment.c.id))).scalar_one())


async def get(connection: Connection, comment_id: int) -> Comment | None:
    """Return the comment in whatever state it is."""
    row = (await connection.execute(select(comment).where(comment.c.id == comment_id))).one_or_none()
    return _comment(row) if row else None


async def get_many(connection: Connection, comment_ids: Collection[int]) -> list[Comment]:
    """Return those of the comments that exist, in whatever state, the oldest first."""
    query = select(comment).where(comment.c.id.in_(comment_ids)).order_by(comment.c.id)
    return readable("comment", await connection.execute(query), _comment)


async def page(
    connection: Connection,
    article_id: int,
    *,
    limit: int,
    after: int | None = None,
    before: int | None = None,
) -> list[Comment]:
    """Return an article's approved comments, the oldest first.

    They are those next behind the id `after`, or those next before `before`; without either the first.
    """
    query = select(comment).where(comment.c.article_id == article_id, comment.c.state == CommentState.APPROVED)
    return await _walk(connection, query, limit, after, before=before)


async def count(connection: Connection, article_id: int, *, most: int) -> int:
    """Return how many approved comments an article has; nobody counts beyond `most`."""
    rows = await connection.fetch(_APPROVED, article_id=article_id, most=most)
    return int(rows[0].count)


async def count_by_state(connection: Connection, article_id: int) -> dict[CommentState, int]:
    """Return how many comments on an article there are in each state."""
    query = select(comment.c.state, func.count()).where(comment.c.article_id == article_id)
    rows = await connection.execute(query.group_by(comment.c.state))
    return counts_by("comment", CommentState, rows)


async def of_reader(
    connection: Connection, user_id: int, article_id: int, state: CommentState, *, limit: int
) -> list[Comment]:
    """Return what a reader wrote under an article and is in that state, the oldest first."""
    query = select(comment).where(
        comment.c.user_id == user_id, comment.c.article_id == article_id, comment.c.state == state
    )
    rows = await connection.execute(query.order_by(comment.c.id).limit(limit))
    return readable("comment", rows, _comment)


async def with_text(connection: Connection, user_id: int, article_id: int, text: str) -> Comment | None:
    """Return a reader's comment on an article in just these words, unless they took it back."""
    query = select(comment).where(
        comment.c.user_id == user_id,
        comment.c.article_id == article_id,
        comment.c.text == text,
        comment.c.state != CommentState.DELETED,
    )
    row = (await connection.execute(query.order_by(comment.c.id).limit(1))).first()
    return _comment(row) if row else None


async def times_written(connection: Connection, user_id: int, *, since: int) -> list[int]:
    """Return when a reader wrote comments after `since` (ms), the first time first; withdrawn ones count too."""
    query = select(comment.c.created_at).where(comment.c.user_id == user_id, comment.c.created_at > since)
    return [row.created_at for row in await connection.execute(query.order_by(comment.c.created_at))]


async def decide(tx: Connection, comment_id: int, state: CommentState, *, by: int, now: int) -> bool:
    """Approve or reject a comment that waits; False where it does not wait any more."""
    return await _move(tx, comment_id, CommentState.WAITING, to=state, by=by, now=now)


async def take_down(tx: Connection, comment_id: int, *, by: int, now: int) -> bool:
    """Reject a comment that was approved; False where readers do not see it."""
    rejected = CommentState.REJECTED
    return await _move(tx, comment_id, CommentState.APPROVED, to=rejected, by=by, now=now)


async def delete_own(tx: Connection, comment_id: int, user_id: int) -> bool:
    """Delete a reader's own comment with its words; False where it is not theirs, or neither waits nor is seen."""
    done = await tx.execute(
        update(comment)
        .where(
            comment.c.id == comment_id,
            comment.c.user_id == user_id,
            comment.c.state.in_([CommentState.WAITING, CommentState.APPROVED]),
        )
        .values(state=CommentState.DELETED, text="")
    )
    return done.rowcount == 1


async def reject_all_of(tx: Connection, user_id: int, *, by: int, now: int) -> list[int]:
    """Reject whatever of a reader's waits and return the ids."""
    statement = (
        update(comment)
        .where(comment.c.user_id == user_id, comment.c.state == CommentState.WAITING)
        .values(state=CommentState.REJECTED, decided_by=by, decided_at=now)
        .returning(comment.c.id)
    )
    return sorted(row.id for row in await tx.execute(statement))


async def waiting(
    connection: Connection, *, limit: int, after: int | None = None, before: int | None = None
) -> list[Comment]:
    """Return what waits for a decision, the oldest first; `after` and `before` as in `page`."""
    return await _walk(connection, select(comment).where(WAITING_COMMENT), limit, after, before=before)


async def count_waiting(connection: Connection, *, most: int) -> int:
    """Return how many comments wait for a decision; nobody counts beyond `most`."""
    return await _counted(connection, select(comment.c.id).where(WAITING_COMMENT).order_by(comment.c.id), most)


async def silence(tx: Connection, user_id: int, name: str, *, by: int, now: int) -> bool:
    """Silence a person; False where they are silenced already."""
    statement = insert(tx, silenced).values(user_id=user_id, name=name, by=by, at=now)
    return (await tx.execute(statement.on_conflict_do_nothing())).rowcount == 1


async def lift(tx: Connection, user_id: int) -> bool:
    """Lift the silence of a person; False where there is none."""
    return (await tx.execute(silenced.delete().where(silenced.c.user_id == user_id))).rowcount == 1


async def is_silenced(connection: Connection, user_id: int) -> bool:
    """Return whether a person may write no comments."""
    query = select(silenced.c.user_id).where(silenced.c.user_id == user_id)
    return (await connection.execute(query)).first() is not None


async def silenced_people(connection: Connection, *, limit: int, offset: int = 0) -> list[Silenced]:
    """Return who may write no comments, the last silenced first."""
    query = select(silenced).order_by(silenced.c.at.desc(), silenced.c.user_id).limit(limit).offset(offset)
    return [Silenced(**row._mapping) for row in await connection.execute(query)]


async def _move(
    tx: Connection, comment_id: int, expected: CommentState, *, to: CommentState, by: int, now: int
) -> bool:
    moved = (
        update(comment)
        .where(comment.c.id == comment_id, comment.c.state == expected)
        .values(state=to, decided_by=by, decided_at=now)
    )
    return (await tx.execute(moved)).rowcount == 1


async def _walk(
    connection: Connection, query: Select[Any], limit: int, after: int | None, *, before: int | None
) -> list[Comment]:
    if before is not None:
        rows = await connection.execute(
            query.where(comment.c.id < before).order_by(comment.c.id.desc()).limit(limit)
        )
        return readable("comment", rows, _comment)[::-1]
    if after is not None:
        query = query.where(comment.c.id > after)
    rows = await connection.execute(query.order_by(comment.c.id).limit(limit))
    return readable("comment", rows, _comment)


async def _counted(connection: Connection, query_of_ids: Select[Any], most: int) -> int:
    query = select(func.count()).select_from(query_of_ids.limit(most).subquery())
    return (await connection.execute(query)).scalar_one()


def _comment(row: Any) -> Comment:
    return Comment(**{**row._mapping, "state": CommentState(row.state)})


_APPROVED = PreparedStatement(
    select(func.count().label("count")).select_from(
        select(comment.c.id)
        .where(comment.c.article_id == bindparam("article_id"), comment.c.state == CommentState.APPROVED)
        .limit(bindparam("most", type_=Integer))
        .subquery()
    )
)
