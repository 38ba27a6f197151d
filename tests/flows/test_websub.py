"""A feed with a WebSub hub, over real HTTP: subscribed, pushed, renewed and left."""

import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from aiohttp import ClientSession, web

from sandbox.client import text_of
from tests.flows.conftest import PeykApp, Telegram
from tests.flows.news_site import NewsSite
from tests.unit.web.conftest import free_port


class Hub:
    """A hub on loopback: it verifies what it is asked for, and signs what it pushes. `asked` are the forms."""

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []
        self.subscribed: dict[str, dict[str, str]] = {}
        self.url = ""
        self._session = ClientSession()
        self._tasks: set[asyncio.Task[None]] = set()
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        app = web.Application()
        app.router.add_post("/", self._answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/"

    async def stop(self) -> None:
        assert self._runner is not None, "started before"
        await self._session.close()
        await self._runner.cleanup()

    async def ask(self, callback: str, mode: str, topic: str, **more: str) -> tuple[int, str]:
        """Ask a callback whether it wants what it has asked for; return the status and the answer."""
        query = {"hub.mode": mode, "hub.topic": topic, "hub.challenge": "a challenge"}
        query |= {f"hub.{name}": value for name, value in more.items()}
        async with self._session.get(callback, params=query) as answer:
            return answer.status, await answer.text()

    async def push(self, form: dict[str, str], body: bytes, *, method: str = "sha256", secret: str = "") -> int:
        """Push a body to a callback, signed with its secret, or with another one; return the status."""
        digest = hmac.new((secret or form["hub.secret"]).encode(), body, getattr(hashlib, method)).hexdigest()
        headers = {"X-Hub-Signature": f"{method}={digest}"}
        async with self._session.post(form["hub.callback"], data=body, headers=headers) as answer:
            return answer.status

    async def _answer(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.asked.append(form)
        task = asyncio.create_task(self._verify(form))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return web.Response(status=202)

    async def _verify(self, form: dict[str, str]) -> None:
        answer = await self.ask(form["hub.callback"], form["hub.mode"], form["hub.topic"], lease_seconds="3600")
        if answer != (200, "a challenge"):
            return
        if form["hub.mode"] == "subscribe":
            self.subscribed[form["hub.callback"]] = form
        else:
            self.subscribed.pop(form["hub.callback"], None)


@pytest.fixture
async def hub() -> AsyncIterator[Hub]:
    hub = Hub()
    await hub.start()
    yield hub
    await hub.stop()


def _publish(site: NewsSite, hub: Hub, number: int, title: str) -> None:
    site.add_item(number, title)
    links = f'<{hub.url}>; rel="hub", <{site.url}/feed.xml>; rel="self"'
    site.pages["/feed.xml"].headers["Link"] = links


@pytest.fixture
async def subscribed(
    app: PeykApp, telegram: Telegram, site: NewsSite, hub: Hub, until: Callable[..., Any]
) -> dict[str, str]:
    """The form with which a running app has subscribed to the feed of a source that is read once an hour."""
    address = f"127.0.0.1:{free_port()}"
    app.start(LISTEN=address, WEBHOOK_URL=f"http://{address}", WEBHOOK_SECRET="s3cret")
    await telegram.people.wait_for(telegram.reader, lambda _: True)
    _publish(site, hub, 601, "خبر آغازین")
    await app.cli("sources", "add", f"{site.url}/feed.xml", "--category", "عمومی", "--interval", "3600")

    async def confirmed() -> Any:
        return app.rows("SELECT 1 FROM hub_subscription WHERE confirmed_at IS NOT NULL") and hub.subscribed

    return dict(next(iter((await until(confirmed)).values())))


async def test_a_push_brings_the_news_of_the_feed_and_nothing_of_its_own_body(
    app: PeykApp,
    telegram: Telegram,
    site: NewsSite,
    hub: Hub,
    subscribed: dict[str, str],
    until: Callable[..., Any],
) -> None:
    channel = await telegram.channel()
    await telegram.ask(telegram.owner, "/sources", button="آزمون")
    asked = site.asked.count("/feed.xml")
    assert subscribed["hub.topic"] == f"{site.url}/feed.xml"
    assert await hub.push(subscribed, b"<rss/>", secret="another") == 403
    assert await hub.push(subscribed, b"<rss/>", method="md5") == 403
    _publish(site, hub, 602, "خبر راستین")
    forged = site.pages["/feed.xml"].body.replace("خبر راستین".encode(), "خبر دروغین".encode())
    assert site.asked.count("/feed.xml") == asked
    assert await hub.push(subscribed, forged) == 202
    await telegram.people.wait_for(channel, lambda m: "خبر راستین" in text_of(m))
    assert (
        app.rows("SELECT 1 FROM article JOIN revision ON article_id = article.id WHERE title LIKE '%دروغین%'") == []
    )
    assert app.rows("SELECT strong FROM hub_subscription") == [(1,)]
    # A hub that has signed with SHA-256 is not believed with SHA-1 any more.
    assert await hub.push(subscribed, forged, method="sha1") == 403


@pytest.mark.long
async def test_a_subscription_is_renewed_and_left_with_its_source(
    app: PeykApp, hub: Hub, subscribed: dict[str, str], until: Callable[..., Any]
) -> None:
    callback, topic = subscribed["hub.callback"], subscribed["hub.topic"]
    assert await hub.ask(callback, "subscribe", "https://another.example/", lease_seconds="60") == (404, "")
    assert await hub.ask(callback, "unsubscribe", topic) == (404, "")
    assert await hub.ask(callback[:-1], "subscribe", topic, lease_seconds="60") == (404, "")
    app.change("UPDATE hub_subscription SET due_at = 0")

    async def renewed() -> bool:
        return len(hub.asked) > 1

    await until(renewed)
    assert hub.asked[1] == subscribed
    await app.cli("sources", "pause", "1")

    async def left() -> bool:
        return not hub.subscribed and not app.rows("SELECT 1 FROM hub_subscription")

    await until(left)
    assert await hub.push(subscribed, b"<rss/>") == 410
    await app.cli("sources", "resume", "1")

    async def again() -> bool:
        return bool(hub.subscribed)

    await until(again)
    assert callback not in hub.subscribed
    await app.cli("sources", "remove", "1")
    await until(left)
    assert "Traceback" not in app.log


@pytest.mark.long
async def test_a_sources_page_says_how_its_subscription_stands(
    app: PeykApp, telegram: Telegram, hub: Hub, subscribed: dict[str, str], until: Callable[..., Any]
) -> None:
    owner = telegram.owner
    listed = await telegram.ask(owner, "/sources", button="آزمون")
    await telegram.people.press(owner, listed, "آزمون")

    async def page() -> str:
        pressed = {"user_id": owner, "chat_id": owner, "message_id": listed["message_id"], "data": "source:1"}
        await telegram.people.do("press", **pressed)
        return text_of(await telegram.now(listed))

    assert "WebSub: مشترک؛ تمدید:" in await page()
    callback, topic = subscribed["hub.callback"], subscribed["hub.topic"]
    assert (await hub.ask(callback, "denied", topic))[0] == 200
    assert "WebSub: هاب نپذیرفت؛ درخواست بعدی:" in await page()
    app.change("UPDATE hub_subscription SET due_at = 0")

    async def confirmed() -> bool:
        return "WebSub: مشترک" in await page()

    await until(confirmed)
    app.change("UPDATE hub_subscription SET confirmed_at = NULL")
    assert "WebSub: در انتظار پاسخ هاب" in await page()
    app.change("UPDATE source SET hub = '', topic = ''")
    assert "WebSub: ندارد" in await page()
