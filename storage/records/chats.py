"""Chats and their subscriptions."""

from dataclasses import dataclass
from enum import StrEnum

from persian.schedule import QuietHours, Schedule
from storage.post_style import PostStyle


class ChatKind(StrEnum):
    """Telegram's kinds of chat."""

    PRIVATE = "private"
    GROUP = "group"
    SUPERGROUP = "supergroup"
    CHANNEL = "channel"


class Admission(StrEnum):
    """The decision about a channel or group, which owners alone change; a private chat is always ADMITTED."""

    WAITING = "waiting"
    ADMITTED = "admitted"
    DENIED = "denied"


class Reachability(StrEnum):
    """The reachability of a chat: Telegram has lately refused messages to a REFUSING one; a LOST one gets none."""

    REACHABLE = "reachable"
    REFUSING = "refusing"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Chat:
    """A place where Peyk speaks: a person's private chat, a group or a channel.

    `language` is what the chat chose, "" before it did; `client_language` is what the person's Telegram says.
    `quiet` is None where it has no quiet hours. `added_by` is the person who brought the bot here (for a private
    chat, the person); `started` means that a person has pressed start and can be written to. `panel_sent` tells
    that the person who added the bot was told how it stands. `wait_until` holds a flood wait or a retry. `silent`
    lets only breaking news notify; breaking news stays pinned for `pin_minutes` (0: it is not pinned). `members` is
    how many Telegram counted there at `members_at`, None before it was asked. `rich_asked`
    tells that the person was asked whether they can see rich messages; `rich_digests` that the administrators of a
    channel or group chose rich digests; `seen_ordinal` is the newest article that the person leafed through, 0 for
    none.

    The owner `decided_by` decided on the `admission` at `decided_at`; both are None where no owner did. `refusals`
    is how often Telegram has refused in a row since `refused_at`; `lost_at` is when the chat was given up; `reason`
    says why.
    """

    id: int
    kind: ChatKind
    title: str
    username: str
    language: str
    client_language: str
    timezone: str
    admission: Admission
    decided_by: int | None
    decided_at: int | None
    lost_at: int | None
    refused_at: int | None
    refusals: int
    reason: str
    paused: bool
    schedule: Schedule
    quiet: QuietHours | None
    breaking_passes_quiet: bool
    silent: bool
    pin_minutes: int
    members: int | None
    members_at: int
    plain_text: bool
    post_style: PostStyle
    rich_asked: bool
    rich_digests: bool
    seen_ordinal: int
    added_by: int | None
    started: bool
    panel_sent: bool
    is_forum: bool
    is_admin: bool
    wait_until: int
    created_at: int

    @property
    def reachability(self) -> Reachability:
        """The reachability of the chat, from its refusals and its loss."""
        if self.lost_at is not None:
            return Reachability.LOST
        return Reachability.REACHABLE if self.refused_at is None else Reachability.REFUSING

    @property
    def takes_rich_digests(self) -> bool:
        """Return whether digests may be rich messages (see `takes_rich_digests`)."""
        return takes_rich_digests(self.kind, plain_text=self.plain_text, rich_digests=self.rich_digests)

    @property
    def is_active(self) -> bool:
        """Return whether the chat gets pushes: it is admitted and not lost."""
        return self.admission is Admission.ADMITTED and self.lost_at is None


def takes_rich_digests(kind: str, *, plain_text: bool, rich_digests: bool) -> bool:
    """Return whether digests may be rich messages in a chat with these settings.

    A person is asked whether their app shows them; of the readers of a channel or group nobody knows.
    """
    return not plain_text and (kind == ChatKind.PRIVATE or rich_digests)


class SubscriptionKind(StrEnum):
    """The kind of a subscription. MUTED keeps away articles with its words, whatever other subscriptions match.

    Rows, dialogues and callback data hold the values; those call a section a desk.
    """

    CATEGORY = "category"
    TAG = "tag"
    SECTION = "desk"
    WORDS = "words"
    MUTED = "muted"


@dataclass(frozen=True, slots=True)
class Subscription:
    """A thing that a chat (or one topic of a forum, `topic_id` > 0) follows.

    A CATEGORY follows its `category_id`, None for everything. Of the others `subject` tells one from another in
    whatever spelling, and `label` is how the person wrote it; both are "" for a CATEGORY. `breaking_only` wants
    nothing but breaking news. `schedule` is one of its own, None for the chat's.
    """

    id: int
    chat_id: int
    topic_id: int
    kind: SubscriptionKind
    category_id: int | None
    subject: str
    label: str
    breaking_only: bool
    schedule: Schedule | None
    since: int
