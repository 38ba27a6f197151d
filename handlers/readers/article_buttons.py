"""The buttons under an article's full text."""

from bot.render.article import MOST_COUNTED, Counts, reader_keyboard
from bot.render.message import Keyboard
from handlers.core.context import HandlerContext
from storage import comments, developing_stories, saved, stories
from storage.engine.connection import Connection
from storage.records import Article


async def article_buttons(connection: Connection, ctx: HandlerContext, article: Article) -> Keyboard:
    """Return the buttons under an article's full text, as they are for this person now."""
    bookmarked = await saved.is_saved(connection, ctx.user_id, article.id)
    comment_count = await comments.count(connection, article.id, most=MOST_COUNTED + 1)
    counts = Counts(
        comment_count,
        await stories.count_elsewhere(connection, article.id),
        *await developing_stories.neighbours(connection, article.id),
    )
    return reader_keyboard(article, ctx.texts, ctx.services.bot_username, saved=bookmarked, counts=counts)
