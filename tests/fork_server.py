"""A server that forks processes of a program of ours, its imports done: one for each program in a run of the tests.

To import Peyk costs seconds of CPU, and so does the first use of what is made once a process: patterns, statements,
forms of settings. Most tests are about what a process does later. `python -m tests.fork_server FOLDER NAME` imports
the program NAME and forks a process for every request, which ends at the latest when whoever asked has ended.
"""

import contextlib
import ctypes
import fcntl
import gc
import json
import os
import runpy
import selectors
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

from tests import run_folder, wall_clock

_PREPARED = {"bot": "tests.warm_up"}
"""The modules that have a program do once what all its processes do; of others the import is enough."""

_PR_SET_PDEATHSIG = 1  # prctl(2)
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
_LOOK_SECONDS = 0.5
_PATIENCE_SECONDS = 10
_MOST_DESCRIPTORS = 8
_HIGH = 512  # above every descriptor that the server itself has
_NUMBER = struct.Struct("!q")


def end_with_parent() -> None:
    """Have this process killed when its parent has ended, as an interrupted run of the tests does (Linux only)."""
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


class Forked:
    """A forked process with the manners of `subprocess.Popen`. It is killed when this object is gone."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self.pid = self._number(None)
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Return its exit status, None while it runs."""
        return self._ended(0)

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it ends, and return its exit status. Raises subprocess.TimeoutExpired."""
        ended = self._ended(timeout)
        if ended is None:
            assert timeout is not None, "without a limit, the wait has an end"
            raise subprocess.TimeoutExpired("a forked process", timeout)
        return ended

    def send_signal(self, number: int, /) -> None:
        """Send it a signal, unless it is known to have ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def _ended(self, timeout: float | None) -> int | None:
        if self.returncode is None:
            try:
                self.returncode = self._number(timeout)
            except (BlockingIOError, TimeoutError):
                return None
            except EOFError:
                # Another thread that waits may have been told.
                if self.returncode is None:
                    raise
        return self.returncode

    def _number(self, timeout: float | None) -> int:
        self._connection.settimeout(timeout)
        told = self._connection.recv(_NUMBER.size)
        if len(told) < _NUMBER.size:
            raise EOFError("the fork server has ended")
        return int(_NUMBER.unpack(told)[0])


def fork(
    program: str,
    arguments: Sequence[str],
    *,
    folder: str | Path,
    environment: Mapping[str, str],
    descriptors: Mapping[int, int],
) -> Forked:
    """Start the same as `python -m PROGRAM ARGUMENTS` in a folder, forked.

    Of what is open here the process gets `descriptors`, each by the number that it is to have there.
    """
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(run_folder.address_of(program, __name__))
    request = {
        "arguments": [*arguments],
        "folder": str(folder),
        "environment": {**environment},
        "descriptors": [*descriptors],
    }
    socket.send_fds(connection, [json.dumps(request).encode() + b"\n"], [*descriptors.values()])
    return Forked(connection)


def _serve(folder: Path, program: str) -> None:
    """Fork what is asked for until the run is over."""
    import_module(_PREPARED.get(program, program))
    if program not in _PREPARED:
        del sys.modules[program]  # it is to run as the main module; what it imported stays
    for thread in threading.enumerate():
        if thread is not threading.current_thread():
            thread.join(_PATIENCE_SECONDS)
    assert threading.active_count() == 1, "a thread that runs on would be missing in whatever is forked"
    gc.collect()
    gc.freeze()
    with (
        run_folder.serving(folder, program) as tell,
        # A TMPDIR of whoever asked first may go before the run does.
        tempfile.TemporaryDirectory(prefix="fork-", dir=folder) as place,
        socket.socket(socket.AF_UNIX) as listener,
    ):
        listener.bind(f"{place}/socket")
        listener.listen(64)
        tell(f"{place}/socket")
        _Server(program, listener).run(folder)


class _Server:
    """The connections of those whose processes run: each is told the process's id, and its status when it ended."""

    def __init__(self, program: str, listener: socket.socket) -> None:
        self._program = program
        self._listener = listener
        self._selector = selectors.DefaultSelector()
        self._connections: dict[int, socket.socket] = {}

    def run(self, folder: Path) -> None:
        ours, theirs = socket.socketpair()
        theirs.setblocking(False)
        signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for end in (self._listener, ours):
            self._selector.register(end, selectors.EVENT_READ)
        while not run_folder.is_over(folder):
            for key, _ in self._selector.select(_LOOK_SECONDS):
                if key.fileobj is self._listener:
                    self._fork()
                elif key.fileobj is ours:
                    ours.recv(4096)
                    self._tell_of_ended()
                else:
                    # Whoever asked has ended, and nobody else has a use for the process.
                    self._selector.unregister(key.fileobj)
                    os.kill(key.data, signal.SIGKILL)

    def _fork(self) -> None:
        connection, _ = self._listener.accept()
        try:
            request, passed = _received(connection)
        except ConnectionError:
            connection.close()  # whoever asked was killed meanwhile
            return
        if not (pid := os.fork()):
            _become(self._program, request, passed)
        for descriptor in passed:
            os.close(descriptor)
        self._connections[pid] = connection
        self._selector.register(connection, selectors.EVENT_READ, pid)
        with contextlib.suppress(ConnectionError):
            connection.send(_NUMBER.pack(pid))

    def _tell_of_ended(self) -> None:
        while self._connections:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return
            connection = self._connections.pop(pid)
            if connection in self._selector.get_map():
                self._selector.unregister(connection)
                with contextlib.suppress(ConnectionError):
                    connection.send(_NUMBER.pack(os.waitstatus_to_exitcode(status)))
            connection.close()


def _received(connection: socket.socket) -> tuple[dict[str, list[str]], list[int]]:
    """Return a request and the descriptors that came with it. Raises ConnectionError where it is not whole."""
    line, passed, _, _ = socket.recv_fds(connection, 1 << 16, _MOST_DESCRIPTORS)
    while not line.endswith(b"\n"):
        more = connection.recv(1 << 16)
        if not more:
            for descriptor in passed:
                os.close(descriptor)
            raise ConnectionError("the request ends early")
        line += more
    return json.loads(line), passed


def _become(program: str, request: dict[str, Any], passed: Sequence[int]) -> NoReturn:
    """Be the process that was asked for, to its end."""
    status = 1
    try:
        end_with_parent()
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        _take(passed, request["descriptors"])
        os.chdir(request["folder"])
        os.environ.clear()
        os.environ.update(request["environment"])
        time.tzset()
        if wall_clock.VARIABLE in os.environ:
            wall_clock.follow(os.environ[wall_clock.VARIABLE])
        sys.argv = [program, *request["arguments"]]
        runpy.run_module(program, run_name="__main__")
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001 - as the interpreter does with what nobody caught
        traceback.print_exc()
    finally:
        # To take the interpreter apart would cost more than some commands do.
        threading._shutdown()  # type: ignore[attr-defined]
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _take(passed: Sequence[int], numbers: Sequence[int]) -> None:
    """Have the descriptors that were passed by the numbers that were asked for, and no other."""
    high = [fcntl.fcntl(descriptor, fcntl.F_DUPFD, _HIGH) for descriptor in passed]
    os.closerange(0, _HIGH)
    for descriptor, number in zip(high, numbers, strict=True):
        os.dup2(descriptor, number)
    os.closerange(_HIGH, max(high) + 1)


if __name__ == "__main__":
    _serve(Path(sys.argv[1]), sys.argv[2])
