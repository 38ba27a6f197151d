"""Two ways to start `peyk` as a process: as people do, or forked from a process that has run it already."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from tests.fork_server import end_with_parent, fork


class Process(Protocol):
    """A process as tests use it, however it was started."""

    def poll(self) -> int | None:
        """Return its exit status, None while it runs."""

    def wait(self, timeout: float) -> int:
        """Wait up to `timeout` seconds until it ends, and return its exit status."""

    def send_signal(self, number: int, /) -> None:
        """Send it a signal."""


def command(arguments: Sequence[str]) -> list[str]:
    """Return the command line of `peyk` with these arguments."""
    return [sys.executable, "-m", "bot", *arguments]


def anew(arguments: Sequence[str], folder: Path, environment: Mapping[str, str], log: Path) -> Process:
    """Start `peyk` in `folder`, all that it says at the end of `log`."""
    with log.open("ab") as out:
        return subprocess.Popen(
            command(arguments), cwd=folder, env=environment, stdout=out, stderr=out, preexec_fn=end_with_parent
        )


def forked(arguments: Sequence[str], folder: Path, environment: Mapping[str, str], log: Path) -> Process:
    """Do the same as `anew`, from a process that has run `peyk` already."""
    with open(os.devnull, "rb") as nothing, log.open("ab") as out:
        streams = {0: nothing.fileno(), 1: out.fileno(), 2: out.fileno()}
        return fork("bot", arguments, folder=folder, environment=environment, descriptors=streams)


def finished(
    arguments: Sequence[str], folder: Path, environment: Mapping[str, str], stdin: bytes, *, within: float
) -> "subprocess.CompletedProcess[str]":
    """Run `peyk` forked to its end, at most `within` seconds, and return its status and what it said."""
    with (
        tempfile.TemporaryFile() as given,
        tempfile.TemporaryFile("w+") as out,
        tempfile.TemporaryFile("w+") as err,
    ):
        given.write(stdin)
        given.seek(0)
        streams = {number: file.fileno() for number, file in enumerate((given, out, err))}
        process = fork("bot", arguments, folder=folder, environment=environment, descriptors=streams)
        status = process.wait(within)
        out.seek(0)
        err.seek(0)
        return subprocess.CompletedProcess(list(arguments), status, out.read(), err.read())
