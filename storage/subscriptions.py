"""The subscriptions of chats and their topics, muted words included."""

from dataclasses import dataclass
from typing import Any, TypedDict, Unpack

from sqlalchemy import ColumnElement, and_, bindparam, delete, func, select, update

from persian.schedule import Schedule
from storage.engine.connection import Connection
from storage.engine.dialect import insert
from storage.engine.prepared import PreparedStatement
from storage.malformed import readable
from storage.records import Subscription, SubscriptionKind
from storage.schema import subscription
from storage.text_values import own_schedule_of, text_of


@dataclass(frozen=True, slots=True)
class Words:
    """Something that is followed by its words, and not as a category; the fields are those of Subscription."""

    kind: SubscriptionKind
    subject: str
    label: str


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a subscription; the fields are those of Subscription."""

    breaking_only: bool = False
    schedule: Schedule | None = None


class SubscriptionChanges(TypedDict, total=False):
    """Fields of a subscription that may change; they are those of Subscription."""

    breaking_only: bool
    schedule: Schedule | None


_A_CATEGORY = Words(SubscriptionKind.CATEGORY, "", "")
_NO_LIMITS = Limits()


async def subscribe(
    tx: Connection,
    chat_id: int,
    category_id: int | None = None,
    *,
    now: int,
    topic_id: int = 0,
    words: Words = _A_CATEGORY,
    limits: Limits = _NO_LIMITS,
) -> bool:
    """Subscribe the chat or topic to a category (None: everything), or to something by its `words`, from `now` on.

    False where it did already.
    """
    statement = insert(tx, subscription).values(
        chat_id=chat_id,
        topic_id=topic_id,
        kind=words.kind,
        category_id=category_id,
        subject=words.subject,
        label=words.label,
        breaking_only=limits.breaking_only,
        schedule=text_of(limits.schedule),
        since=now,
    )
    return (await tx.execute(statement.on_conflict_do_nothing())).rowcount == 1


async def unsubscribe(
    tx: Connection,
    chat_id: int,
    category_id: int | None = None,
    *,
    topic_id: int = 0,
    kind: SubscriptionKind = SubscriptionKind.CATEGORY,
    subject: str = "",
) -> bool:
    """Undo one subscription; False where there was none."""
    matching = and_(
        _of(chat_id, topic_id),
        subscription.c.kind == kind,
        func.coalesce(subscription.c.category_id, 0) == (category_id or 0),
        subscription.c.subject == subject,
    )
    return (await tx.execute(delete(subscription).where(matching))).rowcount == 1


async def unsubscribe_all(tx: Connection, chat_id: int, *, topic_id: int = 0) -> int:
    """Undo all that brings news to the chat or topic; return how much that was. What is muted stays so."""
    news = and_(_of(chat_id, topic_id), subscription.c.kind != SubscriptionKind.MUTED)
    return (await tx.execute(delete(subscription).where(news))).rowcount


async def change(tx: Connection, subscription_id: int, **changes: Unpack[SubscriptionChanges]) -> bool:
    """Change fields of a subscription; False where it is gone."""
    values: dict[str, Any] = {**changes}
    if "schedule" in changes:
        values["schedule"] = text_of(changes["schedule"])
    done = await tx.execute(update(subscription).where(subscription.c.id == subscription_id).values(values))
    return done.rowcount == 1


async def remove(tx: Connection, subscription_id: int) -> bool:
    """Undo a subscription by its id; False where it is gone."""
    done = await tx.execute(delete(subscription).where(subscription.c.id == subscription_id))
    return done.rowcount == 1


async def get(connection: Connection, subscription_id: int) -> Subscription | None:
    """Return the subscription of that id."""
    row = (await connection.execute(select(subscription).where(subscription.c.id == subscription_id))).one_or_none()
    return _subscription(row) if row else None


async def of_chat(connection: Connection, chat_id: int) -> list[Subscription]:
    """Return what the chat and its topics follow, the oldest first."""
    return readable("subscription", await connection.fetch(_OF_CHAT, chat_id=chat_id), _subscription)


def _of(chat_id: int, topic_id: int) -> ColumnElement[bool]:
    return and_(subscription.c.chat_id == chat_id, subscription.c.topic_id == topic_id)


def _subscription(row: Any) -> Subscription:
    schedule = own_schedule_of(row.schedule, chat_id=row.chat_id)
    return Subscription(**{**row._asdict(), "kind": SubscriptionKind(row.kind), "schedule": schedule})


_OF_CHAT = PreparedStatement(
    select(subscription).where(subscription.c.chat_id == bindparam("chat_id")).order_by(subscription.c.id)
)
