"""The worker: claims what is due, has it sent or amended, and stores the result.

One transaction settles what was answered and claims what goes next, so that the more there is to do, the more rows
share a commit. A send is `sending` from that commit until its answer is committed: after a crash exactly those
are uncertain. One thing at a time goes to a chat, so that its order is kept and its trouble is its own.
"""

import asyncio
from collections.abc import Awaitable, Coroutine, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import structlog

from bot.clock import Clock
from bot.delivery.amendment_claims import AmendmentClaims
from bot.delivery.backlog import WINDOW, Backlog, first_ready, next_ready, pick
from bot.delivery.delivery_claims import DeliveryClaims
from bot.delivery.fanout import FanOuts
from bot.delivery.paid import PaidLanes
from bot.delivery.picked_rows import PickedRows
from bot.delivery.policy import NextStep
from bot.delivery.rendering import Composer
from bot.delivery.revision_cache import RevisionCache
from bot.delivery.sender import Sender
from bot.delivery.settlement import AmendOutcome, SendOutcome, settle
from bot.delivery.shared_rate_limit import SharedRateLimit
from bot.delivery.suspensions import Suspensions
from bot.telegram.circuit import Circuit
from bot.telegram.rate_limiter import Limiter
from storage import amendments, daily_counters, key_value, outbox
from storage.amendments import DueAmendment
from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.outbox import ReadyDelivery

MOST_IN_FLIGHT = 64
"""Sends and changes under way at once: no crash leaves more in doubt."""

MOST_WHILE_ANSWERING = 16
"""The same while somebody is being answered: the fewer are under way, the sooner it is the reader's turn."""

_PROMOTED_AT_ONCE = 5_000
_ELSEWHERE_MS = 500
_SPARE = 4  # for each headline: others have taken most of what several processes read
_FAN_OUT_LOOK_MS = 100
_COUNTED_AT_ONCE = 250  # deliveries; a crash leaves no more than these out of the statistics
_LONGEST_NAP = 0.5
_SHORTEST_NAP = 0.002
_Work = list[tuple[int, Coroutine[Any, Any, SendOutcome | AmendOutcome]]]
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Throttle:
    """The limits on sends: the rate `limiter`, the `circuit` breaker, and the Stars that `paid` lanes may spend.

    `shared_limit` is the rate limit that is shared with other processes on the database, None where there are none.
    """

    limiter: Limiter
    circuit: Circuit
    paid: PaidLanes
    shared_limit: SharedRateLimit | None = None


