"""The outbox: headlines for chats, from waiting to their end. docs/delivery-states.md draws the states."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    func,
    literal,
    not_,
    or_,
    select,
    tuple_,
    update,
)

from storage import key_value
from storage.engine.connection import Connection
from storage.engine.dialect import INSERTS, among, json_list
from storage.engine.prepared import PreparedStatement
from storage.post_style import PostStyle
from storage.records import DeliveryKind, DeliveryState, Priority, takes_rich_digests
from storage.schema import (
    ACTIVE_CHAT,
    PENDING,
    READY,
    WAITING,
    chat,
    delivery,
    equals_literal,
    message,
    message_article,
    setting,
)
from storage.text_values import post_style_of

NOT_ADMITTED = "not admitted"
"""The reason of what was withdrawn because the chat's admission was revoked."""


@dataclass(frozen=True, slots=True)
class ReadyDelivery:
    """A delivery whose time has come. A smaller `key` goes first.

    `fold` lets it share a digest, as does coming late, but for what goes `alone`.
    """

    priority: Priority
    id: int
    chat_id: int
    due_at: int
    fold: bool
    alone: bool

    @property
    def key(self) -> tuple[int, int]:
        """The place in the order in which deliveries go."""
        return self.priority, self.id


@dataclass(frozen=True, slots=True)
class LockedDelivery:
    """A delivery that is locked for a claim, with what rendering and sending need to know of its chat."""

    id: int
    chat_id: int
    topic_id: int
    article_id: int
    priority: Priority
    due_at: int
    fold: bool
    attempts: int
    first_tried_at: int | None
    doubt: int
    kind: str
    language: str
    client_language: str
    timezone: str
    silent: bool
    plain_text: bool
    rich_digests: bool
    post_style: PostStyle

    @property
    def takes_rich_digests(self) -> bool:
        """Return whether digests may be rich messages in the chat."""
        return takes_rich_digests(self.kind, plain_text=self.plain_text, rich_digests=self.rich_digests)

    @property
    def key(self) -> tuple[int, int]:
        """The place in the order in which deliveries go."""
        return self.priority, self.id


_ALONE = delivery.c.kind == DeliveryKind.ANNOUNCEMENT
_READY = ("priority", "id", "chat_id", "due_at", "fold")
_READY_COLUMNS = (*(delivery.c[name] for name in _READY), _ALONE)


async def promote(tx: Connection, now: int, *, limit: int) -> int:
    """Make up to `limit` deliveries ready whose time has come; return how many."""
    due = select(delivery.c.id).where(PENDING, WAITING, delivery.c.due_at <= now)
    due = due.order_by(delivery.c.due_at).limit(limit)
    return (await tx.execute(update(delivery).where(delivery.c.id.in_(due)).values(ready=1))).rowcount


async def next_due(connection: Connection) -> int | None:
    """Return when the earliest delivery that still waits for its time is due, None where none waits."""
    earliest: int | None = (
        await connection.execute(select(func.min(delivery.c.due_at)).where(PENDING, WAITING))
    ).scalar_one()
    return earliest


async def oldest_ready(connection: Connection) -> int | None:
    """Return since when (ms) the first ready delivery in the order of sending is due, None where none is ready."""
    query = select(delivery.c.due_at).where(PENDING, READY).order_by(delivery.c.priority, delivery.c.id).limit(1)
    oldest: int | None = (await connection.execute(query)).scalar()
    return oldest


async def ready_after(
    connection: Connection, key: tuple[int, int] | None, now: int, *, limit: int
) -> list[ReadyDelivery]:
    """Return ready deliveries behind `key` (None: from the first) to chats that may be written to, in order."""
    query = select(*_READY_COLUMNS).join(chat, chat.c.id == delivery.c.chat_id)
    query = query.where(PENDING, READY, _open_to_pushes(now))
    if key is not None:
        query = query.where(tuple_(delivery.c.priority, delivery.c.id) > tuple_(*key))
    query = query.order_by(delivery.c.priority, delivery.c.id).limit(limit)
    return [_ready(row) for row in await connection.execute(query)]


