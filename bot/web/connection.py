"""One connection of the server: every stage of it has a time limit.

aiohttp (3.14) limits heads only together with idle connections (`keepalive_timeout`), and neither the reading of an
answer nor the handling of a request; so each stage has its limit here.
"""

import asyncio
from typing import Any, cast

import structlog
from aiohttp import web

from bot import counters
from bot.web.admission import ConnectionAdmission, client_of
from bot.web.answer import answer

HEAD_SECONDS = 10.0
"""The time that a client has for the head of its first request."""

REQUEST_SECONDS = 30.0
"""The time limit of a request once its head is there, its body and our work included."""

IDLE_SECONDS = 75.0
"""The time that a kept connection has for its next request: longer than proxies keep theirs."""

_FAREWELL_SECONDS = 5.0
"""The time that a client has to read the last answer."""

_LINGER_SECONDS = 1.0
"""The time for which the rest of a refused body is read: a client that still writes would not see the answer."""

_LONGEST_LINE = 8_190
_LONGEST_HEADER = 8_190
_MOST_HEADERS = 100

_log = structlog.get_logger(__name__)


class ClientConnection(web.RequestHandler):
    """aiohttp's connection, admitted by `admission` and with a deadline for each stage."""

    __slots__ = ("_admission", "_deadline")

    def __init__(self, server: web.Server, admission: ConnectionAdmission) -> None:
        super().__init__(
            server,
            loop=asyncio.get_running_loop(),
            keepalive_timeout=IDLE_SECONDS,
            access_log=cast(Any, None),  # it is given so by aiohttp's own runner
            max_line_size=_LONGEST_LINE,
            max_field_size=_LONGEST_HEADER,
            max_headers=_MOST_HEADERS,
            lingering_time=_LINGER_SECONDS,
            auto_decompress=False,
        )
        self._admission = admission
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin, or end at once where there is no place."""
        if not self._admission.admit(self, client_of(transport.get_extra_info("peername"))):
            counters.CONNECTIONS_DROPPED.labels("no place").inc()
            cast(asyncio.Transport, transport).abort()
            return
        super().connection_made(transport)
        self._limit(HEAD_SECONDS)

    def connection_lost(self, exc: BaseException | None) -> None:
        """End."""
        self._admission.leave(self)
        if self._deadline is not None:
            self._deadline.cancel()
        super().connection_lost(exc)

    def begin(self) -> None:
        """A request's head is there: limit what follows."""
        self._admission.works(self)
        self._limit(REQUEST_SECONDS)

    def end(self, response: web.Response) -> None:
        """The answer is known: limit how long it takes to be read, and the next request to come."""
        self._admission.waits(self)
        self._limit(_FAREWELL_SECONDS if response.keep_alive is False else IDLE_SECONDS)

    def drop(self, reason: str) -> None:
        """End the connection without an answer. What a handler has begun goes on."""
        if self.transport is not None:
            counters.CONNECTIONS_DROPPED.labels(reason).inc()
            self.transport.abort()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Answer what is no HTTP, or what broke, without repeating it; only the second is for the log."""
        if status >= 500:
            # What is below a route may be secret: a callback's path is.
            above = request.path.rpartition("/")[0]
            _log.error("request_broke", path=f"{above}/…" if above else request.path, exc_info=exc)
        if request.writer.output_size > 0:
            raise ConnectionError("a part of the answer is sent already")
        counters.REQUESTS.labels(status).inc()
        return answer(status)

    def _limit(self, seconds: float) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
        self._deadline = asyncio.get_running_loop().call_later(seconds, self.drop, "too slow")
