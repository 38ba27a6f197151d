"""How fast the whole desk sends, database included, beside loops that keep nothing."""

import asyncio
import statistics

from benchmarks.audience import follow
from benchmarks.fixture import NO_LIMIT, Peer, new_desk, running, town
from benchmarks.table import Family
from benchmarks.watch import Run, watch_desk, watch_peer
from storage.records import ChatKind

_LEAST_PER_SECOND = 100
_ENOUGH_RATIO = 0.45
_ENOUGH_PER_SECOND, _FAST_MACHINE = 950, 2100
_REST_SECONDS = 1.5


async def raw(audience: int, peers_audience: int, rounds: int, bare: Peer, others: list[Peer]) -> Family:
    """No limits anywhere: the desk and the bare loop by turns, so that both meet the same machine."""
    family = Family(f"raw speed, no limits, {audience} private chats")
    pairs: list[tuple[Run, Run]] = []
    most = audience / _LEAST_PER_SECOND + 10
    async with town(total=NO_LIMIT) as here, new_desk(here) as desk:
        ids = await here.people.people_in_bulk(audience)
        await follow(desk.url, ids, ChatKind.PRIVATE)
        for number in range(rounds):
            async with running(desk, rate=NO_LIMIT):
                mine = await watch_desk(desk, audience, most_seconds=most, title=f"تیتر {number + 1}")
            family.add(mine.figures("Peyk, database included"))
            yardstick = await watch_peer(here, bare, ids, rate=NO_LIMIT, most_seconds=most)
            pairs.append((mine, yardstick))
            family.add(yardstick.figures(bare.name))
        for peer in others:
            await asyncio.sleep(_REST_SECONDS)
            some = ids[:peers_audience]
            run = await watch_peer(here, peer, some, rate=NO_LIMIT, most_seconds=most)
            family.add(run.figures(peer.name))
    ratio = statistics.median(mine.per_second / bare_run.per_second for mine, bare_run in pairs)
    fastest = max(bare_run.per_second for _, bare_run in pairs)
    rate = statistics.median(mine.per_second for mine, _ in pairs)
    family.verdict(f"{ratio:.2f} of the bare loop's rate (at least {_ENOUGH_RATIO})", ratio >= _ENOUGH_RATIO)
    if fastest >= _FAST_MACHINE:
        family.verdict(f"{rate:.0f}/s (at least {_ENOUGH_PER_SECOND})", rate >= _ENOUGH_PER_SECOND)
    lost = sum(mine.wanted - mine.messages for mine, _ in pairs)
    family.verdict(f"{lost} lost (none)", lost == 0)
    return family
