"""The inside of a process that bot.side_process starts: `python -m MODULE FD SECONDS` runs `main`.

It serves one request after the other over the socket of file descriptor FD, and dies by SIGPROF where one takes
more than SECONDS of CPU, whatever code (C or Rust included) is stuck. It ends when the other side closes the
socket, so it never outlives the bot. Anything may go wrong in here without harm to the bot.
"""

import resource
import signal
import sys
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection
from typing import Any

Jobs = Mapping[str, Callable[..., Any]]
"""What a process can do, by name."""

_MAX_MEMORY = 2 * 1024**3


def main(jobs: Jobs, expected: type[Exception] | tuple[type[Exception], ...] = ()) -> None:
    """Serve as the command line says; errors that are `expected` are told in their own words."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the bot, which then hangs up
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_AS, (_MAX_MEMORY, _MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _serve(Connection(int(sys.argv[1])), float(sys.argv[2]), jobs, expected)


def _serve(channel: Connection, seconds: float, jobs: Jobs, expected: Any) -> None:
    """Answer requests `(job, arguments)` with `(True, result)` or `(False, reason)` until the bot hangs up."""
    channel.send("ready")
    while True:
        try:
            job, arguments = channel.recv()
        except (EOFError, ConnectionResetError):
            return
        signal.setitimer(signal.ITIMER_PROF, seconds)
        answer = _do(jobs[job], arguments, expected)
        signal.setitimer(signal.ITIMER_PROF, 0)
        try:
            channel.send(answer)
        except BrokenPipeError:
            return


def _do(work: Callable[..., Any], arguments: tuple[Any, ...], expected: Any) -> tuple[bool, Any]:
    try:
        return True, work(*arguments)
    except expected as error:
        return False, str(error)
    except Exception as error:  # noqa: BLE001 - a bug in here is that request's failure, not the bot's
        return False, f"failed ({type(error).__name__}: {str(error)[:200]})"
