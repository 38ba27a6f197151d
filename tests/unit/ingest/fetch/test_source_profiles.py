"""Requests of a source on the wire: what goes to its own origin alone, and by which proxy."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import httpx
import pytest

from bot.clock import now_ms
from bot.errors import SourceError
from bot.ingest.fetch.fetcher import Fetcher, Response
from bot.ingest.fetch.request_profile import RequestProfile, origin_of
from bot.ingest.fetch.ssrf_guard import AllowList
from tests.unit.ingest.raw_site import answer, raw_site


@asynccontextmanager
async def _fetcher(*allowed: str) -> AsyncIterator[Fetcher]:
    async def resolve_name(_host: str, _port: int) -> list[str]:
        return ["93.184.216.34"]

    fetcher = Fetcher(now_ms, allow=AllowList(allowed), resolver=resolve_name)
    try:
        yield fetcher
    finally:
        await fetcher.close()


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://A.ir/x", "https://a.ir:443"),
        ("http://a.ir:80/", "http://a.ir:80"),
        ("http://a.ir:8080", "http://a.ir:8080"),
        ("https://[::1]/", "https://::1:443"),
    ],
)
def test_origins(address: str, origin: str) -> None:
    assert origin_of(httpx.URL(address)) == origin


async def test_secrets_go_to_their_own_origin_alone_also_by_a_redirect() -> None:
    heads: dict[str, list[bytes]] = {"own": [], "other": []}
    ports: list[int] = []

    async def own(head: bytes, writer: asyncio.StreamWriter, _number: int) -> None:
        heads["own"].append(head)
        away = b"GET /away" in head
        target = f"Location: http://127.0.0.1:{ports[0]}/"
        writer.write(answer(b"", target, status="302 Found") if away else answer(b"x"))

    async def other(head: bytes, writer: asyncio.StreamWriter, _number: int) -> None:
        heads["other"].append(head)
        back = f"Location: http://127.0.0.1:{ports[1]}/home"
        writer.write(answer(b"", back, status="302 Found"))

    async with raw_site(own) as port, raw_site(other) as elsewhere, _fetcher("127.0.0.1") as fetcher:
        ports += [elsewhere, port]
        origin = f"http://127.0.0.1:{port}"
        secrets = (("Authorization", "Basic c2VjcmV0"), ("Cookie", "sid=1"), ("accept", "text/x"))
        profile = RequestProfile("Reader/1", "", {origin: secrets})
        await fetcher.get(f"{origin}/away", profile=profile)
        await fetcher.get(f"{origin}/plain")
    away, home, plain = heads["own"]
    for head in (away, home):
        assert b"Authorization: Basic c2VjcmV0\r\n" in head
        assert b"Cookie: sid=1\r\n" in head
        assert b"accept: text/x\r\n" in head
        assert head.lower().count(b"\r\naccept:") == 1
        assert head.count(b"User-Agent: Reader/1\r\n") == 1
    (foreign,) = heads["other"]
    for head in (foreign, plain):
        assert b"c2VjcmV0" not in head
        assert b"sid=1" not in head
        assert b"text/x" not in head
    assert b"User-Agent: Reader/1\r\n" in foreign
    assert b"User-Agent: Peyk/" in plain


async def test_a_sources_own_proxy_serves_it_alone_and_a_name_that_leads_inside_is_refused_before() -> None:
    asked: list[bytes] = []

    async def proxy(head: bytes, writer: asyncio.StreamWriter, _number: int) -> None:
        asked.append(head)
        writer.write(answer(b"from far away"))

    async with raw_site(proxy) as port, _fetcher(f"127.0.0.1:{port}") as fetcher:
        profile = RequestProfile(proxy=f"http://user:word@127.0.0.1:{port}")
        for _ in range(2):
            response = await fetcher.get("http://news.example/feed", profile=profile)
            assert isinstance(response, Response)
            assert response.body == b"from far away"
        with pytest.raises(SourceError, match="private network"):
            await fetcher.get("http://10.0.0.1/", profile=profile)
    assert [head.splitlines()[0] for head in asked] == [b"GET http://news.example/feed HTTP/1.1"] * 2
    assert b"Proxy-Authorization: Basic dXNlcjp3b3Jk" in asked[0]


@pytest.mark.parametrize("inside", ["127.0.0.1:9", "169.254.169.254:80", "[::1]:9", "0.0.0.0:9"])
async def test_a_proxy_at_this_machine_needs_the_operators_yes_and_is_not_named(inside: str) -> None:
    async with _fetcher() as fetcher:
        for kind in ("http", "socks5"):
            with pytest.raises(SourceError, match="proxy of this source may not be used") as refused:
                await fetcher.get("http://news.example/", profile=RequestProfile(proxy=f"{kind}://{inside}"))
            assert inside not in str(refused.value)


@pytest.mark.parametrize(
    "host",
    [
        "0x7f.1",
        "0177.1",
        "127.1",
        "2130706433",
        "0",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "127\uff0e0\uff0e0\uff0e1",
        "127\u30020\u30020\u30021",
        "10.0.0.1@127.0.0.1",
        "user:10.0.0.1@127.0.0.1",
        "user%40:10.0.0.1%2f@127.0.0.1",
        "10.0.0.1%40127.0.0.1",
    ],
)
async def test_a_proxy_at_this_machine_is_found_out_however_its_address_is_written(host: str) -> None:
    reached: list[bytes] = []

    async def answer(head: bytes, _writer: asyncio.StreamWriter, _number: int) -> None:
        reached.append(head)

    async def resolve_name(host: str, _port: int) -> list[str]:
        """Read numbers as the system's resolver does, in every form that they may have."""
        try:
            return [socket.inet_ntoa(socket.inet_aton(host))]
        except OSError:
            raise SourceError(f"cannot resolve {host}") from None

    async with raw_site(answer) as port:
        fetcher = Fetcher(now_ms, resolver=resolve_name)
        for kind in ("http", "socks5"):
            profile = RequestProfile(proxy=f"{kind}://{host}:{port}")
            with pytest.raises(SourceError) as refused:
                await fetcher.get("http://93.184.216.34/", profile=profile)
            assert host not in str(refused.value)
        await fetcher.close()
    assert reached == []


async def test_a_proxy_that_is_away_is_told_apart_from_the_site() -> None:
    async with raw_site(_silent) as port:
        pass
    async with _fetcher("127.0.0.1") as fetcher:
        with pytest.raises(SourceError, match="proxy of this source cannot be reached"):
            await fetcher.get("http://news.example/", profile=RequestProfile(proxy=f"http://127.0.0.1:{port}"))


async def _silent(_head: bytes, _writer: asyncio.StreamWriter, _number: int) -> None:
    """Answer nothing."""


async def test_a_proxy_whose_handshake_breaks_off_leaves_no_connection_open() -> None:
    closed = 0
    all_closed = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal closed
        with suppress(ConnectionError):
            await reader.read()  # ends when the other side has closed the connection
        closed += 1
        writer.close()
        if closed == 4:
            all_closed.set()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with _fetcher("127.0.0.1") as fetcher:
        for address in (f"socks5://127.0.0.1:{port}", f"http://127.0.0.1:{port}"):
            profile = RequestProfile(proxy=address)
            for url in ("http://news.example/", "https://news.example/"):
                with pytest.raises(SourceError, match="in time"):
                    await fetcher.get(url, profile=profile, max_seconds=0.2)
        async with asyncio.timeout(10):
            await all_closed.wait()
    server.close()