async def ready_chats(connection: Connection, *, limit: int) -> list[int]:
    """Return up to `limit` chats for which a delivery is ready; it costs the same however many wait for each."""
    return [row.chat_id for row in await connection.fetch(_READY_CHATS, most=limit)]


async def ready_for(connection: Connection, chat_ids: Sequence[int], now: int) -> list[ReadyDelivery]:
    """Return the first ready delivery of each of those chats that may be written to, in order.

    It costs the same however many deliveries wait behind that one.
    """
    rows = await connection.fetch(_READY_FOR, chat_ids=json_list(chat_ids), now=now) if chat_ids else ()
    return [_ready(row) for row in rows]


async def lock_pending(
    tx: Connection, delivery_ids: Sequence[int], *, limit: int | None = None
) -> list[LockedDelivery]:
    """Return the first `limit` of the deliveries that are pending still, locked until the commit.

    Return none while every push is paused (key_value.PAUSED).
    """
    values = {"ids": delivery_ids, "most": len(delivery_ids) if limit is None else limit}
    return [_addressed(row) for row in await tx.execute(_LOCK_PENDING, values)]


async def lock_foldable(
    tx: Connection, chat_ids: Sequence[int], *, late_before: int
) -> dict[tuple[int, int], list[LockedDelivery]]:
    """Return, by (chat, topic), what may share a digest there, the oldest first, locked as in `lock_pending`.

    That is what is folded by its schedule, and what has been due since before `late_before` (ms); no announcement.
    """
    groups: dict[tuple[int, int], list[LockedDelivery]] = {}
    for row in await tx.execute(_LOCK_FOLDABLE, {"ids": chat_ids, "late_before": late_before}):
        groups.setdefault((row.chat_id, row.topic_id), []).append(_addressed(row))
    return groups


async def mark_sending(tx: Connection, pairs: Sequence[tuple[int, int]], *, now: int) -> None:
    """Bind deliveries to the messages that carry them: pairs of (delivery id, message row id)."""
    if pairs:
        await tx.execute(
            _MARK_SENDING,
            [
                {"delivery_id": delivery_id, "new_message_id": message_id, "now": now}
                for delivery_id, message_id in pairs
            ],
        )


async def settle(
    tx: Connection, message_ids: Sequence[int], state: DeliveryState, *, now: int, reason: str = ""
) -> list[int]:
    """End the deliveries that these messages carried, or mark them uncertain; return those that it changed."""
    if not message_ids:
        return []
    values: dict[str, Any] = {"state": state, "reason": reason}
    if state is not DeliveryState.UNCERTAIN:
        values["settled_at"] = now
    if state is DeliveryState.REFUSED or state is DeliveryState.WITHDRAWN:
        values["message_id"] = None
    changed = update(delivery).where(delivery.c.message_id.in_(message_ids), delivery.c.state != state)
    return [int(row.id) for row in await tx.execute(changed.values(values).returning(delivery.c.id))]


async def end_left_out(tx: Connection, message_ids: Sequence[int], *, now: int) -> None:
    """End the deliveries that these messages carried without showing them: a digest only counted them."""
    counting = select(message.c.id).where(message.c.id.in_(message_ids), message.c.left_out > 0)
    shown = select(message_article.c.article_id).where(message_article.c.message_id == delivery.c.message_id)
    await tx.execute(
        update(delivery)
        .where(delivery.c.message_id.in_(counting), delivery.c.article_id.not_in(shown))
        .values(state=DeliveryState.EXPIRED, reason="more than a digest holds", message_id=None, settled_at=now)
    )


