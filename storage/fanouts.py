"""Fan-outs: publications on their way into deliveries, and changes on their way into amendments.

A publication or a change and its fan-out are written in one transaction. It is then processed chunk by chunk, its
cursor moving in each chunk's own transaction; unique keys make a repeat harmless.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    Select,
    and_,
    bindparam,
    case,
    exists,
    literal,
    not_,
    or_,
    select,
    update,
)

from persian.schedule import INSTANT, QuietHours, Schedule
from storage.announcements import hears
from storage.engine.connection import Connection
from storage.engine.dialect import insert, is_postgresql
from storage.engine.prepared import PreparedStatement
from storage.malformed import read_rows
from storage.records import LIVE, DeliveryState, FanOut, FanOutKind, Lane, Priority
from storage.schema import ACTIVE_CHAT, article, chat, delivery, fan_out, message, message_article, subscription
from storage.subscription_matching import LOWEST_ID, NOTHING_MORE, Subjects, in_chunk, own_schedules, unmuted, wants
from storage.text_values import own_schedule_of, quiet_hours_of, schedule_of

LAST_RANK = 2
"""The rank that a fan-out reaches last."""

CHANGES = (FanOutKind.CORRECTION, FanOutKind.RETRACTION)
"""The kinds that lead to amendments; the others lead to deliveries."""

_INSTANT = str(INSTANT)

_URGENCY = case(
    (fan_out.c.kind == FanOutKind.RETRACTION, 0),
    (fan_out.c.kind == FanOutKind.HEADLINE, 2),
    else_=1,
)


@dataclass(frozen=True, slots=True)
class Target:
    """A chat or topic whose schedule, or that of something it follows, decides when it gets a headline."""

    chat_id: int
    topic_id: int
    rank: int
    schedule: Schedule
    quiet: QuietHours | None
    timezone: str
    breaking_passes_quiet: bool


@dataclass(frozen=True, slots=True)
class Slot:
    """The time of a target's headline; `fold` lets it share a digest. A `refusal` says why the target gets none."""

    chat_id: int
    topic_id: int
    rank: int
    due_at: int
    fold: bool
    refusal: str = ""


async def begin(tx: Connection, article_id: int, kind: FanOutKind, *, now: int, to_all: bool = False) -> bool:
    """Begin the fan-out of a publication to its followers, or of a change to every copy.

    A publication has one fan-out: False where it was begun before. A change may follow another. An announcement may
    go `to_all`, whatever they follow.
    """
    statement = insert(tx, fan_out).values(
        article_id=article_id, kind=kind, released_at=now, to_all=to_all, created_at=now, untold=1
    )
    if kind in CHANGES:
        afresh = {"released_at": now, "rank": 0, "after_id": None, "done_at": None, "untold": 1}
        statement = statement.on_conflict_do_update(index_elements=["article_id", "kind"], set_=afresh)
    else:
        statement = statement.on_conflict_do_nothing()
    return (await tx.execute(statement)).rowcount == 1


async def next_open(connection: Connection, *, but: Collection[int] = ()) -> FanOut | None:
    """Return the fan-out to go on with, `but` for some: the most urgent kind, then the one that has got least far.

    A malformed one is left where it is.
    """
    passed = set(but)
    while True:
        if passed:
            rows = list(await connection.execute(_OPEN.where(fan_out.c.id.not_in(passed))))
        else:
            rows = await connection.fetch(_NEXT_OPEN)
        work = read_rows("fan_out", rows, _fan_out)
        if not work.malformed:
            return work.records[0] if work.records else None
        passed.update(work.malformed)


_OPEN = (
    select(
        fan_out.c.id,
        fan_out.c.article_id,
        article.c.category_id,
        fan_out.c.kind,
        fan_out.c.released_at,
        fan_out.c.rank,
        fan_out.c.after_id,
        fan_out.c.to_all,
    )
    .join(article, article.c.id == fan_out.c.article_id)
    .where(fan_out.c.done_at.is_(None))
    .order_by(_URGENCY, fan_out.c.rank, fan_out.c.id)
    .limit(1)
)
_NEXT_OPEN = PreparedStatement(_OPEN)


