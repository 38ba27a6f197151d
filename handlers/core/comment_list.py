"""The list of an article's comments: readers turn its pages, moderators act on it."""

from collections.abc import Awaitable
from functools import partial
from typing import Protocol

from bot.errors import ConflictError
from bot.newsroom.comment_rules import MOST_WAITING
from bot.newsroom.comments import commentable
from bot.newsroom.permissions import Right, may
from bot.render.comments import PAGE_SIZE, Page, comments_of, fitting, quoted
from bot.render.message import Button, Message
from handlers.core.context import HandlerContext
from storage import comments
from storage.records import Comment, CommentState


class Fetch(Protocol):
    """Looks comments up, the oldest first: the first, those next behind `after`, or those before `before`."""

    def __call__(
        self, *, limit: int, after: int | None = None, before: int | None = None
    ) -> Awaitable[list[Comment]]: ...


async def ask_sure(ctx: HandlerContext, comment: Comment, key: str, yes: str, data: str) -> None:
    """Ask in the list's place whether this is to be done to a comment; the other button shows the list again."""
    buttons = (
        Button(ctx.texts(yes), f"{data}:{comment.id}:y"),
        Button(ctx.texts("button-back"), f"talk:{comment.article_id}:f{comment.id - 1}"),
    )
    question = f"{ctx.texts.html(key)}\n\n{quoted(comment, ctx.texts)}"
    await ctx.show(Message(question, (buttons,)))


async def show_from(ctx: HandlerContext, comment: Comment) -> None:
    """Show the list where a comment stands, or stood."""
    await show_comments(ctx, comment.article_id, f"f{comment.id - 1}")


async def page_at(cursor: str, fetch: Fetch) -> Page:
    """Return the page that `cursor` names: `a` the first, `z` the last, `bN` before and `fN` behind the id N.

    Where nothing is left there, it is the nearest page that holds something.
    """
    border = comments.BEHIND_ALL if cursor == "z" else int(cursor[1:] or 0)
    if cursor[0] in "bz":
        found = fitting(await fetch(limit=PAGE_SIZE, before=border), backwards=True)
        found = found or fitting(await fetch(limit=PAGE_SIZE))
    else:
        found = fitting(await fetch(limit=PAGE_SIZE, after=border))
        found = found or fitting(await fetch(limit=PAGE_SIZE, before=comments.BEHIND_ALL), backwards=True)
    if not found:
        return Page([], earlier=False, later=False)
    return Page(
        found,
        earlier=bool(await fetch(limit=1, before=found[0].id)),
        later=bool(await fetch(limit=1, after=found[-1].id)),
    )


async def show_comments(ctx: HandlerContext, article_id: int, cursor: str) -> None:
    """Show a page in place of the list whose button was pressed; of a retracted article, that it is gone."""
    try:
        message = await comment_list(ctx, article_id, cursor)
    except ConflictError as error:
        await ctx.show(Message(ctx.texts.html(error.key)))
        raise
    await ctx.show(message)


async def comment_list(ctx: HandlerContext, article_id: int, cursor: str) -> Message:
    """Return a page of an article's comments. Raises ConflictError for a retracted article."""
    texts = ctx.texts
    async with ctx.services.database.read() as connection:
        article = await commentable(connection, article_id)
        page = await page_at(cursor, partial(comments.page, connection, article_id))
        if not ctx.private:
            # Everybody sees it there: what is one person's alone stands in their own chat.
            link = f"https://t.me/{ctx.services.bot_username}?start=c{article_id}"
            return comments_of(article, page, texts, Button(texts("button-comment-write"), url=link))
        waiting = await comments.own(connection, ctx.user_id, article_id, CommentState.WAITING, limit=MOST_WAITING)
    write = Button(texts("button-comment-write"), f"write:{article_id}")
    moderates = may(ctx.role, Right.MODERATE)
    return comments_of(article, page, texts, write, reader_id=ctx.user_id, waiting=waiting, moderates=moderates)
