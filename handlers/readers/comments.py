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
from handlers.core.context import Scene
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


async def turn(scene: Scene) -> None:
    """A press that shows an article's comments: `talk:ARTICLE:CURSOR`, as a new message where the cursor is `n`."""
    _, article_id, cursor = scene.data.split(":")
    if cursor == "n":
        await scene.send(await _list(scene, int(article_id), "a"))
    else:
        await _show(scene, int(article_id), cursor)


async def press_write(scene: Scene) -> None:
    """A press of the button that begins a comment: `write:ARTICLE`."""
    await begin(scene, int(scene.data.split(":")[1]))


async def begin(scene: Scene, article_id: int) -> None:
    """Ask for a comment on an article. Raises UserError where this person may write none there now."""
    article = await scene.services.comments.open_to(scene.user_id, article_id)
    await scene.open_dialogue(DIALOGUE, {"id": article.id})
    await scene.ask("comment-ask", cancel_keyboard(scene), title=article.content.title, most=TEXT_LIMIT)


async def hear(scene: Scene, data: dict[str, Any]) -> None:
    """What is written as a comment: stored where it may be; else what is wrong with it is told."""
    if _is_part(scene, data):
        await _note_split(scene, data)
        return
    if not scene.message.text:
        raise UserError("comment-text-wanted")
    try:
        text = checked_text(scene.words, list(scene.message.parse_entities(_PRESSED).values()))
    except UserError:
        if scene.units >= SPLIT_FROM:
            await _note_split(scene, data)
        raise
    user = scene.update.effective_user
    name = user.first_name if user else ""
    try:
        written = await scene.services.comments.write(scene.user_id, name, data["id"], text)
    except UserError:
        await scene.close_dialogue()  # nothing that they could write now would do
        raise
    shown = Button(scene.texts("button-comments"), f"talk:{data['id']}:n")
    await scene.ask(_ANSWERS[written.state], ((shown,),))
    await scene.close_dialogue()


async def take_back(scene: Scene) -> None:
    """A press that deletes the reader's own comment: `unsay:COMMENT` asks, `unsay:COMMENT:y` does."""
    _, comment_id, *sure = scene.data.split(":")
    async with scene.services.database.read() as connection:
        found = await comments.get(connection, int(comment_id))
    if found is None or found.user_id != scene.user_id:
        raise NotFoundError("comment-gone")
    if not sure:
        await ask_sure(scene, found, "comment-delete-sure", "button-yes-delete", "unsay")
        return
    try:
        await scene.services.comments.take_back(found.id, scene.user_id)
    finally:
        await show_from(scene, found)
    await scene.toast("comment-deleted")


async def ask_sure(scene: Scene, comment: Comment, key: str, yes: str, data: str) -> None:
    """Ask in the list's place whether this is to be done to a comment; the other button shows the list again."""
    buttons = (
        Button(scene.texts(yes), f"{data}:{comment.id}:y"),
        Button(scene.texts("button-back"), f"talk:{comment.article_id}:f{comment.id - 1}"),
    )
    question = f"{scene.texts.html(key)}\n\n{quoted(comment, scene.texts)}"
    await scene.show(Message(question, (buttons,)))


async def show_from(scene: Scene, comment: Comment) -> None:
    """Show the list where a comment stands, or stood."""
    await _show(scene, comment.article_id, f"f{comment.id - 1}")


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


async def _show(scene: Scene, article_id: int, cursor: str) -> None:
    """Show a page in place of the list whose button was pressed; of a retracted article, that it is gone."""
    try:
        message = await _list(scene, article_id, cursor)
    except ConflictError as error:
        await scene.show(Message(scene.texts.html(error.key)))
        raise
    await scene.show(message)


async def _list(scene: Scene, article_id: int, cursor: str) -> Message:
    texts = scene.texts
    async with scene.services.database.read() as connection:
        article = await commentable(connection, article_id)
        page = await page_at(cursor, partial(comments.page, connection, article_id))
        if not scene.private:
            # Everybody sees it there: what is one person's alone stands in their own chat.
            link = f"https://t.me/{scene.services.bot_username}?start=c{article_id}"
            return comments_of(article, page, texts, Button(texts("button-comment-write"), url=link))
        waiting = await comments.own(
            connection, scene.user_id, article_id, CommentState.WAITING, limit=MOST_WAITING
        )
    write = Button(texts("button-comment-write"), f"write:{article_id}")
    moderates = may(scene.role, Right.MODERATE)
    return comments_of(article, page, texts, write, reader_id=scene.user_id, waiting=waiting, moderates=moderates)


def _is_part(scene: Scene, data: dict[str, Any]) -> bool:
    """Tell whether this is the rest of a text that was too long already, which a client has split."""
    before, at = data.get("split", (0, 0))
    return bool(before != scene.message_id and _moment(scene) - at <= _PARTS_SECONDS)


async def _note_split(scene: Scene, data: dict[str, Any]) -> None:
    """Remember which message may be a part of a long text, and when it was sent (s): its rest is no comment."""
    await scene.open_dialogue(DIALOGUE, data | {"split": (scene.message_id, _moment(scene))})


def _moment(scene: Scene) -> float:
    return scene.message.date.timestamp()
