"""Fetching a source or a page: bounded in bytes, time, redirects and addresses."""

import asyncio
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from weakref import WeakValueDictionary

import httpcore
import httpx

from bot.clock import Clock
from bot.errors import SourceError
from bot.ingest.fetch.inflate import Inflater
from bot.ingest.fetch.ssrf_guard import AllowList, Guard, GuardedBackend, Resolver, resolve

MAX_BYTES = 5_000_000
"""The most that a body may measure once decompressed."""
MAX_SECONDS = 20.0
"""The most that one fetch may take, its redirects included, its wait for a turn at the host not."""
MAX_REDIRECTS = 5
PER_HOST = 2
"""Requests to one host under way at once."""
_MAX_URL = 4096
_MAX_VALIDATOR = 500
_REDIRECTS = (301, 302, 303, 307, 308)
_TIMEOUT = httpx.Timeout(10.0, connect=6.0)
_ACCEPT = "application/rss+xml, application/atom+xml, application/feed+json, text/html;q=0.9, */*;q=0.5"


@dataclass(frozen=True, slots=True)
class Response:
    """A page or feed as it came. `url` is the one that answered in the end; `body` is decompressed.

    `etag` and `last_modified` are to be handed in at the next fetch ("" where the site sent none). `max_age`
    is for how many seconds the site says that the answer stays fresh, None where it does not say.
    """

    status: int
    url: str
    body: bytes
    content_type: str
    etag: str
    last_modified: str
    max_age: int | None


@dataclass(frozen=True, slots=True)
class NotModified:
    """The site says that nothing has changed since the fetch whose `etag` or `last_modified` we gave."""

    url: str
    max_age: int | None


class HttpStatusError(SourceError):
    """The site answered with an error. `retry_after` is the seconds that it asks us to wait, or None."""

    def __init__(self, status: int, retry_after: int | None) -> None:
        super().__init__(f"the site answered {status}")
        self.status = status
        self.retry_after = retry_after


class _GuardedTransport(httpx.AsyncHTTPTransport):
    """httpx's transport over a pool whose sockets connect through the guard.

    httpx offers no public way to give a pool a network backend, so the pool is put in by name.
    """

    def __init__(self, context: ssl.SSLContext, guard: Guard) -> None:
        super().__init__(verify=context, trust_env=False)
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=context,
            max_connections=40,
            max_keepalive_connections=10,
            keepalive_expiry=15.0,
            network_backend=GuardedBackend(guard),
        )


class Fetcher:
    """Fetches for every source. One per event loop; `close` it.

    `allow` are the hosts inside that may be reached; `proxy` is an http or socks5 URL, behind which names are
    resolved and checked before the request goes out. `resolver` stands in for DNS in tests.
    """

    def __init__(
        self, clock: Clock, *, allow: AllowList | None = None, proxy: str = "", resolver: Resolver = resolve
    ) -> None:
        self._clock = clock
        self._guard = Guard(allow or AllowList(), resolver)
        context = httpx.create_ssl_context(trust_env=False)
        transport: httpx.AsyncBaseTransport = (
            httpx.AsyncHTTPTransport(verify=context, trust_env=False, proxy=proxy)
            if proxy
            else _GuardedTransport(context, self._guard)
        )
        self._proxied = bool(proxy)
        self._turns: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()
        self._client = httpx.AsyncClient(
            transport=transport,
            timeout=_TIMEOUT,
            trust_env=False,
            follow_redirects=False,
            headers={
                "User-Agent": f"Peyk/{version('peyk')}",
                "Accept": _ACCEPT,
                "Accept-Encoding": "gzip, deflate",
            },
        )

    async def close(self) -> None:
        """Close every connection."""
        await self._client.aclose()

    async def get(
        self,
        url: str,
        *,
        etag: str = "",
        last_modified: str = "",
        max_bytes: int = MAX_BYTES,
        max_seconds: float = MAX_SECONDS,
    ) -> Response | NotModified:
        """Fetch `url`, following at most five redirects.

        Raises HttpStatusError where the site answers with an error, SourceError for everything else: an address
        that may not be reached, no answer in time, a body that is too large.
        """
        conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        conditions = {name: value for name, value in conditions.items() if value}
        spent = 0.0
        loop = asyncio.get_running_loop()
        for _ in range(MAX_REDIRECTS + 1):
            target = checked_url(url)
            async with self._turn(target.host):
                began = loop.time()
                with _as_source_errors(target.host):
                    async with asyncio.timeout(max_seconds - spent):
                        answer = await self._hop(target, conditions, max_bytes)
                spent += loop.time() - began
            if not isinstance(answer, str):
                return answer
            url = answer
        raise SourceError(f"more than {MAX_REDIRECTS} redirects")

    def _turn(self, host: str) -> asyncio.Semaphore:
        turn = self._turns.get(host)
        if turn is None:
            turn = self._turns[host] = asyncio.Semaphore(PER_HOST)
        return turn

    async def _hop(
        self, url: httpx.URL, conditions: Mapping[str, str], max_bytes: int
    ) -> Response | NotModified | str:
        """One request: the answer, or the address that it redirects to."""
        if self._proxied:
            await self._guard.addresses(url.host, url.port or (443 if url.scheme == "https" else 80))
        async with self._client.stream("GET", url, headers=conditions) as answer:
            max_age = _max_age(answer.headers, self._clock())
            if answer.status_code in _REDIRECTS and "location" in answer.headers:
                return str(url.join(answer.headers["location"]))
            if answer.status_code == httpx.codes.NOT_MODIFIED and conditions:
                return NotModified(str(url), max_age)
            if answer.status_code != httpx.codes.OK:
                raise HttpStatusError(answer.status_code, _retry_after(answer.headers, self._clock()))
            content_type = answer.headers.get("content-type", "")[:200]
            return Response(
                status=answer.status_code,
                url=str(url),
                body=await _read(answer, max_bytes),
                content_type=content_type,
                etag=_validator(answer.headers, "etag"),
                last_modified=_validator(answer.headers, "last-modified"),
                max_age=max_age,
            )


