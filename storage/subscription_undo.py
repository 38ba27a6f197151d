"""Undo of the last change of what a chat or topic follows: one row for each place, for a day."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, select, update

from storage.engine.connection import Connection
from storage.engine.dialect import insert
from storage.malformed import readable
from storage.records import Subscription, SubscriptionKind
from storage.schema import subscription_undo
from storage.text_values import own_schedule_of, text_of


@dataclass(frozen=True, slots=True)
class SubscriptionUndo:
    """The last change of a place, made at `stamp` (ms; no other change of the place has the same).

    `before` are the subscriptions that it had, whose ids may be gone. `after` is the content of those that it had
    afterwards. `resumed` means that the change let a paused chat get news again.
    """

    stamp: int
    before: list[Subscription]
    after: str
    resumed: bool


def content_of(subscriptions: Sequence[Subscription]) -> str:
    """Return what some subscriptions say, in one spelling, whatever their order and whenever they began."""
    return json.dumps(sorted(_values(subscription)[:-1] for subscription in subscriptions), ensure_ascii=False)


async def record(
    tx: Connection,
    place: tuple[int, int],
    *,
    before: Sequence[Subscription],
    after: Sequence[Subscription],
    resumed: bool,
    now: int,
) -> int:
    """Record the last change of a place (chat, topic) and return its stamp."""
    chat_id, topic_id = place
    earlier = select(subscription_undo.c.at).where(_of(chat_id, topic_id))
    last = (await tx.execute(earlier)).scalar_one_or_none()
    stamp = now if last is None else max(now, last + 1)
    values = {
        "before": json.dumps([_values(subscription) for subscription in before], ensure_ascii=False),
        "after": content_of(after),
        "resumed": resumed,
        "at": stamp,
    }
    statement = insert(tx, subscription_undo).values(chat_id=chat_id, topic_id=topic_id, **values)
    await tx.execute(statement.on_conflict_do_update(index_elements=["chat_id", "topic_id"], set_=values))
    return stamp


async def get(connection: Connection, chat_id: int, topic_id: int) -> SubscriptionUndo | None:
    """Return the last change of a place, None where none is kept or what is kept is malformed."""
    rows = await connection.execute(select(subscription_undo).where(_of(chat_id, topic_id)))
    changes = readable("subscription_undo", rows, _undo, key="chat_id")
    return changes[0] if changes else None


async def mark_done(tx: Connection, chat_id: int, topic_id: int) -> None:
    """Record that the last change of a place was undone: to undo it again pauses nothing."""
    await tx.execute(update(subscription_undo).where(_of(chat_id, topic_id)).values(resumed=False))


async def forget(tx: Connection, *, before: int) -> None:
    """Delete the changes that were made before an instant (ms)."""
    await tx.execute(delete(subscription_undo).where(subscription_undo.c.at < before))


def _of(chat_id: int, topic_id: int) -> ColumnElement[bool]:
    return and_(subscription_undo.c.chat_id == chat_id, subscription_undo.c.topic_id == topic_id)


def _values(subscription: Subscription) -> list[str | int]:
    """Return the fields of a subscription but for its place; category 0 stands for everything."""
    schedule = text_of(subscription.schedule)
    return [
        subscription.kind,
        subscription.category_id or 0,
        subscription.subject,
        subscription.label,
        int(subscription.breaking_only),
        schedule,
        subscription.since,
    ]


def _undo(row: Any) -> SubscriptionUndo:
    before = [_subscription(row.chat_id, row.topic_id, values) for values in json.loads(row.before)]
    return SubscriptionUndo(row.at, before, row.after, row.resumed)


def _subscription(chat_id: int, topic_id: int, values: Any) -> Subscription:
    kind, category_id, subject, label, breaking_only, schedule, since = values
    return Subscription(
        id=0,
        chat_id=chat_id,
        topic_id=topic_id,
        kind=SubscriptionKind(kind),
        category_id=category_id or None,
        subject=subject,
        label=label,
        breaking_only=bool(breaking_only),
        schedule=own_schedule_of(schedule, chat_id=chat_id),
        since=since,
    )
