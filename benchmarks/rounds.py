"""Rounds after the first fetch: nothing new, something new everywhere, slow sources, failing ones."""

import statistics
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks import feed_peer
from benchmarks.feed_peer import Round
from benchmarks.first_fetch import Base
from benchmarks.intake import Intake, Window
from benchmarks.news_sites import Behaviour
from benchmarks.sites import Requests
from benchmarks.table import Family

SAME_304, SAME_200 = "unchanged, 304", "unchanged, 200"
SLOW, FAILING = "half answer after 1 s", "a tenth fails or hangs"

_FEW_ROUNDS = 3
_BROADCAST_INTERVAL = 5.0  # the default
_GRACE_SECONDS = 5.0
_PATIENCE = 3.0
_LOOK_SECONDS = 0.2

_MOST_CPU = {SAME_304: 2.0, SAME_200: 6.0}
_MOST_MB = 250.0
_MOST_GROWTH_MB = 5.0


@dataclass(frozen=True, slots=True)
class Scale:
    """So many sources of so many items; then rounds at an interval (seconds), so many with nothing new in a row."""

    sources: int
    items: int
    interval: float
    rounds: int = 10


def behaviours(sources: int) -> dict[str, Behaviour]:
    """Return how sources answer in each kind of round."""
    return {
        SAME_304: Behaviour(),
        SAME_200: Behaviour(validators=False),
        SLOW: Behaviour(slow=sources // 2, slow_seconds=1.0),
        FAILING: Behaviour(failing=sources // 10),
    }


async def measure(
    newsroom: Intake, kind: str, scale: Scale, base: Base, *, beside: Mapping[str, Round]
) -> list[Family]:
    """Measure an app whose pages were all read, beside what the same rounds cost the loop of feedparser."""
    of = f"{scale.sources} sources of {scale.items} items, {kind}, FETCH_INTERVAL {scale.interval:g}"
    family = Family(f"rounds of {of}")
    new = Family(f"one new item in each of {of}")
    await newsroom.sites.behave(Behaviour())
    await newsroom.due()
    async with newsroom.running(scale.interval):
        for name, behaviour in behaviours(scale.sources).items():
            await newsroom.sites.behave(behaviour)
            # One round to get used to it: what is due at the start is spread, validators are had anew.
            await newsroom.rest(scale.interval + _GRACE_SECONDS)
            again = scale.rounds if name == SAME_304 else _FEW_ROUNDS
            async with newsroom.window(readers=name not in _MOST_CPU) as window:
                await newsroom.rest(again * scale.interval)
            requests = await newsroom.sites.requests()
            row = _row(newsroom, name, window, requests, base=base)
            family.add(row)
            family.add(_peer_row(family, name, beside[name], scale.sources))
            _judge(family, name, row, scale.interval)
            if name == SAME_304:
                _judge_growth(family, window, again)
                await _new(newsroom, scale, new, beside[feed_peer.NEW], base=base)
    most = max(row["PSS MB"] for row in family.rows if row["PSS MB"])
    family.verdict(f"{most} MB in all processes (under {_MOST_MB:.0f})", most < _MOST_MB)
    return [family, new]


def _row(newsroom: Intake, name: str, window: Window, requests: Requests, *, base: Base) -> dict[str, Any]:
    healthy = range(behaviours(newsroom.sites.count)[name].failing, newsroom.sites.count)
    others = {newsroom.sites.feeds[source] for source in healthy}
    gaps = requests.longest_gaps(healthy, window.began, window.began + window.seconds)
    return {
        "": name,
        "feeds": len(requests.feeds),
        "pages": len(requests.pages),
        "seconds": round(window.seconds, 1),
        "CPU s": round(window.cpu, 2),
        "CPU s of 1000": round(_of_fetching(window, requests, base) / max(1, len(requests.feeds)) * 1000, 2),
        "others failed": len(others & window.failed.keys()),
        "gap p50 s": round(statistics.median(gaps), 1),
        "gap max s": round(max(gaps), 1),
        **window.loop(),
        "/latest p99 ms": window.readers.percentile_ms(99),
        **window.most_memory(),
    }


def _of_fetching(window: Window, requests: Requests, base: Base) -> float:
    """Return the CPU seconds of a window, without those of idling, of readers, and of pages that were read."""
    idle = base.asked if window.readers.seconds else base.idle
    return window.cpu - idle * window.seconds - base.page * len(requests.pages)


def _peer_row(family: Family, name: str, once: Round, sources: int) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(family.rows[0], "")
    failing = behaviours(sources)[name].failing
    return row | {
        "": f"{name}: {feed_peer.NAME}",
        "feeds": sources,
        "seconds": round(once.seconds, 1),
        "CPU s": round(once.cpu, 2),
        "CPU s of 1000": round(once.cpu / sources * 1000, 2),
        "others failed": once.failed - failing,
    }


def _judge(family: Family, name: str, row: Mapping[str, Any], interval: float) -> None:
    family.verdict(f"{name}: {row['others failed']} others failed (none)", row["others failed"] == 0)
    if name in _MOST_CPU:
        cpu, most = row["CPU s of 1000"], _MOST_CPU[name]
        family.verdict(f"{name}: {cpu} s of CPU for 1000 sources (at most {most})", cpu <= most)
    else:
        calm, gap = family.rows[0]["gap max s"], row["gap max s"]
        most = max(calm, interval + _GRACE_SECONDS)
        family.verdict(f"{name}: others asked within {gap} s (at most {most})", gap <= most)


def _judge_growth(family: Family, window: Window, again: int) -> None:
    """Compare the last of many rounds with the second, each by its median."""
    samples = window.memory.proportional
    size = len(samples) // again
    second, last = statistics.median(samples[size : 2 * size]), statistics.median(samples[-size:])
    words = f"{last - second:+.1f} MB from the second to the last of {again} rounds (at most {_MOST_GROWTH_MB})"
    family.verdict(words, last - second <= _MOST_GROWTH_MB)


async def _new(newsroom: Intake, scale: Scale, family: Family, beside: Round, *, base: Base) -> None:
    """Publish one more item of each source, and wait until each is in its channel."""
    bound = scale.interval + _BROADCAST_INTERVAL + _GRACE_SECONDS
    async with newsroom.window() as window:
        at = await newsroom.sites.appear()
        while time.monotonic() - at < _PATIENCE * bound:
            if len(_arrived(newsroom, at)) == scale.sources:
                break
            await newsroom.rest(_LOOK_SECONDS)
    requests = await newsroom.sites.requests()
    arrived = _arrived(newsroom, at)
    waits = sorted(moments[0] - at for moments in arrived) or [float("nan")]
    cpu = _of_fetching(window, requests, base)
    row = {
        "": "Peyk",
        "arrived": len(arrived),
        "doubled": sum(len(moments) - 1 for moments in arrived),
        "p50 s": round(statistics.median(waits), 1),
        "p99 s": round(waits[int(0.99 * (len(waits) - 1))], 1),
        "max s": round(waits[-1], 1),
        "feeds": len(requests.feeds),
        "pages": len(requests.pages),
        "CPU s": round(cpu, 2),
        "ms an item": round(cpu / max(1, len(arrived)) * 1000, 1),
        **window.loop(),
        **window.answers(),
    }
    family.add(row)
    peer = {"": feed_peer.NAME, "CPU s": round(beside.cpu, 2), "max s": round(beside.seconds, 1)}
    family.add(dict.fromkeys(row, "") | peer)
    family.verdict(
        f"{row['arrived']} of {scale.sources} arrived, {row['doubled']} twice",
        row["arrived"] == scale.sources and not row["doubled"],
    )
    family.verdict(f"the last after {row['max s']} s (at most {bound:.0f})", row["max s"] <= bound)


def _arrived(newsroom: Intake, since: float) -> list[list[float]]:
    """Return when messages came since then, of each channel that got any."""
    came = ([at for _, at in newsroom.arrivals.messages[channel] if at >= since] for channel in newsroom.channels)
    return [moments for moments in came if moments]
