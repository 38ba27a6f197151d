"""/breaking: an article goes out as breaking news, now or at its time, after a yes."""

from dataclasses import dataclass
from typing import Literal

from bot.errors import ConflictError, UserError
from bot.newsroom.callbacks import AskBreaking
from bot.newsroom.permissions import Right
from bot.newsroom.scheduling import parse_future_time
from bot.newsroom.transitions import Act, allows, require
from bot.render.callback_data import Answer, ArticleId, CallbackData, Stamp
from bot.render.html import cut
from bot.render.message import Message
from handlers.core import confirmations
from handlers.core.confirmations import ArticleDialogueState
from handlers.core.context import HandlerContext
from handlers.core.dialogues import Dialogue
from handlers.core.labels import duration_in_words
from handlers.core.router import Router
from handlers.staff.article_access import numbered, workable
from handlers.staff.article_choice import or_choice
from handlers.staff.publication_messages import schedule_message, show_published
from storage import progress
from storage.records import Article, ArticleState, FanOutKind

router = Router()


class BreakingState(ArticleDialogueState, frozen=True, kw_only=True):
    """The revision on the card, if it is published already (`again`), and the time (ms UTC; None: now)."""

    step: Literal["confirm"] = "confirm"
    revision: int
    again: bool
    at: int | None


BREAKING = router.dialogue(Dialogue("breaking", BreakingState, right=Right.PUBLISH))
"""The question that waits for a yes."""

_SHOWN = 300


@dataclass(frozen=True, slots=True)
class AnswerBreaking(CallbackData, prefix="rush"):
    """Answers the card of breaking news."""

    article_id: ArticleId
    stamp: Stamp
    answer: Answer


@router.command("breaking", right=Right.PUBLISH)
@or_choice("breaking")
async def breaking(ctx: HandlerContext) -> None:
    """/breaking ID [TIME]: a card that asks for a yes."""
    article_id, words = numbered(ctx, "breaking-usage")
    article = _fit(await workable(ctx, article_id))
    services = ctx.services
    at = parse_future_time(words, ctx.texts.zone, services.clock()) if words else None
    if at is not None:
        require(Act.SCHEDULE, article)
    await _show_confirmation(ctx, article, at)


@router.callback(AskBreaking, right=Right.PUBLISH)
async def on_breaking(ctx: HandlerContext, button: AskBreaking) -> None:
    """Show the card that asks for a yes."""
    await _show_confirmation(ctx, _fit(await workable(ctx, button.article_id)), None)


@router.callback(AnswerBreaking, right=Right.PUBLISH)
async def answer(ctx: HandlerContext, button: AnswerBreaking) -> None:
    """Do the act of the card, or cancel it."""
    article = await workable(ctx, button.article_id)
    state = await BREAKING.waiting(ctx, button.stamp)
    if button.answer == "n":
        await confirmations.leave(ctx, waits=state is not None)
        return
    if not _is_out(article):
        if state is None:
            raise UserError("stale-button")
        article = await _do(ctx, article, state)
    if state is not None:
        await ctx.close_dialogue()
    is_planned = article.state is ArticleState.SCHEDULED
    await (ctx.edit_or_send(schedule_message(ctx, article)) if is_planned else show_published(ctx, article))
    await ctx.answer_callback("noted")


async def _do(ctx: HandlerContext, article: Article, state: BreakingState) -> Article:
    services, is_published, at = ctx.services, state.again, state.at
    # The state may have moved on since the card was sent.
    require(Act.RAISE_TO_BREAKING if is_published else Act.PUBLISH, article)
    if article.revision != state.revision:
        raise ConflictError("article-changed-meanwhile", id=article.id)
    if is_published:
        return await services.scheduling.raise_to_breaking(article.id, actor_id=ctx.user_id)
    if at is None:
        return await services.newsroom.publish(
            article.id, actor_id=ctx.user_id, breaking=True, expected=state.revision
        )
    if at <= services.clock():
        raise UserError("plan-past")
    return await services.scheduling.schedule(
        article.id, at, actor_id=ctx.user_id, breaking=True, expected=state.revision
    )


async def _show_confirmation(ctx: HandlerContext, article: Article, at: int | None) -> None:
    """Show the card: what goes out, when, to how many, and what is different from other news."""
    texts, is_published = ctx.texts, article.state is ArticleState.PUBLISHED
    state = BreakingState(id=article.id, revision=article.revision, again=is_published, at=at)
    stamp = await BREAKING.put_aside(ctx, state)
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
    if is_published:
        lines.append(texts.html("breaking-again"))
    lines += [texts.html("breaking-extent", count=count, duration=duration), texts.html("breaking-means")]
    keyboard = confirmations.yes_or_no(
        ctx, "button-yes-breaking", lambda answer: AnswerBreaking(article.id, stamp, answer)
    )
    await ctx.send(Message("\n".join(lines), keyboard))


def _fit(article: Article) -> Article:
    """Return the article. Raises ConflictError where it can go out no more."""
    if _is_out(article):
        raise ConflictError("breaking-already", id=article.id)
    if not allows(Act.RAISE_TO_BREAKING, article.state):
        require(Act.PUBLISH, article)
    return article


def _is_out(article: Article) -> bool:
    return article.breaking and article.state is ArticleState.PUBLISHED
