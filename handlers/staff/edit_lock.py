"""The lock of an article that is edited, and the answer where somebody else has it."""

from bot.newsroom.names import name_of
from bot.render.callbacks import PreviewPage
from bot.render.message import Button, Keyboard, Message
from handlers.core.context import HandlerContext
from handlers.staff.article_access import editable, workable
from handlers.staff.callbacks import TakeOver
from storage.records import Article, Editing


async def taken(ctx: HandlerContext, article_id: int) -> Article | None:
    """Return the article, taken or renewed; None where somebody else edits it, which is told."""
    article = editable(ctx, await workable(ctx, article_id))
    return None if await held(ctx, article) else article


async def held(ctx: HandlerContext, article: Article) -> bool:
    """Take or renew the article; where somebody else edits it, say so and offer to take it over."""
    holder = await ctx.services.edit_locks.acquire(article.id, ctx.user_id)
    if holder is None:
        return False
    over = Button(ctx.texts("button-take-over"), TakeOver(article.id).pack())
    await ctx.edit_or_send(await lock_message(ctx, "editing-held", article, holder, keyboard=((over,),)))
    return True


async def lock_message(
    ctx: HandlerContext, key: str, article: Article, holder: Editing, *, keyboard: Keyboard
) -> Message:
    """Return who is editing the article, since when, and what can be done about it."""
    texts = ctx.texts
    async with ctx.services.database.read() as connection:
        name = await name_of(connection, holder.user_id)
    text = texts.html(key, id=texts.digits(str(article.id)), name=name, since=texts.datetime(holder.since))
    return Message(text, (*keyboard, (Button(texts("button-back"), PreviewPage(article.id).pack()),)))
