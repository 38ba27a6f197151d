"""At Telegram's free limit: how much of it is used, what one chat's trouble costs the others, 200 channels."""

import asyncio

from benchmarks.audience import follow
from benchmarks.fixture import LocalTelegram, Peer, local_telegram, new_app, running
from benchmarks.table import Family
from benchmarks.watch import Run, watch_app, watch_peer
from storage.records import ChatKind

_RATE = 30.0
_ENOUGH_OF_RATE = 0.99
_FLOOD_SECONDS = 60
_MOST_SHARE_LOST = 0.02
_CHANNELS = 200
_CHANNELS_GRACE = 0.5
# A peer that waits for the flooded chat is not watched to the end of its wait.
_PATIENCE = 1.5


async def free(audience: int, peers: list[Peer]) -> Family:
    """Private chats at 30 messages a second, then once more with one of them under a flood wait of 60 s."""
    family = Family(f"free limit, {_RATE:.0f}/s, {audience} private chats")
    most = _PATIENCE * audience / _RATE
    async with local_telegram(total=_RATE) as telegram, new_app(telegram) as app:
        ids = await telegram.people.people_in_bulk(audience)
        await follow(app.url, ids, ChatKind.PRIVATE)
        async with running(app, rate=_RATE):
            calm = await watch_app(app, audience, most_seconds=most, title="تیتر نخست")
            family.add(calm.figures("Peyk"))
            await _flood(telegram, ids)
            flooded = await watch_app(app, audience - 1, most_seconds=most, title="تیتر دوم")
            await telegram.people.do("faults/clear")
            family.add(flooded.figures("Peyk, one chat flooded"))
    for peer, runs in zip(
        peers, await asyncio.gather(*(_both(peer, audience, most) for peer in peers)), strict=True
    ):
        family.add(runs[0].figures(peer.name))
        family.add(runs[1].figures(f"{peer.name}, one chat flooded"))
    _judge(family, calm, flooded)
    return family


async def _both(peer: Peer, audience: int, most: float) -> tuple[Run, Run]:
    """Watch a peer without and with a flooded chat, in two sandboxes at once: 30 a second load no machine."""

    async def once(*, flooded: bool) -> Run:
        async with local_telegram(total=_RATE) as telegram:
            ids = await telegram.people.people_in_bulk(audience)
            if flooded:
                await _flood(telegram, ids)
            return await watch_peer(telegram, peer, ids, rate=_RATE, most_seconds=most, wanted=audience - flooded)

    calm, troubled = await asyncio.gather(once(flooded=False), once(flooded=True))
    return calm, troubled


async def channels() -> Family:
    """From the press of the button to the last of 200 channels."""
    family = Family(f"free limit, {_CHANNELS} channels")
    async with local_telegram(total=_RATE) as telegram, new_app(telegram) as app:
        ids = await telegram.people.channels_in_bulk(_CHANNELS, telegram.owner)
        await follow(app.url, ids, ChatKind.CHANNEL)
        async with running(app, rate=_RATE):
            run = await watch_app(app, _CHANNELS, most_seconds=_PATIENCE * _CHANNELS / _RATE)
    family.add(run.figures("Peyk"))
    most = _CHANNELS / _RATE + _CHANNELS_GRACE
    family.verdict(f"the last post after {run.seconds:.2f} s (at most {most:.2f})", run.seconds <= most)
    return family


async def _flood(telegram: LocalTelegram, ids: range) -> None:
    flooded = ids[len(ids) // 4]
    await telegram.people.do(
        "faults", kind="flood", method="sendMessage", chat_id=flooded, seconds=_FLOOD_SECONDS, count=None
    )


def _judge(family: Family, calm: Run, flooded: Run) -> None:
    share = calm.per_second / _RATE
    family.verdict(f"{share:.1%} of the limit (at least {_ENOUGH_OF_RATE:.0%})", share >= _ENOUGH_OF_RATE)
    family.verdict(f"{calm.refused} refused for speed (none)", calm.refused == 0)
    lost = 1 - flooded.per_second / calm.per_second
    family.verdict(f"one chat's flood costs the others {lost:.1%} (at most 2%)", lost <= _MOST_SHARE_LOST)
