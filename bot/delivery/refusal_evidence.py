"""Refusals as evidence: each one that a chat gives, to a delivery or to an answer, counts towards its loss."""

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.clock import Clock
from bot.delivery.refusals import next_try, patience_with
from bot.telegram.errors import About, FailedCall
from storage import chats, lost_chats
from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.records import ChatKind

_log = structlog.get_logger(__name__)


async def count(tx: Connection, chat_id: int, reason: str, *, now: int) -> None:
    """Suspend the deliveries of a chat that refuses; give the chat up after many refusals."""
    chat = await chats.get(tx, chat_id)
    if chat is None or chat.lost_at is not None:
        return
    at = next_try(
        patience_with(reason, private=chat.kind is ChatKind.PRIVATE),
        refusals=chat.refusals + 1,
        since=chat.refused_at if chat.refused_at is not None else now,
        now=now,
    )
    if at is None:
        await lost_chats.mark_lost(tx, chat_id, reason, now=now)
    else:
        await lost_chats.record_refusal(tx, chat_id, reason, again_at=at, now=now)


class AnswerRefusals:
    """Counts refusals of answers, of whatever was not a delivery."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def refused(self, chat_id: int, failure: FailedCall) -> None:
        """Count a refusal, unless it is of a kind of media alone. It is only evidence: a full disk loses it."""
        if About.MEDIA_HERE in failure.about:
            return
        try:
            async with self._database.write() as tx:
                await count(tx, chat_id, failure.reason, now=self._clock())
        except (SQLAlchemyError, OSError) as error:
            _log.warning("refusal_not_counted", reason=str(error).partition("\n")[0])
