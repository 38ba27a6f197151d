"""Keyboards of questions: the buttons that end or leave the dialogue that is open."""

from bot.render.message import Button, Keyboard
from handlers.core.context import HandlerContext


def cancel_keyboard(ctx: HandlerContext) -> Keyboard:
    """Return the button under a question that leaves it."""
    return ((Button(ctx.texts("button-cancel"), "dialogue:cancel"),),)


def done_keyboard(ctx: HandlerContext) -> Keyboard:
    """Return the buttons under a question whose answer may take several messages."""
    return ((Button(ctx.texts("button-done"), "dialogue:done"), *cancel_keyboard(ctx)[0]),)
