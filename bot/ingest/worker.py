"""The process in which foreign markup is parsed: `python -m bot.ingest.worker FD SECONDS`.

It serves one request after the other over the socket of file descriptor FD, and dies by SIGALRM where one takes
longer than SECONDS, whatever code (C or Rust included) is stuck. It ends when the other side closes the socket,
so it never outlives the bot. Anything may go wrong in here without harm to the bot.
"""

import resource
import signal
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from bot.errors import SourceError
from bot.ingest.feed import parse_feed
from bot.ingest.listing import parse_listing
from bot.ingest.page import parse_page

JOBS: dict[str, Callable[..., Any]] = {"feed": parse_feed, "page": parse_page, "listing": parse_listing}
_MAX_MEMORY = 2 * 1024**3


def serve(channel: Connection, seconds: float) -> None:
    """Answer requests `(job, arguments)` with `(True, result)` or `(False, reason)` until the bot hangs up."""
    channel.send("ready")
    while True:
        try:
            job, arguments = channel.recv()
        except EOFError:
            return
        signal.setitimer(signal.ITIMER_REAL, seconds)
        answer = _do(job, arguments)
        signal.setitimer(signal.ITIMER_REAL, 0)
        try:
            channel.send(answer)
        except BrokenPipeError:
            return


def _do(job: str, arguments: tuple[Any, ...]) -> tuple[bool, Any]:
    try:
        return True, JOBS[job](*arguments)
    except SourceError as error:
        return False, str(error)
    except Exception as error:  # noqa: BLE001 - a parser's bug on foreign bytes is that source's failure, not ours
        return False, f"cannot be parsed ({type(error).__name__}: {str(error)[:200]})"


def main() -> None:
    """Serve on the file descriptor and with the limit that the command line gives."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the bot, which then hangs up
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_AS, (_MAX_MEMORY, _MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    serve(Connection(int(sys.argv[1])), float(sys.argv[2]))


if __name__ == "__main__":
    main()
