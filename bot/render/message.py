"""A message ready for Telegram, before it has a chat: what rendering returns and the gateway sends."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from storage.records import MediaKind


class ButtonStyle(StrEnum):
    """The style of a button (core.telegram.org/bots/api#inlinekeyboardbutton); clients that know none show none."""

    PLAIN = ""
    DANGER = "danger"  # what cannot be undone, or ends something for others
    SUCCESS = "success"  # what reaches readers
    PRIMARY = "primary"  # the next step of a job


@dataclass(frozen=True, slots=True)
class Button:
    """One inline button: `data` (1-64 bytes of callback data) or `url`, never both."""

    text: str
    data: str = ""
    url: str = ""
    style: ButtonStyle = ButtonStyle.PLAIN


class RichMedium(NamedTuple):
    """A photo or video that Telegram keeps, named in rich messages as `tg://KIND?id=ID` (InputRichMessageMedia)."""

    kind: MediaKind
    id: str
    file: str


SAME_MEDIA = "same"
"""Stands for the photo, video or file that a message has already: only the words under it are put in place."""

Keyboard = tuple[tuple[Button, ...], ...]
"""Rows of buttons, first row on top; an empty tuple means no keyboard."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message to send or to put in the place of another.

    `html` is Telegram HTML of at most 4096 characters after parsing (1024 where `media` is set). `rich_html`,
    where not empty, is the rich form of the same message for `sendRichMessage`; `html` is then what a server
    gets that refuses rich messages, and `rich_media` are what its links to media stand for. `media` is an
    http(s) address, a file id or SAME_MEDIA, of a photo unless `media_kind` says otherwise. `silent` sends
    without sound. `preview_photo` is the address of a photo that a text shows above itself, as a preview of a link.
    """

    html: str
    keyboard: Keyboard = ()
    rich_html: str = ""
    rich_media: tuple[RichMedium, ...] = ()
    is_rtl: bool = False
    media: str = ""
    media_kind: MediaKind = MediaKind.PHOTO
    silent: bool = False
    link_preview: bool = False
    preview_photo: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return a JSON-able form, as the ledger keeps it; what is newer is left out where it is empty."""
        stored = asdict(self)
        if not self.preview_photo:
            del stored["preview_photo"]
        for button in (button for row in stored["keyboard"] for button in row):
            if not button["style"]:
                del button["style"]
        return stored


@dataclass(frozen=True, slots=True)
class UnderWay:
    """A message about work that goes on: it is drawn anew after a pause, until the work has ended."""

    message: Message
