"""make soak: Peyk under mixed load for MINUTES (30), and what it holds meanwhile; docs/benchmarks.md explains.

100 sources bring an item each minute, for 100 channels and 100 readers who follow everything; 26 people ask, 20
times a second in all; the owner publishes a headline each minute. Memory, open files, threads and tasks must not
grow.
"""

import argparse
import asyncio
import os
import signal
import statistics
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.audience import follow
from benchmarks.fixture import NO_LIMIT, PeykApp, local_telegram, new_app, running
from benchmarks.intake import Intake, intake
from benchmarks.processes import memory_mb, tree
from benchmarks.readers import Readers
from benchmarks.sites import news_sites
from benchmarks.table import Family
from bot import logs
from storage.records import ChatKind

_SOURCES, _ITEMS, _FOLLOWERS, _ASKING = 100, 3, 100, 26
_SETTINGS = {"ALLOW_PRIVATE_HOSTS": "127.0.0.0/8", "FETCH_INTERVAL": "30"}
_BULK_RATE = 300.0
_PARTS = 10
_LOOK_SECONDS = 2.0
_BROADCAST_SECONDS = 60.0
_STORED_SECONDS = 600.0
_MOST_GROWTH = 1.05
_SPARE = 8
"""Open files, threads or tasks by which two moments may differ: what is under way comes and goes."""


@dataclass(frozen=True, slots=True)
class _Sample:
    """A look at Peyk: PSS of all its processes and of the first (MB), and what the first one holds."""

    all_mb: float
    first_mb: float
    files: int
    threads: int
    tasks: int


async def _soak(minutes: float) -> Family:
    async with (
        local_telegram(total=NO_LIMIT) as telegram,
        new_app(telegram) as app,
        news_sites(_SOURCES, _ITEMS) as sites,
    ):
        followers = await telegram.people.people_in_bulk(_FOLLOWERS)
        await follow(app.url, followers, ChatKind.PRIVATE)
        async with intake(telegram, app, sites) as newsroom:
            async with newsroom.running(1.0):
                await newsroom.until_stored(_SOURCES * _ITEMS, _STORED_SECONDS)
            await newsroom.drop_pages()
            people = await telegram.people.people_in_bulk(_ASKING)
            readers = Readers(telegram, people, newsroom.arrivals)
            async with _running(app) as tasks:
                return await _watch(newsroom, readers, tasks, minutes * 60)


@asynccontextmanager
async def _running(app: PeykApp) -> AsyncIterator[Path]:
    """Run Peyk, and yield the file to which it writes each second how many tasks it has."""
    tasks = app.folder / "tasks"
    command = ("benchmarks.heartbeat", os.devnull)
    async with running(app, rate=_BULK_RATE, settings=_SETTINGS | {"PULSE_TASKS": str(tasks)}, command=command):
        yield tasks


async def _watch(newsroom: Intake, readers: Readers, tasks: Path, seconds: float) -> Family:
    family = Family(
        f"soak of {seconds / 60:g} minutes: {_SOURCES} sources, {_ASKING / 1.3:.0f} updates per second, "
        f"{_SOURCES + _FOLLOWERS} chats that follow"
    )
    broadcasts = asyncio.create_task(_broadcast(newsroom))
    looks: list[list[_Sample]] = []
    try:
        async with readers.asking():
            for part in range(_PARTS):
                asked, answered = len(readers.seconds), readers.answered
                before = await newsroom.telegram.sent()
                looks.append(await _sample_until(newsroom, tasks, seconds / _PARTS))
                if broadcasts.done():
                    broadcasts.result()
                row = _row(looks[-1], readers.seconds[asked:])
                sent = await newsroom.telegram.sent() - before
                minute = f"minute {seconds / 60 * (part + 1) / _PARTS:.1f}"
                family.add({"": minute, "updates": len(readers.seconds) - asked, "messages": sent} | row)
                family.verdict(
                    f"{minute}: every question was answered",
                    readers.answered - answered == len(readers.seconds) - asked,
                )
    finally:
        broadcasts.cancel()
    family.verdicts = [verdict for verdict in family.verdicts if not verdict[1]]
    _judge(family, looks)
    return family


async def _broadcast(newsroom: Intake) -> None:
    """Publish a headline and an item of each source repeatedly."""
    number = 0
    while True:
        number += 1
        await newsroom.sites.appear()
        await newsroom.app.draft(f"تیتر شمارهٔ {number}")
        await newsroom.app.publish()
        await asyncio.sleep(_BROADCAST_SECONDS)


async def _sample_until(newsroom: Intake, tasks: Path, seconds: float) -> list[_Sample]:
    process = newsroom.app.process
    assert process is not None, "running"
    samples = []
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        await newsroom.rest(_LOOK_SECONDS)
        samples.append(await asyncio.to_thread(_sample, process.pid, tasks))
    return samples


def _sample(pid: int, tasks: Path) -> _Sample:
    sizes = memory_mb(pid)
    counted = tasks.read_text().split() if tasks.exists() else []
    return _Sample(
        all_mb=sum(pss for pss, _ in sizes.values()),
        first_mb=sizes[pid][0],
        files=sum(1 for process_id in tree(pid) for _ in _files(process_id)),
        threads=sum(1 for _ in Path(f"/proc/{pid}/task").iterdir()),
        tasks=int(counted[-1]) if counted else 0,
    )


def _files(pid: int) -> Sequence[Path]:
    try:
        return list(Path(f"/proc/{pid}/fd").iterdir())
    except (FileNotFoundError, ProcessLookupError):
        return []


def _row(samples: Sequence[_Sample], seconds: Sequence[float]) -> dict[str, Any]:
    answers = statistics.quantiles(seconds, n=100, method="inclusive") if len(seconds) > 1 else [float("nan")] * 99
    return {
        "answer p50 ms": round(answers[49] * 1000, 1),
        "p99 ms": round(answers[98] * 1000, 1),
        "PSS MB": round(statistics.median(sample.all_mb for sample in samples), 1),
        "of it Peyk": round(statistics.median(sample.first_mb for sample in samples), 1),
        "files": max(sample.files for sample in samples),
        "threads": max(sample.threads for sample in samples),
        "tasks": max(sample.tasks for sample in samples),
    }


def _judge(family: Family, looks: Sequence[Sequence[_Sample]]) -> None:
    """Compare the second half with the first; of memory, the end with the middle, when caches are full."""
    halves = looks[: _PARTS // 2], looks[_PARTS // 2 :]
    for name in ("files", "threads", "tasks"):
        before, after = (max(getattr(sample, name) for part in half for sample in part) for half in halves)
        family.verdict(f"{name}: up to {before} in the first half, {after} later", after <= before + _SPARE)
    before, after = (
        statistics.median(sample.first_mb for sample in part) for part in (looks[_PARTS // 2], looks[-1])
    )
    words = f"memory: {before:.1f} MB in the middle, {after:.1f} MB at the end"
    family.verdict(f"{words}, at most {_MOST_GROWTH - 1:.0%} more", after <= before * _MOST_GROWTH)


def main() -> None:
    """Soak, print the table, and exit with 1 where something grew."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=30.0, help="how long; 3 for a short form")
    arguments = parser.parse_args()
    logs.set_up("WARNING", "console")
    # However it is told to stop, it ends what it started.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    family = asyncio.run(_soak(arguments.minutes))
    print(family.rendered())
    sys.exit(not all(met for _, met in family.verdicts))


if __name__ == "__main__":
    main()
