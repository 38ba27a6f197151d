"""The invented agencies as a measurement sees them: their process, how they are told to behave, who asked what."""

import asyncio
import subprocess
import sys
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from itertools import pairwise

from aiohttp import ClientSession

from benchmarks.fixture import ROOT, end
from benchmarks.news_sites import CONTROL_HOST, Behaviour, feed_address
from sandbox.client import Json

_RATED = 10  # requests to a host in a row from which its rate is told


@dataclass(frozen=True, slots=True)
class Requests:
    """Requests for feeds and pages as (source, seconds of the monotonic clock), in order."""

    feeds: Sequence[tuple[int, float]]
    pages: Sequence[tuple[int, float]]
    in_flight: int
    in_flight_at_host: int

    def longest_gaps(self, sources: range, began: float, ended: float) -> list[float]:
        """Return for each source the longest that nobody asked for its feed between two moments."""
        at = _by_source(self.feeds)
        moments = ([began, *at[source], ended] for source in sources)
        return [max(later - earlier for earlier, later in pairwise(instants)) for instants in moments]

    def busiest_host_per_second(self) -> float:
        """Return the highest rate at which any host was asked for ten pages in a row, 0 where none was."""
        spans = [
            last - first
            for at in _by_source(self.pages).values()
            for first, last in zip(at, at[_RATED - 1 :], strict=False)
        ]
        return (_RATED - 1) / min(spans) if spans else 0.0


@dataclass(frozen=True, slots=True)
class Sites:
    """So many running agencies of so many items each; the port is that of all their hosts."""

    count: int
    items: int
    port: int
    _session: ClientSession

    @property
    def feeds(self) -> list[str]:
        """The addresses of their feeds."""
        return [feed_address(source, self.port) for source in range(self.count)]

    async def behave(self, behaviour: Behaviour) -> None:
        """Set how the sites answer from now on."""
        await self._request("behave", **asdict(behaviour))

    async def appear(self) -> float:
        """Publish one more item of each; return when (seconds of the monotonic clock)."""
        return float((await self._request("appear"))["at"])

    async def forget(self) -> None:
        """Begin to write requests down anew."""
        await self._request("forget")

    async def requests(self) -> Requests:
        """Return the requests since they were forgotten last."""
        return Requests(**await self._request("requests"))

    async def pages(self) -> int:
        """Return how many pages were handed out since then."""
        return int((await self._request("counts"))["pages"])

    async def cpu_seconds(self) -> float:
        """Return the CPU time of their process."""
        return float((await self._request("counts"))["cpu"])

    async def _request(self, path: str, **body: object) -> Json:
        url = f"http://{CONTROL_HOST}:{self.port}/control/{path}"
        async with self._session.post(url, json=body) as answer:
            answer.raise_for_status()
            return dict(await answer.json())


@asynccontextmanager
async def news_sites(count: int, items: int) -> AsyncIterator[Sites]:
    """Agencies in a process of their own, each on a host of its own."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.news_sites", str(count), str(items)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None, "piped"
    try:
        port = int(await asyncio.to_thread(process.stdout.readline))
        async with ClientSession(trust_env=False) as session:
            yield Sites(count, items, port, session)
    finally:
        await end(process)


def _by_source(requests: Sequence[tuple[int, float]]) -> defaultdict[int, list[float]]:
    at: defaultdict[int, list[float]] = defaultdict(list)
    for source, moment in requests:
        at[source].append(moment)
    return at
