"""A first fetch of all sources, the pages that are read after it, and what Peyk costs with nothing to fetch."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks import feed_peer
from benchmarks.feed_peer import Round
from benchmarks.intake import Intake, Window
from benchmarks.sites import Requests
from benchmarks.table import Family

_INTERVAL = 300.0  # the default: no second round begins before the first has ended
_PAGES_SECONDS = 60.0
_SETTLE_SECONDS = 5.0
_IDLE_SECONDS = 15.0
_LOOK_SECONDS = 0.5
# Patience for an app that is far slower than it is to be.
_PATIENCE_SECONDS, _PATIENCE_PER_ITEM = 60.0, 0.02

_MOST_SECONDS_PER_ITEM = 120 / 50_000
_LEAST_SECONDS = 15.0
_MOST_ITEM_MS = 3.0
_START_CPU_MS = 4_000.0  # parsers are processes, and start with the first feed
_MOST_BLOCK_MS = 50.0
_MOST_ANSWER_MS = 100.0
_MOST_MB = 250.0
_ENOUGH_PAGES = 40.0
_MOST_AT_HOST = 1.1  # one a second, and the little that ten in a row may be early


@dataclass(frozen=True, slots=True)
class Base:
    """CPU per second of an app with nothing to fetch, without and with readers, and CPU seconds for each page."""

    idle: float
    asked: float
    page: float = 0.0


async def measure(newsroom: Intake, kind: str, beside: Mapping[str, Round]) -> tuple[Base, list[Family]]:
    """Fetch everything for the first time; return what later rounds are reckoned from, and the tables."""
    wanted = newsroom.sites.count * newsroom.sites.items
    async with newsroom.running(_INTERVAL):
        async with newsroom.window() as first:
            stored = await newsroom.until_stored(wanted, _PATIENCE_SECONDS + _PATIENCE_PER_ITEM * wanted)
        at_first = await newsroom.sites.requests()
        async with newsroom.window() as reading:
            await _until_read(newsroom, wanted - len(at_first.pages))
        read = await newsroom.sites.requests()
    base = await _base(newsroom)
    pages = Family(_title("pages read in the background", newsroom, kind))
    page = _pages(pages, reading, at_first, read, base=base)
    base = Base(base.idle, base.asked, page)
    family = Family(_title("first fetch", newsroom, kind))
    _first(family, first, stored, len(at_first.pages), base=base)
    _peer(family, beside[feed_peer.FIRST])
    _judge_first(family, wanted)
    return base, [family, pages]


def _title(subject: str, newsroom: Intake, kind: str) -> str:
    return f"{subject}, {newsroom.sites.count} sources of {newsroom.sites.items} items, {kind}"


async def _until_read(newsroom: Intake, left: int) -> None:
    """Wait until so many pages were handed out, or for a minute."""
    deadline = time.monotonic() + _PAGES_SECONDS
    while await newsroom.sites.pages() < left and time.monotonic() < deadline:
        await newsroom.rest(_LOOK_SECONDS)


async def _base(newsroom: Intake) -> Base:
    """Measure Peyk with nothing due and no page to read."""
    await newsroom.drop_pages()
    await newsroom.due(tomorrow=True)
    async with newsroom.running(_INTERVAL):
        await newsroom.rest(_SETTLE_SECONDS)
        async with newsroom.window(readers=False) as idle:
            await newsroom.rest(_IDLE_SECONDS)
        async with newsroom.window() as asked:
            await newsroom.rest(_IDLE_SECONDS)
    return Base(idle.cpu / idle.seconds, asked.cpu / asked.seconds)


def _first(family: Family, first: Window, stored: int, pages: int, *, base: Base) -> None:
    alone = first.cpu - base.asked * first.seconds - base.page * pages
    family.add(
        {
            "": "Peyk",
            "items": stored,
            "seconds": round(first.seconds, 1),
            "CPU s": round(first.cpu, 1),
            "ms an item": round(first.cpu / stored * 1000, 2),
            "pages": pages,
            "ms an item alone": round(alone / stored * 1000, 2),
            "sites' CPU s": round(first.sites_cpu, 1),
            "failed": len(first.failed),
            **first.loop(),
            **first.answers(),
            **first.most_memory(),
        }
    )


def _peer(family: Family, round_: Round) -> None:
    row: dict[str, Any] = dict.fromkeys(family.rows[0], "")
    ms = round(round_.cpu / round_.entries * 1000, 2)
    figures = {"items": round_.entries, "seconds": round(round_.seconds, 1), "CPU s": round(round_.cpu, 1)}
    family.add(row | {"": feed_peer.NAME, **figures, "ms an item": ms, "failed": round_.failed})


def _judge_first(family: Family, wanted: int) -> None:
    row = family.rows[0]
    most = max(_LEAST_SECONDS, _MOST_SECONDS_PER_ITEM * wanted)
    enough = row["items"] >= wanted and row["seconds"] <= most
    family.verdict(f"{row['items']} items after {row['seconds']} s ({wanted} within {most:.0f})", enough)
    ms = row["ms an item alone"]
    most = round(_MOST_ITEM_MS + _START_CPU_MS / wanted, 2)
    words = f"{ms} ms of CPU for an item, pages, readers and idling taken off (at most {most}, the start included)"
    family.verdict(words, ms <= most)
    family.verdict(f"{row['failed']} sources failed (none)", row["failed"] == 0)
    _judge_waits(family, row)
    megabytes = row["PSS MB"]
    family.verdict(f"{megabytes} MB in all processes (under {_MOST_MB:.0f})", megabytes < _MOST_MB)


def _judge_waits(family: Family, row: Mapping[str, Any]) -> None:
    blocked, waited = row["loop max ms"], row["p99 ms"]
    family.verdict(f"the loop was blocked for {blocked} ms (at most {_MOST_BLOCK_MS})", blocked <= _MOST_BLOCK_MS)
    family.verdict(f"/latest within {waited} ms, 99 of 100 (under {_MOST_ANSWER_MS})", waited < _MOST_ANSWER_MS)


def _pages(family: Family, window: Window, at_first: Requests, requests: Requests, *, base: Base) -> float:
    """Add what reading came to once the feeds were stored, and return the CPU seconds of a page."""
    count = len(requests.pages)
    busiest = round(max(at_first.busiest_host_per_second(), requests.busiest_host_per_second()), 2)
    page = (window.cpu - base.asked * window.seconds) / count if count else 0.0
    row = {
        "": "Peyk",
        "pages": count,
        "seconds": round(window.seconds, 1),
        "per s": round(count / window.seconds, 1),
        "busiest host per s": busiest,
        "in flight": requests.in_flight,
        "at a host": requests.in_flight_at_host,
        "ms a page": round(page * 1000, 2),
        "sites' CPU s": round(window.sites_cpu, 1),
        **window.loop(),
        **window.answers(),
        **window.most_memory(),
    }
    family.add(row)
    rate = row["per s"]
    family.verdict(f"{rate} pages a second over all hosts (at least {_ENOUGH_PAGES:.0f})", rate >= _ENOUGH_PAGES)
    words = f"{busiest} a second at the busiest host, the first fetch included (at most {_MOST_AT_HOST})"
    family.verdict(words, busiest <= _MOST_AT_HOST)
    _judge_waits(family, row)
    return page
