"""Connections to sites: opened through the guard or a proxy, a few of them kept for the next request."""

import ssl
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import cache

import anyio
import httpcore
import httpx

from bot.ingest.fetch.sockets import AsyncioBackend

_MOST_IDLE = 32
_IDLE_SECONDS = 15.0
# How much h11 parses as one head, line or trailer; its own 100 kB are a tenth of a second.
httpcore.AsyncHTTP11Connection.MAX_INCOMPLETE_EVENT_SIZE = 16 * 1024
_GONE = (httpcore.RemoteProtocolError, httpcore.ReadError, httpcore.WriteError)


@cache
def tls() -> ssl.SSLContext:
    """Return what connections over TLS are checked by; to read the certificates takes a tenth of a second, once."""
    return httpx.create_ssl_context(trust_env=False)


class Connections:
    """Opens connections, and keeps up to 32 idle ones for 15 seconds, one for each origin.

    Those in use have no limit of their own: `Turns` bounds them. httpcore's pool, which would, walks over all of
    its connections at every request. `proxy` is an http or socks5 URL; `backend` connects where there is none.
    """

    def __init__(self, backend: httpcore.AsyncNetworkBackend, proxy: str = "") -> None:
        # With its first lock anyio loads what it runs on, for 50 ms: better now than at a first request.
        anyio.Lock()
        self._open = _through(proxy, tls()) if proxy else _directly(backend, tls())
        self._idle: OrderedDict[str, httpcore.AsyncConnectionInterface] = OrderedDict()

    @asynccontextmanager
    async def send(self, request: httpcore.Request) -> AsyncIterator[httpcore.Response]:
        """Send a request; the answer's body is there to be read. Raises httpcore's errors and the guard's."""
        connection, answer = await self._answered(request)
        try:
            yield answer
        finally:
            # It closes the connection as well, unless the answer was read to its end.
            await answer.aclose()
        if connection.is_available():
            await self._keep(str(request.url.origin), connection)

    async def close(self) -> None:
        """Close the idle connections."""
        while self._idle:
            await self._idle.popitem()[1].aclose()

    async def _answered(
        self, request: httpcore.Request
    ) -> tuple[httpcore.AsyncConnectionInterface, httpcore.Response]:
        kept = self._idle.pop(str(request.url.origin), None)
        if kept is not None and kept.has_expired():
            await kept.aclose()
        elif kept is not None:
            try:
                return kept, await kept.handle_async_request(request)
            except _GONE:
                pass  # the site closed it while the request was on its way
        connection = self._open(request.url.origin)
        return connection, await connection.handle_async_request(request)

    async def _keep(self, origin: str, connection: httpcore.AsyncConnectionInterface) -> None:
        surplus = [self._idle.pop(origin)] if origin in self._idle else []
        self._idle[origin] = connection
        while len(self._idle) > _MOST_IDLE or next(iter(self._idle.values())).has_expired():
            surplus.append(self._idle.popitem(last=False)[1])
        for one in surplus:
            await one.aclose()


_Opener = Callable[[httpcore.Origin], httpcore.AsyncConnectionInterface]


def _directly(backend: httpcore.AsyncNetworkBackend, context: ssl.SSLContext) -> _Opener:
    def opener(origin: httpcore.Origin) -> httpcore.AsyncConnectionInterface:
        return httpcore.AsyncHTTPConnection(
            origin, ssl_context=context, keepalive_expiry=_IDLE_SECONDS, network_backend=backend
        )

    return opener


def _through(proxy: str, context: ssl.SSLContext) -> _Opener:
    parsed = httpx.Proxy(proxy)
    url = httpcore.URL(
        scheme=parsed.url.raw_scheme, host=parsed.url.raw_host, port=parsed.url.port, target=parsed.url.raw_path
    )
    kind = httpcore.AsyncSOCKSProxy if parsed.url.scheme == "socks5" else httpcore.AsyncHTTPProxy
    pool = kind(
        proxy_url=url,
        proxy_auth=parsed.raw_auth,
        ssl_context=context,
        keepalive_expiry=_IDLE_SECONDS,
        network_backend=AsyncioBackend(),
    )
    return pool.create_connection
