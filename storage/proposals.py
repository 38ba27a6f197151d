"""Proposals: what a source says of an article now, kept until somebody of the newsroom says yes or no."""

from dataclasses import dataclass

from sqlalchemy import select

from storage.article_rows import content_of, revision_row
from storage.engine.connection import Connection
from storage.engine.dialect import insert
from storage.records import Content
from storage.schema import proposal


@dataclass(frozen=True, slots=True)
class Proposal:
    """A source's new text for an article, on top of its revision `number`; staff were asked at `asked_at` (ms)."""

    article_id: int
    number: int
    content: Content
    category_id: int
    asked_at: int


async def put(tx: Connection, proposed: Proposal) -> bool:
    """Store a proposal in place of an earlier one; False where that said the same."""
    before = await get(tx, proposed.article_id)
    if before is not None and before.content == proposed.content:
        return False
    row = revision_row(
        proposed.article_id,
        proposed.number,
        proposed.content,
        None,
        now=proposed.asked_at,
        category_id=proposed.category_id,
    )
    statement = insert(tx, proposal).values(row)
    changes = {name: statement.excluded[name] for name in row if name != "article_id"}
    await tx.execute(statement.on_conflict_do_update(index_elements=["article_id"], set_=changes))
    return True


async def get(connection: Connection, article_id: int) -> Proposal | None:
    """Return what waits for a yes on an article."""
    row = (await connection.execute(select(proposal).where(proposal.c.article_id == article_id))).one_or_none()
    if row is None:
        return None
    return Proposal(row.article_id, row.number, content_of(row), row.category_id, row.created_at)


async def drop(tx: Connection, article_id: int) -> None:
    """Delete the proposal for an article: its source has withdrawn it."""
    await tx.execute(proposal.delete().where(proposal.c.article_id == article_id))


async def end(tx: Connection, article_id: int, *, asked_at: int) -> bool:
    """Delete what waits on an article since `asked_at`; False where that does not wait (any more)."""
    answered = proposal.delete().where(proposal.c.article_id == article_id, proposal.c.created_at == asked_at)
    return (await tx.execute(answered)).rowcount == 1


async def forget(tx: Connection, *, before: int) -> None:
    """Delete what nobody has decided about since that instant (ms)."""
    await tx.execute(proposal.delete().where(proposal.c.created_at < before))
