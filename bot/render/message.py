"""A message ready for Telegram, before it has a chat: what rendering returns and the gateway sends."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Button:
    """One inline button: `data` (1-64 bytes of callback data) or `url`, never both."""

    text: str
    data: str = ""
    url: str = ""


SAME_PHOTO = "same"
"""Stands for the photo that a message has already: only the words under it are put in place."""

Keyboard = tuple[tuple[Button, ...], ...]
"""Rows of buttons, first row on top; an empty tuple means no keyboard."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message to send or to put in the place of another.

    `html` is Telegram HTML of at most 4096 characters after parsing (1024 where `photo` is set). `rich_html`,
    where not empty, is the rich form of the same message for `sendRichMessage`; `html` is then what a server
    gets that refuses rich messages. `photo` is an http(s) address, a file id or SAME_PHOTO. `silent` sends without
    sound.
    """

    html: str
    keyboard: Keyboard = ()
    rich_html: str = ""
    is_rtl: bool = False
    photo: str = ""
    silent: bool = False
    link_preview: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return a JSON-able form, as the ledger keeps it."""
        return asdict(self)
