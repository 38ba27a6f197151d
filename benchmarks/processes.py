"""CPU and memory of a process and all below it, read from outside (proc(5) of Linux)."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_LOOK_SECONDS = 0.2
_MB = 1024.0
# Fields 14 to 17 of /proc/PID/stat, behind the name: utime, stime, and those of children that were waited for.
_TIMES = slice(11, 15)


@dataclass(slots=True)
class Memory:
    """The memory that all processes held together at each sample, in MB.

    `proportional` shares pages that several processes have among them (PSS); `resident` counts them in each (RSS).
    """

    proportional: list[float] = field(default_factory=list)
    resident: list[float] = field(default_factory=list)


def tree(pid: int) -> Iterator[int]:
    """Yield a process and all below it that are there now."""
    yield pid
    try:
        for thread in Path(f"/proc/{pid}/task").iterdir():
            for child in (thread / "children").read_text().split():
                yield from tree(int(child))
    except (FileNotFoundError, ProcessLookupError):
        return


def cpu_seconds(pid: int) -> float:
    """Return the CPU time of a process and all below it, those that have ended included."""
    ticks = 0
    for process_id in tree(pid):
        try:
            stat = Path(f"/proc/{process_id}/stat").read_text()
        except (FileNotFoundError, ProcessLookupError):
            continue
        ticks += sum(map(int, stat.rpartition(")")[2].split()[_TIMES]))
    return ticks / _TICKS


def memory_mb(pid: int) -> dict[int, tuple[float, float]]:
    """Return (PSS, RSS) in MB of a process and of each below it, by process id."""
    sizes_by_id = {}
    for process_id in tree(pid):
        try:
            lines = Path(f"/proc/{process_id}/smaps_rollup").read_text().splitlines()[1:]
        except (FileNotFoundError, ProcessLookupError):
            continue
        sizes = {name: int(size.split()[0]) for name, _, size in (line.partition(":") for line in lines)}
        sizes_by_id[process_id] = (sizes["Pss"] / _MB, sizes["Rss"] / _MB)
    return sizes_by_id


@asynccontextmanager
async def watching_memory(pid: int) -> AsyncIterator[Memory]:
    """Sample the memory of a process and all below it, five times a second, until the block ends."""
    memory = Memory()

    async def sample() -> None:
        while True:
            sizes = await asyncio.to_thread(memory_mb, pid)
            memory.proportional.append(sum(pss for pss, _ in sizes.values()))
            memory.resident.append(sum(rss for _, rss in sizes.values()))
            await asyncio.sleep(_LOOK_SECONDS)

    task = asyncio.create_task(sample())
    try:
        yield memory
    finally:
        task.cancel()
