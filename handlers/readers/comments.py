"""Comments as readers have them: the list under an article, writing one, taking one's own back."""

from collections.abc import Awaitable
from functools import partial
from typing import Any, Protocol

from telegram import MessageEntity

from bot.errors import ConflictError, NotFoundError, UserError
from bot.newsroom.comment_rules import MOST_WAITING, TEXT_LIMIT, checked_text
from bot.newsroom.comments import commentable
from bot.newsroom.permissions import Right, may
from bot.newsroom.post_parser import SPLIT_FROM
from bot.render.comments import PAGE_SIZE, Page, comments_of, fitting, quoted
from bot.render.message import Button, Message
from handlers.core.context import HandlerContext
from handlers.staff.drafts import cancel_keyboard
from storage import comments
from storage.records import Comment, CommentState

DIALOGUE = "comment"
"""The dialogue in which a comment is written; data: id of the article, split (see `_note_split`)."""

_PARTS_SECONDS = 3.0
"""Parts of one paste, which clients split, come within so many seconds of each other."""

_PRESSED: list[str | None] = [
    MessageEntity.URL,
    MessageEntity.TEXT_LINK,
    MessageEntity.MENTION,
    MessageEntity.EMAIL,
    MessageEntity.PHONE_NUMBER,
    MessageEntity.BOT_COMMAND,
]
_ANSWERS = {
    CommentState.WAITING: "comment-waits",
    CommentState.APPROVED: "comment-is-there",
    CommentState.REJECTED: "comment-was-rejected",
}


class Fetch(Protocol):
    """Looks comments up, the oldest first: the first, those next behind `after`, or those before `before`."""

    def __call__(
        self, *, limit: int, after: int | None = None, before: int | None = None
    ) -> Awaitable[list[Comment]]: ...


async def turn(ctx: HandlerContext) -> None:
    """A press that shows an article's comments: `talk:ARTICLE:CURSOR`, as a new message where the cursor is `n`."""
    _, article_id, cursor = ctx.data.split(":")
    if cursor == "n":
        await ctx.send(await _list(ctx, int(article_id), "a"))
    else:
        await _show(ctx, int(article_id), cursor)


async def press_write(ctx: HandlerContext) -> None:
    """A press of the button that begins a comment: `write:ARTICLE`."""
    await begin(ctx, int(ctx.data.split(":")[1]))


async def begin(ctx: HandlerContext, article_id: int) -> None:
    """Ask for a comment on an article. Raises UserError where this person may write none there now."""
    article = await ctx.services.comments.open_to(ctx.user_id, article_id)
    await ctx.open_dialogue(DIALOGUE, {"id": article.id})
    await ctx.ask("comment-ask", cancel_keyboard(ctx), title=article.content.title, most=TEXT_LIMIT)


async def hear(ctx: HandlerContext, data: dict[str, Any]) -> None:
    """What is written as a comment: stored where it may be; else what is wrong with it is told."""
    if _is_part(ctx, data):
        await _note_split(ctx, data)
        return
    if not ctx.message.text:
        raise UserError("comment-text-wanted")
    try:
        text = checked_text(ctx.words, list(ctx.message.parse_entities(_PRESSED).values()))
    except UserError:
        if ctx.units >= SPLIT_FROM:
            await _note_split(ctx, data)
        raise
    user = ctx.update.effective_user
    name = user.first_name if user else ""
    try:
        written = await ctx.services.comments.write(ctx.user_id, name, data["id"], text)
    except UserError:
        await ctx.close_dialogue()  # nothing that they could write now would do
        raise
    shown = Button(ctx.texts("button-comments"), f"talk:{data['id']}:n")
    await ctx.ask(_ANSWERS[written.state], ((shown,),))
    await ctx.close_dialogue()


async def take_back(ctx: HandlerContext) -> None:
    """A press that deletes the reader's own comment: `unsay:COMMENT` asks, `unsay:COMMENT:y` does."""
    _, comment_id, *sure = ctx.data.split(":")
    async with ctx.services.database.read() as connection:
        found = await comments.get(connection, int(comment_id))
    if found is None or found.user_id != ctx.user_id:
        raise NotFoundError("comment-gone")
    if not sure:
        await ask_sure(ctx, found, "comment-delete-sure", "button-yes-delete", "unsay")
        return
    try:
        await ctx.services.comments.take_back(found.id, ctx.user_id)
    finally:
        await show_from(ctx, found)
    await ctx.toast("comment-deleted")


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
    await _show(ctx, comment.article_id, f"f{comment.id - 1}")


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


async def _show(ctx: HandlerContext, article_id: int, cursor: str) -> None:
    """Show a page in place of the list whose button was pressed; of a retracted article, that it is gone."""
    try:
        message = await _list(ctx, article_id, cursor)
    except ConflictError as error:
        await ctx.show(Message(ctx.texts.html(error.key)))
        raise
    await ctx.show(message)


async def _list(ctx: HandlerContext, article_id: int, cursor: str) -> Message:
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


def _is_part(ctx: HandlerContext, data: dict[str, Any]) -> bool:
    """Tell whether this is the rest of a text that was too long already, which a client has split."""
    before, at = data.get("split", (0, 0))
    return bool(before != ctx.message_id and _moment(ctx) - at <= _PARTS_SECONDS)


async def _note_split(ctx: HandlerContext, data: dict[str, Any]) -> None:
    """Remember which message may be a part of a long text, and when it was sent (s): its rest is no comment."""
    await ctx.open_dialogue(DIALOGUE, data | {"split": (ctx.message_id, _moment(ctx))})


def _moment(ctx: HandlerContext) -> float:
    return ctx.message.date.timestamp()