class Worker:
    """Empties the outbox. `tick` is seconds between looks when nothing wakes it; `lease` is milliseconds."""

    def __init__(
        self,
        database: Database,
        sender: Sender,
        composer: Composer,
        clock: Clock,
        *,
        throttle: Throttle,
        tick: float,
        lease: int,
    ) -> None:
        self._paid = throttle.paid
        self._shared_limit = throttle.shared_limit
        self._limiter = throttle.limiter
        self._circuit = throttle.circuit
        self._free_rate = throttle.limiter.rate
        self._database = database
        self._composer = composer
        self._claims = DeliveryClaims(
            composer, sender.takes_rich, lease=lease, shared=throttle.shared_limit is not None
        )
        self._changes = AmendmentClaims(composer, lease=lease)
        self._clock = clock
        self._tick = tick
        self._sender = sender
        self._fan_outs = FanOuts(database, clock)
        self._wakened = asyncio.Event()
        self._amendments: Backlog[DueAmendment] = Backlog()
        self._deliveries: Backlog[ReadyDelivery] = Backlog()
        self._paused = self._fanning_out = False
        self._read_due_at = 0
        self._busy: dict[int, asyncio.Task[None]] = {}
        self._outcomes: list[SendOutcome | AmendOutcome] = []
        self._uncounted: list[int] = []
        self._suspensions = Suspensions(throttle.circuit)
        throttle.circuit.on_closed.append(self.wake)

    def wake(self) -> None:
        """Look for work now: something was published or released."""
        self._read_due_at = 0
        self._wakened.set()

    def suspend(self, chat_id: int) -> None:
        """Suspend the chat until its uncertain sends are settled."""
        self._suspensions.suspend_until_settled(chat_id)

    def release(self, chat_id: int) -> None:
        """Release a chat whose uncertain sends are settled."""
        self._suspensions.settle(chat_id)
        self.wake()

    def clock_jumped(self, by: int) -> None:
        """Move along with a clock that was set by so many milliseconds."""
        self._suspensions.shift(by)
        self.wake()

    async def run(self) -> None:
        """Work until cancelled; errors are logged and the work is tried again."""
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
        """Run one round; return how many seconds nothing is due (0: continue at once)."""
        fanned_out = self._fanning_out = self._fanning_out and await self._fan_outs.step()
        now = self._clock()
        if fanned_out:
            # The first rows are wanted at once, those behind them while there is something to send need not be.
            soon = now + _FAN_OUT_LOOK_MS if self._deliveries.in_order() else now
            self._read_due_at = min(self._read_due_at, soon)
        if now >= self._read_due_at:
            await self._read_due(now)
        await self._read(now)
        picked = await self._pick(now)
        if picked.chats or self._outcomes:
            await self._commit(picked)
            return 0.0
        if self._fanning_out or any(self._pages_wanted()):
            return 0.0
        return self._nap()

    async def _pick(self, now: int) -> PickedRows:
        """Remove from the queues the rows that may start now, and return them."""
        # While pushes are paused, sent messages are still corrected and retracted.
        pushes: Backlog[ReadyDelivery] = Backlog() if self._paused else self._deliveries
        head = first_ready([self._amendments, pushes], self._may_get)
        border = self._paid.border(now)
        paid = isinstance(head, ReadyDelivery) and border is not None and head.key < border
        self._pace(self._paid.rate if paid else self._free_rate)
        room = await self._room(is_wanted=head is not None)
        if room <= 0:
            return PickedRows()
        if paid:
            return PickedRows(headlines=pick([pushes], self._may_get, room, below=border)[0], is_paid=True)
        changes, headlines = pick([self._amendments, pushes], self._may_get, room)
        return PickedRows(changes, headlines, self._spare(pushes, changes, len(headlines)))

    async def _room(self, *, is_wanted: bool) -> int:
        """Return how many sends may start now by every limit; the shared one is asked where any may go."""
        most = MOST_WHILE_ANSWERING if self._limiter.is_answering else MOST_IN_FLIGHT
        room = min(most - len(self._busy), self._limiter.bulk_slots(MOST_IN_FLIGHT), self._circuit.room())
        if is_wanted and room > 0 and self._shared_limit is not None:
            await self._shared_limit.top_up()
            room = min(room, self._shared_limit.room())
        return room

    def _spare(
        self, pushes: Backlog[ReadyDelivery], changes: Sequence[DueAmendment], picked: int
    ) -> list[ReadyDelivery]:
        """Return deliveries that stand in where another process is faster; without others there are none."""
        if self._shared_limit is None:
            return []
        changed = {change.chat_id for change in changes}
        spare = next_ready(pushes, self._may_get, _SPARE * picked)
        return [delivery for delivery in spare if delivery.chat_id not in changed]

    def _pace(self, rate: float) -> None:
        self._limiter.rate = rate
        if self._shared_limit is not None:
            self._shared_limit.rate = rate

    async def _read_due(self, now: int) -> None:
        """Release suspended chats, promote due deliveries, and read the queues from their first rows again."""
        chats, changes = self._suspensions.release(now)
        for chat_id in chats:
            self._amendments.recheck(chat_id)
            self._deliveries.recheck(chat_id)
        if changes:
            async with self._database.write() as tx:
                await amendments.make_due(tx, changes, now=now)
        async with self._database.read() as connection:
            self._paused = await key_value.value(connection, key_value.PAUSED) is not None
            self._fanning_out = await self._fan_outs.next_open(connection) is not None
            await self._paid.load(connection, now)
            ahead = [await outbox.next_due(connection), await amendments.next_due(connection, now)]
        if ahead[0] is not None and ahead[0] <= now:
            async with self._database.write() as tx:
                if await outbox.promote(tx, now, limit=_PROMOTED_AT_ONCE) == _PROMOTED_AT_ONCE:
                    ahead.append(now)
        ahead.append(self._suspensions.next_try(now))
        later = [at for at in ahead if at is not None and at > now]
        self._read_due_at = min([now + int(self._tick * 1000), *later])
        self._amendments.rewind()
        self._deliveries.rewind()

    async def _read(self, now: int) -> None:
        """Read the next pages and the rows of released chats into the queues."""
        held = self._busy.keys() | self._suspensions.uncertain
        rechecks = [backlog.chats_to_recheck() for backlog in (self._amendments, self._deliveries)]
        pages = self._pages_wanted()
        if not any(rechecks) and not any(pages):
            return
        async with self._database.read() as connection:
            if rechecks[0]:
                self._amendments.add_heads(
                    rechecks[0], await amendments.due_for(connection, rechecks[0], now), held
                )
            if rechecks[1]:
                self._deliveries.add_heads(rechecks[1], await outbox.ready_for(connection, rechecks[1], now), held)
            if pages[0]:
                changes = await amendments.due_after(connection, self._amendments.cursor, now, limit=WINDOW)
                self._amendments.add_page(changes, held)
            if pages[1]:
                await self._read_deliveries(connection, held, now)

    async def _read_deliveries(self, connection: Connection, held: AbstractSet[int], now: int) -> None:
        """Fill the window of deliveries: from few chats with the first of each, from many by the next page."""
        if self._deliveries.cursor is None:
            chats = await outbox.ready_chats(connection, limit=WINDOW + 1)
            if len(chats) <= WINDOW:
                self._deliveries.add_all(await outbox.ready_for(connection, chats, now), held)
                return
        rows = await outbox.ready_after(connection, self._deliveries.cursor, now, limit=WINDOW)
        self._deliveries.add_page(rows, held)

    async def _commit(self, picked: PickedRows) -> None:
        """Settle what was answered and claim what was picked, in one transaction, and start it."""
        outcomes, self._outcomes = self._outcomes, []
        work: _Work = []
        try:
            async with self._database.write() as tx:
                now, versions = self._clock(), RevisionCache()
                arrived = await settle(tx, outcomes, versions, self._composer, now=now)
                waits = await self._waits(tx, picked.chats)
                startable = picked.without(waits)
                work = await self._claim(tx, startable, versions)
                if picked.is_paid:
                    await self._paid.count(tx, len(work), now)
                uncounted = await self._count_sent(tx, arrived, idle=not work, now=now)
        except BaseException:
            for _, unstarted in work:
                unstarted.close()
            self._claims.forget_payloads()
            self._outcomes = outcomes + self._outcomes
            raise
        self._uncounted = uncounted
        for outcome in outcomes:
            self._settled(outcome)
        self._start(work)
        self._put_off_unclaimed(startable, waits)

    async def _count_sent(self, tx: Connection, arrived: list[int], *, idle: bool, now: int) -> list[int]:
        """Count sent messages once there are many, or when the worker is idle; return those left to count."""
        uncounted = self._uncounted + arrived
        if len(uncounted) < _COUNTED_AT_ONCE and not idle:
            return uncounted
        await daily_counters.count_sent(tx, uncounted, now=now)
        return []

    def _start(self, work: _Work) -> None:
        """Begin each claimed send or change as a task of its chat."""
        for (chat_id, begun), start in zip(work, self._starts(len(work)), strict=True):
            self._limiter.record_send(chat_id)
            self._busy[chat_id] = asyncio.create_task(self._do(begun, start))
            self._circuit.started()

    def _put_off_unclaimed(self, startable: PickedRows, waits: Mapping[int, int]) -> None:
        """Suspend the chats whose picked rows were not claimed, at least for their `waits` (ms)."""
        spent = startable.spent_spare(self._busy)
        for item in spent:
            self._deliveries.remove(item)
        for chat_id in [*startable.own_chats, *(item.chat_id for item in spent), *waits]:
            if chat_id not in self._busy:
                # It ended in the claim, every push was stopped, or another process is at this chat.
                self._suspend_until(chat_id, self._clock() + max(_ELSEWHERE_MS, waits.get(chat_id, 0)))

    async def _claim(self, tx: Connection, picked: PickedRows, versions: RevisionCache) -> _Work:
        now = self._clock()
        work: _Work = []
        if picked.changes:
            for amending in await self._changes.claim(tx, picked.changes, now=now):
                work.append((amending.chat_id, self._sender.amend(amending)))
        if picked.headlines:
            for sending in await self._claims.deliveries(
                tx, picked.headlines, versions, now=now, spare=picked.spare
            ):
                work.append((sending.chat_id, self._sender.send(sending, paid=picked.is_paid)))
        if self._shared_limit is not None:
            await self._shared_limit.record(tx, [chat_id for chat_id, _ in work], at=now)
        return work

    def _starts(self, count: int) -> list[Awaitable[None]]:
        """Return what to wait for before each of so many claimed sends and changes begins."""
        if self._shared_limit is None or count == 0:
            return [_at_once() for _ in range(count)]
        shared_limit = self._shared_limit
        places = asyncio.create_task(shared_limit.replace_missed(shared_limit.use(count)))

        async def at_place(number: int) -> None:
            await shared_limit.until((await places)[number])

        return [at_place(number) for number in range(count)]

    async def _waits(self, tx: Connection, chat_ids: Sequence[int]) -> dict[int, int]:
        """Return the time (ms) by chat for those that must wait, since other processes wrote to them."""
        if self._shared_limit is None or not chat_ids:
            return {}
        waits = await self._shared_limit.waits(tx, chat_ids, self._limiter.seconds_until)
        return {chat_id: int(seconds * 1000) + 1 for chat_id, seconds in waits.items()}

    def _settled(self, outcome: SendOutcome | AmendOutcome) -> None:
        """Suspend the chat as the outcome demands, and free it for its next send."""
        if isinstance(outcome, SendOutcome) and outcome.verdict is not None:
            if outcome.verdict.next is NextStep.UNCERTAIN:
                self._suspensions.suspend_until_settled(outcome.chat_id)
            by_outage = outcome.verdict.next in (NextStep.RETRY, NextStep.STOP)
            self._suspend_until(outcome.chat_id, max(outcome.verdict.at, self._clock()), by_outage=by_outage)
        elif isinstance(outcome, AmendOutcome) and outcome.state is None and not outcome.chat_refuses:
            self._read_due_at = min(self._read_due_at, outcome.retry)
            if outcome.by_outage:
                self._suspensions.postpone_amendment(outcome.message_id)
            if outcome.wait:
                self._suspend_until(outcome.chat_id, outcome.retry)
        self._busy.pop(outcome.chat_id, None)
        self._amendments.came_free(outcome.chat_id)
        self._deliveries.came_free(outcome.chat_id)

    def _suspend_until(self, chat_id: int, at: int, *, by_outage: bool = False) -> None:
        """Suspend the chat until an instant (ms) or, `by_outage`, until Telegram is reachable again."""
        self._suspensions.suspend_until(chat_id, at, by_outage=by_outage)
        self._read_due_at = min(self._read_due_at, at)

    async def _do(self, begun: Coroutine[Any, Any, SendOutcome | AmendOutcome], start: Awaitable[None]) -> None:
        await start
        outcome = await begun
        self._outcomes.append(outcome)  # looked up now: the list is another one after each commit
        self._wakened.set()

    def _may_get(self, chat_id: int) -> bool:
        return chat_id not in self._busy and chat_id not in self._suspensions and self._limiter.is_ready(chat_id)

    def _pages_wanted(self) -> list[bool]:
        return [self._amendments.wants_page, self._deliveries.wants_page and not self._paused]

    def _nap(self) -> float:
        ahead = (self._read_due_at - self._clock()) / 1000
        waiting = [row.chat_id for row in self._amendments.in_order()[:WINDOW]]
        if not self._paused:
            waiting += [row.chat_id for row in self._deliveries.in_order()[:WINDOW]]
        held = self._busy.keys() | self._suspensions.chats
        soonest = min((self._limiter.seconds_until(chat) for chat in waiting if chat not in held), default=None)
        if soonest is not None:
            turn = self._limiter.bulk_wait() if self._shared_limit is None else self._shared_limit.seconds_left()
            turn = max(turn, self._circuit.seconds_left(), _SHORTEST_NAP)
            ahead = min(ahead, max(soonest, turn), _LONGEST_NAP)
        return max(ahead, 0.0)

    async def _sleep(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._wakened.wait()

    async def _finish(self) -> None:
        """Wait for the sends under way, and store their results."""
        if self._busy:
            await asyncio.wait(self._busy.values(), timeout=10)
        if self._outcomes or self._uncounted:
            await self._commit(PickedRows())


async def _at_once() -> None:
    """Wait for nothing: a process that is alone has its budgets to itself."""