def _fan_out(row: Any) -> FanOut:
    return FanOut(**{**row._asdict(), "kind": FanOutKind(row.kind)})


async def is_open(connection: Connection, article_id: int) -> bool:
    """Return whether anything of the article is still on its way into deliveries or amendments."""
    query = select(fan_out.c.id).where(fan_out.c.done_at.is_(None), fan_out.c.article_id == article_id)
    return (await connection.execute(query.limit(1))).first() is not None


async def is_with_anybody(connection: Connection, article_id: int) -> bool:
    """Return whether anybody has the article, or is about to get it: a copy, or a delivery that waits."""
    return bool(await connection.fetch(_WITH_ANYBODY, article_id=article_id))


async def pushed(connection: Connection, article_ids: Collection[int]) -> set[int]:
    """Return those of the articles that had a fan-out to their followers."""
    query = select(fan_out.c.article_id).where(
        fan_out.c.article_id.in_(article_ids), fan_out.c.kind.in_((FanOutKind.HEADLINE, FanOutKind.BREAKING))
    )
    return set((await connection.execute(query)).scalars())


async def lock(tx: Connection, work: FanOut) -> bool:
    """Lock a fan-out until the transaction ends: nobody undoes it or goes on with it.

    False where another process has it or has gone on with it, or where it was taken back. Nobody waits for it: the
    other process does the work.
    """
    return bool(await tx.fetch(_LOCKED, fan_out_id=work.id, read_rank=work.rank, read_after=work.after_id))


async def chunk_end(tx: Connection, work: FanOut, size: int) -> int | None:
    """Return the id of the last of the next `size` chats of a publication's rank; None at the rank's end."""
    after = LOWEST_ID if work.after_id is None else work.after_id
    ends = await tx.fetch(_CHUNK_END, rank=work.rank, after=after, passed=size - 1)
    return ends[0].id if ends else None


async def deliver_now(
    tx: Connection, work: FanOut, end: int | None, subjects: Subjects = NOTHING_MORE, *, lane: Lane, now: int
) -> int:
    """Insert deliveries for the chunk's chats and topics that get news at once; return how many."""
    rows = _places(
        tx,
        work,
        end,
        subjects,
        literal(work.article_id, delivery.c.article_id.type),
        literal(work.kind.value),
        literal(int(Priority.of(lane, work.rank)), delivery.c.priority.type),
        literal(DeliveryState.PENDING.value),
        literal(1, delivery.c.ready.type),
        literal(now, delivery.c.due_at.type),
        literal(now, delivery.c.created_at.type),
    ).where(_at_once(work))
    columns = ["chat_id", "topic_id", "article_id", "kind", "priority", "state", "ready", "due_at", "created_at"]
    statement = insert(tx, delivery).from_select(columns, rows).on_conflict_do_nothing()
    return (await tx.execute(statement)).rowcount


async def scheduled_targets(
    tx: Connection, work: FanOut, end: int | None, subjects: Subjects = NOTHING_MORE
) -> list[Target]:
    """Return the chunk's places that do not simply want it at once: a schedule decides when.

    A place stands there once for each subscription by which it gets it.
    """
    query = _places(
        tx,
        work,
        end,
        subjects,
        chat.c.rank,
        literal("") if work.kind is FanOutKind.ANNOUNCEMENT else subscription.c.schedule,
        chat.c.schedule,
        chat.c.quiet,
        chat.c.timezone,
        chat.c.breaking_passes_quiet,
    )
    # Where nothing has a schedule of its own, the chat tells alone: nothing is read of those that are instant.
    own = work.kind is not FanOutKind.ANNOUNCEMENT and await own_schedules(tx, work, end)
    query = query.where(not_(_at_once(work) if own else _chat_at_once(work)))
    return [_target(row) for row in await tx.execute(query)]