async def return_to_pending(
    tx: Connection, message_ids: Sequence[int], *, now: int, reason: str, doubt: bool = False
) -> None:
    """Make the deliveries of messages that did not go out pending again; `doubt`: that they did not is a guess.

    What is owed to a chat that was lost or denied meanwhile is withdrawn: nobody would look at it again.
    """
    why = case((chat.c.lost_at.is_not(None), chat.c.reason), else_=NOT_ADMITTED)
    lost = select(why).where(chat.c.id == delivery.c.chat_id, not_(ACTIVE_CHAT)).scalar_subquery()
    values: dict[str, Any] = {
        "state": case((lost.is_not(None), DeliveryState.WITHDRAWN.value), else_=DeliveryState.PENDING.value),
        "message_id": None,
        "reason": func.coalesce(lost, reason),
        "settled_at": case((lost.is_not(None), literal(now, delivery.c.settled_at.type)), else_=None),
    }
    if doubt:
        values["doubt"] = 1
    await tx.execute(update(delivery).where(delivery.c.message_id.in_(message_ids)).values(values))


async def end_pending(
    tx: Connection, delivery_ids: Sequence[int], state: DeliveryState, *, now: int, reason: str
) -> None:
    """End deliveries that no message carries."""
    await tx.execute(
        update(delivery)
        .where(delivery.c.id.in_(delivery_ids), PENDING)
        .values(state=state, reason=reason, settled_at=now)
    )


async def retry(tx: Connection, delivery_id: int, *, now: int) -> bool:
    """Make a refused, withdrawn or expired delivery due again at once; False where it is none of these any more."""
    ended = [DeliveryState.REFUSED, DeliveryState.WITHDRAWN, DeliveryState.EXPIRED]
    done = await tx.execute(
        update(delivery)
        .where(delivery.c.id == delivery_id, delivery.c.state.in_(ended))
        .values(
            state=DeliveryState.PENDING,
            ready=1,
            due_at=now,
            attempts=0,
            first_tried_at=None,
            reason="",
            settled_at=None,
        )
    )
    return done.rowcount == 1


async def withdraw(tx: Connection, delivery_id: int, *, now: int) -> bool:
    """Withdraw one delivery that waits or was refused; False where it is neither any more."""
    droppable = [DeliveryState.PENDING, DeliveryState.REFUSED]
    done = await tx.execute(
        update(delivery)
        .where(delivery.c.id == delivery_id, delivery.c.state.in_(droppable))
        .values(state=DeliveryState.WITHDRAWN, reason="dropped", settled_at=now)
    )
    return done.rowcount == 1


async def withdraw_chat(tx: Connection, chat_id: int, *, now: int, reason: str) -> int:
    """Withdraw whatever waits for a chat that cannot be reached any more; return how many."""
    done = await tx.execute(
        update(delivery)
        .where(delivery.c.chat_id == chat_id, PENDING)
        .values(state=DeliveryState.WITHDRAWN, reason=reason, settled_at=now)
    )
    return done.rowcount


async def prune(tx: Connection, settled_before: int, *, after_id: int, limit: int) -> tuple[int, int | None]:
    """Delete what was settled before that instant among the `limit` deliveries behind `after_id`.

    Returns how many were forgotten and the id to go on behind, None at the end.
    """
    query = select(delivery.c.id, delivery.c.created_at, delivery.c.settled_at)
    rows = (await tx.execute(query.where(delivery.c.id > after_id).order_by(delivery.c.id).limit(limit))).all()
    old = [row.id for row in rows if row.settled_at is not None and row.settled_at < settled_before]
    if old:
        await tx.execute(delivery.delete().where(delivery.c.id.in_(old)))
    # Rows are made in the order of their ids: behind a young one all are young.
    over = len(rows) < limit or rows[-1].created_at >= settled_before
    return len(old), None if over else rows[-1].id


def _open_to_pushes(now: int | BindParameter[int]) -> ColumnElement[bool]:
    return and_(ACTIVE_CHAT, chat.c.paused.is_(False), chat.c.wait_until <= now)


