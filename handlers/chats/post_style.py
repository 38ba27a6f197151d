"""The style of a chat's posts, by buttons, with the newest article below as the chat will get it."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal

from bot.errors import NotFoundError, UserError
from bot.render.callback_data import CallbackData, ChatId
from bot.render.html import length
from bot.render.message import Button, Message
from bot.render.signature import SIGNATURE_UNITS, signature_of
from handlers.chats import post_style_preview, settings_pages
from handlers.chats.callbacks import PostStylePage
from handlers.chats.managed_chats import ChatDialogueState, change_settings, managed_chat
from handlers.core.context import HandlerContext
from handlers.core.dialogues import Dialogue
from handlers.core.keyboards import cancel_keyboard
from handlers.core.labels import marked
from handlers.core.router import Router
from storage.post_style import Photo, PostStyle, Shape
from storage.records import Chat

router = Router()

SIGNATURE = router.dialogue(Dialogue("signature", ChatDialogueState, ends_on=NotFoundError))
"""The dialogue in which a signature is written."""


@dataclass(frozen=True, slots=True)
class _OnStylePage(CallbackData, prefix="set"):
    chat_id: ChatId
    page: Literal["look"] = field(default="look", kw_only=True)


@dataclass(frozen=True, slots=True)
class LeavePostStyle(_OnStylePage):
    """Leads back to the panel's first page."""

    word: Literal["back"] = "back"


@dataclass(frozen=True, slots=True)
class ChooseShape(_OnStylePage):
    """Chooses what a post says of its article."""

    word: Literal["shape"] = field(default="shape", kw_only=True)
    shape: Shape


@dataclass(frozen=True, slots=True)
class ChoosePhoto(_OnStylePage):
    """Chooses which photos posts carry."""

    word: Literal["photo"] = field(default="photo", kw_only=True)
    photo: Photo


@dataclass(frozen=True, slots=True)
class ShowTags(_OnStylePage):
    """Switches the tags of posts on or off."""

    word: Literal["tags"] = field(default="tags", kw_only=True)
    on: bool


@dataclass(frozen=True, slots=True)
class ShowButtons(_OnStylePage):
    """Switches the button of posts on or off."""

    word: Literal["buttons"] = field(default="buttons", kw_only=True)
    on: bool


@dataclass(frozen=True, slots=True)
class AskSignature(_OnStylePage):
    """Prompts for a signature."""

    word: Literal["sign"] = "sign"
    act: Literal["ask"] = "ask"


@dataclass(frozen=True, slots=True)
class DropSignature(_OnStylePage):
    """Removes the signature."""

    word: Literal["sign"] = "sign"
    act: Literal["none"] = "none"


@router.callback(PostStylePage)
async def show_post_style(ctx: HandlerContext, button: PostStylePage) -> None:
    """Show the page, with a sample below."""
    chat = await managed_chat(ctx, button.chat_id)
    await ctx.edit_or_send(_page(ctx, chat))
    await post_style_preview.show_preview(ctx, chat, anew=True)


@router.callback(LeavePostStyle)
async def leave(ctx: HandlerContext, button: LeavePostStyle) -> None:
    """Show the panel's first page again, and take the sample away."""
    chat = await managed_chat(ctx, button.chat_id)
    await ctx.edit_or_send(await settings_pages.main_page(ctx, chat))
    await post_style_preview.delete_preview(ctx)


@router.callback(ChooseShape)
async def choose_shape(ctx: HandlerContext, button: ChooseShape) -> None:
    """Choose what a post says of its article."""
    await _choose(ctx, button.chat_id, lambda style: replace(style, shape=button.shape))


@router.callback(ChoosePhoto)
async def choose_photo(ctx: HandlerContext, button: ChoosePhoto) -> None:
    """Choose which photos posts carry."""
    await _choose(ctx, button.chat_id, lambda style: replace(style, photo=button.photo))


