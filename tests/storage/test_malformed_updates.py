"""A malformed update harms itself alone: it is stored as failed, never run, and the others are handled."""

import asyncio
import json
from typing import Any

import pytest
from telegram.error import InvalidToken, TelegramError

from bot.telegram.transport import MaybeSentError
from bot.updates.receiver import Receiver
from storage import inbox
from storage.engine.database import Database
from storage.schema import inbox as rows

NOW = 1_766_576_760_000


def _update(number: int, **more: Any) -> dict[str, Any]:
    chat = {"id": 7, "type": "private", "first_name": "خواننده"}
    return {"update_id": number, "message": {"message_id": number, "date": 0, "chat": chat} | more}


def _nested(levels: int) -> Any:
    value: Any = []
    for _ in range(levels):
        value = [value]
    return value


_MALFORMED: list[Any] = [
    None,
    7,
    "update",
    [],
    {},
    {"message": _update(1)["message"]},
    _update(1) | {"update_id": None},
    _update(1) | {"update_id": "1"},
    _update(1) | {"update_id": True},
    _update(1) | {"update_id": 1.0},
    _update(1) | {"update_id": -1},
    _update(1) | {"update_id": 1 << 40},
    _update(1) | {"update_id": 10**400},
    {"update_id": 1, "message": 5},
    {"update_id": 1, "message": {}},
    {"update_id": 1, "message": {"message_id": 1, "date": 0}},
    {"update_id": 1, "message": {"message_id": 1, "date": 0, "chat": 7}},
    {"update_id": 1, "message": {"message_id": 1, "date": 0, "chat": {"id": "x", "type": "private"}}},
    {"update_id": 1, "message": {"message_id": 1, "date": 0, "chat": {"id": 7, "type": "salon"}}},
    {"update_id": 1, "callback_query": {"id": "1", "from": {"id": None}, "data": "x"}},
    {"update_id": 1, "channel_post": []},
    _update(1, message_id=1 << 60),
    _update(1, date=10**18),
    _update(1, text=5),
    _update(1, text="half \ud800"),
    _update(1, text="zero \0"),
    _update(1, text="x" * (1 << 20)),
    _update(1, entities=[{"type": "bold", "offset": n, "length": 1} for n in range(5_000)]),
    _update(1, entities=[{"type": "bold", "offset": -1, "length": 1}]),
    _update(1, poll=float("nan")),
    _update(1, poll=float("-inf")),
    _update(1, poll=1 << 64),
    _update(1, poll=_nested(150)),
    _update(1, poll=_nested(990)),
]


