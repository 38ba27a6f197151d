"""Questions that only a person can answer: whether a message of the ledger arrived that nobody can read."""

from sqlalchemy import and_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.records import MessageState
from storage.schema import message


async def arrived(tx: AsyncConnection, message_id: int, *, now: int) -> bool:
    """Write down that a person has seen the message that only people could look for; its Telegram id stays unknown.

    False where nobody is asked about it any more.
    """
    asked = and_(message.c.id == message_id, message.c.state == MessageState.ASKED)
    values = {"state": MessageState.SENT, "sent_at": now, "doubt": 0}
    return (await tx.execute(update(message).where(asked).values(values))).rowcount == 1


async def missing(tx: AsyncConnection, message_id: int) -> bool:
    """Forget a message that a person has looked for in vain; False where nobody is asked about it any more.

    No delivery may be bound to it any more.
    """
    asked = and_(message.c.id == message_id, message.c.state == MessageState.ASKED)
    return (await tx.execute(message.delete().where(asked))).rowcount == 1
