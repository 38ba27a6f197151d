"""Metrics of a running process: all that the alerts, the dashboard and the reference name, and what happened."""

import re
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
import pytest

from sandbox.client import text_of
from tests.flows.conftest import PeykApp, Telegram
from tests.monitoring.promql import Query, Scrape
from tests.monitoring.rules import alerts, panels
from tests.unit.web.conftest import free_port

_REFERENCE = Path(__file__).parents[2] / "docs/reference/metrics.md"
_ROW = re.compile(r"^\| `(?P<name>[a-z_]+)` \| (?P<kind>[a-z]+) \|(?P<labels>[^|]*)\|", re.MULTILINE)
_OF_PROMETHEUS = {"le"}
_ENDINGS = ("_bucket", "_sum", "_count")


def _described() -> dict[str, set[str]]:
    """Return the labels of every metric that the reference describes, by the name of its samples."""
    text = _REFERENCE.read_text(encoding="utf-8")
    return {row["name"]: set(re.findall(r"`([a-z]+)`", row["labels"])) for row in _ROW.finditer(text)}


def _plain(sample: str) -> str:
    """Return the name under which the reference describes a sample."""
    return next((sample.removesuffix(ending) for ending in _ENDINGS if sample.endswith(ending)), sample)


@pytest.fixture
async def scrapes(
    app: PeykApp, telegram: Telegram, until: Callable[..., Awaitable[object]]
) -> tuple[Scrape, Scrape]:
    """A scrape of a process before it does anything, and one after it has published and answered."""
    port = free_port()
    channel = await telegram.channel("کانال")
    await app.running(telegram, METRICS_LISTEN=f"127.0.0.1:{port}")

    async def scrape() -> Scrape:
        async with httpx.AsyncClient(trust_env=False) as client:
            answer = await client.get(f"http://127.0.0.1:{port}/metrics", timeout=20)
            assert (await client.get(f"http://127.0.0.1:{port}/readyz")).json() == {"status": "ok"}
        assert answer.status_code == 200
        return Scrape.of(answer.text, time.time())

    before = await scrape()
    await telegram.publish("تیتر سنجیده")
    await telegram.people.wait_for(channel, lambda m: "تیتر سنجیده" in text_of(m))
    await app.heard()

    async def is_counted() -> Scrape | None:
        scraped = await scrape()
        return scraped if "peyk_deliveries_tried_total" in scraped.samples else None

    after = await until(is_counted)
    assert isinstance(after, Scrape)
    return before, after


async def test_the_metrics_of_a_running_process(scrapes: tuple[Scrape, Scrape]) -> None:
    before, now = scrapes
    described = _described()
    own = {_plain(name) for name in now.names if name.startswith("peyk_")}
    assert own == described.keys()
    for name, vector in now.samples.items():
        if name.startswith("peyk_"):
            for labels in vector:
                assert {label for label, _ in labels} - _OF_PROMETHEUS == described[_plain(name)], name

    tried = now.samples["peyk_deliveries_tried_total"]
    assert tried[("lane", "headline"), ("outcome", "sent")] == 1
    calls = now.samples["peyk_telegram_call_seconds_count"]
    assert calls[(("method", "sendMessage"),)] >= 1
    handled = now.samples["peyk_update_handler_seconds_count"]
    assert handled[(("kind", "message"),)] >= 1
    assert handled[(("kind", "callback_query"),)] >= 1
    assert now.samples["peyk_loop_lag_seconds_count"][()] > 0
    (build,) = now.samples["peyk_build_info"]
    assert dict(build)["version"]

    for name, expression in [*alerts().items(), *panels()]:
        query = Query(expression, before, now)
        value = query.value()
        assert name not in alerts() or value == {}, f"{name} fires at a process that is well"
        known = set().union(*(described.get(_plain(metric), set()) for metric in query.names))
        assert query.labels - _OF_PROMETHEUS <= known, name
