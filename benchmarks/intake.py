"""An app with many sources, and what is seen of it for a while: CPU, memory, loop, readers, failures."""

import asyncio
import itertools
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from sqlalchemy import delete, func, select, update

from benchmarks.arrivals import Arrivals
from benchmarks.audience import follow
from benchmarks.fixture import HIGHEST_SETTING, ROOT, LocalTelegram, PeykApp, running
from benchmarks.heartbeat import Beat, beats
from benchmarks.news_content import SECTIONS, agency_name
from benchmarks.processes import Memory, cpu_seconds, watching_memory
from benchmarks.readers import Readers
from benchmarks.sites import Sites
from bot.clock import now_ms
from storage.engine.database import Database
from storage.records import ChatKind
from storage.schema import page_visit, source, source_item

READERS = 13
"""So many readers, each of whom asks every 1.3 s, ask every 100 ms."""

_LOOK_SECONDS = 0.5
_DAY_MS = 86_400_000
_WRITTEN_SECONDS = 1.2  # the pulse is written once a second


@dataclass(slots=True)
class Window:
    """Observations of a running app, complete when the window is closed. Instants are monotonic."""

    began: float
    readers: Readers
    seconds: float = 0.0
    cpu: float = 0.0
    sites_cpu: float = 0.0
    memory: Memory = field(default_factory=Memory)
    beats: Sequence[Beat] = ()
    failed: dict[str, str] = field(default_factory=dict)

    def loop(self) -> dict[str, Any]:
        """Return how long the event loop was blocked, as columns."""
        longest = max(self.beats, key=lambda beat: beat.late, default=Beat(0, float("nan"), float("nan")))
        return {
            "loop max ms": round(longest.late * 1000, 1),
            "of it CPU": round(longest.cpu * 1000, 1),
            "over 50 ms": sum(beat.late > 0.05 for beat in self.beats),
        }

    def answers(self) -> dict[str, Any]:
        """Return how soon readers were answered, as columns."""
        return {
            "/latest p50 ms": self.readers.percentile_ms(50),
            "p99 ms": self.readers.percentile_ms(99),
            "max ms": round(max(self.readers.seconds, default=float("nan")) * 1000, 1),
        }

    def most_memory(self) -> dict[str, Any]:
        """Return the most memory that all processes held together, as columns."""
        return {
            "PSS MB": round(max(self.memory.proportional, default=float("nan")), 1),
            "RSS MB": round(max(self.memory.resident, default=float("nan")), 1),
        }


