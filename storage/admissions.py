"""Admissions: what owners decide about channels and groups. Nothing else changes them, whatever happens there."""

from storage import cards, chats, followers, outbox, staff, subscriptions
from storage.engine.connection import Connection
from storage.records import Admission, CardKind, Role


async def enqueue_cards(tx: Connection, chat_id: int, *, now: int) -> None:
    """Enqueue a card for every owner about a chat that waits for its admission."""
    owners = [member.user_id for member in await staff.all_(tx) if member.role is Role.OWNER]
    await cards.enqueue(tx, CardKind.CHAT, chat_id, owners, now=now)


async def decide(tx: Connection, chat_id: int, admission: Admission, *, by: int | None, now: int) -> None:
    """Record the decision of the owner `by`, or that the open door (None) let the chat in.

    A chat that follows nothing follows everything once it is admitted; what waits for one that is not is withdrawn.
    """
    async with followers.counted(tx, chat_id, now=now):
        await chats.change(tx, chat_id, admission=admission, decided_by=by, decided_at=None if by is None else now)
        if admission is Admission.ADMITTED:
            # The person who added the bot gets a notice again.
            await chats.change(tx, chat_id, panel_sent=False)
            if not await subscriptions.of_chat(tx, chat_id):
                await subscriptions.subscribe(tx, chat_id, None, now=now)
        else:
            await outbox.withdraw_chat(tx, chat_id, now=now, reason=outbox.NOT_ADMITTED)
    await cards.mark_stale(tx, CardKind.CHAT, chat_id, now=now)
