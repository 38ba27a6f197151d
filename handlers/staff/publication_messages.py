"""The answers to a publication: the article is published, or scheduled."""

from bot.newsroom.callbacks import AskRetraction, EditInReview
from bot.render.callbacks import PreviewPage
from bot.render.headline import article_link
from bot.render.html import escape
from bot.render.message import Button, Message
from handlers.core.context import HandlerContext
from handlers.core.labels import duration_in_words
from handlers.staff.callbacks import AskPublicationTime, CancelPlan, UndoPublication
from handlers.staff.pause_notice import pause_in_words
from storage import fanouts, progress
from storage.records import Article, FanOutKind

_WORTH_A_WORD = 60
"""Seconds from which on the way to all followers is told."""


async def published_message(ctx: HandlerContext, article: Article, key: str = "published") -> Message:
    """Return that an article is published, and why it takes time to reach everyone, or waits."""
    texts = ctx.texts
    link = article_link(ctx.services.bot_username, article.id)
    done = texts.html(key, id=texts.digits(str(article.id)), title=article.content.title)
    async with ctx.services.database.read() as connection:
        kind = FanOutKind.BREAKING if article.breaking else FanOutKind.HEADLINE
        count = await progress.followers(connection, article, kind)
        paused = await pause_in_words(connection, texts)
        begun = await fanouts.is_begun(connection, article.id)
    seconds = count / ctx.services.settings.bulk_rate
    if seconds > _WORTH_A_WORD:
        done += "\n" + texts.html("published-takes", count=count, duration=duration_in_words(seconds, texts))
    if paused:
        done += f"\n{paused}"
    changes = (
        Button(texts("button-edit"), EditInReview(article.id).pack()),
        Button(texts("button-retract"), AskRetraction(article.id).pack()),
    )
    undo = () if begun else ((Button(texts("button-undo-publication"), UndoPublication(article.id).pack()),),)
    return Message(done, ((Button(texts("button-full-text"), url=link),), changes, *undo))


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
