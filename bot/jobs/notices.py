"""Lines that the desk owes to people, said as soon as they can hear them."""

from zoneinfo import ZoneInfo

import structlog
from telegram.error import TelegramError

from bot.clock import Clock
from bot.locales.catalog import Catalog
from bot.render.language import texts_of
from bot.render.message import Button, Message
from bot.telegram.gateway import Gateway
from storage import chats, notices
from storage.engine.database import Database
from storage.records import Notice

_AT_ONCE = 20
_LEASE_MS = 60_000
_FIRST_PAUSE_MS = 60_000
_LONGEST_PAUSE_MS = 6 * 3600 * 1000
_MOST_TRIES = 30

_log = structlog.get_logger(__name__)


class Notices:
    """Says what is owed; `desk_chat` (None: nowhere) hears what is for the desk."""

    def __init__(
        self,
        database: Database,
        gateway: Gateway,
        catalog: Catalog,
        clock: Clock,
        *,
        desk_chat: int | None,
        language: str,
        zone: ZoneInfo,
    ) -> None:
        self._database = database
        self._gateway = gateway
        self._catalog = catalog
        self._clock = clock
        self._desk_chat = desk_chat
        self._language = language
        self._zone = zone

    async def say(self) -> None:
        """Say what is due. Who cannot be written to hears it later: at their /start it is due again."""
        async with self._database.write() as tx:
            now = self._clock()
            due = await notices.claim(tx, now=now, lease_until=now + _LEASE_MS, limit=_AT_ONCE)
        heard: set[tuple[int | None, str, str]] = set()
        for one in due:
            # The desk's chat may be that of a person who is owed the same line.
            line = (self._desk_chat if one.user_id == notices.THE_DESK else one.user_id, one.key, str(one.args))
            said = line in heard or await self._said(one)
            if said:
                heard.add(line)
            async with self._database.write() as tx:
                if said or one.attempts >= _MOST_TRIES:
                    await notices.done(tx, one.id)
                else:
                    pause = min(_LONGEST_PAUSE_MS, _FIRST_PAUSE_MS << one.attempts)
                    await notices.put_off(tx, one.id, due_at=self._clock() + pause)

    async def _said(self, one: Notice) -> bool:
        chat_id = self._desk_chat if one.user_id == notices.THE_DESK else one.user_id
        if chat_id is None:
            _log.warning("notice_unsaid", key=one.key, hint="set DESK_CHAT or OWNER_IDS")
            return True
        async with self._database.read() as connection:
            chat = await chats.get(connection, chat_id)
        if one.user_id != notices.THE_DESK and (chat is None or not chat.started):
            return False
        texts = texts_of(self._catalog, chat, self._language, self._zone)
        buttons = tuple((Button(texts(key), data),) for key, data in one.buttons)
        args = dict(one.args)
        if isinstance(when := args.get("when"), int):
            args["when"] = texts.datetime(when)
        message = Message(texts.html(one.key, **args), buttons)
        try:
            await self._gateway.send(chat_id, message)
        except TelegramError as error:
            _log.warning("notice_not_said", key=one.key, reason=error.message)
            return False
        return True
