"""Chats and their topics."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, TypedDict, Unpack

from sqlalchemy import and_, bindparam, case, delete, func, literal, not_, select, update

from persian.schedule import QuietHours, Schedule
from storage.engine.connection import Connection
from storage.engine.dialect import insert
from storage.engine.prepared import PreparedStatement
from storage.malformed import UNREADABLE, MalformedRowError, readable
from storage.post_style import PostStyle
from storage.records import Admission, CardKind, Chat, ChatKind, MessageState, Reachability, Role
from storage.schema import REFUSING_CHAT, card, chat, message, staff, topic
from storage.text_values import post_style_of, quiet_hours_of, schedule_of, text_of

RANKS = {ChatKind.CHANNEL: 0, ChatKind.SUPERGROUP: 1, ChatKind.GROUP: 1, ChatKind.PRIVATE: 2}
"""In which order a fan-out goes through the kinds of chat."""

_COLUMNS = [
    chat.c.look.label("post_style") if column is chat.c.look else column
    for column in chat.c
    if column is not chat.c.rank
]
_ONE = PreparedStatement(select(*_COLUMNS).where(chat.c.id == bindparam("chat_id")))

_NOBODY = select(literal(1)).subquery()
_WHO = PreparedStatement(
    select(*_COLUMNS, staff.c.role).select_from(
        _NOBODY.outerjoin(chat, chat.c.id == bindparam("chat_id")).outerjoin(
            staff, staff.c.user_id == bindparam("user_id")
        )
    )
)

_SEEN = PreparedStatement(
    update(chat)
    .where(chat.c.id == bindparam("chat_id"), chat.c.seen_ordinal < bindparam("reached"))
    .values(seen_ordinal=bindparam("reached"))
    .returning(chat.c.id)
)


async def get(connection: Connection, chat_id: int) -> Chat | None:
    """Return the chat of that Telegram id. Raises MalformedRowError."""
    rows = await connection.fetch(_ONE, chat_id=chat_id)
    return _chat(rows[0]) if rows else None


async def lock(tx: Connection, chat_id: int) -> Chat | None:
    """Return the chat of that id; until the transaction ends, nobody else changes it."""
    await tx.execute(select(chat.c.id).where(chat.c.id == chat_id).with_for_update())
    return await get(tx, chat_id)


async def chat_and_role(connection: Connection, chat_id: int, user_id: int) -> tuple[Chat | None, Role | None]:
    """Return the chat, and a person's role, in one statement, which runs for every update."""
    (row,) = await connection.fetch(_WHO, chat_id=chat_id, user_id=user_id)
    *known, role = row
    stored = _chat_of(dict(zip(row._fields, known, strict=False))) if row.id is not None else None
    return stored, Role(role) if role is not None else None


async def get_many(connection: Connection, chat_ids: Collection[int]) -> dict[int, Chat]:
    """Return those of the chats that are known, by id; malformed ones are left out."""
    rows = await connection.execute(select(*_COLUMNS).where(chat.c.id.in_(chat_ids)))
    return {known.id: known for known in readable("chat", rows, _chat)}


@dataclass(frozen=True, slots=True)
class ChatDetails:
    """The details of a chat when Peyk first meets it; the fields are those of Chat.

    `admission` and `added_by` are a new chat's; those of a known one stay.
    """

    title: str = ""
    username: str = ""
    client_language: str = ""
    is_forum: bool = False
    admission: Admission = Admission.ADMITTED
    added_by: int | None = None


_NO_DETAILS = ChatDetails()


