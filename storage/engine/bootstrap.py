"""The one way to a database that is ready for use."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, tzinfo

from storage import categories
from storage.engine import migrate
from storage.engine.database import Database


@asynccontextmanager
async def opened(url: str, zone: tzinfo = UTC) -> AsyncIterator[Database]:
    """Open the database at `url` for a newsroom in that time zone, and close it in the end.

    It is brought to the newest schema, and its categories are seeded.

    Raises what Database.open, Database.require_own_sessions and migrate.migrate raise.
    """
    database = Database(url, zone)
    await database.open()
    try:
        await database.require_own_sessions()
        await migrate.migrate(database)
        async with database.read() as connection:
            seeded = bool(await categories.all_(connection))
        if not seeded:
            async with database.write() as tx:
                await categories.seed(tx)
        yield database
    finally:
        await database.close()
