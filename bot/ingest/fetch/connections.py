"""Connections to sites: opened through the guard or a proxy, a few of them kept for the next request.

A connection that fails while it is opened leaves no socket behind: httpcore forgets the one to a SOCKS proxy whose
handshake breaks off, so the streams of each connection through a proxy are remembered here until it has answered.
"""

import ssl
import sys
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from functools import cache
from importlib.util import find_spec

import anyio
import httpcore
import httpx

from bot.failover import Failover
from bot.ingest.fetch.sockets import AsyncioBackend

_MOST_IDLE = 32
_IDLE_SECONDS = 15.0
# How much h11 parses as one head, line or trailer; its own 100 kB are a tenth of a second.
httpcore.AsyncHTTP11Connection.MAX_INCOMPLETE_EVENT_SIZE = 16 * 1024
if find_spec("sniffio") is None:
    # httpcore imports it twice for each connection; where it is not installed, each of these searches the disk.
    sys.modules["sniffio"] = None  # type: ignore[assignment]
_GONE = (httpcore.RemoteProtocolError, httpcore.ReadError, httpcore.WriteError)


@cache
def tls() -> ssl.SSLContext:
    """Return what connections over TLS are checked by; to read the certificates takes a tenth of a second, once."""
    return httpx.create_ssl_context(trust_env=False)


class Connections:
    """Opens connections, and keeps up to 32 idle ones for 15 seconds, one for each origin and proxy.

    Those in use have no limit of their own: `Turns` bounds them. httpcore's pool, which would, walks over all of
    its connections at every request. `proxies` are http or socks5 URLs, the preferred first, and "" for none; one
    that cannot be reached gives way to the next. `backend` connects to sites, and `to_proxies` to a proxy that a
    request names in the place of all these.
    """

    def __init__(
        self,
        backend: httpcore.AsyncNetworkBackend,
        proxies: Sequence[str],
        to_proxies: httpcore.AsyncNetworkBackend,
    ) -> None:
        # With its first lock anyio loads what it runs on, for 50 ms: better now than at a first request. So it is
        # with the certificates.
        anyio.Lock()
        tls()
        self._backend = backend
        self._proxies = Failover(proxies or [""])
        self._to_proxies = to_proxies
        self._idle: OrderedDict[_Route, httpcore.AsyncConnectionInterface] = OrderedDict()

    @asynccontextmanager
    async def send(self, request: httpcore.Request, proxy: str = "") -> AsyncIterator[httpcore.Response]:
        """Send a request, by a `proxy` of its own where it has one; the answer's body is there to be read.

        Raises httpcore's errors and the guard's.
        """
        if proxy:
            route, (connection, answer) = (proxy, str(request.url.origin)), await self._answered(request, own=proxy)
        else:
            route, (connection, answer) = await self._by_the_best(request)
        try:
            yield answer
        finally:
            # It closes the connection as well, unless the answer was read to its end.
            await answer.aclose()
        if connection.is_available():
            await self._store_idle(route, connection)

    async def close(self) -> None:
        """Close the idle connections."""
        while self._idle:
            await self._idle.popitem()[1].aclose()

    async def _by_the_best(self, request: httpcore.Request) -> tuple["_Route", "_Answered"]:
        """Return the answer by the first proxy that can be reached, and the route that it came by."""
        tried = set[str]()
        while True:
            proxy = self._proxies.due()
            proxy = self._proxies.current() if proxy is None else proxy
            tried.add(proxy)
            try:
                answered = await self._answered(request, proxy=proxy)
            except ProxyUnreachableError:
                self._proxies.failed(proxy)
                if self._proxies.current() in tried:
                    raise
            else:
                self._proxies.worked(proxy)
                return (proxy, str(request.url.origin)), answered

    async def _answered(self, request: httpcore.Request, *, proxy: str = "", own: str = "") -> "_Answered":
        kept = self._idle.pop((own or proxy, str(request.url.origin)), None)
        if kept is not None and kept.has_expired():
            await kept.aclose()
        elif kept is not None:
            try:
                return kept, await kept.handle_async_request(request)
            except _GONE:
                pass  # the site closed it while the request was on its way
        if not (own or proxy):
            direct = _directly(request.url.origin, self._backend)
            return direct, await direct.handle_async_request(request)
        return await _opened(request, own or proxy, self._to_proxies if own else AsyncioBackend())

    async def _store_idle(self, route: "_Route", connection: httpcore.AsyncConnectionInterface) -> None:
        surplus = [self._idle.pop(route)] if route in self._idle else []
        self._idle[route] = connection
        # A site may have closed the newest one, too: then none is left.
        while self._idle and (len(self._idle) > _MOST_IDLE or next(iter(self._idle.values())).has_expired()):
            surplus.append(self._idle.popitem(last=False)[1])
        for idle in surplus:
            await idle.aclose()


_Route = tuple[str, str]
"""The proxy ("": none), and the origin."""
_Answered = tuple[httpcore.AsyncConnectionInterface, httpcore.Response]


class ProxyUnreachableError(httpcore.ConnectError):
    """There is no connection to a proxy itself: nothing was asked through it."""


async def _opened(request: httpcore.Request, proxy: str, backend: httpcore.AsyncNetworkBackend) -> _Answered:
    remembering = _TrackingBackend(backend)
    connection = _through(proxy, request.url.origin, remembering)
    try:
        return connection, await connection.handle_async_request(request)
    except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
        await remembering.close()
        if remembering.is_connected:
            raise
        raise ProxyUnreachableError(str(error)) from error
    except BaseException:
        await remembering.close()
        raise


class _TrackingBackend(httpcore.AsyncNetworkBackend):
    """Connects as `inner` does, and can close what it has opened."""

    def __init__(self, inner: httpcore.AsyncNetworkBackend) -> None:
        self._inner = inner
        self._streams: list[httpcore.AsyncNetworkStream] = []

    async def connect_tcp(  # noqa: PLR0917 - the interface is httpcore's
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        stream = await self._inner.connect_tcp(host, port, timeout, local_address, socket_options)
        self._streams.append(stream)
        return stream

    @property
    def is_connected(self) -> bool:
        return bool(self._streams)

    async def sleep(self, seconds: float) -> None:
        await self._inner.sleep(seconds)

    async def close(self) -> None:
        for stream in self._streams:
            await stream.aclose()


def _directly(origin: httpcore.Origin, backend: httpcore.AsyncNetworkBackend) -> httpcore.AsyncConnectionInterface:
    return httpcore.AsyncHTTPConnection(
        origin, ssl_context=tls(), keepalive_expiry=_IDLE_SECONDS, network_backend=backend
    )


def _through(
    proxy: str, origin: httpcore.Origin, backend: httpcore.AsyncNetworkBackend
) -> httpcore.AsyncConnectionInterface:
    parsed = httpx.Proxy(proxy)
    url = httpcore.URL(
        scheme=parsed.url.raw_scheme, host=parsed.url.raw_host, port=parsed.url.port, target=parsed.url.raw_path
    )
    kind = httpcore.AsyncSOCKSProxy if parsed.url.scheme == "socks5" else httpcore.AsyncHTTPProxy
    pool = kind(
        proxy_url=url,
        proxy_auth=parsed.raw_auth,
        ssl_context=tls(),
        keepalive_expiry=_IDLE_SECONDS,
        network_backend=backend,
    )
    return pool.create_connection(origin)
