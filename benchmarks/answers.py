"""The speed and number of answers to readers on a large library, beside a minimal bot over the same tables."""

import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import asyncpg

from benchmarks import library
from benchmarks.exchange import Exchange, exchange
from benchmarks.fixture import NO_LIMIT, ROOT, end
from benchmarks.questions import Mix, Question
from benchmarks.table import Family
from bot.clock import now_ms
from sandbox.server import DEFAULT_TOKEN
from tests import postgres

_KEPT = ROOT / "data" / "bench"
_SERVER = {"listen_addresses": "", "shared_buffers": "4GB", "maintenance_work_mem": "1GB", "max_wal_size": "8GB"}
_MOST_MS = 20.0
_ENOUGH = 0.7
_WARM = 2_000
_START_SECONDS = 60.0
_ANSWER_SECONDS = 120.0

_OWNER = 1


async def on_sqlite(size: int, of_each: int, commands: int, rounds: int) -> list[Family]:
    """Measure on a SQLite library of `size` articles and chats: `of_each` kind of question, then mixed commands."""
    _KEPT.mkdir(parents=True, exist_ok=True)
    return await _measure(
        "SQLite", f"sqlite:///{_KEPT}/library-{size}.db", size, of_each, commands=commands, rounds=rounds
    )


async def on_postgresql(size: int, of_each: int, commands: int, rounds: int) -> list[Family]:
    """Measure the same on PostgreSQL, its server started for that."""
    home = _KEPT / "postgresql"
    home.mkdir(parents=True, exist_ok=True)
    server = postgres.start(home, _SERVER)
    try:
        connection = await postgres.connected(str(home), server)
        name = f"library_{size}"
        if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name):
            await connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{postgres.EMPTY}"')
        await connection.close()
        url = postgres.address(str(home), name)
        await library.build(url, size)
        await _bring_to_mind(url)
        return await _measure("PostgreSQL", url, size, of_each, commands=commands, rounds=rounds)
    finally:
        await end(server)


async def _bring_to_mind(url: str) -> None:
    """Warm the caches of a server that was just started by reading what searches read."""
    connection = await asyncpg.connect(url)
    await connection.execute("SET enable_seqscan = off; SET enable_sort = off")
    await connection.fetchval(
        "SELECT count(document) FROM (SELECT document FROM article_search ORDER BY ordinal OFFSET 0) AS walked"
    )
    if await connection.fetchval("SELECT count(*) FROM pg_available_extensions WHERE name = 'pg_prewarm'"):
        await connection.execute("CREATE EXTENSION IF NOT EXISTS pg_prewarm")
        await connection.execute("SELECT pg_prewarm('ix_article_search_document')")
    await connection.close()


