"""The speed at which the whole of Peyk sends, database included, beside loops that keep nothing."""

import asyncio
import statistics

from benchmarks.audience import follow
from benchmarks.fixture import NO_LIMIT, Peer, local_telegram, new_app, running
from benchmarks.readers import PEOPLE, Readers
from benchmarks.table import Family
from benchmarks.watch import Run, watch_app, watch_peer
from storage.records import ChatKind

_LEAST_PER_SECOND = 150
_ENOUGH_RATIO = 0.45
_ENOUGH_PER_SECOND, _FAST_MACHINE = 950, 2100
_PAID_RATE = 1000.0
_PROMPT_MS = 300
_REST_SECONDS = 1.5


async def raw(audience: int, peers_audience: int, rounds: int, bare: Peer, *, others: list[Peer]) -> Family:
    """No limits anywhere: Peyk and the bare loop by turns, so that both meet the same machine."""
    family = Family(f"raw speed, no limits, {audience} private chats")
    pairs: list[tuple[Run, Run]] = []
    most = audience / _LEAST_PER_SECOND + 10
    async with local_telegram(total=NO_LIMIT) as telegram, new_app(telegram) as app:
        ids = await telegram.people.people_in_bulk(audience)
        await follow(app.url, ids, ChatKind.PRIVATE)
        for number in range(rounds):
            async with running(app, rate=NO_LIMIT):
                peyk = await watch_app(app, audience, most_seconds=most, title=f"تیتر {number + 1}")
            family.add(peyk.figures("Peyk, database included"))
            yardstick = await watch_peer(telegram, bare, ids, rate=NO_LIMIT, most_seconds=most)
            pairs.append((peyk, yardstick))
            family.add(yardstick.figures(bare.name))
        for peer in others:
            await asyncio.sleep(_REST_SECONDS)
            chat_ids = ids[:peers_audience]
            run = await watch_peer(telegram, peer, chat_ids, rate=NO_LIMIT, most_seconds=most)
            family.add(run.figures(peer.name))
    ratio = statistics.median(peyk.per_second / bare_run.per_second for peyk, bare_run in pairs)
    fastest = max(bare_run.per_second for _, bare_run in pairs)
    rate = statistics.median(peyk.per_second for peyk, _ in pairs)
    family.verdict(f"{ratio:.2f} of the bare loop's rate (at least {_ENOUGH_RATIO})", ratio >= _ENOUGH_RATIO)
    if fastest >= _FAST_MACHINE:
        family.verdict(f"{rate:.0f}/s (at least {_ENOUGH_PER_SECOND})", rate >= _ENOUGH_PER_SECOND)
    lost = sum(peyk.wanted - peyk.messages for peyk, _ in pairs)
    family.verdict(f"{lost} lost (none)", lost == 0)
    return family


async def paid(audience: int, peers_audience: int, peers: list[Peer]) -> Family:
    """At the paid limit while readers ask for the latest news: what arrives, and how soon they are answered."""
    family = Family(f"paid limit, {_PAID_RATE:.0f}/s, {audience} private chats, {PEOPLE} readers asking")
    most = audience / _LEAST_PER_SECOND + 10
    async with local_telegram(total=_PAID_RATE) as telegram, new_app(telegram) as app:
        ids = await telegram.people.people_in_bulk(audience)
        readers = Readers(telegram, await telegram.people.people_in_bulk(PEOPLE))
        await follow(app.url, ids, ChatKind.PRIVATE)
        async with running(app, rate=_PAID_RATE):
            await app.draft("تیتر نخست")
            async with readers.asking():  # everything has been done once before it counts
                await asyncio.sleep(_REST_SECONDS)
            readers = readers.anew()
            peyk = await watch_app(app, audience, most_seconds=most, readers=readers)
        family.add(peyk.figures("Peyk, database included") | _waits(readers))
        for peer in peers:
            await asyncio.sleep(_REST_SECONDS)
            others = readers.anew()
            chat_ids = ids[:peers_audience]
            run = await watch_peer(telegram, peer, chat_ids, rate=_PAID_RATE, most_seconds=most, readers=others)
            family.add(run.figures(peer.name) | _waits(others))
    lost = peyk.wanted - peyk.messages
    family.verdict(f"{lost} lost (none)", lost == 0)
    p99 = readers.percentile_ms(99)
    family.verdict(f"answers to readers within {p99} ms, 99 of 100 (under {_PROMPT_MS})", p99 < _PROMPT_MS)
    return family


def _waits(readers: Readers) -> dict[str, float]:
    return {
        "answers": readers.answered,
        "p50 ms": readers.percentile_ms(50),
        "p99 ms": readers.percentile_ms(99),
    }
