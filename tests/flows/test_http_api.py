"""Another system publishes through the API of a running app: readers get it, a webhook hears of it, a feed has it."""

import json
from collections.abc import Awaitable, Callable

import httpx
from aiohttp import web

from sandbox.client import text_of
from tests.flows.conftest import PeykApp, Telegram
from tests.peyk_app import bare
from tests.unit.web.conftest import free_port

_SECRET = "s" * 40


async def test_another_system_publishes_corrects_and_retracts(
    app: PeykApp, telegram: Telegram, until: Callable[..., Awaitable[object]]
) -> None:
    port, hook = free_port(), free_port()
    told: list[str] = []

    async def hear(request: web.BaseRequest) -> web.Response:
        told.append(json.loads(await request.read())["event"])
        return web.Response(status=204)

    async def told_is(*events: str) -> bool:
        return told == list(events)

    runner = web.ServerRunner(web.Server(hear))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", hook).start()
    channel = await telegram.channel("کانال")
    await app.running(
        telegram,
        LISTEN=f"127.0.0.1:{port}",
        API_TOKENS=f"wordpress:editor:{_SECRET}",
        WEBHOOKS_OUT=f"site:{_SECRET}@http://127.0.0.1:{hook}/hook",
        FEEDS="true",
    )
    headers = {"Authorization": f"Bearer {_SECRET}", "Idempotency-Key": "post-1"}
    url = f"http://127.0.0.1:{port}"
    async with httpx.AsyncClient(base_url=url, headers=headers, trust_env=False, timeout=30) as client:
        new = {"action": "publish", "title": "تیتر از سایت", "category": "سیاسی", "body": "متن"}
        made = (await client.post("/api/articles", json=new)).json()
        await telegram.people.wait_for(channel, lambda m: "تیتر از سایت" in text_of(m))
        feed = await client.get("/feeds/politics.xml")
        assert "تیتر از سایت" in feed.text
        path = f"/api/articles/{made['id']}"
        change = {"action": "correct", "revision": made["revision"], "title": "تیتر درست"}
        assert (await client.post(path, json=change)).status_code == 200
        await telegram.people.wait_for(channel, lambda m: "تیتر درست" in text_of(m))
        await until(lambda: told_is("article.published", "article.corrected"))
        await client.post(path, json={"action": "retract", "reason": "نادرست"})
        await until(lambda: told_is("article.published", "article.corrected", "article.retracted"))
    acts = bare(text_of(await telegram.ask(telegram.owner, f"/audit {made['id']}")))
    assert acts.count("API wordpress") == 4
    await runner.cleanup()
