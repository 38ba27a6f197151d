"""The actions of people: make chats, write, press buttons, add the bot and remove it."""

import json
import secrets
from dataclasses import dataclass, replace
from typing import Any

from sandbox.api.inline import content_of
from sandbox.api.media import keep_file, media_json, sticker_json
from sandbox.entities import finish, part_of
from sandbox.errors import bad
from sandbox.world import ADMIN_RIGHTS, Json, Person, Post, Room, World

_FIRST_USER = 1_000
_CHANNEL_BASE = -1_001_000_000_000
_GROUP_BASE = -4_000_000
_PART = 4096


def create_person(world: World, first_name: str, *, language_code: str = "fa", username: str = "") -> Person:
    """Add a person who has not met the bot."""
    person = Person(_FIRST_USER + len(world.people) + 1, first_name, username, language_code)
    world.people[person.id] = person
    return person


def create_room(
    world: World, kind: str, title: str, owner_id: int, *, forum: bool = False, username: str = ""
) -> Room:
    """Make a group, supergroup or channel of which a person is the creator."""
    base = _GROUP_BASE if kind == "group" else _CHANNEL_BASE
    room = Room(base - len(world.rooms) - 1, kind, title, username, forum)
    owner = world.person(owner_id)
    room.members[owner_id] = {"status": "creator", "user": owner.json(), "is_anonymous": False}
    world.rooms[room.id] = room
    if kind != "channel":
        _service(world, room, owner_id, {"group_chat_created": True})
    return room


def room_of(world: World, chat_id: int) -> Room:
    """Return any chat, a person's private one included. Raises ApiError where there is none."""
    if chat_id in world.people:
        return world.private(world.person(chat_id))
    if chat_id not in world.rooms:
        raise bad("chat not found")
    return world.rooms[chat_id]


def set_bot(world: World, chat_id: int, by: int, status: str, *, rights: dict[str, bool] | None = None) -> None:
    """Give the bot a status in a chat (member, administrator, restricted, left, kicked), as a person does."""
    room = room_of(world, chat_id)
    bot = world.bot_user()
    old = room.members.get(world.me["id"], {"status": "left", "user": bot})
    new = bot_member(world, status, rights or {})
    room.kicked = status == "kicked"
    if status in ("left", "kicked"):
        room.members.pop(world.me["id"], None)
    else:
        room.members[world.me["id"]] = new
    joined = old["status"] in ("left", "kicked") and status not in ("left", "kicked")
    _bot_status(world, room, by, old, new=new)
    if joined and room.kind != "channel":
        _service(world, room, by, {"new_chat_members": [bot], "new_chat_member": bot})


def bot_member(world: World, status: str, rights: dict[str, bool]) -> Json:
    """The bot's ChatMember object with a status; `rights` are on top of the usual ones."""
    new: Json = {"status": status, "user": world.bot_user()}
    if status == "administrator":
        new |= {right: right != "can_promote_members" for right in ADMIN_RIGHTS} | {"can_be_edited": False}
        new |= {"is_anonymous": False} | rights
    if status == "restricted":
        new |= {"is_member": True, "can_send_messages": False} | rights
    if status == "kicked":
        new["until_date"] = 0
    return new


def block(world: World, user_id: int, *, blocked: bool) -> None:
    """A person blocks or unblocks the bot."""
    person = world.person(user_id)
    person.blocked = blocked
    bot = world.bot_user()
    member: Json = {"status": "member", "user": bot}
    kicked: Json = {"status": "kicked", "user": bot, "until_date": 0}
    old, new = (member, kicked) if blocked else (kicked, member)
    _bot_status(world, world.private(person), user_id, old, new=new)


def join(world: World, chat_id: int, user_id: int, status: str = "member") -> None:
    """A person joins a chat, or is made its administrator."""
    member: Json = {"status": status, "user": world.person(user_id).json()}
    if status == "administrator":
        member |= dict.fromkeys(ADMIN_RIGHTS, True) | {"is_anonymous": False, "can_be_edited": False}
    room_of(world, chat_id).members[user_id] = member


def create_topic(world: World, chat_id: int, by: int, name: str) -> int:
    """Make a forum topic and return its id."""
    room = room_of(world, chat_id)
    post = _service(world, room, by, {"forum_topic_created": {"name": name, "icon_color": 7322096}})
    topic_id = int(post.json["message_id"])
    post.json |= {"message_thread_id": topic_id, "is_topic_message": True}
    room.topics[topic_id] = {"name": name, "closed": False}
    return topic_id


def rename_topic(world: World, chat_id: int, by: int, topic_id: int, *, name: str) -> None:
    """Give a forum topic another name, which a service message in it tells."""
    room = room_of(world, chat_id)
    if topic_id not in room.topics:
        raise bad("message thread not found")
    room.topics[topic_id]["name"] = name
    world.add(room, {"forum_topic_edited": {"name": name}}, author=by, topic_id=topic_id, service=True)


