"""Amendments: copies that do not show the newest revision yet.

Each message has at most one, however often its articles change. It is rendered from the articles as they are when
its turn comes, so that the newest revision wins however late an older one is.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    CompoundSelect,
    Select,
    and_,
    bindparam,
    case,
    func,
    literal,
    or_,
    select,
    tuple_,
    union_all,
    update,
)

from storage.engine.connection import Connection
from storage.engine.dialect import INSERTS, among, insert, json_list, opaque_literal
from storage.engine.prepared import PreparedStatement
from storage.malformed import counts_by, readable
from storage.records import LIVE, SHARED, AmendmentState, FanOut, Lane, MessageState, Priority
from storage.schema import (
    LOST_CHAT,
    PENDING_AMENDMENT,
    amendment,
    article,
    chat,
    message,
    message_article,
    revision,
)

COPIES, DIGESTS = 1, 2
"""The ranks of a change's fan-out that lead to amendments."""
CALM_MS = 5 * 60_000
"""Between two edits of a copy (ms) for the sake of a source that changes its page again and again."""

# Why a pending one waits; otherwise "" (its turn has not come) or the words of the trouble that put it off.
_UNDER_WAY = "under way"
_OVERTAKEN = "changed again while under way"
_CLAIMED = amendment.c.reason.in_([_UNDER_WAY, _OVERTAKEN])
_KEPT = ("message_id", "chat_id")


@dataclass(frozen=True, slots=True)
class DueAmendment:
    """A copy whose amendment is due.

    A smaller `key` goes first.
    """

    priority: Priority
    id: int
    chat_id: int

    @property
    def key(self) -> tuple[int, int]:
        """The place in the order in which amendments go."""
        return self.priority, self.id


@dataclass(frozen=True, slots=True)
class ClaimedAmendment:
    """An amendment that this process works on, until its lease ends."""

    message_id: int
    attempts: int
    first_tried_at: int
    lost_at: int | None


async def enqueue(
    tx: Connection, work: FanOut, *, lane: Lane, limit: int, now: int, calm: bool = False
) -> int | None:
    """Enqueue amendments of the next `limit` copies in the fan-out's rank; return the last id, None at the end.

    Copies in chats that cannot be reached are counted as such at once. `calm` leaves CALM_MS between a copy's last
    change and this one; otherwise it is due at once.
    """
    ahead = _copies(work).where(message.c.id > (work.after_id or 0))
    last = (await tx.execute(ahead.order_by(message.c.id).limit(1).offset(limit - 1))).scalar()
    chunk = ahead if last is None else ahead.where(message.c.id <= last)
    await _put(tx, chunk, work.article_id, lane=lane, now=now, calm=calm)
    return last


async def enqueue_after_send(tx: Connection, message_ids: Sequence[int], *, lane: Lane, now: int) -> None:
    """Enqueue amendments of messages just sent that no longer show the newest revision."""
    for message_id in message_ids:
        for row in await tx.fetch(_OUTRUN, message_id=message_id):
            stale = select(message.c.id).where(message.c.id == row.id)
            await _put(tx, stale, row.article_id, lane=lane, now=now, calm=not row.by_newsroom)


async def due_after(
    connection: Connection, key: tuple[int, int] | None, now: int, *, limit: int
) -> list[DueAmendment]:
    """Return amendments behind `key` (None: from the first) whose time has come, in order."""
    query = _due(now)
    if key is not None:
        query = query.where(tuple_(amendment.c.priority, amendment.c.message_id) > tuple_(*key))
    query = query.order_by(amendment.c.priority, amendment.c.message_id).limit(limit)
    return [_due_of(row) for row in await connection.execute(query)]


async def due_for(connection: Connection, chat_ids: Sequence[int], now: int) -> list[DueAmendment]:
    """Return the first amendment due in each of those chats, in order.

    It costs the same however many there were before.
    """
    rows = await connection.fetch(_DUE_FOR, chat_ids=json_list(chat_ids), now=now) if chat_ids else ()
    return [_due_of(row) for row in rows]


async def next_due(connection: Connection, now: int) -> int | None:
    """Return when the next amendment that waits after `now` is due, None where none does."""
    query = select(func.min(amendment.c.due_at)).where(PENDING_AMENDMENT, amendment.c.due_at > now)
    earliest: int | None = (await connection.execute(query)).scalar_one()
    return earliest