async def _measure(kind: str, url: str, size: int, of_each: int, *, commands: int, rounds: int) -> list[Family]:
    await library.build(url, size)
    peyk = ["benchmarks.unlimited", str(NO_LIMIT)]
    soon = Family(f"from update to answer, {size} articles and chats, {kind}, loopback included")
    many = Family(f"readers answered on one core, {size} articles and chats, {kind}")
    ids = library.people(size)
    async with exchange() as bot_api:
        async with _running(bot_api, ["benchmarks.peers.echo", bot_api.url, DEFAULT_TOKEN], url):
            await _one_by_one(bot_api, "latest", Mix(size, now_ms(), 1), ids, of_each=of_each)
            way = await _one_by_one(bot_api, "latest", Mix(size, now_ms(), 1), ids, of_each=of_each)
            soon.add(way | {"": "the way there and back"})
        async with _running(bot_api, peyk, url):
            await _warm_up(bot_api, size, ids)
            for name in Mix(size, now_ms(), 0).kinds:
                soon.add(await _one_by_one(bot_api, name, Mix(size, now_ms(), 1), ids, of_each=of_each))
            first = await _one_by_one(
                bot_api, "latest", Mix(size, now_ms(), 1), library.strangers(of_each), of_each=of_each
            )
            soon.add(first | {"": "latest, never here before"})
        minimal = ["benchmarks.peers.minimal_bot", bot_api.url, DEFAULT_TOKEN, url]
        pairs = []
        for number in range(rounds):
            rates = []
            for name, command in (("Peyk", peyk), ("minimal PTB bot, keeps nothing", minimal)):
                async with _running(bot_api, command, url):
                    await _warm_up(bot_api, size, ids)
                    rates.append(await _all_at_once(bot_api, Mix(size, now_ms(), 2 + number), ids, commands))
                many.add({"": name, "answers": commands, "per s": round(rates[-1], 1)})
            pairs.append((rates[0], rates[1]))
    slowest = round(max(row["p95 ms"] for row in soon.rows) - way["p50 ms"], 1)
    words = f"19 of 20 within {slowest} ms besides the way, whatever is asked (under {_MOST_MS})"
    soon.verdict(words, slowest < _MOST_MS)
    ratio = statistics.median(rate / other for rate, other in pairs)
    many.verdict(f"{ratio:.2f} of the minimal bot's rate (at least {_ENOUGH})", ratio >= _ENOUGH)
    return [soon, many]


async def _warm_up(bot_api: Exchange, size: int, ids: Sequence[int]) -> None:
    await _all_at_once(bot_api, Mix(size, now_ms(), 3), ids[-_WARM:], _WARM)


async def _one_by_one(
    bot_api: Exchange, kind: str, mix: Mix, ids: Sequence[int], *, of_each: int
) -> dict[str, Any]:
    """Ask one kind of question again and again, each by another person, and return a row."""
    seconds = []
    for user_id in ids[:: max(1, len(ids) // of_each)][:of_each]:
        [(handed, answered)] = await bot_api.exchange(
            [(user_id, mix.kinds[kind]().update(user_id))], within=_ANSWER_SECONDS
        )
        seconds.append(answered - handed)
    cuts = statistics.quantiles(seconds, n=100, method="inclusive")
    return {
        "": kind,
        "times": len(seconds),
        "p50 ms": round(cuts[49] * 1000, 1),
        "p95 ms": round(cuts[94] * 1000, 1),
        "max ms": round(max(seconds) * 1000, 1),
    }


async def _all_at_once(bot_api: Exchange, mix: Mix, ids: Sequence[int], count: int) -> float:
    """Send the questions of `count` people at once; return how many were answered a second."""
    questions: list[Question] = list(mix.commands(count))
    people = islice(ids, 0, None, max(1, len(ids) // count))
    times = await bot_api.exchange(
        [(user_id, question.update(user_id)) for user_id, question in zip(people, questions, strict=False)],
        within=_ANSWER_SECONDS,
    )
    return count / (max(answered for _, answered in times) - min(handed for handed, _ in times))


@asynccontextmanager
async def _running(bot_api: Exchange, command: Sequence[str], url: str) -> AsyncIterator[None]:
    """Run a module on one core, beside whatever else is there, until the block ends."""
    settings = {
        "PYTHONPATH": str(ROOT),
        "BOT_TOKEN": DEFAULT_TOKEN,
        "TELEGRAM_API_URL": bot_api.url,
        "DATABASE_URL": url,
        "OWNER_IDS": str(_OWNER),
    }
    bot_api.polled.clear()
    with tempfile.TemporaryDirectory(prefix="peyk-bench-") as folder, (Path(folder) / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=folder,
            env=os.environ | settings,
            stdout=log,
            stderr=log,
            preexec_fn=_on_one_core,
        )
        try:
            async with asyncio.timeout(_START_SECONDS):
                await bot_api.polled.wait()
            yield
        except TimeoutError:
            print((Path(folder) / "log").read_text()[-2000:], file=sys.stderr)
            raise
        finally:
            await end(process)


def _on_one_core() -> None:
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
