"""Comments as moderators have them: cards, the queue of what waits, and who may not write any more."""

from collections.abc import Awaitable, Collection
from dataclasses import dataclass, field
from functools import partial
from typing import Literal

from bot.errors import ConflictError, NotFoundError
from bot.locales.catalog import Texts
from bot.newsroom.names import name_of
from bot.newsroom.permissions import Right
from bot.render.callback_data import CallbackData, Offset, RowId, UserId
from bot.render.callbacks import (
    FIRST_COMMENTS,
    ON_CARD,
    AskToSilence,
    CommentPlace,
    DecideComment,
    DecisionPlace,
    HideComment,
    QueuePage,
)
from bot.render.comments import CommentPage, author_of, card, queue, quoted
from bot.render.html import cut, escape
from bot.render.message import Button, ButtonStyle, Message
from handlers.core.comment_list import confirm_in_place, page_at, page_of, show_from
from handlers.core.context import HandlerContext
from handlers.core.keyboards import question_keyboard
from handlers.core.labels import distinct_labels, fetched_window, in_rows, turns_by_offset
from handlers.core.router import Router
from handlers.staff.list_rows import listed, row_ids, settled_rows
from storage import articles, comments
from storage.engine.connection import Connection
from storage.records import Card, Comment, CommentState

_PEOPLE_PAGE = 10

router = Router()


@dataclass(frozen=True, slots=True)
class KeepAuthor(CallbackData, prefix="judge"):
    """Leaves a comment and its author as they are."""

    comment_id: RowId
    word: Literal["back"] = field(default="back", kw_only=True)
    at: DecisionPlace


@dataclass(frozen=True, slots=True)
class LiftSilence(CallbackData, prefix="lift"):
    """Lifts the silence of a person."""

    user_id: UserId


@dataclass(frozen=True, slots=True)
class SilenceAuthor(CallbackData, prefix="judge"):
    """Silences the author of a waiting comment, which is rejected with it."""

    comment_id: RowId
    word: Literal["mute"] = field(default="mute", kw_only=True)
    at: DecisionPlace


@dataclass(frozen=True, slots=True)
class SilencedPage(CallbackData, prefix="hushed"):
    """A page of those who may not write comments."""

    offset: Offset


@router.command("comments", right=Right.MODERATE)
async def show_queue(ctx: HandlerContext) -> None:
    """/comments: what waits for a decision, the longest waiting first."""
    await ctx.send(await _queue(ctx, FIRST_COMMENTS))


@router.callback(QueuePage, right=Right.MODERATE)
async def on_queue_page(ctx: HandlerContext, button: QueuePage) -> None:
    """Show a page of the queue in place of what was there."""
    await ctx.edit_or_send(await _queue(ctx, button.place))


@router.callback(DecideComment, right=Right.MODERATE)
async def decide(ctx: HandlerContext, button: DecideComment) -> None:
    """Approve or reject a comment."""
    approve = button.decision == "ok"
    decision = ctx.services.comments.decide(button.comment_id, approve=approve, actor_id=ctx.user_id)
    await _settle(ctx, decision, button.comment_id, button.at)


@router.callback(SilenceAuthor, right=Right.MODERATE)
async def silence(ctx: HandlerContext, button: SilenceAuthor) -> None:
    """Silence the author of a comment."""
    decision = ctx.services.comments.silence(button.comment_id, actor_id=ctx.user_id)
    await _settle(ctx, decision, button.comment_id, button.at)


@router.callback(KeepAuthor, right=Right.MODERATE)
async def keep_author(ctx: HandlerContext, button: KeepAuthor) -> None:
    """Show again what the question whether to silence an author took the place of."""
    await _show_again(ctx, button.comment_id, button.at)
    await ctx.answer_callback()


@router.callback(AskToSilence, right=Right.MODERATE)
async def confirm_silencing(ctx: HandlerContext, button: AskToSilence) -> None:
    """Ask whether a waiting comment's author is to be silenced; in the queue, below it."""
    comment = await _comment(ctx, button.comment_id)
    if comment.state is not CommentState.WAITING:
        await _show_again(ctx, comment.id, button.at)
        raise ConflictError("comment-decided")
    texts = ctx.texts
    yes = Button(texts("button-yes-silence"), SilenceAuthor(comment.id, button.at).pack(), style=ButtonStyle.DANGER)
    back = Button(texts("button-back"), KeepAuthor(comment.id, button.at).pack())
    question = texts.html("comment-silence-sure", name=author_of(comment.name, texts))
    confirmation = Message(f"{question}\n\n{quoted(comment, texts)}", question_keyboard(ctx, yes, back))
    await (ctx.edit_or_send(confirmation) if button.at == ON_CARD else ctx.send(confirmation))
    await ctx.answer_callback()


@router.callback(HideComment, right=Right.MODERATE)
async def take_down(ctx: HandlerContext, button: HideComment) -> None:
    """Ask for confirmation, then hide an approved comment."""
    comment = await _comment(ctx, button.comment_id)
    if not button.sure:
        yes = Button(ctx.texts("button-yes-down"), HideComment(comment.id, "y").pack(), style=ButtonStyle.DANGER)
        await confirm_in_place(ctx, comment, "comment-down-sure", yes)
        return
    try:
        await ctx.services.comments.take_down(comment.id, actor_id=ctx.user_id)
    finally:
        await show_from(ctx, comment)
    await ctx.answer_callback("noted")


