"""The subscriptions of chats, and when their news comes."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Unpack

from bot.audience.chats import Retime, setting_change
from bot.audience.subscription_request import EVERYTHING, SubscriptionRequest, requests_in
from bot.clock import Clock
from bot.errors import NotFoundError, UserError
from storage import audit, categories, chats, followers, subscriptions
from storage.audit_details import AuditAction, ChatChangeDetails, SubscriptionChange
from storage.categories import NO_NAMES
from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.records import Category, Subscription, SubscriptionKind
from storage.subscriptions import SubscriptionChanges

MOST = 20
"""The most tags, sections and words that a chat or topic follows or mutes."""


class Subscriptions:
    """Following and unfollowing; each act is one transaction.

    `by` is a member of staff whose act it is, for a channel or group: that is written down.
    """

    def __init__(self, database: Database, clock: Clock, retime: Retime) -> None:
        self._database = database
        self._clock = clock
        self._retime = retime

    async def categories(self) -> list[Category]:
        """Return every category."""
        async with self._database.read() as connection:
            return await categories.all_(connection)

    async def of(self, chat_id: int, topic_id: int = 0) -> list[Subscription]:
        """Return what the chat or topic follows and mutes."""
        async with self._database.read() as connection:
            return await self._in(connection, chat_id, topic_id)

    async def topics(self, chat_id: int) -> dict[int, tuple[str, bool]]:
        """Return a forum's topics, as far as they are known: name ("": unknown) and whether each is closed."""
        async with self._database.read() as connection:
            return await chats.topics(connection, chat_id)

    async def topics_following(self, chat_id: int) -> set[int]:
        """Return the topics of a forum that follow anything; 0 is the group as a whole."""
        async with self._database.read() as connection:
            found = await subscriptions.of_chat(connection, chat_id)
        return {one.topic_id for one in found if one.kind is not SubscriptionKind.MUTED}

    async def get(self, chat_id: int, subscription_id: int) -> Subscription:
        """Return a subscription of the chat or of a topic of it. Raises NotFoundError where there is none."""
        async with self._database.read() as connection:
            return await self._must_get(connection, chat_id, subscription_id)

    async def asked(self, text: str, called: Mapping[str, str] = NO_NAMES) -> list[SubscriptionRequest]:
        """Return what a request asks for. Raises UserError as `requests_in` does."""
        return requests_in(text, await self.categories(), called)

    async def follow(
        self, chat_id: int, requests: Sequence[SubscriptionRequest], topic_id: int = 0, *, by: int | None = None
    ) -> None:
        """Follow what is wished for, from now on and all of it, though only breaking news of it was wanted before.

        Everything and categories give way to each other, but for those that have settings of their own. Raises
        UserError where it would be too much, and then changes nothing.
        """
        async with self._changing(chat_id) as (tx, now):
            before = await self._in(tx, chat_id, topic_id)
            for request in requests:
                await self._put(tx, chat_id, topic_id, request, now=now)
            after = await self._in(tx, chat_id, topic_id)
            if sum(one.kind is not SubscriptionKind.CATEGORY for one in after) > MOST:
                raise UserError("follow-too-many", most=MOST)
            await self._note(tx, by, chat_id, "+", some=[one for one in after if one not in before], now=now)

    async def unfollow(
        self, chat_id: int, requests: Sequence[SubscriptionRequest], topic_id: int = 0, *, by: int | None = None
    ) -> bool:
        """Stop following what is named, or with nothing named all of it; return whether anything was followed.

        Whoever followed everything goes on following all the categories that are not named.
        """
        async with self._changing(chat_id) as (tx, now):
            before = await self._in(tx, chat_id, topic_id)
            if not requests:
                await subscriptions.unsubscribe_all(tx, chat_id, topic_id=topic_id)
            everything = next((one for one in before if EVERYTHING.is_of(one)), None)
            if everything is not None and any(request.category_id is not None for request in requests):
                await subscriptions.remove(tx, everything.id)
                for category in await categories.all_(tx):
                    await subscriptions.subscribe(
                        tx,
                        chat_id,
                        category.id,
                        now=everything.since,
                        topic_id=topic_id,
                        limits=subscriptions.Limits(everything.breaking_only, everything.schedule),
                    )
            for request in requests:
                await subscriptions.unsubscribe(
                    tx, chat_id, request.category_id, topic_id=topic_id, kind=request.kind, subject=request.subject
                )
            after = await self._in(tx, chat_id, topic_id)
            await self._note(tx, by, chat_id, "-", some=[one for one in before if one not in after], now=now)
            return any(one.kind is not SubscriptionKind.MUTED for one in before)

    async def put(
        self, chat_id: int, category_id: int | None, topic_id: int = 0, *, on: bool, by: int | None = None
    ) -> None:
        """Follow one category (None: everything) or not, as a panel's buttons do; to repeat it changes nothing.

        Raises NotFoundError for a category that is gone.
        """
        async with self._changing(chat_id) as (tx, now):
            if category_id is not None and await categories.get(tx, category_id) is None:
                raise NotFoundError("category-gone")
            request = SubscriptionRequest(SubscriptionKind.CATEGORY, category_id)
            found = next((one for one in await self._in(tx, chat_id, topic_id) if request.is_of(one)), None)
            if on and found is None:
                await self._put(tx, chat_id, topic_id, request, now=now)
                after = await self._in(tx, chat_id, topic_id)
                await self._note(tx, by, chat_id, "+", some=[one for one in after if request.is_of(one)], now=now)
            elif not on and found is not None:
                await subscriptions.remove(tx, found.id)
                await self._note(tx, by, chat_id, "-", some=[found], now=now)

    async def change(
        self, chat_id: int, subscription_id: int, *, by: int | None = None, **changes: Unpack[SubscriptionChanges]
    ) -> Subscription:
        """Change fields of a subscription of the chat and return it.

        Raises NotFoundError where there is none.
        """
        async with self._changing(chat_id) as (tx, now):
            before = await self._must_get(tx, chat_id, subscription_id)
            await subscriptions.change(tx, subscription_id, **changes)
            after = await self._must_get(tx, chat_id, subscription_id)
            if after != before:
                told = ", ".join(
                    setting_change(name, getattr(before, name), value).plain() for name, value in changes.items()
                )
                await self._note(tx, by, chat_id, "", some=[after], now=now, told=told)
        if after.schedule != before.schedule:
            await self._retime(chat_id)
        return after

    async def stop(self, chat_id: int, subscription_id: int, *, by: int | None = None) -> Subscription:
        """End a subscription of the chat and return it as it was. Raises NotFoundError where there is none."""
        async with self._changing(chat_id) as (tx, now):
            found = await self._must_get(tx, chat_id, subscription_id)
            await subscriptions.remove(tx, subscription_id)
            await self._note(tx, by, chat_id, "-", some=[found], now=now)
            return found

    @asynccontextmanager
    async def _changing(self, chat_id: int) -> AsyncIterator[tuple[Connection, int]]:
        """One transaction in which what a chat follows changes, and its instant (ms)."""
        now = self._clock()
        async with self._database.write() as tx, followers.counted(tx, chat_id, now=now):
            yield tx, now

    async def _put(
        self, tx: Connection, chat_id: int, topic_id: int, request: SubscriptionRequest, *, now: int
    ) -> None:
        for one in await self._in(tx, chat_id, topic_id):
            if request.is_of(one):
                await subscriptions.change(tx, one.id, breaking_only=False)
            elif one.kind is request.kind is SubscriptionKind.CATEGORY and _gives_way(one, request):
                await subscriptions.remove(tx, one.id)
        await subscriptions.subscribe(
            tx,
            chat_id,
            request.category_id,
            now=now,
            topic_id=topic_id,
            words=subscriptions.Words(request.kind, request.subject, request.label),
        )

    async def _in(self, connection: Connection, chat_id: int, topic_id: int) -> list[Subscription]:
        found = await subscriptions.of_chat(connection, chat_id)
        return [subscription for subscription in found if subscription.topic_id == topic_id]

    async def _must_get(self, connection: Connection, chat_id: int, subscription_id: int) -> Subscription:
        found = await subscriptions.get(connection, subscription_id)
        if found is None or found.chat_id != chat_id:
            raise NotFoundError("follow-gone")
        return found

    async def _note(
        self,
        tx: Connection,
        by: int | None,
        chat_id: int,
        sign: str,
        *,
        some: Sequence[Subscription],
        now: int,
        told: str = "",
    ) -> None:
        """Write down what a member of staff did with some of a channel's or group's subscriptions."""
        if by is None or not some:
            return
        chat = await chats.get(tx, chat_id)
        names = {category.id: category.name_fa for category in await categories.all_(tx)}
        changes = tuple(SubscriptionChange(sign, _named(one, names), told) for one in some)
        details = ChatChangeDetails(chat_id, chat.title if chat else "", subscriptions=changes)
        await audit.record(tx, by, AuditAction.CHAT_SETTINGS, now=now, details=details)


def _gives_way(one: Subscription, request: SubscriptionRequest) -> bool:
    """Tell whether a category is dropped when everything is followed, or everything when a category is."""
    plain = not one.breaking_only and not one.schedule
    return plain and (one.category_id is None) is not (request.category_id is None)


def _named(one: Subscription, names: dict[int, str]) -> str:
    if one.kind is SubscriptionKind.CATEGORY:
        name = "*" if one.category_id is None else names.get(one.category_id, str(one.category_id))
    else:
        name = f"{one.kind} «{one.label}»"
    return f"{name} (#{one.topic_id})" if one.topic_id else name
