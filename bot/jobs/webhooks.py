"""Webhooks: calls that notify other systems of publications, corrections and retractions until they accept them.

A call is signed: the header `Peyk-Signature` holds `t=` the time (seconds) and `v1=` the HMAC-SHA256, in
hexadecimal, of that time, a full stop and the body, under the target's secret.
"""

import hashlib
import hmac
from collections.abc import Sequence
from functools import partial

import aiohttp
import msgspec
import structlog

from bot.clock import Clock
from bot.door_settings import WebhookTarget
from bot.jobs.leased_job import Backoff, Done, LimitedJob, TryAgain
from storage import articles, key_value, notices, webhook_calls
from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.records import Article, ArticleState
from storage.webhook_calls import WebhookCall, WebhookEvent

OLDEST_MS = 24 * 3600 * 1000
"""The greatest age (ms) of an event that a new target gets."""

_KEPT_MS = 7 * 24 * 3600 * 1000
_TOLD_EVERY_MS = 24 * 3600 * 1000
_BATCH = 200
_SECONDS = 15.0
_log = structlog.get_logger(__name__)


class WebhookBody(msgspec.Struct, kw_only=True):
    """The body of a call: the event, and the article as it is now; of a retracted one its number alone."""

    event: str
    happened_at: int
    id: int
    revision: int
    category: str = ""
    title: str = ""
    lead: str = ""
    link: str = ""
    breaking: bool = False


class TargetCalls(LimitedJob[WebhookCall]):
    """Calls one target; a call is tried for about three days, then the desk chat gets a notice."""

    batch = 20
    lease_ms = 60_000
    backoff = Backoff(first=10_000, longest=3600 * 1000)
    tries = 80
    side_by_side = True

    def __init__(self, database: Database, clock: Clock, target: WebhookTarget) -> None:
        super().__init__(database, clock)
        self.target = target
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    async def any_due(self, connection: Connection, now: int) -> bool:
        """Return whether a call is due."""
        return await webhook_calls.any_due(connection, self.target.name, now)

    async def claim(self, tx: Connection, *, now: int, lease_until: int, limit: int) -> Sequence[WebhookCall]:
        """Claim due calls, the oldest first."""
        return await webhook_calls.claim(tx, self.target.name, now=now, lease_until=lease_until, limit=limit)

    async def work(self, row: WebhookCall) -> Done | TryAgain:
        """Call the target; an article that is retracted meanwhile is not reported as published."""
        async with self._database.read() as connection:
            article = await articles.get(connection, row.article_id)
        retracted = row.event is WebhookEvent.RETRACTED
        if article is None or (not retracted and article.state is not ArticleState.PUBLISHED):
            return Done(partial(self._end, row))
        refusal = await self._post(row, msgspec.json.encode(body_of(row, article)))
        if refusal:
            _log.warning("webhook_failed", target=row.target, call=row.id, reason=refusal)
            return TryAgain()
        return Done(partial(self._end, row))

    async def put_off(self, tx: Connection, row: WebhookCall, *, due_at: int) -> None:
        """Postpone a call."""
        await webhook_calls.postpone(tx, row.id, due_at=due_at)

    async def give_up(self, tx: Connection, row: WebhookCall) -> None:
        """End a call after its last try; notify the desk chat of each target at most once a day."""
        now, key = self._clock(), f"webhook_given_up:{row.target}"
        await self._end(row, tx)
        if await key_value.number(tx, key) < now - _TOLD_EVERY_MS:
            await key_value.store(tx, key, str(now))
            args: dict[str, str | int] = {"target": row.target, "id": row.article_id}
            await notices.enqueue(tx, notices.DESK_CHAT, "webhook-given-up", args, now=now)

    async def _end(self, row: WebhookCall, tx: Connection) -> None:
        await webhook_calls.finish(tx, row.id, now=self._clock())

    async def _post(self, row: WebhookCall, body: bytes) -> str:
        """Return why the target has not taken a call, "" where it has (any 2xx)."""
        if self._session is None:
            # Of an answer only its status counts: what it packs is not unpacked, and its cookies are not kept.
            self._session = aiohttp.ClientSession(
                trust_env=False,
                timeout=aiohttp.ClientTimeout(total=_SECONDS),
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
            )
        seconds = self._clock() // 1000
        headers = {
            "Content-Type": "application/json",
            "Peyk-Event": f"article.{row.event}",
            "Peyk-Delivery": str(row.id),
            "Peyk-Signature": signature(self.target.secret, seconds, body),
        }
        try:
            url = self.target.url
            async with self._session.post(url, data=body, headers=headers, allow_redirects=False) as answer:
                return "" if 200 <= answer.status < 300 else f"status {answer.status}"
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return type(error).__name__


class Webhooks:
    """Enqueues calls of the targets of WEBHOOKS_OUT; `calls` are the jobs that make them, one for each target.

    So one that does not answer holds up no other.
    """

    def __init__(self, database: Database, clock: Clock, targets: Sequence[WebhookTarget]) -> None:
        self._database = database
        self._clock = clock
        self._names = [target.name for target in targets]
        self.calls = [TargetCalls(database, clock, target) for target in targets]

    async def follow_articles(self) -> None:
        """Enqueue calls of the targets for everything that has happened since the last run."""
        async with self._database.read() as connection:
            if not await webhook_calls.any_untold(connection):
                return
        async with self._database.write() as tx:
            now = self._clock()
            await webhook_calls.enqueue(tx, self._names, since=now - OLDEST_MS, now=now, limit=_BATCH)

    async def clear_away(self) -> None:
        """Delete calls that ended a week ago, and those of targets that have left the settings."""
        async with self._database.write() as tx:
            await webhook_calls.forget(tx, before=self._clock() - _KEPT_MS, targets=self._names)

    async def close(self) -> None:
        """Close the connections."""
        for calls in self.calls:
            await calls.close()


def signature(secret: str, seconds: int, body: bytes) -> str:
    """Return the value of `Peyk-Signature` for a body that is sent at that time (pure)."""
    sealed = hmac.new(secret.encode(), b"%d.%s" % (seconds, body), hashlib.sha256).hexdigest()
    return f"t={seconds},v1={sealed}"


def body_of(call: WebhookCall, article: Article) -> WebhookBody:
    """Return the body of a call (pure)."""
    event = f"article.{call.event}"
    if call.event is WebhookEvent.RETRACTED:
        return WebhookBody(event=event, happened_at=call.happened_at, id=article.id, revision=article.revision)
    content = article.content
    return WebhookBody(
        event=event,
        happened_at=call.happened_at,
        id=article.id,
        revision=article.revision,
        category=article.category.slug,
        title=content.title,
        lead=content.lead,
        link=content.link or article.url,
        breaking=article.breaking,
    )
