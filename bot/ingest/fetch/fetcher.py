"""Fetching a source or a page: bounded in bytes, time, redirects and addresses."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence, Set
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import BinaryIO

import httpcore
import httpx

from bot.clock import Clock
from bot.errors import SourceError
from bot.ingest.fetch.answer_bounds import with_room_for
from bot.ingest.fetch.connections import Connections
from bot.ingest.fetch.http_headers import Headers, is_validator
from bot.ingest.fetch.inflate import Inflater
from bot.ingest.fetch.lookups import for_source
from bot.ingest.fetch.proxies import ProxyBackend
from bot.ingest.fetch.request_profile import PLAIN, RequestProfile
from bot.ingest.fetch.ssrf_guard import AllowList, Guard, GuardedBackend, Resolver
from bot.ingest.fetch.turns import AWAITED, ORDINARY, Ticket, Turns
from bot.ingest.identity.addresses import same_site
from bot.ingest.raw_document import RawDocument
from bot.setting_forms import DIRECT

MAX_BYTES = 5_000_000
"""The most that a body may measure once decompressed."""
MAX_SECONDS = 20.0
"""The most that one fetch may take at its sites, redirects included; the wait for its turn does not count."""
FILE_SECONDS = 60.0
"""The same for a file that is handed on to Telegram."""
MAX_REDIRECTS = 5
MAX_IN_FLIGHT = 100
"""Requests under way at once in all."""
PER_ORIGIN = 6
"""Requests to one host and port under way at once, as browsers have it."""
MAX_CHUNKS = 5_000
"""Pieces in which a body may come, beside one for each kilobyte; a server's buffers hold some of these."""
_LEAST_CHUNK = 1024
_CHUNKS_AT_ONCE = 50
_WRITTEN_AT_ONCE = 1 << 20
_MAX_URL = 4096
_PERMANENT = (301, 308)
_REDIRECTS = (*_PERMANENT, 302, 303, 307)
_REPEATED = (307, 308)
# How long a site takes over its answer is bounded as a whole.
_TIMEOUTS = {"connect": 6.0}
_NETWORK = (httpcore.NetworkError, httpcore.ProtocolError, httpcore.ProxyError, httpcore.UnsupportedProtocol)
_ACCEPT = "application/rss+xml, application/atom+xml, application/feed+json, text/html;q=0.9, */*;q=0.5"
_HEADERS = [
    (b"User-Agent", f"Peyk/{version('peyk')}".encode()),
    (b"Accept", _ACCEPT.encode()),
    (b"Accept-Encoding", b"gzip, deflate"),
    (b"Connection", b"keep-alive"),
]
_FILE_HEADERS = [
    (name, {b"Accept": b"*/*", b"Accept-Encoding": b"identity"}.get(name, value)) for name, value in _HEADERS
]


@dataclass(frozen=True, slots=True)
class Response:
    """A page or feed as it came. `url` is the one that answered in the end; `body` is decompressed.

    `etag` and `last_modified` are to be handed in at the next fetch ("" where the site sent none). `max_age`
    is for how many seconds the site says that the answer stays fresh, None where it does not say. `took` is how
    many seconds the sites took. `moved_to` is the address that the source has moved to for good, or "". `hub` and
    `topic` are the WebSub hub and the own address that the site's Link header names, or "".
    """

    status: int
    url: str
    body: bytes
    content_type: str
    etag: str
    last_modified: str
    max_age: int | None
    took: float = 0.0
    moved_to: str = ""
    hub: str = ""
    topic: str = ""

    @property
    def document(self) -> RawDocument:
        """The document that came."""
        return RawDocument(self.body, self.content_type, self.url)


@dataclass(frozen=True, slots=True)
class NotModified:
    """The site says that nothing has changed since the fetch whose `etag` or `last_modified` we gave.

    The fields are those of Response.
    """

    url: str
    max_age: int | None
    took: float = 0.0
    moved_to: str = ""


@dataclass(frozen=True, slots=True)
class Redirect:
    """A site's word that what was asked for is at another address."""

    asked: httpx.URL
    target: httpx.URL
    permanent: bool


_Send = Callable[[httpx.URL], Awaitable[Response | NotModified | Redirect]]
"""Makes one request to an address."""


