"""The rows of a list on whose buttons one acts: they keep their places after an act, until the list is refreshed.

A second tap at the same place then meets the row that the first one settled, and no other. The message itself says
which rows it has: each has a button that names its subject.
"""

from collections.abc import Callable, Collection
from typing import TypeVar

from telegram import InlineKeyboardButton

from bot.render.callback_data import CallbackData
from bot.render.callbacks import SettledRow
from bot.render.message import Button, ButtonStyle, Keyboard
from handlers.core.context import HandlerContext
from handlers.core.labels import marked

C = TypeVar("C", bound=CallbackData)


def listed(ctx: HandlerContext, kind: type[C]) -> list[C]:
    """Return the buttons of a kind under the message whose button was pressed, in their order."""
    read = (kind.unpack(button.data) for row in keyboard_of(ctx) for button in row)
    return [button for button in read if button is not None]


def row_ids(ctx: HandlerContext, kind: type[C], id_of: Callable[[C], int]) -> list[int]:
    """Return the ids of the list's rows in their order: each row has a button of that kind, or is settled."""
    ids = []
    for button in (button for row in keyboard_of(ctx) for button in row):
        if (named := kind.unpack(button.data)) is not None:
            ids.append(id_of(named))
        elif (settled := SettledRow.unpack(button.data)) is not None:
            ids.append(settled.row_id)
    return list(dict.fromkeys(ids))


def keyboard_of(ctx: HandlerContext) -> Keyboard:
    """Return the buttons of the message whose button was pressed."""
    markup = ctx.message.reply_markup
    return tuple(tuple(map(_button, row)) for row in markup.inline_keyboard) if markup is not None else ()


def in_place(ctx: HandlerContext, kind: type[C], row_of: Callable[[C], tuple[Button, ...]]) -> Keyboard:
    """Return the buttons of the pressed message with each row that begins with a button of that kind drawn anew."""

    def drawn(row: tuple[Button, ...]) -> tuple[Button, ...]:
        named = kind.unpack(row[0].data)
        return row if named is None else row_of(named)

    return tuple(drawn(row) for row in keyboard_of(ctx))


def settled_rows(ctx: HandlerContext, kind: type[CallbackData], live: Collection[CallbackData]) -> Keyboard:
    """Return the buttons of the pressed message; those of that kind that are not `live` any more get a tick."""
    open_ones = {button.pack() for button in live}
    return tuple(
        tuple(
            Button(marked(button.text, on=True), SettledRow(0).pack())
            if kind.matches(button.data) and button.data not in open_ones
            else button
            for button in row
        )
        for row in keyboard_of(ctx)
    )


def _button(button: InlineKeyboardButton) -> Button:
    data = button.callback_data
    style = ButtonStyle(button.style) if button.style in list(ButtonStyle) else ButtonStyle.PLAIN
    return Button(button.text, data if isinstance(data, str) else "", button.url or "", style)
