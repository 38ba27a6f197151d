"""Hubs' callbacks: what strangers and hubs may cost, and which signature counts."""

import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import islice

import pytest
import structlog

from bot.clock import now_ms
from bot.ingest.sources.websub import CallbackKey
from storage import hub_subscriptions, sources
from storage.hub_subscriptions import WantedTopic
from storage.records import SourceKind
from tests.unit.web.conftest import Server, Serving, status

_KEY = CallbackKey("key")
_NONCE = "0123456789abcdef"
_PATH = _KEY.path(_NONCE)


@dataclass
class Callback:
    """A running server, and a subscription at it."""

    server: Server

    async def push(self, body: bytes, method: str = "sha256", *, path: str = _PATH, length: int = -1) -> int:
        """Push a signed body and return the status; `length` is what the request says of it."""
        digest = hmac.new(_KEY.secret(_NONCE).encode(), body, getattr(hashlib, method)).hexdigest()
        declared = len(body) if length < 0 else length
        head = f"POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Hub-Signature: {method}={digest}\r\n"
        return status(await self.server.say(f"{head}Content-Length: {declared}\r\n\r\n".encode() + body))

    async def pushed(self) -> bool:
        async with self.server.database.read() as connection:
            known = await hub_subscriptions.by_nonce(connection, _NONCE)
            assert known is not None
            return await hub_subscriptions.any_to_follow(connection, now_ms())


@pytest.fixture
async def callback(serving: Serving) -> AsyncIterator[Callback]:
    async with serving() as server:
        async with server.database.write() as tx:
            await sources.add(
                tx, "https://a.ir/feed", kind=SourceKind.FEED, category_id=1, review=False, now=now_ms()
            )
            fetched = sources.FinishedFetch(
                1, "https://a.ir/feed", now_ms(), now_ms() + 9_000_000, "", "", "", "", None,
                frozenset(), frozenset(), None, None, 0, "https://hub.ir/", "https://a.ir/feed",
            )  # fmt: skip
            await sources.settle_fetched(tx, [fetched])
            wanted = WantedTopic(1, "https://hub.ir/", "https://a.ir/feed")
            await hub_subscriptions.add(tx, wanted, callback=f"https://x{_PATH}", nonce=_NONCE, now=now_ms())
        yield Callback(server)


async def test_a_signed_push_counts_and_what_is_not_signed_does_not(callback: Callback) -> None:
    assert (
        status(await callback.server.say(f"POST {_PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n".encode()))
        == 403
    )
    assert not await callback.pushed()
    assert await callback.push(b"<rss/>") == 202
    assert await callback.pushed()


