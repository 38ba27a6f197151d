"""The time zone of a chat, by buttons or by the name of a city or country.

Callback data: `set:CHAT:zone` shows the page, `set:CHAT:zone:ZONE` chooses one, and
`set:CHAT:zone:ask` asks for its name.
"""

from collections.abc import Sequence
from datetime import datetime

from bot.errors import UserError
from bot.locales.zones import OFFERED, is_zone, zones_called
from bot.render.message import Button, Keyboard, Message
from handlers.chats import chat_settings
from handlers.core.context import Scene
from handlers.core.labels import in_rows, marked, zone_in_words
from storage.records import Chat

DIALOGUE = "zone"
"""The dialogue in which a city or country is written; data: chat."""


async def press(scene: Scene) -> None:
    """A press on the page, on the panel's button to it, or on one of several zones that words may mean."""
    _, chat_id, _, *rest = scene.data.split(":")
    chat = await chat_settings.mine(scene, int(chat_id))
    if rest == ["ask"]:
        await scene.open_dialogue(DIALOGUE, {"chat": chat.id})
        await scene.toast()
        await scene.say("zone-ask")
        return
    if rest:
        chat = await _change(scene, chat, rest[0])
    zones = OFFERED if chat.timezone in OFFERED else (chat.timezone, *OFFERED)
    texts = scene.texts
    other = Button(texts("button-other-zone"), f"set:{chat.id}:zone:ask")
    back = Button(texts("button-back"), f"set:{chat.id}:main")
    await scene.show(Message(texts.html("settings-zone"), (*_choice(scene, chat, zones), (other,), (back,))))
    await scene.toast("noted" if rest else "")


async def hear(scene: Scene, data: dict[str, object]) -> None:
    """A city or country, as it was asked for. Raises UserError where it is unknown."""
    chat = await chat_settings.mine(scene, int(str(data["chat"])))
    year = datetime.fromtimestamp(scene.services.clock() / 1000, scene.texts.zone).year
    called = zones_called(scene.words, scene.services.catalog.countries, year)
    if not called.zones:
        raise UserError("zone-unknown", name=scene.words[:60])
    if called.is_sure and len(called.zones) == 1:
        changed = await _change(scene, chat, called.zones[0])
        await scene.close_dialogue()
        await scene.send(await chat_settings.main_page(chat_settings.spoken(scene, changed), changed))
        return
    await scene.close_dialogue()
    await scene.ask("zone-which", _choice(scene, chat, called.zones))


def _choice(scene: Scene, chat: Chat, zones: Sequence[str]) -> Keyboard:
    now = scene.services.clock()
    buttons = [
        Button(marked(zone_in_words(zone, scene.texts, now), zone == chat.timezone), f"set:{chat.id}:zone:{zone}")
        for zone in zones
    ]
    return in_rows(buttons, 2)


async def _change(scene: Scene, chat: Chat, zone: str) -> Chat:
    if zone != chat.timezone and not is_zone(zone):
        raise UserError("stale-button")
    changed = await scene.services.chats.change(chat.id, by=chat_settings.as_staff(scene, chat), timezone=zone)
    assert changed is not None, "it was there a moment ago"
    return changed
