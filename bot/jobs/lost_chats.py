"""Return of lost chats: Telegram is asked about the bot's rights when somebody writes there, and now and then."""

from collections import OrderedDict
from collections.abc import Callable

import structlog
from telegram.error import TelegramError

from bot.audience.posting_rights import may_post
from bot.clock import Clock
from bot.telegram.gateway import Gateway
from storage import chats, lost_chats
from storage.engine.database import Database
from storage.records import Chat, Reachability

_HOUR_MS = 3600 * 1000
_LONGEST_PAUSE_MS = 7 * 24 * _HOUR_MS
_NO_SOONER_MS = 10_000
"""How often (ms) messages in a chat lead to a try there: a muted group goes on talking."""
_CHATS_KEPT = 10_000

_log = structlog.get_logger(__name__)


class LostChats:
    """Brings lost chats back; `wake` is called where something may go out again."""

    def __init__(
        self, database: Database, gateway: Gateway, clock: Clock, wake: Callable[[], None], *, bot_id: int
    ) -> None:
        self._database = database
        self._gateway = gateway
        self._clock = clock
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
            await self._ask(chat)
            return
        async with self._database.write() as tx:
            await lost_chats.try_soon(tx, chat_id)
        self._wake()

    async def run(self) -> None:
        """Ask about the lost channel or group that is due; the longer it has been lost, the later it is again."""
        now = self._clock()
        async with self._database.write() as tx:
            chat = await chats.claim_lost(tx, now=now, again_at=now + _HOUR_MS)
            if chat is None or chat.lost_at is None:
                return
            pause = min(_LONGEST_PAUSE_MS, max(_HOUR_MS, now - chat.lost_at))
            await chats.suspend(tx, chat.id, now + pause)
        await self._ask(chat)

    async def _ask(self, chat: Chat) -> None:
        try:
            member = await self._gateway.call("getChatMember", {"chat_id": chat.id, "user_id": self._bot_id})
            permissions = None
            if member.get("status") == "member":
                permissions = (await self._gateway.call("getChat", {"chat_id": chat.id})).get("permissions")
        except TelegramError as error:
            _log.info("chat_still_lost", reason=error.message)
            return
        if not may_post(chat.kind, member, permissions):
            return
        async with self._database.write() as tx:
            await lost_chats.mark_found(tx, chat.id, now=self._clock())
            await chats.change(tx, chat.id, is_admin=member.get("status") == "administrator")
        _log.info("chat_found", kind=chat.kind, admission=chat.admission)
        self._wake()

    def _may_try(self, chat_id: int) -> bool:
        now = self._clock()
        if now - self._tried.get(chat_id, 0) < _NO_SOONER_MS:
            return False
        self._tried[chat_id] = now
        self._tried.move_to_end(chat_id)
        if len(self._tried) > _CHATS_KEPT:
            self._tried.popitem(last=False)
        return True
