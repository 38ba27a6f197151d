"""Fetching: what is capped, what is refused, what is kept for the next time."""

import asyncio
import gzip
import re
import ssl
import tempfile
from collections.abc import AsyncIterator

import httpcore
import httpx
import pytest
import trustme

from bot.clock import now_ms
from bot.errors import SourceError
from bot.ingest.fetch.connections import Connections
from bot.ingest.fetch.fetcher import (
    PER_ORIGIN,
    Fetcher,
    HttpStatusError,
    NotModified,
    Redirect,
    Response,
    checked_url,
    moved_to,
)
from bot.ingest.fetch.sockets import AsyncioBackend
from bot.ingest.fetch.ssrf_guard import AllowList, Guard, is_public
from bot.ingest.markup.charset import decode
from tests.flows.news_site import NewsSite, Served
from tests.unit.ingest.raw_site import answer, raw_site


@pytest.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    fetcher = Fetcher(now_ms, allow=AllowList(["127.0.0.1"]))
    yield fetcher
    await fetcher.close()


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "100.64.0.1",
        "100.100.100.200",
        "127.0.0.1",
        "161.26.0.10",
        "166.11.255.255",
        "168.63.129.16",
        "169.254.169.254",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.0.9",
        "192.0.0.192",
        "192.0.2.1",
        "192.31.196.1",
        "192.52.193.1",
        "192.88.99.1",
        "192.168.1.1",
        "192.175.48.1",
        "198.19.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::ffff:10.0.0.1",
        "::ffff:168.63.129.16",
        "::ffff:0:127.0.0.1",
        "64:ff9b::a00:1",
        "64:ff9b:1::a00:1",
        "100::1",
        "100:0:0:1::1",
        "2001::a00:1",
        "2001:1::1",
        "2001:3::1",
        "2001:4:112::1",
        "2001:20::1",
        "2001:30::1",
        "2001:db8::1",
        "2002:a00:1::",
        "2606:4700::5efe:a00:1",
        "2606:4700::200:5efe:a00:1",
        "2620:4f:8000::1",
        "3fff::1",
        "5f00::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
        "4000::1",
        "",
        "news.example",
        "0177.0.0.1",
        "2130706433",
    ],
)
def test_inside_is_not_public(address: str) -> None:
    assert not is_public(address)


def test_outside_is_public() -> None:
    assert is_public("93.184.216.34")
    assert is_public("2606:2800:220:1::1")
    assert is_public("::ffff:93.184.216.34")


async def test_a_name_that_leads_inside_is_refused_also_by_redirect(site: NewsSite) -> None:
    async def inside(_host: str, _port: int) -> list[str]:
        return ["127.0.0.1"]

    fetcher = Fetcher(now_ms, resolver=inside)
    try:
        with pytest.raises(SourceError, match="private network"):
            await fetcher.get(site.put("/x", "secret").replace("127.0.0.1", "news.example"))
    finally:
        await fetcher.close()
    assert site.asked == []


async def test_bombs_and_large_bodies_stop_at_the_cap(site: NewsSite, fetcher: Fetcher) -> None:
    site.pages["/bomb"] = Served(gzip.compress(b"0" * 50_000_000), headers={"Content-Encoding": "gzip"})
    site.pages["/large"] = Served(b"0" * 200_000)
    with pytest.raises(SourceError, match="larger"):
        await fetcher.get(f"{site.url}/bomb")
    with pytest.raises(SourceError, match="larger"):
        await fetcher.get(f"{site.url}/large", max_bytes=100_000)


async def test_a_feed_is_read_by_what_it_is_whatever_its_headers_say(site: NewsSite, fetcher: Fetcher) -> None:
    text = "<rss><channel><item><title>وقال الوزير إن القرية هي قلب الوادي</title></item></channel></rss>"
    kind = "text/xml; charset=windows-1252"
    for encoding, body in (
        ("br", text.encode()),
        ("br", gzip.compress(text.encode("iso-8859-6"))),
        ("gzip", text.encode()),
    ):
        site.pages["/feed"] = Served(body, kind, headers={"Content-Encoding": encoding})
        answer = await fetcher.get(f"{site.url}/feed")
        assert decode(answer.body, answer.content_type) == text


