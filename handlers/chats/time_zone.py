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
from handlers.core.context import HandlerContext
from handlers.core.labels import in_rows, marked, zone_in_words
from storage.records import Chat

DIALOGUE = "zone"
"""The dialogue in which a city or country is written; data: chat."""


async def press(ctx: HandlerContext) -> None:
    """A press on the page, on the panel's button to it, or on one of several zones that words may mean."""
    _, chat_id, _, *rest = ctx.data.split(":")
    chat = await chat_settings.mine(ctx, int(chat_id))
    if rest == ["ask"]:
        await ctx.open_dialogue(DIALOGUE, {"chat": chat.id})
        await ctx.toast()
        await ctx.say("zone-ask")
        return
    if rest:
        chat = await _change(ctx, chat, rest[0])
    zones = OFFERED if chat.timezone in OFFERED else (chat.timezone, *OFFERED)
    texts = ctx.texts
    other = Button(texts("button-other-zone"), f"set:{chat.id}:zone:ask")
    back = Button(texts("button-back"), f"set:{chat.id}:main")
    await ctx.show(Message(texts.html("settings-zone"), (*_choice(ctx, chat, zones), (other,), (back,))))
    await ctx.toast("noted" if rest else "")


async def hear(ctx: HandlerContext, data: dict[str, object]) -> None:
    """A city or country, as it was asked for. Raises UserError where it is unknown."""
    chat = await chat_settings.mine(ctx, int(str(data["chat"])))
    year = datetime.fromtimestamp(ctx.services.clock() / 1000, ctx.texts.zone).year
    called = zones_called(ctx.words, ctx.services.catalog.countries, year)
    if not called.zones:
        raise UserError("zone-unknown", name=ctx.words[:60])
    if called.is_sure and len(called.zones) == 1:
        changed = await _change(ctx, chat, called.zones[0])
        await ctx.close_dialogue()
        await ctx.send(await chat_settings.main_page(chat_settings.spoken(ctx, changed), changed))
        return
    await ctx.close_dialogue()
    await ctx.ask("zone-which", _choice(ctx, chat, called.zones))


def _choice(ctx: HandlerContext, chat: Chat, zones: Sequence[str]) -> Keyboard:
    now = ctx.services.clock()
    buttons = [
        Button(marked(zone_in_words(zone, ctx.texts, now), zone == chat.timezone), f"set:{chat.id}:zone:{zone}")
        for zone in zones
    ]
    return in_rows(buttons, 2)


async def _change(ctx: HandlerContext, chat: Chat, zone: str) -> Chat:
    if zone != chat.timezone and not is_zone(zone):
        raise UserError("stale-button")
    changed = await ctx.services.chats.change(chat.id, by=chat_settings.as_staff(ctx, chat), timezone=zone)
    assert changed is not None, "it was there a moment ago"
    return changed
