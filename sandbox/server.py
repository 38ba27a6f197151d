"""The local Telegram's HTTP server: the Bot API, the control API, and the page."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from aiohttp import StreamReader, web
from aiohttp.http_parser import RawRequestMessage

from sandbox.api import account, chats, editing, media, message_actions, messages, rich
from sandbox.control import Control
from sandbox.endpoint import Endpoint
from sandbox.flood import Limits
from sandbox.state import TelegramState
from sandbox.webhook import deliver_updates

SIMULATED = (account, chats, editing, media, messages, message_actions, rich)
"""The modules whose methods are simulated; importing them registers those."""

DEFAULT_TOKEN = "424242:SANDBOX-token-of-a-local-telegram-000"  # noqa: S105 - it opens nothing but the sandbox
_PAGE_HEADERS = {
    "Cache-Control": "no-cache",
    # Pictures and videos may come from a news site on this machine; nothing of the page leaves it.
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data: blob: http://127.0.0.1:* http://localhost:*; "
        "media-src 'self' blob: http://127.0.0.1:* http://localhost:*; "
        "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_LARGEST_REQUEST = 60 << 20
_LOCAL_HOSTS = {"127.0.0.1", "localhost", "[::1]"}


@dataclass
class RunningServer:
    """A started sandbox: its state and its root address."""

    state: TelegramState
    token: str
    url: str
    runner: web.ServerRunner
    webhook_sender: asyncio.Task[None]

    async def stop(self) -> None:
        """Close every connection and stop."""
        self.webhook_sender.cancel()
        await self.runner.cleanup()


async def start(
    *,
    port: int = 0,
    token: str = DEFAULT_TOKEN,
    bot_username: str = "peyk_sandbox_bot",
    limits: Limits | None = None,
    rich: bool = True,
    privacy: bool = True,
    clock: Callable[[], float] = time.time,
) -> RunningServer:
    """Start a sandbox on loopback; port 0 takes a free one."""
    state = TelegramState(
        int(token.partition(":")[0]), bot_username, limits=limits, rich=rich, privacy=privacy, clock=clock
    )
    # Below aiohttp's router and application, which cost more than what a plain sendMessage does here.
    server = web.Server(_request_handler(state, token), request_factory=_request, handler_cancellation=True)
    runner = web.ServerRunner(server, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port)
    await site.start()
    bound = runner.addresses[0][1]
    return RunningServer(
        state, token, f"http://127.0.0.1:{bound}", runner, asyncio.create_task(deliver_updates(state))
    )


def _request(  # noqa: PLR0917 - the interface is aiohttp's
    message: RawRequestMessage, payload: StreamReader, protocol: Any, writer: Any, task: asyncio.Task[None]
) -> web.BaseRequest:
    loop = asyncio.get_running_loop()
    return web.BaseRequest(message, payload, protocol, writer, task, loop, client_max_size=_LARGEST_REQUEST)


def _is_from_here(request: web.BaseRequest, *, is_page: bool) -> bool:
    """Return whether a request names this machine and is made by no page of another site.

    Browsers let any page send a form to this machine, and ask it questions under a name of the page's own. They say
    so: https://www.w3.org/TR/fetch-metadata/. A link elsewhere may lead to the page itself.
    """
    origin = request.headers.get("Origin", f"http://{request.host}")
    site = "none" if is_page else request.headers.get("Sec-Fetch-Site", "none")
    is_ours = origin == f"http://{request.host}" and site in ("none", "same-origin")
    return is_ours and request.host.rsplit(":", 1)[0] in _LOCAL_HOSTS


def _request_handler(
    state: TelegramState, token: str
) -> Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]:
    bot_api, control = Endpoint(state, token), Control(state)
    page = {
        f"/{folder}/{entry.name}": Path(str(entry))
        for folder in ("page", "samples")
        for entry in files("sandbox").joinpath(folder).iterdir()
        if entry.is_file()
    }
    page["/"] = page["/page/index.html"]

    async def handle(request: web.BaseRequest) -> web.StreamResponse:
        path = request.path
        if not _is_from_here(request, is_page=path in page):
            return web.json_response({"error": "only for this machine"}, status=403)
        if path.startswith("/bot"):
            return await bot_api.call(request)
        if path.startswith("/sandbox/"):
            return await control.answer(request)
        if path.startswith("/file/bot"):
            return await bot_api.download(request)
        if path in page and request.method in ("GET", "HEAD"):
            return web.FileResponse(page[path], headers=_PAGE_HEADERS)
        return web.Response(status=404, text="There is nothing here.")

    return handle
