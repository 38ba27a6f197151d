"""The instants of the database that a wrong clock would spoil, and how they are mended once it is right again.

`INSTANTS` has every column of the schema that holds an instant; docs/operations.md explains its kinds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    text,
    update,
)

from storage import article_origin, id_allocation, key_value
from storage.engine.connection import Connection
from storage.engine.dialect import is_postgresql
from storage.schema import (
    ACTIVE_CHAT,
    DOUBTFUL,
    LOST_CHAT,
    OPEN_MESSAGE,
    PENDING,
    PENDING_AMENDMENT,
    STALE_CARD,
    WAITING,
    WAITING_CHAT,
    amendment,
    api_client,
    api_creation,
    article,
    article_signature,
    audit,
    budget,
    card,
    chat,
    comment,
    delivery,
    desk_report,
    dialogue,
    editing,
    fan_out,
    house_word,
    hub_subscription,
    inbox,
    invitation,
    message,
    notice,
    page_visit,
    payload,
    pin,
    process_lease,
    proposal,
    recent_send,
    review,
    revision,
    saved,
    section_offer,
    silenced,
    source,
    source_item,
    source_picture,
    source_rule,
    staff,
    subscription,
    subscription_undo,
    telegram_file,
    tip,
    webhook_call,
)

SEEN_AT = "clock_seen"
"""The key under which a running bot writes down its time (ms), again and again."""

_MINUTE = 60_000
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR
_AHEAD_MS = 2_000  # what has passed may be stored by a clock that is so much ahead of ours
_NEVER = 2**62  # of a page that is not read any more (bot.ingest.page.visit_policy)
_ARTICLES_AT_ONCE = 20


class InstantKind(StrEnum):
    """The kinds of instants, by what a wrong clock does to them."""

    DUE = "due"
    """The end of a pause or a wait. It moves with the clock; too far ahead, it is due at once."""
    LEASE = "lease"
    """The end of a lease or of a right. It moves forward with the clock and is never too far ahead."""
    SLOT = "slot"
    """A time of day that a chat's schedule gives. It is worked out anew from the schedule."""
    BEGAN = "began"
    """The begin of an interval that goes on. It moves with the clock and never lies ahead."""
    FACT = "fact"
    """An instant that has passed and is compared with others. It never lies ahead."""
    CHOSEN = "chosen"
    """An instant that people chose. It stays as they meant it."""
    RECORD = "record"
    """An instant that is only shown, or that nothing decides by. It stays as it was written."""


@dataclass(frozen=True, slots=True)
class Instant:
    """A column with an instant: DUE and LEASE lie at most `ahead` milliseconds before us.

    `among` are the rows in which it counts, `unit` is how many of it make a millisecond.
    """

    column: Column[Any]
    kind: InstantKind
    ahead: int | ColumnElement[int] = 0
    among: ColumnElement[bool] | None = None
    unit: int = 1

    def rows(self, condition: ColumnElement[bool]) -> ColumnElement[bool]:
        """Return the condition, for the rows in which the instant counts."""
        return condition if self.among is None else and_(self.among, condition)


def _span(milliseconds: int) -> ColumnElement[int]:
    return literal(milliseconds, BigInteger)


_FETCH_INTERVAL: ColumnElement[int] = bindparam("fetch_interval", type_=BigInteger)
_LEASE: ColumnElement[int] = bindparam("lease", type_=BigInteger)
_BRISK = and_(source.c.failures == 0, source.c.skip_hours == "[]", source.c.skip_days == "[]")
_OWN_INTERVAL = func.coalesce(cast(source.c.interval, BigInteger) * 1000, _FETCH_INTERVAL)
# bot.ingest.fetch.schedule: a silent source waits up to an hour, a failing or skipping one up to a day.
_BETWEEN_FETCHES = case(
    (and_(_BRISK, _OWN_INTERVAL <= _HOUR), _span(_HOUR)),
    else_=_OWN_INTERVAL + _span(_DAY + 2 * _HOUR),
)
# A chat that takes messages waits as Telegram says; one that is lost is asked about once a week at least.
_BETWEEN_TRIES = case((LOST_CHAT, _span(8 * _DAY)), else_=_span(_DAY))
_PINNED = cast(pin.c.minutes, BigInteger) * _MINUTE

