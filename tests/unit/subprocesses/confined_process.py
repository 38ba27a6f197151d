"""A confined side process that was taken over: it tries whatever its request names, and tells what came of it."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

from bot.subprocesses import server
from bot.subprocesses.confinement import confine
from tests.unit.subprocesses.jobs import ATTEMPT


def _write(path: str) -> object:
    return Path(path).write_text("taken over")


def _append(path: str) -> object:
    with Path(path).open("a") as file:
        return file.write("taken over")


def _read(path: str) -> object:
    return Path(path).read_text()


def _remove(path: str) -> None:
    Path(path).unlink()


def _connect(address: str) -> object:
    host, _, port = address.rpartition(":")
    return socket.create_connection((host, int(port)), 5)


def _kill(pid: str) -> None:
    os.kill(int(pid), 0)


def _load(_: str) -> object:
    import wave

    return wave.__name__


_ATTEMPTS: dict[str, Callable[[str], object]] = {
    "write": _write,
    "append": _append,
    "read": _read,
    "remove": _remove,
    "connect": _connect,
    "kill": _kill,
    "load": _load,
}


def _attempt(what: str, where: str) -> str:
    try:
        return f"done: {_ATTEMPTS[what](where)}"
    except OSError as error:
        return f"refused: {type(error).__name__}"


if __name__ == "__main__":
    confine()
    jobs = server.JobRegistry()
    jobs.add(ATTEMPT, _attempt)
    server.main(jobs)
