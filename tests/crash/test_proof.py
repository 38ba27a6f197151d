"""Several processes on one PostgreSQL, all of them killed and the server cut off while news goes out.

Short by default; `make proof` runs it at full size. The sizes come from the environment: PROOF_CHATS private chats,
PROOF_CHANNELS channels, PROOF_WORKERS workers, PROOF_RATE messages a second in all, PROOF_LIMIT as Telegram's limit
(the rate where it is not given), PROOF_SECONDS of trouble in the order of PROOF_SEED. When news is still on its
way PROOF_PATIENCE seconds later, every push is paused, and what waits then must not have been sent.
"""

import asyncio
import gc
import logging
import os
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.clock import now_ms
from bot.newsroom.pausing import Pausing
from bot.watchdog import Watchdog
from storage.bootstrap import opened
from storage.engine.database import Database
from tests.crash.call_log import CallLog
from tests.crash.cluster import cluster, own_server
from tests.crash.crowd import Crowd, gather_crowd
from tests.crash.news import NewsEditor
from tests.crash.questions import Correspondents
from tests.crash.rest import rows_of, unfinished
from tests.crash.storm import Storm
from tests.peyk_app import Telegram

pytestmark = pytest.mark.timeout(0)  # it ends by itself: when nothing is left to do, or when nothing moves any more

_MOST_IN_FLIGHT = 64
_READERS = 10
_STANDSTILL_SECONDS = 180.0
_LOOK_SECONDS = 1.0
_LONG_SECONDS = 10.0
_TOLD_SECONDS = 60.0

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Size:
    """The size of a proof: `rate` is messages a second in all, `seconds` how long the trouble lasts.

    Telegram allows `limit` messages a second. It is a little more than the rate of the short form: calls that leave
    Peyk in time may bunch on their way. News has `patience` seconds more to arrive.
    """

    chats: int
    channels: int
    workers: int
    rate: int
    limit: int
    seconds: float
    patience: float
    seed: int

    @classmethod
    def wanted(cls) -> "Size":
        """Return the size that the environment names."""
        given = os.environ
        return cls(
            chats=int(given.get("PROOF_CHATS", "150")),
            channels=int(given.get("PROOF_CHANNELS", "20")),
            workers=int(given.get("PROOF_WORKERS", "4")),
            rate=int(given.get("PROOF_RATE", "28")),
            limit=int(given.get("PROOF_LIMIT") or given.get("PROOF_RATE", "30")),
            seconds=float(given.get("PROOF_SECONDS", "45")),
            patience=float(given.get("PROOF_PATIENCE", "600")),
            seed=int(given.get("PROOF_SEED", "1")),
        )


@dataclass(frozen=True)
class Left:
    """The deliveries in doubt or waiting when every push was paused, as pairs of (chat, article).

    Of the articles in `fanning_out`, deliveries are still to be written.
    """

    waiting: AbstractSet[tuple[int, int]]
    doubted: AbstractSet[int]
    fanning_out: AbstractSet[int]

    @classmethod
    async def found(cls, database: Database) -> "Left":
        """Return what the database says of it."""
        waiting = await rows_of(database, "SELECT chat_id, article_id FROM delivery WHERE state = 'pending'")
        doubted = await rows_of(database, "SELECT DISTINCT chat_id FROM delivery WHERE doubt = 1")
        open_ones = await rows_of(database, "SELECT article_id FROM fan_out WHERE done_at IS NULL")
        return cls(
            {(int(chat), int(article)) for chat, article in waiting},
            *({int(article_id) for (article_id,) in rows} for rows in (doubted, open_ones)),
        )

    def is_owed(self, chat_id: int, article_id: int) -> bool:
        """Return whether the chat is still to get the article."""
        return (chat_id, article_id) in self.waiting or article_id in self.fanning_out


