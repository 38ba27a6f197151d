"""The opening of a database that is migrated and ready for use."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, tzinfo

from storage import categories, key_value
from storage.engine import migrate
from storage.engine.database import Database
from storage.errors import UnusableError


@asynccontextmanager
async def opened(url: str, zone: tzinfo = UTC, *, incomplete: bool = False) -> AsyncIterator[Database]:
    """Open the database at `url` for a newsroom in that time zone, and close it in the end.

    It is brought to the newest schema, and its categories are seeded. `incomplete` lets in a database into which a
    copy is not complete, as it is; without it, that raises UnusableError.

    Also raises what Database.open, Database.require_own_sessions and migrate.migrate raise.
    """
    database = Database(url, zone)
    await database.open()
    try:
        await database.require_own_sessions()
        await migrate.migrate(database)
        async with database.read() as connection:
            is_copy = await key_value.value(connection, key_value.COPY) is not None
            seeded = bool(await categories.all_(connection))
        if is_copy and not incomplete:
            raise UnusableError("a copy into it is not complete: run the same `peyk migrate --to` again")
        if not seeded and not is_copy:
            async with database.write() as tx:
                await categories.seed(tx)
        yield database
    finally:
        await database.close()
