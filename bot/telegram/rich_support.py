"""The support of this Bot API server for rich messages, remembered through restarts."""

from bot.clock import Clock
from storage import key_value
from storage.engine.database import Database

RETRY_MS = 24 * 3600 * 1000
"""The time (ms) after which a server that did not know the method is tried again: somebody may have updated it."""


class StoredRichSupport:
    """Keeps in the database until when rich messages are not tried. `server` is its root address."""

    def __init__(self, database: Database, clock: Clock, server: str) -> None:
        self._database = database
        self._clock = clock
        self._key = f"no-rich-messages:{server}"
        self._until = 0

    async def load(self) -> None:
        """Read what an earlier run found out."""
        async with self._database.read() as connection:
            self._until = int(await key_value.value(connection, self._key) or 0)

    def works(self) -> bool:
        """Tell whether rich messages are worth a try now."""
        left = self._until - self._clock()
        return not 0 < left <= RETRY_MS  # no pause is longer: a clock was wrong when it began

    async def failed(self) -> None:
        """The server does not know the method."""
        self._until = self._clock() + RETRY_MS
        async with self._database.write() as tx:
            await key_value.store(tx, self._key, str(self._until))
