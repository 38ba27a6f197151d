"""Work that is done in a process of its own: foreign bytes, heavy libraries, anything that may get stuck."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import structlog

from bot import counters
from bot.subprocesses.channel import Channel, TooLargeError
from bot.subprocesses.job import Arguments, Job, JobFailure, MalformedError, Result, decode_answer, encode_request

LARGEST_ANSWER = 32_000_000
"""The most bytes of an answer: several times what the largest feed becomes."""

PATIENCE = 30.0
"""The seconds that a request may wait for anything but a core, besides the seconds of CPU that it may take."""

_START_SECONDS = 60.0
_LARGEST_GREETING = 64
_GRACE = 1.0
_LONGEST_REASON = 200
_log = structlog.get_logger(__name__)


class SideProcessError(Exception):
    """The process did not do its job; the message is a short reason."""


class _GoneError(Exception):
    """The process ended; `returncode` is subprocess's."""

    def __init__(self, returncode: int | None) -> None:
        super().__init__(returncode)
        self.returncode = returncode


def start_program(
    module: str, end: socket.socket, seconds: float, variables: Mapping[str, str]
) -> "subprocess.Popen[bytes]":
    """Start the process of `module` (see the server), which has nothing of ours but its `end` of the socket."""
    command = [sys.executable, "-P", "-m", module, str(end.fileno()), str(seconds)]
    # The command is our own interpreter and module.
    return subprocess.Popen(  # noqa: S603
        command,
        pass_fds=(end.fileno(),),
        env=variables,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )


