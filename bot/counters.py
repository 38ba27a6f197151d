"""Metrics that the running process counts and measures, for Prometheus: to count something more, add its line here.

The numbers of the database are in bot.web.metrics. docs/reference/metrics.md describes every one (a test compares).
"""

import platform
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from time import perf_counter

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)

disable_created_metrics()  # type: ignore[no-untyped-call]

REGISTRY = CollectorRegistry()
"""The registry that /metrics shows beside the numbers of the database."""

ProcessCollector(registry=REGISTRY)

AMENDMENTS = Counter(
    "peyk_amendments",
    "Tries to change or delete a copy after a correction or retraction",
    ["outcome"],
    registry=REGISTRY,
)
BUILD = Gauge(
    "peyk_build_info", "The version of Peyk and of Python; the value is 1", ["version", "python"], registry=REGISTRY
)
CONNECTIONS_DROPPED = Counter(
    "peyk_http_connections_dropped",
    "Connections that the server ended: too many of them, or too slow",
    ["reason"],
    registry=REGISTRY,
)
DELIVERIES_TRIED = Counter(
    "peyk_deliveries_tried",
    "Tries of deliveries by lane and outcome; a digest counts each of its headlines",
    ["lane", "outcome"],
    registry=REGISTRY,
)
FLOOD_WAITS = Counter("peyk_flood_waits", "Answers of Telegram to slow down (429)", ["method"], registry=REGISTRY)
ROUTE_SWITCHES = Counter(
    "peyk_telegram_route_switches", "Switches to another of the routes to Telegram", registry=REGISTRY
)
LOOP_LAG = Histogram(
    "peyk_loop_lag_seconds",
    "Lateness of a timer that the event loop was to call: as long does any event wait for its turn",
    buckets=(0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0),
    registry=REGISTRY,
)
LOOP_STALLS = Histogram(
    "peyk_loop_stall_seconds",
    "Stalls of the event loop: turns of more than a tenth of a second",
    buckets=(0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 60.0),
    registry=REGISTRY,
)
MALFORMED_UPDATES = Counter(
    "peyk_updates_malformed", "Updates that could not be understood and were stored as failed", registry=REGISTRY
)
PUBLICATION_LAG = Histogram(
    "peyk_publication_lag_seconds",
    "Time from the publication of an article to its last post where nothing put it off",
    ["lane"],
    buckets=(1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200),
    registry=REGISTRY,
)
REQUESTS = Counter("peyk_http_requests", "Requests by answer", ["status"], registry=REGISTRY)
SIDE_PROCESS_DEATHS = Counter(
    "peyk_side_process_deaths",
    "Processes for foreign markup and charts that died at their work; the next request starts another",
    ["process"],
    registry=REGISTRY,
)
SOURCE_FETCHES = Counter("peyk_source_fetches", "Fetches of sources by result", ["result"], registry=REGISTRY)
for _result in ("fetched", "failed"):
    SOURCE_FETCHES.labels(_result)  # it is 0 before the first: an alert asks for that
TELEGRAM_CALLS = Histogram(
    "peyk_telegram_call_seconds",
    "Time of a call to the Bot API, failed ones included, without waits for the rate limit",
    ["method"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20),
    registry=REGISTRY,
)
UPDATES = Histogram(
    "peyk_update_handler_seconds",
    "Time that the handlers of an update took, failed ones included",
    ["kind"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
    registry=REGISTRY,
)


BUILD.labels(version("peyk"), platform.python_version()).set(1)


@contextmanager
def timed(histogram: Histogram, label: str) -> Iterator[None]:
    """Observe how many seconds the block takes, however it ends, under the one label of `histogram`."""
    began = perf_counter()
    try:
        yield
    finally:
        histogram.labels(label).observe(perf_counter() - began)
