"""Trouble for a cluster: its processes and its server are killed while an editor publishes and corrects."""

import asyncio
import logging
import random
import time
from collections import Counter
from dataclasses import dataclass, field

from tests.crash.cluster import Cluster, Server
from tests.crash.news import NewsEditor
from tests.crash.rest import rows_of

_LONGEST_PAUSE = 6.0
_LONGEST_ABSENCE = 4.0

_log = logging.getLogger(__name__)


@dataclass
class Storm:
    """Acts in random order. `told` are the acts done, `counts` their number by kind.

    Nothing is published or corrected while more than `backlog` sends or edits wait.
    """

    cluster: Cluster
    server: Server
    news: NewsEditor
    rng: random.Random
    backlog: int
    told: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    began: float = field(default_factory=time.monotonic)

    async def rage(self, seconds: float) -> None:
        """Do every act at least once, and go on for so many seconds."""
        acts = [
            self.publish,
            self.correct,
            self.kill_worker,
            self.kill_worker,
            self.kill_receiver,
            self.kill_two,
            self.restart_politely,
            self.restart_database,
        ]
        await self.publish()
        while True:
            for act in self.rng.sample(acts, len(acts)):
                await asyncio.sleep(self.rng.uniform(1, _LONGEST_PAUSE))
                await act()
            if time.monotonic() - self.began > seconds:
                return

    async def publish(self) -> None:
        """Publish one more article."""
        if not await self._is_busy("delivery"):
            await self.news.publish()
            self._tell("published", self.news.stories[-1].mark)

    async def correct(self) -> None:
        """Correct one of the newest articles."""
        if not await self._is_busy("amendment"):
            story = self.rng.choice(self.news.stories[-2:])
            await self.news.correct(story)
            self._tell("corrected", story.mark)

    async def kill_worker(self) -> None:
        """Kill a worker; it starts again a little later."""
        await self._kill("work")

    async def kill_receiver(self) -> None:
        """Kill a receiver; it starts again a little later."""
        await self._kill("receive")

    async def kill_two(self) -> None:
        """Kill a worker and a receiver at the same moment."""
        await self._kill("work", "receive")

    async def restart_politely(self) -> None:
        """Stop one process as a service manager does, and start it again."""
        member = self.rng.choice(self.cluster.members)
        await member.stop()
        await member.start()
        self._tell("restarted a process", member.app.folder.name)

    async def restart_database(self) -> None:
        """Restart the server in immediate mode."""
        await self.server.restart()
        self._tell("restarted PostgreSQL")

    async def _kill(self, *roles: str) -> None:
        members = [self.rng.choice(self.cluster.of_role(role)) for role in roles]
        await asyncio.gather(*(member.kill() for member in members))
        for member in members:
            self._tell("killed a worker" if member.role == "work" else "killed a receiver", member.app.folder.name)
        await asyncio.sleep(self.rng.uniform(0, _LONGEST_ABSENCE))
        for member in members:
            await member.start()

    async def _is_busy(self, table: str) -> bool:
        ((waiting,),) = await rows_of(self.news.database, f"SELECT count(*) FROM {table} WHERE state = 'pending'")
        return bool(waiting > self.backlog)

    def _tell(self, kind: str, name: str = "") -> None:
        self.counts[kind] += 1
        self.told.append(f"{time.monotonic() - self.began:7.1f} s  {kind} {name}".rstrip())
        _log.info(self.told[-1])
