"""The reach of a change of a published article among the messages that show it: how many, how long, how far."""

from dataclasses import dataclass

from bot.errors import NotFoundError
from bot.newsroom.permissions import Right
from bot.render.callback_data import ArticleId, CallbackData
from bot.render.message import Button, Message
from handlers.core.context import HandlerContext
from handlers.core.labels import duration_in_words
from handlers.core.router import Router
from storage import amendments, articles, progress
from storage.records import AmendmentState, Article, ArticleState

router = Router()

_ENDS = {
    AmendmentState.CHANGED: "copies-changed",
    AmendmentState.DELETED: "copies-deleted",
    AmendmentState.TOMBSTONED: "copies-tombstoned",
    AmendmentState.GONE: "copies-gone",
    AmendmentState.UNREACHABLE: "copies-unreachable",
    AmendmentState.LIVE: "copies-live",
}
_ENDED = (AmendmentState.DELETED, AmendmentState.GONE)


@dataclass(frozen=True, slots=True)
class RefreshProgress(CallbackData, prefix="copies"):
    """Shows anew what has become of an article's copies."""

    article_id: ArticleId


async def extent(ctx: HandlerContext, article: Article) -> str:
    """Return how many copies a change would reach and how long that takes, as HTML."""
    async with ctx.services.database.read() as connection:
        count = await amendments.count_copies(connection, article.id)
    if count == 0:
        return ctx.texts.html("copies-none")
    duration = duration_in_words(count / ctx.services.settings.bulk_rate, ctx.texts)
    return ctx.texts.html("copies-extent", count=count, duration=duration)


async def show_progress(ctx: HandlerContext, article: Article) -> None:
    """Show in place of a confirmation card what has become of the copies so far."""
    await ctx.show(await _progress(ctx, article))


@router.callback(RefreshProgress, right=Right.PUBLISH)
async def refresh(ctx: HandlerContext, button: RefreshProgress) -> None:
    """Show anew what has become of the copies."""
    async with ctx.services.database.read() as connection:
        article = await articles.get(connection, button.article_id)
    if article is None:
        raise NotFoundError("article-not-found", id=button.article_id)
    await ctx.show(await _progress(ctx, article))
    await ctx.toast("noted")


async def progress_lines(ctx: HandlerContext, article: Article) -> list[str]:
    """Return what has become of the copies in the last change of an article, as lines of HTML."""
    texts = ctx.texts
    async with ctx.services.database.read() as connection:
        change = await progress.last_change(connection, article.id)
        if change is None:
            raise NotFoundError("article-not-found", id=article.id)
        counts = await amendments.counts(connection, article.id, since=change.begun_at)
        copies = await amendments.count_copies(connection, article.id)
    waiting = counts.get(AmendmentState.PENDING, 0)
    if change.growing:
        seen = sum(number for state, number in counts.items() if state not in _ENDED)
        waiting += max(0, copies - seen)
    lines = [texts.html(key, count=counts[state]) for state, key in _ENDS.items() if counts.get(state)]
    if waiting:
        left = duration_in_words(waiting / ctx.services.settings.bulk_rate, texts)
        lines.append(texts.html("copies-waiting", count=waiting, duration=left))
    elif not counts:
        lines.append(texts.html("copies-none"))
    return lines


async def _progress(ctx: HandlerContext, article: Article) -> Message:
    texts, id_ = ctx.texts, ctx.texts.digits(str(article.id))
    # Its title must not be repeated once it is taken back, not even here: the card may be forwarded.
    done = (
        texts.html("retracted-done", id=id_)
        if article.state is ArticleState.RETRACTED
        else texts.html("corrected-done", id=id_, title=article.content.title)
    )
    lines = [done, "", *await progress_lines(ctx, article)]
    button = Button(texts("button-refresh"), RefreshProgress(article.id).pack())
    return Message("\n".join(lines), ((button,),))
