"""Photos, documents and albums; files to download."""

import hashlib
from typing import Any
from urllib.parse import urlsplit

from sandbox.api.messages import CAPTION_LIMIT, formatted, post, room_to_write
from sandbox.api.registry import Call, method
from sandbox.errors import bad
from sandbox.world import Json

_LARGEST_DOWNLOAD = 20 << 20


def stored_file(call: Call, given: str, kind: str) -> str:
    """Return the file id of an upload, an address or a known id. Raises ApiError for anything else."""
    files = call.world.files
    if given.startswith("attach://"):
        name = given.removeprefix("attach://")
        if name not in call.uploads:
            raise bad("there is no file to upload")
        filename, content = call.uploads[name]
        return keep_file(files, kind, filename, content)
    if given in files:
        return given
    parts = urlsplit(given)
    if parts.scheme in ("http", "https"):
        if "." not in parts.netloc:
            raise bad("wrong type of the web page content")
        return keep_file(files, kind, given, given.encode())
    raise bad("wrong file identifier/HTTP URL specified")


def keep_file(files: dict[str, tuple[str, bytes]], kind: str, name: str, content: bytes) -> str:
    """Keep a file and return its id."""
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


@method("sendPhoto")
def send_photo(call: Call) -> Any:
    """Send a photo with a caption."""
    room = room_to_write(call)
    caption = formatted(call, "caption", CAPTION_LIMIT, required=False)
    file_id = stored_file(call, call["photo"], "photo")
    return post(call, room, {"photo": photo_json(file_id)} | caption)


@method("sendDocument")
def send_document(call: Call) -> Any:
    """Send a file with a caption."""
    room = room_to_write(call)
    caption = formatted(call, "caption", CAPTION_LIMIT, required=False)
    file_id = stored_file(call, call["document"], "document")
    name, content = call.world.files[file_id]
    return post(call, room, {"document": document_json(file_id, name, len(content))} | caption)


@method("sendMediaGroup")
def send_media_group(call: Call) -> Any:
    """Send an album of two to ten photos."""
    room = room_to_write(call)
    media = call["media"]
    if not 2 <= len(media) <= 10:
        raise bad("group send failed: wrong number of media")
    group = hashlib.sha256(repr((room.id, room.last_id, media)).encode()).hexdigest()[:16]
    sent = []
    for item in media:
        if item.get("type") != "photo":
            raise bad("only photos are simulated in albums by the sandbox")
        part = Call(call.world, {**item, "chat_id": call["chat_id"]}, call.uploads)
        caption = formatted(part, "caption", CAPTION_LIMIT, required=False)
        photo = photo_json(stored_file(call, item.get("media", ""), "photo"))
        sent.append(post(call, room, {"photo": photo, "media_group_id": group} | caption))
    return sent


@method("getFile")
def get_file(call: Call) -> Any:
    """Tell where a file can be downloaded; up to 20 MB."""
    found = call.world.files.get(call["file_id"])
    if found is None:
        raise bad("wrong file_id or the file is temporarily unavailable")
    content = found[1]
    if len(content) > _LARGEST_DOWNLOAD:
        raise bad("file is too big")
    file_id = call["file_id"]
    return {
        "file_id": file_id,
        "file_unique_id": file_id[-12:],
        "file_size": len(content),
        "file_path": f"files/{file_id}",
    }