def delete_topic(world: World, chat_id: int, topic_id: int) -> None:
    """A topic goes, with all that was said in it; bots are told nothing of it."""
    room = room_of(world, chat_id)
    del room.topics[topic_id]
    for message_id, post in list(room.posts.items()):
        if post.json.get("message_thread_id") == topic_id:
            del room.posts[message_id]
            world.event("delete", chat_id, message_id)


def destroy(world: World, chat_id: int) -> None:
    """A group or channel is deleted by its creator; what is left of it is its number."""
    room = room_of(world, chat_id)
    if room.kind == "private":
        raise bad("a private chat can't be deleted for all")
    owner = next(user for user, member in room.members.items() if member["status"] == "creator")
    old = room.members.get(world.me["id"])
    room.destroyed = True
    room.posts.clear()
    room.topics.clear()
    if old is not None:
        left: Json = {"status": "left", "user": world.bot_user()}
        _bot_status(world, room, owner, old, new=left)
    room.members.clear()


def migrate(world: World, chat_id: int) -> int:
    """A group becomes a supergroup; return its new id."""
    old = room_of(world, chat_id)
    owner = next(user for user, member in old.members.items() if member["status"] == "creator")
    new = create_room(world, "supergroup", old.title, owner)
    new.posts.clear()
    new.members = dict(old.members)
    _service(world, old, owner, {"migrate_to_chat_id": new.id})
    old.migrated_to = new.id
    _service(world, new, owner, {"migrate_from_chat_id": old.id})
    return new.id


File = tuple[str, str, bytes]
"""The kind, name and content of a file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A message before it is sent, with the chat that it is for (None: the person's chat with the bot).

    `text` is the caption of a `file`. `reply_to` is the id of the message that it answers. `from_old_client` sends
    what a client from before Bot API 10.2 does: no ephemeral commands.
    """

    text: str = ""
    chat_id: int | None = None
    topic_id: int | None = None
    anonymous: bool = False
    entities: list[Json] | None = None
    file: File | None = None
    reply_to: int | None = None
    forward_origin: Json | None = None
    media_group_id: str | None = None
    from_old_client: bool = False


def say(world: World, user_id: int, draft: Draft) -> list[int]:
    """A person writes; return the ids of the messages. Long text is split as Telegram's clients do."""
    room = _room_to_speak(world, user_id, draft.chat_id)
    extra: Json = {}
    if draft.reply_to is not None and draft.reply_to in room.posts:
        extra["reply_to_message"] = room.posts[draft.reply_to].json
    if draft.forward_origin is not None:
        extra["forward_origin"] = draft.forward_origin
    if draft.media_group_id is not None:
        extra["media_group_id"] = draft.media_group_id
    ids = []
    for content in _contents(world, draft):
        if not content:
            raise bad("message text is empty")
        if _is_whispered(world, room, draft):
            command = world.add_ephemeral(room, content, user_id, by_bot=False, topic_id=draft.topic_id)
            ids.append(int(command.json["ephemeral_message_id"]))
            continue
        added = world.add(room, content | extra, author=user_id, topic_id=draft.topic_id, anonymous=draft.anonymous)
        ids.append(int(added.json["message_id"]))
    return ids


def _is_whispered(world: World, room: Room, draft: Draft) -> bool:
    """Tell whether Telegram's clients send this as an ephemeral command, which the bot alone sees.

    They do so in groups with every command whose menu says `is_ephemeral` (Bot API 10.2).
    """
    whispers = world.ephemeral and not draft.anonymous and not draft.from_old_client
    if not whispers or room.kind not in ("group", "supergroup"):
        return False
    name = draft.text.split(maxsplit=1)[0].partition("@")[0].removeprefix("/") if draft.text.startswith("/") else ""
    menus = (menu for key, menu in world.commands.items() if json.loads(key)[0]["type"] == "all_group_chats")
    return any(command["command"] == name and command.get("is_ephemeral") for menu in menus for command in menu)


def say_album(world: World, user_id: int, files: list[File], draft: Draft) -> list[int]:
    """A person sends two to ten files as an album: as many messages, the first with the draft's text as caption."""
    if not 2 <= len(files) <= 10:
        raise bad("an album has two to ten items")
    group = secrets.token_hex(8)
    return [
        message_id
        for place, file in enumerate(files)
        for message_id in say(
            world, user_id, replace(draft, text="" if place else draft.text, file=file, media_group_id=group)
        )
    ]


