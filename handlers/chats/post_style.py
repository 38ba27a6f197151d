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
from handlers.core.context import Scene
from handlers.core.labels import marked
from storage.records import Chat

DIALOGUE = "signature"
"""The dialogue in which a signature is written; data: chat."""


async def press(scene: Scene) -> None:
    """A press on the page, or on the panel's button to it."""
    _, chat_id, _, *rest = scene.data.split(":")
    chat = await chat_settings.mine(scene, int(chat_id))
    if rest == ["back"]:
        await scene.show(await chat_settings.main_page(scene, chat))
        await post_style_preview.take_away(scene)
        await scene.toast()
        return
    if rest == ["sign", "ask"]:
        await scene.open_dialogue(DIALOGUE, {"chat": chat.id})
        await scene.toast()
        await scene.say("look-signature-ask", most=SIGNATURE_UNITS)
        return
    if rest:
        chat = await _change(scene, chat, _changed(look_of(chat.look), *rest))
    await scene.show(_page(scene, chat))
    await post_style_preview.show(scene, chat, anew=not rest)
    await scene.toast("noted" if rest else "")


async def hear(scene: Scene, data: dict[str, object]) -> None:
    """A signature, as it was asked for. Raises UserError where it is none, or too long."""
    chat = await chat_settings.mine(scene, int(str(data["chat"])))
    if length(scene.words) > SIGNATURE_UNITS:
        raise UserError("look-signature-too-long", length=length(scene.words), most=SIGNATURE_UNITS)
    signature = signature_of(scene.words)
    if not signature:
        raise UserError("look-signature-wanted")
    chat = await _change(scene, chat, replace(look_of(chat.look), signature=signature))
    await scene.close_dialogue()
    await scene.send(_page(scene, chat))
    await post_style_preview.show(scene, chat, anew=True)


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


async def _change(scene: Scene, chat: Chat, look: Look) -> Chat:
    changed = await scene.services.chats.change(chat.id, by=chat_settings.as_staff(scene, chat), look=str(look))
    assert changed is not None, "it was there a moment ago"
    return changed


def _page(scene: Scene, chat: Chat) -> Message:
    texts, look, data = scene.texts, look_of(chat.look), f"set:{chat.id}:look"
    own = chat.id == scene.user_id
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
