"""Photos, videos, sounds, animations, documents and albums; files to download."""

import hashlib
from typing import Any

from sandbox.api.messages import CAPTION_LIMIT, chat_to_write, formatted, post
from sandbox.api.registry import Call, method
from sandbox.errors import ApiError, bad
from sandbox.state import Json

MEDIA = ("photo", "video", "animation", "audio", "voice", "video_note", "document")
"""The kinds of media that are simulated."""

_LARGEST_DOWNLOAD = 20 << 20
_LARGEST_PHOTO = 10 << 20
_LARGEST_FILE = 50 << 20
_MOST_IN_ALBUM = 10
_IMAGES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"RIFF", b"BM")


def stored_file(call: Call, reference: str, kind: str) -> str:
    """Return the file id of an upload, an address or a known id. Raises ApiError for anything else."""
    files = call.state.files
    if reference.startswith("attach://"):
        name = reference.removeprefix("attach://")
        if name not in call.uploads:
            raise bad("there is no file to upload")
        filename, content = call.uploads[name]
        _check_upload(kind, content)
        return store_file(files, kind, filename, content)
    if reference in files:
        known = reference.partition("-")[0]
        # What has an id goes as what it is, and never as another kind.
        if known != kind:
            raise bad(f"can't use file of type {known.capitalize()} as {kind.capitalize()}")
        return reference
    call.state.remote_files.fetch(reference, kind)
    return store_file(files, kind, reference, reference.encode())


def _check_upload(kind: str, content: bytes) -> None:
    if not content:
        raise bad("file must be non-empty")
    if len(content) > _LARGEST_FILE:
        raise ApiError(413, "Request Entity Too Large")
    if kind == "photo" and len(content) > _LARGEST_PHOTO:
        raise bad(
            f"file of size {len(content)} bytes is too big for a photo; the maximum size is {_LARGEST_PHOTO} bytes"
        )
    if kind == "photo" and not content.startswith(_IMAGES):
        raise bad("IMAGE_PROCESS_FAILED")


def store_file(files: dict[str, tuple[str, bytes]], kind: str, name: str, content: bytes) -> str:
    """Store a file and return its id."""
    file_id = f"{kind}-{hashlib.sha256(content + name.encode()).hexdigest()[:32]}"
    files[file_id] = (name, content)
    return file_id


def photo_json(file_id: str) -> list[Json]:
    """The sizes of a photo, smallest first."""
    return [
        {"file_id": file_id, "file_unique_id": file_id[-12:], "width": 90, "height": 60},
        {"file_id": file_id, "file_unique_id": file_id[-12:], "width": 900, "height": 600},
    ]


def document_json(file_id: str, name: str, size: int) -> Json:
    """A document."""
    return {"file_id": file_id, "file_unique_id": file_id[-12:], "file_name": name, "file_size": size}


def video_json(file_id: str, name: str, size: int) -> Json:
    """A video."""
    return document_json(file_id, name, size) | {"width": 640, "height": 360, "duration": 1}


def audio_json(file_id: str, name: str, size: int, *, given: Json) -> Json:
    """A piece of music or of speech, with what the bot told of it."""
    tags = {key: given[key] for key in ("title", "performer") if key in given}
    return document_json(file_id, name, size) | {"duration": int(given.get("duration", 3))} | tags


def voice_json(file_id: str) -> Json:
    """A voice message."""
    return {"file_id": file_id, "file_unique_id": file_id[-12:], "duration": 3, "mime_type": "audio/ogg"}


def video_note_json(file_id: str, size: int) -> Json:
    """A round video."""
    file = {"file_id": file_id, "file_unique_id": file_id[-12:], "file_size": size}
    return file | {"length": 240, "duration": 1}


def sticker_json(file_id: str) -> Json:
    """A sticker."""
    file = {"file_id": file_id, "file_unique_id": file_id[-12:]}
    return file | {"width": 512, "height": 512, "type": "regular", "is_animated": False, "is_video": False}


