"""Questions that wait for a yes under a card: kept like dialogues; what is written meanwhile is part of none."""

from collections.abc import Callable
from typing import Any

from bot.render.callback_data import Answer, CallbackData
from bot.render.message import Button, Keyboard, Message
from handlers.core.context import HandlerContext
from storage import dialogues
from storage.records import Dialogue

_WAITS = "confirm"


async def put_aside(ctx: HandlerContext, kind: str, data: dict[str, Any]) -> int:
    """Keep what a card asks about, over whatever the person had begun; return the stamp for the card's buttons."""
    kept = data | {"step": _WAITS, "seen": ctx.message_id}
    return await ctx.services.dialogues.put(ctx.chat_id, ctx.user_id, kind, kept)


async def waiting(ctx: HandlerContext, kind: str, stamp: int, *, about: int | None = None) -> dict[str, Any] | None:
    """Return what the card with that stamp asks about; None where it is done, or something else was begun.

    `about` is the article that the button names: an invented one may name another than the card.
    """
    async with ctx.services.database.read() as connection:
        found = await dialogues.get(connection, ctx.chat_id, ctx.user_id)
    if found is None or found.kind != kind or found.updated_at != stamp or not is_aside(found):
        return None
    if about is not None and found.data.get("id") != about:
        return None
    return found.data


def is_aside(dialogue: Dialogue) -> bool:
    """Tell whether a dialogue only waits for a press."""
    return waits(dialogue.data)


def waits(data: dict[str, Any]) -> bool:
    """Tell whether a dialogue with this data only waits for a press."""
    return data.get("step") == _WAITS


def yes_or_no(ctx: HandlerContext, yes: str, answered: Callable[[Answer], CallbackData]) -> Keyboard:
    """Return a card's buttons; `answered` gives the button of an answer."""
    agree, refuse = answered("y").pack(), answered("n").pack()
    return ((Button(ctx.texts(yes), agree), Button(ctx.texts("button-cancel"), refuse)),)


async def leave(ctx: HandlerContext, *, waits: bool) -> None:
    """A no: forget what the card asked about, where it still `waits`, and say so in its place."""
    if waits:
        await ctx.services.dialogues.cancel(ctx.chat_id, ctx.user_id)
    await ctx.show(Message(ctx.texts.html("cancelled")))
    await ctx.toast()
