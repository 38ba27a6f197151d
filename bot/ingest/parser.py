"""Parsing of foreign bytes in a process of its own, with a time limit."""

import asyncio
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from bot.errors import SourceError
from bot.ingest.items import Feed, Link, PageArticle

PARSE_SECONDS = 5.0
"""The longest that one feed or page may take to parse."""
_START_SECONDS = 60.0
_PATIENCE = 10.0
_GRACE = 1.0
_log = structlog.get_logger(__name__)


class _WorkerGoneError(Exception):
    """The worker ended; `returncode` is subprocess's."""

    def __init__(self, returncode: int | None) -> None:
        super().__init__(returncode)
        self.returncode = returncode


class Parser:
    """One warm worker process, started at the first request and again after it died. `close` it.

    Every method raises SourceError with a short reason where the bytes cannot be read, or not within `seconds`
    (the start of the process does not count). Safe to use from several tasks and event loops: requests queue.
    """

    def __init__(self, seconds: float = PARSE_SECONDS) -> None:
        self._seconds = seconds
        # A thread of its own: requests queue here, and never in the pool that also resolves names.
        self._thread = ThreadPoolExecutor(1, "parser")
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: Connection | None = None
        self._closed = False

    async def feed(self, body: bytes, content_type: str, url: str, zone: ZoneInfo) -> Feed:
        """Read a feed; see bot.ingest.feed.parse_feed."""
        feed: Feed = await self._ask("feed", body, content_type, url, zone)
        return feed

    async def page(self, body: bytes, content_type: str, url: str, zone: ZoneInfo, now: int) -> PageArticle:
        """Read an article's page; see bot.ingest.page.parse_page. `now` in ms."""
        article: PageArticle = await self._ask("page", body, content_type, url, zone, now)
        return article

    async def listing(self, body: bytes, content_type: str, url: str, selector: str = "") -> tuple[Link, ...]:
        """Read the links of a page; see bot.ingest.listing.parse_listing."""
        links: tuple[Link, ...] = await self._ask("listing", body, content_type, url, selector)
        return links

    async def close(self) -> None:
        """End the worker. Harmless when repeated; a request under way is cut short."""
        if self._closed:
            return
        self._closed = True
        if (process := self._process) is not None:
            process.kill()
        await asyncio.get_running_loop().run_in_executor(self._thread, self._stop)
        self._thread.shutdown(wait=False)

    async def _ask(self, job: str, *arguments: Any) -> Any:
        if self._closed:
            raise SourceError("the parser is closed")
        loop = asyncio.get_running_loop()
        done, result = await loop.run_in_executor(self._thread, self._call, job, arguments)
        if not done:
            raise SourceError(result)
        return result

    def _call(self, job: str, arguments: tuple[Any, ...]) -> tuple[bool, Any]:
        for attempt in (1, 2):
            if self._closed:
                return False, "the parser is closed"
            try:
                return self._exchange(job, arguments)
            except _WorkerGoneError as gone:
                _log.warning("parser_died", job=job, returncode=gone.returncode, attempt=attempt)
                if gone.returncode == -signal.SIGALRM:
                    return False, f"took more than {self._seconds:g} seconds to parse"
                # Killed from outside, perhaps while it was idle: worth a second try.
        return False, "the parser's process ended at this input"

    def _exchange(self, job: str, arguments: tuple[Any, ...]) -> tuple[bool, Any]:
        channel = self._start()
        try:
            channel.send((job, arguments))
            # The worker's own alarm comes first; this is for one that is stopped or swapped out.
            if channel.poll(self._seconds + _PATIENCE):
                answer: tuple[bool, Any] = channel.recv()
                return answer
        except (EOFError, OSError) as error:
            raise _WorkerGoneError(self._stop()) from error
        raise _WorkerGoneError(self._stop())

    def _start(self) -> Connection:
        if self._channel is not None and self._process is not None and self._process.poll() is None:
            return self._channel
        self._stop()
        ours, theirs = Pipe()
        # Only what Python needs: the worker reads strangers' bytes and has no business with the token.
        environment = {"PYTHONPATH": os.pathsep.join(entry for entry in sys.path if entry), "LANG": "C.UTF-8"}
        command = [sys.executable, "-P", "-m", "bot.ingest.worker", str(theirs.fileno()), str(self._seconds)]
        try:
            # The command is our own interpreter and module.
            self._process = subprocess.Popen(  # noqa: S603
                command, pass_fds=(theirs.fileno(),), env=environment, stdin=subprocess.DEVNULL
            )
        except OSError as error:
            ours.close()
            raise _WorkerGoneError(None) from error
        finally:
            theirs.close()
        self._channel = ours
        if not ours.poll(_START_SECONDS):
            raise _WorkerGoneError(self._stop())
        try:
            ours.recv()
        except (EOFError, OSError) as error:
            raise _WorkerGoneError(self._stop()) from error
        return ours

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