async def claim(
    tx: Connection, message_ids: Sequence[int], *, now: int, lease_until: int
) -> list[ClaimedAmendment]:
    """Claim amendments until `lease_until`, when they are due again; return those that were due."""
    if not message_ids:
        return []
    statement = (
        update(amendment)
        .where(amendment.c.message_id.in_(message_ids), PENDING_AMENDMENT, amendment.c.due_at <= now)
        .values(
            due_at=lease_until,
            reason=_UNDER_WAY,
            attempts=amendment.c.attempts + 1,
            first_tried_at=func.coalesce(amendment.c.first_tried_at, now),
        )
        .returning(amendment.c.message_id, amendment.c.attempts, amendment.c.first_tried_at, amendment.c.lost_at)
    )
    return [ClaimedAmendment(*row) for row in await tx.execute(statement)]


async def release_leases(tx: Connection, *, now: int) -> None:
    """Make what was under way due: at the start of the only process it is nobody's. The rest waits for its time.

    An edit that the last run began may be carried out yet.
    """
    await tx.execute(
        update(amendment).where(PENDING_AMENDMENT, _CLAIMED).values(due_at=now, reason="", lost_at=now)
    )


async def settle(
    tx: Connection,
    message_id: int,
    state: AmendmentState,
    *,
    now: int,
    reason: str = "",
    edited: bool = True,
) -> None:
    """End an amendment, or make it due again if the newsroom has changed its article meanwhile.

    `edited` means that Telegram was asked: the next calm change keeps its distance.
    """
    overtaken = amendment.c.reason == _OVERTAKEN
    await tx.execute(
        update(amendment)
        .where(amendment.c.message_id == message_id, PENDING_AMENDMENT)
        .values(
            state=case((overtaken, amendment.c.state), else_=state.value),
            reason=case((overtaken, ""), else_=reason),
            due_at=case((overtaken, now), else_=now + (CALM_MS if edited else 0)),
            settled_at=case((overtaken, None), else_=now),
            lost_at=case((overtaken, amendment.c.lost_at), else_=None),
        )
    )


async def postpone(
    tx: Connection, message_id: int, *, due_at: int, reason: str, lost_at: int | None = None
) -> None:
    """Try an amendment again at `due_at`; `lost_at` is when an edit began that may be carried out yet."""
    await tx.execute(
        update(amendment)
        .where(amendment.c.message_id == message_id, PENDING_AMENDMENT)
        .values(due_at=due_at, reason=reason, lost_at=lost_at)
    )


async def make_due(tx: Connection, message_ids: Collection[int], *, now: int) -> None:
    """Make amendments that were put off due at once; those under way keep their lease."""
    waiting = and_(amendment.c.message_id.in_(message_ids), PENDING_AMENDMENT, ~_CLAIMED)
    await tx.execute(update(amendment).where(waiting, amendment.c.due_at > now).values(due_at=now))


async def end_for_chat(tx: Connection, chat_id: int, *, now: int, reason: str) -> None:
    """End what waits for a chat that cannot be reached any more."""
    await tx.execute(
        update(amendment)
        .where(amendment.c.chat_id == chat_id, PENDING_AMENDMENT)
        .values(state=AmendmentState.UNREACHABLE, reason=reason, settled_at=now)
    )


async def counts(connection: Connection, article_id: int, *, since: int) -> dict[AmendmentState, int]:
    """Return how many copies of an article are in each state of a change that began at `since` (ms)."""
    query = select(amendment.c.state, func.count()).where(
        amendment.c.article_id == article_id, amendment.c.created_at >= since
    )
    rows = await connection.execute(query.group_by(amendment.c.state))
    return counts_by("amendment", AmendmentState, rows)


async def settled_of(connection: Connection, message_id: int) -> list[tuple[AmendmentState, int]]:
    """Return how the newest amendment of a message ended, and when (ms); nothing where none has."""
    query = select(amendment.c.state, amendment.c.settled_at).where(
        amendment.c.message_id == message_id, amendment.c.settled_at.is_not(None)
    )
    rows = await connection.execute(query.add_columns(amendment.c.message_id))
    return readable("amendment", rows, lambda row: (AmendmentState(row.state), row.settled_at), key="message_id")


async def count_pending(connection: Connection) -> int:
    """Return how many copies wait for their change."""
    return (
        await connection.execute(select(func.count()).select_from(amendment).where(PENDING_AMENDMENT))
    ).scalar_one()


async def count_copies(connection: Connection, article_id: int) -> int:
    """Return how many messages show the article."""
    single = select(func.count()).where(message.c.article_id == article_id, message.c.state == MessageState.SENT)
    shared = (
        select(func.count())
        .select_from(message_article.join(message, message.c.id == message_article.c.message_id))
        .where(message_article.c.article_id == article_id, message.c.state == MessageState.SENT)
    )
    return sum([(await connection.execute(query)).scalar_one() for query in (single, shared)])


