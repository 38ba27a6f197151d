"""Many sources of one host, on both databases and over real HTTP: what some of them do costs the others nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from random import Random
from typing import cast

import pytest

from bot.clock import now_ms
from bot.ingest.fetch.fetcher import PER_ORIGIN, Fetcher
from bot.ingest.fetch.ssrf_guard import AllowList
from bot.ingest.page_reader import PageReader
from bot.ingest.page_visits import PageVisits
from bot.ingest.parsing.parser import Parser
from bot.ingest.pipeline import MAX_IN_FLIGHT, Pipeline
from bot.ingest.source_reader import Cadence, SourceReader, SourceTools
from bot.ingest.sources.sealing import Sealer
from bot.ingest.storing.item_store import ItemStore
from bot.ingest.storing.story_matching import SameStory
from storage import sources
from storage.engine.database import Database
from storage.engine.group_commit import GroupCommit
from storage.records import SLOW_MS, SourceKind
from storage.schema import source as source_table
from tests.storage.feeding import ZONE, Entry, feed_of
from tests.storage.test_source_state import InProcessParser
from tests.unit.ingest.raw_site import Talk, answer, raw_site

_FEED = feed_of([Entry("خبر نخست", "https://khabar.example/a/first-story")])
_PATIENCE_SECONDS = 8.0


class _NoVisits:
    async def stop(self) -> None:
        return None


@asynccontextmanager
async def _pipeline(database: Database) -> AsyncIterator[Pipeline]:
    fetcher = Fetcher(now_ms, allow=AllowList(["127.0.0.1"]))
    reader = SourceReader(
        database,
        GroupCommit(database),
        SourceTools(
            fetcher, cast(Parser, InProcessParser()), cast(PageReader, None), ZONE, opener=Sealer("", None)
        ),
        ItemStore(most_age=1, same_story=SameStory.FOLD),
        clock=now_ms,
        cadence=Cadence(60.0, Random(1)),
        wake=lambda: None,
    )
    pipeline = Pipeline(database, reader, cast(PageVisits, _NoVisits()), now_ms)
    yield pipeline
    await pipeline.stop()
    await fetcher.close()


async def _add(database: Database, *urls: str, **state: int) -> int:
    """Add sources that are due, and return the id of the last one."""
    async with database.write() as tx:
        for url in urls:
            added = await sources.add(
                tx, url, kind=SourceKind.FEED, category_id=1, review=False, now=now_ms() - 1_000
            )
            if state:
                await tx.execute(source_table.update().where(source_table.c.id == added.id).values(**state))
    return added.id


async def _until_fetched(database: Database, pipeline: Pipeline, source_id: int) -> None:
    async with asyncio.timeout(_PATIENCE_SECONDS):
        while True:
            await pipeline.start_due()
            async with database.read() as connection:
                source = await sources.get(connection, source_id)
            if source is not None and source.fetched_at is not None:
                return
            await asyncio.sleep(0.02)


def _well(talk: Talk) -> Talk:
    """Return a site of which only the path /well answers."""

    async def answering(head: bytes, writer: asyncio.StreamWriter, number: int) -> None:
        if head.startswith(b"GET /well "):
            writer.write(answer(_FEED))
        else:
            await talk(head, writer, number)

    return answering


async def _silent(_head: bytes, _writer: asyncio.StreamWriter, _number: int) -> None:
    await asyncio.Event().wait()


async def test_a_host_that_does_not_answer_keeps_no_places_for_its_many_sources(database: Database) -> None:
    async with raw_site(_silent) as down, raw_site(_well(_silent)) as up, _pipeline(database) as pipeline:
        await _add(database, *(f"http://127.0.0.1:{down}/{number}" for number in range(MAX_IN_FLIGHT + 10)))
        well = await _add(database, f"http://127.0.0.1:{up}/well")
        await _until_fetched(database, pipeline, well)


@pytest.mark.parametrize("state", [{}, {"failures": 2, "failing_since": 1}], ids=["slow", "failing"])
async def test_slow_sources_of_a_host_do_not_delay_its_others(database: Database, state: dict[str, int]) -> None:
    async with raw_site(_well(_silent)) as port, _pipeline(database) as pipeline:
        root = f"http://127.0.0.1:{port}"
        await _add(database, *(f"{root}/{number}" for number in range(2 * PER_ORIGIN)), took_ms=SLOW_MS, **state)
        await pipeline.start_due()
        well = await _add(database, f"{root}/well")
        await _until_fetched(database, pipeline, well)


async def test_slow_sources_of_many_hosts_leave_places_to_the_others(database: Database) -> None:
    async with AsyncExitStack() as stack, _pipeline(database) as pipeline:
        down = [await stack.enter_async_context(raw_site(_silent)) for _ in range(MAX_IN_FLIGHT)]
        await _add(database, *(f"http://127.0.0.1:{port}/" for port in down), took_ms=SLOW_MS)
        await pipeline.start_due()
        up = await stack.enter_async_context(raw_site(_well(_silent)))
        well = await _add(database, f"http://127.0.0.1:{up}/well")
        await _until_fetched(database, pipeline, well)


async def test_a_source_that_fails_at_once_is_not_taken_for_a_slow_one(database: Database) -> None:
    """It does not queue behind those that take their whole time."""

    async def failing(_head: bytes, writer: asyncio.StreamWriter, _number: int) -> None:
        writer.write(answer(b"", status="500 Broken"))

    async with raw_site(_well(failing)) as port, _pipeline(database) as pipeline:
        url = f"http://127.0.0.1:{port}"
        failing_id = await _add(database, f"{url}/failing", took_ms=SLOW_MS)
        well = await _add(database, f"{url}/well")
        await _until_fetched(database, pipeline, well)
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while True:
                async with database.read() as connection:
                    source = await sources.get(connection, failing_id)
                if source is not None and source.failures:
                    break
                await asyncio.sleep(0.02)
    assert not source.is_slow


async def test_a_pipeline_that_is_stopped_begins_nothing_more(database: Database) -> None:
    asked: list[bytes] = []

    async def noting(head: bytes, writer: asyncio.StreamWriter, _number: int) -> None:
        asked.append(head)
        writer.write(answer(_FEED))

    async with raw_site(noting) as port, _pipeline(database) as pipeline:
        await _add(database, f"http://127.0.0.1:{port}/well")
        before = asyncio.all_tasks()
        look = asyncio.create_task(pipeline.start_due())
        await asyncio.sleep(0)  # a job looks for what is due while the application stops
        await pipeline.stop()
        await look
        await pipeline.start_due()
        assert asyncio.all_tasks() <= before, "nothing is left that could ask"
    assert asked == []
