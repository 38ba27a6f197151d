"""How a send ended, written into the ledger, the outbox and the chat in one transaction."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.delivery.policy import Next, Verdict
from storage import chats, ledger, outbox
from storage.records import ChatState, DeliveryState


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of one send: Telegram's message id, or what follows from its failure.

    `message_id` is the ledger's row.
    """

    message_id: int
    chat_id: int
    telegram_id: int | None
    verdict: Verdict | None

    @classmethod
    def unknown(cls, message_id: int, chat_id: int, reason: str) -> "Outcome":
        """A send of which nobody knows whether it arrived."""
        return cls(message_id, chat_id, None, Verdict(Next.UNCERTAIN, reason))


async def settle(tx: AsyncConnection, outcome: Outcome, *, now: int) -> None:
    """Write the outcome down."""
    message_ids = [outcome.message_id]
    if outcome.telegram_id is not None:
        await ledger.sent(tx, outcome.message_id, outcome.telegram_id, now=now)
        await outbox.settle(tx, message_ids, DeliveryState.SENT, now=now)
        return
    verdict = outcome.verdict
    assert verdict is not None, "a send without an id has a verdict"
    if verdict.next is Next.UNCERTAIN:
        await ledger.uncertain(tx, outcome.message_id)
        await outbox.settle(tx, message_ids, DeliveryState.UNCERTAIN, now=now, reason=verdict.reason)
        return
    await ledger.refused(tx, outcome.message_id)
    match verdict.next:
        case Next.WAIT:
            await outbox.put_back(tx, message_ids, reason=verdict.reason)
            await chats.wait(tx, outcome.chat_id, verdict.at)
        case Next.STOP:
            await outbox.put_back(tx, message_ids, reason=verdict.reason)
            await chats.wait(tx, outcome.chat_id, now + 60_000)
        case Next.MIGRATED:
            await outbox.put_back(tx, message_ids, reason=verdict.reason)
            await chats.migrate(tx, outcome.chat_id, verdict.new_chat_id)
        case Next.GONE:
            await outbox.settle(tx, message_ids, DeliveryState.WITHDRAWN, now=now, reason=verdict.reason)
            await outbox.withdraw_chat(tx, outcome.chat_id, now=now, reason=verdict.reason)
            await chats.change(tx, outcome.chat_id, state=ChatState.INACTIVE, reason=verdict.reason)
        case _:
            await outbox.settle(tx, message_ids, DeliveryState.REFUSED, now=now, reason=verdict.reason)
