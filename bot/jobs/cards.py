"""Delivery of cards: messages in the chats of staff that show how a subject stands, whoever decides about it.

An act of the newsroom enqueues cards in its own transaction (`storage.cards`); this job then sends or edits them.
"""

import contextlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial

import structlog
from telegram.error import BadRequest, TelegramError

from bot.clock import Clock
from bot.jobs.leased_job import Backoff, Done, LimitedJob, TryAgain, after_flood
from bot.locales.catalog import Texts
from bot.newsroom.permissions import CARD_RIGHTS, may
from bot.render.language import ChatTexts
from bot.render.message import Message, UnderWay
from bot.telegram.errors import Cause, failure_of
from bot.telegram.gateway import Gateway
from bot.telegram.message_cache import MessageCache
from storage import cards, chats
from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.records import CARDS_OF_WORK, Card, CardKind

CardRenderer = Callable[[Connection, Card, Texts], Awaitable[Message | UnderWay | None]]
"""Renders a card from its subject's rows; None where the subject is gone, or the message is no card any more."""

PAUSES = Backoff(first=2_000, longest=60_000)
"""The pauses between the drawings of a card whose work goes on: Telegram takes 20 edits a minute in a chat."""

_LONGEST_WORK_MS = 24 * 3600 * 1000
"""The age (ms) at which a card of work stays as it is, however far the work has come: it may be paused for good."""

_log = structlog.get_logger(__name__)


class _CardGoneError(Exception):
    """The message of a card of work is there no more."""


class Cards(LimitedJob[Card]):
    """Brings cards up to date; `renderers` has one for each kind, `message_cache` what messages show already."""

    backoff = Backoff(first=30_000, longest=6 * 3600 * 1000)
    tries = 20

    def __init__(
        self,
        database: Database,
        gateway: Gateway,
        texts: ChatTexts,
        clock: Clock,
        *,
        renderers: Mapping[CardKind, CardRenderer],
        message_cache: MessageCache,
    ) -> None:
        super().__init__(database, clock)
        self._gateway = gateway
        self._texts = texts
        self._renderers = renderers
        self._message_cache = message_cache

    async def any_due(self, connection: Connection, now: int) -> bool:
        """Return whether a card is out of date."""
        return await cards.any_due(connection, now)

    async def claim(self, tx: Connection, *, now: int, lease_until: int, limit: int) -> Sequence[Card]:
        """Claim cards that are out of date, the longest waiting first."""
        return await cards.claim(tx, now=now, lease_until=lease_until, limit=limit)

    async def work(self, row: Card) -> Done | TryAgain:
        """Send or edit a card; forget one whose subject is gone, or whose owner may not see it any more.

        Where its chat has to wait, so does the card, and no card of another chat.
        """
        if wait := self._gateway.busy_ms(row.chat_id):
            return Done(partial(cards.wait, card_id=row.id, due_at=self._clock() + wait))
        async with self._database.read() as connection:
            chat, role = await chats.chat_and_role(connection, row.chat_id, row.chat_id)
            # It may have been claimed before its owner lost the right to it.
            entitled = may(role, CARD_RIGHTS[row.kind])
            render = self._renderers[row.kind]
            drawn = await render(connection, row, self._texts.of(chat)) if entitled else None
        if drawn is None:
            return Done(partial(cards.delete, card_id=row.id))
        goes_on = isinstance(drawn, UnderWay) and self._clock() - row.sent_at < _LONGEST_WORK_MS
        try:
            message_id = await self._send_or_edit(row, drawn.message if isinstance(drawn, UnderWay) else drawn)
        except _CardGoneError:
            return Done(partial(cards.delete, card_id=row.id))
        except TelegramError as error:
            _log.warning("card_not_shown", kind=row.kind, reason=error.message)
            return after_flood(error)
        if goes_on:
            return Done(lambda tx: cards.draw_again(tx, row, due_at=self._clock() + PAUSES.pause(row.rounds)))
        return Done(lambda tx: cards.mark_shown(tx, row, message_id, now=self._clock()))

    async def put_off(self, tx: Connection, row: Card, *, due_at: int) -> None:
        """Postpone a card."""
        await cards.postpone(tx, row.id, due_at=due_at)

    async def give_up(self, tx: Connection, row: Card) -> None:
        """Delete a card that cannot be shown to its owner."""
        await cards.delete(tx, row.id)

    async def _send_or_edit(self, row: Card, message: Message) -> int:
        message_id = row.message_id
        if message_id is None:
            message_id = await self._send(row.chat_id, message)
            if row.left_id is not None:
                await self._delete(row.chat_id, row.left_id)
            return message_id
        edit = partial(self._gateway.edit, row.chat_id, message_id, message)
        try:
            await self._message_cache.edit(row.chat_id, message_id, message, edit)
        except BadRequest as error:
            _log.info("card_gone", kind=row.kind, reason=error.message)
            if row.kind in CARDS_OF_WORK:
                raise _CardGoneError from error
            if row.kind is CardKind.GATE and message.keyboard and failure_of(error).cause is Cause.MESSAGE_GONE:
                # The person deleted the card, and not what waits there.
                return await self._send(row.chat_id, message)
            # The person deleted it: it needs no news any more.
        return message_id

    async def _send(self, chat_id: int, message: Message) -> int:
        message_id = await self._gateway.send(chat_id, message)
        self._message_cache.record(chat_id, message_id, message)
        return message_id

    async def _delete(self, chat_id: int, message_id: int) -> None:
        """Delete the message that a card has replaced; one too old to delete loses its buttons."""
        try:
            await self._gateway.delete(chat_id, message_id)
        except TelegramError as error:
            _log.info("card_not_deleted", reason=error.message)
            with contextlib.suppress(TelegramError):
                await self._gateway.edit_keyboard(chat_id, message_id, ())
