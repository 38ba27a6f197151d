"""What chats follow."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.errors import NotFoundError, UserError
from storage import audit, categories, chats, followers
from storage.database import Database
from storage.records import Category, Subscription


class Subscriptions:
    """Following and unfollowing; each act is one transaction."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def categories(self) -> list[Category]:
        """Return every category."""
        async with self._database.read() as connection:
            return await categories.all_(connection)

    async def of(self, chat_id: int, topic_id: int = 0) -> list[Subscription]:
        """Return what the chat or topic follows."""
        async with self._database.read() as connection:
            return await self._in(connection, chat_id, topic_id)

    async def follow(self, chat_id: int, names: str, topic_id: int = 0) -> list[Category]:
        """Follow the categories named (see `named_in`) from now on; no name follows everything.

        Returns the categories followed now ([]: everything). Raises UserError for a name that is no category,
        and then changes nothing.
        """
        async with self._changing(chat_id) as (tx, now):
            wanted = named_in(names, await categories.all_(tx))
            if wanted:
                # Whoever names categories wants those, no longer everything.
                await chats.unsubscribe(tx, chat_id, None, topic_id=topic_id)
            else:
                await chats.unsubscribe_all(tx, chat_id, topic_id=topic_id)
            everything: list[int | None] = [None]
            for category_id in [category.id for category in wanted] or everything:
                await chats.subscribe(tx, chat_id, category_id, now=now, topic_id=topic_id)
            return wanted

    async def unfollow(self, chat_id: int, names: str, topic_id: int = 0) -> list[Category]:
        """Stop following the categories named (see `named_in`); no name stops everything.

        Whoever followed everything goes on following all the other categories. Returns the categories named.
        Raises UserError for a name that is no category, and then changes nothing.
        """
        async with self._changing(chat_id) as (tx, now):
            known = await categories.all_(tx)
            unwanted = named_in(names, known)
            if not unwanted:
                await chats.unsubscribe_all(tx, chat_id, topic_id=topic_id)
                return []
            if await chats.unsubscribe(tx, chat_id, None, topic_id=topic_id):
                for category in known:
                    await chats.subscribe(tx, chat_id, category.id, now=now, topic_id=topic_id)
            for category in unwanted:
                await chats.unsubscribe(tx, chat_id, category.id, topic_id=topic_id)
            return unwanted

    async def put(
        self, chat_id: int, category_id: int | None, topic_id: int = 0, *, on: bool, by: int | None = None
    ) -> None:
        """Follow one category (None: everything) or not, as a panel's buttons do; to repeat it changes nothing.

        `by` is a member of staff whose act this is. Raises NotFoundError for a category that is gone.
        """
        async with self._changing(chat_id) as (tx, now):
            category = await categories.get(tx, category_id) if category_id is not None else None
            if category_id is not None and category is None:
                raise NotFoundError("category-gone")
            followed = {one.category_id for one in await self._in(tx, chat_id, topic_id)}
            if by is not None and (category_id in followed) is not on:
                chat = await chats.get(tx, chat_id)
                what = f"{'+' if on else '-'} {category.name_fa if category is not None else '*'}"
                detail = f"{audit.named(chat.title if chat else '', chat_id)}: {what}"
                await audit.note(tx, by, "chat_settings", now=now, detail=detail)
            if not on:
                await chats.unsubscribe(tx, chat_id, category_id, topic_id=topic_id)
                return
            if category_id is not None:
                await chats.unsubscribe(tx, chat_id, None, topic_id=topic_id)
            elif None not in followed:
                await chats.unsubscribe_all(tx, chat_id, topic_id=topic_id)
            await chats.subscribe(tx, chat_id, category_id, now=now, topic_id=topic_id)

    @asynccontextmanager
    async def _changing(self, chat_id: int) -> AsyncIterator[tuple[AsyncConnection, int]]:
        """One transaction in which what a chat follows changes, and its instant (ms)."""
        now = self._clock()
        async with self._database.write() as tx, followers.counted(tx, chat_id, now=now):
            yield tx, now

    async def _in(self, connection: AsyncConnection, chat_id: int, topic_id: int) -> list[Subscription]:
        found = await chats.subscriptions(connection, chat_id)
        return [subscription for subscription in found if subscription.topic_id == topic_id]


def named_in(text: str, known: list[Category]) -> list[Category]:
    """Return the categories that `text` names, one after the other, in any spelling.

    Names may have several words and stand with or without commas; the longest name wins. Raises UserError
    with the first word that begins no category's name.
    """
    words = [word for word in re.split(r"[\s,،]+", text) if word]
    found: list[Category] = []
    while words:
        for length in range(len(words), 0, -1):
            category = categories.match(known, " ".join(words[:length]))
            if category is not None:
                break
        else:
            raise UserError("category-unknown", name=words[0][:60])
        if category not in found:
            found.append(category)
        words = words[length:]
    return found
