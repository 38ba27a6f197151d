"""Chats and their subscriptions, written into a desk's database before the desk runs."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert

from bot.clock import now_ms
from storage.chats import RANKS
from storage.opening import opened
from storage.records import ChatKind, ChatState
from storage.schema import chat, subscription

_AT_ONCE = 20_000


async def follow(url: str, ids: Sequence[int], kind: ChatKind, **known: Any) -> None:
    """Make the database at `url` if need be, and let the chats follow everything at once (instant).

    `known` are columns that all of them share.
    """
    async with opened(url) as database:
        for first in range(0, len(ids), _AT_ONCE):
            part = ids[first : first + _AT_ONCE]
            common = {"kind": kind, "rank": RANKS[kind], "state": ChatState.ACTIVE, "schedule": "instant"}
            common |= {"timezone": "Asia/Tehran", "client_language": "fa", "created_at": now_ms()} | known
            async with database.write() as tx:
                await tx.execute(insert(chat), [{"id": one, **common} for one in part])
                await tx.execute(insert(subscription), [{"chat_id": one, "since": 0} for one in part])
