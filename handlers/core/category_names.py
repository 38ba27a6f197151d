"""The answer to a category that does not exist: those that do."""

from handlers.core.context import HandlerContext
from handlers.core.labels import names_of
from storage import categories


async def unknown_category(ctx: HandlerContext, name: str) -> None:
    """Answer that there is no such category, with those that there are."""
    async with ctx.services.database.read() as connection:
        known = await categories.all_(connection)
    names = names_of(known, ctx.texts)
    await ctx.reply("category-unknown-list", name=name[:60], names=names)