@dataclass(slots=True)
class Intake:
    """An app, its sources, a channel for each of them that follows it by its tag, and people who ask."""

    telegram: LocalTelegram
    app: PeykApp
    sites: Sites
    arrivals: Arrivals
    channels: Sequence[int]
    readers: Readers
    database: Database
    _runs: Iterator[int] = field(default_factory=itertools.count)
    _beats: Path = Path()

    @asynccontextmanager
    async def running(self, interval: float) -> AsyncIterator[None]:
        """Run Peyk with that FETCH_INTERVAL (seconds) until the block ends."""
        self._beats = self.app.folder / f"beats-{next(self._runs)}"
        settings = {"ALLOW_PRIVATE_HOSTS": "127.0.0.0/8", "FETCH_INTERVAL": str(interval)}
        command = ("benchmarks.heartbeat", str(self._beats))
        async with running(self.app, rate=HIGHEST_SETTING, settings=settings, command=command):
            yield

    @asynccontextmanager
    async def window(self, *, readers: bool = True) -> AsyncIterator[Window]:
        """Watch the running app until the block ends; what sources asked for is written down anew."""
        assert self.app.process is not None, "running"
        pid = self.app.process.pid
        await self.sites.forget()
        async with AsyncExitStack() as stack:
            window = Window(time.monotonic(), self.readers.anew())
            window.memory = await stack.enter_async_context(watching_memory(pid))
            failures = asyncio.create_task(self._record_failures(window))
            stack.callback(failures.cancel)
            if readers:
                await stack.enter_async_context(window.readers.asking())
            cpu, sites_cpu = cpu_seconds(pid), await self.sites.cpu_seconds()
            yield window
            window.seconds, window.cpu = time.monotonic() - window.began, cpu_seconds(pid) - cpu
            window.sites_cpu = await self.sites.cpu_seconds() - sites_cpu
        until = window.began + window.seconds
        await asyncio.sleep(_WRITTEN_SECONDS)
        window.beats = beats(self._beats, window.began, until)

    async def rest(self, seconds: float) -> None:
        """Wait that long. Raises RuntimeError where Peyk has ended meanwhile."""
        await asyncio.sleep(seconds)
        if self.app.process is None or self.app.process.poll() is not None:
            raise RuntimeError(f"Peyk has ended:\n{(self.app.folder / 'log').read_text()[-2000:]}")

    async def until_stored(self, items: int, most_seconds: float) -> int:
        """Wait until so many items of feeds are stored, and return how many are."""
        deadline = time.monotonic() + most_seconds
        while True:
            async with self.database.read() as connection:
                stored = (await connection.execute(select(func.count()).select_from(source_item))).scalar_one()
            if stored >= items or time.monotonic() > deadline:
                return int(stored)
            await self.rest(_LOOK_SECONDS)

    async def drop_pages(self) -> None:
        """Delete all page visits, while Peyk does not run."""
        async with self.database.write() as tx:
            await tx.execute(delete(page_visit))

    async def due(self, *, tomorrow: bool = False) -> None:
        """Make every source due now, or tomorrow, while Peyk does not run."""
        async with self.database.write() as tx:
            await tx.execute(update(source).values(next_fetch_at=now_ms() + tomorrow * _DAY_MS))

    async def _record_failures(self, window: Window) -> None:
        query = select(source.c.url, source.c.failures, source.c.last_error).where(source.c.failures > 0)
        before: dict[str, int] | None = None
        while True:
            async with self.database.read() as connection:
                rows = list(await connection.execute(query))
            before = {row.url: row.failures for row in rows} if before is None else before
            window.failed |= {row.url: row.last_error for row in rows if row.failures > before.get(row.url, 0)}
            await asyncio.sleep(_LOOK_SECONDS)


@asynccontextmanager
async def intake(telegram: LocalTelegram, app: PeykApp, sites: Sites) -> AsyncIterator[Intake]:
    """An app that knows all sources and has not fetched any of them; nothing runs yet."""
    await telegram.people.do("limits", on=False)
    await _import(app, sites)
    channels = await telegram.people.channels_in_bulk(sites.count, telegram.owner)
    await follow(app.url, channels, ChatKind.CHANNEL, tags=[agency_name(number) for number in range(sites.count)])
    arrivals = Arrivals(telegram)
    readers = Readers(telegram, await telegram.people.people_in_bulk(READERS), arrivals)
    database = Database(app.url)
    await database.open()
    try:
        async with arrivals.watched():
            yield Intake(telegram, app, sites, arrivals, channels, readers, database)
    finally:
        await database.close()


async def _import(app: PeykApp, sites: Sites) -> None:
    """Add the sources as an operator does, each in one of the categories."""
    lines = ["<opml version='2.0'><body>"]
    for place, section in enumerate(SECTIONS):
        feeds = sites.feeds[place :: len(SECTIONS)]
        lines.append(f"<outline text={quoteattr(section)}>")
        lines += [f"<outline type='rss' text={quoteattr(url)} xmlUrl={quoteattr(url)}/>" for url in feeds]
        lines.append("</outline>")
    lines.append("</body></opml>")
    file = app.folder / "sources.opml"
    file.write_text("\n".join(lines), encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": str(ROOT), "DATABASE_URL": app.url}
    command = [sys.executable, "-m", "bot", "opml", "import", str(file)]
    process = await asyncio.create_subprocess_exec(
        *command, cwd=app.folder, env=environment, stdout=subprocess.DEVNULL
    )
    assert await process.wait() == 0, "sources were not added"
