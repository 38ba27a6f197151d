"""Simulated files behind the addresses that a bot sends: every address has a file unless a rule says otherwise.

Nothing is fetched.
"""

import mimetypes
from dataclasses import dataclass
from urllib.parse import urlsplit

from sandbox.errors import bad

LARGEST_PHOTO = 5 << 20
LARGEST_FILE = 20 << 20
"""The most bytes that Telegram fetches from an address, as a photo and as anything else."""


_TYPES: dict[str, tuple[str, ...]] = {
    "photo": ("image/",),
    "video": ("video/mp4",),
    "audio": ("audio/mpeg", "audio/mp4", "audio/x-m4a"),
    "voice": ("audio/",),
    "animation": ("image/gif", "video/mp4"),
    # core.telegram.org/bots/api#sending-files: by address, documents are of these types alone.
    "document": ("application/pdf", "application/zip", "image/gif"),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """The file behind addresses that begin with `prefix`: `size` bytes, or Telegram's refusal in these words."""

    prefix: str
    size: int = 1_000
    refusal: str = ""


class RemoteFiles:
    """The simulated files; the newest rule that matches applies."""

    def __init__(self) -> None:
        self.rules: list[Rule] = []
        self.fetched: list[str] = []

    def fetch(self, address: str, kind: str) -> None:
        """Raise ApiError where Telegram could not send what is there as a `kind`; record the fetch."""
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https"):
            raise bad("wrong file identifier/HTTP URL specified")
        if "." not in parts.netloc:
            raise bad("wrong type of the web page content")
        self.fetched.append(address)
        rule = next((rule for rule in reversed(self.rules) if address.startswith(rule.prefix)), Rule(""))
        if rule.refusal:
            raise bad(rule.refusal)
        mime = mimetypes.guess_type(parts.path)[0]
        if mime is not None and not mime.startswith(_TYPES[kind]):
            raise bad("wrong type of the web page content")
        if rule.size > (LARGEST_PHOTO if kind == "photo" else LARGEST_FILE):
            raise bad("failed to get HTTP URL content")
