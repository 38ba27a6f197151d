"""Everything that commands share: the database, what they print, and their errors."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot import logs
from bot.cli.base import command, command_settings, complain, fail, hint, reporting_errors
from bot.cli.failures import LANGUAGE, in_words
from bot.cli.printing import AsJson, in_one_line, print_json, print_line, print_records, progress_reports
from bot.config import Settings
from bot.errors import PeykError
from storage.bootstrap import opened
from storage.engine.database import Database

__all__ = [
    "LANGUAGE",
    "STANDARD",
    "AsJson",
    "command",
    "complain",
    "fail",
    "hint",
    "in_one_line",
    "in_words",
    "opened_database",
    "print_json",
    "print_line",
    "print_records",
    "progress_reports",
    "reporting_errors",
    "settings_for_command",
    "text_of_input",
    "wakes_nobody",
]

STANDARD = Path("-")
"""The name of a file that stands for standard input or output."""


def settings_for_command() -> Settings:
    """Read the settings; the log shows warnings only, so that output stays readable."""
    settings = command_settings()
    logs.set_up("WARNING", settings.log_format, settings.secrets)
    return settings


@asynccontextmanager
async def opened_database() -> AsyncIterator[tuple[Settings, Database]]:
    """The app's database, migrated, whether or not the bot runs."""
    settings = settings_for_command()
    async with opened(settings.database_url, settings.zone) as database:
        yield settings, database


def text_of_input(file: str) -> str:
    """Return the text of a file, or of standard input for "-". Raises PeykError for one that is no text."""
    try:
        body = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return body.decode()
    except UnicodeDecodeError:
        raise PeykError(f"{file}: this is no text in UTF-8") from None


def wakes_nobody() -> None:
    """Do nothing instead of waking the worker: a running Peyk finds due rows at its next poll."""
