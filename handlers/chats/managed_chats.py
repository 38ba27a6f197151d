"""The chats that a person manages: their own, those they administer, and for staff every channel and group."""

from dataclasses import replace
from typing import Unpack

from bot.errors import NotFoundError
from bot.newsroom.permissions import Right, may
from handlers.core.context import HandlerContext
from handlers.core.dialogues import DialogueState
from handlers.core.guards import administers
from storage.chats import ChatChanges
from storage.records import Chat, ChatKind


class ChatDialogueState(DialogueState, frozen=True, kw_only=True):
    """The state of a dialogue about the settings of a chat."""

    chat: int


async def managed_chat(ctx: HandlerContext, chat_id: int) -> Chat:
    """Return a chat that the person manages, looked up each time. Raises NotFoundError for any other."""
    chat = await ctx.services.chats.get(chat_id)
    if chat is None or not await manages(ctx, chat):
        raise NotFoundError("chat-unknown")
    return chat


async def manages(ctx: HandlerContext, chat: Chat) -> bool:
    """Return whether the person decides about a chat: it is their own, they are staff, or they administer it."""
    if chat.id == ctx.user_id:
        return True
    # Nobody sees another person's settings, whatever their role; of a lost chat only staff can be asked.
    if chat.kind is ChatKind.PRIVATE:
        return False
    if may(ctx.role, Right.CHANNELS):
        return True
    return chat.lost_at is None and await administers(ctx.services, chat.id, ctx.user_id)


async def change_settings(ctx: HandlerContext, chat: Chat, **changes: Unpack[ChatChanges]) -> Chat:
    """Change settings of a chat that the person manages, and return it."""
    changed = await ctx.services.chats.change(chat.id, by=acting_staff_id(ctx, chat), **changes)
    assert changed is not None, "it was there a moment ago"
    return changed


def acting_staff_id(ctx: HandlerContext, chat: Chat) -> int | None:
    """Return the person's id, for the audit, where they act on a channel or group as staff; else None."""
    return ctx.user_id if chat.kind is not ChatKind.PRIVATE and ctx.role is not None else None


def in_chosen_language(ctx: HandlerContext, chat: Chat) -> HandlerContext:
    """Return the context in the language and time zone that a person may just have chosen for themselves."""
    return replace(ctx, texts=ctx.services.texts(chat)) if chat.id == ctx.user_id else ctx
