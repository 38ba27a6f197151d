"""Answers that bring a file of our own making: a picture, a document."""

from contextlib import suppress
from typing import Any

from telegram.error import BadRequest, TelegramError

from bot.render.message import Message
from bot.telegram.encoding import markup
from bot.telegram.errors import Cause, failure_of
from bot.telegram.gateway import Gateway
from bot.telegram.transport import File


async def show_uploading(gateway: Gateway, chat_id: int) -> None:
    """Show for a few seconds that a picture is on its way, where Telegram can be reached."""
    with suppress(TelegramError):
        await gateway.call("sendChatAction", {"chat_id": chat_id, "action": "upload_photo"})


async def send_photo(gateway: Gateway, chat_id: int, photo: File, caption: Message) -> None:
    """Send a picture with `caption` under it, whose text and buttons count."""
    await _send(gateway, chat_id, "sendPhoto", "photo", file=photo, caption=caption)


async def send_document(gateway: Gateway, chat_id: int, document: File, caption: Message) -> None:
    """Send a file with `caption` under it, whose text and buttons count."""
    await _send(gateway, chat_id, "sendDocument", "document", file=document, caption=caption)


async def replace_photo(gateway: Gateway, chat_id: int, message_id: int, photo: File, *, caption: Message) -> None:
    """Replace the picture and the caption of one of our own messages."""
    params = {
        "chat_id": chat_id,
        "message_id": message_id,
        "media": {"type": "photo", "media": "attach://photo", "caption": caption.html, "parse_mode": "HTML"},
        "reply_markup": markup(caption.keyboard),
    }
    try:
        await gateway.limited(
            chat_id, lambda: gateway.upload("editMessageMedia", params, "photo", photo), repeatable=True
        )
    except BadRequest as error:
        if failure_of(error).cause is not Cause.UNCHANGED:
            raise


async def _send(gateway: Gateway, chat_id: int, method: str, name: str, *, file: File, caption: Message) -> None:
    params: dict[str, Any] = {
        "chat_id": chat_id,
        "caption": caption.html,
        "parse_mode": "HTML",
        "reply_markup": markup(caption.keyboard),
    }
    # A person gets it again rather than never where Telegram's answer was lost.
    await gateway.limited(chat_id, lambda: gateway.upload(method, params, name, file), repeatable=True)
