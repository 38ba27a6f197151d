"""The ledger: every Telegram message that Peyk sent or is sending, and what it says until that is settled."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select, update

from storage.engine.connection import Connection
from storage.engine.dialect import insert
from storage.malformed import ReadRows, read_rows
from storage.post_style import USUAL_STYLE, PostStyle
from storage.records import SHARED, ArticleRevision, ChatKind, Form, MessageState, SentMessage
from storage.schema import (
    DOUBTFUL,
    OPEN_MESSAGE,
    UNDER_WAY,
    amendment,
    chat,
    delivery,
    inbox,
    message,
    message_article,
    payload,
)
from storage.text_values import post_style_of


@dataclass(frozen=True, slots=True)
class MessageDraft:
    """A message about to be sent. `payload_id` is what `put_payload` returned.

    `articles` are the revisions that it shows: one, but for a SHARED form. `post_style` is how it shows
    that, `left_out` how many headlines it only counts.
    """

    chat_id: int
    topic_id: int
    form: Form
    language: str
    articles: tuple[ArticleRevision, ...]
    payload_id: int
    floor_id: int | None
    doubt: bool
    post_style: PostStyle = USUAL_STYLE
    left_out: int = 0


async def put_payload(tx: Connection, body: str, *, key: str, now: int) -> int:
    """Store a rendered message (JSON text) and return its row id; each `key` is stored once."""
    payload_id = (await tx.execute(select(payload.c.id).where(payload.c.key == key))).scalar()
    if payload_id is not None:
        return int(payload_id)
    statement = insert(tx, payload).values(key=key, body=body, created_at=now)
    # Another process may keep the same at the same moment.
    statement = statement.on_conflict_do_update(index_elements=["key"], set_={"body": body}).returning(payload.c.id)
    return int((await tx.execute(statement)).scalar_one())


async def begin(tx: Connection, drafts: Sequence[MessageDraft], *, now: int, lease_until: int) -> dict[int, int]:
    """Record the messages as being sent, before any is sent; return their row ids by chat.

    Left out are the chats where another send is under way: there is one at a time for each.
    """
    if not drafts:
        return {}
    rows = [_row(draft, now=now, lease_until=lease_until) for draft in drafts]
    statement = insert(tx, message).on_conflict_do_nothing(index_elements=["chat_id"], index_where=UNDER_WAY)
    begun = {
        int(row.chat_id): int(row.id)
        for row in await tx.execute(statement.returning(message.c.id, message.c.chat_id), rows)
    }
    shown = [
        {"article_id": article.article_id, "message_id": begun[draft.chat_id], "revision": article.number}
        for draft in drafts
        if draft.form in SHARED and draft.chat_id in begun
        for article in draft.articles
    ]
    if shown:
        await tx.execute(message_article.insert(), shown)
    return begun


def _row(draft: MessageDraft, *, now: int, lease_until: int) -> dict[str, Any]:
    """Return the row of a message that is being sent; the articles of a shared one have rows of their own."""
    is_shared = draft.form in SHARED
    return {
        "chat_id": draft.chat_id,
        "topic_id": draft.topic_id,
        "state": MessageState.SENDING,
        "form": draft.form,
        "language": draft.language,
        "article_id": None if is_shared else draft.articles[0].article_id,
        "revision": 0 if is_shared else draft.articles[0].number,
        "payload_id": draft.payload_id,
        "floor_id": draft.floor_id,
        "doubt": int(draft.doubt),
        "look": str(draft.post_style),
        "left_out": draft.left_out,
        "created_at": now,
        "lease_until": lease_until,
    }


async def mark_sent(tx: Connection, pairs: Sequence[tuple[int, int]], *, now: int) -> None:
    """Record that Telegram has the messages: pairs of (row id, Telegram's message id)."""
    if pairs:
        await tx.execute(
            _SENT,
            [
                {"message_id": message_id, "new_telegram_id": telegram_id, "now": now}
                for message_id, telegram_id in pairs
            ],
        )


async def mark_sent_as_text(tx: Connection, message_ids: Sequence[int]) -> None:
    """Record that those of the messages that were to be a PHOTO went as texts, with the same words."""
    photos = update(message).where(message.c.id.in_(message_ids), message.c.form == Form.PHOTO)
    await tx.execute(photos.values(form=Form.HEADLINE))


async def mark(tx: Connection, message_ids: Sequence[int], state: MessageState) -> None:
    """Record what has become of messages: UNCERTAIN, ASKED, DELETED or GONE."""
    await tx.execute(
        update(message).where(message.c.id.in_(message_ids)).values(state=state, lease_until=None, doubt=0)
        if state in (MessageState.DELETED, MessageState.GONE)
        else update(message).where(message.c.id.in_(message_ids)).values(state=state, lease_until=None)
    )


async def record_revisions(
    tx: Connection, message_id: int, revisions: Sequence[ArticleRevision], *, post_style: PostStyle | None = None
) -> None:
    """Record which revisions a message shows after its correction, and no others any more.

    `post_style` is how it shows them, if that is given.
    """
    left = [revision.article_id for revision in revisions]
    await tx.execute(
        message_article.delete().where(
            message_article.c.message_id == message_id, message_article.c.article_id.not_in(left)
        )
    )
    for shown in revisions:
        await tx.execute(
            update(message_article)
            .where(message_article.c.message_id == message_id, message_article.c.article_id == shown.article_id)
            .values(revision=shown.number)
        )
    if len(revisions) == 1:
        (shown,) = revisions
        values: dict[str, Any] = {"revision": shown.number} | (
            {} if post_style is None else {"look": str(post_style)}
        )
        await tx.execute(
            update(message)
            .where(message.c.id == message_id, message.c.article_id == shown.article_id)
            .values(values)
        )


async def delete_unsent(tx: Connection, message_ids: Sequence[int]) -> None:
    """Delete messages that did not go out. No delivery may be bound to them any more."""
    await tx.execute(message.delete().where(message.c.id.in_(message_ids)))


async def clear_doubt(tx: Connection, message_id: int) -> None:
    """Record that the message has no twin."""
    await tx.execute(update(message).where(message.c.id == message_id).values(doubt=0, lease_until=None))


async def expire_leases(tx: Connection, *, expired_before: int | None = None) -> list[int]:
    """Mark sends whose lease has ended as uncertain; return their row ids.

    Without `expired_before` every send under way counts: for the start of the only process.
    """
    lost = and_(message.c.state == MessageState.SENDING, OPEN_MESSAGE)
    if expired_before is not None:
        lost &= message.c.lease_until < expired_before
    statement = update(message).where(lost).values(state=MessageState.UNCERTAIN, lease_until=None)
    return [int(row.id) for row in await tx.execute(statement.returning(message.c.id))]


async def uncertain_messages(connection: Connection) -> ReadRows[SentMessage]:
    """Return the uncertain messages with their payloads, the oldest first."""
    return await _read_messages(connection, and_(message.c.state == MessageState.UNCERTAIN, OPEN_MESSAGE))


async def count_asked(connection: Connection, *, most: int) -> int:
    """Return how many sends a person is asked about; nobody counts beyond `most`."""
    unanswered = select(message.c.id).where(message.c.state == MessageState.ASKED, OPEN_MESSAGE).limit(most)
    return (await connection.execute(select(func.count()).select_from(unanswered.subquery()))).scalar_one()


async def possible_twins(connection: Connection, *, limit: int) -> list[SentMessage]:
    """Return sent messages that may have a twin below them, the oldest first, where ids are to be read.

    That is in channels, and in supergroups where the bot is administrator.
    """
    readable = or_(chat.c.kind == ChatKind.CHANNEL, and_(chat.c.kind == ChatKind.SUPERGROUP, chat.c.is_admin))
    # For each of the few messages: a list of such chats would be made anew at every look.
    shared = select(chat.c.id).where(chat.c.id == message.c.chat_id, readable).exists()
    return await _messages(connection, and_(DOUBTFUL, message.c.state == MessageState.SENT, shared), limit=limit)


async def get_many(connection: Connection, message_ids: Sequence[int]) -> list[SentMessage]:
    """Return those of the messages that exist, the oldest first; malformed ones are left out."""
    return await _messages(connection, message.c.id.in_(message_ids))


async def find(connection: Connection, chat_id: int, telegram_id: int) -> SentMessage | None:
    """Return the message that has this id of Telegram's in the chat."""
    messages = await _messages(connection, and_(message.c.chat_id == chat_id, message.c.telegram_id == telegram_id))
    return messages[0] if messages else None


async def revisions_shown(connection: Connection, message_ids: Sequence[int]) -> dict[int, list[ArticleRevision]]:
    """Return the revisions that digests among the messages show, by message."""
    query = select(message_article).where(message_article.c.message_id.in_(message_ids))
    revisions: dict[int, list[ArticleRevision]] = {}
    for row in await connection.execute(query.order_by(message_article.c.article_id)):
        revisions.setdefault(row.message_id, []).append(ArticleRevision(row.article_id, row.revision))
    return revisions


async def newest_known_ids(connection: Connection, chat_ids: Sequence[int]) -> dict[int, int]:
    """Return by chat the largest message id that the ledger or any update has shown; unknown chats are left out."""
    sent = select(func.max(message.c.telegram_id)).where(message.c.chat_id == chat.c.id).scalar_subquery()
    received = select(func.max(inbox.c.message_id)).where(inbox.c.chat_id == chat.c.id).scalar_subquery()
    rows = await connection.execute(
        select(chat.c.id, sent.label("sent"), received.label("received")).where(chat.c.id.in_(chat_ids))
    )
    known = {row.id: [number for number in (row.sent, row.received) if number is not None] for row in rows}
    return {chat_id: max(numbers) for chat_id, numbers in known.items() if numbers}


async def claimed_ids(connection: Connection, chat_id: int, above: int) -> set[int]:
    """Return the message ids above `above` in the chat that the ledger holds as ours."""
    query = select(message.c.telegram_id).where(message.c.chat_id == chat_id, message.c.telegram_id > above)
    return {int(row.telegram_id) for row in await connection.execute(query)}


async def last_sends(connection: Connection, since: int, *, limit: int) -> list[tuple[int, int]]:
    """Return (chat id, sent at) of the newest `limit` messages, as far as they were sent after `since` (ms)."""
    query = select(message.c.chat_id, message.c.sent_at).order_by(message.c.id.desc()).limit(limit)
    rows = await connection.execute(query)
    return [(row.chat_id, row.sent_at) for row in rows if row.sent_at is not None and row.sent_at > since]


async def payloads_of(connection: Connection, article_ids: Sequence[int]) -> list[str]:
    """Return what was sent lately of any of the articles, in every revision, language and zone."""
    # Keys are made in bot.delivery.rendering: "ARTICLE.REVISION,ARTICLE.REVISION,...:LANGUAGE:ZONE...", and a
    # post style's own commas are hidden.
    shows = or_(
        *(payload.c.key.like(f"{article_id}.%") for article_id in article_ids),
        *(payload.c.key.like(f"%,{article_id}.%") for article_id in article_ids),
    )
    return [row.body for row in await connection.execute(select(payload.c.body).where(shows))]


async def drop_idle_payloads(tx: Connection, kept_before: int, *, limit: int) -> int:
    """Delete up to `limit` payloads kept before that instant that no open message says; return how many."""
    needed = select(message.c.id).where(message.c.payload_id == payload.c.id, OPEN_MESSAGE).exists()
    doubtful = select(message.c.id).where(message.c.payload_id == payload.c.id, DOUBTFUL).exists()
    idle = select(payload.c.id).where(payload.c.created_at < kept_before, ~needed, ~doubtful)
    return (await tx.execute(payload.delete().where(payload.c.id.in_(idle.limit(limit))))).rowcount


async def prune(tx: Connection, made_before: int, *, after_id: int, limit: int) -> tuple[int, int | None]:
    """Delete settled messages made before that instant among the `limit` behind `after_id`.

    One that a delivery still names is kept. Returns how many were forgotten and the id to go on behind, None at
    the end.
    """
    query = select(message.c.id, message.c.created_at, message.c.state).where(message.c.id > after_id)
    rows = (await tx.execute(query.order_by(message.c.id).limit(limit))).all()
    ended = (MessageState.SENT, MessageState.DELETED, MessageState.GONE)
    old = [row.id for row in rows if row.state in ended and row.created_at < made_before]
    deleted = 0
    if old:
        named = select(delivery.c.id).where(delivery.c.message_id == message.c.id).exists()
        waiting = select(amendment.c.message_id).where(
            amendment.c.message_id == message.c.id, amendment.c.settled_at.is_(None)
        )
        deleted = (
            await tx.execute(message.delete().where(message.c.id.in_(old), ~named, ~waiting.exists()))
        ).rowcount
    over = len(rows) < limit or rows[-1].created_at >= made_before
    return deleted, None if over else rows[-1].id


_SENT = (
    update(message)
    .where(message.c.id == bindparam("message_id"))
    .values(
        state=MessageState.SENT,
        telegram_id=bindparam("new_telegram_id"),
        lease_until=None,
        sent_at=bindparam("now"),
    )
)
_FIELDS = [name for name in SentMessage.__dataclass_fields__ if name not in ("payload", "post_style")]


async def _messages(
    connection: Connection, which: ColumnElement[bool], *, limit: int | None = None
) -> list[SentMessage]:
    return (await _read_messages(connection, which, limit=limit)).records


async def _read_messages(
    connection: Connection, which: ColumnElement[bool], *, limit: int | None = None
) -> ReadRows[SentMessage]:
    columns: list[Any] = [message.c[name] for name in _FIELDS]
    query = (
        select(*columns, message.c.look.label("post_style"), payload.c.body.label("payload"))
        .outerjoin(payload, payload.c.id == message.c.payload_id)
        .where(which)
        .order_by(message.c.id)
        .limit(limit)
    )
    return read_rows("message", await connection.execute(query), _sent_message)


def _sent_message(row: Any) -> SentMessage:
    parsed = {
        "state": MessageState(row.state),
        "form": Form(row.form),
        "doubt": bool(row.doubt),
        "post_style": post_style_of(row.post_style, chat_id=row.chat_id),
    }
    return SentMessage(**{**row._mapping, **parsed})
