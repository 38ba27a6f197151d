"""The API at two processes on one PostgreSQL: they contradict each other in nothing, whatever comes at once."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests import postgres
from tests.flows.conftest import Telegram
from tests.peyk_app import PeykAppOnPostgres
from tests.unit.web.conftest import free_port

_OLD, _NEW, _AUTHOR = "o" * 40, "n" * 40, "a" * 40


class _App:
    """A running process, and the address of its API."""

    def __init__(self, app: PeykAppOnPostgres) -> None:
        self.peyk = app
        self.port = free_port()

    async def ask(self, method: str, path: str, *, token: str = _OLD, key: str = "", body: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {token}"} | ({"Idempotency-Key": key} if key else {})
        async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
            return await client.request(
                method, f"http://127.0.0.1:{self.port}/api/articles{path}", headers=headers, json=body
            )

    async def start(self, telegram: Telegram, tokens: str) -> None:
        await self.peyk.running(telegram, LISTEN=f"127.0.0.1:{self.port}", API_TOKENS=tokens)


@pytest.fixture
async def apps(tmp_path: Path, telegram: Telegram, postgres_socket: str) -> AsyncIterator[list[_App]]:
    async with postgres.database(postgres_socket, template=postgres.EMPTY) as url:
        both = []
        for name in ("one", "two"):
            (tmp_path / name).mkdir()
            both.append(_App(PeykAppOnPostgres(tmp_path / name, telegram, url)))
            await both[-1].start(telegram, f"site:editor:{_OLD},tool:author:{_AUTHOR}")
        yield both
        for app in both:
            app.peyk.abandon()


@pytest.mark.long
async def test_two_apps_make_one_article_of_one_key_and_one_end_of_every_quarrel(
    apps: list[_App], telegram: Telegram
) -> None:
    # The client asks 45 times in all: within the 50 that it may at once, however fast the machine is.
    one, two = apps
    new = {"title": "تیتر", "body": "متن", "action": "publish"}
    made = await asyncio.gather(*(app.ask("POST", "", key="k", body=new) for app in apps for _ in range(8)))
    assert sorted(answer.status_code for answer in made) == [200] * 15 + [201]
    assert len({answer.json()["id"] for answer in made}) == 1
    # The same key of another client, and of another body, at the same time.
    others = await asyncio.gather(
        one.ask("POST", "", key="k", body=new | {"title": "دیگر"}),
        two.ask("POST", "", key="k", token=_AUTHOR, body=new | {"action": "draft"}),
    )
    assert [answer.status_code for answer in others] == [409, 201]

    for number in range(4):
        draft = (await one.ask("POST", "", key=f"d{number}", body=new | {"action": "draft"})).json()
        path, retract = f"/{draft['id']}", {"action": "retract", "reason": "x"}
        answers = await asyncio.gather(
            *(app.ask("POST", path, body=body) for app in apps for body in ({"action": "publish"}, retract))
        )
        published = [answers[0].status_code, answers[2].status_code]
        retracted = [answers[1].status_code, answers[3].status_code]
        assert sorted(published) == [200, 409]
        assert sorted(retracted) in ([200, 409], [409, 409])
        state = (await two.ask("GET", path)).json()["state"]
        assert state == ("retracted" if 200 in retracted else "published")
        acts = one.peyk.rows(f"SELECT action FROM audit WHERE article_id = {draft['id']} ORDER BY id")
        assert [act for (act,) in acts] == ["draft", "publish", *["retract"] * (200 in retracted)]

    # The secret is replaced at one process, and the client loses a right there.
    await two.peyk.stop()
    await two.start(telegram, f"site:author:{_NEW}")
    assert (await two.ask("GET", "")).status_code == 401
    assert (await two.ask("POST", "", key="k", token=_NEW, body=new)).status_code == 403
    draft = new | {"action": "draft"}
    again = [
        await app.ask("POST", "", key="d0", token=token, body=draft) for app, token in ((one, _OLD), (two, _NEW))
    ]
    assert [answer.status_code for answer in again] == [200, 200]
    assert again[0].json()["id"] == again[1].json()["id"]
    assert (await two.ask("POST", "/1", token=_NEW, body={"action": "publish"})).status_code == 403