async def ensure(
    tx: Connection,
    chat_id: int,
    *,
    kind: ChatKind,
    schedule: Schedule,
    timezone: str,
    now: int,
    details: ChatDetails = _NO_DETAILS,
) -> Chat:
    """Return the chat, made with these values where it was unknown, with its names brought up to date."""
    names = {"title": details.title, "username": details.username, "is_forum": details.is_forum}
    names |= {"kind": kind, "rank": RANKS[kind]}
    if details.client_language:
        names["client_language"] = details.client_language
    statement = insert(tx, chat).values(
        id=chat_id,
        schedule=text_of(schedule),
        timezone=timezone,
        admission=details.admission,
        added_by=details.added_by,
        created_at=now,
        **names,
    )
    statement = statement.on_conflict_do_update(index_elements=["id"], set_=names).returning(*_COLUMNS)
    return _chat((await tx.execute(statement)).one())


class ChatChanges(TypedDict, total=False):
    """Fields of a chat that may change; they are those of Chat.

    The admission is changed by storage.admissions, what Telegram's answers say by storage.lost_chats.
    """

    title: str
    username: str
    language: str
    client_language: str
    timezone: str
    admission: Admission
    decided_by: int | None
    decided_at: int | None
    lost_at: int | None
    refused_at: int | None
    refusals: int
    reason: str
    paused: bool
    schedule: Schedule
    quiet: QuietHours | None
    breaking_passes_quiet: bool
    silent: bool
    pin_minutes: int
    members: int | None
    plain_text: bool
    post_style: PostStyle
    rich_asked: bool
    rich_digests: bool
    started: bool
    panel_sent: bool
    is_forum: bool
    is_admin: bool
    wait_until: int


async def change(tx: Connection, chat_id: int, **changes: Unpack[ChatChanges]) -> bool:
    """Change fields of a chat; False where it is unknown."""
    values: dict[str, Any] = {**changes}
    if "schedule" in changes:
        values["schedule"] = text_of(changes["schedule"])
    if "post_style" in changes:
        values["look"] = str(values.pop("post_style"))
    if "quiet" in changes:
        values["quiet"] = text_of(changes["quiet"])
    done = await tx.execute(update(chat).where(chat.c.id == chat_id).values(values))
    return done.rowcount == 1


async def record_seen(tx: Connection, chat_id: int, ordinal: int) -> bool:
    """Record the newest article that a person has paged through; return False where a newer one is recorded."""
    return bool(await tx.fetch(_SEEN, chat_id=chat_id, reached=ordinal))


async def suspend(tx: Connection, chat_id: int, until: int) -> None:
    """Suspend pushes to the chat until `until`; an earlier end never shortens a longer wait."""
    await tx.execute(update(chat).where(chat.c.id == chat_id, chat.c.wait_until < until).values(wait_until=until))


async def mark_rich_asked(tx: Connection, chat_ids: Collection[int], *, most: int) -> list[int]:
    """Record that up to `most` people are asked whether they can see rich messages; return those who are.

    Whoever was asked before or chose plain text is not asked.
    """
    unasked = and_(chat.c.id.in_(chat_ids), not_(chat.c.rich_asked), not_(chat.c.plain_text))
    batch = select(chat.c.id).where(unasked).limit(most).scalar_subquery()
    marked = update(chat).where(chat.c.id.in_(batch)).values(rich_asked=True).returning(chat.c.id)
    return list((await tx.execute(marked)).scalars())


