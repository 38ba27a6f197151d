"""Acts of staff on sources, each with its entry in the audit."""

from sqlalchemy.exc import IntegrityError

from bot.clock import Clock
from bot.errors import ConflictError, NotFoundError
from bot.ingest.importer import named_category
from storage import audit, sources
from storage.audit_details import AddressDetails, AuditAction, PolicyDetails, SourceDetails
from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.records import ChangePolicy, Source, SourceKind, SourceState
from storage.sources import SourceOptions


class SourceAdmin:
    """Acts on sources, of staff and of the command line (audit.COMMAND_LINE); each is one transaction.

    Acts on a source raise NotFoundError where there is none of that id; to repeat them changes nothing.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def add(
        self, url: str, kind: SourceKind, *, category: str, review: bool, options: SourceOptions, actor_id: int
    ) -> Source | None:
        """Store a source that is due at once; None where the address is a source's already.

        The category of that name is made where it is unknown. Raises UserError for a name without letters.
        """
        try:
            async with self._database.write() as tx:
                section = await named_category(tx, category)
                source = await sources.add(
                    tx,
                    url,
                    kind=kind,
                    category_id=section.id,
                    review=review,
                    now=self._clock(),
                    options=options,
                )
                details = SourceDetails(url, section.slug, "review" if review else "publish")
                await audit.record(tx, actor_id, AuditAction.ADD_SOURCE, now=self._clock(), details=details)
        except IntegrityError:
            return None
        return source

    async def remove(self, source_id: int, *, actor_id: int) -> None:
        """Remove a source; the articles that it brought stay."""
        async with self._database.write() as tx:
            source = await find_source(tx, source_id)
            await sources.remove(tx, source_id)
            await self._record(tx, actor_id, AuditAction.REMOVE_SOURCE, source)

    async def pause(self, source_id: int, *, actor_id: int) -> None:
        """Fetch a source no more until it is resumed."""
        async with self._database.write() as tx:
            source = await find_source(tx, source_id)
            if source.state is not SourceState.PAUSED:
                await sources.set_state(tx, source_id, SourceState.PAUSED, now=self._clock())
                await self._record(tx, actor_id, AuditAction.PAUSE_SOURCE, source)

    async def resume(self, source_id: int, *, actor_id: int) -> None:
        """Fetch a source again, one that has ended as well, and at once."""
        async with self._database.write() as tx:
            source = await find_source(tx, source_id)
            if source.state is not SourceState.ACTIVE:
                await sources.set_state(tx, source_id, SourceState.ACTIVE, now=self._clock())
                await self._record(tx, actor_id, AuditAction.RESUME_SOURCE, source)

    async def fetch_now(self, source_id: int) -> None:
        """Have a source fetched at once. Raises ConflictError where it is not active."""
        async with self._database.write() as tx:
            source = await find_source(tx, source_id)
            if source.state is not SourceState.ACTIVE:
                raise ConflictError("stale-button")
            await sources.make_due(tx, source_id, now=self._clock())

    async def change_policy(self, source_id: int, policy: ChangePolicy, *, actor_id: int) -> None:
        """Choose what becomes of articles that the source changes."""
        async with self._database.write() as tx:
            source = await find_source(tx, source_id)
            if source.changes is not policy:
                await sources.set_changes(tx, source_id, policy)
                details = PolicyDetails(source.url, source.changes, policy)
                await audit.record(
                    tx, actor_id, AuditAction.CHANGE_SOURCE_POLICY, now=self._clock(), details=details
                )

    async def _record(self, tx: Connection, actor_id: int, action: AuditAction, source: Source) -> None:
        await audit.record(tx, actor_id, action, now=self._clock(), details=AddressDetails(source.url))


async def find_source(connection: Connection, source_id: int) -> Source:
    """Return a source. Raises NotFoundError where there is none."""
    source = await sources.get(connection, source_id)
    if source is None:
        raise NotFoundError("source-unknown")
    return source
