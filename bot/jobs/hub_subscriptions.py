"""Subscriptions at WebSub hubs: made for every source whose feed names a hub, renewed, and ended.

What sources want is looked up in their rows at each run, so whatever changes a source changes its subscription. A
push is a hint: its source is fetched at once from its own address.
"""

import secrets
from collections.abc import Sequence
from functools import partial
from urllib.parse import urlencode

import structlog

from bot.clock import Clock
from bot.errors import SourceError
from bot.ingest.fetch.fetcher import Fetcher
from bot.ingest.fetch.turns import Ticket, Urgency
from bot.ingest.identity.addresses import host_of
from bot.ingest.sources.websub import CallbackKey
from bot.jobs.leased_job import Backoff, Done, LeasedJob, TryAgain
from storage import hub_subscriptions, key_value
from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.records import HubState, HubSubscription

LEASE_SECONDS = 10 * 24 * 3600
"""The lease that Peyk asks of a hub; the hub may give another one."""

_NONCE_BYTES = 16
_MOST_NEW = 50
_MINUTE_MS = 60_000
_VERIFIED_WITHIN_MS = 10 * _MINUTE_MS
_TRIES_TO_LEAVE = 3

_log = structlog.get_logger(__name__)


async def callback_key(database: Database) -> CallbackKey:
    """Return the newsroom's key of callbacks, which is made at the first need."""
    async with database.write() as tx:
        return CallbackKey(await key_value.store_once(tx, key_value.HUB_KEY, secrets.token_hex(32)))


class HubSubscriptions(LeasedJob[HubSubscription]):
    """Subscribes, renews and unsubscribes; `base` is WEBHOOK_URL, below which hubs reach the callbacks.

    A hub that refuses, or does not verify a request in ten minutes, is asked again after one minute, then twice as
    long each time, at most a day. Leaving is tried three times.
    """

    batch = 10
    backoff = Backoff(first=_MINUTE_MS, longest=24 * 60 * _MINUTE_MS)
    side_by_side = True

    def __init__(self, database: Database, clock: Clock, fetcher: Fetcher, key: CallbackKey, *, base: str) -> None:
        super().__init__(database, clock)
        self._fetcher = fetcher
        self.key = key
        """The key by which the callbacks are known."""
        self._base = base
        self._is_new = True

    async def any_due(self, connection: Connection, now: int) -> bool:
        """Return whether a subscription is to be made, renewed or left."""
        return await hub_subscriptions.any_due(connection, now)

    async def claim(self, tx: Connection, *, now: int, lease_until: int, limit: int) -> Sequence[HubSubscription]:
        """Claim subscriptions that are due."""
        return await hub_subscriptions.claim(tx, now=now, lease_until=lease_until, limit=limit)

    async def work(self, row: HubSubscription) -> Done | TryAgain:
        """Send the request to the hub, which answers it later, at the callback."""
        leaving = row.state is HubState.LEAVING
        if leaving and row.attempts >= _TRIES_TO_LEAVE:
            return Done(partial(self._forget, row))
        try:
            await self._fetcher.post(row.hub, self._form(row), ticket=Ticket(Urgency.BACKGROUND, row.source_id))
        except SourceError as error:
            _log.info("hub_failed", source=row.source_id, hub=host_of(row.hub), reason=str(error))
            return TryAgain()
        return TryAgain(max(_VERIFIED_WITHIN_MS, self.backoff.pause(row.attempts)))

    async def put_off(self, tx: Connection, row: HubSubscription, *, due_at: int) -> None:
        """Postpone a subscription until `due_at` (ms), unless its hub has answered meanwhile."""
        await hub_subscriptions.put_off(tx, row, due_at=due_at)

    async def follow_sources(self) -> None:
        """Record which subscriptions sources want and which no more; have those fetched for which a push came.

        It is a job of its own beside `run`: a hub that answers slowly delays no push of another.
        """
        async with self._database.read() as connection:
            idle = not await hub_subscriptions.any_to_follow(connection, self._clock())
        if idle and not self._is_new:
            return
        async with self._database.write() as tx:
            now = self._clock()
            if self._is_new:
                await hub_subscriptions.drop_elsewhere(tx, self._base)
            await hub_subscriptions.leave_stale(tx, now=now)
            for topic in await hub_subscriptions.missing(tx, limit=_MOST_NEW):
                nonce = secrets.token_hex(_NONCE_BYTES)
                callback = self._base + self.key.path(nonce)
                await hub_subscriptions.add(tx, topic, callback=callback, nonce=nonce, now=now)
            await hub_subscriptions.wake_sources(tx, now=now)
        self._is_new = False

    def _form(self, row: HubSubscription) -> bytes:
        form = {"hub.mode": "unsubscribe", "hub.topic": row.topic, "hub.callback": row.callback}
        if row.state is HubState.WANTED:
            secret = self.key.secret(row.nonce)
            form |= {"hub.mode": "subscribe", "hub.lease_seconds": str(LEASE_SECONDS), "hub.secret": secret}
        return urlencode(form).encode()

    async def _forget(self, row: HubSubscription, tx: Connection) -> None:
        await hub_subscriptions.delete(tx, row.id)
