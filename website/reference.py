"""The parts of the reference that are written from the code: `python -m website.reference`.

A page of docs/reference is written by hand, except for what the code declares: the parameters of the command line
with their defaults and meanings, the defaults of the settings, and the roles that may use a command of the staff.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from bot.cli.command import LazyCommand, command_line
from bot.config import DEFAULTS
from bot.newsroom.permissions import RIGHTS
from handlers import register

FOLDER = Path(__file__).parents[1] / "docs" / "reference"
"""The folder of the reference."""

NOT_SET = "not set"
"""The default of what has none."""

_TABLE_HEAD = ("| Parameter | Default | Meaning |", "|---|---|---|")
_HEADING = re.compile(r"^## `(.+)`$", re.MULTILINE)
_PARAMETERS = re.compile(r"^\| Parameter \|.*\n(?:\|.*\n)+", re.MULTILINE)
_SETTING = re.compile(r"^\| `([A-Z_]+)` \| ([^|]+) \|", re.MULTILINE)
_STAFF_COMMAND = re.compile(
    r"^(\| `/([a-z]+)[^`]*` \| )((?:owner|editor|author|moderator)[^|]*)( \|)", re.MULTILINE
)


def cli_commands() -> dict[str, Any]:
    """Return every command that does something, by its whole name: `peyk outbox` and `peyk outbox retry`."""
    return dict(_leaves(command_line(), "peyk"))


def parameters_of(command: Any) -> Iterator[tuple[str, Any]]:
    """Yield the parameters of a command of the command line by the names that its help shows."""
    for parameter in command.params:
        if parameter.param_type_name == "argument":
            name = parameter.metavar or parameter.name.upper()
        else:
            name = parameter.opts[0]
        if name != "--help":
            yield name, parameter


def default_of_parameter(parameter: Any) -> str:
    """Return the default of a parameter as the reference shows it."""
    default = parameter.default
    if parameter.required:
        return "required"
    if default in (None, "", False):
        return {None: NOT_SET, "": "empty", False: "off"}[default]
    return f"`{default}`"


def default_of_setting(name: str) -> str:
    """Return the default of a setting as the environment would have it. Raises KeyError for an unknown one."""
    value = DEFAULTS[name]
    if value is None or value == ():
        return NOT_SET
    if isinstance(value, tuple):
        return f"`{','.join(value)}`"
    return f"`{str(value).lower() if isinstance(value, bool) else str(value).removesuffix('.0')}`"


def roles_by_command() -> dict[str, str]:
    """Return the roles that may use each command of the staff, as the reference lists them."""
    return {
        command.name: ", ".join(role for role, rights in RIGHTS.items() if command.right in rights)
        for command in register.declared_commands()
        if command.right is not None
    }


def command_line_page(page: str) -> str:
    """Return the page of the command line with the parameters of each command as the code declares them."""
    commands = cli_commands()
    intro, *pieces = _HEADING.split(page)
    sections = dict(zip(pieces[::2], pieces[1::2], strict=True))
    described = {name: _with_parameters(sections[name], commands[name]) for name in sections if name in commands}
    added = {
        name: _with_parameters(f"\n\n{_words_of(command)}\n", command)
        for name, command in commands.items()
        if name not in described
    }
    parts = [f"## `{name}`{text.rstrip()}\n" for name, text in (described | added).items()]
    return intro + "\n".join(parts)


def settings_page(page: str) -> str:
    """Return the page of the settings with their defaults as the code declares them."""
    return _SETTING.sub(lambda row: f"| `{row[1]}` | {default_of_setting(row[1].lower())} |", page)


def commands_page(page: str) -> str:
    """Return the page of the commands in Telegram with the roles that the code lets use them."""
    roles = roles_by_command()
    return _STAFF_COMMAND.sub(lambda row: f"{row[1]}{roles[row[2]]}{row[4]}", page)


PAGES: Mapping[str, Callable[[str], str]] = {
    "cli.md": command_line_page,
    "settings.md": settings_page,
    "commands.md": commands_page,
}
"""The pages that hold what the code declares, and what writes it into each."""


def _leaves(command: Any, path: str) -> Iterator[tuple[str, Any]]:
    command = command.imported() if isinstance(command, LazyCommand) else command
    subcommands = getattr(command, "commands", {})
    if not subcommands or command.invoke_without_command:
        yield path, command
    for name, subcommand in subcommands.items():
        yield from _leaves(subcommand, f"{path} {name}")


def _with_parameters(text: str, command: Any) -> str:
    """Return the text of a command with its table, which stays where it is, else comes last."""
    table = _parameter_table(command)
    if _PARAMETERS.search(text):
        return _PARAMETERS.sub(lambda _: table, text, count=1)
    return f"{text.rstrip()}\n\n{table}" if table else text


def _parameter_table(command: Any) -> str:
    rows = [
        f"| `{_in_cell(name)}` | {default_of_parameter(parameter)} | {_in_cell(parameter.help)} |"
        for name, parameter in parameters_of(command)
    ]
    return "".join(f"{line}\n" for line in (*_TABLE_HEAD, *rows)) if rows else ""


def _in_cell(text: str) -> str:
    return text.replace("|", "\\|")


def _words_of(command: Any) -> str:
    return "\n".join(line.strip() for line in (command.help or "").splitlines())


def main() -> None:
    """Write the pages anew."""
    for name, written in PAGES.items():
        page = FOLDER / name
        page.write_text(written(page.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
