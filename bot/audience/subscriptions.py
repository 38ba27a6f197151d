"""The subscriptions of chats, and when their news comes."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Unpack

from bot.audience.chats import Retime, StaffActing, setting_change
from bot.audience.subscription_request import EVERYTHING, SubscriptionRequest, requests_in
from bot.clock import Clock
from bot.errors import ConflictError, NotFoundError, UserError
from storage import audit, categories, chats, followers, subscription_undo, subscriptions
from storage.audit_details import AuditAction, ChatChangeDetails, SubscriptionChange
from storage.categories import NO_NAMES
from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.records import Category, Subscription, SubscriptionKind
from storage.subscriptions import SubscriptionChanges

MOST = 20
"""The most tags, sections and words that a chat or topic follows or mutes."""

_JUST_NOW_MS = 60_000
"""The time (ms) within which a change is undone from its own answer or from that to the same act done twice."""


@dataclass(slots=True)
class _Changing:
    """A transaction that began at `now` (ms), in which what a place follows changes; `resumed`: the chat, too."""

    tx: Connection
    now: int
    chat_id: int
    topic_id: int
    resumed: bool = False

    async def followed(self) -> list[Subscription]:
        """Return what the place follows and mutes now."""
        return await _in(self.tx, self.chat_id, self.topic_id)


class Subscriptions:
    """Following and unfollowing; each act is one transaction.

    `by` is the member of staff who acts on a channel or group; the audit records it. Such an act raises UserError
    where they are no member of staff any more; `acting` begins its transaction.
    """

    def __init__(self, database: Database, clock: Clock, retime: Retime, *, acting: StaffActing) -> None:
        self._database = database
        self._clock = clock
        self._retime = retime
        self._acting = acting

    async def categories(self) -> list[Category]:
        """Return every category."""
        async with self._database.read() as connection:
            return await categories.all_(connection)

    async def of(self, chat_id: int, topic_id: int = 0) -> list[Subscription]:
        """Return what the chat or topic follows and mutes."""
        async with self._database.read() as connection:
            return await _in(connection, chat_id, topic_id)

    async def topics(self, chat_id: int) -> dict[int, tuple[str, bool]]:
        """Return a forum's topics, as far as they are known: name ("": unknown) and whether each is closed."""
        async with self._database.read() as connection:
            return await chats.topics(connection, chat_id)

    async def topics_following(self, chat_id: int) -> set[int]:
        """Return the topics of a forum that follow anything; 0 is the group as a whole."""
        async with self._database.read() as connection:
            followed = await subscriptions.of_chat(connection, chat_id)
        return {
            subscription.topic_id for subscription in followed if subscription.kind is not SubscriptionKind.MUTED
        }

    async def get(self, chat_id: int, subscription_id: int) -> Subscription:
        """Return a subscription of the chat or of a topic of it. Raises NotFoundError where there is none."""
        async with self._database.read() as connection:
            return await _must_get(connection, chat_id, subscription_id)

    async def parse_requests(self, text: str, called: Mapping[str, str] = NO_NAMES) -> list[SubscriptionRequest]:
        """Return what a request asks for. Raises UserError as `requests_in` does."""
        return requests_in(text, await self.categories(), called)

    async def follow(
        self,
        chat_id: int,
        requests: Sequence[SubscriptionRequest],
        topic_id: int = 0,
        *,
        resume: bool = False,
        by: int | None = None,
    ) -> None:
        """Follow what is wished for, from now on and all of it, though only breaking news of it was wanted before.

        Everything and categories give way to each other, but for those that have settings of their own. `resume`
        lets a paused chat get news again. Raises UserError where it would be too much, and then changes nothing.
        """
        async with self._changing(chat_id, topic_id, by=by) as change:
            before = await change.followed()
            for request in requests:
                await self._put(change, request)
            after = await change.followed()
            if sum(subscription.kind is not SubscriptionKind.CATEGORY for subscription in after) > MOST:
                raise UserError("follow-too-many", most=MOST)
            chat = await chats.get(change.tx, chat_id)
            if resume and chat is not None and chat.paused:
                await chats.change(change.tx, chat_id, paused=False)
                change.resumed = True
            await self._record_in_audit(
                change, by, "+", [subscription for subscription in after if subscription not in before]
            )

    async def unfollow(
        self, chat_id: int, requests: Sequence[SubscriptionRequest], topic_id: int = 0, *, by: int | None = None
    ) -> bool:
        """Stop following what is named, or with nothing named all of it; return whether anything was followed.

        Whoever followed everything goes on following all the categories that are not named.
        """
        async with self._changing(chat_id, topic_id, by=by) as change:
            tx, before = change.tx, await change.followed()
            if not requests:
                await subscriptions.unsubscribe_all(tx, chat_id, topic_id=topic_id)
            everything = _matching(EVERYTHING, before)
            if everything and any(request.category_id is not None for request in requests):
                await _follow_each_category_instead(tx, everything[0])
            for request in requests:
                await subscriptions.unsubscribe(
                    tx, chat_id, request.category_id, topic_id=topic_id, kind=request.kind, subject=request.subject
                )
            after = await change.followed()
            await self._record_in_audit(
                change, by, "-", [subscription for subscription in before if subscription not in after]
            )
            return any(subscription.kind is not SubscriptionKind.MUTED for subscription in before)

    async def put(
        self, chat_id: int, category_id: int | None, topic_id: int = 0, *, on: bool, by: int | None = None
    ) -> None:
        """Follow one category (None: everything) or not, as a panel's buttons do; to repeat it changes nothing.

        Raises NotFoundError for a category that is gone.
        """
        async with self._changing(chat_id, topic_id, by=by) as change:
            if category_id is not None and await categories.get(change.tx, category_id) is None:
                raise NotFoundError("category-gone")
            request = SubscriptionRequest(SubscriptionKind.CATEGORY, category_id)
            present = _matching(request, await change.followed())
            if on and not present:
                await self._put(change, request)
                await self._record_in_audit(change, by, "+", _matching(request, await change.followed()))
            elif not on and present:
                await subscriptions.remove(change.tx, present[0].id)
                await self._record_in_audit(change, by, "-", present[:1])

    async def change(
        self, chat_id: int, subscription_id: int, *, by: int | None = None, **changes: Unpack[SubscriptionChanges]
    ) -> Subscription:
        """Change fields of a subscription of the chat and return it.

        Raises NotFoundError where there is none.
        """
        topic_id = (await self.get(chat_id, subscription_id)).topic_id
        async with self._changing(chat_id, topic_id, by=by) as change:
            before = await _must_get(change.tx, chat_id, subscription_id)
            await subscriptions.change(change.tx, subscription_id, **changes)
            after = await _must_get(change.tx, chat_id, subscription_id)
            if after != before:
                changed_settings = ", ".join(
                    setting_change(name, getattr(before, name), value).plain() for name, value in changes.items()
                )
                await self._record_in_audit(change, by, "", [after], settings=changed_settings)
        if after.schedule != before.schedule:
            await self._retime(chat_id)
        return after

    async def stop(self, chat_id: int, subscription_id: int, *, by: int | None = None) -> Subscription:
        """End a subscription of the chat and return it as it was. Raises NotFoundError where there is none."""
        topic_id = (await self.get(chat_id, subscription_id)).topic_id
        async with self._changing(chat_id, topic_id, by=by) as change:
            subscription = await _must_get(change.tx, chat_id, subscription_id)
            await subscriptions.remove(change.tx, subscription_id)
            await self._record_in_audit(change, by, "-", [subscription])
            return subscription

    async def undoable(self, chat_id: int, topic_id: int = 0) -> int | None:
        """Return the stamp of the last change of a place, where it was made just now and can be undone."""
        async with self._database.read() as connection:
            last = await subscription_undo.get(connection, chat_id, topic_id)
            if last is None or self._clock() - last.stamp > _JUST_NOW_MS:
                return None
            followed = await _in(connection, chat_id, topic_id)
        return last.stamp if subscription_undo.content_of(followed) == last.after else None

    async def undo(self, chat_id: int, topic_id: int, stamp: int, *, by: int | None = None) -> None:
        """Restore what a place followed before the change of that stamp; to repeat it changes nothing.

        Raises ConflictError where the place follows something else now, or the change is forgotten.
        """
        now = self._clock()
        async with self._acting(by) as tx, followers.counted(tx, chat_id, now=now):
            change = _Changing(tx, now, chat_id, topic_id)
            last, followed = await subscription_undo.get(tx, chat_id, topic_id), await change.followed()
            if last is None or last.stamp != stamp:
                raise ConflictError("follow-undo-gone")
            content = subscription_undo.content_of(followed)
            if content not in (last.after, subscription_undo.content_of(last.before)):
                raise ConflictError("follow-undo-gone")
            await self._restore(change, followed, last.before)
            after = await change.followed()
            await self._record_in_audit(
                change, by, "-", [subscription for subscription in followed if subscription not in after]
            )
            await self._record_in_audit(
                change, by, "+", [subscription for subscription in after if subscription not in followed]
            )
            if last.resumed:
                await chats.change(tx, chat_id, paused=True)
                await subscription_undo.mark_done(tx, chat_id, topic_id)
        await self._retime(chat_id)

    async def _restore(
        self, change: _Changing, followed: Sequence[Subscription], restored: Sequence[Subscription]
    ) -> None:
        """Replace the subscriptions of a place with the `restored` ones, except those of deleted categories."""
        tx = change.tx
        known = {category.id for category in await categories.all_(tx)}
        by_key = {_key(subscription): subscription for subscription in followed}
        for key in by_key.keys() - {_key(subscription) for subscription in restored}:
            await subscriptions.remove(tx, by_key[key].id)
        for subscription in restored:
            if (present := by_key.get(_key(subscription))) is not None:
                await subscriptions.change(
                    tx, present.id, breaking_only=subscription.breaking_only, schedule=subscription.schedule
                )
            elif subscription.category_id is None or subscription.category_id in known:
                await subscriptions.subscribe(
                    tx,
                    change.chat_id,
                    subscription.category_id,
                    now=subscription.since,
                    topic_id=change.topic_id,
                    words=subscriptions.Words(subscription.kind, subscription.subject, subscription.label),
                    limits=subscriptions.Limits(subscription.breaking_only, subscription.schedule),
                )

    @asynccontextmanager
    async def _changing(self, chat_id: int, topic_id: int, *, by: int | None) -> AsyncIterator[_Changing]:
        """One transaction in which what a place follows changes; the change can be undone afterwards."""
        now = self._clock()
        async with self._acting(by) as tx, followers.counted(tx, chat_id, now=now):
            change = _Changing(tx, now, chat_id, topic_id)
            before = await change.followed()
            yield change
            after = await change.followed()
            if change.resumed or before != after:
                await subscription_undo.record(
                    tx, (chat_id, topic_id), before=before, after=after, resumed=change.resumed, now=now
                )

    async def _put(self, change: _Changing, request: SubscriptionRequest) -> None:
        for subscription in await change.followed():
            if request.is_of(subscription):
                await subscriptions.change(change.tx, subscription.id, breaking_only=False)
            elif subscription.kind is request.kind is SubscriptionKind.CATEGORY and _gives_way(
                subscription, request
            ):
                await subscriptions.remove(change.tx, subscription.id)
        await subscriptions.subscribe(
            change.tx,
            change.chat_id,
            request.category_id,
            now=change.now,
            topic_id=change.topic_id,
            words=subscriptions.Words(request.kind, request.subject, request.label),
        )

    async def _record_in_audit(
        self, change: _Changing, by: int | None, sign: str, changed: Sequence[Subscription], *, settings: str = ""
    ) -> None:
        """Record in the audit what a member of staff did with subscriptions of a channel or group."""
        if by is None or not changed:
            return
        chat = await chats.get(change.tx, change.chat_id)
        names = {category.id: category.name_fa for category in await categories.all_(change.tx)}
        changes = tuple(SubscriptionChange(sign, _named(subscription, names), settings) for subscription in changed)
        details = ChatChangeDetails(change.chat_id, chat.title if chat else "", subscriptions=changes)
        await audit.record(change.tx, by, AuditAction.CHAT_SETTINGS, now=change.now, details=details)


