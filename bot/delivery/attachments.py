"""Attachments of an article, sent to whoever asks for them.

The newsroom's are files that Telegram keeps. Those of a source are addresses: Telegram fetches them itself, or Peyk
does and uploads them where Telegram refuses; the file is kept and sent from then on. Any other medium is a link.
"""

import asyncio
import tempfile
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, BinaryIO
from weakref import WeakValueDictionary

import structlog
from telegram.error import TelegramError

from bot.clock import Clock
from bot.errors import SourceError
from bot.locales.catalog import Texts
from bot.render.attachments import album_of, as_link, as_message, placed
from bot.render.media_limits import kind_of_upload, may_go_by_address, upload_bytes
from bot.telegram.errors import About, Cause, failure_of
from bot.telegram.gateway import Gateway
from bot.telegram.media import file_of, send_medium, upload_medium
from bot.telegram.transport import MaybeSentError
from storage import telegram_files
from storage.engine.database import Database
from storage.records import Content, Form, Media

LINKED_MS = 3600 * 1000
"""The time (ms) for which a medium that could be sent in no way is sent as a link at once."""
WAIT_SECONDS = 5.0
"""The time that an answer waits for another one that tries the same address, or for its turn to upload."""
UPLOADS_AT_ONCE = 2
"""Media that are fetched and uploaded at once."""
_KEPT = 1_000

