"""Comments for readers: the list under an article, writing one, and deleting one's own."""

from msgspec.structs import replace
from telegram import MessageEntity

from bot.errors import NotFoundError, UserError
from bot.newsroom.comment_rules import TEXT_LIMIT, checked_text
from bot.newsroom.post_parser import SPLIT_FROM
from bot.render.callbacks import FIRST_COMMENTS, CommentsPage, OpenComments, WithdrawComment
from bot.render.message import Button, ButtonStyle
from handlers.core.callbacks import WriteComment
from handlers.core.comment_list import comment_list, confirm_in_place, show_comments, show_from
from handlers.core.context import HandlerContext
from handlers.core.dialogues import Dialogue, DialogueState
from handlers.core.keyboards import cancel_keyboard
from handlers.core.router import Place, Router
from storage import comments
from storage.records import CommentState

router = Router()


class CommentDialogueState(DialogueState, frozen=True, kw_only=True):
    """The article of the comment, and the message and instant (s) of a text that a client may have split."""

    id: int
    split: tuple[int, float] = (0, 0)


COMMENT = router.dialogue(
    Dialogue("comment", CommentDialogueState, takes_every_word=True, unreadable="comment-text-wanted")
)
"""The dialogue in which a comment is written."""

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


@router.callback(OpenComments, place=Place.ANYWHERE)
async def send_comments(ctx: HandlerContext, button: OpenComments) -> None:
    """Send an article's comments as a new message."""
    await ctx.send(await comment_list(ctx, button.article_id, FIRST_COMMENTS))


@router.callback(CommentsPage, place=Place.ANYWHERE)
async def on_page(ctx: HandlerContext, button: CommentsPage) -> None:
    """Show a page of an article's comments in place of the list."""
    await show_comments(ctx, button.article_id, button.place)


@router.callback(WriteComment)
async def on_write(ctx: HandlerContext, button: WriteComment) -> None:
    """Begin a comment."""
    await begin(ctx, button.article_id)


async def begin(ctx: HandlerContext, article_id: int) -> None:
    """Prompt for a comment on an article. Raises UserError where this person may write none there now."""
    article = await ctx.services.comments.open_to(ctx.user_id, article_id)
    await COMMENT.open(ctx, CommentDialogueState(id=article.id))
    await ctx.prompt("comment-ask", cancel_keyboard(ctx), title=article.content.title, most=TEXT_LIMIT)


@COMMENT.on_message
async def on_message(ctx: HandlerContext, state: CommentDialogueState) -> None:
    """Store what is written as a comment, or tell what is wrong with it."""
    if _is_part(ctx, state):
        # Of the first part: after a crash this message comes again, and is a part then, too.
        await _remember_split(ctx, state, first_id=state.split[0])
        return
    if not ctx.message.text:
        raise UserError("comment-text-wanted")
    try:
        text = checked_text(ctx.words, list(ctx.message.parse_entities(_PRESSED).values()))
    except UserError:
        if ctx.units >= SPLIT_FROM:
            await _remember_split(ctx, state, first_id=ctx.message_id)
        raise
    user = ctx.update.effective_user
    name = user.first_name if user else ""
    try:
        written = await ctx.services.comments.write(ctx.user_id, name, state.id, text)
    except UserError:
        await ctx.close_dialogue()  # nothing that they could write now would do
        raise
    open_comments = Button(ctx.texts("button-comments"), OpenComments(state.id).pack())
    await ctx.prompt(_ANSWERS[written.state], ((open_comments,),))
    await ctx.close_dialogue()


@router.callback(WithdrawComment)
async def on_delete_own(ctx: HandlerContext, button: WithdrawComment) -> None:
    """Ask for confirmation, then delete the reader's own comment."""
    async with ctx.services.database.read() as connection:
        comment = await comments.get(connection, button.comment_id)
    if comment is None or comment.user_id != ctx.user_id:
        raise NotFoundError("comment-gone")
    if button.sure is None:
        yes = Button(
            ctx.texts("button-yes-delete"), WithdrawComment(comment.id, "y").pack(), style=ButtonStyle.DANGER
        )
        await confirm_in_place(ctx, comment, "comment-delete-sure", yes)
        return
    try:
        await ctx.services.comments.withdraw(comment.id, ctx.user_id)
    finally:
        await show_from(ctx, comment)
    await ctx.answer_callback("comment-deleted")


def _is_part(ctx: HandlerContext, state: CommentDialogueState) -> bool:
    """Return whether this is the rest of a text that was too long already, which a client has split."""
    before, at = state.split
    return before != ctx.message_id and _moment(ctx) - at <= _PARTS_SECONDS


async def _remember_split(ctx: HandlerContext, state: CommentDialogueState, *, first_id: int) -> None:
    """Store which message begins a long text, and when its last part was sent (s): the rest is no comment."""
    await COMMENT.open(ctx, replace(state, split=(first_id, _moment(ctx))))


def _moment(ctx: HandlerContext) -> float:
    return ctx.message.date.timestamp()
