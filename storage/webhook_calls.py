"""Calls to webhooks: what happened to articles, kept for each target until it has taken the call.

A publication or a change and the fan-out of it are one transaction; its row is untold until the calls are made.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import exists, select, update

from storage.engine.connection import Connection
from storage.records import FanOutKind
from storage.schema import OPEN_CALL, UNTOLD, fan_out, webhook_call


class WebhookEvent(StrEnum):
    """An event in the life of an article that a webhook is told of."""

    PUBLISHED = "published"
    CORRECTED = "corrected"
    RETRACTED = "retracted"


@dataclass(frozen=True, slots=True)
class WebhookCall:
    """A call that is due to the target of that name; `happened_at` is ms."""

    id: int
    target: str
    event: WebhookEvent
    article_id: int
    happened_at: int
    attempts: int


_EVENTS = {
    FanOutKind.HEADLINE: WebhookEvent.PUBLISHED,
    FanOutKind.BREAKING: WebhookEvent.PUBLISHED,
    FanOutKind.CORRECTION: WebhookEvent.CORRECTED,
    FanOutKind.RETRACTION: WebhookEvent.RETRACTED,
}


async def any_untold(connection: Connection) -> bool:
    """Return whether anything has happened that no call was made for."""
    return (await connection.execute(select(fan_out.c.id).where(UNTOLD).limit(1))).first() is not None


async def enqueue(tx: Connection, targets: Collection[str], *, since: int, now: int, limit: int) -> int:
    """Enqueue calls for up to `limit` things that have happened; return how many there were.

    What happened before `since` (ms) is passed over, and so are announcements.
    """
    columns = fan_out.c.id, fan_out.c.article_id, fan_out.c.kind, fan_out.c.released_at
    query = select(*columns).where(UNTOLD).order_by(fan_out.c.id).limit(limit)
    rows = (await tx.execute(query.with_for_update(skip_locked=True))).all()
    calls = [
        {
            "target": target,
            "event": event,
            "article_id": row.article_id,
            "happened_at": row.released_at,
            "due_at": now,
        }
        for row in rows
        if row.article_id > 0 and row.released_at >= since and (event := _event(row.kind)) is not None
        for target in targets
    ]
    if calls:
        await tx.execute(webhook_call.insert(), calls)
    if rows:
        await tx.execute(update(fan_out).where(fan_out.c.id.in_([row.id for row in rows])).values(untold=0))
    return len(rows)


async def enqueue_retraction(tx: Connection, article_id: int, *, now: int) -> None:
    """Enqueue retractions for the targets that got a publication that was undone; the others get nothing."""
    of_article = webhook_call.c.article_id == article_id
    was_called = webhook_call.c.attempts > 0
    targets = (
        (await tx.execute(select(webhook_call.c.target).distinct().where(of_article, was_called))).scalars().all()
    )
    await tx.execute(webhook_call.delete().where(of_article, OPEN_CALL))
    common = {"event": WebhookEvent.RETRACTED, "article_id": article_id, "happened_at": now, "due_at": now}
    if targets:
        await tx.execute(webhook_call.insert(), [{"target": target, **common} for target in targets])


async def any_due(connection: Connection, target: str, now: int) -> bool:
    """Return whether a call to a target is due."""
    of_target = OPEN_CALL, webhook_call.c.target == target
    due = select(webhook_call.c.id).where(*of_target, webhook_call.c.due_at <= now).limit(1)
    return (await connection.execute(due)).first() is not None


async def claim(tx: Connection, target: str, *, now: int, lease_until: int, limit: int) -> Sequence[WebhookCall]:
    """Claim up to `limit` calls to a target that are due, the oldest first, until `lease_until`.

    It gets the events of one article in their order: a call waits for those before it.
    """
    before = webhook_call.alias("before")
    waits = exists().where(
        before.c.article_id == webhook_call.c.article_id,
        before.c.target == webhook_call.c.target,
        before.c.id < webhook_call.c.id,
        before.c.done_at.is_(None),
    )
    of_target = OPEN_CALL, webhook_call.c.target == target
    due = select(webhook_call.c.id).where(*of_target, webhook_call.c.due_at <= now, ~waits)
    due = due.order_by(webhook_call.c.due_at).limit(limit).with_for_update(skip_locked=True)
    statement = (
        update(webhook_call)
        .where(webhook_call.c.id.in_(due.scalar_subquery()))
        .values(due_at=lease_until, attempts=webhook_call.c.attempts + 1)
        .returning(webhook_call)
    )
    claimed = [_call(row) for row in await tx.execute(statement)]
    return sorted(claimed, key=lambda call: call.id)


async def postpone(tx: Connection, call_id: int, *, due_at: int) -> None:
    """Postpone a call until `due_at`."""
    await tx.execute(update(webhook_call).where(webhook_call.c.id == call_id, OPEN_CALL).values(due_at=due_at))


async def finish(tx: Connection, call_id: int, *, now: int) -> None:
    """End a call: its target has taken it, or it is given up."""
    await tx.execute(update(webhook_call).where(webhook_call.c.id == call_id).values(done_at=now))


async def forget(tx: Connection, *, before: int, targets: Collection[str]) -> None:
    """Delete ended calls of what happened before that instant (ms), and all of other targets than `targets`."""
    await tx.execute(webhook_call.delete().where(~OPEN_CALL, webhook_call.c.happened_at < before))
    await tx.execute(webhook_call.delete().where(webhook_call.c.target.not_in(targets)))


def _event(kind: str) -> WebhookEvent | None:
    return _EVENTS.get(FanOutKind(kind)) if kind in set(FanOutKind) else None


def _call(row: Any) -> WebhookCall:
    event = WebhookEvent(row.event)
    return WebhookCall(row.id, row.target, event, row.article_id, row.happened_at, row.attempts - 1)
