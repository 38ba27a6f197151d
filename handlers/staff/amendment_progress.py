"""The reach of a change of a published article among the messages that show it: how many, how long, how far."""

from dataclasses import dataclass

from bot.errors import NotFoundError
from bot.locales.catalog import Texts
from bot.newsroom.permissions import Right
from bot.render.callback_data import ArticleId, CallbackData
from bot.render.message import Button, Message, UnderWay
from handlers.core.context import HandlerContext
from handlers.core.labels import duration_in_words
from handlers.core.router import Router
from handlers.staff.copies import fate_of_copies
from handlers.staff.work_cards import show_work
from storage import amendments, articles
from storage.engine.connection import Connection
from storage.records import Article, ArticleState, Card, CardKind

router = Router()


@dataclass(frozen=True, slots=True)
class RefreshProgress(CallbackData, prefix="copies"):
    """Shows anew what has become of an article's copies."""

    article_id: ArticleId


async def count_copies(ctx: HandlerContext, article: Article) -> int:
    """Return how many copies a change would reach."""
    async with ctx.services.database.read() as connection:
        return await amendments.count_copies(connection, article.id)


def extent(ctx: HandlerContext, count: int) -> str:
    """Return how many copies a change would reach and how long that takes, as HTML."""
    if count == 0:
        return ctx.texts.html("copies-none")
    duration = duration_in_words(count / ctx.services.settings.bulk_rate, ctx.texts)
    return ctx.texts.html("copies-extent", count=count, duration=duration)


async def show_progress(ctx: HandlerContext, article: Article) -> None:
    """Show in place of a confirmation card what has become of the copies so far; it follows the work."""
    async with ctx.services.database.read() as connection:
        drawn = await _progress(connection, article, ctx.texts, ctx.services.settings.bulk_rate)
    await show_work(ctx, CardKind.CHANGE, article.id, drawn)


async def render_card(
    connection: Connection, card: Card, texts: Texts, *, rate: float
) -> Message | UnderWay | None:
    """Return what has become of the copies of an article so far; None where it is gone."""
    article = await articles.get(connection, card.subject_id)
    return await _progress(connection, article, texts, rate) if article is not None else None


@router.callback(RefreshProgress, right=Right.PUBLISH)
async def refresh(ctx: HandlerContext, button: RefreshProgress) -> None:
    """Show anew what has become of the copies."""
    async with ctx.services.database.read() as connection:
        article = await articles.get(connection, button.article_id)
    if article is None:
        raise NotFoundError("article-not-found", id=button.article_id)
    await show_progress(ctx, article)
    await ctx.answer_callback("noted")


async def _progress(connection: Connection, article: Article, texts: Texts, rate: float) -> Message | UnderWay:
    id_ = texts.digits(str(article.id))
    # The title of a retracted article must not be repeated, not even here: the card may be forwarded.
    done = (
        texts.html("retracted-done", id=id_)
        if article.state is ArticleState.RETRACTED
        else texts.html("corrected-done", id=id_, title=article.content.title)
    )
    fate = await fate_of_copies(connection, article, texts, rate)
    words = "\n".join([done, "", *fate.lines])
    if not fate.under_way:
        return Message(words)
    refresh = Button(texts("button-refresh"), RefreshProgress(article.id).pack())
    return UnderWay(Message(words, ((refresh,),)))
