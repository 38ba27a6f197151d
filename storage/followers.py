"""Counters of followers gained and lost.

A chat that may get news, or a topic of one, counts as one follower of each category that it follows, and of the
newsroom as a whole (`daily_counters.ALL`) while it follows anything.
"""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import select

from storage import daily_counters
from storage.daily_counters import ALL, Metric
from storage.engine.connection import Connection
from storage.records import SubscriptionKind
from storage.schema import ACTIVE_CHAT, category, chat, subscription


@asynccontextmanager
async def counted(tx: Connection, *chat_ids: int, now: int) -> AsyncIterator[None]:
    """Count the followers that the block gains and loses: compare who follows what before and after it."""
    # Whoever changes the same chat at the same moment waits, so that no change is counted twice.
    await tx.execute(select(chat.c.id).where(chat.c.id.in_(chat_ids)).order_by(chat.c.id).with_for_update())
    before = await _followed(tx, chat_ids)
    yield
    after = await _followed(tx, chat_ids)
    changes = [(Metric.GAINED, after - before), (Metric.LOST, before - after)]
    counts = {(metric, subject): number for metric, by_subject in changes for subject, number in by_subject.items()}
    await daily_counters.add(tx, counts, now=now)


async def _followed(tx: Connection, chat_ids: tuple[int, ...]) -> Counter[int]:
    """Return how many followers these chats are, by category."""
    query = select(subscription).join(chat, chat.c.id == subscription.c.chat_id)
    query = query.where(subscription.c.kind != SubscriptionKind.MUTED)
    places: dict[tuple[int, int], set[int | None]] = {}
    for row in await tx.execute(query.where(chat.c.id.in_(chat_ids), ACTIVE_CHAT)):
        named = places.setdefault((row.chat_id, row.topic_id), set())
        if row.kind == SubscriptionKind.CATEGORY:
            named.add(row.category_id)
    counts: Counter[int] = Counter()
    every = [row.id for row in await tx.execute(select(category.c.id))] if places else []
    for chosen in places.values():
        counts[ALL] += 1
        counts.update(every if None in chosen else filter(None, chosen))
    return counts