class SideProcess:
    """One warm process of `module` (see the server), started at the first request and again after it died.

    A request may take `seconds` of CPU, the start of the process not counted, and `patience` seconds more of the
    clock. After `idle` seconds without a request the process ends (None: it stays). One that holds more than
    `most_memory` bytes ends after its answer, and so does one whose answer is not what its job declares.

    The process gets nothing of ours but its end of the socket: no file, no folder, and of the environment what
    Python needs and the variables that `environment` names. Safe to use from several tasks: requests queue.
    `close` it.
    """

    def __init__(
        self,
        module: str,
        seconds: float,
        *,
        idle: float | None = None,
        most_memory: int | None = None,
        environment: Sequence[str] = (),
        patience: float = PATIENCE,
    ) -> None:
        self._module = module
        self._seconds = seconds
        self._idle = idle
        self._most_memory = most_memory
        self._environment = environment
        self._patience = patience
        # A thread of its own: requests queue here, and never in the pool that also resolves names.
        self._thread = ThreadPoolExecutor(1, module.rpartition(".")[2])
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: Channel | None = None
        self._rest: asyncio.TimerHandle | None = None
        self._closed = False

    @property
    def pid(self) -> int | None:
        """The id of the process, None where there is none now."""
        process = self._process
        return None if process is None else process.pid

    async def do(self, job: Job[*Arguments, Result], *arguments: *Arguments) -> Result:
        """Run a job in the process and return its result.

        Raises SideProcessError where it cannot, or not in time.
        """
        if self._closed:
            raise SideProcessError("it is closed")
        self._put_off_rest()
        loop = asyncio.get_running_loop()
        result = await loop.run_in_executor(self._thread, lambda: self._call(job, *arguments))
        self._put_off_rest()
        if isinstance(result, JobFailure):
            raise SideProcessError(result.reason)
        return result

    async def start(self) -> None:
        """Start the process where there is none; where that fails, the next request says so."""
        if self._closed or self._process is not None:
            return
        await asyncio.get_running_loop().run_in_executor(self._thread, self._try_to_start)

    async def close(self) -> None:
        """End the process. Harmless when repeated; a request under way is cut short."""
        if self._closed:
            return
        self._closed = True
        if self._rest is not None:
            self._rest.cancel()
        if (process := self._process) is not None:
            process.kill()
        await asyncio.get_running_loop().run_in_executor(self._thread, self._stop)
        self._thread.shutdown(wait=False)

    def _put_off_rest(self) -> None:
        """Postpone the end of the idle process."""
        if self._rest is not None:
            self._rest.cancel()
        if self._idle is not None and not self._closed:
            loop = asyncio.get_running_loop()
            self._rest = loop.call_later(self._idle, self._thread.submit, self._stop)

    def _call(self, job: Job[*Arguments, Result], *arguments: *Arguments) -> Result | JobFailure:
        try:
            request = encode_request(job, *arguments)
        except MalformedError as error:
            return JobFailure(f"cannot be asked for ({error})")
        for attempt in (1, 2):
            if self._closed:
                return JobFailure("it is closed")
            try:
                return decode_answer(job, self._exchange(request))
            except (MalformedError, TooLargeError) as error:
                _log.error(
                    "side_process_malformed", module=self._module, job=job.name, reason=str(error)[:_LONGEST_REASON]
                )
                self._stop()
                return JobFailure("the process gave no answer that can be read")
            except _GoneError as gone:
                counters.SIDE_PROCESS_DEATHS.labels(self._module.rpartition(".")[2]).inc()
                _log.warning(
                    "side_process_died",
                    module=self._module,
                    job=job.name,
                    returncode=gone.returncode,
                    attempt=attempt,
                )
                if gone.returncode == -signal.SIGPROF:
                    return JobFailure(f"took more than {self._seconds:g} seconds")
                # Killed from outside, perhaps while it was idle: worth a second try.
        return JobFailure("the process ended at this input")

    def _exchange(self, request: bytes) -> bytes:
        """Return the answer to a request. Raises TooLargeError, and _GoneError where none comes."""
        channel = self._start()
        # The process's own alarm comes first; this is for one that waits for something else than a core.
        seconds = self._seconds + self._patience
        try:
            channel.send(request, seconds)
            answer = channel.receive(LARGEST_ANSWER, seconds)
        except (EOFError, OSError) as error:
            raise _GoneError(self._stop()) from error
        if self._has_outgrown():
            self._stop()
        return answer

    def _has_outgrown(self) -> bool:
        """Return whether the process holds more memory than it may keep; never where the system does not tell."""
        if self._most_memory is None or self._process is None:
            return False
        try:
            resident = int(Path(f"/proc/{self._process.pid}/statm").read_text().split()[1])
        except (OSError, ValueError, IndexError):
            return False
        return resident * os.sysconf("SC_PAGE_SIZE") > self._most_memory

    def _start(self) -> Channel:
        # One that speaks unasked is not believed in what it says next, and one that has died can be read, too.
        if self._channel is not None and not self._channel.is_ready():
            return self._channel
        self._stop()
        own_end, other_end = socket.socketpair()
        try:
            self._process = start_program(self._module, other_end, self._seconds, self._variables())
        except OSError as error:
            own_end.close()
            raise _GoneError(None) from error
        finally:
            other_end.close()
        self._channel = Channel(own_end)
        try:
            self._channel.receive(_LARGEST_GREETING, _START_SECONDS)
        except (EOFError, OSError, TooLargeError) as error:
            raise _GoneError(self._stop()) from error
        return self._channel

    def _try_to_start(self) -> None:
        with suppress(_GoneError):
            self._start()

    def _variables(self) -> dict[str, str]:
        """Return the environment of the process."""
        path = os.pathsep.join(os.path.abspath(entry) for entry in sys.path if entry)
        named = {name: os.environ[name] for name in self._environment if name in os.environ}
        return {"PYTHONPATH": path, "LANG": "C.UTF-8"} | named

    def _stop(self) -> int | None:
        """Hang up, end the process if it has not ended by itself, and return how it ended."""
        channel, self._channel = self._channel, None
        process, self._process = self._process, None
        if channel is not None:
            channel.close()
        if process is None:
            return None
        try:
            return process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()
