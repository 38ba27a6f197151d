"""Chats and their topics."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import and_, bindparam, delete, func, literal, select, update

from storage.connection import Connection
from storage.dialect import insert
from storage.prepared import Prepared
from storage.records import Chat, ChatKind, ChatState, MessageState, Role
from storage.schema import chat, message, staff, topic

RANKS = {ChatKind.CHANNEL: 0, ChatKind.SUPERGROUP: 1, ChatKind.GROUP: 1, ChatKind.PRIVATE: 2}
"""In which order a fan-out goes through the kinds of chat."""

_COLUMNS = [column for column in chat.c if column.name != "rank"]
_ONE = Prepared(select(*_COLUMNS).where(chat.c.id == bindparam("chat_id")))

_NOBODY = select(literal(1)).subquery()
_WHO = Prepared(
    select(*_COLUMNS, staff.c.role).select_from(
        _NOBODY.outerjoin(chat, chat.c.id == bindparam("chat_id")).outerjoin(
            staff, staff.c.user_id == bindparam("user_id")
        )
    )
)

_SEEN = Prepared(
    update(chat)
    .where(chat.c.id == bindparam("chat_id"), chat.c.seen_ordinal < bindparam("reached"))
    .values(seen_ordinal=bindparam("reached"))
    .returning(chat.c.id)
)


async def get(connection: Connection, chat_id: int) -> Chat | None:
    """Return the chat of that Telegram id."""
    rows = await connection.fetch(_ONE, chat_id=chat_id)
    return _chat(rows[0]) if rows else None


async def who(connection: Connection, chat_id: int, user_id: int) -> tuple[Chat | None, Role | None]:
    """Return the chat, and which role a person has on the desk: what every update asks, at one glance."""
    (row,) = await connection.fetch(_WHO, chat_id=chat_id, user_id=user_id)
    *known, role = row
    found = _chat_of(dict(zip(row._fields, known, strict=False))) if row.id is not None else None
    return found, Role(role) if role is not None else None


async def get_many(connection: Connection, chat_ids: Collection[int]) -> dict[int, Chat]:
    """Return those of the chats that are known, by id."""
    rows = await connection.execute(select(*_COLUMNS).where(chat.c.id.in_(chat_ids)))
    return {row.id: _chat(row) for row in rows}


async def ensure(
    tx: Connection,
    chat_id: int,
    *,
    kind: ChatKind,
    schedule: str,
    timezone: str,
    now: int,
    state: ChatState = ChatState.ACTIVE,
    title: str = "",
    username: str = "",
    client_language: str = "",
    added_by: int | None = None,
    is_forum: bool = False,
) -> Chat:
    """Return the chat, made with these values where it was unknown, with its names brought up to date."""
    names = {"title": title, "username": username, "is_forum": is_forum, "kind": kind, "rank": RANKS[kind]}
    if client_language:
        names["client_language"] = client_language
    statement = insert(tx, chat).values(
        id=chat_id,
        schedule=schedule,
        timezone=timezone,
        state=state,
        added_by=added_by,
        created_at=now,
        **names,
    )
    statement = statement.on_conflict_do_update(index_elements=["id"], set_=names).returning(*_COLUMNS)
    return _chat((await tx.execute(statement)).one())


async def change(tx: Connection, chat_id: int, **values: Any) -> bool:
    """Set columns of a chat, named as in records.Chat; False where the chat is unknown."""
    done = await tx.execute(update(chat).where(chat.c.id == chat_id).values(values))
    return done.rowcount == 1


async def note_seen(tx: Connection, chat_id: int, ordinal: int) -> bool:
    """Write down the newest article that a person has leafed through; False for one that is no newer than that."""
    return bool(await tx.fetch(_SEEN, chat_id=chat_id, reached=ordinal))


async def wait(tx: Connection, chat_id: int, until: int) -> None:
    """Let nothing be pushed to the chat before `until`; an earlier end never shortens a longer wait."""
    await tx.execute(update(chat).where(chat.c.id == chat_id, chat.c.wait_until < until).values(wait_until=until))


async def migrate(tx: Connection, old_id: int, new_id: int) -> None:
    """Give a group that became a supergroup its new id, with all that it has; nothing where `old_id` is unknown.

    Message ids begin anew there: what was sent to the old one is out of reach.
    """
    if await get(tx, old_id) is None:
        return
    await tx.execute(
        update(message)
        .where(message.c.chat_id == old_id, message.c.state == MessageState.SENT)
        .values(state=MessageState.GONE, telegram_id=None)
    )
    if (await tx.execute(select(chat.c.id).where(chat.c.id == new_id))).first() is not None:
        # The new id announced itself first; the old chat's settings and debts are the ones to keep.
        await tx.execute(delete(chat).where(chat.c.id == new_id))
    await tx.execute(update(chat).where(chat.c.id == old_id).values(id=new_id, kind=ChatKind.SUPERGROUP, rank=1))


async def audience(connection: Connection) -> list[Chat]:
    """Return every channel and group, the newest first."""
    rows = await connection.execute(
        select(*_COLUMNS).where(chat.c.kind != ChatKind.PRIVATE).order_by(chat.c.created_at.desc(), chat.c.id)
    )
    return [_chat(row) for row in rows]


async def panels_owed(connection: Connection, user_id: int) -> list[Chat]:
    """Return the channels and groups that this person brought the bot to and has no panel for yet."""
    rows = await connection.execute(
        select(*_COLUMNS).where(
            chat.c.added_by == user_id,
            chat.c.panel_sent.is_(False),
            chat.c.kind != ChatKind.PRIVATE,
            chat.c.state != ChatState.INACTIVE,
        )
    )
    return [_chat(row) for row in rows]


async def take_panel(tx: Connection, chat_id: int) -> bool:
    """Write down that the panel of a channel or group is being sent; False where it was before."""
    owed = and_(chat.c.id == chat_id, chat.c.panel_sent.is_(False))
    return (await tx.execute(update(chat).where(owed).values(panel_sent=True))).rowcount == 1


async def approvals_owed(connection: Connection) -> list[Chat]:
    """Return the chats that wait for an owner's yes and that no owner was asked about."""
    rows = await connection.execute(
        select(*_COLUMNS).where(chat.c.state == ChatState.PENDING, chat.c.approval_asked.is_(False))
    )
    return [_chat(row) for row in rows]


async def ask_again(tx: Connection) -> None:
    """Have owners asked again about every chat that waits for a yes."""
    await tx.execute(update(chat).where(chat.c.state == ChatState.PENDING).values(approval_asked=False))


async def count_by_kind(connection: Connection) -> list[tuple[ChatKind, ChatState, int]]:
    """Return how many chats there are of each kind in each state."""
    query = select(chat.c.kind, chat.c.state, func.count()).group_by(chat.c.kind, chat.c.state)
    return [(ChatKind(kind), ChatState(state), number) for kind, state, number in await connection.execute(query)]


async def note_topic(
    tx: Connection, chat_id: int, topic_id: int, *, name: str = "", closed: bool | None = None
) -> None:
    """Keep what is known of a forum's topic; "" and None leave the name and the state as they were."""
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


def _chat(row: Any) -> Chat:
    return _chat_of(row._asdict())


def _chat_of(values: dict[str, Any]) -> Chat:
    return Chat(**{**values, "kind": ChatKind(values["kind"]), "state": ChatState(values["state"])})
