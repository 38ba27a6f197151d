"""The pages in docs/reference list exactly the settings, commands and command-line parameters of the code."""

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from bot.cli.command import LazyCommand, command_line
from bot.config import DEFAULTS, FORMS
from bot.newsroom.permissions import RIGHTS
from bot.setting_forms import Number, WordChoice
from handlers import register

_ROOT = Path(__file__).parents[2]
_REFERENCE = _ROOT / "docs" / "reference"
_LANGUAGES = sorted(path.stem for path in (_ROOT / "bot" / "locales").glob("*.ftl"))
_NOT_SET = "not set"

Row = Sequence[str]
"""The cells of one row of a table, without backticks in the first one."""


def _rows(text: str) -> Iterator[Row]:
    """Yield the rows of every table, headings and rules left out."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    for line, following in pairwise([*lines, ""]):
        if not line.startswith("|---") and not following.startswith("|---"):
            cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
            yield [cells[0].replace("`", "").replace("\\|", "|"), *cells[1:]]


def _parts(name: str, level: str = "##") -> dict[str, str]:
    """Return the text under each heading of a reference page, by the heading without backticks."""
    text = (_REFERENCE / name).read_text(encoding="utf-8")
    pieces = re.split(rf"^{level} (.+)$", text, flags=re.MULTILINE)
    return {title.replace("`", ""): body for title, body in zip(pieces[1::2], pieces[2::2], strict=True)}


def _described_settings() -> dict[str, Row]:
    rows = list(_rows((_REFERENCE / "settings.md").read_text(encoding="utf-8")))
    assert len({row[0] for row in rows}) == len(rows), "a setting is described twice"
    return {row[0].lower(): row for row in rows}


def _default(name: str) -> str:
    """Return a setting's default as the environment would have it."""
    value = DEFAULTS[name]
    if value is None or value == ():
        return _NOT_SET
    if isinstance(value, tuple):
        return f"`{','.join(value)}`"
    return f"`{str(value).lower() if isinstance(value, bool) else str(value).removesuffix('.0')}`"


def test_the_reference_lists_exactly_the_settings() -> None:
    assert sorted(_described_settings()) == sorted(FORMS)


@pytest.mark.parametrize("name", FORMS)
def test_a_setting_is_described_with_its_default_and_its_values(name: str) -> None:
    _, default, values, meaning = _described_settings()[name]
    assert default == _default(name)
    form = FORMS[name]
    choices = form.words if isinstance(form, WordChoice) else ()
    if name == "default_language":
        choices = tuple(_LANGUAGES)
    assert all(f"`{choice}`" in values for choice in choices)
    for limit in (form.ge, form.gt, form.le) if isinstance(form, Number) else ():
        assert limit is None or re.search(rf"(?<![\d.]){re.escape(str(limit))}(?![\d.])", values), values
    assert meaning.endswith(".")


@pytest.mark.parametrize("name", FORMS)
def test_a_settings_default_is_the_one_of_the_example_file(name: str) -> None:
    example = (_ROOT / ".env.example").read_text(encoding="utf-8")
    found = re.search(rf"^{name.upper()}=(.*)$", example, re.MULTILINE)
    assert found is not None
    assert (f"`{found[1]}`" if found[1] else _NOT_SET) == _default(name)


def _commands_of(wing: str) -> list[Row]:
    return [row for row in _rows(_parts("commands.md")[wing]) if row[0].startswith("/")]


def _name_of(row: Row) -> str:
    return row[0].split()[0].removeprefix("/")


def test_the_reference_lists_exactly_the_readers_commands() -> None:
    names = [_name_of(row) for row in _commands_of("Readers")]
    assert sorted(names) == sorted(
        command.name for command in register.declared_commands() if command.right is None
    )


def test_the_reference_lists_exactly_the_staff_commands_with_their_roles() -> None:
    described = [(_name_of(row), row[1]) for row in _commands_of("Staff")]
    registered = [
        (command.name, ", ".join(role for role, rights in RIGHTS.items() if command.right in rights))
        for command in register.declared_commands()
        if command.right is not None
    ]
    assert sorted(described) == sorted(registered)


def _leaves(command: Any, path: str = "peyk") -> Iterator[tuple[str, Any]]:
    """Yield every command that does something, by its whole name: `peyk outbox` and `peyk outbox retry`."""
    command = command.imported() if isinstance(command, LazyCommand) else command
    subcommands = getattr(command, "commands", {})
    if not subcommands or command.invoke_without_command:
        yield path, command
    for name, subcommand in subcommands.items():
        yield from _leaves(subcommand, f"{path} {name}")


_COMMANDS = dict(_leaves(command_line()))


def _parameters(command: Any) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield the name, the default and the choices of each parameter, as the page has them."""
    for parameter in command.params:
        if parameter.param_type_name == "argument":
            name = parameter.metavar or parameter.name.upper()
        else:
            name = parameter.opts[0]
        if name != "--help":
            choices = type(parameter.default) if isinstance(parameter.default, StrEnum) else ()
            yield name, _shown(parameter), tuple(str(choice) for choice in choices)


def _shown(parameter: Any) -> str:
    default = parameter.default
    if parameter.required:
        return "required"
    if default in (None, "", False):
        return {None: _NOT_SET, "": "empty", False: "off"}[default]
    return f"`{default}`"


def test_the_reference_lists_exactly_the_commands_of_the_command_line() -> None:
    assert sorted(_parts("cli.md")) == sorted(_COMMANDS)


@pytest.mark.parametrize("name", _COMMANDS)
def test_a_command_is_described_with_its_parameters_and_their_defaults(name: str) -> None:
    described = {row[0]: row for row in _rows(_parts("cli.md")[name])}
    parameters = list(_parameters(_COMMANDS[name]))
    assert [(row[0], row[1]) for row in described.values()] == [(name, default) for name, default, _ in parameters]
    for parameter, _, choices in parameters:
        words = " ".join(described[parameter])
        assert all(f"`{choice}`" in words for choice in choices), parameter


def test_every_button_that_the_tutorial_names_exists() -> None:
    tutorial = (_ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
    labels = re.findall(r"\*\*«(.+?)»\*\*", tutorial)
    texts = (_ROOT / "bot" / "locales" / "fa.ftl").read_text(encoding="utf-8")
    known = set(re.findall(r"^[a-z-]+ = (.+)$", texts, re.MULTILINE))
    assert labels
    assert [label for label in labels if label not in known] == []
