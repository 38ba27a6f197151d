"""The run of an app: from its start until it is told to stop."""

import asyncio
import gc
import os
import signal
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from typing import Any

import structlog

from bot import web
from bot.assembly import App, build_app
from bot.clock import HELD_MS
from bot.config import Settings
from bot.file_limit import file_limit, raise_file_limit
from bot.ingest.identity.addresses import load_suffixes
from bot.instance_lock import app_lock
from bot.jobs.housekeeping import clear_away
from bot.jobs.scheduler import ScheduledJobs, Work
from bot.jobs.search_renewal import renew_search
from bot.malloc_arenas import limit_arenas
from bot.process_role import ProcessRole
from bot.service_manager import ServiceManager
from bot.startup import StoppedError, receive, retry, retry_opening
from bot.watchdog import Watchdog
from handlers.core.menus import set_menus
from storage.bootstrap import opened
from storage.engine.database import Database
from storage.engine.planner_statistics import count_anew

_LOOK_SECONDS = 1.0
_PAGES_SECONDS = 1.0
_NOTICE_SECONDS = 2.0
_CARD_SECONDS = 1.0
_RECENT_SENDS_SECONDS = 10.0
_PLAN_SECONDS = 1.0
_PIN_SECONDS = 1.0
_MEMBERS_SECONDS = 3.0
_TOKEN_SECONDS = 5.0
_HUBS_SECONDS = 1.0
_BACKUP_SECONDS = 60.0
_WEBHOOK_SECONDS = 1.0
_LOST_SECONDS = 5.0
_REPORT_SECONDS = 5.0
_RENEWAL_SECONDS = 60.0
_HOUSEKEEPING_SECONDS = 3600.0
_STATISTICS_SECONDS = 10.0
_OUTAGE_SECONDS = 5.0
_DRAIN_SECONDS = 10.0
_RENEWALS_IN_A_LEASE = 6

_log = structlog.get_logger(__name__)


async def run(settings: Settings, role: ProcessRole = ProcessRole.ALL) -> None:
    """Run the app until SIGINT or SIGTERM.

    Raises ConfigError where a setting is wrong: a token that Telegram does not know, an address that cannot be
    had, a database that another app uses.
    """
    limit_arenas()
    raise_file_limit()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    try:
        await _run(settings, role, stop, ServiceManager.of(os.environ))
    except StoppedError:
        _log.info("app_stopped", hint="before Telegram or the database answered")


async def _run(settings: Settings, role: ProcessRole, stop: asyncio.Event, manager: ServiceManager) -> None:
    async with AsyncExitStack() as stack:
        database = await retry_opening(lambda: opened(settings.database_url, settings.zone), stack, stop)
        at_work_here = await retry_opening(lambda: app_lock(database), stack, stop)
        app = await retry_opening(lambda: build_app(settings, database, stop), stack, stop)
        watchdog = Watchdog()
        stack.callback(watchdog.close)
        tasks = await _start(settings, app, role, stack, stop=stop)
        # What was made so far stays: no collection has to look at it again while somebody waits.
        gc.freeze()
        _log.info("app_running", bot=app.services.bot_username, role=role)
        manager.notify("READY=1", f"STATUS=@{app.services.bot_username}, role {role}")
        alive = asyncio.create_task(manager.notify_watchdog())
        stack.callback(alive.cancel)
        stopped = asyncio.create_task(stop.wait())
        ends: list[asyncio.Future[Any]] = [stopped, at_work_here, *tasks]
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        manager.notify("STOPPING=1")
        await _stop(app, tasks)
        for ended in (at_work_here, *tasks):
            if ended.done() and not ended.cancelled() and (error := ended.exception()) is not None:
                raise error
    _log.info("app_stopped")


async def _start(
    settings: Settings, app: App, role: ProcessRole, stack: AsyncExitStack, *, stop: asyncio.Event
) -> "list[asyncio.Task[None]]":
    services, application = app.services, app.application
    await retry(app.timekeeper.start, stop)
    beyond = await retry(lambda: services.staff.appoint_owners(settings.owner_ids), stop)
    if beyond:
        _log.info("owners_beyond_configuration", user_ids=[owner.user_id for owner in beyond])
    await retry(application.initialize, stop)
    tasks: list[asyncio.Task[None]] = []
    jobs: dict[str, tuple[float, Work]] = {"outages": (_OUTAGE_SECONDS, app.outages.run)}
    if app.shared_limit is not None:
        jobs["recent_sends"] = (_RECENT_SENDS_SECONDS, app.shared_limit.forget)
    if role is not ProcessRole.WORK:
        jobs |= _jobs_of_receiving(settings, app)
        tasks += await _start_receiving(settings, app, stop)
    if settings.listen or settings.metrics_listen:
        jobs["token"] = (_TOKEN_SECONDS, lambda: app.token.check(services.gateway.call))
        await stack.enter_async_context(_serving(settings, app, role, tuple(tasks)))
    if role is not ProcessRole.RECEIVE:
        await asyncio.to_thread(load_suffixes)
        # What the last run left under way is made uncertain before anything new is sent.
        await retry(app.reconciler.after_restart, stop)
        tasks += [asyncio.create_task(app.worker.run()), asyncio.create_task(app.reconciler.run())]
        jobs |= _jobs_of_work(settings, app)
    assert application.job_queue is not None, "installed with the job-queue extra"
    # What is cleared away is gone: the clock has to be right by then.
    planned = ScheduledJobs(application.job_queue, jobs, first={"housekeeping": HELD_MS / 1000})
    await application.start()
    return [*tasks, asyncio.create_task(app.timekeeper.run(planned.pull_in))]


