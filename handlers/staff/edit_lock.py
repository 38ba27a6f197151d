"""The answer where somebody else edits an article."""

from bot.newsroom.names import name_of
from bot.render.callbacks import PreviewPage
from bot.render.message import Button, Keyboard, Message
from handlers.core.context import HandlerContext
from storage.records import Article, Editing


async def lock_message(
    ctx: HandlerContext, key: str, article: Article, holder: Editing, keyboard: Keyboard
) -> Message:
    """Return who is editing the article, since when, and what can be done about it."""
    texts = ctx.texts
    async with ctx.services.database.read() as connection:
        name = await name_of(connection, holder.user_id)
    text = texts.html(key, id=texts.digits(str(article.id)), name=name, since=texts.datetime(holder.since))
    return Message(text, (*keyboard, (Button(texts("button-back"), PreviewPage(article.id).pack()),)))
