"""The content of a message for an article: formatted text, an attachment, the channel that it comes from."""

from typing import Any

from telegram import Message as TelegramMessage
from telegram import MessageOriginChannel

from bot.bounds import MESSAGE
from bot.errors import UserError
from bot.newsroom.formatting import FormattedText
from bot.newsroom.post_parser import MOST_ATTACHMENTS, Origin, media_to_json
from handlers.core.context import AROUND, COMMAND, HandlerContext
from storage.records import Media, MediaKind


def written(ctx: HandlerContext) -> FormattedText:
    """Return the context's words with the formatting that Telegram tells of."""
    message = ctx.message
    entities = message.entities if message.text else message.caption_entities
    text = MESSAGE.cut(message.text or message.caption or "")
    known = [(str(one.type), one.offset, one.length, one.url or "") for one in entities]
    command = COMMAND.match(text)
    begin = command.end() if command else 0
    return FormattedText.of(text, known).cut(begin, len(text)).strip(AROUND)


def attachment(message: TelegramMessage) -> Media | None:
    """Return the photo, video or document of a message; an animation counts as the document that it is, too."""
    if message.photo:
        return Media(MediaKind.PHOTO, message.photo[-1].file_id)
    if message.video:
        return Media(MediaKind.VIDEO, message.video.file_id, message.video.file_name or "")
    if message.document:
        return Media(MediaKind.DOCUMENT, message.document.file_id, message.document.file_name or "")
    return None


def origin(message: TelegramMessage) -> Origin | None:
    """Return the channel that a message was forwarded from, None where it was from none."""
    told = message.forward_origin
    if not isinstance(told, MessageOriginChannel):
        return None
    username = told.chat.username
    return Origin(told.chat.title or "", f"https://t.me/{username}/{told.message_id}" if username else "")


def gathered(message: TelegramMessage, data: dict[str, Any]) -> dict[str, Any]:
    """Return a post's data with what the message brings besides words.

    That is `photo`, the first of all, `media`, what else came, `origin`, and the `group` of the last album. Raises
    UserError where there are too many.
    """
    found, told = attachment(message), origin(message)
    more: dict[str, Any] = {"group": message.media_group_id}
    if told is not None:
        more["origin"] = [told.name, told.link]
    if found is not None and found.kind is MediaKind.PHOTO and not data.get("photo"):
        more["photo"] = found.file
    elif found is not None and found.file not in (data.get("photo"), *(one["file"] for one in _media(data))):
        more["media"] = [*_media(data), *media_to_json([found])]
    if count(data | more) > MOST_ATTACHMENTS:
        raise UserError("attachments-too-many", most=MOST_ATTACHMENTS)
    return data | more


def count(data: dict[str, Any]) -> int:
    """Return how many attachments a post's data hold."""
    return len(_media(data)) + bool(data.get("photo"))


def continues_album(message: TelegramMessage, data: dict[str, Any]) -> bool:
    """Tell whether a message belongs to the same album as the one before it: that has been answered."""
    return message.media_group_id is not None and message.media_group_id == data.get("group")


def _media(data: dict[str, Any]) -> list[dict[str, str]]:
    return data.get("media") or []