async def migrate(tx: Connection, old_id: int, new_id: int) -> bool:
    """Change the id of a group that became a supergroup, in all its rows; False where it cannot have become one.

    Only a group that is known migrates, and only to an id that is new or a supergroup's: whoever says otherwise
    would give one chat the place of another.
    Message ids begin anew there: what was sent to the old one is out of reach. Where the new id announced itself
    first, the later decision of an owner stands, and the group is as reachable as under its new id.
    """
    rows = await get_many(tx, [old_id, new_id])
    if not _may_migrate(rows.get(old_id), rows.get(new_id), new_id):
        return False
    await tx.execute(
        update(message)
        .where(message.c.chat_id == old_id, message.c.state == MessageState.SENT)
        .values(state=MessageState.GONE, telegram_id=None)
    )
    old, new = rows[old_id], rows.get(new_id)
    values: dict[str, Any] = {"id": new_id, "kind": ChatKind.SUPERGROUP, "rank": RANKS[ChatKind.SUPERGROUP]}
    if new is None:
        # The old id is refused and left for good; how things are at the new one nobody knows yet.
        values |= {"lost_at": None, "refused_at": None, "refusals": 0, "reason": "", "wait_until": 0}
    else:
        decided = _deciding(old, new)
        values |= {name: getattr(decided, name) for name in ("admission", "decided_by", "decided_at")}
        values |= {name: getattr(new, name) for name in _AS_UNDER_NEW_ID}
        # The old chat's settings and debts are the ones to keep.
        await tx.execute(delete(chat).where(chat.c.id == new_id))
    await tx.execute(update(chat).where(chat.c.id == old_id).values(values))
    await _move_cards(tx, old_id, new_id)
    return True


def _may_migrate(old: Chat | None, new: Chat | None, new_id: int) -> bool:
    """Return whether a chat may be a group that has become the supergroup of an id."""
    if old is None or old.kind is not ChatKind.GROUP or new_id >= 0:
        return False
    return new is None or new.kind is ChatKind.SUPERGROUP


def _deciding(*rows: Chat) -> Chat:
    """Return the one of two rows of a group whose admission stands.

    An owner's decision stands over what the open door let in, the later one over an earlier; of what nobody is
    known to have decided, a denial stands over an admission.
    """
    order = (Admission.WAITING, Admission.ADMITTED, Admission.DENIED)

    def weight(row: Chat) -> tuple[bool, int, int]:
        return row.decided_at is not None, row.decided_at or 0, order.index(row.admission)

    return max(rows, key=weight)


async def _move_cards(tx: Connection, old_id: int, new_id: int) -> None:
    """Move the cards of a migrated group to its new id, one in each staff member's chat."""
    of_chats = card.c.kind == CardKind.CHAT
    shown_already = select(card.c.chat_id).where(of_chats, card.c.subject_id == new_id).scalar_subquery()
    await tx.execute(delete(card).where(of_chats, card.c.subject_id == old_id, card.c.chat_id.in_(shown_already)))
    moved = update(card).where(of_chats, card.c.subject_id.in_([old_id, new_id]))
    await tx.execute(moved.values(subject_id=new_id, wanted=card.c.wanted + 1, attempts=0))


_AS_UNDER_NEW_ID = ("lost_at", "refused_at", "refusals", "reason", "wait_until", "is_admin")


async def channels_and_groups(connection: Connection) -> list[Chat]:
    """Return every channel and group, the newest first."""
    rows = await connection.execute(
        select(*_COLUMNS).where(chat.c.kind != ChatKind.PRIVATE).order_by(chat.c.created_at.desc(), chat.c.id)
    )
    return readable("chat", rows, _chat)


async def without_panel(connection: Connection, user_id: int) -> list[Chat]:
    """Return the channels and groups that this person brought the bot to and has no panel for yet."""
    rows = await connection.execute(
        select(*_COLUMNS).where(
            chat.c.added_by == user_id,
            chat.c.panel_sent.is_(False),
            chat.c.kind != ChatKind.PRIVATE,
            chat.c.lost_at.is_(None),
        )
    )
    return readable("chat", rows, _chat)


async def claim_panel(tx: Connection, chat_id: int) -> bool:
    """Record that the panel of a channel or group is being sent; False where it was before."""
    without_one = and_(chat.c.id == chat_id, chat.c.panel_sent.is_(False))
    return (await tx.execute(update(chat).where(without_one).values(panel_sent=True))).rowcount == 1


async def waiting_without_card(connection: Connection, user_id: int) -> list[int]:
    """Return the chats that wait for an owner's decision and of which this person has no card."""
    shown = select(card.c.id).where(
        card.c.kind == CardKind.CHAT, card.c.subject_id == chat.c.id, card.c.chat_id == user_id
    )
    query = select(chat.c.id).where(chat.c.admission == Admission.WAITING, ~shown.exists())
    return list((await connection.execute(query.order_by(chat.c.created_at, chat.c.id))).scalars())


