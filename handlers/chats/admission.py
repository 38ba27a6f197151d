"""Owners' decisions about channels and groups: on cards, and on a chat's page behind /channels."""

from bot.newsroom.permissions import Right
from handlers.chats import chat_membership, settings_pages
from handlers.chats.callbacks import DecideAdmission, Decision
from handlers.core.context import HandlerContext
from handlers.core.router import Router
from storage import cards
from storage.records import Admission, CardKind

router = Router()

_DECISIONS: dict[Decision, tuple[Admission, Admission]] = {
    "y": (Admission.WAITING, Admission.ADMITTED),
    "n": (Admission.WAITING, Admission.DENIED),
    "admit": (Admission.DENIED, Admission.ADMITTED),
    "revoke": (Admission.ADMITTED, Admission.DENIED),
}
"""Each decision: what the admission was before, and what it is to be."""


@router.callback(DecideAdmission, right=Right.APPROVE_CHATS)
async def decide(ctx: HandlerContext, button: DecideAdmission) -> None:
    """Decide about a chat on a card or on the chat's page; what was decided otherwise meanwhile stays as it is."""
    services = ctx.services
    seen, admission = _DECISIONS[button.decision]
    chat = await services.chats.decide(button.chat_id, admission, seen=seen, actor_id=ctx.user_id)
    async with services.database.read() as connection:
        card = await cards.message_of(connection, CardKind.CHAT, chat.id, ctx.chat_id)
    # A card is brought up to date by itself.
    if card != ctx.message_id:
        await ctx.edit_or_send(await settings_pages.main_page(ctx, chat))
    await ctx.answer_callback("noted")
    if admission is Admission.ADMITTED:
        services.worker.wake()
        await chat_membership.notify_inviter(services, chat)