class HttpStatusError(SourceError):
    """The site answered with an error. `retry_after` is the seconds that it asks us to wait, or None."""

    def __init__(self, status: int, retry_after: int | None) -> None:
        super().__init__(f"the site answered {status}")
        self.status = status
        self.retry_after = retry_after


class Fetcher:
    """Fetches for every source. One per event loop; `close` it.

    `allow` are the hosts inside that may be reached; `proxies` are http or socks5 URLs, and DIRECT, of which the
    first that can be reached is used. Names are resolved and checked before a request goes to one. A source's own
    proxy, which its profile names, is used in their place, and in the same way. `resolver` stands in for DNS in
    tests.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        allow: AllowList | None = None,
        proxies: Sequence[str] = (),
        resolver: Resolver | None = None,
    ) -> None:
        self._clock = clock
        allow = allow or AllowList()
        self._guard = Guard(allow, resolver)
        self._connections = Connections(
            GuardedBackend(self._guard),
            ["" if proxy == DIRECT else proxy for proxy in proxies],
            ProxyBackend(allow, resolver),
        )
        self._proxied = any(proxy != DIRECT for proxy in proxies)
        self._turns = Turns(MAX_IN_FLIGHT, PER_ORIGIN)

    @property
    def waiting(self) -> Set[int]:
        """The sources of which a request waits for its turn at a site."""
        return self._turns.waiting

    async def close(self) -> None:
        """Close every connection."""
        await self._connections.close()

    async def get(
        self,
        url: str,
        *,
        max_bytes: int = MAX_BYTES,
        max_seconds: float = MAX_SECONDS,
        ticket: Ticket = ORDINARY,
        profile: RequestProfile = PLAIN,
    ) -> Response:
        """Fetch `url`, following at most five redirects. It waits for its turn first, as long as that takes.

        Each request carries what its source's `profile` has for the origin that is asked.

        Raises HttpStatusError where the site answers with an error, SourceError for everything else: an address
        that may not be reached, no answer in time, a body that is too large.
        """

        async def send(target: httpx.URL) -> Response | NotModified | Redirect:
            return await self._send_request(target, [], profile, max_bytes)

        answer = await self._follow(url, send, max_seconds, ticket)
        assert isinstance(answer, Response), "only conditional requests find nothing new"
        return answer

    async def get_if_changed(
        self,
        url: str,
        *,
        etag: str,
        last_modified: str,
        ticket: Ticket = ORDINARY,
        profile: RequestProfile = PLAIN,
    ) -> Response | NotModified:
        """Fetch `url` as `get` does, unless the site says that it has not changed since the fetch with these.

        `etag` and `last_modified` are those of that fetch's response, "" for none. Raises what `get` does.
        """
        conditions = list(_conditions(etag, last_modified))

        async def send(target: httpx.URL) -> Response | NotModified | Redirect:
            return await self._send_request(target, conditions, profile, MAX_BYTES)

        return await self._follow(url, send, MAX_SECONDS, ticket)

    async def download(self, url: str, file: BinaryIO, max_bytes: int) -> str:
        """Write what is at `url` into `file` and return its content type; it is fetched for a person who waits.

        Raises what `get` does.
        """
        with with_room_for(max_bytes):
            answer = await self._follow(
                url, lambda target: self._save(target, file, max_bytes), FILE_SECONDS, AWAITED
            )
        assert isinstance(answer, Response), "no condition was given"
        return answer.content_type

    async def _follow(self, url: str, send: _Send, max_seconds: float, ticket: Ticket) -> Response | NotModified:
        """Return the answer at the end of a chain of redirects, each asked for in its turn."""
        target, took = checked_url(url), 0.0
        steps: list[Redirect] = []
        loop = asyncio.get_running_loop()
        while len(steps) <= MAX_REDIRECTS:
            began = loop.time()
            try:
                async with self._asking(target, ticket, max_seconds - took):
                    began = loop.time()
                    answer = await send(target)
            except SourceError as error:
                error.took = took + loop.time() - began
                raise
            took += loop.time() - began
            if not isinstance(answer, Redirect):
                return replace(answer, took=took, moved_to=moved_to(steps))
            steps.append(answer)
            target = answer.target
        raise SourceError(f"more than {MAX_REDIRECTS} redirects")

    async def post(self, url: str, form: bytes, *, ticket: Ticket = ORDINARY) -> None:
        """Post an encoded form, of which nothing but the status of the answer is read.

        It follows redirects that keep the method (307, 308). Raises as `get` does.
        """
        target = checked_url(url)
        for _ in range(MAX_REDIRECTS + 1):
            async with self._asking(target, ticket, MAX_SECONDS):
                moved = await self._post(target, form)
            if moved is None:
                return
            target = moved
        raise SourceError(f"more than {MAX_REDIRECTS} redirects")

    @asynccontextmanager
    async def _asking(self, target: httpx.URL, ticket: Ticket, seconds: float) -> AsyncIterator[None]:
        """Wait for a turn at a site and hold it; the site has so many seconds. Raises SourceError."""
        async with self._turns.acquire(_origin(target), ticket):
            with for_source(ticket.source_id), _as_source_errors(target.host):
                async with asyncio.timeout(seconds):
                    yield

    async def _send_request(
        self, target: httpx.URL, conditions: list[tuple[bytes, bytes]], profile: RequestProfile, max_bytes: int
    ) -> Response | NotModified | Redirect:
        """Make one request."""
        if self._proxied or profile.proxy:
            await self._guard.addresses(*_origin(target))
        request = _request(target, profile.applied([*_HEADERS, *conditions], target))
        async with self._connections.send(request, profile.proxy) as answer:
            headers = Headers(answer.headers)
            if redirect := _redirect(target, answer, headers):
                return redirect
            if answer.status == httpx.codes.NOT_MODIFIED and conditions:
                return NotModified(str(target), headers.max_age(self._clock()))
            if answer.status != httpx.codes.OK:
                raise HttpStatusError(answer.status, headers.retry_after(self._clock()))
            return Response(
                status=answer.status,
                url=str(target),
                body=await _read(answer, headers, max_bytes),
                content_type=headers.get("content-type")[:200],
                etag=headers.validator("etag"),
                last_modified=headers.validator("last-modified"),
                max_age=headers.max_age(self._clock()),
                hub=_joined(target, headers.linked("hub")),
                topic=_joined(target, headers.linked("self")),
            )

    async def _save(self, target: httpx.URL, file: BinaryIO, max_bytes: int) -> Response | Redirect:
        """Make one request whose answer is written into a file."""
        if self._proxied:
            await self._guard.addresses(*_origin(target))
        async with self._connections.send(_request(target, _FILE_HEADERS)) as answer:
            headers = Headers(answer.headers)
            if redirect := _redirect(target, answer, headers):
                return redirect
            if answer.status != httpx.codes.OK:
                raise HttpStatusError(answer.status, headers.retry_after(self._clock()))
            await _write(answer, headers, file, max_bytes)
            return Response(answer.status, str(target), b"", headers.get("content-type")[:200], "", "", None)

    async def _post(self, target: httpx.URL, form: bytes) -> httpx.URL | None:
        """Post a form; return the address that it is to be posted to in its place, None where it was taken."""
        if self._proxied:
            await self._guard.addresses(*_origin(target))
        headers = [*_HEADERS, (b"Content-Type", b"application/x-www-form-urlencoded")]
        headers.append((b"Content-Length", str(len(form)).encode()))
        async with self._connections.send(_request(target, headers, form)) as answer:
            answered = Headers(answer.headers)
            if answer.status in _REPEATED and answered.location():
                return checked_url(str(target.join(answered.location())))
            if not httpx.codes.is_success(answer.status):
                raise HttpStatusError(answer.status, answered.retry_after(self._clock()))
        return None


def moved_to(steps: Sequence[Redirect]) -> str:
    """Return the address that permanent redirects (301, 308) lead to, "" where there is none.

    What follows a temporary redirect is not meant for good. Nobody is moved from https to http, nor to another site
    that does not answer itself: a page of it that redirects wherever it is told would lend its name to anybody.
    """
    reached = ""
    for step in steps:
        if not step.permanent or (step.asked.scheme == "https" and step.target.scheme == "http"):
            break
        reached = str(step.target)
    near = [str(steps[0].asked), str(steps[-1].target)] if steps else []
    return reached if any(same_site(reached, address) for address in near) else ""


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


def _origin(url: httpx.URL) -> tuple[str, int]:
    return url.host, url.port or (443 if url.scheme == "https" else 80)


def _joined(target: httpx.URL, address: str) -> str:
    """Return the address that a site's header names, seen from `target`; "" for one that cannot be asked."""
    try:
        return str(checked_url(str(target.join(address)))) if address else ""
    except (SourceError, httpx.InvalidURL, ValueError):
        return ""