async def deliver_later(tx: Connection, work: FanOut, slots: Sequence[Slot], *, lane: Lane, now: int) -> None:
    """Insert a delivery for each slot, due at the slot's time; one with a refusal ends at once, refused."""
    if not slots:
        return
    common = {"article_id": work.article_id, "kind": work.kind, "created_at": now}
    rows = [
        {
            "chat_id": slot.chat_id,
            "topic_id": slot.topic_id,
            "priority": int(Priority.of(lane, slot.rank)),
            "ready": int(slot.due_at <= now),
            "due_at": slot.due_at,
            "fold": slot.fold,
            "state": DeliveryState.REFUSED if slot.refusal else DeliveryState.PENDING,
            "reason": slot.refusal,
            "settled_at": now if slot.refusal else None,
            **common,
        }
        for slot in slots
    ]
    await tx.execute(insert(tx, delivery).on_conflict_do_nothing(), rows)


async def withdraw(tx: Connection, work: FanOut, size: int, *, now: int) -> bool:
    """Withdraw up to `size` sends of a retracted article that wait; return whether more may wait."""
    waiting = select(delivery.c.id).where(
        delivery.c.article_id == work.article_id, delivery.c.state == DeliveryState.PENDING
    )
    done = await tx.execute(
        update(delivery)
        .where(delivery.c.id.in_(waiting.limit(size)))
        .values(state=DeliveryState.WITHDRAWN, reason="retracted", settled_at=now)
    )
    return done.rowcount == size


async def delete_if_unstarted(tx: Connection, article_id: int) -> bool:
    """Delete a publication's fan-out and deliveries; False once any of it was begun: the caller then rolls back.

    Begun is what was sent, or claimed by a process, and a message that shows the article for another reason.
    """
    await tx.execute(fan_out.delete().where(fan_out.c.article_id == article_id))
    await tx.execute(
        delivery.delete().where(
            delivery.c.article_id == article_id, delivery.c.state == DeliveryState.PENDING, delivery.c.attempts == 0
        )
    )
    return not await is_with_anybody(tx, article_id)


async def is_begun(connection: Connection, article_id: int) -> bool:
    """Return whether any send of the article was begun: it is on its way to somebody, or there."""
    tried = or_(delivery.c.state != DeliveryState.PENDING, delivery.c.attempts > 0)
    begun = or_(
        exists().where(message.c.article_id == article_id),
        exists().where(message_article.c.article_id == article_id),
        exists().where(delivery.c.article_id == article_id, tried),
    )
    return (await connection.execute(select(literal(1)).where(begun))).first() is not None


async def advance(tx: Connection, work: FanOut, end: int | None, *, now: int) -> bool:
    """Move the cursor behind the chunk that ended at `end`, None at the rank's end; return whether it goes on.

    Where another process has moved it, or a newer change has begun anew, it stays as it is.
    """
    over = end is None and work.rank >= LAST_RANK
    rank, after_id = (work.rank + 1, None) if end is None and not over else (work.rank, end)
    moved = await tx.fetch(
        _MOVED,
        fan_out_id=work.id,
        read_at=work.released_at,
        read_rank=work.rank,
        read_after=work.after_id,
        new_rank=rank,
        new_after=after_id,
        ended_at=now if over else None,
    )
    return not (over and moved)


def _ahead(work: FanOut) -> ColumnElement[bool]:
    reachable = and_(chat.c.rank == work.rank, ACTIVE_CHAT)
    return reachable if work.after_id is None else and_(reachable, chat.c.id > work.after_id)


