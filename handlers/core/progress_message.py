"""A message that says what is being done, for as long as that takes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from telegram.error import TelegramError

from handlers.core.context import HandlerContext


@asynccontextmanager
async def progress_message(ctx: HandlerContext, key: str) -> AsyncIterator[None]:
    """Show a text of the catalogue while work goes on, and delete it once the answer is sent.

    It goes before an error is told, too. It stays where the app is stopped meanwhile.
    """
    message_id = await ctx.reply(key)
    try:
        yield
    except Exception:
        await _delete(ctx, message_id)
        raise
    await _delete(ctx, message_id)


async def _delete(ctx: HandlerContext, message_id: int) -> None:
    with suppress(TelegramError):  # the person has deleted it, or Telegram is away: nothing depends on it
        await ctx.services.gateway.delete_answer(ctx.chat_id, message_id)
