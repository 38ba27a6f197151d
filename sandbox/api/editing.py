"""Editing what was sent: the bot's own messages, and in channels those of others where it has the right."""

from typing import Any

from sandbox.api.media import MEDIA, media_content
from sandbox.api.messages import CAPTION_LIMIT, TEXT_LIMIT, formatted
from sandbox.api.registry import Call, method
from sandbox.api.rich import rich_content
from sandbox.errors import bad
from sandbox.markup import check_markup
from sandbox.state import Chat, Json, Post


def editable(call: Call) -> tuple[Chat, Post]:
    """Return the message to edit. Raises ApiError where the bot may not."""
    if "chat_id" not in call.params or "message_id" not in call.params:
        raise bad("message identifier is not specified")
    chat = call.state.reachable_chat(call["chat_id"])
    edited = chat.posts.get(call["message_id"])
    if edited is None or edited.service or edited.receiver is not None:
        raise bad("message to edit not found")
    if not edited.by_bot and not (chat.kind == "channel" and call.state.bot_right(chat, "can_edit_messages")):
        raise bad("message can't be edited")
    return chat, edited


def replace(call: Call, chat: Chat, post: Post, content: Json, *, rich: Json | None = None) -> Json:
    """Replace the content of a message; unchanged content is refused."""
    state = call.state
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
        "has_protected_content",
        "media_group_id",
        "ephemeral_message_id",
        "receiver_user",
    )
    changed = {key: post.json[key] for key in kept if key in post.json} | content
    if markup:
        changed["reply_markup"] = markup
    if {**changed, "edit_date": 0} == {**post.json, "edit_date": 0}:
        raise bad(
            "message is not modified: specified new message content and reply markup are exactly the same "
            "as a current content and reply markup of the message"
        )
    state.flood.check(chat.id, state.now())
    post.json = changed | {"edit_date": int(state.now())}
    post.rich = rich
    state.counts.edited += 1
    state.add_event("edit", chat.id, post.json.get("ephemeral_message_id") or post.json["message_id"])
    return post.json


@method("editMessageText")
def edit_message_text(call: Call) -> Any:
    """Edit a text or rich message."""
    chat, edited = editable(call)
    if "rich_message" in call.params:
        if not call.state.rich:
            raise bad("parameter rich_message is unknown to the method")
        if "text" in call.params:
            raise bad("exactly one of text and rich_message must be given")
        content, visible = rich_content(call)
        return replace(call, chat, edited, content, rich=visible)
    if "text" not in edited.json and "rich_message" not in edited.json:
        raise bad("there is no text in the message to edit")
    return replace(call, chat, edited, formatted(call, "text", TEXT_LIMIT, required=True))


@method("editEphemeralMessageText")
def edit_ephemeral_message_text(call: Call) -> Any:
    """Edit the text of a message that one person sees."""
    chat = call.state.reachable_chat(call["chat_id"])
    edited = chat.posts.get(call["ephemeral_message_id"]) if call.state.ephemeral else None
    if edited is None or edited.receiver != call["receiver_user_id"]:
        raise bad("message to edit not found")
    replace(call, chat, edited, formatted(call, "text", TEXT_LIMIT, required=True))
    return True


@method("editMessageCaption")
def edit_message_caption(call: Call) -> Any:
    """Edit the caption of a media message."""
    chat, edited = editable(call)
    media = {key: edited.json[key] for key in MEDIA if key in edited.json}
    if not media:
        raise bad("there is no caption in the message to edit")
    return replace(call, chat, edited, media | formatted(call, "caption", CAPTION_LIMIT, required=False))


@method("editMessageReplyMarkup")
def edit_message_reply_markup(call: Call) -> Any:
    """Replace a message's buttons."""
    chat, edited = editable(call)
    content = {key: value for key, value in edited.json.items() if key not in ("reply_markup", "edit_date")}
    return replace(call, chat, edited, content, rich=edited.rich)


@method("editMessageMedia")
def edit_message_media(call: Call) -> Any:
    """Replace the photo, video or file of a message, and its caption."""
    chat, edited = editable(call)
    if "rich_message" in edited.json:
        raise bad("message can't be edited")
    if call["media"].get("type") in ("voice", "video_note"):
        raise bad("can't parse InputMedia: type must be one of animation, audio, document, photo, video")
    content = media_content(call, call["media"])
    if "media_group_id" in edited.json and _album_kind(edited.json) != _album_kind(content):
        raise bad("message can't be edited: media of another kind in an album")
    return replace(call, chat, edited, content)


def _album_kind(content: Json) -> str:
    """Return what an album holds besides: documents and sounds have albums of their own."""
    return next((kind for kind in ("document", "audio") if kind in content), "")
