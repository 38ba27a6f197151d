"""The composition root: builds the app from its parts, and closes them at the end."""

import asyncio
import random
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from telegram.ext import Application, ApplicationBuilder

from bot.audience.bookmarks import Bookmarks
from bot.audience.chats import Chats, Policy
from bot.audience.post_style_previews import PostStylePreviews
from bot.audience.reactions import Reactions
from bot.audience.subscriptions import Subscriptions
from bot.audience.user_rate_limit import UserRateLimits
from bot.clock import Clock, SteadyClock, elapsed_ms
from bot.config import Settings
from bot.delivery.answers import Answers
from bot.delivery.attachments import Attachments
from bot.delivery.outbox_actions import OutboxActions
from bot.delivery.paid import PaidLanes, terms_of
from bot.delivery.reconcile import Reconciler, ReconcilerConfig
from bot.delivery.refusal_evidence import AnswerRefusals
from bot.delivery.rendering import Composer
from bot.delivery.reschedule import Rescheduler
from bot.delivery.sender import Sender
from bot.delivery.shared_rate_limit import SharedRateLimit
from bot.delivery.worker import Throttle, Worker
from bot.failover import Failover
from bot.ingest.discovery.discovery import Discovery
from bot.ingest.fetch.fetcher import Fetcher
from bot.ingest.fetch.ssrf_guard import AllowList
from bot.ingest.importer import Importer
from bot.ingest.page_reader import PageReader
from bot.ingest.page_visits import PageVisits
from bot.ingest.parsing.parser import Parser
from bot.ingest.parsing.text_reader import TextReader
from bot.ingest.pipeline import Pipeline
from bot.ingest.site_reader import SiteReader
from bot.ingest.source_reader import Cadence, SourceReader, SourceTools
from bot.ingest.sources.sealing import Sealer, sealer_of
from bot.ingest.sources.source_admin import SourceAdmin
from bot.ingest.sources.source_requests import SourceRequests
from bot.ingest.storing.item_store import ItemStore
from bot.ingest.storing.story_matching import SameStory
from bot.jobs.backups import BackupPlan, ScheduledBackups
from bot.jobs.cards import Cards
from bot.jobs.delayed_tasks import DelayedTasks
from bot.jobs.desk_reports import DeskReports
from bot.jobs.hub_subscriptions import HubSubscriptions, callback_key
from bot.jobs.lost_chats import LostChats
from bot.jobs.membership import Membership
from bot.jobs.notices import Notices
from bot.jobs.outage_notices import OutageNotices
from bot.jobs.pins import Pins
from bot.jobs.route_notices import RouteNotices
from bot.jobs.webhooks import Webhooks
from bot.locales.catalog import Catalog
from bot.newsroom.acting import acting
from bot.newsroom.announcements import Announcements
from bot.newsroom.article_lists import ArticleLists
from bot.newsroom.articles import Newsroom
from bot.newsroom.chart_client import ChartClient
from bot.newsroom.commands import Commands
from bot.newsroom.comments import Comments
from bot.newsroom.dialogues import Dialogues
from bot.newsroom.edit_locks import EditLocks
from bot.newsroom.house_words import HouseWords
from bot.newsroom.pausing import Pausing
from bot.newsroom.permissions import Right
from bot.newsroom.reviews import Reviews
from bot.newsroom.scheduling import Scheduling
from bot.newsroom.source_changes import SourceChanges
from bot.newsroom.staff import Staff
from bot.newsroom.story_joining import StoryJoining
from bot.newsroom.submissions import Submissions
from bot.newsroom.tips import Tips
from bot.newsroom.work_cards import WorkCards
from bot.render.language import ChatTexts
from bot.startup import retry
from bot.telegram.circuit import Circuit
from bot.telegram.gateway import BotApi, CallObservers, Gateway
from bot.telegram.message_cache import MessageCache
from bot.telegram.photos import Photos
from bot.telegram.rate_limiter import Limiter
from bot.telegram.routes import routes_of
from bot.telegram.server_support import StoredServerSupport
from bot.telegram.token_check import TokenCheck
from bot.telegram.transport import AiohttpRequest, NotSentError
from bot.timekeeping import Timekeeper
from bot.updates.dispatch import Updates
from bot.updates.polling_turn import PollingTurn
from bot.updates.receiver import Receiver
from bot.web import ApiServices, Quota
from handlers.card_renderers import card_renderers
from handlers.core.context import SERVICES, Services
from handlers.register import declared_commands, register
from storage import instants, ledger
from storage.engine.database import Database
from storage.engine.group_commit import GroupCommit

