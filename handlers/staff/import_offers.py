"""The offer to import the article of an address that somebody of the newsroom has pasted."""

import re

from bot.newsroom.permissions import Right, may
from bot.render.html import escape
from bot.render.message import Button, Message
from handlers.core.context import HandlerContext
from handlers.staff.callbacks import ImportAddress

ADDRESS = re.compile(r"https?://\S{3,2000}", re.IGNORECASE)
"""A message that is a web address and nothing else."""


async def offered(ctx: HandlerContext) -> bool:
    """Offer to import what the message is the address of; False where it is none, or the person may not."""
    if not may(ctx.role, Right.WRITE) or ADDRESS.fullmatch(ctx.words) is None:
        return False
    imports = Button(ctx.texts("button-import-address"), ImportAddress().pack())
    question = ctx.texts.html("import-offer")
    await ctx.send(Message(f"{question}\n\n<code>{escape(ctx.words)}</code>", ((imports,),)))
    return True