def _places(tx: Connection, work: FanOut, end: int | None, subjects: Subjects, *columns: Any) -> Select[Any]:
    """Select the chats and topics of a chunk that a publication goes to, with `columns`; each once for each reason.

    A headline goes where it is followed; an announcement goes once to each chat, whatever topics follow there.
    """
    # What was retracted meanwhile is not pushed any more.
    live = select(article.c.id).where(article.c.id == work.article_id, article.c.state.in_(LIVE)).exists()
    if work.kind is FanOutKind.ANNOUNCEMENT:
        query = select(chat.c.id, literal(0, subscription.c.topic_id.type), *columns)
        query = query.where(hears(None if work.to_all else work.category_id, since=work.released_at))
    else:
        query = (
            select(subscription.c.chat_id, subscription.c.topic_id, *columns)
            .join(chat, chat.c.id == subscription.c.chat_id)
            .where(
                chat.c.paused.is_(False),
                wants(work.category_id, work.kind, subjects),
                subscription.c.since <= work.released_at,
                *unmuted(subjects),
            )
        )
        if is_postgresql(tx):
            # It would read all subscriptions for each chunk; SQLite goes from chat to chat, and faster without.
            query = query.where(*in_chunk(work, end))
    query = query.where(_ahead(work), live)
    return query if end is None else query.where(chat.c.id <= end)


def _at_once(work: FanOut) -> ColumnElement[bool]:
    """Return which places want it at once by the schedule of the chat, or of what they follow."""
    if work.kind is FanOutKind.ANNOUNCEMENT:
        return _chat_at_once(work)
    by_chat = and_(subscription.c.schedule == "", chat.c.schedule == _INSTANT)
    return and_(or_(by_chat, subscription.c.schedule == _INSTANT), chat.c.quiet == "")


def _chat_at_once(work: FanOut) -> ColumnElement[bool]:
    """Return which chats want what comes at once; an announcement waits for nothing but quiet hours."""
    awake = chat.c.quiet == ""
    return awake if work.kind is FanOutKind.ANNOUNCEMENT else and_(chat.c.schedule == _INSTANT, awake)


def _target(row: Any) -> Target:
    chat_id, topic_id, rank, own_schedule, schedule, quiet, timezone, breaking_passes_quiet = row
    return Target(
        chat_id,
        topic_id,
        rank,
        schedule=own_schedule_of(own_schedule, chat_id=chat_id) or schedule_of(schedule, chat_id=chat_id),
        quiet=quiet_hours_of(quiet, chat_id=chat_id),
        timezone=timezone,
        breaking_passes_quiet=breaking_passes_quiet,
    )


_AS_READ = (
    fan_out.c.id == bindparam("fan_out_id", type_=BigInteger),
    fan_out.c.rank == bindparam("read_rank", type_=fan_out.c.rank.type),
    fan_out.c.after_id.is_not_distinct_from(bindparam("read_after", type_=BigInteger)),
    fan_out.c.done_at.is_(None),
)
_LOCKED = PreparedStatement(select(fan_out.c.id).where(*_AS_READ).with_for_update(skip_locked=True))
_MOVED = PreparedStatement(
    update(fan_out)
    .where(*_AS_READ, fan_out.c.released_at == bindparam("read_at", type_=BigInteger))
    .values(
        rank=bindparam("new_rank", type_=fan_out.c.rank.type),
        after_id=bindparam("new_after", type_=BigInteger),
        done_at=bindparam("ended_at", type_=BigInteger),
    )
    .returning(fan_out.c.id)
)
_CHUNK_END = PreparedStatement(
    select(chat.c.id)
    .where(
        chat.c.rank == bindparam("rank", type_=chat.c.rank.type),
        ACTIVE_CHAT,
        chat.c.id > bindparam("after", type_=BigInteger),
    )
    .order_by(chat.c.id)
    .limit(1)
    .offset(bindparam("passed", type_=BigInteger))
)
_ARTICLE_ID: BindParameter[int] = bindparam("article_id", type_=BigInteger)
_WITH_ANYBODY = PreparedStatement(
    select(literal(1).label("one")).where(
        or_(
            exists().where(message.c.article_id == _ARTICLE_ID),
            exists().where(message_article.c.article_id == _ARTICLE_ID),
            exists().where(delivery.c.article_id == _ARTICLE_ID),
            exists().where(fan_out.c.article_id == _ARTICLE_ID, fan_out.c.done_at.is_(None)),
        )
    )
)