@router.callback(SilencedPage, right=Right.MODERATE)
async def on_silenced_page(ctx: HandlerContext, button: SilencedPage) -> None:
    """Show a page of those who may not write in place of what was there."""
    await ctx.edit_or_send(await _silenced(ctx, button.offset))


@router.callback(LiftSilence, right=Right.MODERATE)
async def lift(ctx: HandlerContext, button: LiftSilence) -> None:
    """Lift the silence of a person; the list keeps its rows."""
    try:
        await ctx.services.comments.lift_silence(button.user_id, actor_id=ctx.user_id)
    finally:
        async with ctx.services.database.read() as connection:
            silent = [
                row for row in listed(ctx, LiftSilence) if await comments.is_silenced(connection, row.user_id)
            ]
        await ctx.set_buttons(settled_rows(ctx, LiftSilence, silent))
    await ctx.answer_callback("noted")


async def _settle(ctx: HandlerContext, decision: Awaitable[object], comment_id: int, at: DecisionPlace) -> None:
    """Decide about a comment; where that was done already, show its state. Raises ConflictError."""
    try:
        await decision
    except ConflictError:
        await _show_again(ctx, comment_id, at)
        raise
    if at != ON_CARD:
        # A card whose comment is decided comes up to date by itself.
        await _show_again(ctx, comment_id, at)
    await ctx.answer_callback("noted")


async def render_card(connection: Connection, row: Card, texts: Texts) -> Message | None:
    """Return what a comment's card says now."""
    return await _card(connection, row.subject_id, texts)


async def _card(connection: Connection, comment_id: int, texts: Texts) -> Message | None:
    comment = await comments.get(connection, comment_id)
    article = await articles.get(connection, comment.article_id) if comment else None
    if comment is None or article is None:
        return None
    decided_by = await name_of(connection, comment.decided_by) if comment.decided_by else ""
    silenced = await comments.is_silenced(connection, comment.user_id)
    return card(comment, article, texts, decided_by=cut(decided_by, 60), silenced=silenced)


async def _show_again(ctx: HandlerContext, comment_id: int, at: DecisionPlace) -> None:
    """Show how things stand now where the button was pressed: on a card, in the queue, or below it."""
    ids = row_ids(ctx, DecideComment, lambda row: row.comment_id)
    if at.first is not None and ids:
        await ctx.edit_or_send(await _queue_of(ctx, ids))
        return
    if at.first is not None:
        comment = await _comment(ctx, comment_id)
        back = (Button(ctx.texts("button-comment-queue"), QueuePage(CommentPlace(after=at.first - 1)).pack()),)
        await ctx.edit_or_send(Message(quoted(comment, ctx.texts), (back,)))
        return
    async with ctx.services.database.read() as connection:
        message = await _card(connection, comment_id, ctx.texts)
    if message is not None:
        await ctx.edit_or_send(message)


async def _comment(ctx: HandlerContext, comment_id: int) -> Comment:
    async with ctx.services.database.read() as connection:
        comment = await comments.get(connection, comment_id)
    if comment is None:
        raise NotFoundError("comment-gone")
    return comment


async def _queue(ctx: HandlerContext, place: CommentPlace) -> Message:
    async with ctx.services.database.read() as connection:
        return await _drawn(ctx, connection, await page_at(place, partial(comments.waiting, connection)))


async def _queue_of(ctx: HandlerContext, ids: Collection[int]) -> Message:
    """Return the page of the queue that holds those comments, whatever was decided about them since."""
    async with ctx.services.database.read() as connection:
        listed_comments = await comments.get_many(connection, ids)
        return await _drawn(ctx, connection, await page_of(listed_comments, partial(comments.waiting, connection)))


async def _drawn(ctx: HandlerContext, connection: Connection, page: CommentPage) -> Message:
    numbers = {comment.article_id for comment in page.comments}
    known = {article.id: article for article in await articles.get_many(connection, sorted(numbers))}
    foot = (
        Button(ctx.texts("button-silenced"), SilencedPage(0).pack()),
        Button(ctx.texts("button-refresh"), QueuePage(FIRST_COMMENTS).pack()),
    )
    return queue(page, known, ctx.texts, (foot,))


async def _silenced(ctx: HandlerContext, offset: int) -> Message:
    texts = ctx.texts
    async with ctx.services.database.read() as connection:
        people, offset = await fetched_window(
            lambda at: comments.silenced_people(connection, limit=_PEOPLE_PAGE + 1, offset=at), offset
        )
        moderators = {person.by: await name_of(connection, person.by) for person in people}
    back = (Button(texts("button-back"), QueuePage(FIRST_COMMENTS).pack()),)
    if not people:
        return Message(texts.html("silenced-none"), (back,))
    lines, buttons = [texts.html("silenced-title")], []
    page = people[:_PEOPLE_PAGE]
    names = [cut(author_of(person.name, texts), 24) for person in page]
    labels = distinct_labels(names, texts, [str(person.user_id) for person in page])
    for person, label in zip(page, labels, strict=True):
        name = author_of(person.name, texts)
        since = texts.html("silenced-since", name=cut(moderators[person.by], 60), when=texts.short(person.at))
        lines += [f"\n<b>{escape(name)}</b> · <code>{person.user_id}</code>", since]
        buttons.append(Button(texts("button-lift", name=label), LiftSilence(person.user_id).pack()))
    turns = turns_by_offset(texts, SilencedPage, offset, _PEOPLE_PAGE, more=len(people) > _PEOPLE_PAGE)
    return Message("\n".join(lines), (*in_rows(buttons, 1), *turns, back))
