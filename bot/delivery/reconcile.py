"""What became of a send whose answer was lost, found out by reading, never by editing.

Ids grow in a channel or supergroup, but are shared: other admins' posts, service messages and album items take
ids too, and deletions leave holes. So each id above the newest that was known when the send began, and that
neither an update nor the ledger claims, is forwarded silently to the desk's chat, compared and deleted there.
Elsewhere ids tell nothing; there the message is sent again.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import structlog
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.clock import Clock
from bot.delivery.gateway import Gateway
from bot.delivery.outcome import Outcome, settle
from bot.delivery.worker import Worker
from bot.render.html import strip_tags
from storage import chats, inbox, ledger, outbox
from storage.database import Database
from storage.records import Chat, ChatKind, SentMessage

SETTLING_SECONDS = 5.0
"""The deed may come after its answer was lost: so long nothing is concluded."""

_HOLES = 5
"""So many ids in a row without a message mean that nothing is there."""
_MOST_PROBES = 60

_log = structlog.get_logger(__name__)


class Probe(StrEnum):
    """What one id of a chat turned out to be."""

    OURS = "ours"
    OTHER = "other"
    MISSING = "missing"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Finding:
    """The end of a search: the id found, or whether it is certain that there is none."""

    telegram_id: int | None
    certain: bool


async def search_ids(
    floor: int, taken: set[int], probe: Callable[[int], Awaitable[Probe]], *, holes: int = _HOLES
) -> Finding:
    """Walk up from `floor` over the ids that nobody claims until ours is found or nothing more comes."""
    missing, certain, telegram_id = 0, True, floor
    for _ in range(_MOST_PROBES):
        telegram_id += 1
        if telegram_id in taken:
            missing = 0
            continue
        match await probe(telegram_id):
            case Probe.OURS:
                return Finding(telegram_id, certain=True)
            case Probe.MISSING:
                missing += 1
                if missing >= holes and telegram_id >= max(taken, default=0):
                    return Finding(None, certain)
            case Probe.UNREADABLE:
                missing, certain = 0, False
            case Probe.OTHER:
                missing = 0
    return Finding(None, certain=False)


class Reconciler:
    """Clears up uncertain sends, one after the other. `desk_chat` is where probes are forwarded to."""

    def __init__(
        self,
        database: Database,
        gateway: Gateway,
        worker: Worker,
        clock: Clock,
        *,
        bot_id: int,
        desk_chat: int | None,
        settling: float = SETTLING_SECONDS,
    ) -> None:
        self._database = database
        self._gateway = gateway
        self._worker = worker
        self._clock = clock
        self._bot_id = bot_id
        self._desk_chat = desk_chat
        self._settling = settling
        self._left: set[int] = set()

    async def after_restart(self) -> None:
        """Make what the last run left under way uncertain, and hold its chats until it is cleared."""
        async with self._database.write() as tx:
            for message_id in await ledger.void_leases(tx):
                await settle(tx, Outcome.unknown(message_id, 0, "restart"), now=self._clock())
            questions = await ledger.open_questions(tx)
        for question in questions:
            self._worker.hold(question.chat_id)

    async def run(self) -> None:
        """Look for uncertain sends until cancelled."""
        while True:
            await asyncio.sleep(self._settling)
            try:
                await self.clear()
            except Exception:  # noqa: BLE001 - the loop goes on; the question stays open
                _log.exception("reconcile_failed")

    async def clear(self) -> None:
        """Clear up every uncertain send that is old enough, one at a time."""
        async with self._database.read() as connection:
            questions = await ledger.open_questions(connection)
        for question in questions:
            if question.id not in self._left:
                await self._clear_one(question)

    async def _clear_one(self, question: SentMessage) -> None:
        async with self._database.read() as connection:
            chat = await chats.get(connection, question.chat_id)
            taken = set()
            if question.floor_id is not None:
                taken = await inbox.taken_ids(connection, question.chat_id, question.floor_id)
                taken |= await ledger.ours_above(connection, question.chat_id, question.floor_id)
        finding = Finding(None, certain=True)
        if chat is not None and self._readable(chat) and question.floor_id is not None:
            try:
                finding = await search_ids(question.floor_id, taken, lambda i: self._probe(question, i))
            except TelegramError as error:
                _log.warning("reconcile_waits", message=question.id, reason=error.message)
                return
        await self._conclude(question, finding)

    async def _conclude(self, question: SentMessage, finding: Finding) -> None:
        if finding.telegram_id is None and not finding.certain:
            # A person must look: the row stays uncertain, the chat goes on.
            self._left.add(question.id)
            _log.error("uncertain_send_left", message=question.id)
        else:
            async with self._database.write() as tx:
                now = self._clock()
                if finding.telegram_id is not None:
                    found = Outcome(question.id, question.chat_id, finding.telegram_id, None)
                    await settle(tx, found, now=now)
                else:
                    await ledger.refused(tx, question.id)
                    await outbox.put_back(tx, [question.id], reason="did not arrive")
            _log.info("uncertain_send_cleared", message=question.id, arrived=finding.telegram_id is not None)
        self._worker.free(question.chat_id)

    def _readable(self, chat: Chat) -> bool:
        shared = chat.kind is ChatKind.CHANNEL or (chat.kind is ChatKind.SUPERGROUP and chat.is_admin)
        return shared and self._desk_chat is not None

    async def _probe(self, question: SentMessage, telegram_id: int) -> Probe:
        assert self._desk_chat is not None, "only called where there is a desk chat"
        try:
            copy = await self._gateway.forward(question.chat_id, telegram_id, self._desk_chat)
        except BadRequest as error:
            words = error.message.lower()
            if "not found" in words and "chat not found" not in words:
                return Probe.MISSING
            if "forward" in words:
                # Service messages cannot be forwarded; neither can anything of a protected chat.
                return Probe.UNREADABLE if "protected" in words or "restricted" in words else Probe.OTHER
            raise
        except Forbidden as error:
            _log.error("desk_chat_unreachable", reason=error.message)
            return Probe.UNREADABLE
        await self._gateway.delete(self._desk_chat, copy["message_id"])
        return Probe.OURS if self._is_ours(question, telegram_id, copy) else Probe.OTHER

    def _is_ours(self, question: SentMessage, telegram_id: int, copy: dict[str, Any]) -> bool:
        origin = copy.get("forward_origin", {})
        if origin.get("type") == "channel":
            same = origin.get("chat", {}).get("id") == question.chat_id
            same &= origin.get("message_id") == telegram_id
        else:
            same = origin.get("type") == "user" and origin.get("sender_user", {}).get("id") == self._bot_id
        if not same or question.payload is None:
            return False
        expected = _words(strip_tags(json.loads(question.payload)["html"]))
        return _words(copy.get("text") or copy.get("caption") or "") == expected


def _words(text: str) -> str:
    return " ".join(text.split())
