"""The methods that send text, and what all methods that send share."""

from functools import lru_cache
from typing import Any

from sandbox.api.registry import Call, method
from sandbox.entities import finish, parse_html, units
from sandbox.errors import bad
from sandbox.markup import check_markup
from sandbox.state import Chat, Json

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024


def formatted(call: Call, name: str, limit: int, *, required: bool) -> Json:
    """Return the text or caption parameter with its entities, as a message holds them."""
    key = "entities" if name == "text" else "caption_entities"
    text, entities = _text_and_entities(call, name, key)
    if not text:
        if required:
            raise bad("message text is empty")
        return {}
    if len(text) > limit or units(text) > 2 * limit:
        raise bad("message is too long" if name == "text" else "message caption is too long")
    return {name: text} | ({key: entities} if entities else {}) | (_preview(call) if name == "text" else {})


def _text_and_entities(call: Call, name: str, key: str) -> tuple[str, list[Json]]:
    """Return the parameter `name` as plain text, and its entities, without a markup those of `key`."""
    raw = call.get(name, "")
    mode = call.get("parse_mode", "")
    return _marked_up(raw, mode.lower()) if mode else finish(raw, call.get(key, []))


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


def chat_to_write(call: Call) -> Chat:
    """Return the chat to send to, after every check but the flood limits."""
    chat = call.state.reachable_chat(call["chat_id"])
    call.state.check_writable(chat, call.get("message_thread_id"))
    return chat


def reply_of(call: Call, chat: Chat) -> Json:
    """Return the part of a message that shows what it replies to."""
    reply = call.get("reply_parameters")
    if not reply:
        return {}
    target = chat.posts.get(int(reply.get("ephemeral_message_id") or reply.get("message_id", 0)))
    if target is None:
        if reply.get("allow_sending_without_reply"):
            return {}
        raise bad("message to be replied not found")
    return {"reply_to_message": target.json}


def post(call: Call, chat: Chat, content: Json, *, rich: Json | None = None, counted: bool = True) -> Json:
    """Count the message against the limits, put it into the chat and return it."""
    state = call.state
    content = content | reply_of(call, chat)
    if counted:
        state.flood.check(chat.id, state.now(), paid=bool(call.get("allow_paid_broadcast")))
    if markup := check_markup(call.get("reply_markup")):
        content["reply_markup"] = markup
    if call.get("protect_content"):
        content["has_protected_content"] = True
    topic_id = call.get("message_thread_id")
    if rich is None and (receiver := _receiver(call, chat)) is not None:
        return state.add_ephemeral(chat, content, receiver, by_bot=True, topic_id=topic_id).json
    return state.add_message(chat, content, author=state.me["id"], topic_id=topic_id, rich=rich).json


def _receiver(call: Call, chat: Chat) -> int | None:
    """Return who alone gets an ephemeral message, None for any other. Raises ApiError where it is not allowed.

    A server from before Bot API 10.2 passes the unknown parameter over.
    """
    parameters = call.get("ephemeral_message_parameters")
    if not parameters or not call.state.ephemeral:
        return None
    if chat.kind not in ("group", "supergroup"):
        raise bad("ephemeral messages can be sent only to groups and supergroups")
    receiver = int(parameters["receiver_user_id"])
    if receiver not in chat.members or receiver == call.state.me["id"]:
        raise bad("USER_NOT_PARTICIPANT")
    if chat.members[call.state.me["id"]]["status"] != "administrator" and not _is_answer(call, chat, receiver):
        raise bad("MESSAGE_NOT_COMMAND")
    return receiver


def _is_answer(call: Call, chat: Chat, receiver: int) -> bool:
    """Return whether a message answers a press or an ephemeral command of its receiver."""
    replied = chat.posts.get((call.get("reply_parameters") or {}).get("ephemeral_message_id", 0))
    asked = replied is not None and not replied.by_bot and replied.receiver == receiver
    return asked or bool(call["ephemeral_message_parameters"].get("callback_query_id"))


@method("sendMessage")
def send_message(call: Call) -> Any:
    """Send text."""
    chat = chat_to_write(call)
    content = formatted(call, "text", TEXT_LIMIT, required=True)
    check_markup(call.get("reply_markup"))
    return post(call, chat, content)


@method("sendChatAction")
def send_chat_action(call: Call) -> Any:
    """Show that the bot is typing."""
    call.state.reachable_chat(call["chat_id"])
    return True
