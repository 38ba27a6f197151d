"""Actions of users: create chats, send messages, press buttons, add and remove the bot."""

import json
import secrets
from dataclasses import dataclass, replace
from typing import Any

from sandbox.api.inline import content_of
from sandbox.api.media import media_json, sticker_json, store_file
from sandbox.entities import finish, part_of
from sandbox.errors import bad
from sandbox.state import ADMIN_RIGHTS, Chat, Json, Person, Post, TelegramState

_FIRST_USER = 1_000
_CHANNEL_BASE = -1_001_000_000_000
_GROUP_BASE = -4_000_000
_PART = 4096


def create_person(
    state: TelegramState, first_name: str, *, language_code: str = "fa", username: str = ""
) -> Person:
    """Add a person who has not started the bot."""
    person = Person(_FIRST_USER + len(state.people) + 1, first_name, username, language_code)
    state.people[person.id] = person
    return person


def create_chat(
    state: TelegramState, kind: str, title: str, owner_id: int, *, forum: bool = False, username: str = ""
) -> Chat:
    """Make a group, supergroup or channel of which a person is the creator."""
    base = _GROUP_BASE if kind == "group" else _CHANNEL_BASE
    chat = Chat(base - len(state.chats) - 1, kind, title, username, forum)
    owner = state.person(owner_id)
    chat.members[owner_id] = {"status": "creator", "user": owner.json(), "is_anonymous": False}
    state.chats[chat.id] = chat
    if kind != "channel":
        _service(state, chat, owner_id, {"group_chat_created": True})
    return chat


def chat_of(state: TelegramState, chat_id: int) -> Chat:
    """Return any chat, a person's private one included. Raises ApiError where there is none."""
    if chat_id in state.people:
        return state.private_chat(state.person(chat_id))
    if chat_id not in state.chats:
        raise bad("chat not found")
    return state.chats[chat_id]


def set_bot(
    state: TelegramState, chat_id: int, by: int, status: str, *, rights: dict[str, bool] | None = None
) -> None:
    """Set the bot's status in a chat (member, administrator, restricted, left, kicked), as a person does."""
    chat = chat_of(state, chat_id)
    bot = state.bot_user()
    old = chat.members.get(state.me["id"], {"status": "left", "user": bot})
    new = bot_member(state, status, rights or {})
    chat.kicked = status == "kicked"
    if status in ("left", "kicked"):
        chat.members.pop(state.me["id"], None)
    else:
        chat.members[state.me["id"]] = new
    joined = old["status"] in ("left", "kicked") and status not in ("left", "kicked")
    _bot_status(state, chat, by, old, new=new)
    if joined and chat.kind != "channel":
        _service(state, chat, by, {"new_chat_members": [bot], "new_chat_member": bot})


def bot_member(state: TelegramState, status: str, rights: dict[str, bool]) -> Json:
    """The bot's ChatMember object with a status; `rights` are on top of the usual ones."""
    new: Json = {"status": status, "user": state.bot_user()}
    if status == "administrator":
        new |= {right: right != "can_promote_members" for right in ADMIN_RIGHTS} | {"can_be_edited": False}
        new |= {"is_anonymous": False} | rights
    if status == "restricted":
        new |= {"is_member": True, "can_send_messages": False} | rights
    if status == "kicked":
        new["until_date"] = 0
    return new


def block(state: TelegramState, user_id: int, *, blocked: bool) -> None:
    """Block or unblock the bot as a person."""
    person = state.person(user_id)
    person.blocked = blocked
    bot = state.bot_user()
    member: Json = {"status": "member", "user": bot}
    kicked: Json = {"status": "kicked", "user": bot, "until_date": 0}
    old, new = (member, kicked) if blocked else (kicked, member)
    _bot_status(state, state.private_chat(person), user_id, old, new=new)


def join(state: TelegramState, chat_id: int, user_id: int, status: str = "member") -> None:
    """Add a person to a chat as a member or administrator."""
    member: Json = {"status": status, "user": state.person(user_id).json()}
    if status == "administrator":
        member |= dict.fromkeys(ADMIN_RIGHTS, True) | {"is_anonymous": False, "can_be_edited": False}
    chat_of(state, chat_id).members[user_id] = member


def create_topic(state: TelegramState, chat_id: int, by: int, name: str) -> int:
    """Make a forum topic and return its id."""
    chat = chat_of(state, chat_id)
    post = _service(state, chat, by, {"forum_topic_created": {"name": name, "icon_color": 7322096}})
    topic_id = int(post.json["message_id"])
    post.json |= {"message_thread_id": topic_id, "is_topic_message": True}
    chat.topics[topic_id] = {"name": name, "closed": False}
    return topic_id


