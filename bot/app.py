"""The composition root: puts the desk together, runs it until it is told to stop, and takes it apart."""

import asyncio
import random
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import structlog
from telegram.error import InvalidToken
from telegram.ext import Application, ApplicationBuilder

from bot import schedule, web
from bot.audience.buckets import Buckets
from bot.audience.chats import Chats, Policy
from bot.audience.subscriptions import Subscriptions
from bot.clock import Clock, now_ms
from bot.config import Settings
from bot.connect import StoppedError, insist, insist_on_database, receive
from bot.delivery.allowance import Allowance
from bot.delivery.compose import Composer
from bot.delivery.decisions import Decisions
from bot.delivery.gateway import Gateway
from bot.delivery.limiter import Limiter
from bot.delivery.notices import Notices
from bot.delivery.paid import PaidLanes, PaidTerms
from bot.delivery.reconcile import Reconciler
from bot.delivery.rich_memory import StoredRichMemory
from bot.delivery.transport import AiohttpRequest
from bot.delivery.worker import Worker
from bot.errors import ConfigError
from bot.housekeeping import clear_away
from bot.ingest.fetch import Fetcher
from bot.ingest.guard import AllowList
from bot.ingest.importer import Importer
from bot.ingest.parser import Parser
from bot.ingest.pipeline import Pipeline
from bot.locales.catalog import Catalog
from bot.lock import at_work
from bot.newsroom.articles import Newsroom
from bot.newsroom.staff import Staff
from bot.part import Part
from bot.receiver import Receiver
from bot.updates import read_update
from handlers.menus import set_menus
from handlers.register import register
from handlers.scene import SERVICES, Services
from handlers.shown import Shown
from storage import ledger
from storage.database import Database

_LOOK_SECONDS = 2.0
_RETRY_SECONDS = 5.0
_NOTICE_SECONDS = 2.0
_HOUSEKEEPING_SECONDS = 3600.0
_DRAIN_SECONDS = 10.0
_LAST_SENDS = 60_000
_RESTORED_MS = 61_000

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Desk:
    """A desk put together; `services` are what its handlers use."""

    application: "Application[Any, Any, Any, Any, Any, Any]"
    services: Services
    receiver: Receiver
    worker: Worker
    reconciler: Reconciler
    notices: Notices
    pipeline: Pipeline


