"""The time zone of a chat, by buttons or by the name of a city or country."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Literal

from bot.errors import NotFoundError, UserError
from bot.locales.zones import OFFERED, is_zone, zones_called
from bot.render.callback_data import CallbackData, ChatId
from bot.render.message import Button, Keyboard, Message
from handlers.chats import settings_pages
from handlers.chats.callbacks import Panel, ZonePage
from handlers.chats.managed_chats import ChatDialogueState, change_settings, in_chosen_language, managed_chat
from handlers.core.context import HandlerContext
from handlers.core.dialogues import Dialogue
from handlers.core.keyboards import cancel_keyboard
from handlers.core.labels import in_rows, marked, zone_in_words
from handlers.core.router import Router
from storage.records import Chat

router = Router()

ZONE = router.dialogue(Dialogue("zone", ChatDialogueState, ends_on=NotFoundError))
"""The dialogue in which a city or country is written."""


@dataclass(frozen=True, slots=True)
class AskZone(CallbackData, prefix="set"):
    """Prompts for the name of a city or country."""

    chat_id: ChatId
    page: Literal["zone"] = "zone"
    zone: Literal["ask"] = "ask"


@dataclass(frozen=True, slots=True)
class ChooseZone(CallbackData, prefix="set"):
    """Chooses a time zone by its name."""

    chat_id: ChatId
    page: Literal["zone"] = field(default="zone", kw_only=True)
    zone: Annotated[str, r"(?!ask$)[A-Za-z0-9_/+-]{1,40}"]


@router.callback(ZonePage)
async def show_zones(ctx: HandlerContext, button: ZonePage) -> None:
    """Show the time zones that have a button."""
    await _show(ctx, await managed_chat(ctx, button.chat_id))


@router.callback(AskZone)
async def prompt_for_city(ctx: HandlerContext, button: AskZone) -> None:
    """Prompt for the name of a city or country."""
    chat = await managed_chat(ctx, button.chat_id)
    await ZONE.open(ctx, ChatDialogueState(chat=chat.id))
    await ctx.answer_callback()
    await ctx.prompt("zone-ask", cancel_keyboard(ctx))


@router.callback(ChooseZone)
async def choose(ctx: HandlerContext, button: ChooseZone) -> None:
    """Choose a time zone: one that has a button, or one of several that words may mean."""
    chat = await managed_chat(ctx, button.chat_id)
    await _show(ctx, await _change(ctx, chat, button.zone))
    await ctx.answer_callback("noted")


async def _show(ctx: HandlerContext, chat: Chat) -> None:
    zones = (chat.timezone, *OFFERED) if chat.timezone not in OFFERED and is_zone(chat.timezone) else OFFERED
    texts = ctx.texts
    other = Button(texts("button-other-zone"), AskZone(chat.id).pack())
    back = Button(texts("button-back"), Panel(chat.id).pack())
    await ctx.edit_or_send(Message(texts.html("settings-zone"), (*_choice(ctx, chat, zones), (other,), (back,))))


@ZONE.on_message
async def on_message(ctx: HandlerContext, state: ChatDialogueState) -> None:
    """Set the time zone of the city or country in the message. Raises UserError where it is unknown."""
    chat = await managed_chat(ctx, state.chat)
    year = datetime.fromtimestamp(ctx.services.clock() / 1000, ctx.texts.zone).year
    called = zones_called(ctx.words, ctx.services.catalog.countries, year)
    if not called.zones:
        raise UserError("zone-unknown", name=ctx.words[:60])
    if called.is_sure and len(called.zones) == 1:
        changed = await _change(ctx, chat, called.zones[0])
        await ctx.close_dialogue()
        await ctx.send(await settings_pages.main_page(in_chosen_language(ctx, changed), changed))
        return
    await ctx.close_dialogue()
    await ctx.prompt("zone-which", _choice(ctx, chat, called.zones))


def _choice(ctx: HandlerContext, chat: Chat, zones: Sequence[str]) -> Keyboard:
    now = ctx.services.clock()
    buttons = [
        Button(marked(zone_in_words(zone, ctx.texts, now), zone == chat.timezone), ChooseZone(chat.id, zone).pack())
        for zone in zones
    ]
    return in_rows(buttons, 2)


async def _change(ctx: HandlerContext, chat: Chat, zone: str) -> Chat:
    if zone != chat.timezone and not is_zone(zone):
        raise UserError("stale-button")
    return await change_settings(ctx, chat, timezone=zone)
