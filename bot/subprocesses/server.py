"""The inside of a process that bot.subprocesses.client starts: `python -m MODULE FD SECONDS` runs `main`.

It serves one request after the other over the socket of file descriptor FD, and dies by SIGPROF where one takes
more than SECONDS of CPU, whatever code (C or Rust included) is stuck. It ends when the other side closes the
socket, so it never outlives the bot. Anything may go wrong in here without harm to the bot.
"""

import resource
import signal
import socket
import sys
from collections.abc import Callable
from typing import Any

from bot.subprocesses.channel import Channel
from bot.subprocesses.job import (
    Arguments,
    Job,
    MalformedError,
    Result,
    decode_arguments,
    encode_failure,
    encode_result,
    job_asked_for,
)
from storage.engine.private_files import set_private_umask

Expected = type[Exception] | tuple[type[Exception], ...]

LARGEST_REQUEST = 32_000_000
"""The most bytes of a request: a body that was fetched, and what is known of it."""

READY = b"ready"
"""The first message of a process, which tells that it takes requests."""

_MAX_MEMORY = 2 * 1024**3


class JobRegistry:
    """The jobs of a process, each with the function that does it."""

    def __init__(self) -> None:
        self._works: dict[str, tuple[Job[*tuple[Any, ...], Any], Callable[..., Any]]] = {}

    def add(self, job: Job[*Arguments, Result], work: Callable[[*Arguments], Result]) -> None:
        """Register the function that does a job."""
        self._works[job.name] = (job, work)

    def answer(self, request: bytes, expected: Expected) -> bytes:
        """Run a job and return its answer; `expected` errors are answered with their messages."""
        try:
            name, arguments = job_asked_for(request)
            job, work = self._works[name]
            return encode_result(work(*decode_arguments(job, arguments)))
        except expected as error:
            return encode_failure(str(error))
        except MalformedError as error:
            return encode_failure(f"failed ({str(error)[:200]})")
        except Exception as error:  # noqa: BLE001 - a bug in here is that request's failure, not the bot's
            return encode_failure(f"failed ({type(error).__name__}: {str(error)[:200]})")


def main(jobs: JobRegistry, expected: Expected = ()) -> None:
    """Serve as the command line says."""
    set_private_umask()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the bot, which then hangs up
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_AS, (_MAX_MEMORY, _MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _serve(Channel(socket.socket(fileno=int(sys.argv[1]))), float(sys.argv[2]), jobs, expected)


def _serve(channel: Channel, seconds: float, jobs: JobRegistry, expected: Expected) -> None:
    """Answer requests until the bot hangs up."""
    channel.send(READY)
    while True:
        try:
            request = channel.receive(LARGEST_REQUEST)
        except (EOFError, ConnectionResetError):
            return
        signal.setitimer(signal.ITIMER_PROF, seconds)
        answer = jobs.answer(request, expected)
        signal.setitimer(signal.ITIMER_PROF, 0)
        try:
            channel.send(answer)
        except BrokenPipeError:
            return