def _request(target: httpx.URL, headers: list[tuple[bytes, bytes]], form: bytes | None = None) -> httpcore.Request:
    url = httpcore.URL(scheme=target.raw_scheme, host=target.raw_host, port=target.port, target=target.raw_path)
    return httpcore.Request(
        "GET" if form is None else "POST",
        url,
        headers=[(b"Host", target.netloc), *headers],
        content=form,
        extensions={"timeout": _TIMEOUTS},
    )


def _conditions(etag: str, last_modified: str) -> Iterator[tuple[bytes, bytes]]:
    """Yield the headers of a conditional request; a validator that no header can hold is left out."""
    for name, value in ((b"If-None-Match", etag), (b"If-Modified-Since", last_modified)):
        if is_validator(value):
            yield name, value.encode("latin-1")


def _redirect(target: httpx.URL, answer: httpcore.Response, headers: Headers) -> Redirect | None:
    """Return where an answer leads to, None where it is none that leads elsewhere."""
    if answer.status not in _REDIRECTS or not headers.location():
        return None
    moved = checked_url(str(target.join(headers.location())))
    return Redirect(target, moved, permanent=answer.status in _PERMANENT)


async def _write(answer: httpcore.Response, headers: Headers, file: BinaryIO, limit: int) -> None:
    """Write a body of at most `limit` bytes into a file, a megabyte at a time and beside the event loop."""
    if headers.get("content-encoding").lower() not in ("", "identity"):
        raise SourceError("the file comes compressed")
    length = headers.get("content-length")
    if length.isdecimal() and int(length[:20]) > limit:
        raise SourceError(f"the file is larger than {limit} bytes")
    waiting, size = bytearray(), 0
    async for chunk in _pieces(answer):
        size += len(chunk)
        if size > limit:
            raise SourceError(f"the file is larger than {limit} bytes")
        waiting += chunk
        if len(waiting) >= _WRITTEN_AT_ONCE:
            await asyncio.to_thread(file.write, bytes(waiting))
            waiting.clear()
    await asyncio.to_thread(file.write, bytes(waiting))
    await asyncio.to_thread(file.flush)


