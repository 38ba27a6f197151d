"""The ways to sources that commands open: the fetcher, the reader of pages, and the importer."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.cli.context import wakes_nobody
from bot.clock import now_ms
from bot.config import Settings
from bot.ingest.fetch.fetcher import Fetcher
from bot.ingest.fetch.ssrf_guard import AllowList
from bot.ingest.importer import Importer
from bot.ingest.parsing.parser import Parser
from bot.ingest.parsing.text_reader import TextReader
from storage.engine.database import Database


@asynccontextmanager
async def sources_of(settings: Settings) -> AsyncIterator[tuple[Fetcher, Parser]]:
    """Yield the fetcher and the reader of sources, and close them afterwards."""
    fetcher = Fetcher(now_ms, allow=AllowList(settings.allow_private_hosts), proxies=settings.fetch_proxy)
    parser = Parser(processes=1)
    try:
        yield fetcher, parser
    finally:
        await parser.close()
        await fetcher.close()


@asynccontextmanager
async def importer_of(
    settings: Settings, database: Database, fetcher: Fetcher, parser: Parser
) -> AsyncIterator[Importer]:
    """An importer; a running bot finds what it published at its next look."""
    texts = TextReader(settings.zone)
    try:
        yield Importer(database, fetcher, parser, texts, clock=now_ms, zone=settings.zone, wake=wakes_nobody)
    finally:
        await texts.close()
