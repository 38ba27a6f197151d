"""Keyboards of questions: the buttons that end or leave the dialogue that is open, and a yes beside a no."""

from dataclasses import dataclass

from bot.render.message import Button, Keyboard
from handlers.core.callbacks import CancelDialogue, FinishDialogue
from handlers.core.context import HandlerContext


def cancel_keyboard(ctx: HandlerContext) -> Keyboard:
    """Return the button under a question that leaves it."""
    return ((Button(ctx.texts("button-cancel"), CancelDialogue().pack()),),)


def done_keyboard(ctx: HandlerContext) -> Keyboard:
    """Return the buttons under a question whose answer may take several messages."""
    return ((Button(ctx.texts("button-done"), FinishDialogue().pack()), *cancel_keyboard(ctx)[0]),)


def question_keyboard(ctx: HandlerContext, yes: Button, no: Button, *, stacked: bool = False) -> Keyboard:
    """Return the buttons of a question; the yes does not appear where the finger is that has pressed for it.

    A second tap in haste would be an answer otherwise. The buttons stand in one row, or `stacked` where their words
    are long.
    """
    return arranged(yes, no, _tapped(ctx), stacked=stacked)


@dataclass(frozen=True, slots=True)
class ButtonPlace:
    """The place of a button that was pressed: its row from the lowest, from 0, and whether it is in the left half.

    Messages end at the lower edge of the window, whatever their length.
    """

    row: int
    at_left: bool


def arranged(yes: Button, no: Button, tap: ButtonPlace | None, *, stacked: bool) -> Keyboard:
    """Return a yes and a no as `question_keyboard` does (pure)."""
    if stacked:
        return ((no,), (yes,)) if tap is not None and tap.row == 1 else ((yes,), (no,))
    meets = tap is not None and tap.row == 0 and tap.at_left
    return ((yes,), (no,)) if meets else ((yes, no),)


def _tapped(ctx: HandlerContext) -> ButtonPlace | None:
    """Return the place of the button that was pressed, None where there is none to be seen."""
    markup = ctx.message.reply_markup if ctx.press is not None else None
    for number, row in enumerate(reversed(markup.inline_keyboard if markup else ())):
        for place, button in enumerate(row):
            if button.callback_data == ctx.data:
                return ButtonPlace(number, at_left=2 * place < len(row))
    return None
