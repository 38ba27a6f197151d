"""Sources by what the command line calls them: an id or an address."""

from bot.errors import PeykError
from storage import sources
from storage.engine.database import Database
from storage.records import Source


async def all_sources(database: Database) -> list[Source]:
    """Return all sources, the oldest first."""
    async with database.read() as connection:
        return await sources.all_(connection)


async def find(database: Database, written: str) -> Source:
    """Return the source of that id or address. Raises PeykError where there is none."""
    source = await find_if_known(database, written)
    if source is None:
        raise PeykError(f"there is no source {written}; see `peyk sources list`")
    return source


async def find_if_known(database: Database, written: str) -> Source | None:
    """Return the source of that id or address, None where there is none."""
    for source in await all_sources(database):
        if written in (str(source.id), source.url) or source.url.rstrip("/") == written.rstrip("/"):
            return source
    return None