async def test_what_breaks_at_a_callback_tells_no_path_of_it(
    callback: Callback, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(_connection: object, _nonce: str) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(hub_subscriptions, "by_nonce", broken)
    with structlog.testing.capture_logs() as log:
        assert await callback.push(b"<rss/>") == 500
    (broke,) = (line for line in log if line["event"] == "request_broke")
    assert broke["path"] == "/websub/…"


async def test_sha1_counts_until_the_hub_has_signed_with_more(callback: Callback) -> None:
    assert await callback.push(b"1", "sha1") == 202
    assert await callback.push(b"2", "sha512") == 202
    assert await callback.push(b"3", "sha1") == 403
    assert await callback.push(b"4", "sha384") == 202


async def test_a_push_that_is_too_long_is_refused_before_it_is_read(callback: Callback) -> None:
    assert await callback.push(b"x", length=5_000_001) == 413
    assert not await callback.pushed()


async def test_a_push_in_tiny_chunks_is_given_up_and_one_in_ordinary_chunks_is_read(callback: Callback) -> None:
    digest = hmac.new(_KEY.secret(_NONCE).encode(), b"x" * 20_000, hashlib.sha256).hexdigest()
    head = f"POST {_PATH} HTTP/1.1\r\nHost: x\r\nX-Hub-Signature: sha256={digest}\r\nConnection: close\r\n"
    head += "Transfer-Encoding: chunked\r\n\r\n"
    tiny, ordinary = b"1\r\nx\r\n" * 20_000, (b"3e8\r\n" + b"x" * 1_000 + b"\r\n") * 20
    assert status(await callback.server.say(head.encode() + tiny + b"0\r\n\r\n")) == 400
    assert not await callback.pushed()
    assert status(await callback.server.say(head.encode() + ordinary + b"0\r\n\r\n")) == 202


async def test_one_callback_is_not_answered_endlessly(callback: Callback) -> None:
    answers = await asyncio.gather(*(callback.push(b"x") for _ in range(40)))
    assert set(answers) == {202, 429}


async def test_slow_pushes_to_one_callback_leave_the_places_to_others(callback: Callback) -> None:
    head = f"POST {_PATH} HTTP/1.1\r\nHost: x\r\nX-Hub-Signature: sha256=0\r\nContent-Length: 9\r\n\r\n"
    slow = [await callback.server.connect() for _ in range(8)]
    try:
        for _, writer in slow:
            writer.write(head.encode() + b"x")
        # Two of them are waited for; the others are answered while nothing more of their bodies comes.
        reading = [asyncio.create_task(reader.readline()) for reader, _ in slow]
        answered = [await answer for answer in islice(asyncio.as_completed(reading), 6)]
        assert {status(line) for line in answered} == {429}
        assert sum(not task.done() for task in reading) == 2
    finally:
        for _, writer in slow:
            writer.close()
        await asyncio.gather(*reading)
    # The places are free as soon as the server has seen that the others are gone.
    async with asyncio.timeout(30):
        while await callback.push(b"<rss/>") != 202:
            await asyncio.sleep(0.2)


_INVENTED = ("/websub/", "/websub/x", f"{_PATH}0", "/websub/a.b/c", "/websub", "/websub/%00.%ff")


@pytest.mark.parametrize("path", _INVENTED)
async def test_a_path_that_no_hub_was_given_costs_no_look_at_the_database(
    callback: Callback, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for way in ("read", "autocommit_read", "write"):
        monkeypatch.delattr(type(callback.server.database), way, raising=way != "autocommit_read")
    assert await callback.push(b"<rss/>", path=path) == 404
    query = "hub.mode=subscribe&hub.topic=https://a.ir/feed&hub.challenge=x&hub.lease_seconds=1"
    assert status(await callback.server.get(f"{path}?{query}")) == 404
    assert await callback.push(b"<rss/>") == 500


@pytest.mark.parametrize(
    "query",
    [
        "",
        "hub.mode=subscribe",
        "hub.mode=subscribe&hub.topic=https://a.ir/other&hub.challenge=x&hub.lease_seconds=60",
        "hub.mode=subscribe&hub.topic=https://a.ir/feed&hub.lease_seconds=60",
        "hub.mode=subscribe&hub.topic=https://a.ir/feed&hub.challenge=x",
        "hub.mode=subscribe&hub.topic=https://a.ir/feed&hub.challenge=x&hub.lease_seconds=-1",
        "hub.mode=unsubscribe&hub.topic=https://a.ir/feed&hub.challenge=x",
        "hub.mode=riddle&hub.topic=https://a.ir/feed&hub.challenge=x",
    ],
)
async def test_what_was_not_asked_for_is_not_confirmed(callback: Callback, query: str) -> None:
    assert status(await callback.server.get(f"{_PATH}?{query}")) == 404


async def test_what_was_asked_for_is_confirmed_with_the_hubs_challenge(callback: Callback) -> None:
    query = "hub.mode=subscribe&hub.topic=https://a.ir/feed&hub.challenge=%3Cb%3E&hub.lease_seconds=99999999"
    answer = await callback.server.get(f"{_PATH}?{query}")
    assert status(answer) == 200
    assert answer.endswith(b"\r\n\r\n<b>")
    assert b"text/plain" in answer
    assert b"nosniff" in answer
