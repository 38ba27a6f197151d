"""The callbacks of WebSub: a hub verifies requests of Peyk, and reports that a topic has changed.

A push is a hint and no news: its body is only checked against its signature, and the source is fetched from its own
address.
"""

import asyncio
from collections import Counter

import structlog
from aiohttp import web

from bot.clock import Clock
from bot.ingest.fetch.pace import Pace
from bot.ingest.sources.websub import CallbackKey, HubSignature, signature_of
from bot.web.answer import Handler, answer
from bot.web.body import BodyError, feed_body
from storage import hub_subscriptions
from storage.engine.database import Database
from storage.errors import UnavailableError
from storage.records import HubState, HubSubscription

_MOST_AT_ONCE = 16
_MOST_OF_ONE = 2
_LARGEST_PUSH = 5_000_000
_RATE, _BURST = 1.0, 10
_LONGEST_CHALLENGE = 2_048
_LEASES = (60, 30 * 24 * 3600)
_RENEWED_AFTER = 0.8
_DAY_MS = 24 * 3600 * 1000

_log = structlog.get_logger(__name__)


def websub(database: Database, key: CallbackKey, clock: Clock) -> Handler:
    """Return the handler of what hubs send.

    A path that no hub was given costs a comparison; one callback is answered ten times at once and once a second,
    and holds no more than two of the places that all share.
    """
    callbacks = _Callbacks(database, key, clock)
    places = asyncio.Semaphore(_MOST_AT_ONCE)
    pace = Pace(_RATE, _BURST)
    busy: Counter[str] = Counter()

    async def handle(request: web.BaseRequest) -> web.Response:
        nonce = key.nonce_of(request.path)
        if nonce is None:
            return answer(404)
        if busy[nonce] >= _MOST_OF_ONE or not pace.try_acquire(nonce, asyncio.get_running_loop().time()):
            return answer(429, headers={"Retry-After": "10"})
        busy[nonce] += 1
        try:
            async with places:
                verifies = request.method == "GET"
                return await (
                    callbacks.verify(request, nonce) if verifies else callbacks.handle_push(request, nonce)
                )
        except BodyError as error:
            return answer(error.status)
        except UnavailableError:
            return answer(503)
        finally:
            busy[nonce] -= 1
            if not busy[nonce]:
                del busy[nonce]

    return handle


class _Callbacks:
    """The answers to hubs at callbacks that they were given."""

    def __init__(self, database: Database, key: CallbackKey, clock: Clock) -> None:
        self._database = database
        self._key = key
        self._clock = clock

    async def verify(self, request: web.BaseRequest, nonce: str) -> web.Response:
        """Confirm what Peyk has asked the hub for, and nothing else."""
        known = await self._known(nonce)
        if known is None or request.query.get("hub.topic") != known.topic:
            return answer(404)
        is_wanted = known.state is HubState.WANTED
        match request.query.get("hub.mode"):
            case "subscribe" if is_wanted:
                return await self._confirm(request, known)
            case "unsubscribe" if not is_wanted and (challenge := _challenge(request)):
                async with self._database.write() as tx:
                    await hub_subscriptions.delete(tx, known.id)
                return challenge
            case "denied" if is_wanted:
                _log.info("hub_denied", source=known.source_id, reason=request.query.get("hub.reason", "")[:200])
                async with self._database.write() as tx:
                    now = self._clock()
                    await hub_subscriptions.deny(tx, known.id, now=now, due_at=now + _DAY_MS)
                return answer(200)
        return answer(404)

    async def handle_push(self, request: web.BaseRequest, nonce: str) -> web.Response:
        """Make the source of a changed topic due at once, if the hub has signed the push."""
        signature = signature_of(request.headers.get("X-Hub-Signature", ""))
        known = await self._known(nonce)
        if known is None or known.state is HubState.LEAVING:
            return answer(410)
        # A hub that has signed with SHA-2 before is held to it.
        if signature is None or (known.strong and not signature.is_strong):
            return _refused(known, signature)
        checker = signature.checker(self._key.secret(nonce))
        await feed_body(request, checker.update, most=_LARGEST_PUSH)
        if not signature.fits(checker):
            return _refused(known, signature)
        async with self._database.write() as tx:
            await hub_subscriptions.record_push(tx, known.id, strong=signature.is_strong, now=self._clock())
        return answer(202, keep=True)

    async def _known(self, nonce: str) -> HubSubscription | None:
        async with self._database.read() as connection:
            return await hub_subscriptions.by_nonce(connection, nonce)

    async def _confirm(self, request: web.BaseRequest, known: HubSubscription) -> web.Response:
        lease = request.query.get("hub.lease_seconds", "")
        challenge = _challenge(request)
        if challenge is None or not (lease.isascii() and lease.isdecimal()):
            return answer(404)
        seconds = min(max(int(lease[:9]), _LEASES[0]), _LEASES[1])
        now = self._clock()
        async with self._database.write() as tx:
            renew_at = now + int(seconds * _RENEWED_AFTER * 1000)
            await hub_subscriptions.confirm(tx, known.id, now=now, renew_at=renew_at)
        _log.info("hub_subscribed", source=known.source_id, seconds=seconds)
        return challenge


def _challenge(request: web.BaseRequest) -> web.Response | None:
    """Return the answer that confirms a request, None where the hub sends no challenge to repeat."""
    challenge = request.query.get("hub.challenge", "")
    if not 0 < len(challenge) <= _LONGEST_CHALLENGE:
        return None
    return answer(200, challenge.encode("utf-8", "replace"), headers={"X-Content-Type-Options": "nosniff"})


def _refused(known: HubSubscription, signature: HubSignature | None) -> web.Response:
    method = signature.method if signature is not None else "none"
    _log.info("hub_push_refused", source=known.source_id, signature=method)
    return answer(403)