class _Inbox:
    """A receiver; `heard` are the updates that it has handled, in order."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.heard: list[int] = []
        self.receiver = Receiver(database, lambda: NOW, self._handle, lease=30_000, alone=True)

    async def _handle(self, update: dict[str, Any]) -> None:
        self.heard.append(update["update_id"])

    async def errors(self) -> list[str]:
        async with self.database.read() as connection:
            stored = (await connection.execute(rows.select().order_by(rows.c.update_id))).all()
        assert all(row.done_at is not None for row in stored), "none is left open"
        return [row.error for row in stored if row.error]


@pytest.fixture
def box(database: Database) -> _Inbox:
    return _Inbox(database)


async def test_whatever_is_malformed_is_stored_as_failed_and_the_rest_is_handled(box: _Inbox) -> None:
    good = [_update(number) for number in (101, 102)]
    await box.receiver.accept([good[0], *_MALFORMED, good[1]])
    await box.receiver.drain()
    assert box.heard == [101, 102]
    errors = await box.errors()
    assert len(errors) == len(_MALFORMED)
    assert all(error.startswith(inbox.MALFORMED) for error in errors)
    async with box.database.read() as connection:
        assert await inbox.count_malformed(connection, since=NOW) == len(_MALFORMED)


async def test_what_is_sent_again_is_stored_and_counted_once(box: _Inbox) -> None:
    for _ in range(3):
        await box.receiver.accept([{"update_id": None}, _update(101)])
    await box.receiver.drain()
    assert (box.heard, len(await box.errors())) == ([101], 1)


async def test_of_two_updates_with_one_id_the_first_is_handled_and_the_other_kept(box: _Inbox) -> None:
    await box.receiver.accept([_update(101), _update(101, text="another"), _update(102), _update(102)])
    await box.receiver.drain()
    assert (box.heard, len(await box.errors())) == ([101, 102], 1)


async def test_a_malformed_update_takes_no_good_ones_id(box: _Inbox) -> None:
    await box.receiver.accept([{"update_id": 101, "message": 5}])
    await box.receiver.accept([_update(101)])
    await box.receiver.drain()
    assert box.heard == [101]


@pytest.mark.parametrize("body", ['{"update_id":101,"message":5}', "[]", "no JSON", "[" * 5_000, ""])
async def test_what_an_older_version_stored_ends_no_start(box: _Inbox, body: str) -> None:
    async with box.database.write() as tx:
        await inbox.put(tx, [inbox.Received(101, body)], now=NOW)
        await inbox.put(tx, [inbox.Received(102, json.dumps(_update(102)))], now=NOW)
    await box.receiver.resume()
    await box.receiver.drain()
    assert box.heard == [102]
    (error,) = await box.errors()
    assert error.startswith(inbox.MALFORMED)


async def test_words_of_an_error_that_no_database_holds_keep_no_update_open(box: _Inbox) -> None:
    async def handle(update: dict[str, Any]) -> None:
        raise ValueError("\0 and \ud800 " * 1_000)

    receiver = Receiver(box.database, lambda: NOW, handle, lease=30_000, alone=True)
    await receiver.accept([_update(101), _update(102)])
    await receiver.drain()
    assert [error[:11] for error in await box.errors()] == ["'ValueError"] * 2


class _Telegram:
    """getUpdates with `answers` first, then with what waits at and above the offset, by its real number."""

    def __init__(self, waiting: dict[int, Any], *answers: Exception | Any) -> None:
        self._waiting = waiting
        self._answers = list(answers)
        self.limits: list[int] = []
        self.confirmed: set[int] = set()

    async def call(self, _method: str, params: dict[str, Any], *, timeout: float) -> Any:
        self.limits.append(params["limit"])
        if self._answers:
            answer = self._answers.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return answer
        offset = params.get("offset", 0)
        self.confirmed |= {number for number in self._waiting if number < offset}
        batch = [update for number, update in sorted(self._waiting.items()) if number >= offset][: params["limit"]]
        if not batch:
            await asyncio.sleep(timeout)
        return batch


async def _polled(
    box: _Inbox, telegram: _Telegram, monkeypatch: pytest.MonkeyPatch, until: set[int]
) -> list[float]:
    """Poll until so many are confirmed; return the pauses that were made."""
    pauses: list[float] = []
    sleep = asyncio.sleep

    async def pause(seconds: float) -> None:
        pauses.append(seconds)
        await sleep(0.001)

    monkeypatch.setattr("bot.updates.receiver.asyncio.sleep", pause)
    polling = asyncio.create_task(box.receiver.poll(telegram))
    async with asyncio.timeout(20):
        while not until <= telegram.confirmed:
            assert not polling.done()
            await sleep(0.01)
    polling.cancel()
    await box.receiver.drain()
    return pauses


async def test_polling_goes_on_behind_every_kind(box: _Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting: dict[int, Any] = {100: _update(100)}
    for number, update in enumerate(_MALFORMED, 101):
        waiting[number] = update
    last = 101 + len(_MALFORMED)
    waiting[last] = _update(last)
    await _polled(box, _Telegram(waiting), monkeypatch, set(waiting))
    assert box.heard == [100, last]
    assert len(await box.errors()) == len(_MALFORMED)


@pytest.mark.parametrize("error", [InvalidToken("Unauthorized"), InvalidToken("Not Found"), TelegramError("any")])
async def test_no_answer_ends_polling_and_pauses_grow(
    box: _Inbox, monkeypatch: pytest.MonkeyPatch, error: TelegramError
) -> None:
    telegram = _Telegram({101: _update(101)}, *[error] * 5, "no list", [None], RecursionError())
    pauses = await _polled(box, telegram, monkeypatch, {101})
    assert pauses[:4] == [1, 2, 4, 8]
    assert box.heard == [101]


async def test_what_cannot_be_read_at_once_is_asked_for_in_pieces(
    box: _Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    telegram = _Telegram({101: _update(101)}, *[MaybeSentError("the answer is too large")] * 3)
    await _polled(box, telegram, monkeypatch, {101})
    assert telegram.limits[:5] == [100, 10, 1, 1, 100]
