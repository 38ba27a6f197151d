"""The history of the messages that a person got."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.render.article import paging
from bot.render.callback_data import NEWEST, CallbackData, Cursor, TurnedCursor
from bot.render.history import FULL_PAGE, fitting, history
from bot.render.message import Button, Message
from handlers.core.context import HandlerContext
from handlers.core.router import Place, Router
from storage import articles
from storage import history as ledger
from storage.history import Sent

PAYLOAD = "history"
"""The payload of the deep link to what was sent to a person."""

router = Router()


@dataclass(frozen=True, slots=True)
class HistoryPage(CallbackData, prefix="hist"):
    """A page of what was sent to a person, by the ids of its messages."""

    cursor: TurnedCursor


@router.command("history", place=Place.ANYWHERE)
async def show_history(ctx: HandlerContext) -> None:
    """/history: the headlines and full texts that were sent to this chat, newest first."""
    if ctx.private:
        await ctx.send(await _page(ctx, NEWEST))
        return
    link = f"https://t.me/{ctx.services.bot_username}?start={PAYLOAD}"
    await ctx.prompt("history-in-private", ((Button(ctx.texts("history-title"), url=link),),))


@router.callback(HistoryPage)
async def on_page(ctx: HandlerContext, button: HistoryPage) -> None:
    """Show another page of the history."""
    await ctx.edit_or_send(await _page(ctx, button.cursor))


async def _page(ctx: HandlerContext, cursor: Cursor) -> Message:
    before, after = cursor.before, cursor.after
    forward = after is not None
    async with ctx.services.database.read() as connection:
        messages = await ledger.page(connection, ctx.chat_id, limit=FULL_PAGE + 1, before=before, after=after)
        chosen = _newer_page(messages) if forward else fitting(messages)[:FULL_PAGE]
        article_ids = {article_id for sent in chosen for article_id in sent.articles}
        known = {article.id: article for article in await articles.get_many(connection, list(article_ids))}
    if not chosen:
        return Message(ctx.texts.html("history-empty"))
    more = len(chosen) < len(messages)
    newer = more if forward else before is not None
    older = forward or more
    turns = paging(
        ctx.texts,
        HistoryPage(TurnedCursor(after=chosen[0].telegram_id)).pack() if newer else "",
        HistoryPage(TurnedCursor(before=chosen[-1].telegram_id)).pack() if older else "",
    )
    return history(chosen, known, ctx.texts, ctx.services.bot_username, keyboard=turns)


def _newer_page(messages: Sequence[Sent]) -> Sequence[Sent]:
    """Return a page of newer messages: it ends at the border, so that what is too much are the newest."""
    return fitting(messages[::-1])[::-1][-FULL_PAGE:]