_LAST_SENDS = 60_000
_RESTORED_MS = 61_000


@dataclass(frozen=True, slots=True)
class App:
    """An app with all its parts; `services` are what its handlers use.

    Without `shared_limit`, no other process shares the budget; without `polling`, none takes turns to poll. Without
    a webhook, there are no `hubs`.
    """

    application: "Application[Any, Any, Any, Any, Any, Any]"
    database: Database
    services: Services
    receiver: Receiver
    worker: Worker
    token: TokenCheck
    shared_limit: SharedRateLimit | None
    timekeeper: Timekeeper
    reconciler: Reconciler
    notices: Notices
    cards: Cards
    pins: Pins
    membership: Membership
    pipeline: Pipeline
    api: ApiServices
    webhooks: Webhooks
    outages: OutageNotices
    polling: PollingTurn | None
    backups: ScheduledBackups | None = None
    hubs: HubSubscriptions | None = None


@dataclass(frozen=True, slots=True)
class _Bot:
    """The bot's account, as Telegram describes it."""

    id: int
    username: str
    takes_inline: bool


@dataclass(frozen=True, slots=True)
class _Connections:
    """The ways out of Peyk: to Telegram, to sites, and to the side processes.

    `answering` is the gateway of handlers, `gateway` that of everything else.
    """

    database: Database
    clock: SteadyClock
    limiter: Limiter
    circuit: Circuit
    gateway: Gateway
    answering: Gateway
    photos: Photos
    shared_limit: SharedRateLimit | None
    fetcher: Fetcher
    parser: Parser
    texts: TextReader
    charts: ChartClient
    sealer: Sealer


@asynccontextmanager
async def _connected(settings: Settings, database: Database) -> AsyncIterator[_Connections]:
    """Open the ways out, and close them at the end."""
    clock, circuit, shared_limit = SteadyClock(), Circuit(), None
    if database.path is None:
        shared_limit = SharedRateLimit(database, clock, settings.bulk_rate, process=secrets.token_hex(8))
    limiter = Limiter(settings.bulk_rate, shared=shared_limit)
    routes = Failover(routes_of(settings.telegram_api_url, settings.telegram_proxy))
    routes.on_switched.append(RouteNotices(database, clock).switched)
    request = AiohttpRequest(routes)
    if shared_limit is None:
        # Otherwise an earlier run is another process, whose sends every transaction looks at.
        await _restore(limiter, database, clock)
    support = StoredServerSupport(database, clock, settings.telegram_api_url[0])
    await support.load()
    api = BotApi(settings.telegram_api_url[0], settings.token)
    watch = CallObservers(circuit, TokenCheck(), AnswerRefusals(database, clock))
    door = partial(Gateway, request, api, limiter, support, watch=watch)
    await request.initialize()
    fetcher = Fetcher(clock, allow=AllowList(settings.allow_private_hosts), proxies=settings.fetch_proxy)
    parser, texts, charts = Parser(), TextReader(settings.zone), ChartClient()
    try:
        yield _Connections(
            database=database,
            clock=clock,
            limiter=limiter,
            circuit=circuit,
            gateway=door(),
            answering=door(lasting=True),
            photos=Photos(elapsed_ms),
            shared_limit=shared_limit,
            fetcher=fetcher,
            parser=parser,
            texts=texts,
            charts=charts,
            sealer=sealer_of(settings),
        )
    finally:
        for closing in (parser, texts, charts, fetcher):
            await closing.close()
        await request.shutdown()