def _ready_in(queued: FromClause) -> ColumnElement[bool]:
    return and_(equals_literal(queued.c.state, "'pending'"), equals_literal(queued.c.ready, "1"))


def _ready_chats() -> Select[Any]:
    queued = delivery.alias("queued")
    # In the order of the index of queues, which alone passes over what is not ready.
    order = (queued.c.chat_id, queued.c.priority, queued.c.id)
    first = select(queued.c.chat_id).where(_ready_in(queued)).order_by(*order).limit(1)
    # One step along the index for each chat: neither database does that for a DISTINCT.
    ready = select(first.scalar_subquery().label("chat_id")).cte("ready_chat", recursive=True)
    following = first.where(queued.c.chat_id > ready.c.chat_id).scalar_subquery()
    ready = ready.union_all(select(following).where(ready.c.chat_id.is_not(None)))
    most = bindparam("most", type_=Integer)
    return select(ready.c.chat_id).where(ready.c.chat_id.is_not(None)).limit(most)


def _ready_for(kind: str) -> Select[Any]:
    queued = delivery.alias("queued")
    first = select(queued.c.id).where(queued.c.chat_id == chat.c.id, _ready_in(queued))
    first = first.order_by(queued.c.priority, queued.c.id).limit(1)
    is_open = _open_to_pushes(bindparam("now", type_=BigInteger))
    firsts = select(first.scalar_subquery()).where(among(kind, chat.c.id, "chat_ids"), is_open)
    query = select(*_READY_COLUMNS).where(delivery.c.id.in_(firsts))
    return query.order_by(delivery.c.priority, delivery.c.id)


def _ready(row: Any) -> ReadyDelivery:
    priority, *place = row
    return ReadyDelivery(Priority(priority), *place)


def _addressed(row: Any) -> LockedDelivery:
    parsed = {
        "priority": Priority(row.priority),
        "post_style": post_style_of(row.post_style, chat_id=row.chat_id),
    }
    return LockedDelivery(**(dict(row._mapping) | parsed))


# What every claim says, built once.
_LOCKED = (
    select(
        delivery.c.id,
        delivery.c.chat_id,
        delivery.c.topic_id,
        delivery.c.article_id,
        delivery.c.priority,
        delivery.c.due_at,
        delivery.c.fold,
        delivery.c.attempts,
        delivery.c.first_tried_at,
        delivery.c.doubt,
        *(
            chat.c[name]
            for name in ("kind", "language", "client_language", "timezone", "silent", "plain_text", "rich_digests")
        ),
        chat.c.look.label("post_style"),
    )
    .join(chat, chat.c.id == delivery.c.chat_id)
    # What was picked may have been put off meanwhile.
    .where(PENDING, delivery.c.ready == 1)
    .where(~select(setting.c.key).where(setting.c.key == key_value.PAUSED).exists())
    .order_by(delivery.c.id)
    .with_for_update(skip_locked=True, of=delivery)
)
_LOCK_PENDING = (
    _LOCKED.where(delivery.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(None)
    .order_by(delivery.c.priority, delivery.c.id)
    .limit(bindparam("most"))
)
_LOCK_FOLDABLE = _LOCKED.where(
    delivery.c.chat_id.in_(bindparam("ids", expanding=True)),
    or_(delivery.c.fold.is_(True), delivery.c.due_at < bindparam("late_before")),
    not_(_ALONE),
)
_MARK_SENDING = (
    update(delivery)
    .where(delivery.c.id == bindparam("delivery_id"))
    .values(
        state=DeliveryState.SENDING,
        message_id=bindparam("new_message_id"),
        attempts=delivery.c.attempts + 1,
        first_tried_at=func.coalesce(delivery.c.first_tried_at, bindparam("now", type_=delivery.c.due_at.type)),
    )
)


_READY_CHATS = PreparedStatement(_ready_chats())
_READY_FOR = PreparedStatement({kind: _ready_for(kind) for kind in INSERTS})
