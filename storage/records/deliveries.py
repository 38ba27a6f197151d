"""Deliveries, and the fan-outs that create them."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class DeliveryKind(StrEnum):
    """The reason for a delivery. With chat, topic and article it is the delivery's unique key."""

    HEADLINE = "headline"
    BREAKING = "breaking"
    ANNOUNCEMENT = "announcement"


class DeliveryState(StrEnum):
    """docs/delivery-states.md draws how these follow each other."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class FanOutKind(StrEnum):
    """The kind of a fan-out: a publication, or a change of what was published."""

    HEADLINE = "headline"
    BREAKING = "breaking"
    ANNOUNCEMENT = "announcement"
    CORRECTION = "correction"
    RETRACTION = "retraction"


@dataclass(frozen=True, slots=True)
class FanOut:
    """A publication on its way into deliveries, or a change on its way into amendments, chunk by chunk.

    The cursor (`rank`, `after_id`) has passed every stage of a smaller rank, and those of this rank up to that
    id. The ranks of a publication are kinds of chat (channels 0, groups 1, private chats 2) and its ids those
    of chats; the ranks of a change are what waits 0, copies 1 and digests 2, and its ids those of messages.
    An announcement `to_all` goes to every chat, whatever it follows.
    """

    id: int
    article_id: int
    category_id: int
    kind: FanOutKind
    released_at: int
    rank: int
    after_id: int | None
    to_all: bool = False


@dataclass(frozen=True, slots=True)
class Delivery:
    """One headline for one chat (or topic).

    `priority` is ten times the lane and the rank of the chat: a smaller one goes first. `ready` means that its
    time has come; `fold` lets it share a digest with others due then; `doubt` that an earlier send of it may
    have arrived.
    """

    id: int
    chat_id: int
    topic_id: int
    article_id: int
    kind: DeliveryKind
    priority: int
    state: DeliveryState
    ready: bool
    due_at: int
    fold: bool
    attempts: int
    first_tried_at: int | None
    doubt: bool
    message_id: int | None
    reason: str
    created_at: int


class Lane(IntEnum):
    """A lane in which messages travel; a smaller number overtakes.

    Answers to people go before retractions, breaking news and corrections, headlines and digests.
    """

    ANSWER = 0
    RETRACTION = 1
    BREAKING = 2
    HEADLINE = 3
    DIGEST = 4


class Priority(int):
    """The place of a delivery or amendment in the order of sending; a smaller one goes first.

    It is stored as one number: the lane counts tens, the rank of the kind of chat (0 to 9) ones.
    """

    RANKS = 10

    @classmethod
    def of(cls, lane: Lane, rank: int = 0) -> "Priority":
        """Return the priority of a rank within a lane."""
        return cls(lane * cls.RANKS + rank)

    @classmethod
    def behind(cls, lane: Lane) -> "Priority":
        """Return the first priority behind a lane."""
        return cls((lane + 1) * cls.RANKS)

    @property
    def lane(self) -> Lane:
        """The lane."""
        return Lane(self // self.RANKS)
