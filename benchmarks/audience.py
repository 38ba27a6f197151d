"""Chats and their subscriptions, written into an app's database before Peyk runs."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert

from bot.clock import now_ms
from persian.normalise import match_key
from storage.bootstrap import opened
from storage.chats import RANKS
from storage.records import Admission, ChatKind, SubscriptionKind
from storage.schema import chat, subscription

_AT_ONCE = 20_000


async def follow(url: str, ids: Sequence[int], kind: ChatKind, *, tags: Sequence[str] = (), **known: Any) -> None:
    """Make the database at `url` if need be, and let the chats follow everything at once (instant).

    With `tags`, one for each, they follow only that. `known` are columns that all of them share.
    """
    followed = [
        {"chat_id": chat_id, "since": 0, "kind": SubscriptionKind.TAG, "subject": match_key(tag), "label": tag}
        for chat_id, tag in zip(ids, tags, strict=False)
    ] or [{"chat_id": chat_id, "since": 0} for chat_id in ids]
    async with opened(url) as database:
        for first in range(0, len(ids), _AT_ONCE):
            part = slice(first, first + _AT_ONCE)
            common = {"kind": kind, "rank": RANKS[kind], "admission": Admission.ADMITTED, "schedule": "instant"}
            common |= {"timezone": "Asia/Tehran", "client_language": "fa", "created_at": now_ms()} | known
            async with database.write() as tx:
                await tx.execute(insert(chat), [{"id": chat_id, **common} for chat_id in ids[part]])
                await tx.execute(insert(subscription), followed[part])
