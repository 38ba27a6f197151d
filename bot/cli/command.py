"""The `peyk` command: its commands by name, each imported when it is used."""

import os
import sys
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from storage.engine.private_files import set_private_umask

COMPLETING = "_PEYK_COMPLETE"
"""The variable in which a shell asks for completions."""


class _Quick:
    """A command whose defaults are taken as they are: Typer imports pydantic for whatever it reads."""

    def get_params(self, ctx: Any) -> list[Any]:
        parameters: list[Any] = super().get_params(ctx)  # type: ignore[misc]  # of the command that this is mixed into
        for parameter in parameters:
            _spare_default(parameter)
        return parameters


class QuickCommand(_Quick, TyperCommand):
    """A quick command of its own."""


class QuickGroup(_Quick, TyperGroup):
    """A quick group of commands."""


class LazyCommand(QuickCommand):
    """A command, or a group of them, that is imported when it is used: until then, only its help is there.

    `target` is MODULE:NAME of a function or of a Typer application.
    """

    def __init__(self, name: str, target: str, help_: str) -> None:
        super().__init__(name, help=help_, rich_markup_mode=None)
        self._target = target

    def imported(self) -> Any:
        """Return the command itself."""
        module, _, attribute = self._target.partition(":")
        target = getattr(import_module(module), attribute)
        if isinstance(target, typer.Typer):
            target.rich_markup_mode = None
            command: Any = typer.main.get_group(target)
        else:
            alone = typer.Typer(add_completion=False, rich_markup_mode=None)
            alone.command(self.name, cls=QuickCommand)(target)
            command = typer.main.get_command(alone)
        command.name = self.name
        return command

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        """Return the context of the command itself, which is run with it."""
        return self.imported().make_context(info_name, args, parent, **extra)


def _spare_default(parameter: Any) -> None:
    """Keep the default of a single-valued parameter as it is."""
    process = parameter.process_value
    if parameter.required or parameter.multiple or parameter.nargs != 1 or "process_value" in vars(parameter):
        return

    def processed(ctx: Any, value: Any) -> Any:
        if value is not None and value is not parameter.default:
            return process(ctx, value)
        return value if parameter.callback is None else parameter.callback(ctx, parameter, value)

    parameter.process_value = processed


_ARTICLES = (
    LazyCommand("list", "bot.cli.article_list:list_", "List articles of every state, the newest first."),
    LazyCommand("show", "bot.cli.articles:show", "Show an article."),
    LazyCommand("join", "bot.cli.articles:join", "Make an article part of another one's story."),
    LazyCommand("separate", "bot.cli.articles:separate", "Separate an article from the story that it tells again."),
)

_COMMANDS = (
    LazyCommand("run", "bot.cli.running:run", "Run Peyk until it is interrupted."),
    LazyCommand("demo", "bot.cli.running:demo", "Run a local Telegram, Peyk and a sample newsroom."),
    LazyCommand("sources", "bot.cli.sources:app", "The sources of articles."),
    QuickGroup(
        name="articles",
        help="The articles of the newsroom.",
        commands=_ARTICLES,
        no_args_is_help=True,
        rich_markup_mode=None,
    ),
    LazyCommand("import", "bot.cli.articles:import_", "Import article pages."),
    LazyCommand("outbox", "bot.cli.outbox:app", "Pending and failed deliveries."),
    LazyCommand("opml", "bot.cli.opml:app", "Sources from and to OPML files."),
    LazyCommand("audit", "bot.cli.audit:audit", "Print who did what and when."),
    LazyCommand("pause", "bot.cli.pausing:pause", "Stop every push."),
    LazyCommand("resume", "bot.cli.pausing:resume", "Resume all pushes."),
    LazyCommand("migrate", "bot.cli.upkeep:migrate", "Migrate the database to the newest schema."),
    LazyCommand("doctor", "bot.cli.doctor:doctor", "Check the installation."),
    LazyCommand("backup", "bot.cli.upkeep:backup", "Write a consistent copy of a SQLite database."),
    LazyCommand("restore", "bot.cli.upkeep:restore", "Replace the database with a backup."),
    LazyCommand("settings", "bot.cli.setup_help:settings", "Print every setting with its default."),
    LazyCommand("health", "bot.cli.setup_help:health", "Ask the running Peyk whether it can work."),
    LazyCommand(
        "completion", "bot.cli.completion:completion", "Print the script that completes commands in a shell."
    ),
)
"""The commands in the order of the help. A new one is one line here."""

app = typer.Typer(
    name="peyk",
    cls=QuickGroup,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    add_completion=False,
)


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        sys.stdout.write(f"peyk {version('peyk')}\n")
        raise typer.Exit


@app.callback()
def peyk(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit."),
    ] = False,
) -> None:
    """Peyk, a Telegram news service for a newsroom."""


def command_line() -> TyperGroup:
    """Return `peyk` with all its commands."""
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup), "it has a callback"
    group.commands.update({str(command.name): command for command in _COMMANDS})
    if COMPLETING in os.environ:
        from typer.completion import completion_init  # type: ignore[attr-defined]  # exported nowhere

        completion_init()
    return group


def main() -> None:
    """Run the command line. What it writes is its owner's alone.

    An error that nobody expected ends it with a traceback, without secrets.
    """
    set_private_umask()
    try:
        command_line()()
    except Exception as error:  # noqa: BLE001 - the interpreter would print its message as it is
        from bot import logs

        logs.report_uncaught(error)
        sys.exit(1)
