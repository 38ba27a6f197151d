"""The receiver: stores updates before it confirms them to Telegram, has them handled, and marks them done.

PTB's own poller confirms updates while they are only in memory; a crash would lose presses of buttons. Here
an update is a row first, held by a lease, and what a crash left unhandled is handled by whoever looks next. What
cannot be understood is a row, too, failed from the beginning: Telegram is told that we have it, and it is not run.
"""

import asyncio
import contextlib
import json
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol

import structlog
from telegram.error import Conflict, InvalidToken, TelegramError

from bot import bounded_json, counters
from bot.clock import Clock
from bot.errors import PeykError
from bot.newsroom.invitation_codes import may_hold_code, with_seals
from bot.telegram.patience import telling_outages
from bot.telegram.transport import MaybeSentError
from bot.updates import update_facts
from bot.updates.offset import Batches
from bot.updates.polling_turn import PollingTurn
from bot.updates.update_facts import MalformedUpdateError, facts_of
from storage import inbox
from storage.engine.database import Database
from storage.engine.group_commit import GroupCommit
from storage.errors import UnavailableError
from storage.records import StoredUpdate

ALLOWED_UPDATES = (
    "message",
    "edited_message",
    "channel_post",
    "callback_query",
    "inline_query",
    "my_chat_member",
    "message_reaction_count",
)
"""The kinds of update that the bot asks Telegram for."""

POLL_SECONDS = 50
"""The time that one getUpdates may wait for an update."""

_MOST_RUNS = 3
_HELD_AT_ONCE = 10_000
_PAUSES = (1.0, 3.0, 10.0)
_MOST_AT_ONCE = 64
_LONGEST_PAUSE = 10.0
_LONGEST_PAUSE_REFUSED = 60.0
_LONGEST_ERROR = 500
_GIVEN_WAY_SECONDS = 0.05

_log = structlog.get_logger(__name__)


class StoppingError(PeykError):
    """The process stops and takes no updates any more: another one, or the next start, takes them."""


class Caller(Protocol):
    """The part of the gateway that polling needs."""

    async def call(self, method: str, params: dict[str, Any], *, timeout: float) -> Any:
        """Call a Bot API method and return its raw result."""


