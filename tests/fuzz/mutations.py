"""Updates of every kind that Peyk asks for, and ways to spoil them, by seed."""

import copy
import random
from collections.abc import Callable
from typing import Any

Update = dict[str, Any]

_DATE = 1_766_576_760
_CALLBACKS = (
    "list:a:n",
    "sub:1:1",
    "set:{id}:main",
    "page:1:0",
    "find:n",
    "read:1",
    "dialogue:done",
    "x",
    "pub:1:1",
)
_WORDS = (
    "/latest",
    "/start",
    "/start a_1",
    "/subscribe ورزشی",
    "۱۲",
    "جست‌وجوی چیزی",
    "/settings",
    "/post x",
    "/help",
)


def _nested(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


_JUNK: tuple[Callable[[], Any], ...] = (
    lambda: None,
    lambda: True,
    lambda: -1,
    lambda: 0,
    lambda: 2**31,
    lambda: 2**63,
    lambda: -(2**70),
    lambda: 10**400,
    lambda: 1.5,
    lambda: float("nan"),
    lambda: float("inf"),
    lambda: "",
    lambda: "x",
    lambda: "\0",
    lambda: "\ud800",
    lambda: "ی" * 20_000,
    lambda: "\u202e\u2066" * 50,
    list,
    lambda: [1, "a", None],
    dict,
    lambda: {"id": "x", "type": 5},
    lambda: _nested(90),
    lambda: _nested(300),
    lambda: [{"type": "bold", "offset": n, "length": 1} for n in range(5_000)],
)


def updates(rng: random.Random, person: int, number: int) -> list[Update]:
    """Return one good update of each kind, from that person; the caller sets the ids of updates."""
    user = {"id": person, "is_bot": False, "first_name": "خواننده", "username": "reader", "language_code": "fa"}
    chat = {"id": person, "type": "private", "first_name": "خواننده"}
    group = {"id": -1_000_000_000_000 - number, "type": "supergroup", "title": "گروه", "is_forum": True}
    channel = {"id": -1_100_000_000_000 - number, "type": "channel", "title": "کانال", "username": "channel"}
    words = rng.choice(_WORDS)
    message = {"message_id": number, "date": _DATE, "chat": chat, "from": user, "text": words}
    if words.startswith("/"):
        message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(words.split()[0])}]
    photo = {"file_id": "f", "file_unique_id": "f", "width": 9, "height": 9, "file_size": 9}
    captioned = {key: value for key, value in message.items() if key not in ("text", "entities")}
    captioned |= {"photo": [photo], "caption": "شرح", "media_group_id": "1"}
    member = {"user": {"id": 424242, "is_bot": True, "first_name": "bot"}, "status": "member"}
    admin = member | {"status": "administrator", "can_post_messages": True}
    change = {"chat": channel, "from": user, "date": _DATE, "old_chat_member": member, "new_chat_member": admin}
    origin = {"type": "channel", "chat": channel, "message_id": 5, "date": _DATE}
    press = {"id": str(number), "from": user, "chat_instance": "1", "message": message | {"from": member["user"]}}
    topic = {
        "message_thread_id": 7,
        "is_topic_message": True,
        "forum_topic_created": {"name": "ن", "icon_color": 1},
    }
    return [
        {"message": message},
        {"message": captioned},
        {"message": message | {"forward_origin": origin, "via_bot": member["user"]}},
        {"message": {key: message[key] for key in ("message_id", "date", "from")} | {"chat": group} | topic},
        {"message": message | {"chat": group, "sender_chat": group, "migrate_from_chat_id": -5}},
        {"edited_message": message | {"edit_date": _DATE}},
        {
            "channel_post": {
                "message_id": number,
                "date": _DATE,
                "chat": channel,
                "sender_chat": channel,
                "text": "پست",
            }
        },
        {"callback_query": press | {"data": rng.choice(_CALLBACKS).format(id=person)}},
        {"callback_query": press | {"data": "list:a:n", "message": {"message_id": 1, "date": 0, "chat": chat}}},
        {"inline_query": {"id": str(number), "from": user, "query": words, "offset": ""}},
        {"my_chat_member": change},
        {
            "my_chat_member": change
            | {"chat": chat, "new_chat_member": member | {"status": "kicked", "until_date": 0}}
        },
    ]


def spoiled(rng: random.Random, update: Update) -> Any:
    """Return a copy of an update with one to three places dropped, replaced or filled with junk."""
    update = copy.deepcopy(update)
    for _ in range(rng.choice((1, 1, 1, 2))):
        holder, key = rng.choice(list(_places(update)))
        act = rng.random()
        if act < 0.3:
            del holder[key]
        elif act < 0.9:
            holder[key] = rng.choice(_JUNK)()
        elif isinstance(holder, dict):
            holder[rng.choice(("message", "entities", "reply_to_message", "poll", "\0"))] = rng.choice(_JUNK)()
        if not update:
            return rng.choice(_JUNK)()
    return update


def _places(value: Any) -> list[tuple[Any, Any]]:
    places: list[tuple[Any, Any]] = []
    rest = [value]
    while rest:
        holder = rest.pop()
        keys = list(holder) if isinstance(holder, dict) else list(range(min(len(holder), 3)))
        for key in keys:
            places.append((holder, key))
            if isinstance(holder[key], (dict, list)):
                rest.append(holder[key])
    return places
