"""The lock of an article that is edited, and the answer where somebody else has it."""

from bot.newsroom.names import name_of
from bot.render.callbacks import PreviewPage
from bot.render.message import Button, ButtonStyle, Message
from handlers.core.context import HandlerContext
from handlers.core.keyboards import question_keyboard
from handlers.staff.article_access import editable, workable
from handlers.staff.callbacks import TakeOver
from storage.records import Article, Editing


async def locked_article(ctx: HandlerContext, article_id: int) -> Article | None:
    """Lock an article for the person and return it; where somebody else edits it, tell so and return None."""
    article = editable(ctx, await workable(ctx, article_id))
    return None if await lock_refused(ctx, article) else article


async def lock_refused(ctx: HandlerContext, article: Article) -> bool:
    """Lock an article for the person; where somebody else edits it, offer to take it over and return True."""
    holder = await ctx.services.edit_locks.acquire(article.id, ctx.user_id)
    if holder is None:
        return False
    over = Button(ctx.texts("button-take-over"), TakeOver(article.id).pack(), style=ButtonStyle.DANGER)
    await ctx.edit_or_send(await lock_message(ctx, "editing-held", article, holder, act=over))
    return True


async def lock_message(ctx: HandlerContext, key: str, article: Article, holder: Editing, *, act: Button) -> Message:
    """Return who is editing the article, since when, and the act that is possible all the same."""
    texts = ctx.texts
    async with ctx.services.database.read() as connection:
        name = await name_of(connection, holder.user_id)
    text = texts.html(key, id=texts.digits(str(article.id)), name=name, since=texts.datetime(holder.since))
    back = Button(texts("button-back"), PreviewPage(article.id).pack())
    return Message(text, question_keyboard(ctx, act, back, stacked=True))
