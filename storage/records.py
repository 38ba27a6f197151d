"""The nouns of the desk, as storage hands them out: frozen, typed, free of SQL and of Telegram.

Instants are integer milliseconds since the epoch, UTC. Ids of Telegram are signed 64-bit integers.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class BlockKind(StrEnum):
    """What a block of an article's body is."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    QUOTE = "quote"
    LIST = "list"
    IMAGE = "image"


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a body.

    `html` is inline HTML, sanitised before it is stored: text plus b, i, u, s, code and a[href=http(s)],
    with &lt; &gt; &amp; &quot; escaped and "\\n" for a line break. An IMAGE has it as its caption.
    `items` are the inline HTML of a LIST's points (then `html` is empty); `ordered` numbers them.
    `url` is an IMAGE's address.
    """

    kind: BlockKind
    html: str = ""
    items: tuple[str, ...] = ()
    ordered: bool = False
    url: str = ""


class ArticleState(StrEnum):
    """Where an article stands in its life. A corrected article is a published one of revision > 1."""

    DRAFT = "draft"
    REVIEW = "review"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    RETRACTED = "retracted"


@dataclass(frozen=True, slots=True)
class Category:
    """A section of the paper. `slug` is ASCII and never changes; the names may."""

    id: int
    slug: str
    name_fa: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Content:
    """What one revision of an article says. `title` and `lead` are plain text, never HTML.

    `photo` is an http(s) address or a Telegram file id; `desk` and `byline` may be "".
    """

    title: str
    lead: str = ""
    body: tuple[Block, ...] = ()
    photo: str = ""
    desk: str = ""
    byline: str = ""
    tags: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """An article at its newest revision. `id` is the newsroom's news number.

    `published_at` is the article's own date as readers see it; `released_at` is when Peyk published it
    (None before that). `source_number` is the source's number as written there ("" where it has none).
    """

    id: int
    state: ArticleState
    category: Category
    content: Content
    revision: int
    language: str
    url: str
    source_id: int | None
    source_number: str
    author_id: int | None
    published_at: int
    released_at: int | None
    created_at: int
    updated_at: int


class SourceKind(StrEnum):
    """How a source is read: a feed, one page watched for changes, or a page of links to articles."""

    FEED = "feed"
    PAGE = "page"
    LISTING = "listing"


@dataclass(frozen=True, slots=True)
class Source:
    """A place that brings articles in.

    `interval` (seconds) is the source's own; None means FETCH_INTERVAL. `fetched_at` is the last good fetch,
    None before the first. `review` sends its items to the desk as drafts. `selector` is a LISTING's CSS
    selector of links ("" lets the page's form decide).
    """

    id: int
    url: str
    kind: SourceKind
    category_id: int
    review: bool
    selector: str
    interval: int | None
    title: str
    etag: str
    last_modified: str
    fetched_at: int | None
    next_fetch_at: int
    failures: int
    last_error: str


class ChatKind(StrEnum):
    """Telegram's kinds of chat."""

    PRIVATE = "private"
    GROUP = "group"
    SUPERGROUP = "supergroup"
    CHANNEL = "channel"


class ChatState(StrEnum):
    """ACTIVE gets news; PENDING waits for an owner's yes; DENIED got a no; INACTIVE cannot be reached."""

    ACTIVE = "active"
    PENDING = "pending"
    DENIED = "denied"
    INACTIVE = "inactive"


@dataclass(frozen=True, slots=True)
class Chat:
    """A place where Peyk speaks: a person's private chat, a group or a channel.

    `schedule` is "instant", "every:SECONDS" or "at:HH:MM,HH:MM"; `quiet` is "HH:MM-HH:MM" or "".
    `added_by` is the person who brought the bot here (for a private chat, the person). `wait_until` holds a
    flood wait. `reason` says why the chat is inactive.
    """

    id: int
    kind: ChatKind
    title: str
    username: str
    language: str
    timezone: str
    state: ChatState
    reason: str
    paused: bool
    schedule: str
    quiet: str
    breaking_passes_quiet: bool
    plain_text: bool
    added_by: int | None
    started: bool
    panel_sent: bool
    is_forum: bool
    is_admin: bool
    wait_until: int
    created_at: int


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a chat (or one topic of a forum, `topic_id` > 0) follows.

    `category_id` None follows everything."""

    id: int
    chat_id: int
    topic_id: int
    category_id: int | None
    since: int


class Role(StrEnum):
    """What a member of staff may do; the table of rights is bot/newsroom/rights.py."""

    OWNER = "owner"
    EDITOR = "editor"
    AUTHOR = "author"
    MODERATOR = "moderator"


@dataclass(frozen=True, slots=True)
class StaffMember:
    """A person of the newsroom."""

    user_id: int
    role: Role
    name: str
    added_by: int | None
    added_at: int


class DeliveryKind(StrEnum):
    """Why a delivery exists; with chat, topic and article its unique key."""

    HEADLINE = "headline"
    BREAKING = "breaking"


class DeliveryState(StrEnum):
    """docs/delivery-states.md draws how these follow each other."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Dialogue:
    """What a person has begun and not finished in a chat; `data` is JSON-able and survives a restart."""

    chat_id: int
    user_id: int
    kind: str
    data: dict[str, Any]
    updated_at: int
