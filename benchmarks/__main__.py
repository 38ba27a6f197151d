"""make bench: measures what Peyk exists for beside simpler programs; docs/benchmarks.md explains.

Prints a table as soon as it is measured, and writes all of them to benchmarks/results.json.
"""

import argparse
import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks import answers, backlog, limits, sources, speed, table, turns, workers
from benchmarks.fixture import ROOT, Peer
from benchmarks.rounds import Scale
from benchmarks.table import Family
from bot import logs

_OUT = ROOT / "benchmarks" / "results.json"


@dataclass(frozen=True, slots=True)
class Size:
    """The amount that is measured."""

    free: int
    raw: int
    paid: int
    several: int
    peers: int
    rounds: int
    backlogs: tuple[int, int]
    library: int
    of_each: int
    commands: int
    sources: Scale


_QUICK = Size(
    free=600,
    raw=6_000,
    paid=10_000,
    several=4_000,
    peers=2_000,
    rounds=2,
    backlogs=(60_000, 240_000),
    library=20_000,
    of_each=100,
    commands=400,
    sources=Scale(sources=100, items=20, interval=5.0),
)
_FULL = Size(
    free=1_800,
    raw=100_000,
    paid=100_000,
    several=50_000,
    peers=20_000,
    rounds=2,
    backlogs=(100_000, 1_000_000),
    library=1_000_000,
    of_each=400,
    commands=5_000,
    sources=Scale(sources=1_000, items=50, interval=60.0),
)


async def _measure(wanted: set[str], size: Size, peers_python: str) -> list[Family]:
    bare = Peer("bare loop, keeps nothing", "bare_loop", sys.executable)
    peers = [
        Peer("PTB, AIORateLimiter", "ptb_loop", peers_python),
        Peer("aiogram, sleeps on RetryAfter", "aiogram_loop", peers_python),
    ]
    parts: dict[str, Callable[[], Awaitable[list[Family]]]] = {
        "channels": lambda: _alone(limits.channels()),
        "free": lambda: _alone(limits.free(size.free, peers)),
        "raw": lambda: _alone(speed.raw(size.raw, size.peers, size.rounds, bare, others=peers)),
        "paid": lambda: _alone(speed.paid(size.paid, size.peers, peers)),
        "backlog": lambda: _alone(backlog.pending(size.backlogs)),
        "turns": lambda: _alone(turns.beside_fan_out(size.backlogs[1])),
        "workers": lambda: _alone(workers.several(size.several)),
        "sources": lambda: sources.on_sqlite(size.sources),
        "sources-postgresql": lambda: sources.on_postgresql(size.sources),
        "readers": lambda: answers.on_sqlite(size.library, size.of_each, size.commands, size.rounds),
        "readers-postgresql": lambda: answers.on_postgresql(size.library, size.of_each, size.commands, size.rounds),
    }
    families = []
    for name, measure in parts.items():
        if not wanted or name in wanted:
            for family in await measure():
                families.append(family)
                print(family.rendered(), end="\n\n", flush=True)
    return families


async def _alone(measure: Awaitable[Family]) -> list[Family]:
    return [await measure]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--peers", required=True, help="the interpreter that has what Peyk is compared with")
    parser.add_argument("--full", action="store_true", help="the larger audiences")
    parser.add_argument("--only", nargs="*", default=[], help="these tables alone")
    parser.add_argument("--out", type=Path, default=_OUT, help="where the JSON goes")
    arguments = parser.parse_args()
    logs.set_up("WARNING", "console")
    # However it is told to stop, it ends what it started.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    families = asyncio.run(
        _measure(set(arguments.only), _FULL if arguments.full else _QUICK, str(Path(arguments.peers).absolute()))
    )
    table.write(families, arguments.out)


if __name__ == "__main__":
    main()
