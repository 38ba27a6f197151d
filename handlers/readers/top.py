"""/top: what was read most, of a day or a week."""

from dataclasses import dataclass

from bot.newsroom.most_read import ReadingSpan, most_read
from bot.render.callback_data import CallbackData
from bot.render.html import escape
from bot.render.listing import PAGE_SIZE, listing
from bot.render.message import Button, Message
from handlers.core.context import HandlerContext
from handlers.core.labels import marked
from handlers.core.router import Place, Router

_KEYS = {ReadingSpan.DAY: ("top-day", "button-top-day"), ReadingSpan.WEEK: ("top-week", "button-top-week")}
"""The keys of the title of each span, and of its button."""

router = Router()


@dataclass(frozen=True, slots=True)
class ShowTop(CallbackData, prefix="top"):
    """Shows what was read most in a span, in place of another."""

    span: ReadingSpan


@router.command("top", place=Place.ANYWHERE)
async def top(ctx: HandlerContext) -> None:
    """/top: what was read most in the last day."""
    await ctx.send(await _top(ctx, ReadingSpan.DAY))


@router.callback(ShowTop, place=Place.ANYWHERE)
async def show_top(ctx: HandlerContext, button: ShowTop) -> None:
    """Show what was read most in a span."""
    await ctx.edit_or_send(await _top(ctx, button.span))


async def _top(ctx: HandlerContext, span: ReadingSpan) -> Message:
    texts, services = ctx.texts, ctx.services
    async with services.database.read() as connection:
        ranked = await most_read(connection, span, now=services.clock(), count=PAGE_SIZE)
    buttons = tuple(
        Button(marked(texts(label), choice is span), ShowTop(choice).pack()) for choice, (_, label) in _KEYS.items()
    )
    title = texts(_KEYS[span][0])
    if not ranked:
        return Message(f"<b>{escape(title)}</b>\n\n{texts.html('top-none')}", (buttons,))
    return listing(
        escape(title), [article for article, _ in ranked], texts, services.bot_username, keyboard=(buttons,)
    )
