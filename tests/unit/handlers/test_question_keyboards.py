"""The place of a yes: never where the finger is that has asked for it."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.render.message import Button
from handlers.core.context import HandlerContext
from handlers.core.keyboards import question_keyboard

_YES, _NO = Button("yes", "x:y"), Button("no", "x:n")


def _pressed(rows: list[int], row: int, place: int) -> HandlerContext:
    """Return a press of a button in a keyboard with so many buttons in each row."""
    keyboard = [
        [SimpleNamespace(callback_data=f"{number}:{place_}") for place_ in range(width)]
        for number, width in enumerate(rows)
    ]
    message = SimpleNamespace(reply_markup=SimpleNamespace(inline_keyboard=keyboard))
    ctx: Any = SimpleNamespace(press=object(), message=message, data=f"{row}:{place}")
    return cast(HandlerContext, ctx)


@pytest.mark.parametrize("stacked", [False, True])
@pytest.mark.parametrize("rows", [[1], [2], [3], [1, 1], [2, 1], [1, 2], [2, 2, 1], [1, 1, 2, 3]])
def test_a_second_tap_at_the_same_place_is_no_yes(rows: list[int], stacked: bool) -> None:
    for row, place in ((row, place) for row, width in enumerate(rows) for place in range(width)):
        keyboard = question_keyboard(_pressed(rows, row, place), _YES, _NO, stacked=stacked)
        assert sorted(button.text for shown in keyboard for button in shown) == ["no", "yes"]
        from_below = len(rows) - 1 - row
        if from_below >= len(keyboard):
            continue
        there = keyboard[len(keyboard) - 1 - from_below]
        # Each point of the button that was pressed meets one of the buttons that are there now.
        width = rows[row]
        points = [(place + part / 4) / width for part in (1, 2, 3)]
        assert _YES not in {there[int(point * len(there))] for point in points}


def test_after_a_command_a_yes_stands_before_the_no() -> None:
    ctx = cast(HandlerContext, SimpleNamespace(press=None))
    assert question_keyboard(ctx, _YES, _NO) == ((_YES, _NO),)
