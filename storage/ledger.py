"""The ledger: every Telegram message that Peyk sent or is sending, and what it says until that is settled."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.records import MessageState, SentMessage
from storage.schema import inbox, message, payload


@dataclass(frozen=True, slots=True)
class Draft:
    """A message about to be sent. `payload_id` is what `put_payload` returned."""

    chat_id: int
    topic_id: int
    payload_id: int
    article_id: int | None
    revision: int
    floor_id: int | None


async def put_payload(tx: AsyncConnection, body: str, *, key: str | None = None) -> int:
    """Keep a rendered message (JSON text) and return its row id; one `key` is kept once."""
    if key is not None:
        found = (await tx.execute(select(payload.c.id).where(payload.c.key == key))).scalar()
        if found is not None:
            return int(found)
    row = await tx.execute(payload.insert().values(key=key, body=body).returning(payload.c.id))
    return int(row.scalar_one())


async def begin(tx: AsyncConnection, drafts: Sequence[Draft], *, now: int, lease_until: int) -> list[int]:
    """Write the messages down as being sent, before anything is; return their row ids in order."""
    if not drafts:
        return []
    rows = [
        {
            "chat_id": draft.chat_id,
            "topic_id": draft.topic_id,
            "payload_id": draft.payload_id,
            "article_id": draft.article_id,
            "revision": draft.revision,
            "floor_id": draft.floor_id,
            "state": MessageState.SENDING,
            "created_at": now,
            "lease_until": lease_until,
        }
        for draft in drafts
    ]
    statement = message.insert().returning(message.c.id, sort_by_parameter_order=True)
    return [int(row.id) for row in await tx.execute(statement, rows)]


async def sent(tx: AsyncConnection, message_id: int, telegram_id: int, *, now: int) -> None:
    """Write down that Telegram has the message, under `telegram_id`."""
    await _settle(tx, message_id, MessageState.SENT, telegram_id=telegram_id, sent_at=now)


async def uncertain(tx: AsyncConnection, message_id: int) -> None:
    """Write down that nobody knows whether the message arrived."""
    await tx.execute(
        update(message).where(message.c.id == message_id).values(state=MessageState.UNCERTAIN, lease_until=None)
    )


async def refused(tx: AsyncConnection, message_id: int) -> None:
    """Write down that the message did not go out."""
    await _settle(tx, message_id, MessageState.REFUSED)


async def note_answer(
    tx: AsyncConnection, chat_id: int, telegram_id: int, *, article_id: int, revision: int, now: int
) -> None:
    """Remember a full text that was answered to a reader, so that a correction can reach it."""
    await tx.execute(
        message.insert().values(
            chat_id=chat_id,
            telegram_id=telegram_id,
            article_id=article_id,
            revision=revision,
            state=MessageState.SENT,
            created_at=now,
            sent_at=now,
        )
    )


async def void_leases(tx: AsyncConnection, *, expired_before: int | None = None) -> list[int]:
    """Make sends that no process holds any more uncertain; return their row ids.

    Without `expired_before` every send under way counts: for the start of the only process.
    """
    lost = message.c.state == MessageState.SENDING
    if expired_before is not None:
        lost &= message.c.lease_until < expired_before
    statement = update(message).where(lost).values(state=MessageState.UNCERTAIN, lease_until=None)
    return [int(row.id) for row in await tx.execute(statement.returning(message.c.id))]


async def open_questions(connection: AsyncConnection) -> list[SentMessage]:
    """Return the uncertain messages with their payloads, the oldest first."""
    columns = [message.c[name] for name in _FIELDS if name != "payload"]
    query = (
        select(*columns, payload.c.body.label("payload"))
        .outerjoin(payload, payload.c.id == message.c.payload_id)
        .where(message.c.state == MessageState.UNCERTAIN)
        .order_by(message.c.id)
    )
    return [
        SentMessage(**{**row._mapping, "state": MessageState(row.state)}) for row in await connection.execute(query)
    ]


async def newest_known_id(connection: AsyncConnection, chat_id: int) -> int | None:
    """Return the largest message id of the chat that the ledger or any update has shown."""
    ours = select(func.max(message.c.telegram_id)).where(message.c.chat_id == chat_id)
    others = select(func.max(inbox.c.message_id)).where(inbox.c.chat_id == chat_id)
    known = [(await connection.execute(query)).scalar() for query in (ours, others)]
    return max((number for number in known if number is not None), default=None)


async def ours_above(connection: AsyncConnection, chat_id: int, above: int) -> set[int]:
    """Return the message ids above `above` in the chat that the ledger holds as ours."""
    query = select(message.c.telegram_id).where(message.c.chat_id == chat_id, message.c.telegram_id > above)
    return {int(row.telegram_id) for row in await connection.execute(query)}


async def last_sends(connection: AsyncConnection, limit: int) -> list[tuple[int, int]]:
    """Return (chat id, sent at) of the newest messages that were sent."""
    query = select(message.c.chat_id, message.c.sent_at).where(message.c.sent_at.is_not(None))
    return [
        (row.chat_id, row.sent_at)
        for row in await connection.execute(query.order_by(message.c.id.desc()).limit(limit))
    ]


async def drop_settled_payloads(tx: AsyncConnection, *, limit: int) -> int:
    """Forget up to `limit` payloads that no unsettled message uses; return how many."""
    await tx.execute(
        update(message)
        .where(
            message.c.state.in_([MessageState.SENT, MessageState.REFUSED]),
            message.c.payload_id.is_not(None),
        )
        .values(payload_id=None)
    )
    used = select(message.c.payload_id).where(message.c.payload_id.is_not(None))
    idle = select(payload.c.id).where(payload.c.id.not_in(used)).limit(limit)
    return (await tx.execute(payload.delete().where(payload.c.id.in_(idle)))).rowcount


_FIELDS = SentMessage.__dataclass_fields__


async def _settle(tx: AsyncConnection, message_id: int, state: MessageState, **values: Any) -> None:
    await tx.execute(
        update(message).where(message.c.id == message_id).values(state=state, lease_until=None, **values)
    )
