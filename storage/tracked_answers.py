"""Answers to readers that corrections update: full texts, a message of the ledger for each part, and digests."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import BigInteger, and_, bindparam, or_, select

from storage.engine.connection import Connection
from storage.engine.prepared import PreparedStatement
from storage.post_style import USUAL_STYLE, PostStyle
from storage.records import ArticleRevision, Form, MessageState, SentMessage
from storage.schema import message, message_article

_WITHIN = 100  # rows that other processes may write between two parts

_READ = PreparedStatement(
    select(message.c.id)
    .where(
        message.c.chat_id == bindparam("chat_id"),
        # A sum, so that the way there is the chat's own messages: an article may have a million.
        message.c.article_id + 0 == bindparam("article_id", type_=BigInteger),
        or_(message.c.form == Form.RICH, message.c.form == Form.PAGE),
    )
    .limit(1)
)

_SAID = ("chat_id", "telegram_id", "form", "part", "language", "article_id", "revision", "look", "left_out")
_NOTED = (*_SAID, "state", "created_at", "sent_at")
_NOTE = PreparedStatement(
    message.insert().values({name: bindparam(name) for name in _NOTED}).returning(message.c.id)
)


@dataclass(frozen=True, slots=True)
class Answer:
    """The chat, form, language and post style of an answer to a reader."""

    chat_id: int
    form: Form
    language: str
    post_style: PostStyle = USUAL_STYLE


async def record(
    tx: Connection,
    answer: Answer,
    telegram_ids: Sequence[int],
    *,
    article_id: int,
    revision: int,
    now: int,
    first_part: int = 0,
) -> list[int]:
    """Record parts of a full text, or attachments, that were answered to a reader; return their row ids."""
    content = {"article_id": article_id, "revision": revision, "left_out": 0}
    return [
        await _record(tx, answer, now, {"telegram_id": telegram_id, "part": part, **content})
        for part, telegram_id in enumerate(telegram_ids, first_part)
    ]


async def record_digest(
    tx: Connection,
    answer: Answer,
    telegram_id: int,
    *,
    articles: Sequence[ArticleRevision],
    left_out: int,
    now: int,
) -> int:
    """Record a digest that was answered, with the revisions that it shows; return its row id.

    `left_out` is how many headlines more it counts.
    """
    content = {"article_id": None, "revision": 0, "part": 0, "left_out": left_out}
    noted = await _record(tx, answer, now, {"telegram_id": telegram_id, **content})
    articles_shown = [
        {"article_id": revision.article_id, "message_id": noted, "revision": revision.number}
        for revision in articles
    ]
    await tx.execute(message_article.insert(), articles_shown)
    return noted


async def is_last_part(connection: Connection, sent_message: SentMessage) -> bool:
    """Return whether no further message of the full text that `sent_message` is part of stands below it."""
    follows = and_(
        message.c.id.between(sent_message.id + 1, sent_message.id + _WITHIN),
        message.c.chat_id == sent_message.chat_id,
        message.c.article_id == sent_message.article_id,
        message.c.form == sent_message.form,
        message.c.part == sent_message.part + 1,
        message.c.state == MessageState.SENT,
        message.c.created_at == sent_message.created_at,
    )
    return (await connection.execute(select(message.c.id).where(follows).limit(1))).first() is None


async def was_paged_since(connection: Connection, chat_id: int, article_id: int, telegram_id: int) -> bool:
    """Return whether the chat got the article as pages below the message with that Telegram id."""
    same = and_(message.c.article_id + 0 == article_id, message.c.form == Form.PAGE)
    since = and_(message.c.chat_id == chat_id, message.c.telegram_id > telegram_id)
    return (await connection.execute(select(message.c.id).where(since, same).limit(1))).first() is not None


async def was_digest_since(connection: Connection, chat_id: int, telegram_id: int) -> bool:
    """Return whether the chat got a digest in HTML below the message with that Telegram id."""
    since = and_(message.c.chat_id == chat_id, message.c.telegram_id > telegram_id, message.c.form == Form.ROUNDUP)
    return (await connection.execute(select(message.c.id).where(since).limit(1))).first() is not None


async def digest_above(connection: Connection, chat_id: int, telegram_id: int) -> list[int]:
    """Return the articles of the last rich digest above the message with that Telegram id, pushed or answered."""
    above = and_(message.c.chat_id == chat_id, message.c.telegram_id < telegram_id, message.c.form == Form.DIGEST)
    newest = select(message.c.id).where(above, message.c.state == MessageState.SENT)
    newest = newest.order_by(message.c.telegram_id.desc()).limit(1)
    shown = select(message_article.c.article_id).where(message_article.c.message_id == newest.scalar_subquery())
    return list((await connection.execute(shown)).scalars())


async def was_read(connection: Connection, chat_id: int, article_id: int) -> bool:
    """Return whether the chat got the article's full text before, as far as the ledger reaches back."""
    return bool(await connection.fetch(_READ, chat_id=chat_id, article_id=article_id))


async def _record(tx: Connection, answer: Answer, now: int, content: Mapping[str, int | None]) -> int:
    rows = await tx.fetch(
        _NOTE,
        chat_id=answer.chat_id,
        form=answer.form,
        language=answer.language,
        look=str(answer.post_style),
        state=MessageState.SENT,
        created_at=now,
        sent_at=now,
        **content,
    )
    return int(rows[0].id)
