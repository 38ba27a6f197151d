"""Bookmarks of readers: articles that they save for later."""

from dataclasses import dataclass

from bot.newsroom.articles import readable
from bot.render.callback_data import CallbackData, Offset
from bot.render.callbacks import ArticlePage, BookmarkArticle
from bot.render.html import escape
from bot.render.listing import PAGE_SIZE, listing
from bot.render.message import Button, Keyboard, Message
from handlers.core.callbacks import OpenCommand
from handlers.core.context import HandlerContext
from handlers.core.labels import fetched_window, turns_by_offset
from handlers.core.router import Place, Router
from handlers.readers.article_buttons import article_buttons
from storage import articles, saved

SAVED_PAYLOAD = "saved"
"""The payload of the deep link to what a person keeps."""

router = Router()


@dataclass(frozen=True, slots=True)
class SavedPage(CallbackData, prefix="saved"):
    """A page of a person's bookmarks."""

    offset: Offset


@router.command("saved", place=Place.ANYWHERE)
async def show_saved(ctx: HandlerContext) -> None:
    """/saved: the person's bookmarks, the newest first."""
    if ctx.private:
        await ctx.send(await _page(ctx, 0))
        return
    # What a person keeps is nobody else's business: a group gets a link to it.
    link = f"https://t.me/{ctx.services.bot_username}?start={SAVED_PAYLOAD}"
    await ctx.prompt("saved-in-private", ((Button(ctx.texts("saved-title"), url=link),),))


@router.callback(SavedPage)
async def on_saved_page(ctx: HandlerContext, button: SavedPage) -> None:
    """Show another page of the saved articles."""
    await ctx.edit_or_send(await _page(ctx, button.offset))


@router.callback(BookmarkArticle, place=Place.ANYWHERE)
async def toggle_saved(ctx: HandlerContext, button: BookmarkArticle) -> None:
    """Bookmark an article, or remove the bookmark."""
    services = ctx.services
    async with services.database.read() as connection:
        article = await readable(connection, button.article_id)
    await services.bookmarks.put(ctx.user_id, article.id, on=button.on)
    await ctx.answer_callback("saved" if button.on else "unsaved")
    if ctx.private:
        async with services.database.read() as connection:
            article_rows = await article_buttons(connection, ctx, article)
        await ctx.set_buttons(_turning(ctx) + article_rows)


def _turning(ctx: HandlerContext) -> Keyboard:
    """Return the row of page buttons that the pressed message has now."""
    markup = ctx.message.reply_markup
    if markup is None:
        return ()
    rows = []
    for row in markup.inline_keyboard:
        if all(ArticlePage.unpack(str(button.callback_data or "")) is not None for button in row):
            rows.append(tuple(Button(button.text, data=str(button.callback_data)) for button in row))
    return tuple(rows)


async def _page(ctx: HandlerContext, offset: int) -> Message:
    async with ctx.services.database.read() as connection:
        ids, offset = await fetched_window(
            lambda at: saved.ids(connection, ctx.user_id, limit=PAGE_SIZE + 1, offset=at), offset
        )
        kept = await articles.get_many(connection, ids[:PAGE_SIZE])
    sent = ((Button(ctx.texts("button-history"), OpenCommand("history").pack()),),)
    if not kept:
        return Message(ctx.texts.html("saved-empty"), sent)
    turns = turns_by_offset(ctx.texts, SavedPage, offset, PAGE_SIZE, more=len(ids) > PAGE_SIZE)
    title = escape(ctx.texts("saved-title"))
    return listing(title, kept, ctx.texts, ctx.services.bot_username, keyboard=turns + sent)
