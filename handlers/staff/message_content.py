"""The content of a message for an article: formatted text, an attachment, the channel that it comes from."""

from typing import TypeVar

from msgspec.structs import replace
from telegram import Message as TelegramMessage
from telegram import MessageOriginChannel

from bot.bounds import MESSAGE
from bot.errors import UserError
from bot.newsroom.formatting import FormattedText
from bot.newsroom.limits import MOST_ATTACHMENTS
from bot.newsroom.post_parser import Origin
from handlers.core.context import AROUND, COMMAND, HandlerContext
from handlers.core.dialogues import DialogueState
from handlers.core.message_media import attachment
from storage.records import Media, MediaKind


class MaterialState(DialogueState, frozen=True, kw_only=True):
    """The content that messages have brought to a post besides its text.

    `photo` is the file of the first photo ("": none), `media` what else came, `group` the id of the last album.
    """

    photo: str = ""
    media: tuple[Media, ...] = ()
    origin: Origin | None = None
    group: str | None = None

    @property
    def attachments(self) -> int:
        """The number of attachments, the photo included."""
        return len(self.media) + bool(self.photo)


M = TypeVar("M", bound=MaterialState)


def written(ctx: HandlerContext) -> FormattedText:
    """Return the context's words with the formatting that Telegram tells of."""
    message = ctx.message
    entities = message.entities if message.text else message.caption_entities
    text = MESSAGE.cut(message.text or message.caption or "")
    known = [(str(entity.type), entity.offset, entity.length, entity.url or "") for entity in entities]
    command = COMMAND.match(text)
    begin = command.end() if command else 0
    return FormattedText.of(text, known).cut(begin, len(text)).strip(AROUND)


def origin(message: TelegramMessage) -> Origin | None:
    """Return the channel that a message was forwarded from, None where it was from none."""
    forwarded = message.forward_origin
    if not isinstance(forwarded, MessageOriginChannel):
        return None
    username = forwarded.chat.username
    return Origin(forwarded.chat.title or "", f"https://t.me/{username}/{forwarded.message_id}" if username else "")


def gathered(message: TelegramMessage, state: M) -> M:
    """Return a post's state with what the message brings besides words. Raises UserError where that is too much."""
    medium, channel = attachment(message), origin(message)
    state = replace(state, group=message.media_group_id, origin=channel or state.origin)
    if medium is not None and medium.kind is MediaKind.PHOTO and not state.photo:
        state = replace(state, photo=medium.file)
    elif medium is not None and medium.file not in (state.photo, *(known.file for known in state.media)):
        state = replace(state, media=(*state.media, medium))
    if state.attachments > MOST_ATTACHMENTS:
        raise UserError("attachments-too-many", most=MOST_ATTACHMENTS)
    return state
