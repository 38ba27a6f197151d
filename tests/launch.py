"""Two ways to start `peyk` as a process: as people do, or forked from a process that has imported it already.

To import the desk costs two seconds of CPU, again for every test; most of them are about what it does later.
"""

import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Protocol

from bot.ingest.fetch.connections import tls
from bot.locales.catalog import Catalog
from tests import wall_clock

# Whoever is forked has the texts and the certificates already.
Catalog.load()
tls()

_NURSERY = multiprocessing.get_context("forkserver")
_NURSERY.set_forkserver_preload(["tests.launch", "bot.cli", "bot.app"])


class Process(Protocol):
    """What tests do to a process, however it was started."""

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
        return subprocess.Popen(command(arguments), cwd=folder, env=environment, stdout=out, stderr=out)


def forked(arguments: Sequence[str], folder: Path, environment: Mapping[str, str], log: Path) -> Process:
    """Do the same as `anew`, from a process that has imported everything."""
    log.touch()
    return _fork(arguments, folder, environment, [os.devnull, str(log), str(log)])


def finished(
    arguments: Sequence[str], folder: Path, environment: Mapping[str, str], stdin: bytes, *, within: float
) -> "subprocess.CompletedProcess[str]":
    """Run `peyk` forked to its end, at most `within` seconds, and return its status and what it said."""
    with tempfile.TemporaryDirectory() as streams:
        files = [os.path.join(streams, name) for name in ("in", "out", "err")]
        Path(files[0]).write_bytes(stdin)
        status = _fork(arguments, folder, environment, files).wait(within)
        said, complained = (Path(name).read_text() for name in files[1:])
    return subprocess.CompletedProcess(list(arguments), status, said, complained)


def _fork(arguments: Sequence[str], folder: Path, environment: Mapping[str, str], files: list[str]) -> "_Forked":
    child = _NURSERY.Process(target=_run, args=(list(arguments), folder, dict(environment), files))
    child.start()
    return _Forked(child)


class _Forked:
    """A forked process with the manners of `subprocess.Popen`."""

    def __init__(self, child: BaseProcess) -> None:
        self._child = child

    def poll(self) -> int | None:
        return self._child.exitcode

    def wait(self, timeout: float) -> int:
        self._child.join(timeout)
        if self._child.exitcode is None:
            raise TimeoutError(f"the process runs after {timeout} s")
        return self._child.exitcode

    def send_signal(self, number: int, /) -> None:
        assert self._child.pid is not None, "it was started"
        os.kill(self._child.pid, number)


def _run(arguments: list[str], folder: Path, environment: dict[str, str], files: list[str]) -> None:
    from bot.cli import main

    for stream, name in enumerate(files):
        opened = os.open(name, os.O_RDONLY if stream == 0 else os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(opened, stream)
        os.close(opened)
    sys.stdin = os.fdopen(0)  # a forked process has none by itself
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    if wall_clock.VARIABLE in environment:
        wall_clock.follow(environment[wall_clock.VARIABLE])
    sys.argv = ["peyk", *arguments]
    main()