@asynccontextmanager
async def build_app(settings: Settings, database: Database, stop: asyncio.Event) -> AsyncIterator[App]:
    """Build the app on an open database, waiting for Telegram until `stop`, and close what it holds at the end."""
    async with _connected(settings, database) as connections:
        bot = await retry(lambda: _account(connections.gateway, settings.token), stop)
        rng = random.Random()  # noqa: S311 - it spreads retries, it guards nothing
        catalog = Catalog.load()
        composer = Composer(catalog, bot.username, settings.default_language, connections.photos)
        worker = _worker(settings, connections, composer, rng)
        retiming = Rescheduler(database, connections.clock, worker.wake)
        services = _services(settings, connections, worker, retiming, bot=bot, catalog=catalog, rng=rng)
        timekeeper = _timekeeper(settings, connections, worker, retiming)
        yield _app(services, connections, timekeeper, await _hubs(settings, connections))


def _worker(settings: Settings, connections: _Connections, composer: Composer, rng: random.Random) -> Worker:
    limiter, clock = connections.limiter, connections.clock
    paid = PaidLanes(terms_of(settings), settings.zone, shared=connections.database.path is None)
    return Worker(
        connections.database,
        Sender(connections.gateway, limiter, clock, rng, photos=connections.photos),
        composer,
        clock,
        throttle=Throttle(limiter, connections.circuit, paid, connections.shared_limit),
        tick=settings.broadcast_interval,
        lease=int(settings.lease_seconds * 1000),
    )


def _services(
    settings: Settings,
    connections: _Connections,
    worker: Worker,
    retiming: Rescheduler,
    *,
    bot: _Bot,
    catalog: Catalog,
    rng: random.Random,
) -> Services:
    """Return the services of the handlers."""
    database, clock = connections.database, connections.clock
    site = SiteReader(connections.fetcher, connections.parser, clock, settings.zone)
    as_staff = partial(acting, database, right=Right.HOME)
    return Services(
        settings=settings,
        database=database,
        clock=clock,
        catalog=catalog,
        gateway=connections.answering,
        photos=connections.photos,
        worker=worker,
        answers=Answers(database, clock),
        attachments=Attachments(database, connections.answering, connections.fetcher.download, clock),
        lost_chats=LostChats(database, connections.gateway, clock, worker.wake, bot_id=bot.id),
        desk_reports=_desk_reports(settings, connections, catalog, bot),
        newsroom=Newsroom(database, clock, worker.wake, review_required=settings.review_required),
        reviews=Reviews(database, clock, worker.wake, review_required=settings.review_required),
        source_changes=SourceChanges(database, clock, worker.wake),
        announcements=Announcements(database, clock, worker.wake),
        work_cards=WorkCards(database, clock),
        scheduling=Scheduling(database, clock, worker.wake, review_required=settings.review_required),
        story_joining=StoryJoining(database, clock, worker.wake, review_required=settings.review_required),
        outbox_actions=OutboxActions(partial(acting, database, right=Right.OUTBOX), clock, worker.wake),
        comments=Comments(database, clock),
        house_words=HouseWords(database, clock),
        tips=Tips(database, clock),
        pausing=Pausing(database, clock, worker.wake),
        dialogues=Dialogues(database, clock),
        edit_locks=EditLocks(database, clock),
        staff=Staff(database, clock),
        chats=Chats(
            database,
            clock,
            _policy(settings),
            retiming.follow,
            deciding=partial(acting, database, right=Right.APPROVE_CHATS),
            acting=as_staff,
        ),
        subscriptions=Subscriptions(database, clock, retiming.follow, acting=as_staff),
        bookmarks=Bookmarks(database, clock),
        reactions=Reactions(database),
        post_style_previews=PostStylePreviews(database),
        source_admin=SourceAdmin(database, clock),
        source_requests=SourceRequests(database, connections.sealer, clock),
        discovery=Discovery(site),
        importer=Importer(database, site, connections.texts, clock, wake=worker.wake),
        charts=connections.charts,
        bot_username=bot.username,
        bot_id=bot.id,
        takes_inline=bot.takes_inline,
        rng=rng,
        user_rate_limits=UserRateLimits(),
        message_cache=MessageCache(),
        delayed_tasks=DelayedTasks(),
        commands=Commands.of(declared_commands()),
    )


