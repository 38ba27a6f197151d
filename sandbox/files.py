"""Files of messages as the page shows and opens them."""

from urllib.parse import quote

from aiohttp import web

from sandbox.errors import bad
from sandbox.state import TelegramState

_INLINE_TYPES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\x1aE\xdf\xa3", "video/webm"),
)
"""The first bytes of types that a browser may display; it saves anything else."""


def file_response(state: TelegramState, file_id: str) -> web.Response:
    """Return a file's content, or redirect to the address it was sent by. Raises ApiError for an unknown one."""
    file = state.files.get(file_id)
    if file is None:
        raise bad("there is no such file")
    name, content = file
    if name.startswith(("http://", "https://")) and content == name.encode():
        return web.Response(status=302, headers={"Location": name})
    kind = content_type(content)
    place = "inline" if kind != "application/octet-stream" else "attachment"
    headers = {
        "Content-Disposition": f"{place}; filename*=UTF-8''{quote(name, safe='')}",
        "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "max-age=3600",
    }
    return web.Response(body=content, content_type=kind, headers=headers)


def content_type(content: bytes) -> str:
    """Return a file's type by its first bytes, application/octet-stream for what no browser may display."""
    if content[:4] == b"RIFF" and content[8:12] in (b"WEBP", b"WAVE"):
        return "image/webp" if content[8:12] == b"WEBP" else "audio/wav"
    if content[4:8] == b"ftyp":
        return "video/mp4"
    return next((kind for begin, kind in _INLINE_TYPES if content.startswith(begin)), "application/octet-stream")
