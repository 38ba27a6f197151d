"""Cards: what staff decide about, shown in their own chats and kept true there, whoever decides.

An act of the newsroom owes cards in its own transaction (`storage.cards`); this brings them up to date afterwards.
"""

import contextlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol
from zoneinfo import ZoneInfo

import structlog
from telegram.error import BadRequest, TelegramError

from bot.clock import Clock
from bot.locales.catalog import Catalog, Texts
from bot.newsroom.permissions import Right, may
from bot.render.language import texts_of
from bot.render.message import Message
from bot.telegram.gateway import Gateway
from storage import cards, chats, staff
from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.records import Card, CardKind

Face = Callable[[Connection, Card, Texts], Awaitable[Message | None]]
"""Returns what a card is to say now, None where its subject is gone."""

_DECIDES = {
    CardKind.REVIEW: Right.PUBLISH,
    CardKind.COMMENT: Right.MODERATE,
    CardKind.GATE: Right.PUBLISH,
    CardKind.CHAT: Right.APPROVE_CHATS,
}
"""The right to decide about the subjects of each kind of card, and so to see it."""

_AT_ONCE = 20
_LEASE_MS = 60_000
_FIRST_PAUSE_MS = 30_000
_LONGEST_PAUSE_MS = 6 * 3600 * 1000
_MOST_TRIES = 20

_log = structlog.get_logger(__name__)


class MessageCache(Protocol):
    """Remembers what messages show, whoever showed it there: a press changes its card at once."""

    def shows(self, chat_id: int, message_id: int, content: Message) -> bool:
        """Tell whether a message is known to show just this."""

    def note(self, chat_id: int, message_id: int, content: Message) -> None:
        """Note what a message shows from now on."""


class Cards:
    """Brings cards up to date; `faces` says how each kind looks, `shown` what messages show already."""

    def __init__(
        self,
        database: Database,
        gateway: Gateway,
        catalog: Catalog,
        clock: Clock,
        *,
        faces: Mapping[CardKind, Face],
        shown: MessageCache,
        language: str,
        zone: ZoneInfo,
    ) -> None:
        self._database = database
        self._gateway = gateway
        self._catalog = catalog
        self._clock = clock
        self._faces = faces
        self._shown = shown
        self._language = language
        self._zone = zone

    async def bring_up_to_date(self) -> None:
        """Send or change every card that does not show how its subject stands."""
        async with self._database.write() as tx:
            now = self._clock()
            due = await cards.claim(tx, now=now, lease_until=now + _LEASE_MS, limit=_AT_ONCE)
        for one in due:
            await self._bring(one)

    async def _bring(self, one: Card) -> None:
        async with self._database.read() as connection:
            chat, role = await chats.who(connection, one.chat_id, one.chat_id)
            texts = texts_of(self._catalog, chat, self._language, self._zone)
            # It may have been claimed before its owner lost the right to it.
            entitled = may(role, _DECIDES[one.kind])
            message = await self._faces[one.kind](connection, one, texts) if entitled else None
        if message is None:
            async with self._database.write() as tx:
                await cards.forget(tx, one.id)
            return
        try:
            message_id = await self._put(one, message)
        except TelegramError as error:
            _log.warning("card_not_shown", kind=one.kind, reason=error.message)
            await self._put_off(one)
            return
        async with self._database.write() as tx:
            await cards.shown(tx, one, message_id, now=self._clock())

    async def _put(self, one: Card, message: Message) -> int:
        message_id = one.message_id
        if message_id is None:
            message_id = await self._gateway.send(one.chat_id, message)
            if one.left_id is not None:
                await self._take_away(one.chat_id, one.left_id)
        elif not self._shown.shows(one.chat_id, message_id, message):
            try:
                await self._gateway.edit(one.chat_id, message_id, message)
            except BadRequest as error:
                # The person deleted it: it needs no news any more.
                _log.info("card_gone", kind=one.kind, reason=error.message)
        self._shown.note(one.chat_id, message_id, message)
        return message_id

    async def _take_away(self, chat_id: int, message_id: int) -> None:
        """Delete the message before; one that Telegram will not delete any more loses its buttons."""
        try:
            await self._gateway.delete(chat_id, message_id)
        except TelegramError as error:
            _log.info("card_not_deleted", reason=error.message)
            with contextlib.suppress(TelegramError):
                await self._gateway.edit_keyboard(chat_id, message_id, ())

    async def _put_off(self, one: Card) -> None:
        async with self._database.write() as tx:
            if one.attempts >= _MOST_TRIES:
                await cards.forget(tx, one.id)
            else:
                pause = min(_LONGEST_PAUSE_MS, _FIRST_PAUSE_MS << one.attempts)
                await cards.put_off(tx, one.id, due_at=self._clock() + pause)


async def hearers(connection: Connection, right: Right) -> list[int]:
    """Return the private chats of the members of staff who have a right."""
    return [member.user_id for member in await staff.all_(connection) if may(member.role, right)]
