"""The reader of sites and the importer that commands open."""

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
from bot.ingest.site_reader import SiteReader
from storage.engine.database import Database


@asynccontextmanager
async def sources_of(settings: Settings) -> AsyncIterator[SiteReader]:
    """Yield a reader of sites, and close it afterwards."""
    fetcher = Fetcher(now_ms, allow=AllowList(settings.allow_private_hosts), proxies=settings.fetch_proxy)
    parser = Parser(processes=1)
    try:
        yield SiteReader(fetcher, parser, now_ms, settings.zone)
    finally:
        await parser.close()
        await fetcher.close()


@asynccontextmanager
async def importer_of(database: Database, site: SiteReader) -> AsyncIterator[Importer]:
    """Yield an importer; a running bot finds what it published when it next reads the outbox."""
    texts = TextReader(site.zone)
    try:
        yield Importer(database, site, texts, now_ms, wake=wakes_nobody)
    finally:
        await texts.close()
