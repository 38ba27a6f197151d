"""peyk run and peyk demo."""

from typing import Annotated

import typer

from bot import logs
from bot.cli.base import command, own_settings
from bot.config import Settings
from bot.process_role import ProcessRole


@command
async def run(
    role: Annotated[
        ProcessRole,
        typer.Option(
            help="The work of this process. `all` does everything. `receive` answers readers and staff. "
            "`work` fetches sources and sends."
        ),
    ] = ProcessRole.ALL,
) -> None:
    """Run Peyk until it is interrupted; without BOT_TOKEN the same as `peyk demo`."""
    settings = own_settings()
    logs.set_up(settings.log_level, settings.log_format, settings.secrets)
    if settings.bot_token is None:
        await _show_demo(settings)
    else:
        from bot import app

        await app.run(settings, role)


@command
async def demo() -> None:
    """Run a local Telegram, Peyk and a sample newsroom, to try everything without an account."""
    settings = own_settings()
    logs.set_up(settings.log_level, settings.log_format, settings.secrets)
    await _show_demo(settings)


async def _show_demo(settings: Settings) -> None:
    # An app with a real token never loads the sandbox.
    from bot.cli import demo as sample

    await sample.run_demo(settings)