FetchFile = Callable[[str, BinaryIO, int], Awaitable[str]]
"""Writes what is at an address into a file, up to so many bytes, and returns its MIME type. Raises SourceError."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class SentAttachments:
    """Messages with attachments that were sent together; `first_part` is the place of the first."""

    form: Form
    first_part: int
    message_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Room:
    """The chat and topic that attachments are sent to, and its language."""

    chat_id: int
    topic_id: int
    texts: Texts


class _LinkInsteadError(Exception):
    """The medium goes as a link this time: the chat takes none of the kind, or others are still busy with it."""


class Attachments:
    """Sends attachments. `fetch` gets what Telegram cannot fetch itself."""

    def __init__(self, database: Database, gateway: Gateway, fetch: FetchFile, clock: Clock) -> None:
        self._database = database
        self._gateway = gateway
        self._fetch = fetch
        self._clock = clock
        self._uploads = asyncio.Semaphore(UPLOADS_AT_ONCE)
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._linked: OrderedDict[str, int] = OrderedDict()

    async def send(self, room: Room, content: Content) -> AsyncIterator[SentAttachments]:
        """Send all that goes with an article; yield what was sent as soon as it is there."""
        for places in _together(placed(content)):
            media = [medium for _, medium in places]
            first = places[0][0]
            if media[0].is_foreign:
                form, message_id = await self._foreign(room, media[0])
                yield SentAttachments(form, first, (message_id,))
                continue
            messages = [as_message(medium) for medium in media]
            if len(messages) == 1:
                ids = [await self._gateway.send(room.chat_id, messages[0], topic_id=room.topic_id)]
            else:
                ids = await self._gateway.send_album(room.chat_id, messages, topic_id=room.topic_id)
            yield SentAttachments(Form.MEDIA, first, tuple(ids))

    async def _foreign(self, room: Room, medium: Media) -> tuple[Form, int]:
        """Send a source's medium in the first way that works."""
        try:
            sent = await self._as_medium(room, medium)
        except (_LinkInsteadError, MaybeSentError):
            sent = None
        if sent is not None:
            return Form.MEDIA, int(sent["message_id"])
        link = as_link(medium, room.texts)
        return Form.MEDIA_LINK, await self._gateway.send(room.chat_id, link, topic_id=room.topic_id)

    async def _as_medium(self, room: Room, medium: Media) -> dict[str, Any] | None:
        if (sent := await self._send_known_file(room, medium)) is not None or self._is_linked(medium):
            return sent
        async with _soon(self._turns.setdefault(medium.file, asyncio.Lock())):
            # Another request that held the turn before may have stored the file.
            if (sent := await self._send_known_file(room, medium)) is not None or self._is_linked(medium):
                return sent
            return await self._by_address(room, medium) or await self._uploaded(room, medium)

    async def _send_known_file(self, room: Room, medium: Media) -> dict[str, Any] | None:
        """Send the file that Telegram keeps; None where there is none (any more)."""
        async with self._database.read() as connection:
            kept = (await telegram_files.of_addresses(connection, [medium.file])).get(medium.file)
        if kept is None:
            return None
        file = replace(medium, kind=kept.kind, file=kept.file)
        sent = await self._tried(medium, send_medium(self._gateway, room.chat_id, file, topic_id=room.topic_id))
        async with self._database.write() as tx:
            if sent is None:
                await telegram_files.drop(tx, medium.file, kept.file)
            else:
                await telegram_files.use(tx, medium.file, now=self._clock())
        return sent

    async def _by_address(self, room: Room, medium: Media) -> dict[str, Any] | None:
        if not may_go_by_address(medium):
            return None
        try:
            call = send_medium(self._gateway, room.chat_id, medium, topic_id=room.topic_id)
            sent = await self._tried(medium, call)
        except MaybeSentError:
            # Whoever asked gets it twice rather than never.
            return None
        await self._store_file(medium, sent)
        return sent

    async def _uploaded(self, room: Room, medium: Media) -> dict[str, Any] | None:
        """Fetch a medium and upload it; None where it is too large, cannot be fetched or is refused."""
        if most := upload_bytes(medium):
            async with _soon(self._uploads):
                # It has no name and is gone with the process: nobody else can read it.
                with tempfile.TemporaryFile() as file:
                    sent = await self._fetched(room, medium, file, most)
            if sent is not None:
                await self._store_file(medium, sent)
                return sent
        self._record_linked(medium)
        return None

    async def _fetched(self, room: Room, medium: Media, file: BinaryIO, most: int) -> dict[str, Any] | None:
        try:
            mime = await self._fetch(medium.file, file, most)
        except SourceError as error:
            _log.info("medium_not_fetched", address=medium.file, reason=str(error))
            return None
        if mime.startswith("text/"):
            _log.info("medium_not_fetched", address=medium.file, reason=f"the site answers {mime}")
            return None
        upload = replace(medium, kind=kind_of_upload(medium))
        call = upload_medium(self._gateway, room.chat_id, upload, file, topic_id=room.topic_id)
        return await self._tried(medium, call)

    async def _tried(self, medium: Media, call: Awaitable[dict[str, Any]]) -> dict[str, Any] | None:
        """Return the raw message that a call sent, None where Telegram refuses the medium.

        Raises _LinkInsteadError where it is the chat that takes no media of the kind.
        """
        try:
            return await call
        except TelegramError as error:
            failure = failure_of(error)
            if About.MEDIA_HERE in failure.about:
                raise _LinkInsteadError from None
            if failure.cause is not Cause.REFUSED or About.MEDIA not in failure.about:
                raise
            _log.info("medium_refused", address=medium.file, reason=failure.words)
            return None

    async def _store_file(self, medium: Media, sent: dict[str, Any] | None) -> None:
        if sent is not None and (file := file_of(sent)) is not None:
            async with self._database.write() as tx:
                await telegram_files.upsert(tx, medium.file, file, now=self._clock())

    def _is_linked(self, medium: Media) -> bool:
        return self._linked.get(medium.file, 0) > self._clock()

    def _record_linked(self, medium: Media) -> None:
        self._linked[medium.file] = self._clock() + LINKED_MS
        self._linked.move_to_end(medium.file)
        if len(self._linked) > _KEPT:
            self._linked.popitem(last=False)


@asynccontextmanager
async def _soon(turn: asyncio.Lock | asyncio.Semaphore) -> AsyncIterator[None]:
    """Wait at most WAIT_SECONDS for a free turn. Raises _LinkInsteadError where none is free."""
    try:
        async with asyncio.timeout(WAIT_SECONDS):
            await turn.acquire()
    except TimeoutError:
        raise _LinkInsteadError from None
    try:
        yield
    finally:
        turn.release()


def _together(attachments: dict[int, Media]) -> Iterator[Sequence[tuple[int, Media]]]:
    """Yield the attachments that are sent as one: albums of the newsroom's, everything else alone."""
    together: list[tuple[int, Media]] = []
    for before, attachment in pairwise((None, *attachments.items())):
        assert attachment is not None, "only what comes before the first is nothing"
        if together and not (before is not None and _joins(before, attachment)):
            yield together
            together = []
        together.append(attachment)
    if together:
        yield together


def _joins(before: tuple[int, Media], attachment: tuple[int, Media]) -> bool:
    """Return whether an attachment joins the album of the one before it."""
    is_kept = not (before[1].is_foreign or attachment[1].is_foreign)
    return is_kept and album_of(attachment[0]) is not None and album_of(before[0]) == album_of(attachment[0])