async def _in(connection: Connection, chat_id: int, topic_id: int) -> list[Subscription]:
    followed = await subscriptions.of_chat(connection, chat_id)
    return [subscription for subscription in followed if subscription.topic_id == topic_id]


def _matching(request: SubscriptionRequest, followed: Sequence[Subscription]) -> list[Subscription]:
    """Return the subscriptions that are what a request asks for."""
    return [subscription for subscription in followed if request.is_of(subscription)]


async def _follow_each_category_instead(tx: Connection, everything: Subscription) -> None:
    """Replace a subscription to everything by one to each category, with the same limits."""
    await subscriptions.remove(tx, everything.id)
    for category in await categories.all_(tx):
        await subscriptions.subscribe(
            tx,
            everything.chat_id,
            category.id,
            now=everything.since,
            topic_id=everything.topic_id,
            limits=subscriptions.Limits(everything.breaking_only, everything.schedule),
        )


async def _must_get(connection: Connection, chat_id: int, subscription_id: int) -> Subscription:
    subscription = await subscriptions.get(connection, subscription_id)
    if subscription is None or subscription.chat_id != chat_id:
        raise NotFoundError("follow-gone")
    return subscription


def _key(subscription: Subscription) -> tuple[SubscriptionKind, int | None, str]:
    """Return what tells a subscription of a place from its others."""
    return subscription.kind, subscription.category_id, subscription.subject


def _gives_way(subscription: Subscription, request: SubscriptionRequest) -> bool:
    """Return whether a category is dropped when everything is followed, or everything when a category is."""
    plain = not subscription.breaking_only and not subscription.schedule
    return plain and (subscription.category_id is None) is not (request.category_id is None)


def _named(subscription: Subscription, names: dict[int, str]) -> str:
    if subscription.kind is SubscriptionKind.CATEGORY:
        name = (
            "*"
            if subscription.category_id is None
            else names.get(subscription.category_id, str(subscription.category_id))
        )
    else:
        name = f"{subscription.kind} «{subscription.label}»"
    return f"{name} (#{subscription.topic_id})" if subscription.topic_id else name
