"""Return of lost chats: Telegram is asked about the bot's rights when somebody writes there, and now and then."""

from collections import OrderedDict
from collections.abc import Callable, Sequence

import structlog
from telegram.error import TelegramError

from bot.audience.posting_rights import may_post
from bot.clock import Clock
from bot.jobs.leased_job import Backoff, Done, LeasedJob, TryAgain
from bot.telegram.gateway import Gateway
from storage import chats, lost_chats
from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.lost_chats import LostChat
from storage.records import Chat, Reachability

_HOUR_MS = 3600 * 1000
_LONGEST_PAUSE_MS = 7 * 24 * _HOUR_MS
_NO_SOONER_MS = 10_000
"""The least pause (ms) between tries that messages in a chat lead to: a muted group goes on talking."""
_CHATS_KEPT = 10_000

_log = structlog.get_logger(__name__)


class LostChats(LeasedJob[LostChat]):
    """Brings lost chats back, one at each run; `wake` is called where something may go out again.

    The longer a chat has been lost, the later Telegram is asked again.
    """

    batch = 1
    backoff = Backoff(first=_HOUR_MS, longest=_HOUR_MS)

    def __init__(
        self, database: Database, gateway: Gateway, clock: Clock, wake: Callable[[], None], *, bot_id: int
    ) -> None:
        super().__init__(database, clock)
        self._gateway = gateway
        self._wake = wake
        self._bot_id = bot_id
        self._tried: OrderedDict[int, int] = OrderedDict()

    async def on_message(self, chat_id: int) -> None:
        """Try a group or channel in which somebody wrote: a refusing one at once; of a lost one Telegram is asked.

        That the bot hears what is said there does not prove that it may answer.
        """
        async with self._database.autocommit_read() as connection:
            chat = await chats.get(connection, chat_id)
        if chat is None or chat.reachability is Reachability.REACHABLE or not self._may_try(chat_id):
            return
        if chat.reachability is Reachability.LOST:
            await self._find(chat)
            return
        async with self._database.write() as tx:
            await lost_chats.try_soon(tx, chat_id)
        self._wake()

    async def record_accepted(self, chat_id: int) -> None:
        """Record that a refusing chat accepted an answer, and send what waits for it."""
        async with self._database.write() as tx:
            await lost_chats.record_success(tx, [chat_id])
        self._wake()

    async def any_due(self, connection: Connection, now: int) -> bool:
        """Return whether a lost channel or group is to be asked about."""
        return await lost_chats.any_due(connection, now)

    async def claim(self, tx: Connection, *, now: int, lease_until: int, limit: int) -> Sequence[LostChat]:
        """Claim lost channels and groups that are to be asked about, the longest due first."""
        return await lost_chats.claim(tx, now=now, lease_until=lease_until, limit=limit)

    async def work(self, row: LostChat) -> Done | TryAgain:
        """Ask Telegram about a lost chat, and bring it back where the bot may post there."""
        if await self._find(row.chat):
            return Done()
        return TryAgain(min(_LONGEST_PAUSE_MS, max(_HOUR_MS, self._clock() - row.lost_at)))

    async def put_off(self, tx: Connection, row: LostChat, *, due_at: int) -> None:
        """Postpone the check of a chat until `due_at` (ms), unless it can be reached meanwhile."""
        await lost_chats.put_off(tx, row.chat.id, due_at=due_at)

    async def _find(self, chat: Chat) -> bool:
        """Ask Telegram whether the bot may post in a lost chat; where it may, the chat is lost no more."""
        try:
            member = await self._gateway.call("getChatMember", {"chat_id": chat.id, "user_id": self._bot_id})
            permissions = None
            if member.get("status") == "member":
                permissions = (await self._gateway.call("getChat", {"chat_id": chat.id})).get("permissions")
        except TelegramError as error:
            _log.info("chat_still_lost", reason=error.message)
            return False
        if not may_post(chat.kind, member, permissions):
            return False
        async with self._database.write() as tx:
            await lost_chats.mark_found(tx, chat.id, now=self._clock())
            await chats.change(tx, chat.id, is_admin=member.get("status") == "administrator")
        _log.info("chat_found", kind=chat.kind, admission=chat.admission)
        self._wake()
        return True

    def _may_try(self, chat_id: int) -> bool:
        now = self._clock()
        if now - self._tried.get(chat_id, 0) < _NO_SOONER_MS:
            return False
        self._tried[chat_id] = now
        self._tried.move_to_end(chat_id)
        if len(self._tried) > _CHATS_KEPT:
            self._tried.popitem(last=False)
        return True