async def test_slow_sites_endless_redirects_and_errors_are_refused(site: NewsSite, fetcher: Fetcher) -> None:
    site.pages["/slow"] = Served(b"late", delay=5)
    site.pages["/loop"] = Served(b"", status=302, headers={"Location": "/loop"})
    site.pages["/busy"] = Served(b"", status=503, headers={"Retry-After": "120"})
    site.pages["/limit"] = Served(b"", status=429, headers={"Retry-After": "60"})
    with pytest.raises(SourceError, match="in time") as late:
        await fetcher.get(f"{site.url}/slow", max_seconds=0.3)
    assert 0.3 <= late.value.took < 2
    with pytest.raises(SourceError, match="redirects"):
        await fetcher.get(f"{site.url}/loop")
    with pytest.raises(HttpStatusError) as busy:
        await fetcher.get(f"{site.url}/busy")
    assert (busy.value.status, busy.value.retry_after) == (503, 120)
    with pytest.raises(HttpStatusError) as limit:
        await fetcher.get(f"{site.url}/limit")
    assert (limit.value.status, limit.value.retry_after) == (429, 60)


async def test_validators_are_handed_back(site: NewsSite, fetcher: Fetcher) -> None:
    site.pages["/feed"] = Served(b"x", headers={"ETag": '"1"'})
    first = await fetcher.get(f"{site.url}/feed")
    assert isinstance(first, Response)
    assert first.etag == '"1"'
    site.pages["/feed"] = Served(b"", status=304)
    assert isinstance(
        await fetcher.get_if_changed(f"{site.url}/feed", etag=first.etag, last_modified=""), NotModified
    )


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://a.ir/x", "http://user:pass@a.ir/", "x", "http://", "javascript:1"]
)
def test_addresses_that_are_no_sources(url: str) -> None:
    with pytest.raises(SourceError):
        checked_url(url)


async def test_what_waits_for_its_turn_is_not_late(site: NewsSite, fetcher: Fetcher) -> None:
    site.pages["/slow"] = Served(b"x", delay=0.3)
    answers = [fetcher.get(f"{site.url}/slow", max_seconds=1.2) for _ in range(6 * PER_ORIGIN)]
    for response in await asyncio.gather(*answers):
        assert 0.3 <= response.took < 1.2


@pytest.mark.long
async def test_a_site_may_take_its_time_before_it_answers(site: NewsSite, fetcher: Fetcher) -> None:
    site.pages["/slow"] = Served(b"x", delay=10.5)
    answer = await fetcher.get(f"{site.url}/slow")
    assert answer.took > 10.4


async def test_an_answer_that_drips(fetcher: Fetcher) -> None:
    async def drip(_head: bytes, writer: asyncio.StreamWriter, _number: int) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.01)

    async with raw_site(drip) as port:
        with pytest.raises(SourceError, match="in time"):
            await fetcher.get(f"http://127.0.0.1:{port}/", max_seconds=0.3)


async def test_a_large_answer_comes_whole(site: NewsSite, fetcher: Fetcher) -> None:
    body = bytes(range(256)) * 8000
    site.pages["/large"] = Served(body)
    answer = await fetcher.get(f"{site.url}/large")
    assert isinstance(answer, Response)
    assert answer.body == body


async def test_a_connection_serves_twice_and_one_that_the_site_closed_is_opened_anew(fetcher: Fetcher) -> None:
    numbers: list[int] = []

    async def talk(_head: bytes, writer: asyncio.StreamWriter, number: int) -> None:
        numbers.append(number)
        if numbers.count(number) == 3:
            writer.close()  # just as the third request arrives
        else:
            writer.write(answer(b"x"))

    async with raw_site(talk) as port:
        for _ in range(4):
            assert isinstance(await fetcher.get(f"http://127.0.0.1:{port}/"), Response)
    assert numbers == [0, 0, 0, 1, 1]


async def test_a_site_that_closes_each_connection_behind_its_answer_is_read() -> None:
    closed = asyncio.Event()

    async def talk(_head: bytes, writer: asyncio.StreamWriter, _number: int) -> None:
        writer.write(answer(b"x"))
        writer.close()
        await writer.wait_closed()
        closed.set()

    connections = Connections(AsyncioBackend(), [], AsyncioBackend())
    async with raw_site(talk) as port:
        for _ in range(2):
            closed.clear()
            request = httpcore.Request("GET", f"http://127.0.0.1:{port}/", headers={"Host": "localhost"})
            async with connections.send(request) as response:
                assert await response.aread() == b"x"
                await closed.wait()
                for _ in range(10):
                    await asyncio.sleep(0)  # what has come is handed over meanwhile
    await connections.close()