@dataclass
class Stalls:
    """The times for which the local Telegram stood still: calls that came meanwhile count as of one moment.

    `clock` is Telegram's (seconds). `spans` are the beginnings and ends of these times by it.
    """

    clock: Callable[[], float]
    spans: list[tuple[float, float]] = field(default_factory=list)

    @property
    def longest(self) -> int:
        """The milliseconds of the longest."""
        return round(1000 * max((end - begin for begin, end in self.spans), default=0.0))

    def bunched(self, at: float) -> bool:
        """Return whether a call of that time was counted together with calls that had waited."""
        return any(begin <= at <= end + 1 for begin, end in self.spans)

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Count them until the block ends, and log what ran in each."""
        watchdog = Watchdog(log=lambda event, **facts: _log.info("%s %s", event, facts), count=self._count)
        try:
            yield
        finally:
            watchdog.close()

    def _count(self, seconds: float) -> None:
        now = self.clock()
        self.spans.append((now - seconds, now))


@dataclass
class Proof:
    """One proof: what was done, what Telegram saw, and what stands in its chats in the end."""

    telegram: Telegram
    crowd: Crowd
    storm: Storm
    calls: CallLog
    readers: Correspondents
    left: Left
    stalls: Stalls

    def copies(self, chat_id: int, mark: str) -> list[str]:
        """Return the texts of the bot's posts in a chat that hold the mark."""
        return [text for text in self.telegram.texts_by_bot(chat_id) if mark in text]

    def repeated(self, chats: Sequence[int]) -> Counter[int]:
        """Return how many copies too many there are, by chat."""
        stories = self.storm.news.stories
        return +Counter(
            {chat: sum(max(0, len(self.copies(chat, story.mark)) - 1) for story in stories) for chat in chats}
        )