INSTANTS: tuple[Instant, ...] = (
    Instant(source.c.next_fetch_at, InstantKind.DUE, _BETWEEN_FETCHES, source.c.state == "active"),
    Instant(page_visit.c.due_at, InstantKind.DUE, _DAY, page_visit.c.due_at < _NEVER),
    Instant(hub_subscription.c.due_at, InstantKind.DUE, 31 * _DAY),
    Instant(webhook_call.c.due_at, InstantKind.DUE, _HOUR),
    Instant(chat.c.wait_until, InstantKind.DUE, _BETWEEN_TRIES, WAITING_CHAT),
    Instant(amendment.c.due_at, InstantKind.DUE, _DAY, PENDING_AMENDMENT),
    Instant(notice.c.due_at, InstantKind.DUE, 6 * _HOUR),
    Instant(card.c.due_at, InstantKind.DUE, 6 * _HOUR, STALE_CARD),
    Instant(pin.c.due_at, InstantKind.DUE, _PINNED + _span(_DAY)),
    Instant(desk_report.c.due_at, InstantKind.DUE, 2 * _DAY),
    Instant(budget.c.next_at, InstantKind.DUE, 10 * _MINUTE, unit=1000),
    Instant(message.c.lease_until, InstantKind.LEASE, _LEASE, or_(OPEN_MESSAGE, DOUBTFUL)),
    Instant(inbox.c.lease_until, InstantKind.LEASE, _LEASE, inbox.c.done_at.is_(None)),
    Instant(process_lease.c.lease_until, InstantKind.LEASE, _LEASE),
    Instant(editing.c.until, InstantKind.LEASE, _HOUR),
    Instant(invitation.c.expires_at, InstantKind.LEASE, 2 * _DAY, invitation.c.used_by.is_(None)),
    Instant(delivery.c.due_at, InstantKind.SLOT, 2 * _DAY + 2 * _HOUR, and_(PENDING, WAITING)),
    Instant(delivery.c.first_tried_at, InstantKind.BEGAN, among=PENDING),
    Instant(amendment.c.first_tried_at, InstantKind.BEGAN, among=PENDING_AMENDMENT),
    Instant(amendment.c.lost_at, InstantKind.BEGAN, among=PENDING_AMENDMENT),
    Instant(source.c.failing_since, InstantKind.BEGAN),
    Instant(chat.c.refused_at, InstantKind.BEGAN),
    Instant(chat.c.lost_at, InstantKind.BEGAN),
    Instant(source.c.brought_at, InstantKind.FACT),
    Instant(source.c.fetched_at, InstantKind.FACT),
    Instant(source.c.created_at, InstantKind.FACT),
    Instant(hub_subscription.c.pushed_at, InstantKind.FACT),
    Instant(hub_subscription.c.woken_at, InstantKind.FACT),
    Instant(api_creation.c.created_at, InstantKind.FACT),
    Instant(webhook_call.c.happened_at, InstantKind.FACT),
    Instant(webhook_call.c.done_at, InstantKind.FACT),
    Instant(subscription.c.since, InstantKind.FACT),
    Instant(fan_out.c.released_at, InstantKind.FACT),
    Instant(inbox.c.received_at, InstantKind.FACT),
    Instant(payload.c.created_at, InstantKind.FACT),
    Instant(message.c.created_at, InstantKind.FACT),
    Instant(message.c.sent_at, InstantKind.FACT),
    Instant(amendment.c.created_at, InstantKind.FACT),
    Instant(delivery.c.created_at, InstantKind.FACT),
    Instant(delivery.c.settled_at, InstantKind.FACT),
    Instant(recent_send.c.sent_at, InstantKind.FACT),
    Instant(page_visit.c.published_at, InstantKind.FACT),
    Instant(chat.c.members_at, InstantKind.FACT),
    Instant(dialogue.c.updated_at, InstantKind.FACT),
    Instant(subscription_undo.c.at, InstantKind.FACT),
    Instant(review.c.submitted_at, InstantKind.FACT),
    Instant(card.c.created_at, InstantKind.FACT),
    Instant(card.c.sent_at, InstantKind.FACT),
    Instant(card.c.queue_at, InstantKind.FACT),
    Instant(comment.c.created_at, InstantKind.FACT),
    Instant(tip.c.created_at, InstantKind.FACT),
    Instant(proposal.c.created_at, InstantKind.FACT),
    Instant(article_signature.c.created_at, InstantKind.FACT),
    Instant(article.c.created_at, InstantKind.FACT),
    Instant(article.c.released_at, InstantKind.FACT),
    Instant(article.c.updated_at, InstantKind.FACT),
    # `settle_articles` moves it together with the place in the lists.
    Instant(article.c.published_at, InstantKind.FACT, among=article.c.ordinal.is_(None)),
    Instant(article.c.scheduled_at, InstantKind.CHOSEN),
    *(
        Instant(column, InstantKind.RECORD)
        for column in (
            amendment.c.settled_at,
            api_client.c.created_at,
            audit.c.at,
            hub_subscription.c.confirmed_at,
            hub_subscription.c.denied_at,
            chat.c.created_at,
            chat.c.decided_at,
            comment.c.decided_at,
            editing.c.since,
            fan_out.c.created_at,
            fan_out.c.done_at,
            house_word.c.created_at,
            inbox.c.done_at,
            invitation.c.created_at,
            invitation.c.used_at,
            notice.c.created_at,
            review.c.decided_at,
            revision.c.created_at,
            saved.c.saved_at,
            silenced.c.at,
            source.c.ill_told_at,
            source_item.c.published_at,
            source_item.c.seen_at,
            source_picture.c.seen_at,
            source_rule.c.created_at,
            telegram_file.c.used_at,
            tip.c.decided_at,
            section_offer.c.created_at,
            staff.c.added_at,
        )
    ),
)
"""Every column that holds an instant, each once (twice with different `among`: no rows in common)."""


