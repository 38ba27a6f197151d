"""Articles that readers keep for later."""

from bot.newsroom.articles import readable
from bot.render.html import escape
from bot.render.listing import PAGE_SIZE, listing
from bot.render.message import Button, Keyboard, Message
from handlers.core.context import HandlerContext
from handlers.core.labels import turns_by_offset
from handlers.readers import full_text
from storage import articles, saved

SAVED_PAYLOAD = "saved"
"""The payload of the deep link to what a person keeps."""


async def show_saved(ctx: HandlerContext) -> None:
    """/saved: what the person keeps, the last kept first."""
    if ctx.private:
        await ctx.send(await _page(ctx, 0))
        return
    # What a person keeps is nobody else's business: a group gets a link to it.
    link = f"https://t.me/{ctx.services.bot_username}?start={SAVED_PAYLOAD}"
    await ctx.ask("saved-in-private", ((Button(ctx.texts("saved-title"), url=link),),))


async def turn_saved(ctx: HandlerContext) -> None:
    """A press of a button under the saved articles: `saved:OFFSET`."""
    await ctx.show(await _page(ctx, int(ctx.data.split(":")[1])))


async def toggle_saved(ctx: HandlerContext) -> None:
    """A press of the button that keeps an article or lets it go: `save:ARTICLE:ON`."""
    _, article_id, on = ctx.data.split(":")
    services, kept = ctx.services, on == "1"
    async with services.database.write() as tx:
        found = await readable(tx, int(article_id))
        if kept:
            await saved.add(tx, ctx.user_id, found.id, now=services.clock())
        else:
            await saved.remove(tx, ctx.user_id, found.id)
        ours = await full_text.buttons_under(tx, ctx, found)
    await ctx.toast("saved" if kept else "unsaved")
    if ctx.private:
        await ctx.set_buttons(_turning(ctx) + ours)


def _turning(ctx: HandlerContext) -> Keyboard:
    """Return the row of page buttons that the pressed message has now."""
    markup = ctx.message.reply_markup
    if markup is None:
        return ()
    rows = []
    for row in markup.inline_keyboard:
        if all(str(button.callback_data or "").startswith("page:") for button in row):
            rows.append(tuple(Button(button.text, data=str(button.callback_data)) for button in row))
    return tuple(rows)


async def _page(ctx: HandlerContext, offset: int) -> Message:
    async with ctx.services.database.read() as connection:
        ids = await saved.ids(connection, ctx.user_id, limit=PAGE_SIZE + 1, offset=offset)
        if not ids and offset:
            # They let go of the last ones on this page meanwhile.
            offset = 0
            ids = await saved.ids(connection, ctx.user_id, limit=PAGE_SIZE + 1)
        found = await articles.get_many(connection, ids[:PAGE_SIZE])
    sent = ((Button(ctx.texts("button-history"), data="open:history"),),)
    if not found:
        return Message(ctx.texts.html("saved-empty"), sent)
    turns = turns_by_offset(ctx.texts, "saved", offset, PAGE_SIZE, more=len(ids) > PAGE_SIZE)
    title = escape(ctx.texts("saved-title"))
    return listing(title, found, ctx.texts, ctx.services.bot_username, turns + sent)
