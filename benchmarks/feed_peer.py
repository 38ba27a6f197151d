"""The loop of feedparser that Peyk is measured beside: a first fetch, and each kind of round."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.fixture import ROOT, end
from benchmarks.news_sites import Behaviour
from benchmarks.sites import Sites

NAME = "feedparser over httpx, 40 at once"
FIRST = "first"
"""The name of its first fetch among its rounds."""
NEW = "one new item in each"


@dataclass(frozen=True, slots=True)
class Round:
    """Seconds, and CPU seconds, that all feeds once took; how many entries were parsed, how many feeds failed."""

    seconds: float
    cpu: float
    entries: int
    unchanged: int
    failed: int


async def measure(sites: Sites, kinds: Mapping[str, Behaviour]) -> dict[str, Round]:
    """Return its first fetch, a round of each kind, and one with a new item in each feed.

    What comes without validators is left to the end: whoever asks next has none to ask with.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.peers.feedparser_loop"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        await asyncio.to_thread(_write_line, process, json.dumps(sites.feeds))
        done = {FIRST: await _round(process)}
        for name, behaviour in sorted(kinds.items(), key=lambda kind: not kind[1].validators):
            await sites.behave(behaviour)
            done[name] = await _round(process)
        await sites.behave(Behaviour())
        await sites.appear()
        done[NEW] = await _round(process)
    finally:
        await end(process)
    return done


async def _round(process: "subprocess.Popen[bytes]") -> Round:
    assert process.stdout is not None, "piped"
    await asyncio.to_thread(_write_line, process, "")
    return Round(**json.loads(await asyncio.to_thread(process.stdout.readline)))


def _write_line(process: "subprocess.Popen[bytes]", line: str) -> None:
    assert process.stdin is not None, "piped"
    process.stdin.write(f"{line}\n".encode())
    process.stdin.flush()
