"""Metrics are shown to whom they are meant for, and cost the same however many ask."""

import asyncio

import pytest

from bot.config import load_settings
from bot.errors import ConfigError
from bot.web.cached import Cached
from storage import deliveries
from storage.engine.connection import Connection
from storage.records import DeliveryState
from tests.unit.web.conftest import Server, Serving, body_of, status

_TOKEN = "a-token-of-the-operator"
_HOOK = {"WEBHOOK_URL": "https://desk.example"}


async def test_metrics_tell_of_the_database_and_of_the_process(server: Server) -> None:
    await server.get("/livez")
    told = body_of(await server.get("/metrics")).decode()
    assert "peyk_articles_published 0.0" in told
    assert 'peyk_sources{condition="silent"} 0.0' in told
    assert 'peyk_http_requests_total{status="' in told
    assert "process_open_fds" in told


async def test_forty_clients_cost_one_look_at_the_database(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = 0
    counts = deliveries.counts

    async def counted(connection: Connection) -> dict[DeliveryState, int]:
        nonlocal looks
        looks += 1
        await asyncio.sleep(0.1)
        return await counts(connection)

    monkeypatch.setattr(deliveries, "counts", counted)
    answers = await asyncio.gather(*(server.get("/metrics") for _ in range(40)))
    assert {status(answer) for answer in answers} == {200}
    assert looks == 1


async def test_a_token_is_asked_for(serving: Serving) -> None:
    async with serving(METRICS_TOKEN=_TOKEN, **_HOOK) as server:
        for wrong in ("", _TOKEN, f"Basic {_TOKEN}", f"Bearer {_TOKEN}x", "Bearer \u00ff"):
            answer = await server.get("/metrics", Authorization=wrong)
            assert status(answer) == 401, wrong
            assert body_of(answer) == b""
        assert status(await server.get("/metrics", Authorization=f"Bearer {_TOKEN}")) == 200
        assert status(await server.get("/healthz")) == 200


async def test_behind_the_proxy_of_a_webhook_nobody_reads_metrics_without_a_token(serving: Serving) -> None:
    async with serving(**_HOOK) as server:
        assert status(await server.get("/metrics")) == 404


@pytest.mark.parametrize(
    "public", [{"API_TOKENS": f"wordpress:author:{'x' * 32}"}, {"FEEDS": "true"}], ids=["the API", "feeds"]
)
async def test_behind_the_proxy_of_anything_public_nobody_reads_metrics_without_a_token(
    serving: Serving, public: dict[str, str]
) -> None:
    async with serving(**public) as server:
        assert status(await server.get("/metrics")) == 404
        assert status(await server.get("/healthz")) == 200
    async with serving(METRICS_TOKEN=_TOKEN, **public) as server:
        assert status(await server.get("/metrics", Authorization=f"Bearer {_TOKEN}")) == 200


async def test_health_and_metrics_move_to_an_address_of_their_own(serving: Serving) -> None:
    async with serving(METRICS_LISTEN="127.0.0.1:{port}", **_HOOK) as server:
        for path in ("/metrics", "/healthz", "/livez"):
            assert status(await server.get(path)) == 404
            assert status(await server.get(path, port=server.monitoring_port)) == 200
        assert status(await server.get("/telegram", port=server.monitoring_port)) == 404


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("METRICS_LISTEN", "8080"),
        ("METRICS_LISTEN", "127.0.0.1:65536"),
        ("LISTEN", "127.0.0.1:99999"),
        ("METRICS_TOKEN", "short"),
        ("METRICS_TOKEN", "a token with blanks in it"),
    ],
)
def test_a_wrong_setting_is_named_without_its_value(name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=f"^{name}: ") as refused:
        load_settings({name: value}, env_file=None)
    assert value not in str(refused.value)


async def test_a_result_is_computed_again_only_when_it_is_old_an_error_too() -> None:
    now, runs = 0.0, 0

    async def compute() -> int:
        nonlocal runs
        runs += 1
        if runs == 2:
            raise ValueError("reason")
        return runs

    cached = Cached(compute, 10, clock=lambda: now)
    assert await asyncio.gather(*(cached.get() for _ in range(5))) == [1] * 5
    now = 9.9
    assert await cached.get() == 1
    now = 10.0
    for _ in range(2):
        with pytest.raises(ValueError, match="reason"):
            await cached.get()
    now = 20.0
    assert await cached.get() == 3


async def test_who_stops_waiting_stops_nobody_else() -> None:
    over = asyncio.Event()

    async def compute() -> str:
        await over.wait()
        return "done"

    cached = Cached(compute, 10)
    first, second = asyncio.create_task(cached.get()), asyncio.create_task(cached.get())
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.sleep(0)
    over.set()
    assert await second == "done"
