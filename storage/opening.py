"""The one way to a database that is ready for use."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from storage import categories, migrate
from storage.database import Database


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    """Open the database at `url`, bring it to the newest schema, seed its categories, and close it in the end.

    Raises what Database.open and migrate.migrate raise.
    """
    database = Database(url)
    await database.open()
    try:
        await migrate.migrate(database)
        async with database.read() as connection:
            seeded = bool(await categories.all_(connection))
        if not seeded:
            async with database.write() as tx:
                await categories.seed(tx)
        yield database
    finally:
        await database.close()
