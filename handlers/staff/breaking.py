"""/breaking: an article goes out as breaking news, now or at its time, after a yes."""

from bot.errors import ConflictError, UserError
from bot.newsroom.articles import unpublished
from bot.newsroom.scheduling import moment_ahead
from bot.render.html import cut
from bot.render.message import Message
from handlers.core import confirmations
from handlers.core.context import HandlerContext
from handlers.core.labels import duration_in_words
from handlers.staff import drafts, scheduling
from handlers.staff.drafts import numbered, workable
from storage import progress
from storage.records import Article, ArticleState, FanOutKind

DIALOGUE = "breaking"
"""What waits for a yes; data: id, revision, again (it is published already), at (ms; None: now)."""

_SHOWN = 300


async def breaking(ctx: HandlerContext) -> None:
    """/breaking ID [TIME]: a card that asks for a yes."""
    article_id, words = numbered(ctx, "breaking-usage")
    found = _fit(await workable(ctx, article_id))
    services = ctx.services
    at = moment_ahead(words, ctx.texts.zone, services.clock()) if words else None
    if at is not None and found.state is ArticleState.PUBLISHED:
        raise ConflictError("article-already-published", id=found.id)
    await _ask(ctx, found, at)


async def press(ctx: HandlerContext) -> None:
    """A press: `rush:ARTICLE` shows the card, `rush:ARTICLE:STAMP:y` does it, `:n` leaves it."""
    _, article_id, *answer = ctx.data.split(":")
    found = await workable(ctx, int(article_id))
    if not answer:
        await _ask(ctx, _fit(found), None)
        return
    data = await confirmations.waiting(ctx, DIALOGUE, int(answer[0]))
    if answer[1] == "n":
        await confirmations.leave(ctx, waits=data is not None)
        return
    if not _is_out(found):
        if data is None:
            raise UserError("stale-button")
        found = await _do(ctx, found, data["revision"], data["at"], again=data["again"])
    if data is not None:
        await ctx.close_dialogue()
    is_planned = found.state is ArticleState.SCHEDULED
    await ctx.show(
        scheduling.is_set(ctx, found) if is_planned else await drafts.published(ctx, found, "breaking-done")
    )
    await ctx.toast("noted")


async def _do(ctx: HandlerContext, found: Article, revision: int, at: int | None, *, again: bool) -> Article:
    services = ctx.services
    if (found.state is ArticleState.PUBLISHED) != again:
        # What the card said of it is not so any more.
        raise ConflictError("article-already-published" if not again else "article-is-retracted", id=found.id)
    if found.revision != revision:
        raise ConflictError("article-changed-meanwhile", id=found.id)
    if again:
        return await services.planning.raise_to_breaking(found.id, actor_id=ctx.user_id)
    if at is None:
        return await services.newsroom.publish(found.id, actor_id=ctx.user_id, breaking=True)
    if at <= services.clock():
        raise UserError("plan-past")
    return await services.planning.schedule(found.id, at, actor_id=ctx.user_id, breaking=True, expected=revision)


async def _ask(ctx: HandlerContext, article: Article, at: int | None) -> None:
    """Show the card: what goes out, when, to how many, and what is different from other news."""
    texts, again = ctx.texts, article.state is ArticleState.PUBLISHED
    data = {"id": article.id, "revision": article.revision, "again": again, "at": at}
    stamp = await confirmations.put_aside(ctx, DIALOGUE, data)
    async with ctx.services.database.read() as connection:
        count = await progress.followers(connection, article, FanOutKind.BREAKING)
    duration = duration_in_words(count / ctx.services.settings.bulk_rate, texts)
    lines = [
        texts.html("breaking-card", id=texts.digits(str(article.id)), title=cut(article.content.title, _SHOWN)),
        "",
    ]
    if at is not None:
        lines.append(texts.html("breaking-at", when=texts.datetime(at)))
    elif article.scheduled_at is not None:
        lines.append(texts.html("breaking-not-as-planned", when=texts.datetime(article.scheduled_at)))
    if again:
        lines.append(texts.html("breaking-again"))
    lines += [texts.html("breaking-extent", count=count, duration=duration), texts.html("breaking-means")]
    keyboard = confirmations.yes_or_no(ctx, "button-yes-breaking", f"rush:{article.id}:{stamp}")
    await ctx.send(Message("\n".join(lines), keyboard))


def _fit(article: Article) -> Article:
    """Return the article. Raises ConflictError where it can go out no more."""
    if _is_out(article):
        raise ConflictError("breaking-already", id=article.id)
    return article if article.state is ArticleState.PUBLISHED else unpublished(article)


def _is_out(article: Article) -> bool:
    return article.breaking and article.state is ArticleState.PUBLISHED