async def test_refused_connections_and_broken_answers_have_a_reason(fetcher: Fetcher) -> None:
    async def hang_up(_head: bytes, writer: asyncio.StreamWriter, _number: int) -> None:
        writer.close()

    async with raw_site(hang_up) as port:
        with pytest.raises(SourceError, match="broke off"):
            await fetcher.get(f"http://127.0.0.1:{port}/")
    with pytest.raises(SourceError, match="refuses"):
        await fetcher.get(f"http://127.0.0.1:{port}/")


def _encrypting(authority: trustme.CA) -> ssl.SSLContext:
    """Return what a server needs to speak for localhost, signed by an authority."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost", "127.0.0.1").configure_cert(context)
    return context


async def test_a_certificate_that_nobody_signed_is_refused(fetcher: Fetcher) -> None:
    async def talk(_head: bytes, writer: asyncio.StreamWriter, _number: int) -> None:
        writer.write(answer(b"x"))

    async with raw_site(talk, _encrypting(trustme.CA())) as port:
        with pytest.raises(SourceError, match="certificate"):
            await fetcher.get(f"https://127.0.0.1:{port}/")


async def test_an_encrypted_connection() -> None:
    async def talk(head: bytes, writer: asyncio.StreamWriter, _number: int) -> None:
        writer.write(head)

    authority = trustme.CA()
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    async with raw_site(talk, _encrypting(authority)) as port:
        plain = await AsyncioBackend().connect_tcp("127.0.0.1", port, timeout=5)
        stream = await plain.start_tls(trusting, "localhost", timeout=5)
        await stream.write(b"hello\r\n\r\n")
        assert await stream.read(100, timeout=5) == b"hello\r\n\r\n"
        await stream.aclose()


async def test_behind_a_proxy_names_are_checked_before_it_is_asked() -> None:
    asked: list[bytes] = []

    async def proxy(head: bytes, writer: asyncio.StreamWriter, _number: int) -> None:
        asked.append(head.splitlines()[0])
        writer.write(answer(b"from far away"))

    async def resolve_name(host: str, _port: int) -> list[str]:
        return ["93.184.216.34" if host == "news.example" else "10.0.0.1"]

    async with raw_site(proxy) as port:
        fetcher = Fetcher(now_ms, proxies=[f"http://127.0.0.1:{port}"], resolver=resolve_name)
        response = await fetcher.get("http://news.example/feed")
        with pytest.raises(SourceError, match="private network"):
            await fetcher.get("http://inside.example/")
        await fetcher.close()
    assert isinstance(response, Response)
    assert response.body == b"from far away"
    assert asked == [b"GET http://news.example/feed HTTP/1.1"]


async def test_a_proxy_that_cannot_be_reached_gives_way_to_the_next_and_a_sites_fault_does_not() -> None:
    answers = [answer(b"news"), b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"]
    asked = 0

    async def proxy(_head: bytes, writer: asyncio.StreamWriter, _number: int) -> None:
        nonlocal asked
        writer.write(answers[asked])
        asked += 1

    async def resolve_name(_host: str, _port: int) -> list[str]:
        return ["93.184.216.34"]

    async with raw_site(proxy) as gone:
        pass
    async with raw_site(proxy) as port, raw_site(proxy) as last:
        proxies = [
            f"{kind}://127.0.0.1:{proxy_port}"
            for kind, proxy_port in (("socks5", gone), ("http", port), ("http", last))
        ]
        fetcher = Fetcher(now_ms, proxies=proxies, resolver=resolve_name)
        response = await fetcher.get("http://news.example/feed")
        with pytest.raises(SourceError, match="502"):
            await fetcher.get("http://news.example/feed")
        await fetcher.close()
    assert isinstance(response, Response)
    assert (response.body, asked) == (b"news", 2)


async def test_a_site_on_its_way_to_a_new_address(site: NewsSite, fetcher: Fetcher) -> None:
    site.pages["/old"] = Served(b"", status=301, headers={"Location": "/newer"})
    site.pages["/newer"] = Served(b"", status=308, headers={"Location": "/خبر#x"})
    site.pages["/خبر"] = Served(b"x", headers={"ETag": '"1"'})
    response = await fetcher.get(f"{site.url}/old")
    assert response.url == response.moved_to == f"{site.url}/%D8%AE%D8%A8%D8%B1"
    assert (await fetcher.get(response.url)).moved_to == ""
    site.pages["/خبر"] = Served(b"", status=304)
    unchanged = await fetcher.get_if_changed(f"{site.url}/old", etag='"1"', last_modified="")
    assert isinstance(unchanged, NotModified)
    assert unchanged.moved_to == response.url


_OLD, _SAFE, _SAFER, _NEW = (httpx.URL(f"{way}.ir/") for way in ("http://a", "https://a", "https://b", "http://b"))
_FEED = httpx.URL("https://a.ir/feed")


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([], ""),
        ([Redirect(_OLD, _SAFE, permanent=True)], "https://a.ir/"),
        ([Redirect(_OLD, _SAFE, permanent=False)], ""),
        ([Redirect(_OLD, _SAFE, permanent=True), Redirect(_SAFE, _SAFER, permanent=True)], "https://b.ir/"),
        ([Redirect(_OLD, _SAFE, permanent=True), Redirect(_SAFE, _SAFER, permanent=False)], "https://a.ir/"),
        ([Redirect(_OLD, _SAFER, permanent=True), Redirect(_SAFER, _SAFE, permanent=False)], ""),
        ([Redirect(_OLD, _SAFE, permanent=True), Redirect(_SAFE, _FEED, permanent=False)], "https://a.ir/"),
        ([Redirect(_OLD, _SAFE, permanent=False), Redirect(_SAFE, _SAFER, permanent=True)], ""),
        ([Redirect(_SAFE, _NEW, permanent=True)], ""),
        ([Redirect(_SAFE, _SAFER, permanent=True), Redirect(_SAFER, _NEW, permanent=True)], "https://b.ir/"),
        ([Redirect(_OLD, _NEW, permanent=True)], "http://b.ir/"),
    ],
)
def test_where_a_source_has_moved_for_good(steps: list[Redirect], expected: str) -> None:
    assert moved_to(steps) == expected


@pytest.mark.parametrize("location", ["http://user:word@a.ir/", "file:///etc/passwd", "http://10.0.0.1/"])
async def test_redirects_to_what_may_not_be_fetched(site: NewsSite, fetcher: Fetcher, location: str) -> None:
    site.pages["/away"] = Served(b"", status=301, headers={"Location": location})
    with pytest.raises(SourceError):
        await fetcher.get(f"{site.url}/away")


async def test_sites_see_no_cookie_neither_their_own_nor_anothers(fetcher: Fetcher) -> None:
    heads: list[bytes] = []
    ports: list[int] = []

    async def talk(head: bytes, writer: asyncio.StreamWriter, _number: int) -> None:
        heads.append(head.lower())
        cookies = [f"Set-Cookie: id{n}=1; Domain=co.ir; Path=/; Max-Age=999999" for n in range(50)]
        if b"get /away" in heads[-1]:
            writer.write(answer(b"", *cookies, f"Location: http://127.0.0.1:{ports[0]}/x", status="302 Found"))
        else:
            writer.write(answer(b"x", *cookies))

    async with raw_site(talk) as port, raw_site(talk) as other:
        ports.append(other)
        for path in ("feed", "feed", "away", "feed"):
            await fetcher.get(f"http://127.0.0.1:{port}/{path}")
        await fetcher.get(f"http://127.0.0.1:{other}/feed")
    assert len(heads) == 6
    assert not [head for head in heads if b"cookie" in head]


async def test_validators_that_no_header_can_hold_are_left_out(site: NewsSite, fetcher: Fetcher) -> None:
    site.put("/feed", "x")
    for odd in ("a\r\nX-Evil: 1", "خبر", "\x00", "\x7f", "\ud800", "x" * 10_000_000, '"', "W/", " ", "x ", "\tx"):
        assert isinstance(await fetcher.get_if_changed(f"{site.url}/feed", etag=odd, last_modified=""), Response)


async def test_an_address_is_never_looked_up_and_a_name_once_a_minute() -> None:
    asked: list[str] = []
    now = 0.0

    async def resolve_name(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["93.184.216.34", "10.0.0.1"] if now < 60 else ["10.0.0.1"]

    guard = Guard(AllowList(), resolve_name, lambda: now)
    assert await guard.addresses("2606:2800:220:1::1", 80) == ["2606:2800:220:1::1"]
    with pytest.raises(SourceError, match="private network"):
        await guard.addresses("10.0.0.1", 80)
    for port in (80, 443):
        assert await guard.addresses("news.example", port) == ["93.184.216.34"]
    assert asked == ["news.example"]
    now = 61.0
    with pytest.raises(SourceError, match="private network"):
        await guard.addresses("news.example", 80)


async def test_a_file_is_written_as_it_comes_through_redirects(site: NewsSite, fetcher: Fetcher) -> None:
    body = bytes(range(256)) * 10_000
    site.pages["/v/1.mp4"] = Served(b"", status=302, headers={"Location": "/files/1.mp4"})
    site.pages["/files/1.mp4"] = Served(body, "video/mp4")
    with tempfile.TemporaryFile() as file:
        assert await fetcher.download(f"{site.url}/v/1.mp4", file, len(body)) == "video/mp4"
        file.seek(0)
        assert file.read() == body


@pytest.mark.parametrize(
    ("served", "reason"),
    [
        (Served(b"x" * 101, "video/mp4"), "larger than 100 bytes"),
        (Served(gzip.compress(b"x" * 10_000), "video/mp4", headers={"Content-Encoding": "gzip"}), "compressed"),
        (Served(b"", status=403), "answered 403"),
        (Served(b"", status=302, headers={"Location": "http://169.254.169.254/latest"}), "169.254.169.254"),
        (Served(b"", status=302, headers={"Location": "file:///etc/passwd"}), "only http and https"),
    ],
)
async def test_a_file_that_is_too_large_compressed_or_inside_is_not_fetched(
    site: NewsSite, fetcher: Fetcher, served: Served, reason: str
) -> None:
    site.pages["/v.mp4"] = served
    with tempfile.TemporaryFile() as file, pytest.raises(SourceError, match=re.escape(reason)):
        await fetcher.download(f"{site.url}/v.mp4", file, 100)


async def test_a_file_of_unknown_length_ends_at_the_limit(fetcher: Fetcher) -> None:
    async def talk(_request: bytes, writer: asyncio.StreamWriter, _number: int) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\n\r\n" + b"x" * 200_000)
        await writer.drain()

    async with raw_site(talk) as port:
        with tempfile.TemporaryFile() as file:
            with pytest.raises(SourceError, match="larger than 100000 bytes"):
                await fetcher.download(f"http://127.0.0.1:{port}/v.mp4", file, 100_000)
            assert file.seek(0, 2) <= 100_000


async def test_a_file_may_be_larger_than_a_page(fetcher: Fetcher) -> None:
    size = 13_000_000

    async def talk(_request: bytes, writer: asyncio.StreamWriter, _number: int) -> None:
        writer.write(answer(bytes(size), "Content-Type: video/mp4"))
        await writer.drain()

    async with raw_site(talk) as port:
        with tempfile.TemporaryFile() as file:
            assert await fetcher.download(f"http://127.0.0.1:{port}/v.mp4", file, size) == "video/mp4"
            assert file.seek(0, 2) == size
        # What a file may have is no room for a page on the same connection.
        with pytest.raises(SourceError, match="larger than 5000000 bytes"):
            await fetcher.get(f"http://127.0.0.1:{port}/")


async def test_a_file_in_tiny_pieces_is_refused(fetcher: Fetcher) -> None:
    async def talk(_request: bytes, writer: asyncio.StreamWriter, _number: int) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\nTransfer-Encoding: chunked\r\n\r\n")
        writer.write(b"1\r\nx\r\n" * 6_000 + b"0\r\n\r\n")
        await writer.drain()

    async with raw_site(talk) as port:
        with tempfile.TemporaryFile() as file, pytest.raises(SourceError, match="too small pieces"):
            await fetcher.download(f"http://127.0.0.1:{port}/v.mp4", file, 50_000_000)
