"""The local Telegram's HTTP server: the Bot API, the control API, and the page."""

import asyncio
import json
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout, web

from sandbox import control
from sandbox.api import account, chats, media, messages
from sandbox.api.registry import METHODS, Call
from sandbox.errors import ApiError
from sandbox.faults import DropConnectionError, Fault, Kind, before
from sandbox.flood import Limits
from sandbox.params import check, method_named
from sandbox.world import Json, World

SIMULATED = (account, chats, media, messages)
"""The modules whose methods are simulated; importing them registers those."""

DEFAULT_TOKEN = "424242:SANDBOX-token-of-a-local-telegram-000"  # noqa: S105 - it opens nothing but the sandbox
_LARGEST_REQUEST = 60 << 20


@dataclass
class Running:
    """A started sandbox: its world and its root address."""

    world: World
    token: str
    url: str
    runner: web.AppRunner
    courier: asyncio.Task[None]

    async def stop(self) -> None:
        """Close every connection and stop."""
        self.courier.cancel()
        await self.runner.cleanup()


async def start(
    *,
    port: int = 0,
    token: str = DEFAULT_TOKEN,
    bot_username: str = "peyk_sandbox_bot",
    limits: Limits | None = None,
    rich: bool = True,
    privacy: bool = True,
) -> Running:
    """Start a sandbox on loopback; port 0 takes a free one."""
    world = World(int(token.split(":")[0]), bot_username, limits=limits, rich=rich, privacy=privacy)
    app = web.Application(client_max_size=_LARGEST_REQUEST)
    api = _Api(world, token)
    app.router.add_route("*", "/bot{token}/{method}", api.handle)
    app.router.add_get("/file/bot{token}/{path:.*}", api.download)
    app.router.add_routes(control.routes(world))
    page = files("sandbox").joinpath("page")
    if page.is_dir():
        app.router.add_get("/", _index)
        app.router.add_static("/page/", str(page))
    runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.5)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port)
    await site.start()
    bound = runner.addresses[0][1]
    courier = asyncio.create_task(_carry_to_webhook(world))
    return Running(world, token, f"http://127.0.0.1:{bound}", runner, courier)


async def _index(_request: web.Request) -> web.FileResponse:
    return web.FileResponse(str(files("sandbox").joinpath("page", "index.html")))


class _Api:
    def __init__(self, world: World, token: str) -> None:
        self._world = world
        self._token = token
        self._late: set[asyncio.Task[None]] = set()
        self._sequence = 0

    async def handle(self, request: web.Request) -> web.StreamResponse:
        method, params = request.match_info["method"], {}
        try:
            self._check_token(request)
            method = method_named(method)
            given, uploads = await _read(request)
            params = check(method, given, {name: content for name, (_, content) in uploads.items()})
            fault = self._world.faults.take(method, params)
            await before(fault)
            result = await self._do(method, params, uploads, fault)
        except DropConnectionError:
            self._log(method, params, 0, "no answer")
            assert request.transport is not None, "a request being handled has a connection"
            request.transport.abort()
            return web.Response()
        except ApiError as error:
            self._log(method, params, error.code, error.description)
            return web.json_response(error.body, status=error.code)
        self._log(method, params, 200, "")
        return web.json_response({"ok": True, "result": result})

    async def download(self, request: web.Request) -> web.Response:
        found = self._world.files.get(request.match_info["path"].removeprefix("files/"))
        if request.match_info["token"] != self._token or found is None:
            return web.json_response(ApiError(404, "Not Found").body, status=404)
        return web.Response(body=found[1])

    def _check_token(self, request: web.Request) -> None:
        if request.match_info["token"] != self._token:
            raise ApiError(401, "Unauthorized")

    async def _do(
        self, method: str, params: Json, uploads: dict[str, tuple[str, bytes]], fault: Fault | None
    ) -> Any:
        act = METHODS.get(method)
        if act is None:
            raise ApiError(400, f"Bad Request: method {method} is not simulated by the sandbox")
        call = Call(self._world, params, uploads)
        if fault is not None and fault.kind is Kind.DONE_LATER:
            self._do_later(act, call, fault.seconds)
            raise DropConnectionError
        result = act(call)
        if asyncio.iscoroutine(result):
            result = await result
        if fault is not None and fault.kind is Kind.ANSWER_LOST:
            raise DropConnectionError
        return result

    def _do_later(self, act: Any, call: Call, seconds: float) -> None:
        async def later() -> None:
            await asyncio.sleep(seconds)
            act(call)

        task = asyncio.create_task(later())
        self._late.add(task)
        task.add_done_callback(self._late.discard)

    def _log(self, method: str, params: Json, status: int, description: str) -> None:
        self._sequence += 1
        self._world.requests.append(
            {
                "seq": self._sequence,
                "at": self._world.now(),
                "method": method,
                "params": params,
                "status": status,
                "description": description,
            }
        )


async def _read(request: web.Request) -> tuple[Json, dict[str, tuple[str, bytes]]]:
    """Return the parameters (query, form, JSON or multipart) and the uploaded files."""
    given: Json = dict(request.query)
    uploads: dict[str, tuple[str, bytes]] = {}
    if request.content_type == "application/json":
        try:
            body = json.loads(await request.read() or b"{}")
        except ValueError:
            raise ApiError(400, "Bad Request: can't parse JSON") from None
        if not isinstance(body, dict):
            raise ApiError(400, "Bad Request: a JSON object is expected")
        return given | body, uploads
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            uploads[name] = (value.filename, value.file.read())
        else:
            given[name] = value
    return given, uploads


async def _carry_to_webhook(world: World) -> None:
    """Send updates to the webhook, in order, each until it is taken."""
    async with ClientSession(timeout=ClientTimeout(total=30), trust_env=False) as session:
        while True:
            await world.until(lambda: bool(world.webhook["url"] and world.pending), 3600)
            if not (world.webhook["url"] and world.pending):
                continue
            headers = (
                {"X-Telegram-Bot-Api-Secret-Token": world.webhook["secret"]} if world.webhook["secret"] else {}
            )
            try:
                async with session.post(world.webhook["url"], json=world.pending[0], headers=headers) as answer:
                    taken = answer.status < 300
            except (ClientError, TimeoutError):
                taken = False
            if taken:
                world.pending.popleft()
            else:
                await asyncio.sleep(0.5)
