"""Sending, editing, deleting and forwarding text and rich messages."""

from functools import lru_cache
from typing import Any

from sandbox.api.registry import Call, method
from sandbox.entities import finish, parse_html, units
from sandbox.errors import ApiError, bad
from sandbox.markup import check_markup
from sandbox.rich import check_rich
from sandbox.world import Json, Post, Room

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
DELETE_SECONDS = 48 * 3600


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
    return {name: text} | ({key: entities} if entities else {})


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
    target = room.posts.get(int(reply.get("message_id", 0)))
    if target is None:
        if reply.get("allow_sending_without_reply"):
            return {}
        raise bad("message to be replied not found")
    return {"reply_to_message": target.json}


def post(call: Call, room: Room, content: Json, *, rich: Json | None = None) -> Json:
    """Count the message against the limits, put it into the chat and return it."""
    world = call.world
    content = content | reply_of(call, room)
    world.flood.pass_or_refuse(room.id, world.now(), paid=bool(call.get("allow_paid_broadcast")))
    if markup := check_markup(call.get("reply_markup")):
        content["reply_markup"] = markup
    if call.get("protect_content"):
        content["has_protected_content"] = True
    sent = world.add(
        room, content, author=world.me["id"], by_bot=True, topic_id=call.get("message_thread_id"), rich=rich
    )
    return sent.json


@method("sendMessage")
def send_message(call: Call) -> Any:
    """Send text."""
    room = room_to_write(call)
    content = formatted(call, "text", TEXT_LIMIT, required=True)
    check_markup(call.get("reply_markup"))
    return post(call, room, content)


@method("sendRichMessage")
def send_rich_message(call: Call) -> Any:
    """Send a rich message."""
    if not call.world.rich:
        raise ApiError(404, "Not Found")
    room = room_to_write(call)
    shown = check_rich(call["rich_message"])
    check_markup(call.get("reply_markup"))
    return post(call, room, {"rich_message": shown}, rich=shown)


def editable(call: Call) -> tuple[Room, Post]:
    """Return the message to edit. Raises ApiError where the bot may not."""
    if "chat_id" not in call.params or "message_id" not in call.params:
        raise bad("message identifier is not specified")
    room = call.world.reachable(call["chat_id"])
    found = room.posts.get(call["message_id"])
    if found is None or found.service:
        raise bad("message to edit not found")
    if not found.by_bot and not (room.kind == "channel" and call.world.bot_right(room, "can_edit_messages")):
        raise bad("message can't be edited")
    return room, found


def replace(call: Call, room: Room, found: Post, content: Json, *, rich: Json | None = None) -> Json:
    """Put new content in the place of a message's; the same again is refused."""
    world = call.world
    markup = check_markup(call.get("reply_markup"))
    kept = (
        "message_id",
        "date",
        "chat",
        "from",
        "sender_chat",
        "message_thread_id",
        "is_topic_message",
        "reply_to_message",
    )
    changed = {key: found.json[key] for key in kept if key in found.json} | content
    if markup:
        changed["reply_markup"] = markup
    if {**changed, "edit_date": 0} == {**found.json, "edit_date": 0}:
        raise bad(
            "message is not modified: specified new message content and reply markup are exactly the same "
            "as a current content and reply markup of the message"
        )
    world.flood.pass_or_refuse(room.id, world.now())
    found.json = changed | {"edit_date": int(world.now())}
    found.rich = rich
    world.counts.edited += 1
    world.event("edit", room.id, found.json["message_id"])
    return found.json


@method("editMessageText")
def edit_message_text(call: Call) -> Any:
    """Edit a text or rich message."""
    room, found = editable(call)
    if "rich_message" in call.params:
        if not call.world.rich:
            raise bad("parameter rich_message is unknown to the method")
        if "text" in call.params:
            raise bad("exactly one of text and rich_message must be given")
        shown = check_rich(call["rich_message"])
        return replace(call, room, found, {"rich_message": shown}, rich=shown)
    if "text" not in found.json and "rich_message" not in found.json:
        raise bad("there is no text in the message to edit")
    return replace(call, room, found, formatted(call, "text", TEXT_LIMIT, required=True))


@method("editMessageCaption")
def edit_message_caption(call: Call) -> Any:
    """Edit the caption of a media message."""
    room, found = editable(call)
    media = {key: found.json[key] for key in ("photo", "document", "video") if key in found.json}
    if not media:
        raise bad("there is no caption in the message to edit")
    return replace(call, room, found, media | formatted(call, "caption", CAPTION_LIMIT, required=False))


@method("editMessageReplyMarkup")
def edit_message_reply_markup(call: Call) -> Any:
    """Replace a message's buttons."""
    room, found = editable(call)
    content = {key: value for key, value in found.json.items() if key not in ("reply_markup", "edit_date")}
    return replace(call, room, found, content, rich=found.rich)


@method("deleteMessage")
def delete_message(call: Call) -> Any:
    """Delete a message; refused after 48 hours."""
    world = call.world
    room = world.reachable(call["chat_id"])
    found = room.posts.get(call["message_id"])
    if found is None:
        raise bad("message to delete not found")
    may = found.by_bot or room.kind == "private" or world.bot_right(room, "can_delete_messages")
    if not may or world.now() - found.json["date"] > DELETE_SECONDS:
        raise bad("message can't be deleted for everyone")
    del room.posts[call["message_id"]]
    world.counts.deleted += 1
    world.event("delete", room.id, call["message_id"])
    return True


@method("forwardMessage")
def forward_message(call: Call) -> Any:
    """Forward a message with its origin."""
    world = call.world
    source = world.reachable(call["from_chat_id"])
    found = source.posts.get(call["message_id"])
    if found is None:
        raise bad("message to forward not found")
    if found.service or source.protected or found.json.get("has_protected_content"):
        raise bad("the message can't be forwarded")
    room = room_to_write(call)
    kept = ("text", "entities", "caption", "caption_entities", "photo", "document", "video", "rich_message")
    content: Json = {key: found.json[key] for key in kept if key in found.json}
    content["forward_origin"] = _origin(source, found)
    return post(call, room, content, rich=found.rich)


def _origin(source: Room, found: Post) -> Json:
    date = found.json["date"]
    if source.kind == "channel":
        return {"type": "channel", "date": date, "chat": source.json(), "message_id": found.json["message_id"]}
    if "sender_chat" in found.json:
        return {"type": "chat", "date": date, "sender_chat": found.json["sender_chat"]}
    return {"type": "user", "date": date, "sender_user": found.json["from"]}


@method("sendChatAction")
def send_chat_action(call: Call) -> Any:
    """Show that the bot is typing."""
    call.world.reachable(call["chat_id"])
    return True


@method("pinChatMessage")
def pin_chat_message(call: Call) -> Any:
    """Pin a message."""
    room = call.world.reachable(call["chat_id"])
    if call["message_id"] not in room.posts:
        raise bad("message to pin not found")
    if room.kind != "private" and not (
        call.world.bot_right(room, "can_edit_messages" if room.kind == "channel" else "can_pin_messages")
    ):
        raise bad("not enough rights to manage pinned messages in the chat")
    room.pinned.append(call["message_id"])
    return True
