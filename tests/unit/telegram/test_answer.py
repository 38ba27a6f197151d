"""The author of an answer: Telegram's JSON and nothing else, whatever came with it."""

import json
from typing import Any

import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.telegram.answer import LONGEST_WAIT_SECONDS, USUAL_WAIT_SECONDS, ForeignAnswerError, read
from bot.telegram.errors import failure_of

_MESSAGE = {"message_id": 7, "chat": {"id": 1}}


def _answer(**fields: Any) -> bytes:
    return json.dumps(fields).encode()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><head><title>403 Forbidden</title></head></html>",
        b'{"ok": true, "result": {"message_id": 7',
        b'{"ok": true, "result": {"message_id": 7}} trailing',
        b'{"ok": true, "result": "\xff"}',
        b"\xef\xbb\xbf{}",
        b"null",
        b"7",
        b'"ok"',
        b"[]",
        b"[" * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' * 100_000,
        b'{"ok": ' + b"9" * 10_000 + b"}",
        _answer(error="blocked"),
        _answer(ok=1, result=_MESSAGE),
        _answer(ok="true", result=_MESSAGE),
        _answer(ok=True),
        _answer(ok=False),
        _answer(ok=False, error_code=403),
        _answer(ok=False, description="Forbidden: bot was blocked by the user"),
        _answer(ok=False, error_code="403", description="Forbidden"),
        _answer(ok=False, error_code=True, description="Forbidden"),
        _answer(ok=False, error_code=403, description=None),
    ],
)
def test_what_is_not_telegrams_json_is_nobodys_word(body: bytes) -> None:
    with pytest.raises(ForeignAnswerError):
        read("sendMessage", body)


@pytest.mark.parametrize(
    ("method", "wrong"),
    [
        ("sendMessage", [True, [], {}, None, {"message_id": "7"}, {"message_id": True}, {"message_id": 1 << 60}]),
        ("sendRichMessage", [True, {"message_id": None}]),
        ("sendMediaGroup", [_MESSAGE, [], [{}], [_MESSAGE, 7]]),
        ("forwardMessage", [True, {}]),
        ("editMessageText", [[], {}, "ok", None]),
        ("editMessageText", [False]),
        ("deleteMessage", [None, 1, "true", {}, False]),
        ("answerCallbackQuery", [None, {}, False]),
        ("getUpdates", [{}, None, True, "[]"]),
        ("getMe", [{}, {"id": 1, "is_bot": True}, {"id": "1", "is_bot": True, "first_name": "", "username": "b"}]),
        ("getChat", [True, {"id": 1.5}]),
        ("getChatMember", [{}, {"status": None}]),
        ("getChatMemberCount", ["7", True, -1, 7.5]),
        ("getFile", [{}, {"file_id": 7}]),
    ],
)
def test_a_result_of_another_type_is_not_telegrams(method: str, wrong: list[Any]) -> None:
    for result in wrong:
        with pytest.raises(ForeignAnswerError):
            read(method, _answer(ok=True, result=result))


@pytest.mark.parametrize(
    ("method", "result"),
    [
        ("sendMessage", _MESSAGE),
        ("sendMediaGroup", [_MESSAGE, _MESSAGE]),
        ("sendChatAction", True),
        ("editMessageText", True),
        ("editMessageText", _MESSAGE),
        ("setWebhook", True),
        ("getUpdates", []),
        ("getUpdates", [{"update_id": 1}, 7]),
        ("getChatMemberCount", 0),
        ("getWebhookInfo", {"url": ""}),
    ],
)
def test_a_result_is_returned_as_it_is(method: str, result: Any) -> None:
    assert read(method, _answer(ok=True, result=result)) == result


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (400, BadRequest),
        (401, InvalidToken),
        (403, Forbidden),
        (404, InvalidToken),
        (409, Conflict),
        (413, NetworkError),
        (502, NetworkError),
        (0, NetworkError),
    ],
)
def test_a_refusal_is_told_by_its_code(code: int, expected: type[TelegramError]) -> None:
    with pytest.raises(TelegramError) as caught:
        read("sendMessage", _answer(ok=False, error_code=code, description="Words"))
    assert type(caught.value) is expected
    assert caught.value.message == "Words"


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        (7, 7),
        (7.9, 7),
        (0.2, 1),
        ("7", 7),
        (0, USUAL_WAIT_SECONDS),
        (-5, USUAL_WAIT_SECONDS),
        ("soon", USUAL_WAIT_SECONDS),
        ("9" * 50, USUAL_WAIT_SECONDS),
        (None, USUAL_WAIT_SECONDS),
        (True, USUAL_WAIT_SECONDS),
        ([7], USUAL_WAIT_SECONDS),
        (float("nan"), USUAL_WAIT_SECONDS),
        (float("inf"), LONGEST_WAIT_SECONDS),
        (10**9, LONGEST_WAIT_SECONDS),
        (10**400, LONGEST_WAIT_SECONDS),
    ],
)
def test_a_flood_wait_is_bounded_whatever_is_told(told: Any, kept: int) -> None:
    for parameters in ({"retry_after": told}, {"retry_after": told, "migrate_to_chat_id": "x"}):
        with pytest.raises(RetryAfter) as caught:
            read("sendMessage", _answer(ok=False, error_code=429, description="Too Many", parameters=parameters))
        assert failure_of(caught.value).wait_seconds == kept


def test_a_flood_wait_without_parameters_is_one() -> None:
    nothing: tuple[object, ...] = (None, [], "x", {})
    for parameters in nothing:
        with pytest.raises(RetryAfter):
            read("sendMessage", _answer(ok=False, error_code=429, description="Too Many", parameters=parameters))


@pytest.mark.parametrize(
    ("new_id", "expected"),
    [(-100_5, ChatMigrated), (5, BadRequest), (True, BadRequest), ("-5", BadRequest), (-(1 << 70), BadRequest)],
)
def test_a_chat_migrates_to_an_id_of_a_group(new_id: Any, expected: type[TelegramError]) -> None:
    parameters = {"migrate_to_chat_id": new_id}
    with pytest.raises(expected):
        read("sendMessage", _answer(ok=False, error_code=400, description="Upgraded", parameters=parameters))


def test_one_update_that_is_nested_too_deep_leaves_the_others_readable() -> None:
    deep = b'{"update_id":2,"x":' + b"[" * 100_000 + b"]" * 100_000 + b',"y":"]}\\""}'
    number = b'{"update_id":3,"x":' + b"9" * 10_000 + b"}"
    updates = read("getUpdates", b'{"ok":true,"result":[{"update_id":1},' + deep + b"," + number + b"]}")
    assert [update["update_id"] for update in updates] == [1, 2, 3]
    assert updates[1]["y"] == ']}"'
    assert updates[2]["x"] == float("inf")
