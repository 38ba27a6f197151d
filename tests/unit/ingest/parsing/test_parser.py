"""The parser: one process reads what comes, and another is there when the first is held up."""

import asyncio
from collections.abc import AsyncIterator
from zoneinfo import ZoneInfo

import pytest

from bot.ingest.fetch.turns import Ticket
from bot.ingest.parsing.parser import Parser
from bot.ingest.parsing.shares import HeldPlace
from bot.ingest.raw_document import RawDocument

_ZONE = ZoneInfo("Asia/Tehran")
# It takes several times as long as a process takes to start.
_SLOW = (
    b'<?xml version="1.0"?><rss version="2.0"><channel><item><description>'
    + b"& " * 2_000_000
    + b"</description></item></channel></rss>"
)
_QUICK = """<?xml version="1.0"?><rss version="2.0"><channel>
<item><title>باران در راه است</title><link>https://example.org/1</link></item></channel></rss>""".encode()


@pytest.fixture
async def parser() -> AsyncIterator[Parser]:
    parser = Parser(seconds=60.0, patience=0.3)
    try:
        yield parser
    finally:
        await parser.close()


async def _titles(parser: Parser, body: bytes, source_id: int) -> list[str]:
    document = RawDocument(body, "", "https://example.org/rss")
    feed = await parser.feed(document, _ZONE, ticket=Ticket(source_id=source_id))
    return [item.candidate.content.title for item in feed.items]


def _processes(parser: Parser) -> int:
    return sum(process.pid is not None for process in parser._processes)


async def test_one_process_reads_whatever_it_can_keep_up_with(parser: Parser) -> None:
    for source_id in range(5):
        assert await _titles(parser, _QUICK, source_id) == ["باران در راه است"]
    assert _processes(parser) == 1


async def test_a_document_that_waits_long_gets_a_process_of_its_own(parser: Parser) -> None:
    slow = asyncio.create_task(_titles(parser, _SLOW, 1))
    await asyncio.sleep(0)
    assert await _titles(parser, _QUICK, 2) == ["باران در راه است"]
    assert not slow.done()
    assert _processes(parser) == 2
    slow.cancel()


async def test_no_source_pays_for_the_start_of_a_process(parser: Parser, monkeypatch: pytest.MonkeyPatch) -> None:
    prepared: list[float] = []
    monkeypatch.setattr(HeldPlace, "begin", lambda place: prepared.append(place.seconds))
    for _ in range(2):
        assert await _titles(parser, _QUICK, 1) == ["باران در راه است"]
    assert len(prepared) == 1, "the second finds it there"
