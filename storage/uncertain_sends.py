"""Uncertain sends: messages of the ledger that may have arrived. Reconciliation settles most, a person the rest."""

from sqlalchemy import and_, or_, update

from storage.engine.connection import Connection
from storage.records import MessageState
from storage.schema import DOUBTFUL, OPEN_MESSAGE, message

_ASKS = or_(message.c.state == MessageState.UNCERTAIN, and_(message.c.state == MessageState.SENT, DOUBTFUL))


async def claim(tx: Connection, message_id: int, *, now: int, lease_until: int) -> bool:
    """Claim an uncertain message to clear it up, or one that was sent again to look for its twin.

    False where that is done, or another process is at it.
    """
    free = or_(message.c.lease_until.is_(None), message.c.lease_until < now)
    asks = and_(message.c.id == message_id, _ASKS)
    return (await tx.execute(update(message).where(asks, free).values(lease_until=lease_until))).rowcount == 1


async def renew_lease(tx: Connection, message_id: int, *, lease_until: int) -> None:
    """Renew the lease on a claimed message, or release it where the work on it is over."""
    asks = and_(message.c.id == message_id, _ASKS)
    await tx.execute(update(message).where(asks).values(lease_until=lease_until))


async def release_leases(tx: Connection) -> None:
    """Release every lease: at the start of the only process nobody works on any message."""
    for asks in (and_(message.c.state == MessageState.UNCERTAIN, OPEN_MESSAGE), DOUBTFUL):
        await tx.execute(update(message).where(asks).values(lease_until=None))


async def mark_arrived(tx: Connection, message_id: int, *, now: int) -> bool:
    """Record that a person has seen the message that only people could look for; its Telegram id stays unknown.

    False where nobody is asked about it any more.
    """
    unanswered = and_(message.c.id == message_id, message.c.state == MessageState.ASKED)
    values = {"state": MessageState.SENT, "sent_at": now, "doubt": 0}
    return (await tx.execute(update(message).where(unanswered).values(values))).rowcount == 1


async def delete_missing(tx: Connection, message_id: int) -> bool:
    """Delete a message that a person has looked for in vain; False where nobody is asked about it any more.

    No delivery may be bound to it any more.
    """
    unanswered = and_(message.c.id == message_id, message.c.state == MessageState.ASKED)
    return (await tx.execute(message.delete().where(unanswered))).rowcount == 1
