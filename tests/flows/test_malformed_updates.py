"""Malformed updates through both ways in: nobody waits behind them, and Telegram is not told to repeat them."""

import json
import socket
from collections.abc import Callable
from typing import Any

import pytest
from aiohttp import ClientSession

from sandbox.client import text_of
from tests.flows.conftest import PeykApp, Telegram

_SECRET = {"X-Telegram-Bot-Api-Secret-Token": "s3cret"}

_SPOILED: list[Any] = [
    {"update_id": "x"},
    {"update_id": 2**62, "message": {}},
    {"message": {"message_id": 1}},
    {"update_id": None},
    [],
    None,
    {"update_id": 5, "message": {"message_id": 1, "date": 0, "chat": {"id": "x", "type": "private"}}},
    {"update_id": 6, "callback_query": 7},
]


def _nested(update_id: int) -> bytes:
    return b'{"update_id":%d,"message":%s%s}' % (update_id, b"[" * 50_000, b"]" * 50_000)


async def test_what_is_polled_with_them_is_answered(
    app: PeykApp, telegram: Telegram, until: Callable[..., Any]
) -> None:
    await app.running(telegram)
    state = telegram.running.state
    told = [update for update in _SPOILED if isinstance(update, dict)]
    for spoiled in told:
        # In the order of Telegram's own ids, whatever an update tells of its own.
        state._update_id += 1
        state.pending.append(_Told(state._update_id, spoiled))
    state.update_added.notify_all()
    assert "منتشر نشده" in text_of(await telegram.ask(telegram.reader, "/latest"))
    errors = app.rows("SELECT error FROM inbox WHERE error != ''")
    assert len(errors) == len(told)
    assert all(error.startswith("malformed: ") for (error,) in errors)

    async def confirmed() -> bool:
        return not state.pending

    await until(confirmed)
    assert "Traceback" not in app.log
    doctor = await app.cli("doctor")
    assert f"{len(told)} malformed" in doctor.stdout


class _Told(dict[str, Any]):
    """A pending update of the sandbox with a real id; the bot is given what it tells in the place of that."""

    def __init__(self, update_id: int, told: dict[str, Any]) -> None:
        super().__init__(told)
        self.real = update_id

    def __getitem__(self, name: str) -> Any:
        return self.real if name == "update_id" else super().__getitem__(name)


@pytest.fixture
def address() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{free.getsockname()[1]}"


async def test_a_webhook_takes_whatever_bears_the_secret(app: PeykApp, telegram: Telegram, address: str) -> None:
    settings = {"LISTEN": address, "WEBHOOK_URL": f"http://{address}", "WEBHOOK_SECRET": "s3cret"}
    app.start(**settings)
    bodies = [json.dumps(update).encode() for update in _SPOILED]
    bodies += [
        b"",
        b"no JSON",
        b"\xff\xfe",
        b"[" * 100_000,
        _nested(7),
        b'{"update_id":8,"message":' + b"9" * 9_000 + b"}",
    ]
    bodies += [b'{"update_id":9,"message":{"text":"\\ud800"}}', b'{"update_id":10,"x":NaN}', b" " * (2 << 20)]
    url = f"http://{address}/telegram"
    await telegram.people.wait_for(telegram.reader, lambda _: True)
    assert "منتشر نشده" in text_of(await telegram.ask(telegram.reader, "/latest"))
    async with ClientSession() as session:
        for body in bodies:
            async with session.post(url, data=body, headers=_SECRET) as answer:
                assert answer.status == 200, body[:80]
        for secret in ("", "wrong", "s3cret\xff"):
            headers = {"X-Telegram-Bot-Api-Secret-Token": secret}
            async with session.post(url, data=b"{}", headers=headers) as answer:
                assert answer.status == 403
    assert "منتشر نشده" in text_of(await telegram.ask(telegram.reader, "/latest"))
    errors = app.rows("SELECT error FROM inbox WHERE error != ''")
    assert errors
    assert all(error.startswith("malformed: ") for (error,) in errors)
    assert "Traceback" not in app.log
