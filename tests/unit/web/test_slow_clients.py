"""Whoever is slow, or comes in crowds, is let go; whoever sends a request at once is answered."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bot.web import connection
from tests.unit.web.conftest import SECRET, Server, Serving, post, status

_HALF = b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-More: "
_PROMPT = 0.05


@contextmanager
def _impatient(monkeypatch: pytest.MonkeyPatch, *names: str) -> Iterator[None]:
    """Shorten limits for a while: a busy machine may take that long over an honest request."""
    with monkeypatch.context() as shortened:
        for name in names:
            shortened.setattr(connection, name, 0.3)
        yield


async def _trickled(server: Server, first: bytes, *, each: bytes = b"a") -> bytes:
    """Send `first`, then a byte at a time until the server ends the connection; return what it said."""
    reader, writer = await server.connect()
    answer = asyncio.create_task(reader.read())
    try:
        async with asyncio.timeout(20):
            writer.write(first)
            while not answer.done():
                writer.write(each)
                await asyncio.sleep(_PROMPT)
            return answer.result()
    except ConnectionError:
        return b""
    finally:
        writer.close()
        await asyncio.gather(answer, return_exceptions=True)


@pytest.mark.parametrize(("first", "each"), [(b"", b"\r\n"), (_HALF, b"a"), (b"POST /", b"a"), (_HALF, b"\r\nX: ")])
async def test_a_head_that_does_not_end_is_given_up(
    server: Server, monkeypatch: pytest.MonkeyPatch, first: bytes, each: bytes
) -> None:
    with _impatient(monkeypatch, "HEAD_SECONDS"):
        assert await _trickled(server, first, each=each) == b""


async def test_a_body_that_does_not_end_is_given_up(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = post(b"x" * 1000)
    chunked = whole.partition(b"Content-Length")[0] + b"Transfer-Encoding: chunked\r\n\r\n"
    with _impatient(monkeypatch, "REQUEST_SECONDS", "_FAREWELL_SECONDS"):
        await _trickled(server, whole[:-1000])
        await _trickled(server, chunked, each=b"1\r\na\r\n")
    assert status(await server.get("/livez")) == 200


async def test_who_opens_a_connection_and_says_nothing_is_let_go(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    with _impatient(monkeypatch, "HEAD_SECONDS"):
        assert await server.say(b"") == b""


async def test_a_kept_connection_ends_when_nothing_more_comes(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    with _impatient(monkeypatch, "IDLE_SECONDS"):
        assert status(await server.say(post(b'{"update_id": 1}'))) == 200
        # It comes to an end at all: what was said before that may be lost with the connection.
        await _trickled(server, post(b'{"update_id": 2}') + _HALF)


async def test_telegram_keeps_its_connection_and_nobody_else_does(server: Server) -> None:
    reader, writer = await server.connect()
    for number in range(3):
        writer.write(post(json.dumps({"update_id": number}).encode()))
        head = await reader.readuntil(b"\r\n\r\n")
        assert status(head) == 200
        assert b"Content-Length: 0" in head
    writer.close()
    two = b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n" * 2
    assert (await server.say(two)).count(b"HTTP/1.1") == 1


async def test_half_sent_heads_by_the_hundred_keep_nobody_out(serving: Serving) -> None:
    async with serving(files=700) as server:  # room for 100 connections
        crowd = []
        for _ in range(400):
            reader, writer = await server.connect()
            writer.write(_HALF)
            crowd.append((reader, writer))
        assert status(await server.get("/livez")) == 200
        assert (await server.say(post(b'{"update_id": 1}', headers="Connection: close\r\n"))).startswith(
            b"HTTP/1.1 200"
        )
        async with asyncio.timeout(20):
            ended = [asyncio.create_task(reader.read()) for reader, _ in crowd]
            while sum(task.done() for task in ended) < 300:
                await asyncio.sleep(_PROMPT)
        for task in ended:
            task.cancel()
        await asyncio.gather(*ended, return_exceptions=True)
        for _, writer in crowd:
            writer.close()


async def test_requests_beyond_the_places_wait_with_their_bodies_unread(server: Server) -> None:
    whole = post(b'{"update_id": 1, "x": "' + b"x" * 1000 + b'"}')
    begun = [await server.connect() for _ in range(40)]
    for _, writer in begun:
        writer.write(whole[:-1000])
    refused = await server.say(post(b"{}", secret=SECRET[::-1]))
    assert status(refused) == 403
    for reader, writer in begun:
        writer.write(whole[-1000:])
        assert status(await reader.readuntil(b"\r\n\r\n")) == 200
        writer.close()