def rename_topic(state: TelegramState, chat_id: int, by: int, topic_id: int, *, name: str) -> None:
    """Rename a forum topic; a service message in it announces the name."""
    chat = chat_of(state, chat_id)
    if topic_id not in chat.topics:
        raise bad("message thread not found")
    chat.topics[topic_id]["name"] = name
    state.add_message(chat, {"forum_topic_edited": {"name": name}}, author=by, topic_id=topic_id, service=True)


def delete_topic(state: TelegramState, chat_id: int, topic_id: int) -> None:
    """Delete a topic with its messages; bots get no update about it."""
    chat = chat_of(state, chat_id)
    del chat.topics[topic_id]
    for message_id, post in list(chat.posts.items()):
        if post.json.get("message_thread_id") == topic_id:
            del chat.posts[message_id]
            state.add_event("delete", chat_id, message_id)


def destroy(state: TelegramState, chat_id: int) -> None:
    """Delete a group or channel as its creator; only its id remains."""
    chat = chat_of(state, chat_id)
    if chat.kind == "private":
        raise bad("a private chat can't be deleted for all")
    owner = next(user for user, member in chat.members.items() if member["status"] == "creator")
    old = chat.members.get(state.me["id"])
    chat.destroyed = True
    chat.posts.clear()
    chat.topics.clear()
    if old is not None:
        left: Json = {"status": "left", "user": state.bot_user()}
        _bot_status(state, chat, owner, old, new=left)
    chat.members.clear()


def migrate(state: TelegramState, chat_id: int) -> int:
    """Upgrade a group to a supergroup; return its new id."""
    old = chat_of(state, chat_id)
    owner = next(user for user, member in old.members.items() if member["status"] == "creator")
    new = create_chat(state, "supergroup", old.title, owner)
    new.posts.clear()
    new.members = dict(old.members)
    _service(state, old, owner, {"migrate_to_chat_id": new.id})
    old.migrated_to = new.id
    _service(state, new, owner, {"migrate_from_chat_id": old.id})
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


def send_message(state: TelegramState, user_id: int, draft: Draft) -> list[int]:
    """Send a message as a person; return the ids of the messages. Long text is split as Telegram's clients do."""
    chat = _chat_to_write_in(state, user_id, draft.chat_id)
    extra: Json = {}
    if draft.reply_to is not None and draft.reply_to in chat.posts:
        extra["reply_to_message"] = chat.posts[draft.reply_to].json
    if draft.forward_origin is not None:
        extra["forward_origin"] = draft.forward_origin
    if draft.media_group_id is not None:
        extra["media_group_id"] = draft.media_group_id
    ids = []
    for content in _contents(state, draft):
        if not content:
            raise bad("message text is empty")
        if _is_ephemeral_command(state, chat, draft):
            command = state.add_ephemeral(chat, content, user_id, by_bot=False, topic_id=draft.topic_id)
            ids.append(int(command.json["ephemeral_message_id"]))
            continue
        added = state.add_message(
            chat, content | extra, author=user_id, topic_id=draft.topic_id, anonymous=draft.anonymous
        )
        ids.append(int(added.json["message_id"]))
    return ids


def _is_ephemeral_command(state: TelegramState, chat: Chat, draft: Draft) -> bool:
    """Return whether Telegram's clients send this as an ephemeral command, which only the bot sees.

    They do so in groups with every command whose menu says `is_ephemeral` (Bot API 10.2).
    """
    can_be_ephemeral = state.ephemeral and not draft.anonymous and not draft.from_old_client
    if not can_be_ephemeral or chat.kind not in ("group", "supergroup"):
        return False
    name = draft.text.split(maxsplit=1)[0].partition("@")[0].removeprefix("/") if draft.text.startswith("/") else ""
    return name in _ephemeral_commands(state)


def _ephemeral_commands(state: TelegramState) -> set[str]:
    """Return the names of the commands that the menus of groups call ephemeral."""
    menus = (menu for key, menu in state.commands.items() if json.loads(key)[0]["type"] == "all_group_chats")
    return {command["command"] for menu in menus for command in menu if command.get("is_ephemeral")}


def send_album(state: TelegramState, user_id: int, files: list[File], draft: Draft) -> list[int]:
    """Send two to ten files as an album; return the ids. The first message has the draft's text as its caption."""
    if not 2 <= len(files) <= 10:
        raise bad("an album has two to ten items")
    group = secrets.token_hex(8)
    return [
        message_id
        for place, file in enumerate(files)
        for message_id in send_message(
            state, user_id, replace(draft, text="" if place else draft.text, file=file, media_group_id=group)
        )
    ]


def press_button(state: TelegramState, user_id: int, chat_id: int, message_id: int, *, data: str) -> str:
    """Press a callback button as a person; return the id of the query.

    As in Telegram, the message need not have such a button: a client may send any data at any time.
    """
    chat = chat_of(state, chat_id)
    pressed = chat.posts.get(message_id)
    if pressed is None:
        raise bad("message not found")
    if pressed.receiver not in (None, user_id):
        raise bad("nobody else sees the message")
    query_id = secrets.token_hex(8)
    state.presses[query_id] = {"answered": False, "chat_id": chat_id}
    state.add_update(
        "callback_query",
        {
            "id": query_id,
            "from": state.person(user_id).json(),
            "message": pressed.json,
            "chat_instance": str(abs(hash(chat_id)) % 10**15),
            "data": data,
        },
    )
    return query_id


