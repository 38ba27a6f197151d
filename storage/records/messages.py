"""Messages that Peyk sent, and the amendments of them."""

from dataclasses import dataclass
from enum import StrEnum

from storage.post_style import PostStyle


class MessageState(StrEnum):
    """The state of one message of ours, as known. ASKED is uncertain for good: a person must decide."""

    SENDING = "sending"
    UNCERTAIN = "uncertain"
    ASKED = "asked"
    SENT = "sent"
    DELETED = "deleted"
    GONE = "gone"


class Form(StrEnum):
    """The form in which a message shows its articles, so that a correction can render it again."""

    HEADLINE = "headline"
    PHOTO = "photo"  # a headline under its photo, video or document
    DIGEST = "digest"  # many headlines in a rich message
    ROUNDUP = "roundup"  # the same as HTML
    RICH = "rich"
    PAGE = "page"
    MEDIA = "media"  # one attachment of a full text
    MEDIA_LINK = "media_link"  # the address of one that Telegram does not take


SHARED = (Form.DIGEST, Form.ROUNDUP)
"""The forms in which one message shows several articles."""


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A row of the ledger: one Telegram message that Peyk sent or is sending.

    `telegram_id` is Telegram's message id in that chat, None until the answer is known. `part` counts the
    messages of one full text from 0. `article_id` is None for a SHARED form. `payload` is the rendered message as
    JSON text (None once it is dropped). `floor_id` is the newest id that was known in the chat when the send
    began, None where none was. `doubt` means that an earlier send may have arrived: a twin is possible.
    `post_style` is how a message about one article looks. `left_out` is how many headlines a SHARED form only
    counts.
    """

    id: int
    chat_id: int
    topic_id: int
    telegram_id: int | None
    state: MessageState
    form: Form
    part: int
    language: str
    article_id: int | None
    revision: int
    payload: str | None
    floor_id: int | None
    doubt: bool
    post_style: PostStyle
    left_out: int
    created_at: int
    sent_at: int | None


class AmendmentState(StrEnum):
    """The state of an amendment: PENDING, then one of the others.

    Peyk edited a CHANGED copy to the newest text, deleted a DELETED one, and replaced the text of a TOMBSTONED one.
    A person deleted a GONE copy. An UNREACHABLE copy is in a lost chat. A LIVE copy is unchanged.
    """

    PENDING = "pending"
    CHANGED = "changed"
    DELETED = "deleted"
    TOMBSTONED = "tombstoned"
    GONE = "gone"
    UNREACHABLE = "unreachable"
    LIVE = "live"