def of(*kinds: InstantKind) -> list[Instant]:
    """Return the instants of these kinds."""
    return [instant for instant in INSTANTS if instant.kind in kinds]


def bounds(*, fetch_interval: float, lease: int) -> Mapping[str, int]:
    """Return the bounds that the settings give, for `far_ahead` and `pull_in` (seconds; ms)."""
    return {"fetch_interval": int(fetch_interval * 1000), "lease": max(lease, _MINUTE)}


async def shift(tx: Connection, by: int) -> None:
    """Move what waits by as much as the clock was set (ms), so that every interval stays as long as it was.

    Leases are moved forward alone: none ends early.
    """
    kinds = (
        (InstantKind.DUE, InstantKind.BEGAN, InstantKind.LEASE) if by > 0 else (InstantKind.DUE, InstantKind.BEGAN)
    )
    for instant in of(*kinds):
        moved = instant.rows(and_(instant.column.is_not(None), instant.column > 0))
        await tx.execute(
            update(instant.column.table)
            .where(moved)
            .values({instant.column: instant.column + _span(by * instant.unit)})
        )


async def far_ahead(
    connection: Connection, kinds: Sequence[InstantKind], longest: Mapping[str, int], now: int
) -> list[Instant]:
    """Return the instants of these kinds that lie further ahead than they may in any row."""
    ahead = []
    for instant in of(*kinds):
        query = select(instant.column).where(_too_far(instant, now)).limit(1)
        if (await connection.execute(query, _given(instant, longest))).first() is not None:
            ahead.append(instant)
    return ahead


async def pull_in(tx: Connection, instant: Instant, longest: Mapping[str, int], now: int) -> int:
    """Correct the rows in which the instant lies too far ahead; return how many.

    What waits is due now, a lease ends as late as it may, and what has passed has passed now.
    """
    until = _ahead_of(now, instant) if instant.kind is InstantKind.LEASE else now * instant.unit
    statement = update(instant.column.table).where(_too_far(instant, now)).values({instant.column: until})
    return (await tx.execute(statement, _given(instant, longest))).rowcount


async def settle_articles(tx: Connection, now: int) -> int:
    """Date some of the published articles that are dated ahead now, in their order; return how many.

    They would stand above everything that is published from now on.
    """
    query = select(article.c.id).where(article.c.ordinal > id_allocation.first_ordinal(now + _AHEAD_MS))
    ahead = (await tx.execute(query.order_by(article.c.ordinal).limit(_ARTICLES_AT_ONCE))).scalars().all()
    for article_id in ahead:
        await article_origin.set_date(tx, article_id, now)
    if 0 < len(ahead) < _ARTICLES_AT_ONCE:
        newest = select(func.max(article.c.ordinal)).scalar_subquery()
        await tx.execute(update(chat).where(chat.c.seen_ordinal > newest).values(seen_ordinal=newest))
    return len(ahead)


async def chats_out_of_time(connection: Connection, now: int, *, all_: bool) -> list[int]:
    """Return the chats in which something waits longer than any schedule tells; with `all_`, for anything."""
    (slot,) = of(InstantKind.SLOT)
    waits = slot.rows(slot.column > now) if all_ else _too_far(slot, now)
    query = select(delivery.c.chat_id).join(chat, chat.c.id == delivery.c.chat_id)
    query = query.where(waits, ACTIVE_CHAT).distinct()
    return list((await connection.execute(query)).scalars())


async def newest(connection: Connection) -> int:
    """Return the newest instant (ms) that a running app has stored, 0 before the first."""
    seen = await key_value.number(connection, SEEN_AT)
    fetched = (await connection.execute(select(func.max(source.c.fetched_at)))).scalar()
    sent = (await connection.execute(select(message.c.created_at).order_by(message.c.id.desc()).limit(1))).scalar()
    return max(seen, fetched or 0, sent or 0)


async def database_now(connection: Connection) -> int | None:
    """Return the time (ms) of the database's server; None on SQLite, which has none of its own."""
    if not is_postgresql(connection):
        return None
    server_time = text("SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)")
    return int((await connection.execute(server_time)).scalar_one())


def _too_far(instant: Instant, now: int) -> ColumnElement[bool]:
    margin = _MINUTE if instant.kind in (InstantKind.DUE, InstantKind.LEASE, InstantKind.SLOT) else _AHEAD_MS
    return instant.rows(instant.column > _ahead_of(now + margin, instant))


def _ahead_of(now: int, instant: Instant) -> ColumnElement[int]:
    """Return how late the instant may be, seen from `now`."""
    if isinstance(instant.ahead, int):
        return _span((now + instant.ahead) * instant.unit)
    return _span(now * instant.unit) + instant.ahead


def _given(instant: Instant, longest: Mapping[str, int]) -> dict[str, int]:
    if isinstance(instant.ahead, int):
        return {}
    return {name: longest[name] for name in longest if name in instant.ahead.compile().params}