async def _read(answer: httpcore.Response, headers: Headers, limit: int) -> bytes:
    length = headers.get("content-length")
    if length.isdecimal() and int(length[:20]) > limit:
        raise SourceError(f"the answer is larger than {limit} bytes")
    inflater = Inflater(headers.get("content-encoding"), limit)
    async for chunk in _pieces(answer):
        inflater.feed(chunk)
    return inflater.finish()


async def _pieces(answer: httpcore.Response) -> AsyncIterator[bytes]:
    """Yield a body as it comes, and let others go on in between. Raises SourceError for too small pieces."""
    pieces, size = 0, 0
    async for piece in answer.aiter_stream():
        pieces += 1
        size += len(piece)
        if pieces > MAX_CHUNKS + size // _LEAST_CHUNK:
            raise SourceError("the answer comes in too small pieces")
        yield piece
        if pieces % _CHUNKS_AT_ONCE == 0:
            await asyncio.sleep(0)


@contextmanager
def _as_source_errors(host: str) -> Iterator[None]:
    """Turn what the network can do to us into SourceErrors with a reason that a person understands."""
    try:
        yield
    except (TimeoutError, httpcore.TimeoutException) as error:
        raise SourceError(f"{host} did not answer in time") from error
    except (*_NETWORK, httpx.InvalidURL, ValueError, OverflowError) as error:
        raise SourceError(f"{host} {_reason(error)}") from error


def _reason(error: Exception) -> str:
    match error.__cause__:
        case ConnectionRefusedError():
            return "refuses connections"
        case ssl.SSLCertVerificationError(verify_message=why):
            return f"has no valid certificate ({why})"
    match error:
        case httpcore.ReadError() | httpcore.RemoteProtocolError():
            return "broke off its answer, or gave one that is not HTTP"
    return f"cannot be reached ({type(error).__name__})"
