"""Media of sources, sent to a person by a file id or an address, or uploaded; and what Telegram made of them."""

from pathlib import PurePosixPath
from typing import Any, BinaryIO
from urllib.parse import unquote, urlsplit

from bot.render.attachments import as_message
from bot.telegram.encoding import content_of
from bot.telegram.gateway import Gateway
from storage.records import Media, MediaKind

FETCHING_SECONDS = 60.0
"""The time that Telegram has to fetch an address and answer."""
_LONGEST_NAME = 60
_ENDINGS = {
    "video/mp4": ".mp4",
    "audio/mpeg": ".mp3",
    "audio/mp4": ".m4a",
    "audio/ogg": ".ogg",
    "image/jpeg": ".jpg",
}
# An animation has a document beside it, for clients that know no animations.
_MADE = (
    MediaKind.ANIMATION,
    MediaKind.VIDEO,
    MediaKind.AUDIO,
    MediaKind.VOICE,
    MediaKind.VIDEO_NOTE,
    MediaKind.DOCUMENT,
)


async def send_medium(gateway: Gateway, chat_id: int, medium: Media, *, topic_id: int = 0) -> dict[str, Any]:
    """Send a medium whose `file` Telegram keeps or may fetch, and return the raw message. Waits as `send` does.

    Raises MaybeSentError where Telegram fetches an address for too long: it would do so at each further try.
    """
    method, content = content_of(as_message(medium))
    params = _where(chat_id, topic_id) | content
    timeout = FETCHING_SECONDS if medium.is_foreign else None
    sent: dict[str, Any] = await gateway.limited(
        chat_id, lambda: gateway.call(method, params, timeout=timeout), repeatable=not medium.is_foreign
    )
    return sent


async def upload_medium(
    gateway: Gateway, chat_id: int, medium: Media, content: BinaryIO, *, topic_id: int = 0
) -> dict[str, Any]:
    """Send a medium whose content was fetched, and return the raw message. Waits as `send` does.

    Raises MaybeSentError where Telegram's answer was lost: nobody gets a large file again and again.
    """
    method, params = content_of(as_message(medium))
    name = medium.kind.value
    values = (
        _where(chat_id, topic_id)
        | {key: value for key, value in params.items() if key != name}
        | _upload_fields(medium)
    )
    file = (_file_name(medium), content, medium.mime or "application/octet-stream")
    sent: dict[str, Any] = await gateway.limited(
        chat_id, lambda: gateway.upload(method, values, parameter=name, file=file), repeatable=False
    )
    return sent


def file_of(sent: dict[str, Any]) -> Media | None:
    """Return the file that Telegram made of what was sent, None where a raw message names none."""
    if sent.get("photo"):
        return Media(MediaKind.PHOTO, str(sent["photo"][-1]["file_id"]))
    kind = next((kind for kind in _MADE if isinstance(sent.get(kind), dict)), None)
    return Media(kind, str(sent[kind]["file_id"])) if kind is not None else None


def _where(chat_id: int, topic_id: int) -> dict[str, Any]:
    return {"chat_id": chat_id, "message_thread_id": topic_id or None}


def _upload_fields(medium: Media) -> dict[str, Any]:
    """Return the metadata of an upload: clients show it before they have the file."""
    match medium.kind:
        case MediaKind.VIDEO:
            sizes = {"width": medium.width or None, "height": medium.height or None}
            return sizes | {"duration": medium.duration or None, "supports_streaming": True}
        case MediaKind.AUDIO:
            return {"duration": medium.duration or None, "title": medium.title or None}
        case _:
            return {}


def _file_name(medium: Media) -> str:
    """Return the name that an upload bears: that of its address, with the ending of its type."""
    path = PurePosixPath(unquote(urlsplit(medium.file).path))
    ending = _ENDINGS.get(medium.mime, path.suffix[:10])
    return f"{path.stem[-_LONGEST_NAME:] or medium.kind}{ending}"