async def test_nothing_is_lost_and_nothing_comes_twice(telegram: Telegram, tmp_path: Path) -> None:
    size = Size.wanted()
    gc.set_threshold(10_000, 50, 1000)  # the sandbox only grows
    logging.getLogger("aiohttp.access").setLevel(logging.WARNING)
    await telegram.people.do("limits", total=size.limit)
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(own_server())
        crowd = await gather_crowd(telegram, server.url, channels=size.channels, people=size.chats)
        gc.freeze()
        database = await stack.enter_async_context(opened(server.url))
        calls = CallLog()
        await stack.enter_async_context(calls.written(telegram.running.state))
        settings = {"BULK_RATE": str(size.rate), "LEASE_SECONDS": "25"}
        newsroom = await stack.enter_async_context(
            cluster(tmp_path, telegram, server.url, workers=size.workers, settings=settings)
        )
        news, rng = NewsEditor(database, telegram.owner), random.Random(size.seed)
        storm = Storm(newsroom, server, news, rng, backlog=(size.chats + size.channels) // 2)
        readers, stalls = Correspondents(telegram, crowd.people[:_READERS]), Stalls(telegram.running.state.now)
        with stalls.watched():
            async with readers.asking():
                await storm.rage(size.seconds)
            await _rest(telegram, database, storm, size.patience)
        proof = Proof(telegram, crowd, storm, calls, readers, await Left.found(database), stalls)
        for line in _summary(proof, size):
            _log.info(line)
        failed = await rows_of(database, "SELECT update_id, error FROM inbox WHERE error != ''")
        wrong = [
            *(f"an update failed: {row}" for row in failed),
            *_lost(proof),
            *_repeated(proof),
            *_unanswered(proof),
            *_over_the_limits(proof, size),
        ]
        assert not wrong, "\n".join([*storm.told, *_summary(proof, size), *wrong[:50], f"{len(wrong)} in all"])
        assert "Traceback" not in newsroom.log, newsroom.log.partition("Traceback")[2][:4000]


async def _rest(telegram: Telegram, database: Database, storm: Storm, patience: float) -> None:
    """Wait until nothing is left to do; after `patience` seconds, pause every push and wait for what is under way.

    Raises AssertionError with what is left where nothing moves any more.
    """
    began = moved = told = time.monotonic()
    counts, seen, paused = telegram.running.state.counts, -1, False
    while left := await _unfinished(telegram, database, paused=paused):
        now, done = time.monotonic(), counts.sent + counts.edited + counts.deleted
        if done != seen:
            seen, moved = done, now
        assert now - moved < _STANDSTILL_SECONDS, f"{left}\n{storm.told}\n{storm.cluster.log[-5000:]}"
        if now - told > _TOLD_SECONDS:
            told = now
            _log.info("%d sent, %d edited, left: %s", counts.sent, counts.edited, ", ".join(left))
        if not paused and now - began > patience:
            paused = True
            await Pausing(database, now_ms, lambda: None).pause(actor_id=telegram.owner)
        await asyncio.sleep(_LOOK_SECONDS)


def _lost(proof: Proof) -> Iterator[str]:
    for chat in (*proof.crowd.channels, *proof.crowd.people):
        for story in proof.storm.news.stories:
            copies = proof.copies(chat, story.mark)
            if proof.left.is_owed(chat, story.id):
                if copies and chat not in proof.left.doubted:
                    yield f"{chat}: {story.mark} is there, and waits to be sent"
            elif not copies:
                yield f"{chat}: {story.mark} is lost"
            elif not any(story.title in text for text in copies):
                yield f"{chat}: {story.mark} is not corrected: {copies}"


def _repeated(proof: Proof) -> Iterator[str]:
    """Nothing comes twice to channels, and to private chats no more than was under way when workers died."""
    for chat, count in proof.repeated(proof.crowd.channels).items():
        yield f"channel {chat}: {count} copies too many"
    twins = proof.repeated(proof.crowd.people)
    for chat in twins.keys() - proof.left.doubted:
        yield f"{chat}: {twins[chat]} copies too many, and nothing marks them as possible"
    allowed = proof.storm.counts["killed a worker"] * _MOST_IN_FLIGHT
    if twins.total() > allowed:
        yield f"{twins.total()} copies too many in private chats, although {allowed} were under way at most"
    for chat in proof.crowd.channels:
        texts = proof.copies(chat, "")
        order = [story.id for text in texts for story in proof.storm.news.stories if story.mark in text]
        if order != sorted(order):
            yield f"channel {chat}: out of order {order}"


async def _unfinished(
    telegram: Telegram, database: Database, *, paused: bool
) -> dict[str, Sequence[tuple[Any, ...]]]:
    """Return the first rows of each kind of unfinished work, and the number of updates not fetched yet."""
    # Counted first: what is fetched is stored before Telegram forgets it.
    unfetched = len(telegram.running.state.pending)
    left = await unfinished(database, paused=paused)
    return left | {"updates at Telegram": [(unfetched,)]} if unfetched else left


def _unanswered(proof: Proof) -> Iterator[str]:
    for question in proof.readers.questions:
        if not proof.readers.answers(question):
            heard = proof.telegram.texts_by_bot(question.person)[-5:]
            yield f"{question} has no answer; the last messages are {heard}"


def _over_the_limits(proof: Proof, size: Size) -> Iterator[str]:
    if refused := proof.calls.refused_for_speed:
        yield f"Telegram refused {len(refused)} calls, {_bunched(proof)} of them right after it stood still"
    if (most := proof.calls.busiest(_LONG_SECONDS)) > _LONG_SECONDS * size.limit:
        yield f"{most} calls within {_LONG_SECONDS:.0f} s"
    for chat, count in proof.calls.crowded_chats().items():
        yield f"{chat} got {count} calls within a second"


def _bunched(proof: Proof) -> int:
    """Return how many refused calls were counted together with calls that had waited while Telegram stood still."""
    return sum(map(proof.stalls.bunched, proof.calls.refused_for_speed))


def _summary(proof: Proof, size: Size) -> Iterator[str]:
    calls, crowd, readers = proof.calls, proof.crowd, proof.readers
    span = calls.calls[-1].at - calls.calls[0].at
    answers = Counter(readers.answers(question) for question in readers.questions)
    yield str(size)
    yield f"{len(proof.storm.news.stories)} articles; {dict(proof.storm.counts)}"
    yield f"{len(calls.calls)} calls in {span:.0f} s"
    yield f"most calls in 1 s: {calls.busiest(1.0)}, in 10 s: {calls.busiest(_LONG_SECONDS)}"
    yield f"refused for speed: {len(calls.refused_for_speed)}, right after Telegram stood still: {_bunched(proof)}"
    yield f"within 1 s of one to the same chat: {calls.close_pairs()}"
    stalls = proof.stalls
    yield f"Telegram stood still for 100 ms or more: {len(stalls.spans)} times, {stalls.longest} ms at most"
    yield f"still to be sent when every push was paused: {len(proof.left.waiting)}"
    yield f"copies too many in channels: {proof.repeated(crowd.channels).total()}"
    yield f"copies too many in private chats: {proof.repeated(crowd.people).total()}"
    yield f"questions by number of answers: {dict(answers)}"
