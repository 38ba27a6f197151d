"""The worker: claims due deliveries, sends them, and writes down how it ended.

One transaction settles what was answered and claims what goes next, so that the busier the desk, the more rows
share a commit. A row is `sending` from that commit until its answer is committed: after a crash exactly those
are uncertain. One send at a time goes to a chat, so that its order is kept and its trouble is its own.
"""

import asyncio
import json
import random
from dataclasses import dataclass

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection
from telegram.error import RetryAfter, TelegramError

from bot.clock import Clock
from bot.delivery.compose import Composed, Composer
from bot.delivery.fanout import FanOuts
from bot.delivery.gateway import Gateway, plain
from bot.delivery.limiter import Limiter
from bot.delivery.outcome import Outcome, settle
from bot.delivery.policy import Next, verdict
from bot.render.headline import MOST_IN_ROUNDUP
from storage import articles, chats, desk_state, ledger, outbox
from storage.database import Database
from storage.ledger import Draft
from storage.records import Article, ArticleState, Delivery, DeliveryState

MOST_IN_FLIGHT = 64
"""Sends under way at once: no crash leaves more in doubt."""

_LONGEST_NAP = 0.5
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Send:
    message_id: int
    chat_id: int
    topic_id: int
    composed: Composed
    attempts: int
    first_tried_at: int


