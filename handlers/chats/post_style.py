"""The look of a chat's posts, by buttons, with the newest article below as the chat will get it."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal

from bot.errors import NotFoundError, UserError
from bot.render.callback_data import CallbackData, ChatId
from bot.render.html import length
from bot.render.message import Button, Message
from bot.render.post_style import SIGNATURE_UNITS, Look, Photo, Shape, look_of, signature_of
from handlers.chats import chat_settings, post_style_preview, settings_pages
from handlers.chats.callbacks import LookPage
from handlers.chats.chat_settings import ChatDialogueState
from handlers.core.context import HandlerContext
from handlers.core.dialogues import Dialogue
from handlers.core.labels import marked
from handlers.core.router import Router
from storage.records import Chat

router = Router()

SIGNATURE = router.dialogue(Dialogue("signature", ChatDialogueState, ends_on=NotFoundError))
"""The dialogue in which a signature is written."""


@dataclass(frozen=True, slots=True)
class _OnLookPage(CallbackData, prefix="set"):
    chat_id: ChatId
    page: Literal["look"] = field(default="look", kw_only=True)


@dataclass(frozen=True, slots=True)
class LeaveLook(_OnLookPage):
    """Leads back to the panel's first page."""

    word: Literal["back"] = "back"


@dataclass(frozen=True, slots=True)
class ChooseShape(_OnLookPage):
    """Chooses what a post says of its article."""

    word: Literal["shape"] = field(default="shape", kw_only=True)
    shape: Shape


@dataclass(frozen=True, slots=True)
class ChoosePhoto(_OnLookPage):
    """Chooses which photos posts carry."""

    word: Literal["photo"] = field(default="photo", kw_only=True)
    photo: Photo


@dataclass(frozen=True, slots=True)
class ShowTags(_OnLookPage):
    """Lets posts bear tags, or no more."""

    word: Literal["tags"] = field(default="tags", kw_only=True)
    on: bool


@dataclass(frozen=True, slots=True)
class ShowButtons(_OnLookPage):
    """Lets posts bear a button, or no more."""

    word: Literal["buttons"] = field(default="buttons", kw_only=True)
    on: bool


@dataclass(frozen=True, slots=True)
class AskSignature(_OnLookPage):
    """Asks for a signature."""

    word: Literal["sign"] = "sign"
    act: Literal["ask"] = "ask"


@dataclass(frozen=True, slots=True)
class DropSignature(_OnLookPage):
    """Takes the signature away."""

    word: Literal["sign"] = "sign"
    act: Literal["none"] = "none"


@router.callback(LookPage)
async def show(ctx: HandlerContext, button: LookPage) -> None:
    """Show the page, with a sample below."""
    chat = await chat_settings.mine(ctx, button.chat_id)
    await ctx.show(_page(ctx, chat))
    await post_style_preview.show(ctx, chat, anew=True)


@router.callback(LeaveLook)
async def leave(ctx: HandlerContext, button: LeaveLook) -> None:
    """Show the panel's first page again, and take the sample away."""
    chat = await chat_settings.mine(ctx, button.chat_id)
    await ctx.show(await settings_pages.main_page(ctx, chat))
    await post_style_preview.take_away(ctx)


@router.callback(ChooseShape)
async def choose_shape(ctx: HandlerContext, button: ChooseShape) -> None:
    """Choose what a post says of its article."""
    await _choose(ctx, button.chat_id, lambda look: replace(look, shape=button.shape))


@router.callback(ChoosePhoto)
async def choose_photo(ctx: HandlerContext, button: ChoosePhoto) -> None:
    """Choose which photos posts carry."""
    await _choose(ctx, button.chat_id, lambda look: replace(look, photo=button.photo))


@router.callback(ShowTags)
async def show_tags(ctx: HandlerContext, button: ShowTags) -> None:
    """Let posts bear tags, or no more."""
    await _choose(ctx, button.chat_id, lambda look: replace(look, tags=button.on))


