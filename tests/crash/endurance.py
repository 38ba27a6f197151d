"""One seed's ordeal: headlines, corrections and a retraction go out while the app is killed again and again."""

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from storage.engine.database import Database
from tests.crash import trouble
from tests.crash.audience import Audience, gather
from tests.crash.news import NewsEditor
from tests.crash.rest import rows_of, unfinished
from tests.peyk_app import PeykApp, Telegram

KILLS = 4
"""Moments of one seed."""

_MOST_IN_FLIGHT = 64
_LONGEST_ROUND = 8.0
_REST_SECONDS = 120.0
_SETTINGS = {"BULK_RATE": "200", "LEASE_SECONDS": "25"}


@dataclass
class Ordeal:
    """Things done and seen. `doubtful` counts by chat the sends of which nobody could know the end."""

    telegram: Telegram
    audience: Audience
    news: NewsEditor
    told: list[str] = field(default_factory=list)
    doubtful: Counter[int] = field(default_factory=Counter)
    ended: dict[int, str] = field(default_factory=dict)
    blocked: set[int] = field(default_factory=set)

    async def rows(self, query: str) -> Sequence[tuple[Any, ...]]:
        """Return what the app's database answers."""
        return await rows_of(self.news.database, query)


async def endure(app: PeykApp, telegram: Telegram, database: Database, seed: int) -> Ordeal:
    """Let the app on `database` go through it, and wait until nothing is left to do."""
    rng = random.Random(seed)
    ordeal = Ordeal(telegram, await gather(telegram, database), NewsEditor(database, telegram.owner))
    await trouble.begin(telegram, rng)
    for number in range(KILLS):
        app.start(**_SETTINGS)
        await _edit(ordeal, rng, number)
        await _moment(ordeal, rng)
        app.kill()
        await _look_at_the_wreck(ordeal)
        ordeal.told += await trouble.people_act(telegram, ordeal.audience, rng)
        if rng.random() < 0.3:
            await _publish(ordeal, "while the app is down")
    app.start(**_SETTINGS)
    await telegram.people.do("faults/clear")
    await _rest(ordeal, app)
    for entry in telegram.running.state.requests.after(0):
        if entry["method"] == "sendMessage" and entry["status"] == 0:
            ordeal.doubtful[entry["params"]["chat_id"]] += 1
    return ordeal


async def _edit(ordeal: Ordeal, rng: random.Random, number: int) -> None:
    """Do what this round holds: a headline, and in the middle of it all a correction, a block, a retraction."""
    for _ in range(rng.randint(1, 2)):
        await _publish(ordeal, "")
    standing = [story for story in ordeal.news.stories if not story.retracted]
    if number in (1, 3):
        story = rng.choice(standing)
        await ordeal.news.correct(story)
        ordeal.told.append(f"corrected {story.title!r}")
    if number == 1:
        person = rng.choice(ordeal.audience.people)
        await ordeal.telegram.people.do("block", user_id=person, blocked=True)
        ordeal.blocked.add(person)
        ordeal.told.append(f"{person} blocks the bot")
    if number == 2:
        story = rng.choice(standing[:-1])
        await ordeal.news.retract(story)
        ordeal.told.append(f"retracted {story.mark!r}")


async def _publish(ordeal: Ordeal, how: str) -> None:
    await ordeal.news.publish()
    ordeal.told.append(f"published {ordeal.news.stories[-1].title!r} {how}".rstrip())


async def _moment(ordeal: Ordeal, rng: random.Random) -> None:
    """Wait for the moment of the kill: a message that has just arrived, or some instant after the start."""
    state = ordeal.telegram.running.state
    if rng.random() < 0.7:
        before, more = state.counts.sent, rng.randint(1, 20)
        await state.event_added.wait_for(lambda: state.counts.sent >= before + more, _LONGEST_ROUND)
        ordeal.told.append(f"killed after {state.counts.sent - before} messages")
    else:
        seconds = rng.uniform(0.5, _LONGEST_ROUND)
        await asyncio.sleep(seconds)
        ordeal.told.append(f"killed after {seconds:.2f} s")


async def _look_at_the_wreck(ordeal: Ordeal) -> None:
    """Count what was under way, and see that what had ended stays as it was."""
    under_way = await ordeal.rows("SELECT chat_id FROM message WHERE state = 'sending'")
    assert len(under_way) <= _MOST_IN_FLIGHT, under_way
    ordeal.doubtful.update(int(str(chat_id)) for (chat_id,) in under_way)
    ended = await ordeal.rows(
        "SELECT id, state FROM delivery WHERE state IN ('sent', 'refused', 'withdrawn', 'expired')"
    )
    now = {int(str(row)): str(state) for row, state in ended}
    assert {row: now.get(row) for row in ordeal.ended} == ordeal.ended, ordeal.told
    ordeal.ended = now


async def _rest(ordeal: Ordeal, app: PeykApp) -> None:
    deadline = asyncio.get_running_loop().time() + _REST_SECONDS
    while True:
        left = await unfinished(ordeal.news.database)
        if not left and not ordeal.telegram.running.state.pending:
            return
        if asyncio.get_running_loop().time() > deadline:
            raise AssertionError(f"not at rest after {_REST_SECONDS:.0f} s: {left}\n{app.log[-5000:]}")
        await asyncio.sleep(0.2)
