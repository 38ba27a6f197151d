"""Counters of the running process, as Prometheus metrics: to count something more, add its line here."""

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector

REGISTRY = CollectorRegistry()
"""The registry that /metrics shows beside the numbers of the database."""

ProcessCollector(registry=REGISTRY)

CONNECTIONS_DROPPED = Counter(
    "peyk_http_connections_dropped",
    "Connections that the server ended: too many of them, or too slow",
    ["reason"],
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
REQUESTS = Counter("peyk_http_requests", "Requests by answer", ["status"], registry=REGISTRY)