async def refusing(connection: Connection, *, limit: int) -> list[Chat]:
    """Return up to `limit` chats that Telegram has refused lately, the longest refusing first."""
    query = select(*_COLUMNS).where(REFUSING_CHAT).order_by(chat.c.refused_at, chat.c.id).limit(limit)
    return readable("chat", await connection.execute(query), _chat)


async def count_refusing(connection: Connection) -> int:
    """Return how many chats Telegram has refused lately."""
    return (await connection.execute(select(func.count()).select_from(chat).where(REFUSING_CHAT))).scalar_one()


async def count_by_kind(connection: Connection) -> list[tuple[ChatKind, Admission, Reachability, int]]:
    """Return how many chats there are of each kind, by their admission and reachability."""
    reachability = case(
        (chat.c.lost_at.is_not(None), Reachability.LOST.value),
        (chat.c.refused_at.is_not(None), Reachability.REFUSING.value),
        else_=Reachability.REACHABLE.value,
    ).label("reachability")
    query = select(chat.c.kind, chat.c.admission, reachability, func.count()).group_by(
        chat.c.kind, chat.c.admission, "reachability"
    )
    rows = await connection.execute(query)
    return readable("chat", rows, _count_of, key="kind")


async def upsert_topic(
    tx: Connection, chat_id: int, topic_id: int, *, name: str = "", closed: bool | None = None
) -> None:
    """Upsert what is known of a forum's topic; "" and None leave the name and the state as they were."""
    known: dict[str, Any] = {}
    if name:
        known["name"] = name
    if closed is not None:
        known["closed"] = closed
    statement = insert(tx, topic).values(chat_id=chat_id, topic_id=topic_id, **known)
    if known:
        statement = statement.on_conflict_do_update(index_elements=["chat_id", "topic_id"], set_=known)
    else:
        statement = statement.on_conflict_do_nothing()
    await tx.execute(statement)


async def topic_known(connection: Connection, chat_id: int, topic_id: int) -> tuple[str, bool]:
    """Return a topic's name ("": unknown), and whether it is known to take no messages."""
    query = select(topic.c.name, topic.c.closed).where(topic.c.chat_id == chat_id, topic.c.topic_id == topic_id)
    row = (await connection.execute(query)).one_or_none()
    return (row.name, bool(row.closed)) if row else ("", False)


async def topics(connection: Connection, chat_id: int) -> dict[int, tuple[str, bool]]:
    """Return the topics of a forum that are known: name ("": unknown) and whether it takes no messages, by id."""
    query = select(topic.c.topic_id, topic.c.name, topic.c.closed).where(topic.c.chat_id == chat_id)
    rows = await connection.execute(query.order_by(topic.c.topic_id))
    return {row.topic_id: (row.name, bool(row.closed)) for row in rows}


def _count_of(row: Any) -> tuple[ChatKind, Admission, Reachability, int]:
    kind, admission, reachability, number = row
    return ChatKind(kind), Admission(admission), Reachability(reachability), number


def _chat(row: Any) -> Chat:
    return _chat_of(row._asdict())


def _chat_of(values: dict[str, Any]) -> Chat:
    chat_id = values["id"]
    try:
        parsed = {
            "kind": ChatKind(values["kind"]),
            "admission": Admission(values["admission"]),
            "schedule": schedule_of(values["schedule"], chat_id=chat_id),
            "quiet": quiet_hours_of(values["quiet"], chat_id=chat_id),
            "post_style": post_style_of(values["post_style"], chat_id=chat_id),
        }
        return Chat(**(values | parsed))
    except UNREADABLE as error:
        raise MalformedRowError("chat", chat_id, error) from error
