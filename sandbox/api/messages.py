"""Sending, editing, deleting and forwarding text and rich messages."""

from functools import lru_cache
from typing import Any

from sandbox.api.registry import Call, method
from sandbox.entities import finish, parse_html, units
from sandbox.errors import bad
from sandbox.markup import check_markup
from sandbox.world import Json, Room

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024


def formatted(call: Call, name: str, limit: int, *, required: bool) -> Json:
    """Return the text or caption parameter with its entities, as a message holds them."""
    raw = call.get(name, "")
    mode = call.get("parse_mode", "")
    if mode:
        text, entities = _marked_up(raw, mode.lower())
    else:
        text, entities = finish(raw, call.get("entities" if name == "text" else "caption_entities", []))
    if not text:
        if required:
            raise bad("message text is empty")
        return {}
    if len(text) > limit or units(text) > 2 * limit:
        raise bad("message is too long" if name == "text" else "message caption is too long")
    key = "entities" if name == "text" else "caption_entities"
    return {name: text} | ({key: entities} if entities else {}) | (_preview(call) if name == "text" else {})


def _preview(call: Call) -> Json:
    """Return the part of a text that names the page or photo that is previewed, where the bot has chosen one."""
    options = call.get("link_preview_options") or {}
    return {"link_preview_options": options} if options.get("url") and not options.get("is_disabled") else {}


# A headline comes with the same words for every chat. What is returned is shared, never changed in place.
@lru_cache(maxsize=256)
def _marked_up(raw: str, mode: str) -> tuple[str, list[Json]]:
    if mode != "html":
        raise bad("unsupported parse_mode")
    return finish(*parse_html(raw))


def room_to_write(call: Call) -> Room:
    """Return the chat to send to, after every check but the flood limits."""
    room = call.world.reachable(call["chat_id"])
    call.world.writable(room, call.get("message_thread_id"))
    return room


def reply_of(call: Call, room: Room) -> Json:
    """Return the part of a message that shows what it replies to."""
    reply = call.get("reply_parameters")
    if not reply:
        return {}
    target = room.posts.get(int(reply.get("ephemeral_message_id") or reply.get("message_id", 0)))
    if target is None:
        if reply.get("allow_sending_without_reply"):
            return {}
        raise bad("message to be replied not found")
    return {"reply_to_message": target.json}


def post(call: Call, room: Room, content: Json, *, rich: Json | None = None, counted: bool = True) -> Json:
    """Count the message against the limits, put it into the chat and return it."""
    world = call.world
    content = content | reply_of(call, room)
    if counted:
        world.flood.pass_or_refuse(room.id, world.now(), paid=bool(call.get("allow_paid_broadcast")))
    if markup := check_markup(call.get("reply_markup")):
        content["reply_markup"] = markup
    if call.get("protect_content"):
        content["has_protected_content"] = True
    topic_id = call.get("message_thread_id")
    if rich is None and (receiver := _receiver(call, room)) is not None:
        return world.add_ephemeral(room, content, receiver, by_bot=True, topic_id=topic_id).json
    return world.add(room, content, author=world.me["id"], topic_id=topic_id, rich=rich).json


def _receiver(call: Call, room: Room) -> int | None:
    """Return who alone gets an ephemeral message, None for any other. Raises ApiError where it is not allowed.

    A server from before Bot API 10.2 passes the unknown parameter over.
    """
    asked = call.get("ephemeral_message_parameters")
    if not asked or not call.world.ephemeral:
        return None
    if room.kind not in ("group", "supergroup"):
        raise bad("ephemeral messages can be sent only to groups and supergroups")
    receiver = int(asked["receiver_user_id"])
    if receiver not in room.members or receiver == call.world.me["id"]:
        raise bad("USER_NOT_PARTICIPANT")
    if room.members[call.world.me["id"]]["status"] != "administrator" and not _is_answer(call, room, receiver):
        raise bad("MESSAGE_NOT_COMMAND")
    return receiver


def _is_answer(call: Call, room: Room, receiver: int) -> bool:
    """Tell whether a message answers a press or an ephemeral command of its receiver."""
    replied = room.posts.get((call.get("reply_parameters") or {}).get("ephemeral_message_id", 0))
    asked = replied is not None and not replied.by_bot and replied.receiver == receiver
    return asked or bool(call["ephemeral_message_parameters"].get("callback_query_id"))


@method("sendMessage")
def send_message(call: Call) -> Any:
    """Send text."""
    room = room_to_write(call)
    content = formatted(call, "text", TEXT_LIMIT, required=True)
    check_markup(call.get("reply_markup"))
    return post(call, room, content)


@method("sendChatAction")
def send_chat_action(call: Call) -> Any:
    """Show that the bot is typing."""
    call.world.reachable(call["chat_id"])
    return True
