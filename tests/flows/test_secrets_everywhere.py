"""All secrets of an installation at once: none is in what Peyk says, answers or writes, and its files are its own."""

import asyncio
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from aiohttp import web

from sandbox.client import text_of
from tests.flows.conftest import PeykApp, Telegram
from tests.unit.web.conftest import free_port
from tests.variations import first_and_long

pytestmark = pytest.mark.long

_NAMES = ("webhook", "metrics", "api", "hook", "path", "key", "login", "cookie", "header", "proxy", "database")
_MARKS = {name: f"Mark{number}Xq7Lm2Zt9Rw4Kd8Pv3Hs6By1Nc5" for number, name in enumerate(_NAMES)}


@dataclass
class _Site:
    """A feed that works, one that does not, and a target of webhooks that refuses each call."""

    url: str = ""
    called: list[str] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.Response:
        """Answer with a feed, or with an error that repeats what was sent."""
        if request.path == "/feed":
            item = f"<item><title>خبر تازهٔ این پایگاه</title><link>{self.url}/a/first-story</link></item>"
            return web.Response(
                text=f"<rss><channel><title>t</title>{item}</channel></rss>", content_type="text/xml"
            )
        body = await request.text()
        self.called.append(body)
        return web.Response(status=500, text=f"{request.rel_url} {dict(request.headers)} {body}")


@pytest.fixture
async def site() -> AsyncIterator[_Site]:
    site, application = _Site(), web.Application()
    application.router.add_route("*", "/{rest:.*}", site.answer)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    site.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield site
    await runner.cleanup()


@dataclass
class _Said:
    """Everything that came out of Peyk, by where it did."""

    app: PeykApp
    settings: dict[str, str]
    told: dict[str, str] = field(default_factory=dict)

    async def cli(self, *arguments: str, stdin: bytes = b"", settings: dict[str, str] | None = None) -> int:
        """Run a command, keep what it prints, and return its exit status."""
        changed = settings or {}
        ran = await self.app.cli(*arguments, stdin=stdin, **(self.settings | changed))
        self.told[f"{len(self.told)} peyk {' '.join(arguments)} {' '.join(changed)}"] = ran.stdout + ran.stderr
        return ran.returncode

    def leaks(self, marks: dict[str, str]) -> list[tuple[str, str]]:
        """Return which secret is in what."""
        return [(name, where) for where, text in self.told.items() for name, mark in marks.items() if mark in text]


@asynccontextmanager
async def _client(port: int) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
        yield client


async def _ask_everything(said: _Said, port: int) -> None:
    """Ask every address of LISTEN, with the right secrets and without any."""
    bearer = {"Authorization": f"Bearer {_MARKS['api']}"}
    asked = [
        ("GET", "/metrics", {}),
        ("GET", "/metrics", {"Authorization": f"Bearer {_MARKS['metrics']}"}),
        ("GET", "/readyz", {}),
        ("GET", "/healthz", {}),
        ("GET", "/api/articles", {}),
        ("GET", "/api/articles?wrong=1", bearer),
        ("POST", "/api/articles", bearer),
        ("GET", "/api/openapi.json", {}),
        ("GET", "/feeds/all.xml", {}),
    ]
    async with _client(port) as client:
        for method, path, headers in asked:
            answer = await client.request(method, path, headers=headers)
            said.told[f"{method} {path}"] = answer.text + str(answer.headers)


async def _run_every_command(said: _Said) -> None:
    for arguments in (
        ("doctor",),
        ("audit", "--json"),
        ("outbox", "--json"),
        ("sources", "list", "--json"),
        ("sources", "request", "show", "1"),
        ("sources", "check"),
        ("opml", "export", "list.opml"),
        ("backup", "copy.db"),
    ):
        await said.cli(*arguments)
    wrong = {
        "API_TOKENS": f"a:editor:{_MARKS['api']},a:editor:{_MARKS['api']}",
        "WEBHOOKS_OUT": f"site:{_MARKS['hook']}@ftp://x/{_MARKS['path']}",
        "SECRET_KEY": _MARKS["key"][:31],
        "WEBHOOK_SECRET": f"{_MARKS['webhook']}!",
        "METRICS_TOKEN": f"{_MARKS['metrics']} x",
        "FETCH_PROXY": f"ftp://u:{_MARKS['proxy']}@x",
        "DATABASE_URL": f"postgresql://u:{_MARKS['database']}@[x/peyk",
    }
    for name, value in wrong.items():
        assert await said.cli("articles", "list", settings={name: value}) == 1


def _written(folder: Path) -> dict[str, str]:
    """Return what is in the files of a folder. All are their owner's alone but the log, which the test has made."""
    files = {path: stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*") if path.name != "log"}
    assert {str(path): oct(mode) for path, mode in files.items() if mode & 0o077} == {}
    return {f"file {path.name}": path.read_bytes().decode("utf-8", "replace") for path in files if path.is_file()}


@pytest.mark.parametrize("form", first_and_long(["json", "console"]))
async def test_no_secret_is_in_what_peyk_says_answers_or_writes(
    new_app: PeykApp, telegram: Telegram, site: _Site, form: str
) -> None:
    port = free_port()
    settings = {
        "LOG_LEVEL": "DEBUG",
        "LOG_FORMAT": form,
        "LISTEN": f"127.0.0.1:{port}",
        "WEBHOOK_SECRET": _MARKS["webhook"],
        "METRICS_TOKEN": _MARKS["metrics"],
        "API_TOKENS": f"site:editor:{_MARKS['api']}",
        "WEBHOOKS_OUT": f"site:{_MARKS['hook']}@{site.url}/hook/{_MARKS['path']}",
        "SECRET_KEY": _MARKS["key"],
        "FEEDS": "yes",
    }
    said = _Said(new_app, settings)
    for path in ("feed", "broken"):
        assert await said.cli("sources", "add", f"{site.url}/{path}", "--category", "politics") == 0
    for source, part, secret in (
        ("1", "login", f"ali:{_MARKS['login']}"),
        ("1", "cookie", f"sid={_MARKS['cookie']}"),
        ("2", "header", f"X-Key: {_MARKS['header']}"),
        ("2", "proxy", f"http://u:{_MARKS['proxy']}@127.0.0.1:9"),
    ):
        assert await said.cli("sources", "request", "set", source, part, "-", stdin=secret.encode()) == 0
    await new_app.running(telegram, **settings)
    await telegram.publish("خبر یک")
    invitation = await telegram.ask(telegram.owner, "/invite editor")
    code = text_of(invitation).rsplit("start=", 1)[1].strip()
    async with asyncio.timeout(40):
        while not site.called or "source_failed" not in new_app.log or "webhook" not in new_app.log:
            await asyncio.sleep(0.05)
    await _ask_everything(said, port)
    await _run_every_command(said)
    assert await new_app.stop() == 0
    assert await said.cli("migrate", "--to", f"sqlite:///{new_app.folder}/moved/peyk.db") == 0
    said.told |= {"log": new_app.log, "webhook": "".join(site.called)} | _written(new_app.folder)
    token = telegram.running.token
    assert said.leaks(_MARKS | {"token": token, "half": token.partition(":")[2], "code": code}) == []