class Receiver:
    """Stores updates and has them handled: one at a time for each chat, different chats side by side.

    `handle` gets one raw update and may raise. Where the database is away the update is tried again after each of
    the `pauses` (seconds), then left to whoever looks for what nobody holds. One that was taken up three times and
    not finished is given up; a try that met Telegram away, or that we were told to stop in, does not count. `lease`
    (ms) is how long an update stays with a process that does not say that it is there; `alone` means that there is
    no other process, so that what is open at our start is nobody's. `caught_up` is False while polling has not
    fetched yet what waited before it began. `lease_clock` (`clock`) is what other processes' leases are judged by.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        handle: Callable[[dict[str, Any]], Awaitable[None]],
        *,
        lease: int,
        alone: bool,
        pauses: Sequence[float] = _PAUSES,
        lease_clock: Clock | None = None,
    ) -> None:
        self._lease_clock = lease_clock or clock
        self._lease = lease
        self._alone = alone
        self._pauses = pauses
        self._held: set[int] = set()
        self._resumed: set[int] = set()
        self._counted: set[int] = set()
        self._counts = GroupCommit(database)
        self._forgiving: set[asyncio.Task[None]] = set()
        self._database = database
        self._clock = clock
        self._handle = handle
        self._queues: dict[int, deque[StoredUpdate]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._at_rest = asyncio.Event()
        self._at_rest.set()
        self._places = asyncio.Semaphore(_MOST_AT_ONCE)
        self._marks = _Marks(database, clock)
        self._is_closed = False
        self.caught_up = True

    async def resume(self) -> None:
        """Begin with the updates that an earlier run stored and did not finish."""
        await self._resume(None if self._alone else self._lease_clock())

    async def tend(self) -> None:
        """Renew our leases, and claim updates whose lease has ended. To be called three times in a lease."""
        held = list(self._held)
        for start in range(0, len(held), _HELD_AT_ONCE):
            async with self._database.write() as tx:
                batch = held[start : start + _HELD_AT_ONCE]
                await inbox.renew_leases(tx, batch, lease_until=self._clock() + self._lease)
        if not self._is_closed:
            await self._resume(self._lease_clock())

    async def _resume(self, expired_before: int | None) -> None:
        async with self._database.write() as tx:
            now = self._clock()
            hopeless = await inbox.give_up(tx, _MOST_RUNS, now=now, expired_before=expired_before)
            left = await inbox.resume(tx, lease_until=now + self._lease, expired_before=expired_before)
        # What our own lease ran out on, in a database that was away, is in its queue already.
        left = [stored for stored in left if stored.update_id not in self._held]
        malformed: dict[int, str] = {}
        for stored in left:
            try:
                key = facts_of(bounded_json.loads(stored.body.encode())).order_key
                self._resumed.add(stored.update_id)
                self._queue(stored, key)
            except (MalformedUpdateError, ValueError) as error:
                malformed[stored.update_id] = f"{inbox.MALFORMED}{error}"
        if malformed:
            _log.warning("updates_malformed", count=len(malformed), first=next(iter(malformed.values())))
            async with self._database.write() as tx:
                await inbox.finish(tx, malformed, now=self._clock())
        if left or hopeless:
            _log.info("updates_resumed", count=len(left) - len(malformed), given_up=hopeless)

    async def accept(self, updates: Sequence[object]) -> int:
        """Store updates, then queue those that are new; return how many were. Telegram may forget all of them now.

        What is malformed is stored as failed. Raises UnavailableError where the database is away, StoppingError
        after `close`.
        """
        if self._is_closed:
            raise StoppingError
        self._at_rest.clear()
        try:
            return await self._sort_and_store(updates)
        finally:
            self._rest()

    async def _sort_and_store(self, updates: Sequence[object]) -> int:
        received: dict[int, inbox.Received] = {}
        keys: dict[int, int] = {}
        failed: list[inbox.MalformedUpdate] = []
        for update in updates:
            try:
                facts, body = facts_of(update), update_facts.encoded(update)
            except MalformedUpdateError as error:
                failed.append(_failed(update_facts.legible(update), str(error)))
                continue
            if may_hold_code(body):
                body = update_facts.encoded(with_seals(update))
            update_row = inbox.Received(facts.update_id, body, facts.chat_id, facts.message_id)
            if received.setdefault(facts.update_id, update_row) == update_row:
                keys[facts.update_id] = facts.order_key
            else:
                failed.append(_failed(body, "update_id: another update's"))
        return await self._store(list(received.values()), keys, failed)

    async def accept_text(self, body: bytes) -> None:
        """Store and queue the update that a text from Telegram holds, and any other text as a failed one."""
        try:
            updates = [bounded_json.loads(body)]
        except ValueError:
            text = body[: update_facts.KEPT_LETTERS].decode("ascii", "backslashreplace")
            await self._store([], {}, [_failed(text, "no JSON in UTF-8")])
        else:
            await self.accept(updates)

    async def _store(
        self, received: Sequence[inbox.Received], keys: dict[int, int], failed: Sequence[inbox.MalformedUpdate]
    ) -> int:
        async with self._database.write() as tx:
            now = self._clock()
            fresh = await inbox.put(tx, received, now=now, lease_until=now + self._lease)
            malformed = await inbox.put_failed(tx, failed, now=now)
        if malformed:
            counters.MALFORMED_UPDATES.inc(malformed)
            _log.warning("updates_malformed", count=malformed, first=failed[0].error)
        for update in received:
            if update.update_id in fresh:
                self._queue(StoredUpdate(update.update_id, update.body), keys[update.update_id])
        return len(fresh) + malformed

    async def poll(self, caller: Caller, turn: PollingTurn | None = None) -> None:
        """Fetch updates until cancelled; whatever is answered is logged and tried again.

        With a `turn`, fetch only while it is ours: another process fetches otherwise.
        """
        batches, pause = Batches(asyncio.get_running_loop().time), 1.0
        self.caught_up = False
        while True:
            if turn is not None and not turn.is_ours:
                await self._wait_for_turn(turn)
            longest = _LONGEST_PAUSE
            try:
                repeated = await self._fetch(caller, batches)
                if not repeated:
                    pause = 1.0
                    continue
                # The same again, and nothing tells how to confirm it.
                _log.warning("updates_not_confirmed", count=repeated, again_in=pause)
            except InvalidToken as error:
                longest = _LONGEST_PAUSE_REFUSED
                _log.info("poll_refused", reason=str(error), again_in=pause)
            except Conflict:
                longest = _LONGEST_PAUSE_REFUSED
                _log.error("poll_conflict", hint="another program polls with this token, or a webhook is set")
            except TelegramError as error:
                if isinstance(error, MaybeSentError):
                    batches.smaller()
                _log.warning("poll_failed", reason=str(error), again_in=pause)
            except Exception:  # noqa: BLE001 - a full disk or a locked database must not end the loop
                _log.exception("poll_broke", again_in=pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, longest)

    async def _fetch(self, caller: Caller, batches: Batches) -> int:
        """Fetch and store a batch; return how many updates it had if all of them came before."""
        # What waits is drained first: whoever reads a chat's ids wants to know which others took.
        wait = POLL_SECONDS if self.caught_up else 0
        params = {"timeout": wait, "allowed_updates": list(ALLOWED_UPDATES), **batches.wanted()}
        updates = await caller.call("getUpdates", params, timeout=wait + 10)
        fresh = await self.accept(updates) if updates else 0
        self.caught_up = len(updates) < batches.limit
        return 0 if batches.stored(updates) or fresh else len(updates)

    async def _wait_for_turn(self, turn: PollingTurn) -> None:
        # Whoever polls drains what waits.
        self.caught_up = True
        await turn.wait()
        self.caught_up = False

    async def give_way(self) -> None:
        """Wait until no update is being stored or handled, at most 50 ms: people come before what has time."""
        if not self._at_rest.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._at_rest.wait(), _GIVEN_WAY_SECONDS)

    def close(self) -> None:
        """Accept no more updates: Telegram delivers them to another process or after the next start."""
        self._is_closed = True

    async def drain(self) -> None:
        """Wait until every queued update is handled."""
        while self._tasks:
            await asyncio.wait(self._tasks)
        if self._forgiving:
            await asyncio.wait(self._forgiving)

    async def leave(self) -> None:
        """Leave the updates under way to another process or the next start, without counting an attempt.

        What handles it is cancelled before the rest of the process closes, so that no update fails by that.
        """
        self.close()
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)
        held, counted = list(self._held), list(self._counted)
        self._held.clear()
        self._counted.clear()
        try:
            for start in range(0, len(held), _HELD_AT_ONCE):
                batch = slice(start, start + _HELD_AT_ONCE)
                async with self._database.write() as tx:
                    await inbox.renew_leases(tx, held[batch], lease_until=0)
                    await inbox.discount_attempts(tx, counted[batch])
        except UnavailableError as trouble:
            _log.warning("updates_not_released", reason=str(trouble), hint="their leases end by themselves")

    def _queue(self, stored: StoredUpdate, key: int) -> None:
        if self._is_closed:
            return  # it is a row: another process, or the next start, takes it up
        self._held.add(stored.update_id)
        queue = self._queues.get(key)
        if queue is not None:
            queue.append(stored)
            return
        self._queues[key] = deque([stored])
        task = asyncio.create_task(self._work(key))
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._rest()

    def _rest(self) -> None:
        if not self._tasks:
            self._at_rest.set()

    async def _work(self, key: int) -> None:
        queue = self._queues[key]
        try:
            while queue:
                await self._see_through(queue[0])
                update_id = queue.popleft().update_id
                for known in (self._held, self._resumed, self._counted):
                    known.discard(update_id)
        finally:
            del self._queues[key]

    async def _see_through(self, stored: StoredUpdate) -> None:
        """Handle an update and mark it done; where the database stays away it is left open."""
        error: str | None = None
        for pause in (*self._pauses, None):
            try:
                async with self._places:
                    if error is None:
                        await self._count(stored.update_id)
                        with telling_outages(lambda: self._forgive(stored.update_id)):
                            error = await self._handled(stored)
                    await self._marks.finish(stored.update_id, error)
            except UnavailableError as trouble:
                _log.warning("update_waits", update_id=stored.update_id, reason=str(trouble), again_in=pause)
                if pause is not None:
                    await asyncio.sleep(pause)
            except Exception:  # noqa: BLE001 - it stays open; the chat's next update is not to wait for that
                _log.exception("update_not_marked", update_id=stored.update_id)
                return
            else:
                return

    async def _count(self, update_id: int) -> None:
        """Count an attempt at an update that an earlier one left open, once. Raises UnavailableError."""
        if update_id in self._resumed:
            await self._counts.do(lambda tx: inbox.count_attempt(tx, update_id))
            self._resumed.discard(update_id)
            self._counted.add(update_id)

    def _forgive(self, update_id: int) -> None:
        """Undo the count of an attempt at an update: it waits for Telegram."""
        if update_id in self._counted:
            self._counted.discard(update_id)
            task = asyncio.create_task(self._discount_attempt(update_id))
            self._forgiving.add(task)
            task.add_done_callback(self._forgiving.discard)

    async def _discount_attempt(self, update_id: int) -> None:
        try:
            await self._counts.do(lambda tx: inbox.discount_attempts(tx, [update_id]))
        except UnavailableError as trouble:
            _log.warning("attempt_not_taken_back", update_id=update_id, reason=str(trouble))

    async def _handled(self, stored: StoredUpdate) -> str:
        """Handle an update and return what went wrong, "" for nothing. Raises UnavailableError."""
        try:
            await self._handle(json.loads(stored.body))
        except UnavailableError:
            raise
        except MalformedUpdateError as failure:
            _log.warning("update_malformed", update_id=stored.update_id, reason=str(failure))
            return f"{inbox.MALFORMED}{failure}"
        except Exception as failure:  # noqa: BLE001 - one update's trouble is not the others'
            _log.exception("update_failed", update_id=stored.update_id)
            words = f"{type(failure).__name__}: {failure}"[:_LONGEST_ERROR]
            # In ASCII where it quotes what a database does not hold.
            return words if words.isprintable() else ascii(words)
        return ""


def _failed(body: str, reason: str) -> inbox.MalformedUpdate:
    kept = with_seals(body)
    return inbox.MalformedUpdate(update_facts.fingerprint(kept), kept, f"{inbox.MALFORMED}{reason}")


class _Marks:
    """Marks updates as done: whatever is done while one commit is on its way shares the next."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._open: dict[int, str] | None = None
        self._commit: asyncio.Task[None] | None = None

    async def finish(self, update_id: int, error: str) -> None:
        """Mark an update as done, with what went wrong. Raises UnavailableError."""
        if self._open is None:
            self._open = {}
            self._commit = asyncio.create_task(self._write(self._open, self._commit))
        assert self._commit is not None, "made with what is open"
        self._open[update_id] = error
        await asyncio.shield(self._commit)

    async def _write(self, errors: dict[int, str], previous: "asyncio.Task[None] | None") -> None:
        if previous is not None:
            await asyncio.wait([previous])
        self._open = None  # whoever comes now waits for the next commit
        async with self._database.write() as tx:
            await inbox.finish(tx, errors, now=self._clock())