def inline_query(state: TelegramState, user_id: int, query: str, offset: str = "") -> str:
    """Type an inline query as a person; return its id."""
    query_id = secrets.token_hex(8)
    state.inline[query_id] = {"id": query_id, "answered": False, "results": [], "next_offset": "", "button": None}
    body = {"id": query_id, "from": state.person(user_id).json(), "query": query, "offset": offset}
    state.add_update("inline_query", body)
    return query_id


def choose_result(
    state: TelegramState, user_id: int, query_id: str, result_id: str, *, chat_id: int | None = None
) -> int:
    """Send a result of an inline query to a chat as a person; return the id of the message."""
    results = state.inline.get(query_id, {}).get("results", [])
    chosen = next((result for result in results if result["id"] == result_id), None)
    if chosen is None:
        raise bad("RESULT_ID_INVALID")
    content = content_of(state, chosen) | {"via_bot": state.bot_user()}
    return int(
        state.add_message(_chat_to_write_in(state, user_id, chat_id), content, author=user_id).json["message_id"]
    )


def edit(state: TelegramState, user_id: int, message_id: int, text: str) -> None:
    """Edit the text of a person's message in their chat with the bot."""
    post = chat_of(state, user_id).posts.get(message_id)
    if post is None or post.by_bot or "text" not in post.json:
        raise bad("message can't be edited")
    post.json |= _written("text", text, None) | {"edit_date": int(state.now())}
    state.add_update("edited_message", post.json)


def delete(state: TelegramState, chat_id: int, message_id: int) -> None:
    """Delete a message as a person; bots get no update about it."""
    chat = chat_of(state, chat_id)
    chat.posts.pop(message_id, None)
    state.add_event("delete", chat_id, message_id)


def react(state: TelegramState, chat_id: int, message_id: int, counts: dict[str, int]) -> None:
    """Set how many people reacted to a message of a channel or group, by emoji.

    A bot gets an update about it only where it is an administrator.
    """
    chat = chat_of(state, chat_id)
    if message_id not in chat.posts:
        raise bad("message to react not found")
    if chat.members.get(state.me["id"], {}).get("status") != "administrator":
        return
    reactions = [
        {"type": {"type": "emoji", "emoji": emoji}, "total_count": count} for emoji, count in counts.items()
    ]
    body = {
        "chat": state.chat_json(chat),
        "message_id": message_id,
        "date": int(state.now()),
        "reactions": reactions,
    }
    state.add_update("message_reaction_count", body)


def _chat_to_write_in(state: TelegramState, user_id: int, chat_id: int | None) -> Chat:
    """Return the chat that a person may write in, the private one for None. Raises ApiError otherwise."""
    person = state.person(user_id)
    chat = chat_of(state, user_id if chat_id is None else chat_id)
    if chat.kind == "private":
        if person.blocked:
            block(state, user_id, blocked=False)
        person.started = True
    elif user_id not in chat.members:
        raise bad("the person is not a member of the chat")
    elif chat.kind == "channel" and chat.members[user_id]["status"] not in ("creator", "administrator"):
        raise bad("only administrators post in a channel")
    return chat


def _contents(state: TelegramState, draft: Draft) -> list[Json]:
    if draft.file is not None:
        return [_media(state, *draft.file) | _written("caption", draft.text, draft.entities)]
    starts = range(0, len(draft.text), _PART) or (0,)
    return [_written("text", *part_of(draft.text, draft.entities or [], begin, begin + _PART)) for begin in starts]


def _media(state: TelegramState, kind: str, name: str, content: bytes) -> Json:
    file_id = store_file(state.files, kind, name, content)
    if kind == "sticker":
        return {"sticker": sticker_json(file_id)}
    return media_json(kind, file_id, name, len(content), given={})


def _written(name: str, text: str, entities: list[Json] | None) -> Json:
    clean, clean_entities = finish(text, entities or [])
    if not clean:
        return {}
    key = "entities" if name == "text" else "caption_entities"
    return {name: clean} | ({key: clean_entities} if clean_entities else {})


def _service(state: TelegramState, chat: Chat, author: int, content: Json) -> Post:
    return state.add_message(chat, content, author=author, service=True)


def _bot_status(state: TelegramState, chat: Chat, by: int, old: Json, *, new: Json) -> None:
    body: dict[str, Any] = {
        "chat": state.chat_json(chat),
        "from": state.person(by).json(),
        "date": int(state.now()),
        "old_chat_member": old,
        "new_chat_member": new,
    }
    state.add_update("my_chat_member", body)
    state.add_event("status", chat.id)
