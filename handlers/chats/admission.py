"""Owners' decisions about channels and groups: on cards, and on a chat's page behind /channels.

Callback data: `let:CHAT:WHAT`, where `y` and `n` answer a chat that waits, `admit` admits a denied
one, and `revoke` takes an admission back. A press on what was decided otherwise meanwhile changes nothing.
"""

from handlers.chats import chat_membership, chat_settings
from handlers.core.context import HandlerContext
from storage import cards
from storage.records import Admission, CardKind

_DECISIONS = {
    "y": (Admission.WAITING, Admission.ADMITTED),
    "n": (Admission.WAITING, Admission.DENIED),
    "admit": (Admission.DENIED, Admission.ADMITTED),
    "revoke": (Admission.ADMITTED, Admission.DENIED),
}
"""What a press decides: what it was before, and what it is to be."""


async def decide(ctx: HandlerContext) -> None:
    """An owner's press on a card or on a chat's page: `let:CHAT:WHAT`."""
    _, chat_id, what = ctx.data.split(":")
    services = ctx.services
    seen, admission = _DECISIONS[what]
    chat = await services.chats.decide(int(chat_id), admission, seen=seen, actor_id=ctx.user_id)
    async with services.database.read() as connection:
        card = await cards.message_of(connection, CardKind.CHAT, chat.id, ctx.chat_id)
    # A card is brought up to date by itself.
    if card != ctx.message_id:
        await ctx.show(await chat_settings.main_page(ctx, chat))
    await ctx.toast("noted")
    if admission is Admission.ADMITTED:
        services.worker.wake()
        await chat_membership.tell_bringer(services, chat)
