"""Load balancers in front of several receivers: each request goes to the next one that takes it."""

import asyncio
import re
import subprocess
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from itertools import cycle
from pathlib import Path

from aiohttp import ClientError, ClientSession, ClientTimeout, web

from tests import real_programs
from tests.unit.web.conftest import free_port

Balancer = Callable[[list[str]], AbstractAsyncContextManager[str]]
"""Serves in front of the receivers with these root addresses, and yields its own."""

_GUIDE = Path(__file__).parents[2] / "docs/how-to/behind-a-reverse-proxy.md"
_PATIENCE_SECONDS = 10
_START_SECONDS = 60
_PASSED_ON = ("Content-Type", "X-Telegram-Bot-Api-Secret-Token")


@asynccontextmanager
async def balanced(backends: list[str]) -> AsyncIterator[str]:
    """Serve on a free port and yield its root address; `backends` are the root addresses of the receivers.

    It answers 502 where none of them takes the request, as the usual ones do.
    """
    turns = cycle(range(len(backends)))
    async with ClientSession(timeout=ClientTimeout(total=_PATIENCE_SECONDS), trust_env=False) as session:

        async def forward(request: web.BaseRequest) -> web.Response:
            body, first = await request.read(), next(turns)
            headers = {name: request.headers[name] for name in _PASSED_ON if name in request.headers}
            for backend in backends[first:] + backends[:first]:
                try:
                    async with session.post(backend + request.path, data=body, headers=headers) as taken:
                        if taken.status < 500:
                            return web.Response(status=taken.status, body=await taken.read())
                except (ClientError, TimeoutError):
                    continue
            return web.Response(status=502)

        runner = web.ServerRunner(web.Server(forward), access_log=None)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            yield f"http://127.0.0.1:{runner.addresses[0][1]}"
        finally:
            await runner.cleanup()


@asynccontextmanager
async def haproxy(backends: list[str]) -> AsyncIterator[str]:
    """Start a real HAProxy as the guide configures it, in front of two `backends`; skip where there is none."""
    program, port = real_programs.path_of("haproxy"), free_port()
    (config,) = re.findall(r"```haproxy\n(.*?)```", _GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    places = [backend.removeprefix("http://") for backend in backends]
    for written, here in (
        (":443 ssl crt /etc/haproxy/news.example.org.pem", f"127.0.0.1:{port}"),
        *zip(("10.0.0.11:8080", "10.0.0.12:8080"), places, strict=True),
    ):
        assert written in config
        config = config.replace(written, here)
    with tempfile.TemporaryDirectory(prefix="peyk-haproxy-") as folder:
        path = Path(folder) / "haproxy.cfg"
        path.write_text(config, encoding="utf-8")
        process = subprocess.Popen([program, "-db", "-f", path])
        try:
            await _listening(process, port)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(_PATIENCE_SECONDS)


async def _listening(process: "subprocess.Popen[bytes]", port: int) -> None:
    """Wait until a process takes connections on the port."""
    async with asyncio.timeout(_START_SECONDS):
        while True:
            assert process.poll() is None, "it ended; what it said is above"
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return
