"""The buttons of rows in which nothing is left to do."""

from bot.newsroom.permissions import Right
from bot.render.callbacks import SettledRow
from handlers.core.context import HandlerContext
from handlers.core.router import Router

router = Router()


@router.callback(SettledRow, right=Right.HOME)
async def on_settled(ctx: HandlerContext, _button: SettledRow) -> None:
    """Answer that nothing is left to do in the row."""
    await ctx.answer_callback("row-settled")
