"""What the process counts while it runs, as Prometheus metrics: to count something more, add its line here."""

from prometheus_client import CollectorRegistry, Counter, ProcessCollector

REGISTRY = CollectorRegistry()
"""The registry that /metrics shows beside the numbers of the database."""

ProcessCollector(registry=REGISTRY)

CONNECTIONS_DROPPED = Counter(
    "peyk_http_connections_dropped",
    "Connections that the server ended: too many of them, or too slow",
    ["reason"],
    registry=REGISTRY,
)
REQUESTS = Counter("peyk_http_requests", "Requests by answer", ["status"], registry=REGISTRY)
