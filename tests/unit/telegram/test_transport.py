"""Answers as they come over a real connection, from whoever is there."""

import asyncio
import contextlib
import gzip
import json
from collections.abc import AsyncIterator

import pytest
from telegram import Bot
from telegram.error import Forbidden, InvalidToken, NetworkError, TelegramError

from bot.failover import Failover
from bot.telegram.routes import ApiRoute
from bot.telegram.transport import AiohttpRequest, MaybeSentError, NotSentError
from tests.unit.telegram.raw_telegram import TOKEN, Server, http, listening

_OK = json.dumps({"ok": True, "result": {"message_id": 7}}).encode()


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with listening(b"") as server:
        yield server


@pytest.fixture
async def request_() -> AsyncIterator[AiohttpRequest]:
    request = AiohttpRequest(read_timeout=5)
    await request.initialize()
    yield request
    await request.shutdown()


_HTML = b"<html><body>403</body></html>"
_LOST = [
    b"",
    b"no HTTP at all\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{}",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    http(200, _HTML),
    http(200, b""),
    http(204, b""),
    http(500, _HTML),
    http(502, _HTML),
    http(504, _HTML),
    *(http(status, _HTML) for status in (303, 408, 409, 444, 460, 499, 520, 598)),
    http(200, b"no gzip", "Content-Encoding: gzip"),
    http(200, gzip.compress(_OK)[:30], "Content-Encoding: gzip"),
    http(200, gzip.compress(b" " * (64 << 20), compresslevel=1), "Content-Encoding: gzip"),
    http(200, b'{"ok":true,"result":{"message_id":7,"x":' + b"[" * 100_000 + b"}}"),
]
_TURNED_AWAY = [http(status, _HTML) for status in (301, 302, 307, 400, 401, 403, 404, 407, 413, 429, 451, 503, 511)]


@pytest.mark.parametrize("answer", _LOST, ids=range(len(_LOST)))
async def test_an_answer_that_is_nobodys_leaves_a_send_in_doubt(
    server: Server, request_: AiohttpRequest, answer: bytes
) -> None:
    server.answer = answer
    with pytest.raises(MaybeSentError):
        await request_.call(f"{server.root}/bot{TOKEN}/sendMessage", {})
    with pytest.raises(MaybeSentError):
        await request_.post_encoded(f"{server.root}/bot{TOKEN}/sendMessage", b"{}", within=5)


async def test_an_answer_that_comes_drop_by_drop_is_given_up() -> None:
    async def drip(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
        with contextlib.suppress(OSError):
            while not writer.is_closing():
                writer.write(b" ")
                await writer.drain()
                await asyncio.sleep(0.05)

    # It drips for as long as somebody waits: only a limit for the whole ends the call.
    request = AiohttpRequest(read_timeout=1.0, whole_timeout=0.2)
    await request.initialize()
    async with await asyncio.start_server(drip, "127.0.0.1") as server:
        root = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        with pytest.raises(MaybeSentError):
            await request.call(f"{root}/bot{TOKEN}/getUpdates", {})
        await request.shutdown()


@pytest.mark.parametrize("answer", _TURNED_AWAY, ids=range(len(_TURNED_AWAY)))
async def test_who_turns_a_request_away_has_passed_nothing_on(
    server: Server, request_: AiohttpRequest, answer: bytes
) -> None:
    server.answer = answer
    with pytest.raises(NotSentError) as caught:
        await request_.call(f"{server.root}/bot{TOKEN}/sendMessage", {})
    assert TOKEN not in caught.value.message


@pytest.mark.parametrize("answer", [*_LOST, *_TURNED_AWAY], ids=range(len(_LOST) + len(_TURNED_AWAY)))
async def test_the_librarys_own_calls_and_downloads_believe_nobody_else(
    server: Server, request_: AiohttpRequest, answer: bytes
) -> None:
    server.answer = answer
    bot = Bot(TOKEN, base_url=f"{server.root}/bot", request=request_, get_updates_request=request_)
    with pytest.raises((NotSentError, MaybeSentError)):
        await bot.get_me()
    if b" 200 " not in answer[:20]:
        with pytest.raises((NotSentError, MaybeSentError)):
            await request_.download(f"{server.root}/file/bot{TOKEN}/x", most_bytes=1_000)


async def test_what_a_gateway_asks_to_be_remembered_never_goes_to_telegram(request_: AiohttpRequest) -> None:
    heads: list[bytes] = []

    async def gateway(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(await reader.readuntil(b"\r\n\r\n"))
        cookies = [f"Set-Cookie: {number}={'x' * 4_000}; Path=/; Max-Age=99999999" for number in range(8)]
        writer.write(http(502, _HTML, *cookies))
        writer.close()

    async with await asyncio.start_server(gateway, "localhost") as server:
        # Of a site without a name aiohttp keeps no cookies.
        root = f"http://localhost:{server.sockets[0].getsockname()[1]}"
        for _ in range(2):
            with pytest.raises(MaybeSentError):
                await request_.call(f"{root}/bot{TOKEN}/getMe", {})
    assert len(heads) == 2
    assert not any(b"cookie" in head.lower() for head in heads)


@pytest.mark.parametrize("status", [200, 400, 403, 502])
@pytest.mark.parametrize("kind", ["application/json", "text/html", "nonsense"])
async def test_neither_status_nor_type_makes_an_answer_telegrams(
    server: Server, request_: AiohttpRequest, status: int, kind: str
) -> None:
    url = f"{server.root}/bot{TOKEN}/sendMessage"
    server.answer = http(status, _OK, f"Content-Type: {kind}")
    assert await request_.call(url, {}) == {"message_id": 7}
    refusal = json.dumps({"ok": False, "error_code": 403, "description": "Forbidden: kicked"}).encode()
    server.answer = http(status, refusal, f"Content-Type: {kind}")
    with pytest.raises(Forbidden):
        await request_.call(url, {})


@pytest.mark.parametrize(("code", "expected"), [(401, InvalidToken), (502, NetworkError)])
async def test_the_library_hears_telegrams_own_words(
    server: Server, request_: AiohttpRequest, code: int, expected: type[TelegramError]
) -> None:
    server.answer = http(code, json.dumps({"ok": False, "error_code": code, "description": "Words"}).encode())
    bot = Bot(TOKEN, base_url=f"{server.root}/bot", request=request_, get_updates_request=request_)
    with pytest.raises(expected):
        await bot.get_me()


async def test_a_file_is_read_up_to_its_bound(server: Server, request_: AiohttpRequest) -> None:
    server.answer = http(200, b"x" * 1_000)
    url = f"{server.root}/file/bot{TOKEN}/x"
    assert await request_.download(url, most_bytes=1_000) == b"x" * 1_000
    assert await request_.download(url, most_bytes=999) is None


@pytest.mark.parametrize("proxy", ["http", "socks5"])
async def test_a_proxy_that_refuses_us_is_no_word_of_telegrams(server: Server, proxy: str) -> None:
    server.answer = http(403, _HTML)
    route = ApiRoute("https://telegram.example", server.root.replace("http", proxy))
    request = AiohttpRequest(Failover([route]), read_timeout=5)
    await request.initialize()
    with pytest.raises((NotSentError, MaybeSentError)):
        async with asyncio.timeout(20):
            await request.call(f"https://telegram.example/bot{TOKEN}/sendMessage", {}, timeout=2)
    await request.shutdown()
