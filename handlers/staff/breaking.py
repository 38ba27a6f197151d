"""/breaking: an article goes out as breaking news, now or at its time, after a yes."""

from bot.errors import ConflictError, UserError
from bot.newsroom.articles import unpublished
from bot.newsroom.scheduling import moment_ahead
from bot.render.html import cut
from bot.render.message import Message
from handlers.core import confirmations
from handlers.core.context import Scene
from handlers.core.labels import duration_in_words
from handlers.staff import drafts, scheduling
from handlers.staff.drafts import numbered, workable
from storage import progress
from storage.records import Article, ArticleState, FanOutKind

DIALOGUE = "breaking"
"""What waits for a yes; data: id, revision, again (it is published already), at (ms; None: now)."""

_SHOWN = 300


async def breaking(scene: Scene) -> None:
    """/breaking ID [TIME]: a card that asks for a yes."""
    article_id, words = numbered(scene, "breaking-usage")
    found = _fit(await workable(scene, article_id))
    services = scene.services
    at = moment_ahead(words, scene.texts.zone, services.clock()) if words else None
    if at is not None and found.state is ArticleState.PUBLISHED:
        raise ConflictError("article-already-published", id=found.id)
    await _ask(scene, found, at)


async def press(scene: Scene) -> None:
    """A press: `rush:ARTICLE` shows the card, `rush:ARTICLE:STAMP:y` does it, `:n` leaves it."""
    _, article_id, *answer = scene.data.split(":")
    found = await workable(scene, int(article_id))
    if not answer:
        await _ask(scene, _fit(found), None)
        return
    data = await confirmations.waiting(scene, DIALOGUE, int(answer[0]))
    if answer[1] == "n":
        await confirmations.leave(scene, waits=data is not None)
        return
    if not _is_out(found):
        if data is None:
            raise UserError("stale-button")
        found = await _do(scene, found, data["revision"], data["at"], again=data["again"])
    if data is not None:
        await scene.close_dialogue()
    is_planned = found.state is ArticleState.SCHEDULED
    await scene.show(
        scheduling.is_set(scene, found) if is_planned else await drafts.published(scene, found, "breaking-done")
    )
    await scene.toast("noted")


async def _do(scene: Scene, found: Article, revision: int, at: int | None, *, again: bool) -> Article:
    services = scene.services
    if (found.state is ArticleState.PUBLISHED) != again:
        # What the card said of it is not so any more.
        raise ConflictError("article-already-published" if not again else "article-is-retracted", id=found.id)
    if found.revision != revision:
        raise ConflictError("article-changed-meanwhile", id=found.id)
    if again:
        return await services.planning.raise_to_breaking(found.id, actor_id=scene.user_id)
    if at is None:
        return await services.newsroom.publish(found.id, actor_id=scene.user_id, breaking=True)
    if at <= services.clock():
        raise UserError("plan-past")
    return await services.planning.schedule(found.id, at, actor_id=scene.user_id, breaking=True, expected=revision)


async def _ask(scene: Scene, article: Article, at: int | None) -> None:
    """Show the card: what goes out, when, to how many, and what is different from other news."""
    texts, again = scene.texts, article.state is ArticleState.PUBLISHED
    data = {"id": article.id, "revision": article.revision, "again": again, "at": at}
    stamp = await confirmations.put_aside(scene, DIALOGUE, data)
    async with scene.services.database.read() as connection:
        count = await progress.followers(connection, article, FanOutKind.BREAKING)
    duration = duration_in_words(count / scene.services.settings.bulk_rate, texts)
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
    keyboard = confirmations.yes_or_no(scene, "button-yes-breaking", f"rush:{article.id}:{stamp}")
    await scene.send(Message("\n".join(lines), keyboard))


def _fit(article: Article) -> Article:
    """Return the article. Raises ConflictError where it can go out no more."""
    if _is_out(article):
        raise ConflictError("breaking-already", id=article.id)
    return article if article.state is ArticleState.PUBLISHED else unpublished(article)


def _is_out(article: Article) -> bool:
    return article.breaking and article.state is ArticleState.PUBLISHED
