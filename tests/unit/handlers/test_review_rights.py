"""Every step of a review, cell by cell, and the rule of the second pair of eyes."""

import re

import pytest

from bot.newsroom.permissions import Right, is_second_pair, may
from handlers.register import ROUTERS
from storage.records import Role

_EVERY_ROLE = (Role.OWNER, Role.EDITOR, Role.AUTHOR, Role.MODERATOR, None)
_STEPS = {"submit": "yyyn n", "approve": "yynn n", "publish": "yynn n", "drafts": "yyyn n", "pause": "ynnn n"}
_PRESSES = {
    "submit:12": "yyyn n",
    "review:back:12": "yyyn n",
    "review:view:12": "yyyn n",
    "review:edit:12": "yyyn n",
    "review:show:12": "yynn n",
    "review:yes:12:3": "yynn n",
    "review:no:12": "yynn n",
    "waiting:8": "yynn n",
    "gate:5": "yynn n",
    "gate:yes:12:3:0": "yynn n",
    "gate:drop:12:3:0": "yynn n",
    "gate:all:12:5:0123456789abcdef": "yynn n",
    "gate:sure:12:5:0123456789abcdef": "yynn n",
    "gate:no": "yynn n",
}

_COMMANDS = {route.name: route.right for router in ROUTERS for route in router.commands}
_PATTERNS = {route.kind.pattern(): route.right for router in ROUTERS for route in router.callbacks}


def _row(right: Right | None) -> str:
    assert right is not None
    cells = ["y" if may(role, right) else "n" for role in _EVERY_ROLE]
    return "".join(cells[:4]) + " " + cells[4]


@pytest.mark.parametrize(("command", "row"), _STEPS.items())
def test_every_step_of_a_review_by_command(command: str, row: str) -> None:
    assert _row(_COMMANDS[command]) == row


@pytest.mark.parametrize(("data", "row"), _PRESSES.items())
def test_every_step_of_a_review_by_button(data: str, row: str) -> None:
    (right,) = [right for pattern, right in _PATTERNS.items() if re.fullmatch(pattern, data)]
    assert _row(right) == row
    assert len(data) <= 64


@pytest.mark.parametrize(
    "data",
    [
        "review:yes:12",
        "review:yes:12:x",
        "gate:sure:1:6:0123456789abcdef",
        "gate:all:1:5:",
        "waiting:-1",
        "gate:yes:1:1",
    ],
)
def test_other_callback_data_reaches_nobody(data: str) -> None:
    assert not any(re.fullmatch(pattern, data) for pattern in _PATTERNS)


@pytest.mark.parametrize(
    ("actor", "author", "editor", "allowed"),
    [
        (1, 1, 1, False),
        (1, 1, 2, False),
        (1, 2, 1, False),
        (1, 2, 2, True),
        (1, None, None, True),
        (1, None, 1, False),
        (None, None, None, True),
        (None, 1, 1, True),
    ],
)
def test_whoever_wrote_or_edited_last_is_the_first_pair_of_eyes(
    actor: int | None, author: int | None, editor: int | None, allowed: bool
) -> None:
    assert is_second_pair(actor, author_id=author, last_editor_id=editor) is allowed