def _copies(work: FanOut) -> Select[int]:
    """The ids of the sent messages that a change's rank is about."""
    copies = select(message.c.id).where(message.c.state == MessageState.SENT)
    if work.rank == COPIES:
        return copies.where(message.c.article_id == work.article_id)
    return copies.join(message_article, message_article.c.message_id == message.c.id).where(
        message_article.c.article_id == work.article_id, message.c.form.in_(SHARED)
    )


def _due(now: int | BindParameter[int]) -> Select[Any]:
    return (
        select(amendment.c.priority, amendment.c.message_id, amendment.c.chat_id)
        .join(chat, chat.c.id == amendment.c.chat_id)
        .where(PENDING_AMENDMENT, amendment.c.due_at <= now, chat.c.wait_until <= now)
    )


def _due_for(kind: str) -> Select[Any]:
    now = bindparam("now", type_=BigInteger)
    queued = amendment.alias("queued")
    first = select(queued.c.message_id).where(
        queued.c.chat_id == chat.c.id,
        # Never by the index of what is pending in all chats.
        queued.c.state == opaque_literal("'pending'"),
        queued.c.due_at <= now,
    )
    first = first.order_by(queued.c.priority, queued.c.message_id).limit(1)
    firsts = select(first.scalar_subquery()).where(among(kind, chat.c.id, "chat_ids"))
    query = _due(now).where(amendment.c.message_id.in_(firsts))
    return query.order_by(amendment.c.priority, amendment.c.message_id)


def _due_of(row: Any) -> DueAmendment:
    return DueAmendment(Priority(row.priority), row.message_id, row.chat_id)


async def _put(
    tx: Connection, message_ids: Select[int], article_id: int, *, lane: Lane, now: int, calm: bool
) -> None:
    at = literal(now, amendment.c.due_at.type)
    rows = (
        select(
            message.c.id,
            message.c.chat_id,
            literal(article_id, amendment.c.article_id.type),
            literal(int(Priority.of(lane)), amendment.c.priority.type) + chat.c.rank,
            case(
                (LOST_CHAT, literal(AmendmentState.UNREACHABLE.value)), else_=literal(AmendmentState.PENDING.value)
            ),
            at,
            at,
            case((LOST_CHAT, at), else_=None),
        )
        .join(chat, chat.c.id == message.c.chat_id)
        .where(message.c.id.in_(message_ids))
    )
    columns = ["message_id", "chat_id", "article_id", "priority", "state", "due_at", "created_at", "settled_at"]
    statement = insert(tx, amendment).from_select(columns, rows)
    afresh: dict[str, Any] = {name: statement.excluded[name] for name in columns if name not in _KEPT}
    afresh |= {"attempts": 0, "first_tried_at": None, "reason": ""}
    claimed = and_(PENDING_AMENDMENT, _CLAIMED)
    if calm:
        # What waits already leads to the newest; what is under way is looked at again when it has ended.
        resting = and_(amendment.c.due_at > now, or_(PENDING_AMENDMENT, amendment.c.due_at <= now + CALM_MS))
        afresh["due_at"] = case((resting, amendment.c.due_at), else_=now)
        afresh["reason"] = case((claimed, amendment.c.reason), else_="")
    else:
        # Nobody else begins before the one under way has ended: the older edit must not come last.
        afresh["due_at"] = case((claimed, amendment.c.due_at), else_=now)
        afresh["reason"] = case((claimed, _OVERTAKEN), else_="")
    await tx.execute(statement.on_conflict_do_update(index_elements=["message_id"], set_=afresh))


def _outrun() -> CompoundSelect[Any]:
    """Return whether a message, of one article or of several, shows something older than the newest now."""
    taken_back = and_(*(article.c.state != state for state in LIVE))
    by_newsroom = case((or_(taken_back, revision.c.editor_id.is_not(None)), 1), else_=0)
    newest = and_(revision.c.article_id == article.c.id, revision.c.number == article.c.revision)
    newer = or_(article.c.revision > message.c.revision, taken_back)
    single = (
        select(message.c.id, article.c.id.label("article_id"), by_newsroom.label("by_newsroom"))
        .join(article, and_(article.c.id == message.c.article_id, newer))
        .join(revision, newest)
    )
    moved_on = or_(article.c.revision > message_article.c.revision, taken_back)
    shared = (
        select(message.c.id, func.max(article.c.id).label("article_id"), func.max(by_newsroom).label("by_newsroom"))
        .join(message_article, message_article.c.message_id == message.c.id)
        .join(article, and_(article.c.id == message_article.c.article_id, moved_on))
        .join(revision, newest)
        .group_by(message.c.id)
    )
    of_message = message.c.id == bindparam("message_id")
    return union_all(single.where(of_message), shared.where(of_message))


_DUE_FOR = PreparedStatement({kind: _due_for(kind) for kind in INSERTS})
_OUTRUN = PreparedStatement(_outrun())
