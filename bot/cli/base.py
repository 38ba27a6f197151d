"""The base of every command: settings, and one clear line for each error. It imports nothing that is slow."""

import sys
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, ParamSpec

import typer

from bot.cli.running_demo import settings_of_demo
from bot.config import Settings, given_values, load_settings, misspelt_names
from persian.foreign_text import printable

P = ParamSpec("P")


def command(act: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """Run an async command; an expected error becomes one line on standard error and exit status 1."""

    @wraps(act)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        import asyncio

        asyncio.run(act(*args, **kwargs))

    return reporting_errors(run)


def reporting_errors(act: Callable[P, None]) -> Callable[P, None]:
    """Run a command; an expected error becomes one line on standard error and exit status 1."""

    @wraps(act)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            act(*args, **kwargs)
        except KeyboardInterrupt:
            raise typer.Exit(130) from None
        except typer.Exit:
            raise
        except Exception as error:
            from bot.cli.failures import explained

            if (lines := explained(error)) is None:
                raise
            fail(lines)

    return run


def fail(lines: str) -> None:
    """Print the reason of a failure to standard error, and exit with status 1."""
    for line in lines.splitlines():
        complain(line)
    raise typer.Exit(1)


def complain(line: str) -> None:
    """Print a line to standard error."""
    from bot import logs

    sys.stderr.write(f"peyk: {logs.redact(_one_line(line))}\n")


def hint(line: str) -> None:
    """Print a hint to standard error."""
    sys.stderr.write(f"peyk: {_one_line(line)}\n")


def _one_line(text: str) -> str:
    """Return a text that leaves the terminal as it is and looks like one line of ours, not like several."""
    return printable(text).replace("\n", " ")


def own_settings() -> Settings:
    """Read the settings of a Peyk that is to run here. Raises ConfigError."""
    _checked()
    return load_settings()


def command_settings() -> Settings:
    """Read the settings of a command; beside a demo that runs in this folder, they are the demo's.

    A DATABASE_URL that is set counts before the demo's. Raises ConfigError.
    """
    variables = _checked()
    demo = None if variables.get("bot_token") or variables.get("bot_token_file") else settings_of_demo()
    if demo is None:
        return load_settings()
    if variables.get("database_url"):
        hint("this is the database of DATABASE_URL; the demo that runs in this folder has one of its own")
        return load_settings()
    hint("this is the newsroom of the demo that runs in this folder")
    return load_settings(overrides=demo)


def _checked() -> dict[str, str]:
    """Return the variables that are set, and name those that look like a misspelt setting."""
    variables = given_values()
    for name, meant in misspelt_names(variables):
        hint(f"{name} is no setting of Peyk; did you mean {meant}?")
    return variables