async def _account(gateway: Gateway, token: str) -> _Bot:
    """Return our account, as Telegram tells it.

    Raises NotSentError where the account is another bot's: the token begins with the id of its own.
    """
    answer = await gateway.call("getMe", {})
    if answer["id"] != int(token.partition(":")[0]):
        raise NotSentError("not Telegram's answer: the account of another bot")
    return _Bot(int(answer["id"]), answer["username"], bool(answer.get("supports_inline_queries")))


def _desk_reports(settings: Settings, connections: _Connections, catalog: Catalog, bot: _Bot) -> DeskReports:
    return DeskReports(
        connections.database,
        connections.gateway,
        ChatTexts(catalog, settings.default_language, settings.zone),
        connections.clock,
        desk_chat=settings.desk_chat_or_owner,
        zone=settings.zone,
        bot_username=bot.username,
    )


def _timekeeper(settings: Settings, connections: _Connections, worker: Worker, retiming: Rescheduler) -> Timekeeper:
    shared_limit = connections.shared_limit
    listeners = [worker.clock_jumped, *([shared_limit.clock_jumped] if shared_limit is not None else [])]
    longest = instants.bounds(fetch_interval=settings.fetch_interval, lease=int(settings.lease_seconds * 1000))
    database, clock = connections.database, connections.clock
    return Timekeeper(database, clock, longest=longest, follow=retiming.follow_clock, listeners=listeners)


