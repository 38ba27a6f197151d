"""The support of this Bot API server for newer features, remembered through restarts."""

import hashlib
from enum import Enum

from bot.clock import Clock
from storage import key_value
from storage.engine.database import Database

RETRY_MS = 24 * 3600 * 1000
"""The time (ms) after which a server that did not know a feature is tried again: somebody may have updated it."""


_DIGEST_LETTERS = 16


class Feature(Enum):
    """Features that not every server has; the value begins the key under which the lack of one is stored."""

    RICH = "no-rich-messages"
    EPHEMERAL = "no-ephemeral-messages"


class StoredServerSupport:
    """Stores in the database until when a feature is not tried.

    `server` is its root address. Its path may hold a secret, so the database has a digest of it.
    """

    def __init__(self, database: Database, clock: Clock, server: str) -> None:
        self._database = database
        self._clock = clock
        self._server = hashlib.sha256(server.encode()).hexdigest()[:_DIGEST_LETTERS]
        self._until = dict.fromkeys(Feature, 0)

    async def load(self) -> None:
        """Read what an earlier run found out, and remove the addresses that versions before this one stored."""
        async with self._database.write() as tx:
            for feature in Feature:
                await key_value.remove_beginning(tx, f"{feature.value}:http")
                self._until[feature] = await key_value.number(tx, self._key(feature))

    def works(self, feature: Feature) -> bool:
        """Return whether a feature is worth a try now."""
        left = self._until[feature] - self._clock()
        return not 0 < left <= RETRY_MS  # no pause is longer: a clock was wrong when it began

    async def failed(self, feature: Feature) -> None:
        """The server does not know the feature."""
        self._until[feature] = self._clock() + RETRY_MS
        async with self._database.write() as tx:
            await key_value.store(tx, self._key(feature), str(self._until[feature]))

    def _key(self, feature: Feature) -> str:
        return f"{feature.value}:{self._server}"
