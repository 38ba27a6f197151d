"""The numbers of the database that /metrics shows: read, and written in Prometheus' text format."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.delivery.paid import TENTHS, spent_today
from bot.ingest.sources.source_condition import SourceCondition, count_by_condition
from bot.jobs.backups import BACKED_UP_AT
from storage import articles, chats, deliveries, inbox, key_value, outbox, progress, sources
from storage.engine.connection import Connection
from storage.engine.database import PoolWaits
from storage.progress import LaneBacklog
from storage.records import Admission, ChatKind, DeliveryState, Lane, Reachability, SourceState, SourceVitals


@dataclass(frozen=True, slots=True)
class Figures:
    """Numbers of the database. Instants are ms, None where there is none.

    `oldest_ready` is since when the first ready delivery waits, `oldest_update` the first update. `oldest_fetch` is
    the last good fetch of the active source that has waited longest for one, `source_failures` the failed fetches
    since the last good one, of all active sources. `stars` is what was spent today, `backed_up_at` when the last
    scheduled backup succeeded.
    """

    deliveries: Mapping[DeliveryState, int]
    published: int
    chats: list[tuple[ChatKind, Admission, Reachability, int]]
    oldest_ready: int | None
    lanes: list[LaneBacklog]
    sources: Mapping[SourceCondition, int]
    source_failures: int
    oldest_fetch: int | None
    updates: int
    oldest_update: int | None
    stars: float
    paused: bool
    backed_up_at: int | None


async def read_figures(connection: Connection, zone: ZoneInfo, now: int) -> Figures:
    """Return the numbers at an instant (ms) of a newsroom in `zone`."""
    vitals = await sources.vitals(connection)
    active = [source_vitals for source_vitals in vitals if source_vitals.state is SourceState.ACTIVE]
    updates, oldest_update = await inbox.open_updates(connection)
    return Figures(
        deliveries=await deliveries.counts(connection),
        published=await articles.count_published(connection),
        chats=await chats.count_by_kind(connection),
        oldest_ready=await outbox.oldest_ready(connection),
        lanes=await progress.waiting(connection),
        sources=count_by_condition(vitals, now),
        source_failures=sum(source_vitals.failures for source_vitals in active),
        oldest_fetch=min((_fetched_at(source_vitals) for source_vitals in active), default=None),
        updates=updates,
        oldest_update=oldest_update,
        stars=await spent_today(connection, zone, now) / TENTHS,
        paused=await key_value.value(connection, key_value.PAUSED) is not None,
        backed_up_at=int(at) if (at := await key_value.value(connection, BACKED_UP_AT)) else None,
    )


def _fetched_at(vitals: SourceVitals) -> int:
    """Return the last good fetch of a source (ms); one that had none yet counts from when it was added."""
    return vitals.created_at if vitals.fetched_at is None else vitals.fetched_at


def exposition(figures: Figures) -> bytes:
    """Return the numbers as the text that Prometheus reads."""
    registry = CollectorRegistry()
    _add_delivery_gauges(figures, registry)
    _add_source_gauges(figures, registry)
    Gauge("peyk_articles_published", "Articles that readers can see", registry=registry).set(figures.published)
    by_kind = Gauge("peyk_chats", "Chats", ["kind", "admission", "reachability"], registry=registry)
    for kind, admission, reachability, count in figures.chats:
        by_kind.labels(kind, admission, reachability).set(count)
    Gauge("peyk_updates_waiting", "Updates that are stored and not handled yet", registry=registry).set(
        figures.updates
    )
    _add_instant_gauge(
        "peyk_updates_oldest_timestamp_seconds",
        "Since when the oldest update waits",
        figures.oldest_update,
        registry,
    )
    _add_instant_gauge(
        "peyk_backup_last_success_timestamp_seconds",
        "The last scheduled backup that succeeded",
        figures.backed_up_at,
        registry,
    )
    Gauge("peyk_stars_spent_today", "Stars spent on paid broadcasts today", registry=registry).set(figures.stars)
    return generate_latest(registry)


def _add_delivery_gauges(figures: Figures, registry: CollectorRegistry) -> None:
    by_state = Gauge("peyk_deliveries", "Deliveries by state", ["state"], registry=registry)
    for state, count in figures.deliveries.items():
        by_state.labels(state).set(count)
    _add_instant_gauge(
        "peyk_delivery_oldest_ready_timestamp_seconds",
        "Since when the first ready delivery waits",
        figures.oldest_ready,
        registry,
    )
    due = Gauge("peyk_queue_due", "Deliveries and amendments that are due, by lane", ["lane"], registry=registry)
    later = Gauge("peyk_queue_later", "Deliveries that wait for their time, by lane", ["lane"], registry=registry)
    oldest = Gauge(
        "peyk_queue_oldest_timestamp_seconds",
        "Since when the oldest one of a lane is due",
        ["lane"],
        registry=registry,
    )
    backlogs = {lane_backlog.lane: lane_backlog for lane_backlog in figures.lanes}
    for lane in (candidate for candidate in Lane if candidate is not Lane.ANSWER):
        name, backlog = lane.name.lower(), backlogs.get(lane, LaneBacklog(lane, 0, 0))
        due.labels(name).set(backlog.due)
        later.labels(name).set(backlog.later)
        if backlog.oldest_due_at is not None:
            oldest.labels(name).set(backlog.oldest_due_at / 1000)
    Gauge("peyk_paused", "1 while every push is paused", registry=registry).set(figures.paused)


def _add_source_gauges(figures: Figures, registry: CollectorRegistry) -> None:
    by_condition = Gauge("peyk_sources", "Sources by condition", ["condition"], registry=registry)
    for condition, count in figures.sources.items():
        by_condition.labels(condition).set(count)
    failures = "Failed fetches since the last good one, of all active sources"
    Gauge("peyk_source_failures", failures, registry=registry).set(figures.source_failures)
    _add_instant_gauge(
        "peyk_source_oldest_fetch_timestamp_seconds",
        "The last good fetch of the active source that has waited longest for one",
        figures.oldest_fetch,
        registry,
    )


def _add_instant_gauge(name: str, meaning: str, instant: int | None, registry: CollectorRegistry) -> None:
    """Add a gauge of an instant (ms); it is named without a value where the instant is None."""
    family = GaugeMetricFamily(name, meaning)
    if instant is not None:
        family.add_metric([], instant / 1000)
    registry.register(_Collected(family))


class _Collected(Collector):
    """Metrics whose values are counted elsewhere."""

    def __init__(self, *families: Metric) -> None:
        self._families = families

    def collect(self) -> Iterable[Metric]:
        """Return the metrics."""
        return self._families


def pool_exposition(waits: Mapping[str, PoolWaits]) -> bytes:
    """Return how long this process has waited for connections, by pool, as the text that Prometheus reads."""
    count = CounterMetricFamily(
        "peyk_database_waits", "Transactions that had to wait for a connection", labels=["pool"]
    )
    seconds = CounterMetricFamily(
        "peyk_database_wait_seconds", "Seconds that transactions waited for a connection", labels=["pool"]
    )
    for pool, waited in waits.items():
        count.add_metric([pool], waited.count)
        seconds.add_metric([pool], waited.seconds)
    registry = CollectorRegistry()
    registry.register(_Collected(count, seconds))
    return generate_latest(registry)
