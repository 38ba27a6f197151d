"""The attachments of an article, sent to the person who presses the button under its full text."""

from itertools import groupby

from bot.newsroom.articles import readable
from bot.render.attachments import FIRST_DOCUMENT, album
from bot.render.callbacks import SendAttachments
from handlers.core.context import HandlerContext
from handlers.core.router import Place, Router
from storage.records import Form
from storage.tracked_answers import Answer

router = Router()


@router.callback(SendAttachments, place=Place.ANYWHERE)
async def send(ctx: HandlerContext, button: SendAttachments) -> None:
    """Send what goes with an article. Documents make an album of their own."""
    services = ctx.services
    async with services.database.read() as connection:
        article = await readable(connection, button.article_id)
    await ctx.toast()
    for _, group in groupby(album(article.content).items(), key=lambda placed: placed[0] >= FIRST_DOCUMENT):
        places, items = zip(*group, strict=True)
        if len(items) == 1:
            sent = [await ctx.send(items[0])]
        else:
            sent = await services.gateway.send_album(ctx.chat_id, items, topic_id=ctx.topic_id)
        answer = Answer(ctx.chat_id, Form.MEDIA, ctx.texts.language)
        await services.answers.record_attachments(answer, sent, article, first_part=places[0])
