"""The Bot API's way over the wire: a `BaseRequest` of python-telegram-bot on aiohttp.

Its exceptions keep three cases apart: `NotSentError` (nothing was written), `MaybeSentError` (it was perhaps
written, and nobody knows what came of it), and everything else that python-telegram-bot raises (answered).
"""

import asyncio
import json
from typing import Any, cast

import aiohttp
from aiohttp_socks import ProxyConnector
from telegram.error import NetworkError
from telegram.request import BaseRequest, RequestData

_CONNECT_SECONDS = 10.0
_READ_SECONDS = 20.0
_UPLOAD_SECONDS = 120.0
_MOST_CONNECTIONS = 256
_JSON = {"Content-Type": "application/json"}


class NotSentError(NetworkError):
    """Nothing of the request was written: to send it again is safe."""


class MaybeSentError(NetworkError):
    """The request was perhaps written and its answer is lost: to send it again may repeat it."""


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

    def __init__(self, parameters: dict[str, Any], parameter: str, file: tuple[str, bytes, str]) -> None:
        super().__init__(parameters)
        self.multipart_data = {parameter: file}


class AiohttpRequest(BaseRequest):
    """One aiohttp session to one Bot API server.

    `proxy` is an http:// or socks5:// address. Timeouts are seconds. Addresses, which hold the token, are in
    no exception and no log line of this class.
    """

    def __init__(self, *, proxy: str | None = None, read_timeout: float = _READ_SECONDS) -> None:
        self._proxy = proxy
        self._read_timeout = read_timeout
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds that a call waits for its answer unless it says otherwise."""
        return self._read_timeout

    async def initialize(self) -> None:
        """Open the session. Safe to repeat."""
        if self._session is not None:
            return
        connector: aiohttp.BaseConnector
        if self._proxy and self._proxy.startswith("socks"):
            connector = ProxyConnector.from_url(self._proxy, limit=_MOST_CONNECTIONS)
        else:
            connector = aiohttp.TCPConnector(limit=_MOST_CONNECTIONS)
        self._session = aiohttp.ClientSession(connector=connector, trust_env=False, auto_decompress=True)

    async def shutdown(self) -> None:
        """Close the session. Safe to repeat."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def call(self, url: str, parameters: dict[str, Any], *, timeout: float | None = None) -> Any:
        """Post a call with JSON values and return the raw `result`. Raises what `do_request` and PTB raise."""
        body = cast(RequestData, JsonBody(parameters))
        return await self.post(url, body, read_timeout=self._read_timeout if timeout is None else timeout)

    async def upload(self, url: str, body: Upload) -> Any:
        """Post a call with a file and return the raw `result`. Raises what `call` raises."""
        return await self.post(url, cast(RequestData, body))

    async def post_encoded(self, url: str, body: bytes, *, within: float) -> Any:
        """Post a JSON object that is encoded already and return the raw `result`, all `within` so many seconds.

        Raises what `call` raises.
        """
        try:
            async with asyncio.timeout(within):
                return await self.post(url, cast(RequestData, Encoded(body)), read_timeout=self._read_timeout)
        except TimeoutError:
            raise MaybeSentError("no answer in time") from None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Return (HTTP status, body). Raises NotSentError or MaybeSentError where there is no whole answer."""
        if self._session is None:
            raise NotSentError("the transport is not open")
        uploads = request_data is not None and request_data.contains_files
        read = _either(read_timeout, self._read_timeout)
        if uploads and read is not None:
            read = max(read, _either(write_timeout, _UPLOAD_SECONDS) or 0.0)
        timeout = aiohttp.ClientTimeout(
            total=None,
            connect=_either(pool_timeout, _CONNECT_SECONDS),
            sock_connect=_either(connect_timeout, _CONNECT_SECONDS),
            sock_read=read,
        )
        proxy = self._proxy if self._proxy and self._proxy.startswith("http") else None
        headers, body = _body(request_data)
        try:
            async with self._session.request(
                method,
                url,
                data=body,
                headers=headers,
                timeout=timeout,
                proxy=proxy,
                allow_redirects=False,
            ) as answer:
                return answer.status, await answer.read()
        except (aiohttp.ConnectionTimeoutError, aiohttp.ClientConnectorError, aiohttp.InvalidURL) as error:
            raise NotSentError(f"no connection: {type(error).__name__}") from None
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise MaybeSentError(f"no answer: {type(error).__name__}") from None


def _either(given: Any, default: float) -> float | None:
    return default if given is BaseRequest.DEFAULT_NONE else given


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
        form.add_field(name, content, filename=filename, content_type=mime)
    return {}, form
