"""The preview of an article: as readers would see it, with the buttons of the newsroom."""

from dataclasses import replace

import structlog
from telegram.error import BadRequest

from bot.newsroom.stories import first_tellings
from bot.render.article import preview
from bot.render.attachments import as_message, cover
from bot.render.message import Keyboard, Message
from bot.render.story import first_report_note
from handlers.core.context import HandlerContext
from handlers.staff.article_buttons import preview_buttons
from storage import stories
from storage.records import Article, Media

_log = structlog.get_logger(__name__)


async def send_preview(
    ctx: HandlerContext, article: Article, below: Keyboard = (), *, with_cover: bool = False
) -> None:
    """Answer with the first page of an article's preview; more buttons may stand `below` its own.

    `with_cover` has what its post will carry follow, as an answer to the preview.
    """
    first = (await preview_pages(ctx, article))[0]
    preview_id = await ctx.send(replace(first, keyboard=(*first.keyboard, *below)))
    if with_cover and (carried := cover(article.content)):
        await _send_cover(ctx, article.id, carried, reply_to=preview_id)


async def _send_cover(ctx: HandlerContext, article_id: int, carried: Media, *, reply_to: int) -> None:
    message = replace(as_message(carried), silent=True)
    try:
        await ctx.services.gateway.send(ctx.chat_id, message, topic_id=ctx.topic_id, reply_to=reply_to)
    except BadRequest as error:
        # Telegram keeps it no more, or takes none of its kind here: the preview says what there is all the same.
        _log.warning("cover_refused", article=article_id, reason=error.message)


async def preview_pages(ctx: HandlerContext, article: Article) -> tuple[Message, ...]:
    """Return the pages of an article's preview, with what the person may do with it under each."""
    async with ctx.services.database.read() as connection:
        firsts = await first_tellings(connection, [article])
        elsewhere = await stories.count_elsewhere(connection, article.id)
    before = first_report_note(article, firsts.get(article.id), ctx.texts)
    keyboard = preview_buttons(
        article,
        ctx.texts,
        role=ctx.role,
        user_id=ctx.user_id,
        review_required=ctx.services.settings.review_required,
        elsewhere=elsewhere,
    )
    return preview(article, ctx.texts, keyboard, told_before=before)