async def _start_receiving(settings: Settings, app: App, stop: asyncio.Event) -> "list[asyncio.Task[None]]":
    """Go on with the updates of the last run and receive new ones; return the task that polls, if any."""
    services = app.services
    await set_menus(services)
    await retry(app.receiver.resume, stop)
    if app.polling is not None:
        await retry(app.polling.renew, stop)
    polling = await receive(settings, services.gateway, app.receiver, stop, turn=app.polling)
    return [polling] if polling is not None else []


def _serving(
    settings: Settings, app: App, role: ProcessRole, receiving: "Sequence[asyncio.Task[None]]"
) -> AbstractAsyncContextManager[None]:
    """Return the web server, which checks what the process needs; the tasks of `receiving` have to go on."""
    by_webhook = settings.webhook_url is not None and role is not ProcessRole.WORK
    checks = {
        "database_damaged": lambda: not app.database.is_damaged,
        "telegram": lambda: not app.outages.telegram_is_away,
        "telegram_token": lambda: app.token.is_taken,
        "updates": lambda: not any(task.done() for task in receiving),
    }
    return web.serve(
        settings,
        app.database,
        app.services.clock,
        public=_public_routes(settings, app, by_webhook=by_webhook),
        checks=checks,
        files=file_limit(),
    )


def _public_routes(settings: Settings, app: App, *, by_webhook: bool) -> web.Routes:
    """Return what LISTEN serves besides health and metrics; updates and pushes of hubs come `by_webhook` only."""
    services = app.services
    routes = dict(web.api_routes(settings, app.api, services.catalog))
    if settings.feeds:
        routes |= web.feed_routes(
            app.api.lists,
            services.clock,
            bot_username=services.bot_username,
            language=settings.default_language,
        )
    if by_webhook:
        routes |= web.webhook_routes(settings, app.receiver)
        if app.hubs is not None:
            routes |= web.websub_routes(app.database, app.hubs.key, services.clock)
    return routes


def _jobs_of_receiving(settings: Settings, app: App) -> dict[str, tuple[float, Work]]:
    """Return the jobs of a process that receives updates, each with the seconds between its runs."""
    jobs: dict[str, tuple[float, Work]] = {"updates": (settings.lease_seconds / 3, app.receiver.tend)}
    if app.polling is not None:
        jobs["polling"] = (settings.lease_seconds / _RENEWALS_IN_A_LEASE, app.polling.renew)
    return jobs


def _jobs_of_work(settings: Settings, app: App) -> dict[str, tuple[float, Work]]:
    """Return the jobs of a process that reads sources and sends, each with the seconds between its runs."""
    services = app.services
    jobs: dict[str, tuple[float, Work]] = {
        "sources": (min(_LOOK_SECONDS, settings.fetch_interval), app.pipeline.start_due),
        "pages": (_PAGES_SECONDS, app.pipeline.visit_pages),
        "notices": (_NOTICE_SECONDS, app.notices.run),
        "cards": (_CARD_SECONDS, app.cards.run),
        "planned": (_PLAN_SECONDS, services.scheduling.publish_due),
        "pins": (_PIN_SECONDS, app.pins.run),
        "members": (_MEMBERS_SECONDS, app.membership.run),
        "lost": (_LOST_SECONDS, services.lost_chats.run),
        "reports": (_REPORT_SECONDS, services.desk_reports.run),
        "search": (_RENEWAL_SECONDS, lambda: renew_search(app.database)),
        "housekeeping": (
            _HOUSEKEEPING_SECONDS,
            lambda: clear_away(app.database, services.clock, settings.ledger_days),
        ),
    }
    if app.database.path is None:
        jobs["statistics"] = (_STATISTICS_SECONDS, lambda: _count_anew(app.database))
    if app.backups is not None:
        jobs["backups"] = (_BACKUP_SECONDS, app.backups.run)
    if settings.webhooks_out:
        jobs["webhook_events"] = (_WEBHOOK_SECONDS, app.webhooks.follow_articles)
        for calls in app.webhooks.calls:
            jobs[f"webhook {calls.target.name}"] = (_WEBHOOK_SECONDS, calls.run)
        jobs["webhook_housekeeping"] = (_HOUSEKEEPING_SECONDS, app.webhooks.clear_away)
    if app.hubs is not None:
        jobs["hubs"] = (_HUBS_SECONDS, app.hubs.follow_sources)
        jobs["hub_requests"] = (_HUBS_SECONDS, app.hubs.run)
    return jobs


async def _count_anew(database: Database) -> None:
    """Refresh the statistics by which PostgreSQL plans its queries."""
    counted = await count_anew(database)
    if counted:
        _log.info("tables_counted_anew", tables=counted)


async def _stop(app: App, tasks: "list[asyncio.Task[None]]") -> None:
    """Stop receiving, wait for the work under way, and close."""
    app.receiver.close()
    await app.pipeline.stop()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    if app.polling is not None:
        await app.polling.give_up()
    try:
        async with asyncio.timeout(_DRAIN_SECONDS):
            await app.receiver.drain()
    except TimeoutError:
        _log.warning("updates_left", hint="they are stored: another process or the next start handles them")
        await app.receiver.leave()
    await app.services.delayed_tasks.stop()
    await app.application.stop()
    await app.webhooks.close()
    await app.application.shutdown()
