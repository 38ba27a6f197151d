"""The list of an article's comments: readers turn its pages, moderators act on it."""

from collections.abc import Awaitable, Sequence
from functools import partial
from typing import Protocol

from bot.errors import ConflictError
from bot.newsroom.comment_rules import MOST_WAITING
from bot.newsroom.comments import commentable
from bot.newsroom.permissions import Right, may
from bot.render.callbacks import CommentPlace, CommentsPage
from bot.render.comments import PAGE_SIZE, CommentPage, comments_of, fitting, quoted
from bot.render.message import Button, Message
from handlers.core.callbacks import WriteComment
from handlers.core.context import HandlerContext
from handlers.core.keyboards import question_keyboard
from storage import comments
from storage.records import Comment, CommentState


class Fetch(Protocol):
    """Reads comments, the oldest first: the first, those next behind `after`, or those before `before`."""

    def __call__(
        self, *, limit: int, after: int | None = None, before: int | None = None
    ) -> Awaitable[list[Comment]]: ...


async def confirm_in_place(ctx: HandlerContext, comment: Comment, key: str, yes: Button) -> None:
    """Ask in the list's place whether this is to be done to a comment; the other button shows the list again."""
    back = Button(ctx.texts("button-back"), CommentsPage(comment.article_id, _place_of(comment)).pack())
    question = f"{ctx.texts.html(key)}\n\n{quoted(comment, ctx.texts)}"
    await ctx.edit_or_send(Message(question, question_keyboard(ctx, yes, back)))


async def show_from(ctx: HandlerContext, comment: Comment) -> None:
    """Show the list where a comment stands, or stood."""
    await show_comments(ctx, comment.article_id, _place_of(comment))


def _place_of(comment: Comment) -> CommentPlace:
    """Return the place of the page that begins with a comment."""
    return CommentPlace(after=comment.id - 1)


async def page_at(place: CommentPlace, fetch: Fetch) -> CommentPage:
    """Return the page at a place, or where nothing is left there, the nearest that holds something."""
    before = comments.BEHIND_ALL if place.is_last else place.before
    if before is not None:
        fetched = fitting(await fetch(limit=PAGE_SIZE, before=before), backwards=True)
        fetched = fetched or fitting(await fetch(limit=PAGE_SIZE))
    else:
        fetched = fitting(await fetch(limit=PAGE_SIZE, after=place.after or 0))
        fetched = fetched or fitting(await fetch(limit=PAGE_SIZE, before=comments.BEHIND_ALL), backwards=True)
    return await page_of(fetched, fetch)


async def page_of(fetched: Sequence[Comment], fetch: Fetch) -> CommentPage:
    """Return the page that holds those comments, the oldest first."""
    if not fetched:
        return CommentPage([], earlier=False, later=False)
    return CommentPage(
        fetched,
        earlier=bool(await fetch(limit=1, before=fetched[0].id)),
        later=bool(await fetch(limit=1, after=fetched[-1].id)),
    )


async def show_comments(ctx: HandlerContext, article_id: int, place: CommentPlace) -> None:
    """Show a page in place of the list whose button was pressed; of a retracted article, that it is gone."""
    try:
        message = await comment_list(ctx, article_id, place)
    except ConflictError as error:
        await ctx.edit_or_send(Message(ctx.texts.html(error.key)))
        raise
    await ctx.edit_or_send(message)


async def comment_list(ctx: HandlerContext, article_id: int, place: CommentPlace) -> Message:
    """Return a page of an article's comments. Raises ConflictError for a retracted article."""
    texts = ctx.texts
    async with ctx.services.database.read() as connection:
        article = await commentable(connection, article_id)
        page = await page_at(place, partial(comments.page, connection, article_id))
        if not ctx.private:
            # Everybody sees it there: what is one person's alone stands in their own chat.
            link = f"https://t.me/{ctx.services.bot_username}?start=c{article_id}"
            return comments_of(article, page, texts, Button(texts("button-comment-write"), url=link))
        waiting = await comments.of_reader(
            connection, ctx.user_id, article_id, CommentState.WAITING, limit=MOST_WAITING
        )
    write = Button(texts("button-comment-write"), WriteComment(article_id).pack())
    moderates = may(ctx.role, Right.MODERATE)
    return comments_of(article, page, texts, write, reader_id=ctx.user_id, waiting=waiting, moderates=moderates)
