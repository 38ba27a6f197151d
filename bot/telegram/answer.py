"""Answers of the Bot API, told apart from those of proxies and other servers (pure).

An answer is Telegram's where it is its JSON: an object with a boolean `ok` and, where that is true, a `result` of
the method's type, else an integer `error_code` and a string `description`
(core.telegram.org/bots/api#making-requests). Neither the HTTP status nor the content type counts.
"""

from collections.abc import Callable, Mapping
from typing import Any

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

from bot import bounded_json

LONGEST_WAIT_SECONDS = 3600
"""The longest flood wait that is kept: the try after it is told what is left, and no chat rests for days."""
USUAL_WAIT_SECONDS = 5
"""The flood wait for an answer without a sensible one."""

_LARGEST_ID = 1 << 53
"""Telegram's ids have at most 52 significant bits (core.telegram.org/bots/api#chat)."""


class ForeignAnswerError(ValueError):
    """An answer is not Telegram's; the message says by what."""


def read(method: str, body: bytes) -> Any:
    """Return the `result` of Telegram's answer to `method`.

    Raises ForeignAnswerError where it is not Telegram's, and python-telegram-bot's error where it is a refusal.
    """
    try:
        answer = bounded_json.loads(body)
    except ValueError:
        raise ForeignAnswerError("no JSON in UTF-8") from None
    if not isinstance(answer, dict) or not isinstance(answer.get("ok"), bool):
        raise ForeignAnswerError("no object with `ok`")
    if answer["ok"]:
        if "result" not in answer or not _shape_of(method)(answer["result"]):
            raise ForeignAnswerError(f"no result of {method}")
        return answer["result"]
    raise _refusal_in(answer)


def _refusal_in(answer: Mapping[str, Any]) -> TelegramError:
    """Return the error of a refusal. Raises ForeignAnswerError where it is not Telegram's."""
    code, description = answer.get("error_code"), answer.get("description")
    if not isinstance(code, int) or isinstance(code, bool) or not isinstance(description, str):
        raise ForeignAnswerError("a refusal without `error_code` and `description`")
    parameters = answer.get("parameters")
    return _refusal(code, description, parameters if isinstance(parameters, dict) else {})


_ERRORS: dict[int, type[TelegramError]] = {
    400: BadRequest,
    401: InvalidToken,
    403: Forbidden,
    # Of a token that is none, or of a method that the server does not know.
    404: InvalidToken,
    409: Conflict,
}


def _refusal(code: int, description: str, parameters: dict[str, Any]) -> TelegramError:
    new_id = parameters.get("migrate_to_chat_id")
    if isinstance(new_id, int) and _is_id(new_id) and new_id < 0:
        return ChatMigrated(new_id)
    if code == 429 or "retry_after" in parameters:
        return RetryAfter(_wait(parameters.get("retry_after")))
    return _ERRORS.get(code, NetworkError)(description)


def _wait(retry_after: object) -> int:
    """Return a flood wait in seconds, whatever the answer says."""
    if (
        isinstance(retry_after, str)
        and retry_after.isdecimal()
        and len(retry_after) <= len(str(LONGEST_WAIT_SECONDS))
    ):
        retry_after = int(retry_after)
    if isinstance(retry_after, bool) or not isinstance(retry_after, (int, float)) or not retry_after > 0:
        return USUAL_WAIT_SECONDS
    return int(min(max(retry_after, 1), LONGEST_WAIT_SECONDS))


def _is_int(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_id(value: Any) -> bool:
    return _is_int(value) and -_LARGEST_ID < value < _LARGEST_ID


def _is_message(value: Any) -> bool:
    return isinstance(value, dict) and _is_id(value.get("message_id")) and value["message_id"] >= 0


def _is_account(value: Any) -> bool:
    if not isinstance(value, dict) or not isinstance(value.get("is_bot"), bool):
        return False
    return _is_id(value.get("id")) and all(isinstance(value.get(name), str) for name in ("first_name", "username"))


def _is_album(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(_is_message(item) for item in value)


def _is_done(value: Any) -> bool:
    # Telegram answers True or refuses: False would tell of a deed that was not done.
    return value is True


def _is_edited(value: Any) -> bool:
    return _is_done(value) or _is_message(value)


_SHAPES: dict[str, Callable[[Any], bool]] = {
    "getMe": _is_account,
    "getUpdates": lambda value: isinstance(value, list),
    "getChat": lambda value: isinstance(value, dict) and _is_id(value.get("id")),
    "getChatMember": lambda value: isinstance(value, dict) and isinstance(value.get("status"), str),
    "getChatMemberCount": lambda value: _is_int(value) and value >= 0,
    "getFile": lambda value: isinstance(value, dict) and isinstance(value.get("file_id"), str),
    "sendMediaGroup": _is_album,
    "sendChatAction": _is_done,
}
_SHAPES_BY_VERB: tuple[tuple[str, Callable[[Any], bool]], ...] = (
    ("send", _is_message),
    ("forwardMessage", _is_message),
    ("edit", _is_edited),
    ("get", lambda _: True),
)


def _shape_of(method: str) -> Callable[[Any], bool]:
    """Return what tells whether a value is a result of the method; of all that only acts the result is True."""
    if method in _SHAPES:
        return _SHAPES[method]
    return next((shape for verb, shape in _SHAPES_BY_VERB if method.startswith(verb)), _is_done)
