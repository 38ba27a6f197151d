"""Reconciliation of sends whose answer was lost, by reading the chat and never by editing.

Ids grow in a channel or supergroup, but are shared: other admins' posts, service messages and album items take
ids too, and deletions leave holes. So each id above the newest that was known when the send began, and that
neither an update nor the ledger claims, is forwarded silently to the desk chat, compared and deleted there.
Where no id was known, the message is sent again, looked for below the new one in the same way, and a twin is
deleted. Elsewhere ids tell nothing; there the message is sent again, too, and counts as a possible twin.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import structlog
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.clock import Clock
from bot.delivery import message_fingerprint
from bot.delivery.revision_cache import RevisionCache
from bot.delivery.settlement import SendOutcome, settle_failed, settle_sent
from bot.delivery.worker import Worker
from bot.telegram.errors import About, Cause, FailedCall, failure_of
from bot.telegram.gateway import Gateway
from storage import amendments, chats, daily_counters, inbox, ledger, notices, outbox, uncertain_sends
from storage.engine.database import Database
from storage.malformed import UNREADABLE, MalformedRowError
from storage.records import Chat, ChatKind, MessageState, SentMessage

SETTLING_SECONDS = 5.0
"""The deed may come after its answer was lost: so long nothing is concluded."""

_HOLES = 8
"""So many ids in a row without a message mean that nothing is there."""
_MOST_PROBES = 80
_BELOW = 12
"""So many ids below a message are looked at for its twin."""
_TWINS_AT_ONCE = 20
_QUESTION_LEASE_MS = 30_000  # renewed with every id that is looked at

_log = structlog.get_logger(__name__)


class Probe(StrEnum):
    """The finding about one message id of a chat."""

    OURS = "ours"
    OUR_TEXT = "our text"  # ours, and a text
    OTHER = "other"
    MISSING = "missing"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Finding:
    """The end of a search: the id found and whether it is a text, or whether it is certain that there is none."""

    telegram_id: int | None
    certain: bool
    as_text: bool = False


async def search_ids(
    floor: int, claimed_ids: set[int], probe: Callable[[int], Awaitable[Probe]], *, holes: int = _HOLES
) -> Finding:
    """Walk up from `floor` over the ids that nobody claims until ours is found or nothing more comes."""
    missing, certain, telegram_id = 0, True, floor
    newest = max(claimed_ids, default=0)
    for _ in range(_MOST_PROBES):
        telegram_id += 1
        while telegram_id in claimed_ids:
            missing = 0
            telegram_id += 1
        match finding := await probe(telegram_id):
            case Probe.OURS | Probe.OUR_TEXT:
                return Finding(telegram_id, certain=True, as_text=finding is Probe.OUR_TEXT)
            case Probe.MISSING:
                missing += 1
                if missing >= holes and telegram_id >= newest:
                    return Finding(None, certain)
            case Probe.UNREADABLE:
                missing, certain = 0, False
            case Probe.OTHER:
                missing = 0
    return Finding(None, certain=False)


@dataclass(frozen=True, slots=True)
class ReconcilerConfig:
    """The account that sends (`bot_id`), and the chat that probes are forwarded to (None: there is none).

    `alone` means that no other process sends on this database, so that what is under way at our start is nobody's.
    Nothing is concluded `settling` seconds long after an answer was lost.
    """

    bot_id: int
    desk_chat: int | None
    alone: bool
    settling: float = SETTLING_SECONDS


class Reconciler:
    """Clears up uncertain sends, one after the other.

    `drained` says whether the updates that waited are stored: they show which ids others took. `lease_clock`
    (`clock`) is what other processes' leases are judged by.
    """

    def __init__(
        self,
        database: Database,
        gateway: Gateway,
        worker: Worker,
        clock: Clock,
        *,
        config: ReconcilerConfig,
        drained: Callable[[], bool] = lambda: True,
        lease_clock: Clock | None = None,
    ) -> None:
        self._lease_clock = lease_clock or clock
        self._database = database
        self._gateway = gateway
        self._worker = worker
        self._clock = clock
        self._bot_id = config.bot_id
        self._desk_chat = config.desk_chat
        self._alone = config.alone
        self._settling = config.settling
        self._drained = drained
        self._seen: dict[int, float] = {}

    async def after_restart(self) -> None:
        """Make sends that the last run left under way uncertain, hold their chats, and take up its changes."""
        await self._void_leases(None if self._alone else self._lease_clock())
        if self._alone:
            # To change or delete once more what is changed or deleted does no harm.
            async with self._database.write() as tx:
                await amendments.release_leases(tx, now=self._clock())
                await uncertain_sends.release_leases(tx)
        async with self._database.read() as connection:
            questions = await ledger.uncertain_messages(connection)
        for question in questions.records:
            self._worker.suspend(question.chat_id)

    async def run(self) -> None:
        """Reconcile uncertain sends until cancelled."""
        while True:
            await asyncio.sleep(self._settling / 2)
            if not self._drained():
                continue
            try:
                await self.clear()
                await self.delete_twins()
            except Exception:  # noqa: BLE001 - the loop goes on; the question stays open
                _log.exception("reconcile_failed")

    async def clear(self) -> None:
        """Clear up every uncertain send that is old enough, one at a time."""
        if not self._alone:
            await self._void_leases(self._lease_clock())
        async with self._database.read() as connection:
            questions = await ledger.uncertain_messages(connection)
        if questions.malformed:
            async with self._database.write() as tx:
                await ledger.mark(tx, questions.malformed, MessageState.ASKED)
            _log.error("uncertain_send_left", messages=questions.malformed, reason="malformed row")
        now = asyncio.get_running_loop().time()
        self._seen = {question.id: self._seen.get(question.id, now) for question in questions.records}
        for question in questions.records:
            if now - self._seen[question.id] >= self._settling and await self._claim(question):
                try:
                    await self._clear_one(question)
                except MalformedRowError as error:
                    _log.error("uncertain_send_unreadable", message=question.id, reason=str(error))
                    await self._leave_to_person(question, "")
                    self._worker.release(question.chat_id)

    async def delete_twins(self) -> None:
        """Find and delete the twins of messages that were sent again while the first send was uncertain."""
        async with self._database.read() as connection:
            doubtful = await ledger.possible_twins(connection, limit=_TWINS_AT_ONCE)
        for message in doubtful:
            async with self._database.read() as connection:
                chat = (await chats.get_many(connection, [message.chat_id])).get(message.chat_id)
            if chat is not None and self._readable(chat) and await self._claim(message):
                try:
                    await self._delete_twins(message)
                except TelegramError as error:
                    _log.warning("twin_search_failed", message=message.id, reason=error.message)
                    await self._renew_lease(message, 0)
                    continue
                async with self._database.write() as tx:
                    await ledger.clear_doubt(tx, message.id)

    async def _void_leases(self, expired_before: int | None) -> None:
        async with self._database.write() as tx:
            for message_id in await ledger.expire_leases(tx, expired_before=expired_before):
                await settle_failed(tx, SendOutcome.unknown(message_id, 0, "nobody holds it"), now=self._clock())

    async def _clear_one(self, question: SentMessage) -> None:
        async with self._database.read() as connection:
            chat = await chats.get(connection, question.chat_id)
        if chat is None or not self._readable(chat):
            await self._send_again(question, doubt=True)
            return
        if question.floor_id is None:
            await self._clear_first(question, chat)
            return
        claimed_ids = await self._claimed(question.chat_id, question.floor_id)
        letters = _letters_of(question)

        async def probe(telegram_id: int) -> Probe:
            await self._renew_lease(question, self._clock() + _QUESTION_LEASE_MS)
            return await self._probe(question.chat_id, telegram_id, letters)

        try:
            finding = await search_ids(question.floor_id, claimed_ids, probe)
        except TelegramError as error:
            _log.warning("reconcile_waits", message=question.id, reason=error.message)
            await self._renew_lease(question, 0)
            return
        if finding.telegram_id is not None:
            async with self._database.write() as tx:
                # A photo that Telegram refused has gone as a text.
                outcome = SendOutcome(
                    question.id, question.chat_id, finding.telegram_id, None, as_text=finding.as_text
                )
                now = self._clock()
                await daily_counters.count_sent(
                    tx, await settle_sent(tx, [outcome], RevisionCache(), now=now), now=now
                )
        elif finding.certain:
            await self._send_again(question, doubt=False)
            return
        else:
            await self._leave_to_person(question, chat.title)
        _log.info("uncertain_send_cleared", message=question.id, arrived=finding.telegram_id is not None)
        self._worker.release(question.chat_id)

    async def _clear_first(self, question: SentMessage, chat: Chat) -> None:
        """Send a chat's first post again where a twin can be found: no earlier id is known."""
        try:
            sealed = await self._is_sealed(chat.id)
        except TelegramError as error:
            _log.warning("reconcile_waits", message=question.id, reason=error.message)
            await self._renew_lease(question, 0)
            return
        if not sealed:
            await self._send_again(question, doubt=True)
            return
        await self._leave_to_person(question, chat.title)
        self._worker.release(chat.id)

    async def _claim(self, question: SentMessage) -> bool:
        async with self._database.write() as tx:
            now = self._clock()
            return await uncertain_sends.claim(tx, question.id, now=now, lease_until=now + _QUESTION_LEASE_MS)

    async def _renew_lease(self, question: SentMessage, until: int) -> None:
        async with self._database.write() as tx:
            await uncertain_sends.renew_lease(tx, question.id, lease_until=until)

    async def _send_again(self, question: SentMessage, *, doubt: bool) -> None:
        async with self._database.write() as tx:
            await outbox.return_to_pending(
                tx, [question.id], now=self._clock(), reason="the answer was lost", doubt=doubt
            )
            await ledger.delete_unsent(tx, [question.id])
        _log.info("uncertain_send_repeated", message=question.id, doubt=doubt)
        self._worker.release(question.chat_id)

    async def _leave_to_person(self, question: SentMessage, title: str) -> None:
        """Leave the question to a person: the row stays uncertain, the chat goes on."""
        async with self._database.write() as tx:
            await ledger.mark(tx, [question.id], MessageState.ASKED)
            args: dict[str, str | int] = {"title": title or str(question.chat_id)}
            await notices.enqueue(tx, notices.DESK_CHAT, "outbox-asks", args, now=self._clock())
        _log.error("uncertain_send_left", message=question.id)

    async def _delete_twins(self, message: SentMessage) -> None:
        """Delete every copy below a message that was sent again: its answer may have been lost more than once."""
        assert message.telegram_id is not None, "it was sent"
        claimed_ids = await self._claimed(message.chat_id, message.telegram_id - _BELOW - 1)
        async with self._database.read() as connection:
            revisions = await ledger.revisions_shown(connection, [message.id])
            about = [article_id for article_id, _ in revisions.get(message.id, [])] or [message.article_id or 0]
            # The article may have been corrected in between: the twin says what it said then.
            letters = _readable_letters(await ledger.payloads_of(connection, about))
        for telegram_id in range(message.telegram_id - 1, max(0, message.telegram_id - _BELOW - 1), -1):
            if telegram_id in claimed_ids:
                continue
            await self._renew_lease(message, self._clock() + _QUESTION_LEASE_MS)
            if await self._probe(message.chat_id, telegram_id, letters) in (Probe.OURS, Probe.OUR_TEXT):
                await self._gateway.delete(message.chat_id, telegram_id)
                _log.info("twin_deleted", message=message.id)

    async def _claimed(self, chat_id: int, above: int) -> set[int]:
        async with self._database.read() as connection:
            ids_of_others = await inbox.taken_ids(connection, chat_id, above)
            return ids_of_others | await ledger.claimed_ids(connection, chat_id, above)

    def _readable(self, chat: Chat) -> bool:
        shared = chat.kind is ChatKind.CHANNEL or (chat.kind is ChatKind.SUPERGROUP and chat.is_admin)
        return shared and self._desk_chat is not None

    async def _probe(self, chat_id: int, telegram_id: int, letters: Collection[str]) -> Probe:
        """Read one id of a chat; OURS or OUR_TEXT is what says one of these."""
        assert self._desk_chat is not None, "only called where there is a desk chat"
        try:
            copy = await self._gateway.forward(chat_id, telegram_id, self._desk_chat)
        except BadRequest as error:
            if (probe := await self._not_forwarded(chat_id, failure_of(error))) is None:
                raise
            return probe
        except Forbidden as error:
            _log.error("probe_refused", reason=error.message, hint="the desk chat must be open to the bot")
            return Probe.UNREADABLE
        await self._gateway.delete(self._desk_chat, copy["message_id"])
        if not self._comes_from_us(chat_id, telegram_id, copy) or message_fingerprint.read(copy) not in letters:
            return Probe.OTHER
        return Probe.OUR_TEXT if "text" in copy else Probe.OURS

    async def _not_forwarded(self, chat_id: int, failure: FailedCall) -> Probe | None:
        """Return what a refusal to forward a message says of it; None where it says nothing."""
        if About.MISSING in failure.about:
            # It may be the chat that is not found.
            return Probe.UNREADABLE if failure.cause is Cause.CHAT_GONE else Probe.MISSING
        if About.FORWARDING in failure.about:
            # Telegram does not say why: service messages cannot be forwarded, nor anything of a sealed chat.
            return Probe.UNREADABLE if await self._is_sealed(chat_id) else Probe.OTHER
        return None

    async def _is_sealed(self, chat_id: int) -> bool:
        chat = await self._gateway.call("getChat", {"chat_id": chat_id})
        return bool(chat.get("has_protected_content"))

    def _comes_from_us(self, chat_id: int, telegram_id: int, copy: dict[str, Any]) -> bool:
        origin = copy.get("forward_origin", {})
        if origin.get("type") == "channel":
            return (origin.get("chat", {}).get("id"), origin.get("message_id")) == (chat_id, telegram_id)
        return bool(origin.get("type") == "user" and origin.get("sender_user", {}).get("id") == self._bot_id)


def _letters_of(question: SentMessage) -> set[str]:
    """Return the letters of an uncertain message. Raises MalformedRowError where its payload cannot be read."""
    try:
        return message_fingerprint.rendered([question.payload] if question.payload is not None else [])
    except UNREADABLE as error:
        raise MalformedRowError("message", question.id, error) from error


def _readable_letters(payloads: Sequence[str]) -> set[str]:
    """Return the letters of rendered messages; one that cannot be read is left out."""
    letters: set[str] = set()
    for payload in payloads:
        with suppress(*UNREADABLE):
            letters |= message_fingerprint.rendered([payload])
    return letters