@router.callback(ShowButtons)
async def show_buttons(ctx: HandlerContext, button: ShowButtons) -> None:
    """Let posts bear a button, or no more."""
    await _choose(ctx, button.chat_id, lambda look: replace(look, buttons=button.on))


@router.callback(AskSignature)
async def ask_signature(ctx: HandlerContext, button: AskSignature) -> None:
    """Ask for a signature."""
    chat = await chat_settings.mine(ctx, button.chat_id)
    await SIGNATURE.open(ctx, ChatDialogueState(chat=chat.id))
    await ctx.toast()
    await ctx.say("look-signature-ask", most=SIGNATURE_UNITS)


@router.callback(DropSignature)
async def drop_signature(ctx: HandlerContext, button: DropSignature) -> None:
    """Take the signature away."""
    await _choose(ctx, button.chat_id, lambda look: replace(look, signature=""))


async def _choose(ctx: HandlerContext, chat_id: int, change: Callable[[Look], Look]) -> None:
    chat = await chat_settings.mine(ctx, chat_id)
    chat = await _change(ctx, chat, change(look_of(chat.look)))
    await ctx.show(_page(ctx, chat))
    await post_style_preview.show(ctx, chat, anew=False)
    await ctx.toast("noted")


@SIGNATURE.on_message
async def hear(ctx: HandlerContext, state: ChatDialogueState) -> None:
    """Take a signature, as it was asked for. Raises UserError where it is none, or too long."""
    chat = await chat_settings.mine(ctx, state.chat)
    if length(ctx.words) > SIGNATURE_UNITS:
        raise UserError("look-signature-too-long", length=length(ctx.words), most=SIGNATURE_UNITS)
    signature = signature_of(ctx.words)
    if not signature:
        raise UserError("look-signature-wanted")
    chat = await _change(ctx, chat, replace(look_of(chat.look), signature=signature))
    await ctx.close_dialogue()
    await ctx.send(_page(ctx, chat))
    await post_style_preview.show(ctx, chat, anew=True)


async def _change(ctx: HandlerContext, chat: Chat, look: Look) -> Chat:
    changed = await ctx.services.chats.change(chat.id, by=chat_settings.as_staff(ctx, chat), look=str(look))
    assert changed is not None, "it was there a moment ago"
    return changed


def _page(ctx: HandlerContext, chat: Chat) -> Message:
    texts, look = ctx.texts, look_of(chat.look)
    own = chat.id == ctx.user_id
    lines = [
        texts.html("look-own") if own else texts.html("look-of", title=chat.title or str(chat.id)),
        texts.html("look-photos"),
    ]
    rows = [
        tuple(
            Button(marked(texts(f"button-shape-{shape}"), shape is look.shape), ChooseShape(chat.id, shape).pack())
            for shape in Shape
        ),
        tuple(
            Button(marked(texts(f"button-photo-{photo}"), photo is look.photo), ChoosePhoto(chat.id, photo).pack())
            for photo in Photo
        ),
    ]
    tags = Button(marked(texts("button-post-tags"), look.tags), ShowTags(chat.id, on=not look.tags).pack())
    if own:
        rows.append((tags,))
    else:
        button = marked(texts("button-post-button"), look.buttons)
        rows.append((tags, Button(button, ShowButtons(chat.id, on=not look.buttons).pack())))
        sign = Button(marked(texts("button-signature"), bool(look.signature)), AskSignature(chat.id).pack())
        if look.signature:
            lines.append(texts.html("look-signature", signature=look.signature))
            rows.append((sign, Button(texts("button-no-signature"), DropSignature(chat.id).pack())))
        else:
            rows.append((sign,))
    lines.append(texts.html("look-below"))
    rows.append((Button(texts("button-back"), LeaveLook(chat.id).pack()),))
    return Message("\n\n".join(lines), tuple(rows))
