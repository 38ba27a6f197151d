"""Very many chats that follow everything: made in the sandbox at once, and written into the database by SQL."""

from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg

from bot.clock import now_ms
from storage.chats import RANKS
from storage.records import ChatKind
from tests.peyk_app import Telegram

_CHATS = """
    INSERT INTO chat
    (id, kind, rank, admission, schedule, timezone, client_language, created_at, is_admin, started, panel_sent)
    SELECT id, $2, $3, 'admitted', 'instant', 'Asia/Tehran', 'fa', $4, $5, $6, true FROM unnest($1::bigint[]) AS id
"""
_SUBSCRIPTIONS = "INSERT INTO subscription (chat_id, since) SELECT id, 0 FROM unnest($1::bigint[]) AS id"


@dataclass(frozen=True)
class Crowd:
    """The chats by kind; every channel holds a post of its administrator's, so that its ids are known."""

    channels: Sequence[int]
    people: Sequence[int]


async def gather_crowd(telegram: Telegram, url: str, *, channels: int, people: int) -> Crowd:
    """Make the chats and let all of them follow everything, at once."""
    crowd = Crowd(
        await telegram.people.channels_in_bulk(channels, telegram.owner),
        await telegram.people.people_in_bulk(people),
    )
    for channel in crowd.channels:
        await telegram.people.say(telegram.owner, "پست مدیر دیگر", chat_id=channel)
    connection = await asyncpg.connect(url)
    try:
        async with connection.transaction():
            for ids, kind in ((crowd.channels, ChatKind.CHANNEL), (crowd.people, ChatKind.PRIVATE)):
                is_channel = kind is ChatKind.CHANNEL
                await connection.execute(
                    _CHATS, list(ids), kind.value, RANKS[kind], now_ms(), is_channel, not is_channel
                )
                await connection.execute(_SUBSCRIPTIONS, list(ids))
        await connection.execute("ANALYZE chat")
        await connection.execute("ANALYZE subscription")
    finally:
        await connection.close()
    return crowd
