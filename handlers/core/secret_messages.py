"""Messages that may hold a secret: they are deleted, and their stored updates lose the text."""

import structlog
from telegram.error import TelegramError

from bot.ingest.sources.source_requests import SecretMessage
from handlers.core.context import HandlerContext

_log = structlog.get_logger(__name__)


async def discard_message(ctx: HandlerContext) -> None:
    """Delete a message, and its text from the stored update."""
    await ctx.services.source_requests.forget_message(SecretMessage(ctx.chat_id, ctx.message_id))
    await delete_message(ctx)


async def is_edit_of_secret(ctx: HandlerContext) -> bool:
    """Return whether an edited message held a secret before."""
    return await ctx.services.source_requests.is_of_secret(SecretMessage(ctx.chat_id, ctx.message_id))


async def delete_message(ctx: HandlerContext) -> None:
    """Delete a message; where Telegram does not, ask the person to."""
    try:
        await ctx.services.gateway.delete_answer(ctx.chat_id, ctx.message_id)
    except TelegramError as error:
        _log.info("secret_message_not_deleted", reason=error.message)
        await ctx.reply("request-not-deleted")