def press(world: World, user_id: int, chat_id: int, message_id: int, *, data: str) -> str:
    """A person presses a callback button; return the query's id.

    Telegram does not look whether the message has such a button: clients may send any data, late or invented.
    """
    room = room_of(world, chat_id)
    pressed = room.posts.get(message_id)
    if pressed is None:
        raise bad("message not found")
    if pressed.receiver not in (None, user_id):
        raise bad("nobody else sees the message")
    query_id = secrets.token_hex(8)
    world.presses[query_id] = {"answered": False, "chat_id": chat_id}
    world.update(
        "callback_query",
        {
            "id": query_id,
            "from": world.person(user_id).json(),
            "message": pressed.json,
            "chat_instance": str(abs(hash(chat_id)) % 10**15),
            "data": data,
        },
    )
    return query_id


def inline_query(world: World, user_id: int, query: str, offset: str = "") -> str:
    """A person types @bot and words in some chat; return the query's id."""
    query_id = secrets.token_hex(8)
    world.inline[query_id] = {"id": query_id, "answered": False, "results": [], "next_offset": "", "button": None}
    body = {"id": query_id, "from": world.person(user_id).json(), "query": query, "offset": offset}
    world.update("inline_query", body)
    return query_id


def choose(world: World, user_id: int, query_id: str, result_id: str, *, chat_id: int | None = None) -> int:
    """A person sends one of the results of an inline query into a chat; return the id of the message."""
    results = world.inline.get(query_id, {}).get("results", [])
    chosen = next((result for result in results if result["id"] == result_id), None)
    if chosen is None:
        raise bad("RESULT_ID_INVALID")
    content = content_of(world, chosen) | {"via_bot": world.bot_user()}
    return int(world.add(_room_to_speak(world, user_id, chat_id), content, author=user_id).json["message_id"])


def edit(world: World, user_id: int, message_id: int, text: str) -> None:
    """A person changes the text of a message in their chat with the bot."""
    post = room_of(world, user_id).posts.get(message_id)
    if post is None or post.by_bot or "text" not in post.json:
        raise bad("message can't be edited")
    post.json |= _written("text", text, None) | {"edit_date": int(world.now())}
    world.update("edited_message", post.json)


def delete(world: World, chat_id: int, message_id: int) -> None:
    """A person deletes a message; bots are told nothing of it."""
    room = room_of(world, chat_id)
    room.posts.pop(message_id, None)
    world.event("delete", chat_id, message_id)


def react(world: World, chat_id: int, message_id: int, counts: dict[str, int]) -> None:
    """People have reacted to a message of a channel or group, so many with each emoji.

    Of that a bot is told where it is an administrator.
    """
    room = room_of(world, chat_id)
    if message_id not in room.posts:
        raise bad("message to react not found")
    if room.members.get(world.me["id"], {}).get("status") != "administrator":
        return
    reactions = [
        {"type": {"type": "emoji", "emoji": emoji}, "total_count": count} for emoji, count in counts.items()
    ]
    body = {
        "chat": world.chat_json(room),
        "message_id": message_id,
        "date": int(world.now()),
        "reactions": reactions,
    }
    world.update("message_reaction_count", body)


def _room_to_speak(world: World, user_id: int, chat_id: int | None) -> Room:
    """Return the chat that a person writes in, the bot's for None. Raises ApiError where they may not."""
    person = world.person(user_id)
    room = room_of(world, user_id if chat_id is None else chat_id)
    if room.kind == "private":
        if person.blocked:
            block(world, user_id, blocked=False)
        person.started = True
    elif user_id not in room.members:
        raise bad("the person is not a member of the chat")
    elif room.kind == "channel" and room.members[user_id]["status"] not in ("creator", "administrator"):
        raise bad("only administrators post in a channel")
    return room


def _contents(world: World, draft: Draft) -> list[Json]:
    if draft.file is not None:
        return [_media(world, *draft.file) | _written("caption", draft.text, draft.entities)]
    starts = range(0, len(draft.text), _PART) or (0,)
    return [_written("text", *part_of(draft.text, draft.entities or [], begin, begin + _PART)) for begin in starts]


def _media(world: World, kind: str, name: str, content: bytes) -> Json:
    file_id = keep_file(world.files, kind, name, content)
    if kind == "sticker":
        return {"sticker": sticker_json(file_id)}
    return media_json(kind, file_id, name, len(content), given={})


def _written(name: str, text: str, entities: list[Json] | None) -> Json:
    clean, clean_entities = finish(text, entities or [])
    if not clean:
        return {}
    key = "entities" if name == "text" else "caption_entities"
    return {name: clean} | ({key: clean_entities} if clean_entities else {})


def _service(world: World, room: Room, author: int, content: Json) -> Post:
    return world.add(room, content, author=author, service=True)


def _bot_status(world: World, room: Room, by: int, old: Json, *, new: Json) -> None:
    body: dict[str, Any] = {
        "chat": world.chat_json(room),
        "from": world.person(by).json(),
        "date": int(world.now()),
        "old_chat_member": old,
        "new_chat_member": new,
    }
    world.update("my_chat_member", body)
    world.event("status", room.id)
