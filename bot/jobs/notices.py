"""Delivery of notices: lines for members of the newsroom, sent as soon as they can be reached."""

from collections.abc import Sequence
from functools import partial

import structlog
from telegram.error import TelegramError

from bot.clock import Clock
from bot.jobs.leased_job import Backoff, Done, LimitedJob, TryAgain, after_flood
from bot.newsroom.grants import FOR_EVERYBODY
from bot.newsroom.ways_on import ways_on
from bot.render.language import ChatTexts
from bot.render.message import Button, ButtonStyle, Message
from bot.telegram.gateway import Gateway
from storage import chats, notices
from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.records import Chat, Notice

_STYLES = {"button-proposal-yes": ButtonStyle.SUCCESS}
"""The styles of buttons under notices, by their keys; the others are plain."""

_log = structlog.get_logger(__name__)


class Notices(LimitedJob[Notice]):
    """Sends notices; those of the newsroom itself go to `desk_chat` (None: nowhere).

    A person who cannot be written to gets a notice later: their /start makes it due again.
    """

    backoff = Backoff(first=60_000, longest=6 * 3600 * 1000)
    tries = 30

    def __init__(
        self, database: Database, gateway: Gateway, texts: ChatTexts, clock: Clock, *, desk_chat: int | None
    ) -> None:
        super().__init__(database, clock)
        self._gateway = gateway
        self._texts = texts
        self._desk_chat = desk_chat
        self._sent: set[tuple[int | None, str, str]] = set()

    async def any_due(self, connection: Connection, now: int) -> bool:
        """Return whether a notice is due."""
        return await notices.any_due(connection, now)

    async def claim(self, tx: Connection, *, now: int, lease_until: int, limit: int) -> Sequence[Notice]:
        """Claim due notices, the oldest first."""
        self._sent = set()
        return await notices.claim(tx, now=now, lease_until=lease_until, limit=limit)

    async def work(self, row: Notice) -> Done | TryAgain:
        """Send a notice, once where a person and the desk chat are to get the same line and are the same chat."""
        chat_id = self._desk_chat if row.user_id == notices.DESK_CHAT else row.user_id
        if chat_id is not None and (wait := self._gateway.busy_ms(chat_id)):
            # What is for other chats does not wait with it.
            return Done(partial(notices.wait, notice_id=row.id, due_at=self._clock() + wait))
        line = (chat_id, row.key, str(row.args))
        try:
            if line not in self._sent and not await self._is_sent(row, chat_id):
                return TryAgain()
        except TelegramError as error:
            _log.warning("notice_not_sent", key=row.key, reason=error.message)
            return after_flood(error)
        self._sent.add(line)
        return Done(partial(notices.delete, notice_id=row.id))

    async def put_off(self, tx: Connection, row: Notice, *, due_at: int) -> None:
        """Postpone a notice."""
        await notices.postpone(tx, row.id, due_at=due_at)

    async def give_up(self, tx: Connection, row: Notice) -> None:
        """Delete a notice that could not be sent."""
        await notices.delete(tx, row.id)

    async def _is_sent(self, row: Notice, chat_id: int | None) -> bool:
        if chat_id is None:
            _log.warning("notice_without_recipient", key=row.key, hint="set DESK_CHAT or OWNER_IDS")
            return True
        async with self._database.read() as connection:
            chat, role = await chats.chat_and_role(connection, chat_id, row.user_id)
        if row.user_id != notices.DESK_CHAT and role is None and row.key not in FOR_EVERYBODY:
            return True  # it was enqueued, or claimed, while they were removed from the newsroom
        if row.user_id != notices.DESK_CHAT and (chat is None or not chat.started):
            return False
        await self._gateway.send(chat_id, self._message(row, chat))
        return True

    def _message(self, row: Notice, chat: Chat | None) -> Message:
        texts = self._texts.of(chat)
        args = dict(row.args)
        if isinstance(when := args.get("when"), int):
            args["when"] = texts.datetime(when)
        buttons = row.buttons or ways_on(row.key, row.args.get("id"))
        keyboard = tuple(
            (Button(texts(key), data, style=_STYLES.get(key, ButtonStyle.PLAIN)),) for key, data in buttons
        )
        return Message(texts.html(row.key, **args), keyboard)