def media_content(call: Call, media: Json) -> Json:
    """Return an InputMedia object as a message holds it: the file and its caption. Raises ApiError."""
    kind = media.get("type", "")
    if kind not in MEDIA:
        raise bad("can't parse InputMedia: type of the media is not simulated by the sandbox")
    part = Call(call.state, media, call.uploads)
    caption = formatted(part, "caption", CAPTION_LIMIT, required=False)
    file_id = stored_file(call, str(media.get("media", "")), kind)
    name, content = call.state.files[file_id]
    return media_json(kind, file_id, name, len(content), given=media) | caption


def media_json(kind: str, file_id: str, name: str, size: int, *, given: Json) -> Json:
    """Return a medium as a message holds it; `given` is what the bot told of it."""
    match kind:
        case "photo":
            return {"photo": photo_json(file_id)}
        case "video":
            return {"video": video_json(file_id, name, size)}
        case "audio":
            return {"audio": audio_json(file_id, name, size, given=given)}
        case "voice":
            return {"voice": voice_json(file_id)}
        case "video_note":
            return {"video_note": video_note_json(file_id, size)}
        case "animation":
            # For clients that know no animations it is a document, too.
            file = video_json(file_id, name, size)
            return {"animation": file, "document": document_json(file_id, name, size)}
    return {"document": document_json(file_id, name, size)}


def _send(call: Call, kind: str) -> Any:
    chat = chat_to_write(call)
    return post(call, chat, media_content(call, {**call.params, "type": kind, "media": call[kind]}))


@method("sendPhoto")
def send_photo(call: Call) -> Any:
    """Send a photo with a caption."""
    return _send(call, "photo")


@method("sendAudio")
def send_audio(call: Call) -> Any:
    """Send a piece of music or of speech with a caption."""
    return _send(call, "audio")


@method("sendVoice")
def send_voice(call: Call) -> Any:
    """Send a voice message with a caption."""
    return _send(call, "voice")


@method("sendVideoNote")
def send_video_note(call: Call) -> Any:
    """Send a round video, which has no caption."""
    return _send(call, "video_note")


@method("sendAnimation")
def send_animation(call: Call) -> Any:
    """Send an animation with a caption."""
    return _send(call, "animation")


@method("sendVideo")
def send_video(call: Call) -> Any:
    """Send a video with a caption."""
    return _send(call, "video")


@method("sendDocument")
def send_document(call: Call) -> Any:
    """Send a file with a caption."""
    return _send(call, "document")


@method("sendMediaGroup")
def send_media_group(call: Call) -> Any:
    """Send an album of two to ten photos and videos, or of documents alone."""
    chat = chat_to_write(call)
    media = call["media"]
    if not 2 <= len(media) <= _MOST_IN_ALBUM:
        raise bad("group send failed: wrong number of media")
    kinds = {item.get("type", "") for item in media}
    if kinds & {"voice", "video_note", "animation"}:
        raise bad(f"type of the media is not supported in an album: {', '.join(sorted(kinds))}")
    if len(kinds) > 1 and (mixed := kinds & {"document", "audio"}):
        raise bad(f"{min(mixed)} can't be mixed with other media types")
    # All is checked before the first is sent: an album comes whole or not at all.
    contents = [media_content(call, item) for item in media]
    group = hashlib.sha256(repr((chat.id, chat.last_id, media)).encode()).hexdigest()[:16]
    return [
        post(call, chat, content | {"media_group_id": group}, counted=place == 0)
        for place, content in enumerate(contents)
    ]


@method("getFile")
def get_file(call: Call) -> Any:
    """Return the path under which a file can be downloaded; up to 20 MB."""
    file = call.state.files.get(call["file_id"])
    if file is None:
        raise bad("wrong file_id or the file is temporarily unavailable")
    content = file[1]
    if len(content) > _LARGEST_DOWNLOAD:
        raise bad("file is too big")
    file_id = call["file_id"]
    return {
        "file_id": file_id,
        "file_unique_id": file_id[-12:],
        "file_size": len(content),
        "file_path": f"files/{file_id}",
    }
