"""The transport of the Bot API: a `BaseRequest` of python-telegram-bot on aiohttp.

Its exceptions keep three cases apart: `NotSentError` (Telegram has not got it), `MaybeSentError` (Telegram has
perhaps got it, and nobody knows what came of it), and everything else that python-telegram-bot raises: Telegram's
own answer, in its JSON. The HTTP status decides only what an answer that is not Telegram's leaves open.
"""

import asyncio
import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from typing import IO, Any, BinaryIO, TypeVar, cast

import aiohttp
from aiohttp_socks import ProxyConnectionError, ProxyConnector, ProxyError, ProxyTimeoutError
from telegram.error import NetworkError, TelegramError
from telegram.request import BaseRequest, RequestData

from bot.failover import Failover
from bot.telegram import answer as telegrams_answer
from bot.telegram.answer import ForeignAnswerError
from bot.telegram.routes import ApiRoute

_CONNECT_SECONDS = 10.0
_HASTY_CONNECT_SECONDS = 4.0
"""The patience with a connection where another route is at hand."""
_READ_SECONDS = 20.0
_WHOLE_SECONDS = 60.0
"""The patience, beyond that with silence, with an answer that comes drop by drop."""
_UPLOAD_SECONDS = 120.0
_MOST_CONNECTIONS = 256
_LARGEST_ANSWER = 32 << 20
"""Bytes of an answer that are read: a hundred updates of the largest kind fit."""
_CHUNK = 1 << 16
_JSON = {"Content-Type": "application/json"}
_TURNED_AWAY = frozenset(
    status
    for status in HTTPStatus
    if 300 <= status < 500 or status in (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.NETWORK_AUTHENTICATION_REQUIRED)
) - {HTTPStatus.SEE_OTHER, HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.CONFLICT}
"""Statuses that a server between answers before it passes anything on (RFC 9110, section 15).

Not among them: 303 follows what was done; 408 and 409 may come behind it; 460 and 499 of load balancers, and other
numbers outside of the standard, tell only that a wait has ended.
"""

T = TypeVar("T")

File = tuple[str, bytes | BinaryIO, str]
"""A file's name, its content (bytes, or a file of the system that is read from its beginning) and its MIME type."""


class NotSentError(NetworkError):
    """Telegram has not got the request: to send it again is safe."""


class MaybeSentError(NetworkError):
    """Telegram has perhaps got the request, and its answer is lost: to send it again may repeat it."""


class JsonBody:
    """Parameters of a call as plain JSON values, in the form in which `RequestData` offers its own."""

    contains_files = False

    def __init__(self, parameters: dict[str, Any]) -> None:
        self.json_parameters = {
            name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            for name, value in parameters.items()
            if value is not None
        }


class Encoded:
    """A JSON object that is encoded already, in the place of `RequestData`."""

    contains_files = False

    def __init__(self, body: bytes) -> None:
        self.body = body


class Upload(JsonBody):
    """Parameters of a call with a file for one of them: its name, what it holds and its MIME type."""

    contains_files = True

    def __init__(self, parameters: dict[str, Any], parameter: str, file: File) -> None:
        super().__init__(parameters)
        self.multipart_data = {parameter: file}


