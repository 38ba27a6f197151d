"""Improper requests get a short answer that tells nothing, and do nothing."""

import asyncio

import pytest

from tests.unit.web.conftest import SECRET, Server, post, status

_GET = b"GET /livez HTTP/1.1\r\nHost: x\r\n"
_SMUGGLED = b"GET /livez HTTP/1.1\r\nHost: smuggled\r\n\r\n"


def _bare(answer: bytes) -> bool:
    """Return whether an answer has no body and names no program."""
    head, _, body = answer.partition(b"\r\n\r\n")
    return body == b"" and b"aiohttp" not in head and b"Python" not in head


@pytest.mark.parametrize(
    "request_",
    [
        b"nonsense\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 100,
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        _GET + b"".join(b"X-%d: y\r\n" % number for number in range(100_000)) + b"\r\n",
        b"GET /" + b"a" * 1_000_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        _GET + b"X: " + b"a" * 1_000_000 + b"\r\n\r\n",
        _GET + b"Bad Name: y\r\n\r\n",
        _GET + b"Na\x00me: y\r\n\r\n",
    ],
    ids=["nonsense", "tls", "http2", "headers", "url", "header", "name", "nul"],
)
async def test_what_is_no_http_is_refused(server: Server, request_: bytes) -> None:
    answer = await server.say(request_)
    assert answer == b"" or (status(answer) == 400 and _bare(answer))
    assert status(await server.get("/livez")) == 200


@pytest.mark.parametrize(
    "headers",
    [
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
        "Content-Length: 0\r\nContent-Length: 44\r\n",
        "Content-Length: +0\r\n",
        "Content-Length: 0x0\r\n",
        "Content-Length: -1\r\n",
        "Content-Length : 0\r\n",
        "Content-Length: 0, 0\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding: chunked, identity\r\n",
        "Transfer-Encoding : chunked\r\n",
        "Transfer-Encoding:\x0bchunked\r\n",
        "X: y\r\n Transfer-Encoding: chunked\r\n",
        "X: y\nTransfer-Encoding: chunked\r\n",
    ],
)
async def test_no_request_is_smuggled_behind_another(server: Server, headers: str) -> None:
    head = f"POST /telegram HTTP/1.1\r\nHost: x\r\nX-Telegram-Bot-Api-Secret-Token: {SECRET}\r\n{headers}\r\n"
    answer = await server.say(head.encode() + b"0\r\n\r\n" + _SMUGGLED)
    assert answer.count(b"HTTP/1.1") <= 1
    assert status(answer) != 200
    assert server.handled == []


@pytest.mark.parametrize("method", ["OPTIONS", "PUT", "DELETE", "TRACE", "PATCH", "BREW"])
@pytest.mark.parametrize("path", ["/healthz", "/metrics", "/telegram"])
async def test_other_methods_are_refused(server: Server, method: str, path: str) -> None:
    answer = await server.get(path, method=method)
    assert status(answer) in (400, 405)
    assert _bare(answer)


@pytest.mark.parametrize("path", ["/", "/telegram/", "//telegram", "/../healthz", "/%2e%2e/x", "/favicon.ico", "*"])
async def test_other_paths_are_unknown(server: Server, path: str) -> None:
    answer = await server.get(path)
    assert status(answer) in (400, 404)
    assert _bare(answer)


async def test_tunnels_and_other_protocols_are_not_opened(server: Server) -> None:
    tunnel = await server.say(b"CONNECT example.org:443 HTTP/1.1\r\nHost: example.org\r\n\r\n")
    assert status(tunnel) >= 400
    upgrade = await server.get("/livez", Connection="Upgrade", Upgrade="websocket")
    assert b"101" not in upgrade.partition(b"\r\n")[0]


async def test_a_head_is_answered_as_a_get_without_its_body(server: Server) -> None:
    answer = await server.get("/livez", method="HEAD")
    assert status(answer) == 200
    assert _bare(answer)


@pytest.mark.parametrize("secret", ["", "x", SECRET[:-1], SECRET + "x", SECRET.upper(), "رمز", "\udcff\udcfe"])
async def test_without_the_secret_no_body_is_read(server: Server, secret: str) -> None:
    head = post(b"", secret=secret.encode("utf-8", "surrogateescape").decode("latin-1")).decode().encode("latin-1")
    reader, writer = await server.connect()
    # The body is announced and never sent: the answer does not wait for it.
    writer.write(head.replace(b"Content-Length: 0", b"Content-Length: 1000000"))
    async with asyncio.timeout(10):
        assert status(await reader.readuntil(b"\r\n\r\n")) == 403
        assert await reader.read() == b""
    writer.close()


@pytest.mark.parametrize(
    ("body", "headers", "expected"),
    [
        (b"{", "", 200),
        (b"[]", "", 200),
        (b"\xff", "", 200),
        (b"x" * (1 << 20) + b"x", "", 200),
        (b"\x1f\x8b\x08\x00", "Content-Encoding: gzip\r\n", 200),
    ],
    ids=["broken", "list", "bytes", "large", "compressed"],
)
async def test_a_body_that_is_no_update_is_taken_and_never_run(
    server: Server, body: bytes, headers: str, expected: int
) -> None:
    answer = await server.say(post(body, headers=f"{headers}Connection: close\r\n"))
    assert status(answer) == expected
    assert _bare(answer)
    assert server.handled == []


async def test_a_broken_chunk_is_refused_and_an_endless_body_is_not_read_to_its_end(server: Server) -> None:
    head = post(b"").partition(b"Content-Length")[0] + b"Transfer-Encoding: chunked\r\n\r\n"
    assert status(await server.say(head + b"zz\r\n{}")) != 200
    endless = head + (b"8000\r\n" + b" " * 0x8000 + b"\r\n") * 40
    assert status(await server.say(endless)) == 200
    assert server.handled == []


async def test_updates_come_through(server: Server) -> None:
    answer = await server.say(post(b'{"update_id": 7}', headers="Connection: close\r\n"))
    assert status(answer) == 200
    assert _bare(answer)
