"""A real Prometheus reads a running process with our rules: every expression of alerts and dashboard has an answer."""

import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from sandbox.client import text_of
from tests import real_programs
from tests.flows.conftest import PeykApp, Telegram
from tests.monitoring.rules import RULES, alerts, panels
from tests.unit.web.conftest import free_port

_TOKEN = "metrics-token-of-the-tests"


class _Prometheus:
    """The HTTP API of a running Prometheus."""

    def __init__(self, url: str) -> None:
        self._url = url

    async def get(self, path: str, **query: str) -> Any:
        async with httpx.AsyncClient(trust_env=False, timeout=20) as client:
            answer = (await client.get(f"{self._url}/api/v1/{path}", params=query)).json()
        assert answer["status"] == "success", answer
        return answer["data"]

    async def is_scraping(self) -> bool:
        """Return whether it has read the process."""
        try:
            targets = (await self.get("targets"))["activeTargets"]
        except httpx.TransportError:
            return False
        assert all(not target["lastError"] for target in targets), targets
        return [target["health"] for target in targets] == ["up"]


@pytest.fixture
async def prometheus(tmp_path: Path, peyk_port: int) -> AsyncIterator[_Prometheus]:
    program, port = real_programs.path_of("prometheus"), free_port()
    config = {
        "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
        "rule_files": [str(RULES)],
        "scrape_configs": [
            {
                "job_name": "peyk",
                "authorization": {"credentials": _TOKEN},
                "static_configs": [{"targets": [f"127.0.0.1:{peyk_port}"]}],
            }
        ],
    }
    (tmp_path / "prometheus.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    command = [program, "--config.file=prometheus.yml", "--storage.tsdb.path=series"]
    process = subprocess.Popen(
        [*command, f"--web.listen-address=127.0.0.1:{port}"],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=(tmp_path / "prometheus.log").open("wb"),
    )
    yield _Prometheus(f"http://127.0.0.1:{port}")
    process.terminate()
    process.wait(20)


@pytest.fixture
def peyk_port() -> int:
    """The port of the metrics of the process."""
    return free_port()


@pytest.mark.long
async def test_prometheus_answers_every_expression_about_a_running_process(
    app: PeykApp,
    telegram: Telegram,
    prometheus: _Prometheus,
    peyk_port: int,
    until: Callable[..., Awaitable[object]],
) -> None:
    channel = await telegram.channel("کانال")
    await app.running(telegram, METRICS_LISTEN=f"127.0.0.1:{peyk_port}", METRICS_TOKEN=_TOKEN)
    await until(prometheus.is_scraping)
    await telegram.publish("تیتر سنجیده")
    await telegram.people.wait_for(channel, lambda m: "تیتر سنجیده" in text_of(m))

    async def is_counted() -> bool:
        sent = await prometheus.get("query", query='peyk_deliveries_tried_total{outcome="sent"}')
        return bool(sent["result"])

    await until(is_counted)
    for name, expression in [*alerts().items(), *panels()]:
        value = await prometheus.get("query", query=expression)
        assert name not in alerts() or value["result"] == [], f"{name} fires at a process that is well"
    build = await prometheus.get("query", query="max by (version) (peyk_build_info)")
    assert [sample["value"][1] for sample in build["result"]] == ["1"]

    (group,) = (await prometheus.get("rules"))["groups"]
    assert {rule["name"]: rule["health"] for rule in group["rules"]} == dict.fromkeys(alerts(), "ok")
    names = {name for name in await prometheus.get("label/__name__/values") if name.startswith("peyk_")}
    described = {entry for entry in await prometheus.get("metadata") if entry.startswith("peyk_")}
    assert names
    assert described, "each metric has a type and a meaning"


@pytest.mark.long
async def test_prometheus_sees_that_the_process_ends(
    app: PeykApp,
    telegram: Telegram,
    prometheus: _Prometheus,
    peyk_port: int,
    until: Callable[..., Awaitable[object]],
) -> None:
    await app.running(telegram, METRICS_LISTEN=f"127.0.0.1:{peyk_port}", METRICS_TOKEN=_TOKEN)
    await until(prometheus.is_scraping)
    assert await app.stop() == 0

    async def is_pending() -> bool:
        (group,) = (await prometheus.get("rules"))["groups"]
        return [rule["name"] for rule in group["rules"] if rule["state"] != "inactive"] == ["PeykDown"]

    await until(is_pending)
