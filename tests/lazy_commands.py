"""The commands of `peyk` that are imported when they are used."""

from collections.abc import Iterator

from typer.core import TyperGroup

from bot.cli.command import LazyCommand, command_line


def lazy_commands() -> Iterator[LazyCommand]:
    """Yield them, those of groups included."""
    waiting: list[object] = [command_line()]
    for command in waiting:  # grows while it is walked
        if isinstance(command, LazyCommand):
            yield command
        elif isinstance(command, TyperGroup):
            waiting += command.commands.values()