async def run(settings: Settings, part: Part = Part.ALL) -> None:
    """Run the desk until SIGINT or SIGTERM.

    Raises ConfigError where a setting is wrong: a token that Telegram does not know, an address that cannot be
    had, a database that another desk uses.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    try:
        await _run(settings, part, stop)
    except StoppedError:
        _log.info("desk_stopped", hint="before Telegram or the database answered")


async def _run(settings: Settings, part: Part, stop: asyncio.Event) -> None:
    async with AsyncExitStack() as stack:
        database = await insist_on_database(settings.database_url, stack, stop)
        await stack.enter_async_context(at_work(database))
        desk = await stack.enter_async_context(_put_together(settings, database, stop))
        tasks = await _start(settings, desk, part, stack, stop)
        _log.info("desk_running", bot=desk.services.bot_username, part=part)
        stopped = asyncio.create_task(stop.wait())
        await asyncio.wait({stopped, *tasks}, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        await _stop(desk, tasks)
        for task in tasks:
            if task.done() and not task.cancelled() and (error := task.exception()) is not None:
                if isinstance(error, InvalidToken):
                    raise ConfigError("BOT_TOKEN: Telegram does not know this token any more") from error
                raise error
    _log.info("desk_stopped")


@asynccontextmanager
async def _put_together(settings: Settings, database: Database, stop: asyncio.Event) -> AsyncIterator[Desk]:
    clock, rng = now_ms, random.Random()  # noqa: S311 - it spreads retries, it guards nothing
    request = AiohttpRequest(proxy=settings.telegram_proxy)
    limiter = Limiter(settings.bulk_rate)
    await _restore(limiter, database, clock)
    rich = StoredRichMemory(database, clock, settings.telegram_api_url)
    await rich.load()
    gateway = Gateway(request, settings.token, settings.telegram_api_url, limiter, rich)
    await request.initialize()
    fetcher = Fetcher(clock, allow=AllowList(settings.allow_private_hosts), proxy=settings.fetch_proxy or "")
    parser = Parser()
    try:
        me = await insist(lambda: gateway.call("getMe", {}), stop)
        catalog = Catalog.load()
        composer = Composer(catalog, me["username"], settings.default_language)
        worker = Worker(
            database,
            gateway,
            limiter,
            composer,
            clock,
            tick=settings.broadcast_interval,
            lease=int(settings.lease_seconds * 1000),
            rng=rng,
            paid=PaidLanes(_terms(settings), settings.zone),
            allowance=Allowance(database, clock, settings.bulk_rate) if database.path is None else None,
        )
        services = Services(
            settings=settings,
            database=database,
            clock=clock,
            catalog=catalog,
            gateway=gateway,
            worker=worker,
            newsroom=Newsroom(database, clock, worker.wake),
            decisions=Decisions(database, clock, worker.wake),
            staff=Staff(database, clock),
            chats=Chats(database, clock, _policy(settings)),
            subscriptions=Subscriptions(database, clock),
            importer=Importer(database, fetcher, parser, clock, settings.zone, worker.wake),
            bot_username=me["username"],
            bot_id=int(me["id"]),
            rng=rng,
            buckets=Buckets(),
            shown=Shown(),
        )
        yield _desk(settings, services, fetcher, parser, request, limiter)
    finally:
        await parser.close()
        await fetcher.close()
        await request.shutdown()


def _desk(
    settings: Settings,
    services: Services,
    fetcher: Fetcher,
    parser: Parser,
    request: AiohttpRequest,
    limiter: Limiter,
) -> Desk:
    application = (
        ApplicationBuilder()
        .token(settings.token)
        .base_url(f"{settings.telegram_api_url}/bot")
        .base_file_url(f"{settings.telegram_api_url}/file/bot")
        .request(request)
        .get_updates_request(request)
        .updater(None)
        .build()
    )
    application.bot_data[SERVICES] = services
    register(application)
    database, clock = services.database, services.clock

    async def handle(raw: dict[str, Any]) -> None:
        with limiter.answering():
            await application.process_update(read_update(raw, application.bot))

    receiver = Receiver(database, clock, handle)
    return Desk(
        application=application,
        services=services,
        receiver=receiver,
        worker=services.worker,
        reconciler=Reconciler(
            database,
            services.gateway,
            services.worker,
            clock,
            bot_id=services.bot_id,
            desk_chat=settings.desk,
            alone=database.path is not None,
            drained=lambda: receiver.caught_up,
        ),
        notices=Notices(
            database,
            services.gateway,
            services.catalog,
            clock,
            desk_chat=settings.desk,
            language=settings.default_language,
            zone=settings.zone,
        ),
        pipeline=Pipeline(
            database,
            fetcher,
            parser,
            clock,
            zone=settings.zone,
            interval=settings.fetch_interval,
            most_age=int(settings.max_push_age * 3_600_000),
            wake=services.worker.wake,
        ),
    )


def _terms(settings: Settings) -> PaidTerms:
    return PaidTerms(settings.paid_lanes, settings.paid_rate, settings.paid_daily_stars)


def _policy(settings: Settings) -> Policy:
    return Policy(settings.default_schedule, settings.timezone, settings.channel_approval == "open")


async def _restore(limiter: Limiter, database: Database, clock: Clock) -> None:
    """Tell the limiter what was sent a moment ago: a restart makes no burst."""
    now = clock()
    async with database.read() as connection:
        sends = await ledger.last_sends(connection, now - _RESTORED_MS, limit=_LAST_SENDS)
    limiter.restore((chat_id, max(0.0, (now - at) / 1000)) for chat_id, at in sends)


async def _start(
    settings: Settings, desk: Desk, part: Part, stack: AsyncExitStack, stop: asyncio.Event
) -> "list[asyncio.Task[None]]":
    services, application = desk.services, desk.application
    await services.staff.appoint_owners(settings.owner_ids)
    await insist(application.initialize, stop)
    tasks: list[asyncio.Task[None]] = []
    jobs: dict[str, tuple[float, schedule.Work]] = {}
    if part is not Part.WORK:
        await set_menus(services)
        await desk.receiver.resume()
        if (polling := await receive(settings, services.gateway, desk.receiver, stop)) is not None:
            tasks.append(polling)
    if settings.listen:
        receiver = desk.receiver if settings.webhook_url and part is not Part.WORK else None
        secret = settings.webhook_secret.get_secret_value() if settings.webhook_secret else ""
        try:
            runner = await web.serve(settings.listen, services.database, receiver, secret)
        except OSError as error:
            raise ConfigError(f"LISTEN: {settings.listen} cannot be had ({error.strerror})") from error
        stack.push_async_callback(runner.cleanup)
    if part is not Part.RECEIVE:
        # What the last run left under way is made uncertain before anything new is sent.
        await desk.reconciler.after_restart()
        tasks += [asyncio.create_task(desk.worker.run()), asyncio.create_task(desk.reconciler.run())]
        jobs["sources"] = (min(_LOOK_SECONDS, settings.fetch_interval), desk.pipeline.look)
        jobs["pages"] = (_RETRY_SECONDS, desk.pipeline.retry_pages)
        jobs["notices"] = (_NOTICE_SECONDS, desk.notices.say)
        jobs["housekeeping"] = (
            _HOUSEKEEPING_SECONDS,
            lambda: clear_away(services.database, services.clock, settings.ledger_days),
        )
    assert application.job_queue is not None, "installed with the job-queue extra"
    schedule.plan(application.job_queue, jobs)
    await application.start()
    return tasks


async def _stop(desk: Desk, tasks: "list[asyncio.Task[None]]") -> None:
    """Stop taking in, let what is under way end, and close."""
    await desk.pipeline.stop()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    try:
        async with asyncio.timeout(_DRAIN_SECONDS):
            await desk.receiver.drain()
    except TimeoutError:
        _log.warning("updates_left", hint="they are stored and will be handled at the next start")
    await desk.application.stop()
    await desk.application.shutdown()
