"""Acts of people run in a transaction that checks their right (bot/newsroom/acting.py), not in a bare one."""

import ast
from collections.abc import Iterator
from pathlib import Path

import bot

_BOT = Path(bot.__file__).parent
_PACKAGES = ("newsroom", "audience", "delivery", "ingest")
_ACTORS = {"actor_id", "editor_id", "created_by", "by"}
_WITHOUT_A_ROLE = {
    # Whoever acts is Telegram's update about the bot itself, or the transaction asks for the role by itself.
    "bot_added",
    "bot_removed",
    # The command line alone does it, and no person of the newsroom.
    "change_key",
}


def _bare_acts() -> Iterator[str]:
    for package in _PACKAGES:
        for path in sorted((_BOT / package).rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            for function in ast.walk(tree):
                if isinstance(function, ast.AsyncFunctionDef) and _has_actor(function) and _writes(function):
                    yield f"{path.relative_to(_BOT)}: {function.name}"


def _has_actor(function: ast.AsyncFunctionDef) -> bool:
    parameters = (*function.args.args, *function.args.kwonlyargs)
    return function.name not in _WITHOUT_A_ROLE and any(one.arg in _ACTORS for one in parameters)


def _writes(function: ast.AsyncFunctionDef) -> bool:
    return any(isinstance(node, ast.Attribute) and node.attr == "write" for node in ast.walk(function))


def test_no_act_of_a_person_opens_a_transaction_that_does_not_ask_for_their_right() -> None:
    # These two ask for it; that of Staff under the lock of all people.
    assert [*_bare_acts()] == ["newsroom/acting.py: acting", "newsroom/staff.py: _changing"]
