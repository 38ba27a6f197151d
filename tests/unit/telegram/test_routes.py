"""Several routes to Telegram: which one a request takes, and that nothing in doubt goes twice."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from telegram.error import Forbidden

from bot.failover import LOST, PAUSES, Failover
from bot.setting_forms import DIRECT
from bot.telegram.routes import ApiRoute, routes_of
from bot.telegram.transport import AiohttpRequest, MaybeSentError
from tests.unit.telegram.raw_telegram import TOKEN, http, listening

_DONE = http(200, b'{"ok": true, "result": {"message_id": 7}}')
_ME = http(200, b'{"ok": true, "result": {"id": 1, "is_bot": true, "first_name": "Peyk", "username": "peyk_bot"}}')
_FILTERED = http(403, b"<html><body>403</body></html>")
_SEND = f"/bot{TOKEN}/sendMessage"


class _Clock:
    """A clock that stands still until it is moved."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@asynccontextmanager
async def _by(*routes: ApiRoute, clock: _Clock | None = None) -> AsyncIterator[AiohttpRequest]:
    request = AiohttpRequest(Failover(routes, clock or _Clock()), read_timeout=5)
    await request.initialize()
    yield request
    await request.shutdown()


async def test_a_request_that_went_nowhere_goes_out_by_the_next_route() -> None:
    async with listening(b"") as gone:
        pass
    async with listening(_FILTERED) as filtering, listening(_DONE) as open_:
        routes = [
            ApiRoute(gone.root),
            ApiRoute(filtering.root),
            ApiRoute(open_.root, gone.root),
            ApiRoute(open_.root),
        ]
        async with _by(*routes) as request:
            assert await request.call(gone.root + _SEND, {}) == {"message_id": 7}
            assert await request.call(gone.root + _SEND, {}) == {"message_id": 7}
        assert open_.asked == [f"POST {_SEND} HTTP/1.1"] * 2
        assert len(filtering.asked) == 1


async def test_what_may_have_arrived_goes_out_by_no_other_route() -> None:
    async with listening(b"") as silent, listening(_DONE) as open_:
        async with _by(ApiRoute(silent.root), ApiRoute(open_.root)) as request:
            for _ in range(LOST):
                with pytest.raises(MaybeSentError):
                    await request.call(silent.root + _SEND, {})
            assert open_.asked == []
            await request.call(silent.root + _SEND, {})
        assert len(silent.asked) == LOST
        assert len(open_.asked) == 1


async def test_a_better_route_is_used_again_once_it_leads_to_telegram() -> None:
    clock = _Clock()
    async with listening(_FILTERED) as better, listening(_DONE) as other:
        async with _by(ApiRoute(better.root), ApiRoute(other.root), clock=clock) as request:
            await request.call(better.root + _SEND, {})
            better.answer = lambda: _ME if "getMe" in better.asked[-1] else _DONE
            await request.call(better.root + _SEND, {})
            assert len(better.asked) == 1
            clock.now += PAUSES[0]
            async with asyncio.timeout(10):
                while len(better.asked) < 3:
                    await request.call(better.root + _SEND, {})
        assert better.asked[1:] == [f"GET /bot{TOKEN}/getMe HTTP/1.1", f"POST {_SEND} HTTP/1.1"]


async def test_a_refusal_of_telegrams_is_no_fault_of_the_route() -> None:
    refusal = http(
        403, b'{"ok": false, "error_code": 403, "description": "Forbidden: bot was blocked by the user"}'
    )
    async with listening(refusal) as refusing, listening(_DONE) as other:
        async with _by(ApiRoute(refusing.root), ApiRoute(other.root)) as request:
            with pytest.raises(Forbidden):
                await request.call(refusing.root + _SEND, {})
        assert other.asked == []


def test_every_address_is_combined_with_every_proxy_and_no_label_tells_a_password() -> None:
    routes = routes_of(["https://a.example", "https://b.example"], ["socks5://me:secret@p.example:1080", DIRECT])
    assert [route.label for route in routes] == [
        "https://a.example by socks5://p.example:1080",
        "https://a.example",
        "https://b.example by socks5://p.example:1080",
        "https://b.example",
    ]
    assert routes_of(["https://a.example"], []) == (ApiRoute("https://a.example"),)


def test_no_label_tells_the_path_of_an_address_which_may_be_a_secret() -> None:
    routes = routes_of(["https://a.example/s3cr3t-way", "https://b.example/"], ["http://p.example:8080/s3cr3t"])
    assert [route.label for route in routes] == [
        "https://a.example/… by http://p.example:8080/…",
        "https://b.example by http://p.example:8080/…",
    ]
