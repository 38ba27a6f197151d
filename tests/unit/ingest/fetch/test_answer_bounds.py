"""Answers that only waste our time: they end after a bounded number of reads, lines and bytes, whatever they hold."""

import asyncio
import gzip
from collections.abc import Awaitable, Callable

import pytest

from bot.clock import now_ms
from bot.errors import SourceError
from bot.ingest.fetch.answer_bounds import MAX_HEAD_LINES, MAX_WIRE_BYTES, AnswerBounds
from bot.ingest.fetch.fetcher import Fetcher, Response
from bot.ingest.fetch.ssrf_guard import AllowList
from tests.unit.ingest.raw_site import Talk, raw_site

_CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def _taken(*reads: bytes) -> int:
    """Return how many of the reads are taken before the bounds are left."""
    bounds = AnswerBounds()
    for number, data in enumerate(reads):
        try:
            bounds.feed(data)
        except SourceError:
            return number
    return len(reads)


def test_what_sites_send_is_within_the_bounds() -> None:
    head = b"HTTP/1.1 200 OK\r\n" + b"Set-Cookie: " + b"x" * 4000 + b"\r\n" * 2
    hints = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n"
    assert _taken(hints * 3 + head, *[b"\n" * 1000] * 5_000) == 5_001
    assert _taken(*(bytes([byte]) for byte in head[:1500])) == 1500


@pytest.mark.parametrize(
    ("reads", "most"),
    [
        ([b"HTTP/1.1 200 OK\r\n\r\n"] + [b"x"] * 10_000, 2_100),
        ([b"HTTP/1.1 200 OK\r\nX: "] + [b"x"] * 10_000, 2_100),
        ([b"HTTP/1.1 200 OK\r\n"] + [b"a:b\n" * 10] * 1_000, MAX_HEAD_LINES // 10),
        ([b"HTTP/1.1 200 OK\r\n"] + [b"X: " + b"x" * 8_000] * 100, 5),
        ([b"HTTP/1.1 100 \r\n\r\n" * 10] * 1_000, MAX_HEAD_LINES // 20),
        ([b"HTTP/1.1 103 \n\n"] * 1_000, MAX_HEAD_LINES // 2),
        ([_CHUNKED] + [b"1;" + b"e" * 60_000 + b"\r\nx\r\n"] * 1_000, MAX_WIRE_BYTES // 60_000 + 1),
    ],
    ids=["slow body", "slow head", "many headers", "long headers", "interim answers", "bare ends", "extensions"],
)
def test_a_waste_of_time_is_left_early(reads: list[bytes], most: int) -> None:
    assert _taken(*reads) <= most


async def _endless(writer: asyncio.StreamWriter, head: bytes, piece: bytes) -> None:
    writer.write(head)
    while True:
        writer.write(piece)
        await writer.drain()


def _once(data: bytes) -> Talk:
    async def talk(_head: bytes, writer: asyncio.StreamWriter, _number: int) -> None:
        writer.write(data)
        await writer.drain()
        writer.close()

    return talk


def _for_ever(head: bytes, piece: bytes) -> Callable[[bytes, asyncio.StreamWriter, int], Awaitable[None]]:
    async def talk(_head: bytes, writer: asyncio.StreamWriter, _number: int) -> None:
        await _endless(writer, head, piece)

    return talk


@pytest.mark.parametrize(
    ("talk", "reason"),
    [
        (_for_ever(_CHUNKED, b"1\r\nx\r\n" * 500), "small pieces"),
        (_for_ever(_CHUNKED, (b"1;" + b"e" * 100 + b"\r\nx\r\n") * 500), "small pieces"),
        (_for_ever(_CHUNKED, b"1;" + b"e" * 60_000 + b"\r\nx\r\n"), "not HTTP"),
        (_for_ever(b"", b"HTTP/1.1 100 \r\n\r\n" * 100), "too many headers"),
        (_for_ever(b"", b"HTTP/1.1 103 Hints\r\nLink: x\r\n\r\n" * 100), "too many headers"),
        (_for_ever(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n" * 100), "too many headers"),
        (_for_ever(b"HTTP/1.1 200 OK\r\n", b"x" * 10_000), "not HTTP|too many headers"),
        (_for_ever(_CHUNKED + b"1\r\nx\r\n0\r\n", b"a:b\r\n" * 500), "not HTTP"),
        (_for_ever(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 10_000), "larger than 5000000"),
        (
            _once(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(b"") * 2_000),
            "too many parts",
        ),
    ],
    ids=[
        "chunks",
        "short extensions",
        "long extensions",
        "continue",
        "hints",
        "headers",
        "header",
        "trailers",
        "body",
        "members",
    ],
)
async def test_a_source_that_never_comes_to_its_point_fails_long_before_its_time_is_over(
    talk: Talk, reason: str
) -> None:
    fetcher = Fetcher(now_ms, allow=AllowList(["127.0.0.1"]))
    try:
        async with raw_site(talk) as port:
            with pytest.raises(SourceError, match=reason):
                await fetcher.get(f"http://127.0.0.1:{port}/", max_seconds=60)
    finally:
        await fetcher.close()


async def test_the_loop_turns_while_an_answer_of_many_pieces_is_read() -> None:
    pieces = 4_000

    async def talk(_head: bytes, writer: asyncio.StreamWriter, _number: int) -> None:
        writer.write(_CHUNKED + b"4\r\npart\r\n" * pieces + b"0\r\n\r\n")
        await writer.drain()

    turns, ended = 0, False

    async def count() -> None:
        nonlocal turns
        while not ended:
            await asyncio.sleep(0)
            turns += 1

    fetcher = Fetcher(now_ms, allow=AllowList(["127.0.0.1"]))
    counting = asyncio.create_task(count())
    async with raw_site(talk) as port:
        answer = await fetcher.get(f"http://127.0.0.1:{port}/")
    ended = True
    await counting
    await fetcher.close()
    assert isinstance(answer, Response)
    assert answer.body == b"part" * pieces
    assert turns > pieces // 50
