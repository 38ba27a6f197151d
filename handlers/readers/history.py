"""What was sent to a person, to be found again."""

from bot.render.article import paging
from bot.render.history import FULL_PAGE, fitting, history
from bot.render.message import Button, Message
from handlers.core.context import HandlerContext
from storage import articles
from storage import history as ledger

PAYLOAD = "history"
"""The payload of the deep link to what was sent to a person."""


async def show(ctx: HandlerContext) -> None:
    """/history: the headlines and full texts that were sent to this chat, newest first."""
    if ctx.private:
        await ctx.send(await _page(ctx, "n"))
        return
    link = f"https://t.me/{ctx.services.bot_username}?start={PAYLOAD}"
    await ctx.ask("history-in-private", ((Button(ctx.texts("history-title"), url=link),),))


async def turn(ctx: HandlerContext) -> None:
    """A press of a button under the history: `hist:CURSOR`, `b` before or `f` after a message's id."""
    await ctx.show(await _page(ctx, ctx.data.split(":")[1]))


async def _page(ctx: HandlerContext, cursor: str) -> Message:
    border = int(cursor[1:]) if len(cursor) > 1 else None
    forward = cursor.startswith("f")
    before, after = (None, border) if forward else (border, None)
    async with ctx.services.database.read() as connection:
        found = await ledger.page(connection, ctx.chat_id, limit=FULL_PAGE + 1, before=before, after=after)
        # A page of newer messages ends at the border: the surplus are the newest.
        chosen = fitting(found[::-1])[::-1] if forward else fitting(found)
        chosen = chosen[-FULL_PAGE:] if forward else chosen[:FULL_PAGE]
        shown = {article_id for one in chosen for article_id in one.articles}
        known = {one.id: one for one in await articles.get_many(connection, list(shown))}
    if not chosen:
        return Message(ctx.texts.html("history-empty"))
    more = len(chosen) < len(found)
    newer = more if forward else border is not None
    older = forward or more
    turns = paging(
        ctx.texts,
        f"hist:f{chosen[0].telegram_id}" if newer else "",
        f"hist:b{chosen[-1].telegram_id}" if older else "",
    )
    return history(chosen, known, ctx.texts, ctx.services.bot_username, turns)
