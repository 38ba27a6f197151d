"""How many people channels and groups reach: Telegram is asked about each of them once a day, slowly."""

import structlog
from telegram.error import TelegramError

from bot.clock import Clock
from bot.telegram.gateway import Gateway
from storage import membership
from storage.engine.database import Database

_DAY_MS = 24 * 3600 * 1000
_AGAIN_MS = 3600 * 1000

_log = structlog.get_logger(__name__)


class Membership:
    """Counts the members of channels and groups, one chat at each look, the never counted ones first."""

    def __init__(self, database: Database, gateway: Gateway, clock: Clock) -> None:
        self._database = database
        self._gateway = gateway
        self._clock = clock

    async def run(self) -> None:
        """Count one chat that is due; where Telegram does not tell, it is asked again an hour later."""
        now = self._clock()
        due, again_at = now - _DAY_MS, now - _DAY_MS + _AGAIN_MS
        async with self._database.write() as tx:
            chat_id = await membership.claim_due(tx, counted_before=due, again_at=again_at)
        if chat_id is None:
            return
        try:
            members = int(await self._gateway.call("getChatMemberCount", {"chat_id": chat_id}))
        except TelegramError as error:
            _log.info("members_not_counted", reason=error.message)
            return
        async with self._database.write() as tx:
            await membership.store(tx, chat_id, members, now=self._clock())
