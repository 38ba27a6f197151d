"""The quota of each client of the API, one for all processes on one database."""

import asyncio

from bot.clock import Clock
from bot.ingest.fetch.pace import Pace
from bot.web.api.clients import Client
from storage import budget
from storage.engine.database import Database

RATE, BURST = 5.0, 50
"""Requests of a client in a second, and at once."""


class Quota:
    """`RATE` requests a second of each client, up to `BURST` of them at once."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        # A flood ends here: no more than this goes on to the database.
        self._pace = Pace(RATE, BURST)
        self._interval = int(1_000_000 / RATE)
        self._ahead = self._interval * (BURST - 1)

    async def try_acquire(self, client: Client) -> bool:
        """Count a request of a client; return False where its quota is used up.

        Raises UnavailableError where other processes share the quota and the database cannot be reached.
        """
        if not self._pace.try_acquire(client.name, asyncio.get_running_loop().time()):
            return False
        if self._database.path is not None:
            return True  # no other process answers
        name, now = f"api:{client.actor_id}", self._clock() * 1000
        async with self._database.write() as tx:
            return await budget.try_acquire(tx, name, interval=self._interval, ahead=self._ahead, now=now)
