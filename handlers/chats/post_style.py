"""How posts look in a chat, by buttons, with the newest article below as the chat will get it.

Callback data: `set:CHAT:look` shows the page, `set:CHAT:look:WHAT:VALUE` changes something on it, and
`set:CHAT:look:back` leaves it.
"""

from dataclasses import replace

from bot.errors import UserError
from bot.render.html import length
from bot.render.message import Button, Message
from bot.render.post_style import SIGNATURE_UNITS, Look, Photo, Shape, look_of, signature_of
from handlers.chats import chat_settings, post_style_preview
from handlers.core.context import HandlerContext
from handlers.core.labels import marked
from storage.records import Chat

DIALOGUE = "signature"
"""The dialogue in which a signature is written; data: chat."""


async def press(ctx: HandlerContext) -> None:
    """A press on the page, or on the panel's button to it."""
    _, chat_id, _, *rest = ctx.data.split(":")
    chat = await chat_settings.mine(ctx, int(chat_id))
    if rest == ["back"]:
        await ctx.show(await chat_settings.main_page(ctx, chat))
        await post_style_preview.take_away(ctx)
        await ctx.toast()
        return
    if rest == ["sign", "ask"]:
        await ctx.open_dialogue(DIALOGUE, {"chat": chat.id})
        await ctx.toast()
        await ctx.say("look-signature-ask", most=SIGNATURE_UNITS)
        return
    if rest:
        chat = await _change(ctx, chat, _changed(look_of(chat.look), *rest))
    await ctx.show(_page(ctx, chat))
    await post_style_preview.show(ctx, chat, anew=not rest)
    await ctx.toast("noted" if rest else "")


async def hear(ctx: HandlerContext, data: dict[str, object]) -> None:
    """A signature, as it was asked for. Raises UserError where it is none, or too long."""
    chat = await chat_settings.mine(ctx, int(str(data["chat"])))
    if length(ctx.words) > SIGNATURE_UNITS:
        raise UserError("look-signature-too-long", length=length(ctx.words), most=SIGNATURE_UNITS)
    signature = signature_of(ctx.words)
    if not signature:
        raise UserError("look-signature-wanted")
    chat = await _change(ctx, chat, replace(look_of(chat.look), signature=signature))
    await ctx.close_dialogue()
    await ctx.send(_page(ctx, chat))
    await post_style_preview.show(ctx, chat, anew=True)


def _changed(look: Look, what: str, value: str) -> Look:
    match what:
        case "shape":
            return replace(look, shape=Shape(value))
        case "photo":
            return replace(look, photo=Photo(value))
        case "tags":
            return replace(look, tags=value == "1")
        case "buttons":
            return replace(look, buttons=value == "1")
        case _:
            return replace(look, signature="")


async def _change(ctx: HandlerContext, chat: Chat, look: Look) -> Chat:
    changed = await ctx.services.chats.change(chat.id, by=chat_settings.as_staff(ctx, chat), look=str(look))
    assert changed is not None, "it was there a moment ago"
    return changed


def _page(ctx: HandlerContext, chat: Chat) -> Message:
    texts, look, data = ctx.texts, look_of(chat.look), f"set:{chat.id}:look"
    own = chat.id == ctx.user_id
    lines = [
        texts.html("look-own") if own else texts.html("look-of", title=chat.title or str(chat.id)),
        texts.html("look-photos"),
    ]
    rows = [
        tuple(
            Button(marked(texts(f"button-shape-{one}"), one is look.shape), f"{data}:shape:{one}") for one in Shape
        ),
        tuple(
            Button(marked(texts(f"button-photo-{one}"), one is look.photo), f"{data}:photo:{one}") for one in Photo
        ),
    ]
    tags = Button(marked(texts("button-post-tags"), look.tags), f"{data}:tags:{int(not look.tags)}")
    if own:
        rows.append((tags,))
    else:
        button = marked(texts("button-post-button"), look.buttons)
        rows.append((tags, Button(button, f"{data}:buttons:{int(not look.buttons)}")))
        sign = Button(marked(texts("button-signature"), bool(look.signature)), f"{data}:sign:ask")
        if look.signature:
            lines.append(texts.html("look-signature", signature=look.signature))
            rows.append((sign, Button(texts("button-no-signature"), f"{data}:sign:none")))
        else:
            rows.append((sign,))
    lines.append(texts.html("look-below"))
    rows.append((Button(texts("button-back"), f"{data}:back"),))
    return Message("\n\n".join(lines), tuple(rows))
