"""How fast a headline reaches private chats: the whole desk's way out beside a bare loop, in one run.

The sandbox runs in its own process with its limits on. Both sides use the same transport and as many requests in
flight; Peyk also keeps its database, outbox and ledger.
"""

import asyncio
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from zoneinfo import ZoneInfo

from bot.clock import now_ms
from bot.delivery.compose import Composer
from bot.delivery.gateway import Gateway
from bot.delivery.limiter import Limiter
from bot.delivery.paid import PaidLanes, PaidTerms
from bot.delivery.transport import AiohttpRequest
from bot.delivery.worker import MOST_IN_FLIGHT, Worker
from bot.locales.catalog import Catalog
from bot.newsroom.articles import Newsroom, Provenance
from bot.render.headline import headline
from sandbox.client import SandboxClient
from sandbox.server import DEFAULT_TOKEN
from storage import categories, chats, outbox
from storage.database import Database
from storage.opening import opened
from storage.records import Article, ChatKind, Content, DeliveryState

_SETUP_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Result:
    """One row: messages sent, seconds from publishing to the last answer, messages per second, and refusals."""

    name: str
    messages: int
    seconds: float
    per_second: float
    refused: int

    def to_json(self) -> dict[str, object]:
        """Return a JSON-able form."""
        return asdict(self)


class _NoRich:
    def works(self) -> bool:
        return False

    async def failed(self) -> None:
        return None


async def compare(audience: int, rate: float) -> tuple[Result, Result]:
    """Send one headline to `audience` chats at `rate` messages a second: Peyk's result and the bare loop's."""
    async with _sandbox(rate) as (url, people):
        ids = await _people(people, audience)
        peyk = await _peyk(url, people, ids, rate)
        await asyncio.sleep(2.0)  # the server's own budgets are full again
        bare = await _bare(url, people, ids, rate)
    return peyk, bare


async def _peyk(url: str, people: SandboxClient, ids: list[int], rate: float) -> Result:
    folder = tempfile.mkdtemp(prefix="peyk-bench-")
    asked = await _last(people)
    async with opened(f"sqlite:///{folder}/peyk.db") as database:
        article = await _prepare(database, ids)
        request = AiohttpRequest()
        await request.initialize()
        limiter = Limiter(rate)
        gateway = Gateway(request, DEFAULT_TOKEN, url, limiter, _NoRich())
        composer = Composer(Catalog.load(), "peyk_sandbox_bot", "fa")
        paid = PaidLanes(PaidTerms(), ZoneInfo("Asia/Tehran"))
        worker = Worker(
            database, gateway, limiter, composer, now_ms, tick=1.0, lease=30_000, rng=random.Random(1), paid=paid
        )
        work = asyncio.create_task(worker.run())
        began = time.perf_counter()
        await Newsroom(database, now_ms, worker.wake).publish(article.id, actor_id=None)
        while True:
            async with database.read() as connection:
                counts = await outbox.counts(connection)
            if counts.get(DeliveryState.SENT, 0) >= len(ids):
                break
            await asyncio.sleep(0.05)
        seconds = time.perf_counter() - began
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)
        await request.shutdown()
    return await _result("Peyk, database and ledger", len(ids), seconds, people, asked)


async def _bare(url: str, people: SandboxClient, ids: list[int], rate: float) -> Result:
    """A loop over the same transport that keeps nothing: what the machine and the server allow."""
    asked = await _last(people)
    request = AiohttpRequest()
    await request.initialize()
    turns = asyncio.Semaphore(MOST_IN_FLIGHT)
    article_text = "<b>تیتر آزمون سرعت</b>\n\nلید."

    async def send(chat_id: int) -> None:
        try:
            await request.call(
                f"{url}/bot{DEFAULT_TOKEN}/sendMessage",
                {"chat_id": chat_id, "text": article_text, "parse_mode": "HTML"},
            )
        finally:
            turns.release()

    began = time.perf_counter()
    tasks = []
    for place, chat_id in enumerate(ids):
        ahead = began + place / rate - time.perf_counter()
        if ahead > 0:
            await asyncio.sleep(ahead)
        await turns.acquire()
        tasks.append(asyncio.create_task(send(chat_id)))
    await asyncio.gather(*tasks, return_exceptions=True)
    seconds = time.perf_counter() - began
    await request.shutdown()
    return await _result("bare loop, keeps nothing", len(ids), seconds, people, asked)


async def _prepare(database: Database, ids: list[int]) -> Article:
    async with database.write() as tx:
        for chat_id in ids:
            await chats.ensure(
                tx,
                chat_id,
                kind=ChatKind.PRIVATE,
                schedule="instant",
                timezone="Asia/Tehran",
                now=now_ms(),
                client_language="fa",
            )
            await chats.subscribe(tx, chat_id, None, now=0)
        section = await categories.find(tx, "general")
    assert section is not None, "seeded"
    newsroom = Newsroom(database, now_ms, lambda: None)
    article = await newsroom.draft(Content("تیتر آزمون سرعت", "لید."), section.id, Provenance())
    assert headline(article, Catalog.load().bind("fa", ZoneInfo("Asia/Tehran")), "x").html
    return article


async def _people(people: SandboxClient, count: int) -> list[int]:
    turns = asyncio.Semaphore(_SETUP_AT_ONCE)

    async def add(number: int) -> int:
        async with turns:
            return await people.person(f"خواننده {number}", started=True)

    return list(await asyncio.gather(*(add(number) for number in range(count))))


async def _last(people: SandboxClient) -> int:
    entries = await people.get("requests")
    return int(entries[-1]["seq"]) if entries else 0


async def _result(name: str, count: int, seconds: float, people: SandboxClient, asked: int) -> Result:
    refused = len(await people.refused(asked))
    return Result(name, count, round(seconds, 2), round(count / seconds, 1), refused)


@asynccontextmanager
async def _sandbox(rate: float) -> AsyncIterator[tuple[str, SandboxClient]]:
    process = subprocess.Popen([sys.executable, "-m", "sandbox", "--port", "0"], stdout=subprocess.PIPE)
    assert process.stdout is not None, "piped"
    url = (await asyncio.to_thread(process.stdout.readline)).decode().strip()
    try:
        async with SandboxClient(url) as people:
            await people.do("limits", total=rate)
            yield url, people
    finally:
        process.terminate()
        process.wait(10)
