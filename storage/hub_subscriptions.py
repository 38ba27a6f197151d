"""Subscriptions at WebSub hubs: which sources want one, what is to be done about each, and the pushes that came.

A source wants a subscription while it is active and its feed names a hub. A subscription to anything else is left.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update

from storage.engine.connection import Connection
from storage.engine.dialect import insert
from storage.malformed import PARKED_MS, read_rows
from storage.records import HubState, HubSubscription, SourceState
from storage.schema import hub_subscription, source

WAKE_GAP_MS = 10_000
"""The least time (ms) between two fetches of a source for which pushes are the reason.

It is as long as the lease of a fetch: a source whose next fetch is nearer is being fetched, or is about to be.
"""

_COLUMNS = [hub_subscription.c[name] for name in HubSubscription.__dataclass_fields__]
_WANTED = hub_subscription.c.state == HubState.WANTED
_WANTS_HUB = and_(source.c.state == SourceState.ACTIVE, source.c.hub != "")
_OF_SOURCE = and_(
    hub_subscription.c.source_id == source.c.id,
    hub_subscription.c.hub == source.c.hub,
    hub_subscription.c.topic == source.c.topic,
)
_IS_STALE = and_(_WANTED, ~exists().where(_WANTS_HUB, _OF_SOURCE))
_IS_MISSING = and_(_WANTS_HUB, ~exists().where(_WANTED, _OF_SOURCE))


@dataclass(frozen=True, slots=True)
class WantedTopic:
    """A topic at a hub that a source wants to subscribe to."""

    source_id: int
    hub: str
    topic: str


@dataclass(frozen=True, slots=True)
class HubStatus:
    """The state of a wanted subscription: when its hub confirmed or denied it last, and when it is asked again."""

    confirmed_at: int | None
    denied_at: int | None
    due_at: int


async def any_to_follow(connection: Connection, now: int) -> bool:
    """Return whether a source wants a subscription or wants one no more, or is to be fetched after a push."""
    conditions = (select(exists().where(condition)) for condition in (_IS_STALE, _IS_MISSING, _to_wake(now)))
    query = select(or_(*(condition.scalar_subquery() for condition in conditions)))
    return bool((await connection.execute(query)).scalar_one())


async def leave_stale(tx: Connection, *, now: int) -> None:
    """Begin to leave the subscriptions that no source wants any more."""
    values = {"state": HubState.LEAVING, "due_at": now, "attempts": 0, "pushed_at": None}
    await tx.execute(update(hub_subscription).where(_IS_STALE).values(values))


async def missing(connection: Connection, *, limit: int) -> list[WantedTopic]:
    """Return up to `limit` topics that sources want, and to which there is no subscription."""
    rows = await connection.execute(
        select(source.c.id, source.c.hub, source.c.topic).where(_IS_MISSING).limit(limit)
    )
    return [WantedTopic(*row) for row in rows]


async def add(tx: Connection, topic: WantedTopic, *, callback: str, nonce: str, now: int) -> None:
    """Store a subscription that is due at once; nothing where another process was faster."""
    values = {"source_id": topic.source_id, "hub": topic.hub, "topic": topic.topic, "callback": callback}
    values |= {"nonce": nonce, "state": HubState.WANTED, "due_at": now}
    await tx.execute(insert(tx, hub_subscription).values(values).on_conflict_do_nothing())


async def wake_sources(tx: Connection, *, now: int) -> None:
    """Make the sources due for which a push came, no more often than every WAKE_GAP_MS."""
    pushed = select(hub_subscription.c.source_id).where(_to_wake(now))
    ids = list((await tx.execute(pushed)).scalars())
    if not ids:
        return
    await tx.execute(update(source).where(source.c.id.in_(ids)).values(next_fetch_at=now))
    of_them = and_(_WANTED, hub_subscription.c.source_id.in_(ids))
    await tx.execute(update(hub_subscription).where(of_them).values(pushed_at=None, woken_at=now))


async def drop_elsewhere(tx: Connection, base: str) -> None:
    """Delete the subscriptions whose callback does not begin with `base`: nothing can be heard at it any more."""
    begin = func.substr(hub_subscription.c.callback, 1, len(base))
    await tx.execute(hub_subscription.delete().where(begin != base))


async def any_due(connection: Connection, now: int) -> bool:
    """Return whether anything is to be done about a subscription."""
    due = select(hub_subscription.c.id).where(hub_subscription.c.due_at <= now)
    return (await connection.execute(due.limit(1))).first() is not None


async def claim(tx: Connection, *, now: int, lease_until: int, limit: int) -> Sequence[HubSubscription]:
    """Claim up to `limit` subscriptions that are due, the longest due first, until `lease_until` (ms)."""
    due = select(hub_subscription.c.id).where(hub_subscription.c.due_at <= now)
    due = due.order_by(hub_subscription.c.due_at).limit(limit).with_for_update(skip_locked=True)
    statement = update(hub_subscription).where(hub_subscription.c.id.in_(due)).returning(*_COLUMNS)
    values = {"due_at": lease_until, "attempts": hub_subscription.c.attempts + 1}
    claimed = read_rows("hub_subscription", await tx.execute(statement.values(values)), _subscription)
    if claimed.malformed:
        parked = update(hub_subscription).where(hub_subscription.c.id.in_(claimed.malformed))
        await tx.execute(parked.values(due_at=now + PARKED_MS))
    return [replace(record, attempts=record.attempts - 1) for record in claimed.records]


async def put_off(tx: Connection, held: HubSubscription, *, due_at: int) -> None:
    """Postpone a claimed subscription until `due_at` (ms), unless its hub has confirmed it meanwhile."""
    is_held = and_(hub_subscription.c.id == held.id, hub_subscription.c.due_at == held.due_at)
    await tx.execute(update(hub_subscription).where(is_held).values(due_at=due_at))


async def by_nonce(connection: Connection, nonce: str) -> HubSubscription | None:
    """Return the subscription whose callback bears `nonce`."""
    query = select(*_COLUMNS).where(hub_subscription.c.nonce == nonce)
    records = read_rows("hub_subscription", await connection.execute(query), _subscription).records
    return records[0] if records else None


async def confirm(tx: Connection, subscription_id: int, *, now: int, renew_at: int) -> None:
    """Store that a hub has confirmed a wanted subscription, which is renewed at `renew_at` (ms)."""
    values = {"confirmed_at": now, "denied_at": None, "due_at": renew_at, "attempts": 0}
    is_wanted = and_(hub_subscription.c.id == subscription_id, _WANTED)
    await tx.execute(update(hub_subscription).where(is_wanted).values(values))


async def deny(tx: Connection, subscription_id: int, *, now: int, due_at: int) -> None:
    """Store that a hub denies a wanted subscription, which has ended; it is asked again at `due_at` (ms)."""
    is_wanted = and_(hub_subscription.c.id == subscription_id, _WANTED)
    await tx.execute(
        update(hub_subscription).where(is_wanted).values(confirmed_at=None, denied_at=now, due_at=due_at)
    )


async def status(connection: Connection, source_id: int) -> HubStatus | None:
    """Return how the wanted subscription of a source stands, None where there is none."""
    columns = [hub_subscription.c[name] for name in HubStatus.__dataclass_fields__]
    subscribed = select(*columns).where(_WANTED, hub_subscription.c.source_id == source_id)
    row = (await connection.execute(subscribed)).one_or_none()
    return HubStatus(*row) if row else None


async def record_push(tx: Connection, subscription_id: int, *, strong: bool, now: int) -> None:
    """Store that a push came, signed with SHA-2 where it is `strong`."""
    values: dict[str, Any] = {"pushed_at": func.coalesce(hub_subscription.c.pushed_at, now)}
    if strong:
        values["strong"] = True
    is_wanted = and_(hub_subscription.c.id == subscription_id, _WANTED)
    await tx.execute(update(hub_subscription).where(is_wanted).values(values))


async def delete(tx: Connection, subscription_id: int) -> None:
    """Delete a subscription."""
    await tx.execute(hub_subscription.delete().where(hub_subscription.c.id == subscription_id))


def _to_wake(now: int) -> ColumnElement[bool]:
    """Return the condition that a push came for a source that is neither being fetched nor about to be."""
    woken = hub_subscription.c.woken_at
    rested = or_(woken.is_(None), woken <= now - WAKE_GAP_MS)
    idle = and_(_WANTS_HUB, source.c.id == hub_subscription.c.source_id, source.c.next_fetch_at > now + WAKE_GAP_MS)
    return and_(_WANTED, hub_subscription.c.pushed_at.is_not(None), rested, exists().where(idle))


def _subscription(row: Any) -> HubSubscription:
    return HubSubscription(**{**row._mapping, "state": HubState(row.state)})
