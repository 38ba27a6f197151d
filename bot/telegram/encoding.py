"""A message as the Bot API takes it: methods and their parameters (pure)."""

import json
from dataclasses import dataclass, replace
from typing import Any

from bot.render.html import strip_tags
from bot.render.message import Keyboard, Message
from bot.telegram.errors import About
from storage.records import MediaKind

SEND_RICH = "sendRichMessage"
"""The method that sends rich messages; not every server knows it."""


@dataclass(frozen=True, slots=True)
class EncodedMessage:
    """A message encoded once to be pushed to many chats: the method, and its parameters without the chat.

    `body` is a JSON object without its end.
    """

    method: str
    body: bytes


def prepare(message: Message) -> EncodedMessage:
    """Return a message in the form in which it is pushed."""
    method, content = (SEND_RICH, {"rich_message": rich_of(message)}) if message.rich_html else content_of(message)
    given = {name: value for name, value in (content | manners_of(message)).items() if value is not None}
    return EncodedMessage(
        method, json.dumps(given, ensure_ascii=False, separators=(",", ":")).encode().removesuffix(b"}")
    )


def content_of(message: Message) -> tuple[str, dict[str, Any]]:
    """Return the method that sends a message without rich text, and the parameters of what it says."""
    if message.media:
        kind = message.media_kind.value
        method = "send" + "".join(part.capitalize() for part in kind.split("_"))
        return method, {kind: message.media, **_caption_of(message)}
    return "sendMessage", text_of(message)


def _caption_of(message: Message) -> dict[str, Any]:
    """Return the caption of a medium; a round video takes none."""
    if message.media_kind is MediaKind.VIDEO_NOTE:
        return {}
    return {"caption": message.html, "parse_mode": "HTML"}


def input_media(message: Message) -> dict[str, Any]:
    """Return the medium of a message with its caption, as an InputMedia object."""
    return {"type": message.media_kind, "media": message.media, "caption": message.html, "parse_mode": "HTML"}


def manners_of(message: Message) -> dict[str, Any]:
    """Return the parameters of how a message comes, and of its buttons."""
    return {"disable_notification": message.silent or None, "reply_markup": markup(message.keyboard)}


def text_of(message: Message) -> dict[str, Any]:
    """Return the parameters of what a text says."""
    return {
        "text": message.html,
        "parse_mode": "HTML",
        "link_preview_options": _preview_of(message),
    }


def _preview_of(message: Message) -> dict[str, Any]:
    if message.preview_photo:
        return {"url": message.preview_photo, "prefer_large_media": True, "show_above_text": True}
    return {"is_disabled": not message.link_preview}


def rich_of(message: Message) -> dict[str, Any]:
    """Return a rich message as Telegram takes it."""
    media = [
        {"id": medium.id, "media": {"type": medium.kind, "media": medium.file}} for medium in message.rich_media
    ]
    return {"html": message.rich_html, "is_rtl": message.is_rtl} | ({"media": media} if media else {})


def markup(keyboard: Keyboard) -> dict[str, Any] | None:
    """Return buttons as Telegram takes them, None for none."""
    if not keyboard:
        return None
    rows = [
        [
            {"text": button.text}
            | ({"url": button.url} if button.url else {"callback_data": button.data})
            | ({"style": button.style.value} if button.style else {})
            for button in row
        ]
        for row in keyboard
    ]
    return {"inline_keyboard": rows}


def plain(message: Message, refused: About) -> Message:
    """Return the message without the markup that Telegram refused: its buttons, or its formatting."""
    if message.keyboard and About.BUTTONS in refused:
        return replace(message, keyboard=())
    return replace(message, html=strip_tags(message.html, escaped=True), rich_html="")
