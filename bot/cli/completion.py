"""peyk completion: completes commands and options in a shell."""

from enum import StrEnum
from typing import Annotated

import typer
from typer.completion import get_completion_script  # type: ignore[attr-defined]  # Typer exports it nowhere

from bot.cli.base import reporting_errors
from bot.cli.command import COMPLETING
from bot.cli.printing import print_line


class Shell(StrEnum):
    """The shells that can complete."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"


@reporting_errors
def completion(shell: Annotated[Shell, typer.Argument(help="`bash`, `zsh` or `fish`.")]) -> None:
    """Print the script that completes commands in a shell.

    bash: source <(peyk completion bash), in ~/.bashrc. zsh: the same in ~/.zshrc after compinit. fish: write it to
    ~/.config/fish/completions/peyk.fish.
    """
    print_line(get_completion_script(prog_name="peyk", complete_var=COMPLETING, shell=shell))
