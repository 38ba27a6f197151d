"""Owners' decisions about channels and groups: on cards, and on a chat's page behind /channels.

Callback data: `let:CHAT:WHAT`, where `y` and `n` answer a chat that waits, `admit` admits a denied
one, and `revoke` takes an admission back. A press on what was decided otherwise meanwhile changes nothing.
"""

from handlers.chats import chat_membership, chat_settings
from handlers.core.context import Scene
from storage import cards
from storage.records import Admission, CardKind

_DECISIONS = {
    "y": (Admission.WAITING, Admission.ADMITTED),
    "n": (Admission.WAITING, Admission.DENIED),
    "admit": (Admission.DENIED, Admission.ADMITTED),
    "revoke": (Admission.ADMITTED, Admission.DENIED),
}
"""What a press decides: what it was before, and what it is to be."""


async def decide(scene: Scene) -> None:
    """An owner's press on a card or on a chat's page: `let:CHAT:WHAT`."""
    _, chat_id, what = scene.data.split(":")
    services = scene.services
    seen, admission = _DECISIONS[what]
    chat = await services.chats.decide(int(chat_id), admission, seen=seen, actor_id=scene.user_id)
    async with services.database.read() as connection:
        card = await cards.message_of(connection, CardKind.CHAT, chat.id, scene.chat_id)
    # A card is brought up to date by itself.
    if card != scene.message_id:
        await scene.show(await chat_settings.main_page(scene, chat))
    await scene.toast("noted")
    if admission is Admission.ADMITTED:
        services.worker.wake()
        await chat_membership.tell_bringer(services, chat)