def checked_url(text: str) -> httpx.URL:
    """Return `text` as a URL. Raises SourceError unless it is http(s) with a host and without a password."""
    try:
        url = httpx.URL(text.strip().partition("#")[0])
    except (httpx.InvalidURL, ValueError, TypeError) as error:
        raise SourceError("this is not a web address") from error
    if url.scheme not in ("http", "https") or not url.host or len(text) > _MAX_URL:
        raise SourceError("only http and https addresses can be fetched")
    if url.userinfo:
        raise SourceError("an address with a user name or password in it is refused")
    return url


async def _read(answer: httpx.Response, limit: int) -> bytes:
    length = answer.headers.get("content-length", "")
    if length.isdecimal() and int(length[:20]) > limit:
        raise SourceError(f"the answer is larger than {limit} bytes")
    inflater = Inflater(answer.headers.get("content-encoding", ""), limit)
    async for chunk in answer.aiter_raw():
        inflater.feed(chunk)
    return inflater.finish()


@contextmanager
def _as_source_errors(host: str) -> Iterator[None]:
    """Turn what the network can do to us into SourceErrors with a reason that a person understands."""
    try:
        yield
    except TimeoutError as error:
        raise SourceError(f"{host} did not answer in time") from error
    except httpx.TimeoutException as error:
        raise SourceError(f"{host} did not answer in time") from error
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, ValueError) as error:
        raise SourceError(f"{host} cannot be reached ({type(error).__name__})") from error


def _validator(headers: httpx.Headers, name: str) -> str:
    """Return a validator to hand back at the next fetch; an absurdly long one is not worth keeping."""
    value = headers.get(name, "")
    return value if len(value) <= _MAX_VALIDATOR else ""


def _retry_after(headers: httpx.Headers, now: int) -> int | None:
    return _seconds_until(headers.get("retry-after", ""), now)


def _max_age(headers: httpx.Headers, now: int) -> int | None:
    for directive in headers.get("cache-control", "").split(","):
        name, _, value = directive.strip().partition("=")
        if name.lower() == "max-age":
            return _seconds_until(value.strip('" '), now)
        if name.lower() in ("no-cache", "no-store"):
            return None
    expires = headers.get("expires", "")
    return _seconds_until(expires, now) if not expires.isdecimal() else None


def _seconds_until(value: str, now: int) -> int | None:
    """Read a number of seconds or an HTTP date (`now` in ms); None where it is neither."""
    if value.isdecimal() and value.isascii():
        return int(value[:9])
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return max(0, int(moment.timestamp() - now / 1000))
