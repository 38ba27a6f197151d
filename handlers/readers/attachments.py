"""The attachments of an article, sent to the person who presses the button under its full text."""

from bot.delivery.attachments import Room
from bot.newsroom.articles import readable
from bot.render.callbacks import SendAttachments
from handlers.core.context import HandlerContext
from handlers.core.router import Place, Router
from storage.tracked_answers import Answer

router = Router()


@router.callback(SendAttachments, place=Place.ANYWHERE)
async def send(ctx: HandlerContext, button: SendAttachments) -> None:
    """Send what goes with an article."""
    services = ctx.services
    async with services.database.read() as connection:
        article = await readable(connection, button.article_id)
    await ctx.answer_callback()
    room = Room(ctx.chat_id, ctx.topic_id, ctx.texts)
    async for sent in services.attachments.send(room, article.content):
        answer = Answer(ctx.chat_id, sent.form, ctx.texts.language)
        await services.answers.record_attachments(answer, sent.message_ids, article, first_part=sent.first_part)
