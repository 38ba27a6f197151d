"""The methods that delete, forward, copy and pin messages."""

from typing import Any

from sandbox.api.media import MEDIA
from sandbox.api.messages import CAPTION_LIMIT, chat_to_write, formatted, post
from sandbox.api.registry import Call, method
from sandbox.errors import ApiError, bad
from sandbox.state import Chat, Json, Post

DELETE_SECONDS = 48 * 3600
_MOST_AT_ONCE = 100
_SHOWN = ("text", "entities", "caption", "caption_entities", *MEDIA, "rich_message")


@method("deleteMessage")
def delete_message(call: Call) -> Any:
    """Delete a message; refused after 48 hours."""
    chat = call.state.reachable_chat(call["chat_id"])
    deleted = chat.posts.get(call["message_id"])
    if deleted is None:
        raise bad("message to delete not found")
    if not _deletable(call, chat, deleted):
        raise bad("message can't be deleted for everyone")
    _delete(call, chat, call["message_id"])
    return True


@method("deleteMessages")
def delete_messages(call: Call) -> Any:
    """Delete up to 100 messages; those that do not exist or cannot be deleted are skipped."""
    chat = call.state.reachable_chat(call["chat_id"])
    for message_id in _ids(call, "message identifiers are not specified"):
        deleted = chat.posts.get(message_id)
        if deleted is not None and _deletable(call, chat, deleted):
            _delete(call, chat, message_id)
    return True


def _deletable(call: Call, chat: Chat, post_to_delete: Post) -> bool:
    may = post_to_delete.by_bot or chat.kind == "private" or call.state.bot_right(chat, "can_delete_messages")
    return may and call.state.now() - post_to_delete.json["date"] <= DELETE_SECONDS


def _delete(call: Call, chat: Chat, message_id: int) -> None:
    del chat.posts[message_id]
    if message_id in chat.pinned:
        chat.pinned.remove(message_id)
    call.state.counts.deleted += 1
    call.state.add_event("delete", chat.id, message_id)


@method("forwardMessage")
def forward_message(call: Call) -> Any:
    """Forward a message with its origin."""
    source = call.state.reachable_chat(call["from_chat_id"])
    original = _source_post(source, call["message_id"], "forward")
    return _forward(call, source, original)


@method("forwardMessages")
def forward_messages(call: Call) -> Any:
    """Forward up to 100 messages; those that do not exist are skipped."""
    source = call.state.reachable_chat(call["from_chat_id"])
    posts = _source_posts(call, source, "forward")
    return [{"message_id": _forward(call, source, post)["message_id"]} for post in posts]


@method("copyMessage")
def copy_message(call: Call) -> Any:
    """Send a message's content again without its origin, perhaps with another caption."""
    source = call.state.reachable_chat(call["from_chat_id"])
    original = _source_post(source, call["message_id"], "copy")
    return _copy(call, original, new_caption="caption" in call.params)


@method("copyMessages")
def copy_messages(call: Call) -> Any:
    """Copy up to 100 messages; those that do not exist are skipped."""
    source = call.state.reachable_chat(call["from_chat_id"])
    return [_copy(call, post, new_caption=False) for post in _source_posts(call, source, "copy")]


def _source_post(source: Chat, message_id: int, verb: str) -> Post:
    original = source.posts.get(message_id)
    if original is None:
        raise bad(f"message to {verb} not found")
    if original.service or source.protected or original.json.get("has_protected_content"):
        raise bad("the message can't be forwarded" if verb == "forward" else "the message can't be copied")
    return original


def _source_posts(call: Call, source: Chat, verb: str) -> list[Post]:
    originals = []
    for message_id in _ids(call, f"there are no messages to {verb}"):
        try:
            originals.append(_source_post(source, message_id, verb))
        except ApiError:
            continue  # as the real server does: only if none is left it says so
    if not originals:
        raise bad(f"there are no messages to {verb}")
    return originals


def _ids(call: Call, error_for_none: str) -> list[int]:
    ids = call["message_ids"]
    if not ids:
        raise bad(error_for_none)
    if len(ids) > _MOST_AT_ONCE:
        raise bad("too many message identifiers specified")
    return [int(message_id) for message_id in ids]


def _forward(call: Call, source: Chat, original: Post) -> Json:
    content: Json = {key: original.json[key] for key in _SHOWN if key in original.json}
    content["forward_origin"] = original.json.get("forward_origin") or _origin(source, original)
    return post(call, chat_to_write(call), content, rich=original.rich)


def _copy(call: Call, original: Post, *, new_caption: bool) -> Json:
    content: Json = {key: original.json[key] for key in _SHOWN if key in original.json}
    if new_caption and any(kind in original.json for kind in MEDIA):
        content = {key: content[key] for key in MEDIA if key in content}
        content |= formatted(call, "caption", CAPTION_LIMIT, required=False)
    return {"message_id": post(call, chat_to_write(call), content, rich=original.rich)["message_id"]}


def _origin(source: Chat, original: Post) -> Json:
    date = original.json["date"]
    if source.kind == "channel":
        return {"type": "channel", "date": date, "chat": source.json(), "message_id": original.json["message_id"]}
    if "sender_chat" in original.json:
        return {"type": "chat", "date": date, "sender_chat": original.json["sender_chat"]}
    return {"type": "user", "date": date, "sender_user": original.json["from"]}


@method("pinChatMessage")
def pin_chat_message(call: Call) -> Any:
    """Pin a message; a service message announces it and has an id of its own."""
    chat = _pinnable(call)
    pinned = chat.posts.get(call["message_id"])
    if pinned is None or pinned.service:
        raise bad("message to pin not found")
    if call["message_id"] not in chat.pinned:
        chat.pinned.append(call["message_id"])
        content = {"pinned_message": pinned.json}
        call.state.add_message(chat, content, author=call.state.me["id"], service=True)
    return True


@method("unpinChatMessage")
def unpin_chat_message(call: Call) -> Any:
    """Unpin a message, by default the one that was pinned last."""
    chat = _pinnable(call)
    message_id = call.get("message_id") or (chat.pinned[-1] if chat.pinned else 0)
    if message_id not in chat.pinned:
        raise bad("message to unpin not found")
    chat.pinned.remove(message_id)
    return True


@method("unpinAllChatMessages")
def unpin_all_chat_messages(call: Call) -> Any:
    """Unpin everything."""
    _pinnable(call).pinned.clear()
    return True


def _pinnable(call: Call) -> Chat:
    chat = call.state.reachable_chat(call["chat_id"])
    right = "can_edit_messages" if chat.kind == "channel" else "can_pin_messages"
    if chat.kind != "private" and not call.state.bot_right(chat, right):
        raise bad("not enough rights to manage pinned messages in the chat")
    return chat
