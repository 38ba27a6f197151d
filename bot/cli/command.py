"""The `peyk` command."""

import sys
from typing import Annotated

import typer

from bot import logs
from bot.cli import articles, audit, doctor, opml, outbox, pausing, sources, upkeep
from bot.cli.context import command
from bot.config import Settings, load_settings
from bot.process_role import ProcessRole
from storage.engine.private_files import keep_private

app = typer.Typer(
    name="peyk",
    help="Peyk, a Telegram news service for a newsroom.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich" if sys.stdout.isatty() else None,
)
app.add_typer(sources.app, name="sources", help="The sources of articles.")
app.add_typer(articles.app, name="articles", help="The articles of the newsroom.")
app.add_typer(outbox.app, name="outbox")
app.add_typer(opml.app, name="opml", help="Sources from and to OPML files.")
app.command("import")(articles.import_)
app.command()(audit.audit)
app.command()(pausing.pause)
app.command()(pausing.resume)
app.command()(upkeep.migrate)
app.command()(doctor.doctor)
app.command()(upkeep.backup)
app.command()(upkeep.restore)


@app.command()
@command
async def run(
    role: Annotated[
        ProcessRole, typer.Option(help="Run everything, the readers' side, or pushes and sources.")
    ] = ProcessRole.ALL,
) -> None:
    """Run Peyk until it is interrupted; without BOT_TOKEN the same as `peyk demo`."""
    settings = load_settings()
    logs.set_up(settings.log_level, settings.log_format, settings.secrets)
    if settings.bot_token is None:
        await _show_demo(settings)
    else:
        # No other command needs the desk's side of Telegram, which is slow to import.
        from bot import app as desk

        await desk.run(settings, role)


@app.command("demo")
@command
async def demo_() -> None:
    """Run a local Telegram, Peyk and a sample newsroom, to try everything without an account."""
    settings = load_settings()
    logs.set_up(settings.log_level, settings.log_format, settings.secrets)
    await _show_demo(settings)


async def _show_demo(settings: Settings) -> None:
    # A desk in earnest never loads the sandbox.
    from bot.cli import demo

    await demo.show(settings)


def main() -> None:
    """Run the command line. What it writes is its owner's alone.

    An error that nobody expected ends it with a traceback, without secrets.
    """
    keep_private()
    try:
        app()
    except Exception as error:  # noqa: BLE001 - the interpreter would print its message as it is
        logs.report_uncaught(error)
        sys.exit(1)
