"""/pause and /resume: the switch that stops every push."""

from bot.newsroom.permissions import Right
from handlers.core.context import HandlerContext
from handlers.core.router import Router

router = Router()


@router.command("pause", right=Right.PAUSE)
async def pause(ctx: HandlerContext) -> None:
    """/pause: every push stops at once and waits; answers go on."""
    await ctx.say("paused" if await ctx.services.pausing.pause(actor_id=ctx.user_id) else "paused-already")


@router.command("resume", right=Right.PAUSE)
async def resume(ctx: HandlerContext) -> None:
    """/resume: the pushes that waited go out."""
    await ctx.say("resumed" if await ctx.services.pausing.resume(actor_id=ctx.user_id) else "resumed-already")
