"""The command line: the `peyk` command and its subcommands."""

from bot.cli.command import main

__all__ = ["main"]
