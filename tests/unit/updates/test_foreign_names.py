"""Names in updates, wherever Telegram puts them, come in fit to be shown; what people write stays as it is."""

from typing import Any

import pytest
from telegram import Bot

from bot.updates.dispatch import read_update

_RAW = "نام\u202e\nدوم" + "\u0336" * 90
_FIT = "نام دوم\u0336\u0336\u0336"
_CHAT = {"id": -100, "type": "supergroup", "title": _RAW, "username": "peyk\u202e_1"}
_USER = {"id": 5, "is_bot": False, "first_name": _RAW, "last_name": ""}


def _message(**more: Any) -> dict[str, Any]:
    return {"update_id": 1, "message": {"message_id": 1, "date": 0, "chat": _CHAT, "from": _USER, **more}}


def test_names_are_made_fit_and_texts_are_not_touched() -> None:
    update = read_update(_message(text=_RAW), Bot("1:x"))
    message = update.message
    assert message is not None
    assert (message.text, message.chat.title, message.chat.username) == (_RAW, _FIT, "peyk_1")
    assert message.from_user is not None
    assert message.from_user.first_name == _FIT


@pytest.mark.parametrize(
    ("part", "found"),
    [
        ({"forum_topic_created": {"name": _RAW, "icon_color": 1}}, lambda m: m.forum_topic_created.name),
        ({"forum_topic_edited": {"name": _RAW}}, lambda m: m.forum_topic_edited.name),
        (
            {"document": {"file_id": "a", "file_unique_id": "b", "file_name": _RAW}},
            lambda m: m.document.file_name,
        ),
        (
            {"forward_origin": {"type": "channel", "date": 0, "chat": _CHAT, "message_id": 1}},
            lambda m: m.forward_origin.chat.title,
        ),
        ({"reply_to_message": _message()["message"]}, lambda m: m.reply_to_message.from_user.first_name),
        ({"sender_chat": _CHAT}, lambda m: m.sender_chat.title),
    ],
)
def test_every_kind_of_name_is_made_fit(part: dict[str, Any], found: Any) -> None:
    assert found(read_update(_message(**part), Bot("1:x")).message) == _FIT
