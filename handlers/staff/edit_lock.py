"""Who edits an article at the moment: taken and renewed by each step, told to others, taken over by a button."""

from bot.render.callbacks import PreviewPage
from bot.render.message import Button, Keyboard, Message
from handlers.core.context import HandlerContext
from storage import audit, edit_locks, notices
from storage.engine.connection import Connection
from storage.records import Article, Editing

LOCK_MS = 15 * 60_000
"""How long (ms) an article stays with whoever edits it after their last step."""


async def take(ctx: HandlerContext, article_id: int) -> Editing | None:
    """Take the article, or renew it; return who edits it instead, None where it is the person's now."""
    now = ctx.services.clock()
    async with ctx.services.database.write() as tx:
        holder = await edit_locks.take(tx, article_id, ctx.user_id, now=now, until=now + LOCK_MS)
    return holder if holder.user_id != ctx.user_id else None


async def other(ctx: HandlerContext, article_id: int) -> Editing | None:
    """Return who else is editing the article, None where nobody is."""
    async with ctx.services.database.read() as connection:
        holder = await edit_locks.holder(connection, article_id, now=ctx.services.clock())
    return holder if holder is not None and holder.user_id != ctx.user_id else None


async def take_over(ctx: HandlerContext, article: Article) -> None:
    """Take the article from whoever edits it; they are told."""
    now = ctx.services.clock()
    async with ctx.services.database.write() as tx:
        before = await edit_locks.take_over(tx, article.id, ctx.user_id, now=now, until=now + LOCK_MS)
        if before is None:
            return
        args: dict[str, str | int] = {"id": str(article.id), "name": await name_of(tx, ctx.user_id)}
        await notices.owe(tx, before.user_id, "editing-taken-over", args, now=now)
        await audit.note(tx, ctx.user_id, "take_over", now=now, article_id=article.id, detail=str(before.user_id))


async def told(ctx: HandlerContext, key: str, article: Article, holder: Editing, keyboard: Keyboard) -> Message:
    """Return who is editing the article, since when, and what can be done about it."""
    texts = ctx.texts
    async with ctx.services.database.read() as connection:
        name = await name_of(connection, holder.user_id)
    text = texts.html(key, id=texts.digits(str(article.id)), name=name, since=texts.datetime(holder.since))
    return Message(text, (*keyboard, (Button(texts("button-back"), PreviewPage(article.id).pack()),)))


async def name_of(connection: Connection, user_id: int) -> str:
    """Return what a member of staff is called: in the newsroom, else in Telegram, else by number."""
    return (await audit.names(connection, [user_id])).get(user_id) or str(user_id)
