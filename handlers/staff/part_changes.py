"""A new part of an article: a draft is changed at once, what readers have goes on to a correction.

Where the article has changed meanwhile, the person decides what becomes of what they wrote.
"""

from bot.errors import UserError
from bot.newsroom.article_edits import (
    ArticleEdit,
    RemoveMedia,
    SetCategory,
    SetPhoto,
    edited,
    new_category,
)
from bot.newsroom.permissions import Right
from bot.render.message import Button
from handlers.core import confirmations
from handlers.core.context import HandlerContext
from handlers.core.router import Router
from handlers.staff import conflicts, corrections, edit_lock
from handlers.staff.callbacks import DropMine, PutMineOnTop, ShowConflict, TakeOver
from handlers.staff.drafts import editable, pages, send_preview, workable
from storage.records import Article, ArticleState

router = Router()


async def change(ctx: HandlerContext, article: Article, revision: int, edit: ArticleEdit) -> None:
    """Store an edit of a draft and show the preview; go on to a correction of what readers have."""
    if article.state is ArticleState.PUBLISHED:
        await corrections.begin(ctx, article, revision, edit)
        return
    changed = await ctx.services.newsroom.edit(
        article.id,
        edited(article, edit),
        expected=revision,
        editor_id=ctx.user_id,
        category_id=new_category(edit),
    )
    if ctx.press is not None and isinstance(edit, SetPhoto | SetCategory | RemoveMedia):
        await ctx.show((await pages(ctx, changed))[0])
        return
    await ctx.close_dialogue()
    await send_preview(ctx, changed)


async def taken(ctx: HandlerContext, article_id: int) -> Article | None:
    """Return the article, taken or renewed; None where somebody else edits it, which is told."""
    article = editable(ctx, await workable(ctx, article_id))
    return None if await held(ctx, article) else article


async def held(ctx: HandlerContext, article: Article) -> bool:
    """Take or renew the article; where somebody else edits it, say so and offer to take it over."""
    holder = await ctx.services.edit_locks.acquire(article.id, ctx.user_id)
    if holder is None:
        return False
    over = Button(ctx.texts("button-take-over"), TakeOver(article.id).pack())
    await ctx.show(await edit_lock.lock_message(ctx, "editing-held", article, holder, ((over,),)))
    return True


@router.callback(ShowConflict, right=Right.WRITE)
async def show(ctx: HandlerContext, button: ShowConflict) -> None:
    """Answer with what others changed, and with what the person wrote."""
    article, state = await _waiting(ctx, button)
    if state is None:
        raise UserError("stale-button")
    await conflicts.show(ctx, article, state)


@router.callback(PutMineOnTop, right=Right.WRITE)
async def put_on_top(ctx: HandlerContext, button: PutMineOnTop) -> None:
    """Put what the person wrote on top of the newest revision."""
    article, state = await _waiting(ctx, button)
    if state is None:
        raise UserError("stale-button")
    await change(ctx, article, article.revision, state.edit)
    await ctx.set_buttons()
    await ctx.toast("noted")


@router.callback(DropMine, right=Right.WRITE)
async def drop(ctx: HandlerContext, button: DropMine) -> None:
    """Throw away what the person wrote."""
    _, state = await _waiting(ctx, button)
    await confirmations.leave(ctx, waits=state is not None)


async def _waiting(
    ctx: HandlerContext, button: ShowConflict | PutMineOnTop | DropMine
) -> tuple[Article, conflicts.ConflictState | None]:
    """Return the article of a conflict, and what waits for a decision; None where nothing does (any more)."""
    article = editable(ctx, await workable(ctx, button.article_id))
    return article, await confirmations.waiting_about(ctx, conflicts.CONFLICT, button.stamp, article.id)