@router.callback(ShowTags)
async def show_tags(ctx: HandlerContext, button: ShowTags) -> None:
    """Switch the tags of posts on or off."""
    await _choose(ctx, button.chat_id, lambda style: replace(style, tags=button.on))


@router.callback(ShowButtons)
async def show_buttons(ctx: HandlerContext, button: ShowButtons) -> None:
    """Switch the button of posts on or off."""
    await _choose(ctx, button.chat_id, lambda style: replace(style, buttons=button.on))


@router.callback(AskSignature)
async def prompt_for_signature(ctx: HandlerContext, button: AskSignature) -> None:
    """Prompt for a signature."""
    chat = await managed_chat(ctx, button.chat_id)
    await SIGNATURE.open(ctx, ChatDialogueState(chat=chat.id))
    await ctx.answer_callback()
    await ctx.prompt("look-signature-ask", cancel_keyboard(ctx), most=SIGNATURE_UNITS)


@router.callback(DropSignature)
async def drop_signature(ctx: HandlerContext, button: DropSignature) -> None:
    """Remove the signature."""
    await _choose(ctx, button.chat_id, lambda style: replace(style, signature=""))


async def _choose(ctx: HandlerContext, chat_id: int, change: Callable[[PostStyle], PostStyle]) -> None:
    chat = await managed_chat(ctx, chat_id)
    chat = await change_settings(ctx, chat, post_style=change(chat.post_style))
    await ctx.edit_or_send(_page(ctx, chat))
    await post_style_preview.show_preview(ctx, chat, anew=False)
    await ctx.answer_callback("noted")


@SIGNATURE.on_message
async def on_message(ctx: HandlerContext, state: ChatDialogueState) -> None:
    """Set the signature in the message. Raises UserError where it is none, or too long."""
    chat = await managed_chat(ctx, state.chat)
    if length(ctx.words) > SIGNATURE_UNITS:
        raise UserError("look-signature-too-long", length=length(ctx.words), most=SIGNATURE_UNITS)
    signature = signature_of(ctx.words)
    if not signature:
        raise UserError("look-signature-wanted")
    chat = await change_settings(ctx, chat, post_style=replace(chat.post_style, signature=signature))
    await ctx.close_dialogue()
    await ctx.send(_page(ctx, chat))
    await post_style_preview.show_preview(ctx, chat, anew=True)


def _page(ctx: HandlerContext, chat: Chat) -> Message:
    texts, style = ctx.texts, chat.post_style
    own = chat.id == ctx.user_id
    lines = [
        texts.html("look-own") if own else texts.html("look-of", title=chat.title or str(chat.id)),
        texts.html("look-photos"),
    ]
    rows = [
        tuple(
            Button(marked(texts(f"button-shape-{shape}"), shape is style.shape), ChooseShape(chat.id, shape).pack())
            for shape in Shape
        ),
        tuple(
            Button(marked(texts(f"button-photo-{photo}"), photo is style.photo), ChoosePhoto(chat.id, photo).pack())
            for photo in Photo
        ),
    ]
    tags = Button(marked(texts("button-post-tags"), style.tags), ShowTags(chat.id, on=not style.tags).pack())
    if own:
        rows.append((tags,))
    else:
        button = marked(texts("button-post-button"), style.buttons)
        rows.append((tags, Button(button, ShowButtons(chat.id, on=not style.buttons).pack())))
        sign = Button(marked(texts("button-signature"), bool(style.signature)), AskSignature(chat.id).pack())
        if style.signature:
            lines.append(texts.html("look-signature", signature=style.signature))
            rows.append((sign, Button(texts("button-no-signature"), DropSignature(chat.id).pack())))
        else:
            rows.append((sign,))
    lines.append(texts.html("look-below"))
    rows.append((Button(texts("button-back"), LeavePostStyle(chat.id).pack()),))
    return Message("\n\n".join(lines), tuple(rows))
