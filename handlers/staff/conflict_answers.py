"""The buttons of a conflict's card: a person decides what becomes of what they wrote on an older revision."""

from bot.errors import UserError
from bot.newsroom.permissions import Right
from handlers.core import confirmations
from handlers.core.context import HandlerContext
from handlers.core.router import Router
from handlers.staff import conflicts
from handlers.staff.article_access import editable, workable
from handlers.staff.callbacks import DropMine, PutMineOnTop, ShowConflict
from handlers.staff.part_changes import change
from storage.records import Article

router = Router()


@router.callback(ShowConflict, right=Right.WRITE)
async def show_conflict(ctx: HandlerContext, button: ShowConflict) -> None:
    """Answer with what others changed, and with what the person wrote."""
    article, state = await _waiting(ctx, button)
    if state is None:
        raise UserError("stale-button")
    await conflicts.show_conflict(ctx, article, state)


@router.callback(PutMineOnTop, right=Right.WRITE)
async def put_on_top(ctx: HandlerContext, button: PutMineOnTop) -> None:
    """Apply what the person wrote to the newest revision."""
    article, state = await _waiting(ctx, button)
    if state is None:
        raise UserError("stale-button")
    await change(ctx, article, article.revision, state.edit)
    await ctx.set_buttons()
    await ctx.answer_callback("noted")


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
