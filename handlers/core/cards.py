"""The cards of a chat: messages that a job renders again after each change."""

from handlers.core.context import HandlerContext
from storage import cards
from storage.records import CardKind


async def is_card(ctx: HandlerContext, kind: CardKind, subject_id: int) -> bool:
    """Return whether the message whose button was pressed is the chat's card of that subject."""
    async with ctx.services.database.read() as connection:
        return await cards.message_of(connection, kind, subject_id, ctx.chat_id) == ctx.message_id
