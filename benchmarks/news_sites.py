"""python -m benchmarks.news_sites SOURCES ITEMS: that many agencies on loopback, each on a host of its own.

Linux answers on all of 127.0.0.0/8, so that the addresses are hosts; all of them listen on one port. The first line
of its output is the port. It ends at SIGTERM, and when its standard input is closed. Besides feeds and pages, it
has on 127.0.0.1:

    POST /control/behave    a Behaviour, from now on
    POST /control/appear    one new item in every feed -> {"at": seconds of the monotonic clock}
    POST /control/forget    forget the requests so far
    GET  /control/counts    {"feeds", "pages", "cpu"}: answers so far, and the process's CPU seconds
    GET  /control/requests  {"feeds": [[source, at], ...], "pages": ..., "in_flight": n, "in_flight_at_host": n}
"""

import asyncio
import gc
import json
import resource
import signal
import socket
import sys
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from benchmarks.news_content import Agency

CONTROL_HOST = "127.0.0.1"
_HOSTS_IN_A_NET = 250
_SPARE_FILES = 5_000
_HANG_SECONDS = 120.0
_TYPE = "application/rss+xml; charset=utf-8"


def host(source: int) -> str:
    """Return the address of a source's host."""
    net, place = divmod(source, _HOSTS_IN_A_NET)
    return f"127.1.{net}.{place + 1}"


def feed_address(source: int, port: int) -> str:
    """Return the URL of a source's feed."""
    return f"http://{host(source)}:{port}/feed.xml"


@dataclass(frozen=True, slots=True)
class Behaviour:
    """The way in which feeds answer; pages always do.

    `validators`: with ETag and Last-Modified, 304 where they still hold. The first `failing` sources answer 500,
    reset the connection or never answer, by turns; the last `slow` ones wait `slow_seconds` first.
    """

    validators: bool = True
    failing: int = 0
    slow: int = 0
    slow_seconds: float = 0.0


class NewsSites:
    """All agencies, and who asked them for what."""

    def __init__(self, sources: int, items: int, port: int) -> None:
        now = datetime.now(UTC).replace(microsecond=0)
        self._agencies = [Agency(number, f"http://{host(number)}:{port}", items, now) for number in range(sources)]
        self._sources = {host(number): number for number in range(sources)}
        self._modified = now
        self._behaviour = Behaviour()
        self._in_flight: Counter[int] = Counter()
        self._most = self._most_at_host = 0
        self._forget()

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer any request."""
        name = request.host.partition(":")[0]
        if name == CONTROL_HOST:
            return web.json_response(self._control(request.path, await request.read()))
        source = self._sources[name]
        self._in_flight[source] += 1
        self._most = max(self._most, self._in_flight.total())
        self._most_at_host = max(self._most_at_host, self._in_flight[source])
        try:
            if request.path == "/feed.xml":
                self._feeds.append((source, time.monotonic()))
                return await self._feed(source, request)
            return self._page(source, request.path)
        finally:
            self._in_flight[source] -= 1
            if not self._in_flight[source]:
                del self._in_flight[source]

    async def _feed(self, source: int, request: web.BaseRequest) -> web.StreamResponse:
        behaviour = self._behaviour
        if source < behaviour.failing:
            return await _fail(source, request)
        if source >= len(self._agencies) - behaviour.slow:
            await asyncio.sleep(behaviour.slow_seconds)
        agency = self._agencies[source]
        if not behaviour.validators:
            return web.Response(body=agency.feed(), headers={"Content-Type": _TYPE})
        headers = {"ETag": agency.version, "Last-Modified": f"{self._modified:%a, %d %b %Y %H:%M:%S} GMT"}
        if request.headers.get("If-None-Match") == agency.version:
            return web.Response(status=304, headers=headers)
        return web.Response(body=agency.feed(), headers={**headers, "Content-Type": _TYPE})

    def _page(self, source: int, path: str) -> web.Response:
        _, _, after = path.partition("/news/")
        number = after.partition("/")[0]
        agency = self._agencies[source]
        if not number.isdecimal() or not agency.has(int(number)):
            return web.Response(status=404)
        self._pages.append((source, time.monotonic()))
        return web.Response(body=agency.page(int(number)), headers={"Content-Type": "text/html; charset=utf-8"})

    def _control(self, path: str, body: bytes) -> Any:
        match path.removeprefix("/control/"):
            case "behave":
                self._behaviour = Behaviour(**json.loads(body))
            case "appear":
                return {"at": self._appear()}
            case "forget":
                self._forget()
            case "counts":
                return {"feeds": len(self._feeds), "pages": len(self._pages), "cpu": time.process_time()}
            case "requests":
                most = {"in_flight": self._most, "in_flight_at_host": self._most_at_host}
                return {"feeds": self._feeds, "pages": self._pages, **most}
            case unknown:
                raise ValueError(f"there is no {unknown!r}")
        return {}

    def _appear(self) -> float:
        self._modified = datetime.now(UTC)
        for agency in self._agencies:
            agency.appear(self._modified)
        return time.monotonic()

    def _forget(self) -> None:
        self._feeds: list[tuple[int, float]] = []
        self._pages: list[tuple[int, float]] = []
        self._most = self._most_at_host = 0


async def _fail(source: int, request: web.BaseRequest) -> web.StreamResponse:
    match source % 3:
        case 0:
            return web.Response(status=500)
        case 1:
            assert request.transport is not None, "a request being handled has a connection"
            request.transport.abort()
        case _:
            await asyncio.sleep(_HANG_SECONDS)
    return web.Response(status=503)


def _listen(sources: int) -> list[socket.socket]:
    """Return sockets of all hosts, on one port that is free on each of them."""
    while True:
        port = 0
        opened: list[socket.socket] = []
        try:
            for name in (CONTROL_HOST, *(host(number) for number in range(sources))):
                opened.append(socket.create_server((name, port), backlog=128))
                port = opened[0].getsockname()[1]
        except OSError:
            for opened_socket in opened:
                opened_socket.close()
            if not port:
                raise
        else:
            return opened


async def _serve(sources: int, items: int) -> None:
    sockets = _listen(sources)
    port = sockets[0].getsockname()[1]
    sites = NewsSites(sources, items, port)
    gc.freeze()  # what is published stays: no collection has to look at it again
    runner = web.ServerRunner(web.Server(sites.answer, access_log=None), shutdown_timeout=0.5)
    await runner.setup()
    for listening in sockets:
        await web.SockSite(runner, listening).start()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    # The input is a pipe of whoever started this, and never written to: it becomes readable when they are gone.
    loop.add_reader(sys.stdin, stop.set)
    print(port, flush=True)
    try:
        await stop.wait()
    finally:
        await runner.cleanup()


def main() -> None:
    """Serve until told to stop."""
    sources, items = int(sys.argv[1]), int(sys.argv[2])
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, sources + _SPARE_FILES), most))
    asyncio.run(_serve(sources, items))


if __name__ == "__main__":
    main()