class Worker:
    """Empties the outbox. `tick` is seconds between looks when nothing wakes it; `lease` is milliseconds."""

    def __init__(
        self,
        database: Database,
        gateway: Gateway,
        limiter: Limiter,
        composer: Composer,
        clock: Clock,
        *,
        tick: float,
        lease: int,
        rng: random.Random,
    ) -> None:
        self._database = database
        self._gateway = gateway
        self._limiter = limiter
        self._composer = composer
        self._clock = clock
        self._tick = tick
        self._lease = lease
        self._rng = rng
        self._fan_outs = FanOuts(database, clock)
        self._wakened = asyncio.Event()
        self._sending: dict[int, asyncio.Task[None]] = {}
        self._outcomes: list[Outcome] = []
        self._unclear: set[int] = set()

    def wake(self) -> None:
        """Look for work now: something was published, or came free."""
        self._wakened.set()

    def hold(self, chat_id: int) -> None:
        """Send nothing to the chat until what is uncertain there is cleared."""
        self._unclear.add(chat_id)

    def free(self, chat_id: int) -> None:
        """What was uncertain in the chat is cleared."""
        self._unclear.discard(chat_id)
        self.wake()

    async def run(self) -> None:
        """Work until cancelled; trouble is told to the log and tried again."""
        try:
            while True:
                self._wakened.clear()
                try:
                    nap = await self._cycle()
                except Exception:  # noqa: BLE001 - the loop serves every chat: it goes on after any trouble
                    _log.exception("worker_cycle_failed")
                    nap = 1.0
                if nap > 0:
                    await self._sleep(nap)
        finally:
            await self._finish()

    async def _cycle(self) -> float:
        """Do one round; return how many seconds nothing more is to do (0: go on at once)."""
        if await self._fan_outs.step():
            self._wakened.set()
        room = min(MOST_IN_FLIGHT - len(self._sending), self._limiter.bulk_slots(MOST_IN_FLIGHT))
        busy = self._busy()
        async with self._database.read() as connection:
            waiting = None
            if await desk_state.value(connection, desk_state.PAUSED) is None:
                waiting = await outbox.next_due(connection)
            ready = waiting is not None and bool(await outbox.due(connection, self._clock(), limit=1, busy=busy))
        if self._outcomes or (ready and room > 0):
            sends = await self._commit(room if ready else 0, busy)
            for send in sends:
                self._start(send)
            return 0.0
        if ready:
            return max(self._limiter.bulk_wait(), 0.002)
        if waiting is None:
            return self._tick
        ahead = (waiting - self._clock()) / 1000
        return min(ahead, self._tick) if ahead > 0 else min(self._limiter.soonest(), _LONGEST_NAP)

    async def _commit(self, room: int, busy: list[int]) -> list[_Send]:
        """Settle what was answered and claim what goes next, in one transaction."""
        outcomes, self._outcomes = self._outcomes, []
        sends: list[_Send] = []
        try:
            async with self._database.write() as tx:
                now = self._clock()
                for outcome in outcomes:
                    await settle(tx, outcome, now=now)
                if room > 0:
                    sends = await self._claim(tx, room, busy, now)
        except BaseException:
            self._outcomes = outcomes + self._outcomes
            raise
        for outcome in outcomes:
            if outcome.verdict is not None and outcome.verdict.next is Next.UNCERTAIN:
                self.hold(outcome.chat_id)
            self._sending.pop(outcome.chat_id, None)
        return sends

    async def _claim(self, tx: AsyncConnection, room: int, busy: list[int], now: int) -> list[_Send]:
        heads = await outbox.due(tx, now, limit=room, busy=busy)
        prepared: list[tuple[Composed, list[Delivery]]] = []
        drafts: list[Draft] = []
        for head in heads:
            group = await outbox.folding_with(tx, head, now, limit=MOST_IN_ROUNDUP) if head.fold else [head]
            readable = {article.id: article for article in await self._readable(tx, group, now)}
            group = [delivery for delivery in group if delivery.article_id in readable]
            chat = await chats.get(tx, head.chat_id)
            if not group or chat is None:
                continue
            composed = self._composer.compose([readable[delivery.article_id] for delivery in group], chat)
            body = json.dumps(composed.message.to_json(), ensure_ascii=False)
            payload_id = await ledger.put_payload(tx, body, key=composed.key)
            floor = await ledger.newest_known_id(tx, chat.id)
            drafts.append(Draft(chat.id, head.topic_id, payload_id, composed.article_id, composed.revision, floor))
            prepared.append((composed, group))
        message_ids = await ledger.begin(tx, drafts, now=now, lease_until=now + self._lease)
        pairs, sends = [], []
        for message_id, (composed, group) in zip(message_ids, prepared, strict=True):
            pairs += [(delivery.id, message_id) for delivery in group]
            head = group[0]
            sends.append(
                _Send(
                    message_id,
                    head.chat_id,
                    head.topic_id,
                    composed,
                    head.attempts + 1,
                    head.first_tried_at or now,
                )
            )
        await outbox.mark_sending(tx, pairs, now=now)
        return sends

    async def _readable(self, tx: AsyncConnection, group: list[Delivery], now: int) -> list[Article]:
        """Return the group's published articles; deliveries of others are withdrawn."""
        found = await articles.get_many(tx, [delivery.article_id for delivery in group])
        published = [article for article in found if article.state is ArticleState.PUBLISHED]
        kept = {article.id for article in published}
        lost = [delivery.id for delivery in group if delivery.article_id not in kept]
        if lost:
            await outbox.end_pending(tx, lost, DeliveryState.WITHDRAWN, now=now, reason="article withdrawn")
        return published

    def _start(self, send: _Send) -> None:
        self._limiter.take(send.chat_id)
        self._sending[send.chat_id] = asyncio.create_task(self._send(send))

    async def _send(self, send: _Send) -> None:
        message, was_plain = send.composed.message, False
        while True:
            try:
                telegram_id = await self._gateway.push(send.chat_id, message, topic_id=send.topic_id)
            except TelegramError as error:
                found = verdict(
                    error,
                    attempts=send.attempts,
                    first_tried_at=send.first_tried_at,
                    now=self._clock(),
                    plain=was_plain,
                    rng=self._rng,
                )
                if isinstance(error, RetryAfter):
                    self._limiter.flood(send.chat_id, error._retry_after.total_seconds())
                _log.warning("push_failed", message=send.message_id, next=found.next, reason=found.reason)
                if found.next is Next.PLAIN:
                    message, was_plain = plain(message), True
                    continue
                outcome = Outcome(send.message_id, send.chat_id, None, found)
            except Exception as error:  # noqa: BLE001 - whatever it was, the deed may have been done
                _log.exception("push_broke", message=send.message_id)
                outcome = Outcome.unknown(send.message_id, send.chat_id, type(error).__name__)
            else:
                outcome = Outcome(send.message_id, send.chat_id, telegram_id, None)
            break
        self._outcomes.append(outcome)
        self.wake()

    def _busy(self) -> list[int]:
        return list({*self._sending, *self._unclear, *self._limiter.busy_chats()})

    async def _sleep(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._wakened.wait()
        except TimeoutError:
            pass

    async def _finish(self) -> None:
        """Let what is under way end, and write it down."""
        if self._sending:
            await asyncio.wait(self._sending.values(), timeout=10)
        if self._outcomes:
            await self._commit(0, [])
