"""Records that storage returns: frozen, typed, free of SQL and of Telegram.

Instants are integer milliseconds since the epoch, UTC. Ids of Telegram are signed 64-bit integers.
Import every record from this package.
"""

from storage.records.articles import (
    DRAFT_STATES,
    LIVE,
    Article,
    ArticleRevision,
    ArticleState,
    Block,
    BlockKind,
    Category,
    Content,
    Media,
    MediaKind,
    Provenance,
)
from storage.records.chats import Admission, Chat, ChatKind, Reachability, Subscription, SubscriptionKind
from storage.records.comments import Comment, CommentState, Silenced
from storage.records.deliveries import (
    Delivery,
    DeliveryKind,
    DeliveryState,
    FanOut,
    FanOutKind,
    Lane,
    Priority,
)
from storage.records.messages import SHARED, AmendmentState, Form, MessageState, SentMessage
from storage.records.reviews import Editing, Review, ReviewState
from storage.records.sources import (
    ChangePolicy,
    LearnedSection,
    PageVisit,
    RuleAction,
    SectionOffer,
    SiteNumber,
    Source,
    SourceItem,
    SourceKind,
    SourceRule,
    SourceState,
    SourceVitals,
)
from storage.records.staff import Card, CardKind, Invitation, Notice, Role, StaffMember
from storage.records.updates import StoredDialogue, StoredUpdate

__all__ = [
    "DRAFT_STATES",
    "LIVE",
    "SHARED",
    "Admission",
    "AmendmentState",
    "Article",
    "ArticleRevision",
    "ArticleState",
    "Block",
    "BlockKind",
    "Card",
    "CardKind",
    "Category",
    "ChangePolicy",
    "Chat",
    "ChatKind",
    "Comment",
    "CommentState",
    "Content",
    "Delivery",
    "DeliveryKind",
    "DeliveryState",
    "Editing",
    "FanOut",
    "FanOutKind",
    "Form",
    "Invitation",
    "Lane",
    "LearnedSection",
    "Media",
    "MediaKind",
    "MessageState",
    "Notice",
    "PageVisit",
    "Priority",
    "Provenance",
    "Reachability",
    "Review",
    "ReviewState",
    "Role",
    "RuleAction",
    "SectionOffer",
    "SentMessage",
    "Silenced",
    "SiteNumber",
    "Source",
    "SourceItem",
    "SourceKind",
    "SourceRule",
    "SourceState",
    "SourceVitals",
    "StaffMember",
    "StoredDialogue",
    "StoredUpdate",
    "Subscription",
    "SubscriptionKind",
]
