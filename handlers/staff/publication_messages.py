"""The answers to a publication: the article is published, or scheduled."""

from bot.locales.catalog import Texts
from bot.newsroom.callbacks import AskRetraction, EditInReview
from bot.render.callbacks import PreviewPage
from bot.render.headline import article_link
from bot.render.html import escape
from bot.render.message import Button, Message, UnderWay
from handlers.core.context import HandlerContext
from handlers.core.labels import broadcast_line, duration_in_words
from handlers.staff.callbacks import AskPublicationTime, CancelPlan, UndoPublication
from handlers.staff.pause_notice import pause_in_words
from handlers.staff.work_cards import show_work
from storage import articles, fanouts, progress
from storage.engine.connection import Connection
from storage.records import Article, ArticleState, Card, CardKind, FanOutKind

_WORTH_A_WORD = 60
"""Seconds from which on the way to all followers is told."""


async def show_published(ctx: HandlerContext, article: Article) -> None:
    """Show that an article is published and how far it has come, in a message that follows it."""
    services = ctx.services
    async with services.database.read() as connection:
        drawn = await _published(
            connection,
            article,
            ctx.texts,
            rate=services.settings.bulk_rate,
            bot_username=services.bot_username,
        )
    await show_work(ctx, CardKind.PUBLICATION, article.id, drawn)


async def render_card(
    connection: Connection, card: Card, texts: Texts, *, rate: float, bot_username: str
) -> Message | UnderWay | None:
    """Return that an article is published and how far it has come; None where it is not published any more."""
    article = await articles.get(connection, card.subject_id)
    if article is None or article.state is not ArticleState.PUBLISHED:
        return None
    return await _published(connection, article, texts, rate=rate, bot_username=bot_username)


async def _published(
    connection: Connection, article: Article, texts: Texts, *, rate: float, bot_username: str
) -> Message | UnderWay:
    done = "breaking-done" if article.breaking else "published"
    lines = [texts.html(done, id=texts.digits(str(article.id)), title=article.content.title)]
    reached = await progress.broadcast(connection, article.id)
    if reached.total or reached.ended:
        lines.append(broadcast_line(reached, rate, texts))
    else:
        kind = FanOutKind.BREAKING if article.breaking else FanOutKind.HEADLINE
        count = await progress.followers(connection, article, kind)
        if count / rate > _WORTH_A_WORD:
            duration = duration_in_words(count / rate, texts)
            lines.append(texts.html("published-takes", count=count, duration=duration))
    if not reached.ended and (paused := await pause_in_words(connection, texts)):
        lines.append(paused)
    link = article_link(bot_username, article.id)
    changes = (
        Button(texts("button-edit"), EditInReview(article.id).pack()),
        Button(texts("button-retract"), AskRetraction(article.id).pack()),
    )
    begun = await fanouts.is_begun(connection, article.id)
    undo = () if begun else ((Button(texts("button-undo-publication"), UndoPublication(article.id).pack()),),)
    message = Message("\n".join(lines), ((Button(texts("button-full-text"), url=link),), changes, *undo))
    return message if reached.ended else UnderWay(message)


def schedule_message(ctx: HandlerContext, article: Article, before: int | None = None) -> Message:
    """Return when a scheduled article is published, in place of which time `before`, with what may be done."""
    texts, at = ctx.texts, article.scheduled_at
    assert at is not None, "it is scheduled"
    args = {
        "id": texts.digits(str(article.id)),
        "title": article.content.title,
        "when": texts.datetime(at),
        "duration": duration_in_words((at - ctx.services.clock()) / 1000, texts),
    }
    if before is None or before == at:
        words = texts.html("plan-set", **args)
    else:
        words = texts.html("plan-moved", before=texts.datetime(before), **args)
    if article.breaking:
        words = f"{escape(texts('breaking-mark'))}\n{words}"
    changes = (
        Button(texts("button-move"), AskPublicationTime(article.id, article.revision).pack()),
        Button(texts("button-unplan"), CancelPlan(article.id).pack()),
    )
    return Message(words, (changes, (Button(texts("button-view"), PreviewPage(article.id).pack()),)))
