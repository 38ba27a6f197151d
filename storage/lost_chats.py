"""Losses and returns: whether a chat can be reached, what becomes of its deliveries, and who is told.

Neither changes the chat's admission.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select, update

from storage import amendments, audit, cards, chats, followers, notices, outbox, subscriptions
from storage.audit_details import AuditAction, ChatActionDetails
from storage.engine.connection import Connection
from storage.records import Admission, CardKind, Chat, ChatKind
from storage.schema import LOST_PLACE, REFUSING_CHAT, chat

_FIRST_LOOK_MS = 6 * 3600 * 1000
"""The time (ms) after the loss of a channel or group at which Telegram is asked about it for the first time."""


@dataclass(frozen=True, slots=True)
class LostChat:
    """A lost channel or group that Telegram is to be asked about; `lost_at` (ms) sets the pause, not its tries."""

    chat: Chat
    lost_at: int
    attempts: int = 0


async def record_refusal(tx: Connection, chat_id: int, reason: str, *, again_at: int, now: int) -> None:
    """Count a refusal: nothing goes to the chat before `again_at` (ms), and what waits for it is kept."""
    values = {
        "refused_at": func.coalesce(chat.c.refused_at, now),
        "refusals": chat.c.refusals + 1,
        "reason": reason,
    }
    await tx.execute(update(chat).where(chat.c.id == chat_id).values(values))
    await chats.suspend(tx, chat_id, again_at)


async def record_success(tx: Connection, chat_ids: Collection[int]) -> None:
    """Record that chats accepted a message: their earlier refusals no longer count."""
    known = {"refused_at": None, "refusals": 0, "reason": "", "wait_until": 0}
    await tx.execute(update(chat).where(chat.c.id.in_(chat_ids), REFUSING_CHAT).values(known))


async def try_soon(tx: Connection, chat_id: int) -> None:
    """Make a refusing chat due for a try at once; the refusals still count."""
    await tx.execute(update(chat).where(chat.c.id == chat_id, REFUSING_CHAT).values(wait_until=0))


async def mark_lost(tx: Connection, chat_id: int, reason: str, *, now: int, by: int = audit.TELEGRAM) -> None:
    """Record that a chat cannot be reached: what waits for it ends; its settings stay for its return.

    `by` is the person who took the bot out. Of an admitted channel or group whoever brought the bot hears, and
    the desk chat.
    """
    known = await chats.get(tx, chat_id)
    if known is None:
        return
    values: chats.ChatChanges = {"reason": reason, "is_admin": False, "refused_at": None, "refusals": 0}
    if known.lost_at is not None:
        await chats.change(tx, chat_id, **values)
        return
    async with followers.counted(tx, chat_id, now=now):
        await chats.change(tx, chat_id, **(values | {"lost_at": now, "wait_until": now + _FIRST_LOOK_MS}))
    await outbox.withdraw_chat(tx, chat_id, now=now, reason=reason)
    await amendments.end_for_chat(tx, chat_id, now=now, reason=reason)
    await _enqueue_notices(tx, known, "chat-lost", now=now)
    if known.kind is not ChatKind.PRIVATE:
        details = ChatActionDetails(chat_id, known.title, reason)
        await audit.record(tx, by, AuditAction.LOSE_CHAT, now=now, details=details)


async def mark_found(tx: Connection, chat_id: int, *, now: int, by: int = audit.TELEGRAM) -> None:
    """Record that a chat can be reached; `by` is the person who gave the bot its place there back.

    Whoever got a notice of the loss gets one of the return.
    """
    known = await chats.get(tx, chat_id)
    if known is None or (known.lost_at is None and known.refused_at is None):
        return
    async with followers.counted(tx, chat_id, now=now):
        await chats.change(tx, chat_id, lost_at=None, refused_at=None, refusals=0, reason="", wait_until=0)
    if known.lost_at is None:
        return
    await _enqueue_notices(tx, known, "chat-found", now=now)
    if known.kind is not ChatKind.PRIVATE:
        await audit.record(tx, by, AuditAction.FIND_CHAT, now=now, details=ChatActionDetails(chat_id, known.title))


async def any_due(connection: Connection, now: int) -> bool:
    """Return whether a lost channel or group is to be asked about."""
    due = select(chat.c.id).where(LOST_PLACE, chat.c.wait_until <= now)
    return (await connection.execute(due.limit(1))).first() is not None


async def claim(tx: Connection, *, now: int, lease_until: int, limit: int) -> list[LostChat]:
    """Claim lost channels and groups to be asked about, the longest due first, until `lease_until` (ms)."""
    due = select(chat.c.id).where(LOST_PLACE, chat.c.wait_until <= now)
    due = due.order_by(chat.c.wait_until).limit(limit).with_for_update(skip_locked=True)
    chat_ids = list((await tx.execute(due)).scalars())
    await tx.execute(update(chat).where(chat.c.id.in_(chat_ids)).values(wait_until=lease_until))
    claimed = await chats.get_many(tx, chat_ids)
    return [LostChat(lost, lost.lost_at) for lost in claimed.values() if lost.lost_at is not None]


async def put_off(tx: Connection, chat_id: int, *, due_at: int) -> None:
    """Postpone asking about a chat until `due_at` (ms); do nothing where it can be reached now."""
    await tx.execute(update(chat).where(chat.c.id == chat_id, LOST_PLACE).values(wait_until=due_at))


async def lose_topic(tx: Connection, chat_id: int, topic_id: int, *, now: int) -> None:
    """Record that a topic accepts nothing, and notify whoever must know, once until it is opened again."""
    name, closed = await chats.topic_known(tx, chat_id, topic_id)
    if closed:
        return
    await chats.upsert_topic(tx, chat_id, topic_id, closed=True)
    if any(subscription.topic_id == topic_id for subscription in await subscriptions.of_chat(tx, chat_id)):
        await notify(tx, chat_id, "topic-lost", now=now, topic=name or str(topic_id))


async def notify(tx: Connection, chat_id: int, key: str, *, now: int, **more: str) -> None:
    """Enqueue the text `key`, with the chat's title, to whoever brought the bot there and to the desk chat.

    `more` is what the text takes besides.
    """
    known = await chats.get(tx, chat_id)
    if known is None or known.kind is ChatKind.PRIVATE:
        return
    for user_id in {known.added_by or notices.DESK_CHAT, notices.DESK_CHAT}:
        await notices.enqueue(tx, user_id, key, {"title": known.title or str(known.id), **more}, now=now)


async def _enqueue_notices(tx: Connection, known: Chat, key: str, *, now: int) -> None:
    """Mark the owners' cards of a chat for rendering; for an admitted chat, enqueue notices."""
    await cards.mark_stale(tx, CardKind.CHAT, known.id, now=now)
    if known.admission is Admission.ADMITTED:
        await notify(tx, known.id, key, now=now)
