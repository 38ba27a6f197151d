"""Removal of rows that nobody needs any more, in small pieces, while everything runs.

This is no leased job: no row asks for work. Each statement deletes what is old enough by then; to repeat one, or to
run two at once, does no harm.
"""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Protocol

import structlog

from bot.clock import Clock
from bot.ingest.page import visit_policy
from storage import (
    api_creations,
    cards,
    dialogues,
    edit_locks,
    inbox,
    ledger,
    outbox,
    page_visits,
    proposals,
    source_pictures,
    stories,
    subscription_undo,
    telegram_files,
    tips,
)
from storage.engine.connection import Connection
from storage.engine.database import Database

DAY_MS = 24 * 3600 * 1000
UPDATES_KEPT_MS = 14 * DAY_MS
"""The age (ms) at which handled updates are deleted: Telegram may repeat one, reconciliation reads their ids."""
UNDO_KEPT_MS = DAY_MS
"""The time (ms) for which a change of what is followed can be undone."""
DIALOGUE_LIFE_MS = 7 * DAY_MS
"""The age (ms) at which an abandoned dialogue is deleted."""
CARDS_KEPT_MS = 14 * DAY_MS
"""The time (ms) for which a card follows its subject."""
SIGNATURES_KEPT_MS = 4 * DAY_MS
"""The time (ms) for which a story is recognised when another source reports it."""
VISITS_KEPT_MS = 60 * DAY_MS
"""The age (ms) of an article at which the record of its page visits is deleted, once nobody reads it any more."""
PROPOSALS_KEPT_MS = 14 * DAY_MS
"""The time (ms) for which a source's new text waits for a decision."""
CREATIONS_KEPT_MS = 30 * DAY_MS
"""The time (ms) for which a client of the API may repeat the creation of an article."""
PICTURES_KEPT_MS = 30 * DAY_MS
"""The time (ms) for which a picture of a source is remembered after it stood on a new article."""
FILES_KEPT_MS = 90 * DAY_MS
"""The time (ms) for which Telegram's file of an address is remembered after it was sent."""
TIPS_KEPT_MS = 90 * DAY_MS
"""The time (ms) for which the content of a tip is kept after it was decided."""
PAYLOADS_KEPT_MS = DAY_MS
"""The least age (ms) at which a rendered message is deleted: a broadcast may still need it."""

_CHUNK = 500
_BREATH_SECONDS = 0.02
_log = structlog.get_logger(__name__)


class _Prune(Protocol):
    def __call__(
        self, tx: Connection, before: int, /, *, after_id: int, limit: int
    ) -> Awaitable[tuple[int, int | None]]: ...


async def clear_away(database: Database, clock: Clock, ledger_days: int) -> None:
    """Delete expired rows, and those that the ledger has kept for `ledger_days`.

    Every piece is a transaction of its own, with a pause behind it for everybody else.
    """
    now = clock()
    async with database.write() as tx:
        await dialogues.forget_idle(tx, now - DIALOGUE_LIFE_MS)
        await edit_locks.forget_ended(tx, now - DIALOGUE_LIFE_MS)
        await proposals.forget(tx, before=now - PROPOSALS_KEPT_MS)
        await subscription_undo.forget(tx, before=now - UNDO_KEPT_MS)
        await api_creations.forget(tx, before=now - CREATIONS_KEPT_MS)
    await _until_nothing(database, lambda tx: inbox.prune(tx, now - UPDATES_KEPT_MS, limit=_CHUNK))
    await _until_nothing(database, lambda tx: ledger.drop_idle_payloads(tx, now - PAYLOADS_KEPT_MS, limit=_CHUNK))
    await _until_nothing(database, lambda tx: stories.forget(tx, before=now - SIGNATURES_KEPT_MS, limit=_CHUNK))
    pictures, files = now - PICTURES_KEPT_MS, now - FILES_KEPT_MS
    await _until_nothing(database, lambda tx: source_pictures.forget(tx, before=pictures, limit=_CHUNK))
    await _until_nothing(database, lambda tx: telegram_files.forget(tx, before=files, limit=_CHUNK))
    await _until_nothing(database, lambda tx: tips.forget(tx, before=now - TIPS_KEPT_MS, limit=_CHUNK))
    await _walk(database, partial(page_visits.forget, due_at=visit_policy.NEVER), now - VISITS_KEPT_MS)
    await _until_nothing(database, lambda tx: cards.prune(tx, now - CARDS_KEPT_MS, limit=_CHUNK))
    settled_before = now - ledger_days * DAY_MS
    # Deliveries first: a message that one still names is kept.
    pruned = [await _walk(database, prune, settled_before) for prune in (outbox.prune, ledger.prune)]
    if any(pruned):
        _log.info("ledger_pruned", deliveries=pruned[0], messages=pruned[1])


async def _until_nothing(database: Database, prune_some: Callable[[Connection], Awaitable[int]]) -> None:
    while True:
        async with database.write() as tx:
            pruned = await prune_some(tx)
        if pruned == 0:
            return
        await asyncio.sleep(_BREATH_SECONDS)


async def _walk(database: Database, prune: _Prune, before: int) -> int:
    pruned, after_id = 0, 0
    while True:
        async with database.write() as tx:
            batch, following = await prune(tx, before, after_id=after_id, limit=_CHUNK)
        pruned += batch
        if following is None:
            return pruned
        after_id = following
        await asyncio.sleep(_BREATH_SECONDS)
