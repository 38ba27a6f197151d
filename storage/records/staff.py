"""Members of staff, and the notices and cards that Peyk sends to them."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """The role of a member of staff; the table of rights is bot/newsroom/permissions.py."""

    OWNER = "owner"
    EDITOR = "editor"
    AUTHOR = "author"
    MODERATOR = "moderator"


@dataclass(frozen=True, slots=True)
class StaffMember:
    """A person of the newsroom; one who is `configured` owes the role to OWNER_IDS alone."""

    user_id: int
    role: Role
    name: str
    added_by: int | None
    added_at: int
    configured: bool = False


@dataclass(frozen=True, slots=True)
class Invitation:
    """A one-time link that makes whoever opens it a member of staff.

    Only a hash of its secret is stored; `id`, the beginning of that, tells it from others.
    """

    id: str
    role: Role
    created_by: int
    expires_at: int


@dataclass(frozen=True, slots=True)
class Notice:
    """A line for a person, or for the desk chat where `user_id` is 0: the text `key` with `args`.

    `buttons` are pairs of a button's text key and its callback data, one below the other.
    """

    id: int
    user_id: int
    key: str
    args: dict[str, str | int]
    buttons: tuple[tuple[str, str], ...]
    attempts: int


class CardKind(StrEnum):
    """The kind of a card's subject, and so what the subject's id means."""

    REVIEW = "review"  # an article
    COMMENT = "comment"  # a comment
    TIP = "tip"  # a tip of a reader
    GATE = "gate"  # the queue of what sources brought: 0
    CHAT = "chat"  # a channel or group that waits, or has waited, for an owner's decision
    PUBLICATION = "publication"  # an article on its way to its followers
    CHANGE = "change"  # an article whose copies are corrected or deleted
    ANNOUNCEMENT = "announcement"  # an announcement on its way, or on its way back


CARDS_OF_WORK = (CardKind.PUBLICATION, CardKind.CHANGE, CardKind.ANNOUNCEMENT)
"""The cards that follow work until it ends, in the chat of the person who began it."""


@dataclass(frozen=True, slots=True)
class Card:
    """A message in a staff member's chat that always shows how its subject stands now.

    `message_id` is None before it was sent. It is out of date while `wanted` is above `shown`. `left_id` is the
    message that goes away once a new one has taken its place. A card of a queue shows the queue of the instant
    `queue_at` (ms): what was decided since keeps its place. A card of work under way was drawn anew `rounds` times
    since it was sent at `sent_at` (ms).
    """

    id: int
    kind: CardKind
    subject_id: int
    chat_id: int
    message_id: int | None
    wanted: int
    shown: int
    attempts: int
    left_id: int | None = None
    queue_at: int = 0
    rounds: int = 0
    sent_at: int = 0
