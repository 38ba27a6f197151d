"""Tips: what readers send to the newsroom, and what became of it."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import func, select, update

from storage.article_rows import read_media, stored_media
from storage.engine.connection import Connection
from storage.malformed import readable
from storage.records import Media, Tip, TipState
from storage.schema import WAITING_TIP, tip


async def add(tx: Connection, user_id: int, name: str, *, text: str, media: Sequence[Media], now: int) -> int:
    """Store a tip that waits for a decision and return its id."""
    statement = tip.insert().values(
        user_id=user_id, name=name, text=text, media=stored_media(media), state=TipState.WAITING, created_at=now
    )
    return int((await tx.execute(statement.returning(tip.c.id))).scalar_one())


async def get(connection: Connection, tip_id: int) -> Tip | None:
    """Return the tip in whatever state it is. Raises MalformedRowError's causes where it cannot be read."""
    row = (await connection.execute(select(tip).where(tip.c.id == tip_id))).one_or_none()
    return _tip(row) if row else None


async def waiting_with(connection: Connection, user_id: int, text: str, media: Sequence[Media]) -> Tip | None:
    """Return a waiting tip of a person with just this content."""
    query = select(tip).where(
        WAITING_TIP, tip.c.user_id == user_id, tip.c.text == text, tip.c.media == stored_media(media)
    )
    row = (await connection.execute(query.order_by(tip.c.id).limit(1))).first()
    return _tip(row) if row else None


async def times_sent(connection: Connection, user_id: int, *, since: int) -> list[int]:
    """Return when a person sent tips after `since` (ms), the first time first; withdrawn ones count too."""
    query = select(tip.c.created_at).where(tip.c.user_id == user_id, tip.c.created_at > since)
    return [row.created_at for row in await connection.execute(query.order_by(tip.c.created_at))]


async def waiting(connection: Connection, *, limit: int, offset: int = 0) -> list[Tip]:
    """Return the tips that wait for a decision, the oldest first."""
    query = select(tip).where(WAITING_TIP).order_by(tip.c.id).limit(limit).offset(offset)
    return readable("tip", await connection.execute(query), _tip)


async def count_waiting(connection: Connection, *, most: int, user_id: int | None = None) -> int:
    """Return how many tips wait for a decision, of a person or of all; nobody counts beyond `most`."""
    tip_ids = select(tip.c.id).where(WAITING_TIP)
    if user_id is not None:
        tip_ids = tip_ids.where(tip.c.user_id == user_id)
    query = select(func.count()).select_from(tip_ids.limit(most).subquery())
    return int((await connection.execute(query)).scalar_one())


async def of_article(connection: Connection, article_id: int) -> list[Tip]:
    """Return the tips of which an article was made."""
    query = select(tip).where(tip.c.article_id == article_id).order_by(tip.c.id)
    return readable("tip", await connection.execute(query), _tip)


async def decide(
    tx: Connection,
    tip_id: int,
    state: TipState,
    *,
    expected: Collection[TipState],
    by: int,
    now: int,
    article_id: int | None = None,
) -> bool:
    """Move a tip from one of the expected states to `state`; False where it is in none of them."""
    moved = update(tip).where(tip.c.id == tip_id, tip.c.state.in_(list(expected)))
    values = {"state": state, "decided_by": by, "decided_at": now, "article_id": article_id}
    return (await tx.execute(moved.values(values))).rowcount == 1


async def delete_own(tx: Connection, tip_id: int, user_id: int) -> bool:
    """Delete the content of a person's own waiting tip; False where it is not theirs, or does not wait."""
    done = update(tip).where(tip.c.id == tip_id, tip.c.user_id == user_id, WAITING_TIP)
    return (await tx.execute(done.values(state=TipState.DELETED, **_BARE))).rowcount == 1


async def decline_all_of(tx: Connection, user_id: int, *, by: int, now: int) -> list[int]:
    """Decline whatever of a person's waits and return the ids."""
    statement = (
        update(tip)
        .where(tip.c.user_id == user_id, WAITING_TIP)
        .values(state=TipState.DECLINED, decided_by=by, decided_at=now)
        .returning(tip.c.id)
    )
    return sorted(row.id for row in await tx.execute(statement))


async def part_with_article(tx: Connection, article_id: int) -> list[int]:
    """Mark the tips of a deleted draft as read, and return their ids."""
    statement = update(tip).where(tip.c.article_id == article_id)
    parted = statement.values(state=TipState.READ, article_id=None).returning(tip.c.id)
    return sorted(row.id for row in await tx.execute(parted))


async def forget(tx: Connection, *, before: int, limit: int) -> int:
    """Delete the content and the sender's name of up to `limit` tips that were decided before then (ms).

    Return how many there were.
    """
    has_content = (tip.c.text != "") | (tip.c.media != _BARE["media"]) | (tip.c.name != "")
    old = select(tip.c.id).where(tip.c.decided_at < before, has_content).limit(limit)
    return (await tx.execute(update(tip).where(tip.c.id.in_(old)).values(_BARE))).rowcount


_BARE = {"name": "", "text": "", "media": "[]"}
"""The columns of a tip without its content."""


def _tip(row: Any) -> Tip:
    return Tip(**{**row._mapping, "state": TipState(row.state), "media": read_media(row.media)})
