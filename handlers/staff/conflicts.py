"""An article that changed while somebody was writing a part of it: what they wrote is saved, and they decide.

The card's dialogue is put aside.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal

from bot.errors import ConflictError, UserError
from bot.newsroom.article_edits import ArticleEdit, edited
from bot.newsroom.names import name_of
from bot.newsroom.permissions import Right
from bot.render.difference import PartChange, changes, where_they_differ
from bot.render.headline import category_name
from bot.render.message import Button, ButtonStyle, Message
from handlers.core.confirmations import ArticleDialogueState
from handlers.core.context import HandlerContext
from handlers.core.dialogues import Dialogue
from handlers.core.router import Router
from handlers.staff.callbacks import DropMine, PutMineOnTop, ShowConflict
from storage import articles
from storage.records import Article, Content

router = Router()


class ConflictState(ArticleDialogueState, frozen=True, kw_only=True):
    """An edit that was begun on top of `revision`, which is not the newest any more."""

    step: Literal["confirm"] = "confirm"
    revision: int
    edit: ArticleEdit


CONFLICT = router.dialogue(Dialogue("conflict", ConflictState, right=Right.WRITE))
"""The card of an edit that waits for a decision."""

CHANGED = "article-changed-meanwhile"
"""The key of the error that leads here."""

_SHOWN = 400


async def offer(ctx: HandlerContext, article_id: int, revision: int, edit: ArticleEdit) -> None:
    """Save what was written on top of `revision`, and ask what is to become of it."""
    texts = ctx.texts
    stamp = await CONFLICT.put_aside(ctx, ConflictState(id=article_id, revision=revision, edit=edit))
    async with ctx.services.database.read() as connection:
        editor_id = await articles.last_editor(connection, article_id)
        name = await name_of(connection, editor_id) if editor_id else texts("conflict-somebody")
    buttons = [
        Button(texts("button-show-changes"), ShowConflict(article_id, stamp).pack()),
        Button(texts("button-put-on-top"), PutMineOnTop(article_id, stamp).pack(), style=ButtonStyle.PRIMARY),
        Button(texts("button-drop-mine"), DropMine(article_id, stamp).pack(), style=ButtonStyle.DANGER),
    ]
    text = texts.html("conflict-card", id=texts.digits(str(article_id)), name=name)
    await ctx.edit_or_send(Message(text, tuple((button,) for button in buttons)))


@asynccontextmanager
async def offered(ctx: HandlerContext, article_id: int, revision: int, edit: ArticleEdit) -> AsyncIterator[None]:
    """Offer the edit where the block within finds that the article has changed since `revision`."""
    try:
        yield
    except ConflictError as error:
        if error.key != CHANGED:
            raise
        await offer(ctx, article_id, revision, edit)


@CONFLICT.on_message
async def again(ctx: HandlerContext, state: ConflictState) -> None:
    """Show the card again: the app was stopped before it was shown."""
    await offer(ctx, state.id, state.revision, state.edit)


async def show_conflict(ctx: HandlerContext, article: Article, state: ConflictState) -> None:
    """Answer with what others changed since, and with what the person wrote."""
    texts, new = ctx.texts, article.content
    async with ctx.services.database.read() as connection:
        known = await articles.contents(connection, article.id, [state.revision])
    lines = [texts.html("conflict-changes", id=texts.digits(str(article.id)))]
    for change in changes(known.get(state.revision, new), new, texts):
        lines += ["", *_part_lines(ctx, change)]
    if len(lines) == 1:
        # What moved on is no part of the content.
        lines += ["", texts.html("conflict-category", name=category_name(article.category, texts))]
    lines += ["", texts.html("conflict-yours"), *_own(ctx, article, state.edit)]
    await ctx.send(Message("\n".join(lines)))


def difference(ctx: HandlerContext, before: Content, after: Content) -> list[str]:
    """Return what differs between two contents as lines of HTML; of several parts each has its name above it."""
    differing = changes(before, after, ctx.texts)
    if len(differing) == 1:
        return old_and_new(ctx, differing[0].before, differing[0].after)
    return [line for change in differing for line in _part_lines(ctx, change)]


def _part_lines(ctx: HandlerContext, change: PartChange) -> list[str]:
    name = ctx.texts.html(f"part-{change.part}")
    return [f"<b>{name}</b>", *old_and_new(ctx, change.before, change.after)]


def old_and_new(ctx: HandlerContext, before: str, after: str, *, room: int = _SHOWN) -> list[str]:
    """Return what a part said and will say, as two lines of HTML; where one has more than `room` units, not all."""
    old, new = where_they_differ(before, after, room)
    return [
        ctx.texts.html("correct-old", text=old or "—"),
        ctx.texts.html("correct-new", text=new or "—"),
    ]


def _own(ctx: HandlerContext, article: Article, edit: ArticleEdit) -> list[str]:
    try:
        content = edited(article, edit)
    except UserError as error:
        return [ctx.texts.html(error.key, **error.text_args)]
    return difference(ctx, article.content, content)
