"""A load balancer in front of several receivers: each request goes to the next one that takes it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import cycle

from aiohttp import ClientError, ClientSession, ClientTimeout, web

_PATIENCE_SECONDS = 10
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
