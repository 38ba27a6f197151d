"""Acts of staff on the requests of sources, each with its entries in the audit, which never hold a value."""

from dataclasses import dataclass

import httpx

from bot.clock import Clock
from bot.errors import NotFoundError, UserError
from bot.ingest.fetch.fetcher import checked_url
from bot.ingest.fetch.request_profile import PLAIN, RequestProfile, origin_of
from bot.ingest.fetch.request_settings import key_of, parse_part, profile_of, settings_with
from bot.ingest.identity.addresses import same_site
from bot.ingest.sources.sealing import SealedError, Sealer
from bot.ingest.sources.source_admin import locked_source
from bot.newsroom.acting import acting
from bot.newsroom.permissions import Right
from storage import audit, inbox, sources
from storage.audit_details import AuditAction, RequestDetails
from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.records import RequestPart, RequestSetting, Source

REMOVED = "(removed)"
"""The text in the place of a person's message that held a secret."""


@dataclass(frozen=True, slots=True)
class SecretMessage:
    """The message in which a person sent a secret; the stored update loses its text."""

    chat_id: int
    message_id: int


class SourceRequests:
    """Acts on the requests of sources, of staff and of the command line; each is one transaction.

    They raise NotFoundError where there is no source of that id, and UserError where the actor has no right to them
    (any more); to repeat them changes nothing.
    """

    def __init__(self, database: Database, sealer: Sealer, clock: Clock) -> None:
        self._database = database
        self._sealer = sealer
        self._clock = clock

    async def set(
        self,
        source_id: int,
        part: RequestPart,
        text: str,
        *,
        actor_id: int,
        at: str = "",
        message: SecretMessage | None = None,
    ) -> Source:
        """Set what a person wrote for a part (see bot.ingest.fetch.request_settings.parse_part); return the source.

        It is sent to the origin of the source's address, or of `at`, an address of the same site. The source is
        fetched at once. Raises UserError where the text is not of that form, or no key is set.
        """
        written = parse_part(part, text)
        async with acting(self._database, actor_id, Right.SOURCES) as tx:
            source = await locked_source(tx, source_id)
            origin = _origin(source, at)
            after = settings_with(source.requests, part, written, origin=origin, seal=self._sealer.seal)
            await sources.set_requests(tx, source_id, after, now=self._clock())
            for name, _ in written:
                await self._record(tx, actor_id, AuditAction.SET_REQUEST, RequestDetails(source.url, part, name))
            if message is not None:
                await inbox.replace_text(tx, message.chat_id, message.message_id, REMOVED)
        return source

    async def forget_message(self, message: SecretMessage) -> None:
        """Delete the text of a refused message, which may hold a secret, from the stored update."""
        async with self._database.write() as tx:
            await inbox.replace_text(tx, message.chat_id, message.message_id, REMOVED)

    async def is_of_secret(self, message: SecretMessage) -> bool:
        """Return whether a message that was edited is one whose text was taken out of the stored updates before."""
        async with self._database.read() as connection:
            return REMOVED in await inbox.texts_of(connection, message.chat_id, message.message_id)

    async def remove(self, source_id: int, part: RequestPart, name: str = "", *, actor_id: int) -> Source:
        """Remove a part, of headers and cookies that of the name; return the source.

        Raises NotFoundError where it is not set.
        """
        async with acting(self._database, actor_id, Right.SOURCES) as tx:
            source = await locked_source(tx, source_id)
            removed = [
                request_setting
                for request_setting in source.requests
                if request_setting.part is part and key_of(request_setting)[2] == _key_name(part, name)
            ]
            if not removed:
                raise NotFoundError("request-not-set")
            after = [request_setting for request_setting in source.requests if request_setting not in removed]
            await sources.set_requests(tx, source_id, after, now=self._clock())
            details = RequestDetails(source.url, part, removed[0].name)
            await self._record(tx, actor_id, AuditAction.UNSET_REQUEST, details)
        return source

    def profile(self, source: Source) -> RequestProfile:
        """Return the form of a source's requests. Raises SourceError where a secret cannot be read."""
        return profile_of(source.requests, self._sealer)

    async def profile_for(self, url: str) -> RequestProfile:
        """Return the form of a request for an address of a source's site; PLAIN where no source needs another.

        Of several sources that whose address has most in common counts. Raises SourceError where a secret cannot be
        read, and where the address is none.
        """
        origin = origin_of(checked_url(url))
        async with self._database.read() as connection:
            known = [source for source in await sources.all_(connection) if source.requests]
        present = [
            neighbour
            for neighbour in known
            if origin in {source_origin(neighbour), *(part.origin for part in neighbour.requests)}
        ]
        if not present:
            return PLAIN
        return self.profile(max(present, key=lambda neighbour: _length_in_common(neighbour.url, url)))

    def is_readable(self, setting: RequestSetting) -> bool:
        """Return whether a setting can be read with the key of today."""
        try:
            profile_of([setting], self._sealer)
        except SealedError:
            return False
        return True

    async def _record(self, tx: Connection, actor_id: int, action: AuditAction, details: RequestDetails) -> None:
        await audit.record(tx, actor_id, action, now=self._clock(), details=details)


def _length_in_common(neighbour: str, other: str) -> int:
    """Return how many characters two addresses begin with that are the same."""
    return next(
        (at for at, (a, b) in enumerate(zip(neighbour, other, strict=False)) if a != b),
        min(len(neighbour), len(other)),
    )


def source_origin(source: Source) -> str:
    """Return the origin of a source's address."""
    return origin_of(httpx.URL(source.url))


def _origin(source: Source, at: str) -> str:
    if not at:
        return source_origin(source)
    if not same_site(source.url, at):
        raise UserError("request-other-site")
    return origin_of(checked_url(at))


def _key_name(part: RequestPart, name: str) -> str:
    return name.lower() if part is RequestPart.HEADER else name
