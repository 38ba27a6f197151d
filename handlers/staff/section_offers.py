"""Offers to have a source's section mean the category to which an editor has moved one of its articles."""

from bot.ingest.sources.source_admin import find_source
from bot.newsroom.permissions import Right, may
from bot.render.headline import category_name
from bot.render.html import cut
from bot.render.message import Button, ButtonStyle, Message
from handlers.core.context import HandlerContext
from handlers.staff.callbacks import AnswerSection
from handlers.staff.source_labels import name_of
from storage.records import Article

_NAME = 60


async def offer_section(ctx: HandlerContext, article: Article) -> None:
    """Offer to map the section of an article that was moved, once for each name and category of a source."""
    if not may(ctx.role, Right.SOURCES):
        return
    offer = await ctx.services.source_admin.offer_section(article)
    if offer is None:
        return
    texts = ctx.texts
    async with ctx.services.database.read() as connection:
        source = await find_source(connection, offer.source_id)
    buttons = (
        Button(texts("button-yes-learn"), AnswerSection(offer.id, "y").pack(), style=ButtonStyle.PRIMARY),
        Button(texts("button-no-learn"), AnswerSection(offer.id, "n").pack()),
    )
    category = category_name(article.category, texts)
    question = texts.html(
        "learning-offer", section=offer.name, source=cut(name_of(source), _NAME), category=category
    )
    await ctx.send(Message(question, (buttons,)))
