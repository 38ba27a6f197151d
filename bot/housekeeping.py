"""What is cleared away, in small pieces, while everything runs."""

import structlog

from bot.clock import Clock
from storage import dialogues, inbox, ledger, outbox
from storage.database import Database

_DAY_MS = 24 * 3600 * 1000
UPDATES_KEPT_MS = 14 * _DAY_MS
"""How long (ms) handled updates are kept: Telegram may send one again, and reconciliation reads their ids."""
PUSH_LIFE_MS = 3 * _DAY_MS
"""How long (ms) a headline may wait for its chat before it is too old to be sent."""
DIALOGUE_LIFE_MS = 7 * _DAY_MS
"""How long (ms) something begun and left alone is kept."""

_CHUNK = 1000
_log = structlog.get_logger(__name__)


async def clear_away(database: Database, clock: Clock) -> None:
    """Forget old updates, spent payloads and idle dialogues, and end deliveries that are too old."""
    now = clock()
    async with database.write() as tx:
        expired = await outbox.expire(tx, now - PUSH_LIFE_MS, now=now)
        await dialogues.forget_idle(tx, now - DIALOGUE_LIFE_MS)
    while True:
        async with database.write() as tx:
            gone = await inbox.prune(tx, now - UPDATES_KEPT_MS, limit=_CHUNK)
            gone += await ledger.drop_settled_payloads(tx, limit=_CHUNK)
        if gone == 0:
            break
    if expired:
        _log.warning("deliveries_expired", count=expired)