def _app(
    services: Services, connections: _Connections, timekeeper: Timekeeper, hubs: HubSubscriptions | None
) -> App:
    settings, database, clock = services.settings, connections.database, connections.clock
    gateway, limiter = connections.gateway, connections.limiter
    application = _application(settings, services, gateway)
    updates = Updates(application)

    async def handle(raw: dict[str, Any]) -> None:
        with limiter.answering():
            await updates.handle(raw)

    alone, name = database.path is not None, secrets.token_hex(8)
    lease = int(settings.lease_seconds * 1000)
    leases = timekeeper.clock.for_leases
    texts = ChatTexts(services.catalog, settings.default_language, settings.zone)
    receiver = Receiver(database, clock, handle, lease=lease, alone=alone, lease_clock=leases)
    return App(
        application=application,
        database=database,
        services=services,
        receiver=receiver,
        worker=services.worker,
        token=gateway.token,
        shared_limit=connections.shared_limit,
        # So short that another process polls within LEASE_SECONDS after this one was killed.
        polling=None
        if alone or settings.webhook_url
        else PollingTurn(database, clock, holder=name, lease=lease // 2, lease_clock=leases),
        timekeeper=timekeeper,
        reconciler=_reconciler(services, connections, receiver, leases),
        notices=Notices(database, gateway, texts, clock, desk_chat=settings.desk_chat_or_owner),
        cards=_cards(services, connections, texts),
        pins=Pins(database, gateway, clock),
        membership=Membership(database, gateway, clock),
        pipeline=_pipeline(services, connections, receiver),
        api=_api(services, connections),
        webhooks=Webhooks(database, clock, settings.webhooks_out),
        outages=_outages(settings, connections, texts, holder=name),
        backups=_backups(settings, database, clock),
        hubs=hubs,
    )


def _outages(settings: Settings, connections: _Connections, texts: ChatTexts, *, holder: str) -> OutageNotices:
    return OutageNotices(
        connections.database,
        connections.gateway,
        connections.circuit,
        texts.of(None),
        clock=connections.clock,
        holder=holder,
        desk_chat=settings.desk_chat_or_owner,
    )


def _reconciler(
    services: Services, connections: _Connections, receiver: Receiver, lease_clock: Clock
) -> Reconciler:
    database, settings = connections.database, services.settings
    return Reconciler(
        database,
        connections.gateway,
        services.worker,
        connections.clock,
        config=ReconcilerConfig(services.bot_id, settings.desk_chat_or_owner, database.path is not None),
        drained=lambda: receiver.caught_up,
        lease_clock=lease_clock,
    )


def _cards(services: Services, connections: _Connections, texts: ChatTexts) -> Cards:
    return Cards(
        connections.database,
        connections.gateway,
        texts,
        connections.clock,
        renderers=card_renderers(services.settings.bulk_rate, services.bot_username),
        message_cache=services.message_cache,
    )


def _backups(settings: Settings, database: Database, clock: Clock) -> ScheduledBackups | None:
    if settings.backup_dir is None:
        return None
    plan = BackupPlan(settings.backup_dir, settings.backup_at, settings.backup_keep, settings.zone)
    return ScheduledBackups(database, clock, plan)


def _api(services: Services, connections: _Connections) -> ApiServices:
    database, settings = connections.database, services.settings
    submissions = Submissions(
        database, connections.clock, services.worker.wake, review_required=settings.review_required
    )
    quota = Quota(database, connections.clock)
    return ApiServices(services.newsroom, submissions, ArticleLists(database), connections.parser, quota)


async def _hubs(settings: Settings, connections: _Connections) -> HubSubscriptions | None:
    if settings.webhook_url is None:
        return None
    database, key = connections.database, await callback_key(connections.database)
    return HubSubscriptions(database, connections.clock, connections.fetcher, key, base=settings.webhook_url)


def _application(
    settings: Settings, services: Services, gateway: Gateway
) -> "Application[Any, Any, Any, Any, Any, Any]":
    """Make python-telegram-bot's application, every handler registered; updates come by the receiver."""
    application = (
        ApplicationBuilder()
        .token(settings.token)
        .base_url(f"{settings.telegram_api_url[0]}/bot")
        .base_file_url(f"{settings.telegram_api_url[0]}/file/bot")
        .request(gateway.request)
        .get_updates_request(gateway.request)
        .updater(None)
        .build()
    )
    application.bot_data[SERVICES] = services
    register(application)
    return application


def _pipeline(services: Services, connections: _Connections, receiver: Receiver) -> Pipeline:
    settings, wake = services.settings, services.worker.wake
    database, clock, sealer = connections.database, connections.clock, connections.sealer
    fetcher, parser = connections.fetcher, connections.parser
    pages = PageReader(fetcher, parser, clock, zone=settings.zone, rate=settings.page_rate, opener=sealer)
    tools = SourceTools(fetcher, parser, pages, settings.zone, opener=sealer)
    commits = GroupCommit(database, receiver.give_way)
    store = ItemStore(most_age=int(settings.max_push_age * 3_600_000), same_story=SameStory(settings.same_story))
    reader = SourceReader(
        database,
        commits,
        tools,
        store,
        clock=clock,
        cadence=Cadence(settings.fetch_interval, services.rng),
        wake=wake,
    )
    return Pipeline(database, reader, PageVisits(database, commits, pages, clock, wake=wake), clock)


def _policy(settings: Settings) -> Policy:
    return Policy(settings.default_schedule, settings.timezone, settings.channel_approval == "open")


async def _restore(limiter: Limiter, database: Database, clock: Clock) -> None:
    """Restore the limiter's state from the newest sends: a restart causes no burst."""
    now = clock()
    async with database.read() as connection:
        sends = await ledger.last_sends(connection, now - _RESTORED_MS, limit=_LAST_SENDS)
    limiter.restore((chat_id, max(0.0, (now - at) / 1000)) for chat_id, at in sends)