class AiohttpRequest(BaseRequest):
    """Sessions of aiohttp to one Bot API, by the best of several routes.

    Addresses of calls begin with that of the first route. A call of which Telegram has got nothing goes out again
    by another route at once; what may have arrived is for the caller to judge. A route that was set aside is tried
    with a call of its own, for which nobody waits. Timeouts are seconds: `read_timeout` between two pieces of an
    answer, `whole_timeout` beyond it for the answer as a whole. Addresses, which hold the token, are in no
    exception and no log line of this class.
    """

    def __init__(
        self,
        routes: Failover[ApiRoute] | None = None,
        *,
        read_timeout: float = _READ_SECONDS,
        whole_timeout: float = _WHOLE_SECONDS,
    ) -> None:
        self._routes = routes or Failover([ApiRoute("")])
        self._read_timeout = read_timeout
        self._whole_timeout = whole_timeout
        self._connect_seconds = _CONNECT_SECONDS if len(self._routes.ways) == 1 else _HASTY_CONNECT_SECONDS
        self._sessions: dict[str, aiohttp.ClientSession] = {}
        self._trial: asyncio.Task[None] | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds that a call waits for its answer unless it says otherwise."""
        return self._read_timeout

    async def initialize(self) -> None:
        """Open the sessions. Safe to repeat."""
        for connector in {_connector_of(route) for route in self._routes.ways} - self._sessions.keys():
            made = ProxyConnector.from_url(connector, limit=_MOST_CONNECTIONS) if connector else None
            # Telegram sets no cookies. What a gateway sets would go to Telegram with each call, long after it, and
            # Telegram refuses a head that is too long.
            self._sessions[connector] = aiohttp.ClientSession(
                connector=made or aiohttp.TCPConnector(limit=_MOST_CONNECTIONS),
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=False,
            )

    async def shutdown(self) -> None:
        """Close the sessions. Safe to repeat."""
        if self._trial is not None:
            self._trial.cancel()
            await asyncio.gather(self._trial, return_exceptions=True)
        sessions, self._sessions = self._sessions, {}
        for session in sessions.values():
            await session.close()

    async def call(self, url: str, parameters: dict[str, Any], *, timeout: float | None = None) -> Any:
        """Post a call with JSON values and return the raw `result`.

        Raises what Telegram answers as python-telegram-bot's errors, and NotSentError or MaybeSentError where it
        does not answer.
        """
        body = cast(RequestData, JsonBody(parameters))
        return await self._result(url, body, read_timeout=self._read_timeout if timeout is None else timeout)

    async def upload(self, url: str, body: Upload) -> Any:
        """Post a call with a file and return the raw `result`. Raises what `call` raises."""
        return await self._result(url, cast(RequestData, body))

    async def post_encoded(self, url: str, body: bytes, *, within: float) -> Any:
        """Post a JSON object that is encoded already and return the raw `result`, all `within` so many seconds.

        Raises what `call` raises.
        """
        try:
            async with asyncio.timeout(within):
                return await self._result(url, cast(RequestData, Encoded(body)), read_timeout=self._read_timeout)
        except TimeoutError:
            raise MaybeSentError("no answer in time") from None

    async def download(self, url: str, *, most_bytes: int) -> bytes | None:
        """Return a file of Telegram's, None where it is larger than `most_bytes`. Raises what `call` raises."""

        def judge(status: int, body: bytes) -> bytes | None:
            if status != HTTPStatus.OK:
                _read("getFile", status, body)
                raise NotSentError(f"no file: status {status}")
            return body if len(body) <= most_bytes else None

        return await self._routed(_Exchange("GET", url, most_bytes=most_bytes + 1), judge)

    async def do_request(  # noqa: PLR0917 - the interface is python-telegram-bot's
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Return (200, body) of an answer that is Telegram's, for python-telegram-bot's own calls.

        Raises what `call` raises: the library would judge by the HTTP status, whoever answered.
        """

        def judge(status: int, body: bytes) -> tuple[int, bytes]:
            _read(_method_of(url), status, body)
            return HTTPStatus.OK, body

        timeouts = _Timeouts(read_timeout, write_timeout, connect_timeout, pool_timeout)
        return await self._routed(_Exchange(method, url, request_data, timeouts), judge)

    async def _result(self, url: str, data: RequestData, *, read_timeout: Any = BaseRequest.DEFAULT_NONE) -> Any:
        if self._trial is None and (aside := self._routes.due()) is not None:
            self._trial = asyncio.create_task(self._try(aside, f"{url.rpartition('/')[0]}/getMe"))
        return await self._routed(
            _Exchange("POST", url, data, _Timeouts(read_timeout)), partial(_read, _method_of(url))
        )

    async def _routed(self, exchange: "_Exchange", judge: Callable[[int, bytes], T]) -> T:
        """Return what `judge` makes of the answer, by the first route that leads to Telegram."""
        tried = set[ApiRoute]()
        while True:
            route = self._routes.current()
            tried.add(route)
            try:
                result = judge(*await self._exchange(exchange, route))
            except NotSentError:
                self._routes.failed(route)
                if self._routes.current() in tried:
                    raise
            except (MaybeSentError, asyncio.CancelledError):
                self._routes.lost(route)
                raise
            except TelegramError:
                self._routes.worked(route)  # it is Telegram who refuses
                raise
            else:
                self._routes.worked(route)
                return result

    async def _try(self, route: ApiRoute, url: str) -> None:
        """Find out whether a route that was set aside leads to Telegram again."""
        try:
            _read("getMe", *await self._exchange(_Exchange("GET", url), route))
        except (NotSentError, MaybeSentError):
            self._routes.failed(route)
        except TelegramError:
            self._routes.worked(route)
        else:
            self._routes.worked(route)
        finally:
            self._trial = None

    async def _exchange(self, exchange: "_Exchange", route: ApiRoute) -> tuple[int, bytes]:
        """Return (HTTP status, body), whoever answers on a route."""
        session = self._sessions.get(_connector_of(route))
        if session is None:
            raise NotSentError("the transport is not open")
        uploads = exchange.data is not None and exchange.data.contains_files
        whole = None if uploads or exchange.most_bytes is not None else self._whole_timeout
        timeout = exchange.timeouts.of_call(self._read_timeout, self._connect_seconds, uploads=uploads, whole=whole)
        headers, body = _body(exchange.data)
        try:
            async with session.request(
                exchange.method,
                route.api + exchange.url.removeprefix(self._routes.ways[0].api),
                data=body,
                headers=headers,
                timeout=timeout,
                proxy=route.proxy if route.proxy.startswith("http") else None,
                allow_redirects=False,
            ) as answer:
                return answer.status, await _content(answer, exchange.most_bytes)
        except (
            aiohttp.ConnectionTimeoutError,
            aiohttp.ClientConnectorError,
            # A proxy refused to lead us to Telegram.
            aiohttp.ClientHttpProxyError,
            ProxyError,
            ProxyConnectionError,
            ProxyTimeoutError,
            aiohttp.InvalidURL,
        ) as error:
            raise NotSentError(f"no connection: {type(error).__name__}") from None
        except (TimeoutError, aiohttp.ClientError, OSError, EOFError, ValueError) as error:
            raise MaybeSentError(f"no answer: {type(error).__name__}") from None


def _connector_of(route: ApiRoute) -> str:
    """Return the SOCKS proxy of a route, which takes a connector of its own; "" for the one of all others."""
    return route.proxy if route.proxy.startswith("socks") else ""


@dataclass(frozen=True, slots=True)
class _Timeouts:
    """Timeouts of a call in seconds, as python-telegram-bot gives them: DEFAULT_NONE stands for the usual ones."""

    read: Any = BaseRequest.DEFAULT_NONE
    write: Any = BaseRequest.DEFAULT_NONE
    connect: Any = BaseRequest.DEFAULT_NONE
    pool: Any = BaseRequest.DEFAULT_NONE

    def of_call(
        self, usual_read: float, usual_connect: float, *, uploads: bool, whole: float | None
    ) -> aiohttp.ClientTimeout:
        """Return aiohttp's timeouts; its answer to an upload comes after all of it was written.

        `whole` is the patience with an answer beyond that with silence, None for one of any length.
        """
        read = _either(self.read, usual_read)
        if uploads and read is not None:
            read = max(read, _either(self.write, _UPLOAD_SECONDS) or 0.0)
        return aiohttp.ClientTimeout(
            total=None if whole is None or read is None else read + whole,
            connect=_either(self.pool, usual_connect),
            sock_connect=_either(self.connect, usual_connect),
            sock_read=read,
        )


@dataclass(frozen=True, slots=True)
class _Exchange:
    """A request as it goes out by any route; with `most_bytes` only so many of its answer are read."""

    method: str
    url: str = field(repr=False)
    data: RequestData | None = None
    timeouts: _Timeouts = field(default_factory=_Timeouts)
    most_bytes: int | None = None


async def _content(answer: aiohttp.ClientResponse, most_bytes: int | None) -> bytes:
    """Return the body; with `most_bytes` only so many of it. Raises MaybeSentError where it is too large for us."""
    most = _LARGEST_ANSWER if most_bytes is None else most_bytes
    chunks, size = [], 0
    async for chunk in answer.content.iter_chunked(_CHUNK):
        chunks.append(chunk)
        size += len(chunk)
        if size > most:
            if most_bytes is None:
                raise MaybeSentError(f"the answer is larger than {most} bytes")
            break
    return b"".join(chunks)[:most]


def _read(method: str, status: int, body: bytes) -> Any:
    """Return the `result` of an answer. Raises what `AiohttpRequest.call` raises."""
    try:
        return telegrams_answer.read(method, body)
    except ForeignAnswerError as error:
        kind = NotSentError if _turns_away(status) else MaybeSentError
        raise kind(f"not Telegram's answer: {error}, status {status}") from None


def _turns_away(status: int) -> bool:
    """Return whether whoever answers with that HTTP status has passed nothing on: a filter, a proxy, a login page.

    A gateway's 5xx (502, 504) may hide that Telegram has got the request (RFC 9110, section 15.6).
    """
    return status in _TURNED_AWAY


def _method_of(url: str) -> str:
    return url.rsplit("/", 1)[-1]


def _either(seconds: Any, default: float) -> float | None:
    return default if seconds is BaseRequest.DEFAULT_NONE else seconds


def _body(data: RequestData | Encoded | None) -> tuple[dict[str, str], aiohttp.FormData | bytes | None]:
    """Return the headers and the body of a call; as JSON where it may be: a form takes three times the letters."""
    if data is None:
        return {}, None
    if isinstance(data, Encoded):
        return _JSON, data.body
    if not data.contains_files:
        return _JSON, json.dumps(data.json_parameters, ensure_ascii=False).encode()
    form = aiohttp.FormData()
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mime) in data.multipart_data.items():
        form.add_field(name, _readable(content), filename=filename, content_type=mime)
    return {}, form


def _readable(content: bytes | IO[bytes]) -> bytes | IO[bytes]:
    """Return what aiohttp reads, and closes: each try has a file of its own, from the beginning."""
    if isinstance(content, bytes):
        return content
    copied = os.fdopen(os.dup(content.fileno()), "rb")
    copied.seek(0)
    return copied
