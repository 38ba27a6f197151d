"""The nouns of the desk, as storage hands them out: frozen, typed, free of SQL and of Telegram.

Instants are integer milliseconds since the epoch, UTC. Ids of Telegram are signed 64-bit integers.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class BlockKind(StrEnum):
    """The kind of a block of an article's body."""

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
    """Where an article stands in its life. A corrected article is a published one of revision > 1.

    DROPPED is what a source brought and the desk did not want: it stays, so that no later fetch brings it again.
    FOLDED is what tells a story once more that the newsroom has from another source: it is shown under that one.
    ANNOUNCED is a note to those who got it, with a news number below 0: no list, search or link leads to it.
    """

    DRAFT = "draft"
    REVIEW = "review"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    RETRACTED = "retracted"
    DROPPED = "dropped"
    FOLDED = "folded"
    ANNOUNCED = "announced"


LIVE = (ArticleState.PUBLISHED, ArticleState.ANNOUNCED)
"""The states in which what was sent of an article stands, and what waits of it is sent."""


@dataclass(frozen=True, slots=True)
class Category:
    """A section of the paper. `slug` is ASCII and never changes; the names may."""

    id: int
    slug: str
    name_fa: str
    name_en: str


class MediaKind(StrEnum):
    """The kind of an attachment, as Telegram tells them apart."""

    PHOTO = "photo"
    VIDEO = "video"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Media:
    """An attachment of an article: `file` is a Telegram file id, `name` a document's file name or ""."""

    kind: MediaKind
    file: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """The text of one revision of an article. `title` and `lead` are plain text, never HTML.

    `photo` is an http(s) address or a Telegram file id; `media` are what goes with the article besides: the
    further items of an album, a video or a document. `desk` and `byline` may be "". `link` is the source that its
    author names (http or https, "" for none), as opposed to the address that an article was read from.
    """

    title: str
    lead: str = ""
    body: tuple[Block, ...] = ()
    photo: str = ""
    media: tuple[Media, ...] = ()
    desk: str = ""
    byline: str = ""
    link: str = ""
    tags: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """An article at its newest revision. `id` is the newsroom's news number.

    `published_at` is the article's own date as readers see it; `released_at` is when Peyk published it
    (None before that). `origin` is the host that the article came from ("" for our own and for pasted text)
    and `source_number` its number there ("" where it has none). `ordinal` is unique and grows with
    `published_at`: the cursor of every list (None until it is published). `scheduled_at` is when a SCHEDULED
    one is published by itself, and `scheduled_by` the person who set that time;
    `breaking` tells that it is, or will be, published as breaking news. `source_id` is
    the source that brought it and alone may change it, `story_id` the article whose story a FOLDED one tells again.
    """

    id: int
    state: ArticleState
    category: Category
    content: Content
    revision: int
    language: str
    url: str
    origin: str
    source_number: str
    author_id: int | None
    published_at: int
    released_at: int | None
    ordinal: int | None
    scheduled_at: int | None
    breaking: bool
    created_at: int
    updated_at: int
    source_id: int | None = None
    story_id: int | None = None
    scheduled_by: int | None = None


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where an article comes from; the defaults are those of one written in the newsroom.

    `number` is the source's own news number as it writes it, `published_at` its date (ms; 0: unknown, it will
    be that of its publication), `author_id` the member of staff (None: a source).
    """

    url: str = ""
    origin: str = ""
    number: str = ""
    published_at: int = 0
    language: str = "fa"
    author_id: int | None = None


class SourceKind(StrEnum):
    """How a source is read: a feed, one page watched for changes, or a page of links to articles."""

    FEED = "feed"
    PAGE = "page"
    LISTING = "listing"


class SourceState(StrEnum):
    """The state of a source: PAUSED is not fetched, ENDED is one that has said that it is gone for good."""

    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


class ChangePolicy(StrEnum):
    """The policy for an article that its source has changed: a revision, a question to an editor, nothing."""

    FOLLOW = "follow"
    ASK = "ask"
    IGNORE = "ignore"


@dataclass(frozen=True, slots=True)
class Source:
    """A place that brings articles in.

    `interval` (seconds) is the source's own; None means FETCH_INTERVAL. `fetched_at` is the last good fetch,
    None before the first. `review` has its items wait at the gate for the desk. `selector` is a LISTING's CSS
    selector of links ("" lets the page's form decide). `body_digest` is of the body that was read last. `ttl`
    (seconds), `skip_hours` (GMT) and `skip_days` (Monday 0) are what the feed asks for. `brought_at` is when it
    last brought something new, `habit` its usual time between new items in seconds, `took_ms` how long its site
    took to answer last. `ill_told_at` is when the newsroom was told that it is ill, None while it is well.
    """

    id: int
    url: str
    kind: SourceKind
    category_id: int
    review: bool
    selector: str
    interval: int | None
    title: str
    state: SourceState
    changes: ChangePolicy
    etag: str
    last_modified: str
    body_digest: str
    fetched_at: int | None
    next_fetch_at: int
    ttl: int | None
    skip_hours: frozenset[int]
    skip_days: frozenset[int]
    brought_at: int | None
    habit: int | None
    took_ms: int
    failures: int
    failing_since: int | None
    ill_told_at: int | None
    last_error: str
    created_at: int


@dataclass(frozen=True, slots=True)
class SourceItem:
    """An item as a source brought it last, and the article that it is.

    `guid`, `address` (comparable), `title` (match key) and `published_at` are what it is known by; `article_id` is
    None where the newsroom threw the draft away. `reason` says why it was taken for this article. `digest` stands
    for its text.
    """

    source_id: int
    key: str
    article_id: int | None
    guid: str
    address: str
    title: str
    published_at: int | None
    reason: str
    digest: str


@dataclass(frozen=True, slots=True)
class SiteNumber:
    """A site's own number of an article, in ASCII digits; it names one article per host, kind and language.

    `host` bears no `www.` or `m.`, and the port where it is not the default. `kind` is the word of the path
    before the number ("news", "photo"), with what stands before that. `language` is the path's prefix, "" for
    Persian and where there is none.
    """

    host: str
    kind: str
    language: str
    number: str


@dataclass(frozen=True, slots=True)
class PageVisit:
    """An article whose page is to be read, for the first time or again.

    `visits` counts the readings that went well, `failures` what failed since the last of them; `etag`,
    `last_modified` and `body_digest` are of the last page that was read; `doubt` says why the last one was not
    believed; `asked` that the newsroom was asked about a page that is gone or was emptied.
    """

    article_id: int
    host: str
    due_at: int
    published_at: int
    visits: int = 0
    failures: int = 0
    etag: str = ""
    last_modified: str = ""
    body_digest: str = ""
    doubt: str = ""
    asked: bool = False


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
    """How messages fare in a chat: REFUSING is one that Telegram has refused lately, LOST one that gets no try."""

    REACHABLE = "reachable"
    REFUSING = "refusing"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Chat:
    """A place where Peyk speaks: a person's private chat, a group or a channel.

    `language` is what the chat chose, "" before it did; `client_language` is what the person's Telegram says.
    `schedule` is "instant", "every 30m" or "at 08:00,20:00"; `quiet` is "23:00-07:00" or "".
    `added_by` is the person who brought the bot here (for a private chat, the person); `started` tells that
    a person has pressed start and can be written to. `panel_sent` tells that the person who added the bot was
    told how it stands. `wait_until` holds a flood wait or a retry. `silent` lets only breaking news notify;
    breaking news stays pinned for `pin_minutes` (0: it is not pinned). `members` is how many Telegram counted
    there at `members_at`, None before it was asked. `look` is how posts look there ("": as usual). `rich_asked`
    tells that the person was asked whether they can see rich messages; `seen_ordinal` is the newest article that
    they leafed through, 0 for none.

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
    schedule: str
    quiet: str
    breaking_passes_quiet: bool
    silent: bool
    pin_minutes: int
    members: int | None
    members_at: int
    plain_text: bool
    look: str
    rich_asked: bool
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
        """How messages fare there."""
        if self.lost_at is not None:
            return Reachability.LOST
        return Reachability.REACHABLE if self.refused_at is None else Reachability.REFUSING

    @property
    def is_active(self) -> bool:
        """Whether pushes go there: it is admitted and not lost."""
        return self.admission is Admission.ADMITTED and self.lost_at is None


class SubscriptionKind(StrEnum):
    """By what an article is told to be wanted; MUTED keeps away what holds its words, whatever else wants it."""

    CATEGORY = "category"
    TAG = "tag"
    DESK = "desk"
    WORDS = "words"
    MUTED = "muted"


@dataclass(frozen=True, slots=True)
class Subscription:
    """A thing that a chat (or one topic of a forum, `topic_id` > 0) follows.

    A CATEGORY follows its `category_id`, None for everything. Of the others `subject` tells one from another in
    whatever spelling, and `label` is how the person wrote it; both are "" for a CATEGORY. `breaking_only` wants
    nothing but breaking news. `schedule` is one of its own, "" for the chat's.
    """

    id: int
    chat_id: int
    topic_id: int
    kind: SubscriptionKind
    category_id: int | None
    subject: str
    label: str
    breaking_only: bool
    schedule: str
    since: int


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


class DeliveryKind(StrEnum):
    """Why a delivery exists; with chat, topic and article its unique key."""

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
    """One headline owed to one chat (or topic).

    `priority` is ten times the lane and the rank of the chat: a smaller one goes first. `ready` tells that its
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


class MessageState(StrEnum):
    """The state of one message of ours, as far as it is known. ASKED is uncertain for good: a person must look."""

    SENDING = "sending"
    UNCERTAIN = "uncertain"
    ASKED = "asked"
    SENT = "sent"
    DELETED = "deleted"
    GONE = "gone"


class Form(StrEnum):
    """How a message shows what it shows, so that a correction can show it anew."""

    HEADLINE = "headline"
    PHOTO = "photo"  # a headline under its photo, video or document
    DIGEST = "digest"  # many headlines in a rich message
    ROUNDUP = "roundup"  # the same as HTML
    RICH = "rich"
    PAGE = "page"
    MEDIA = "media"  # one attachment of a full text


SHARED = (Form.DIGEST, Form.ROUNDUP)
"""The forms in which one message shows several articles."""


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A row of the ledger: one Telegram message that Peyk sent or is sending.

    `telegram_id` is Telegram's message id in that chat, None until the answer is known. `part` counts the
    messages of one full text from 0. `article_id` is None for a SHARED form. `payload` is the rendered message as
    JSON text (None once it is dropped). `floor_id` is the newest id that was known in the chat when the send
    began, None where none was. `doubt` tells that an earlier send may have arrived: a twin is possible. `look` is
    how a message about one article looks, as in Chat. `left_out` is how many headlines a SHARED form only counts.
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
    look: str
    left_out: int
    created_at: int
    sent_at: int | None


class AmendmentState(StrEnum):
    """How a copy came to say the newest: PENDING, then one of the others.

    CHANGED says the newest text; DELETED is taken back; TOMBSTONED says only that it was; GONE was deleted by a
    person; UNREACHABLE is in a chat that cannot be reached; LIVE still stands as it was.
    """

    PENDING = "pending"
    CHANGED = "changed"
    DELETED = "deleted"
    TOMBSTONED = "tombstoned"
    GONE = "gone"
    UNREACHABLE = "unreachable"
    LIVE = "live"


@dataclass(frozen=True, slots=True)
class Notice:
    """A line owed to a person, or to the desk where `user_id` is 0: the text `key` with `args`.

    `buttons` are pairs of a button's text key and its callback data, one below the other.
    """

    id: int
    user_id: int
    key: str
    args: dict[str, str | int]
    buttons: tuple[tuple[str, str], ...]
    attempts: int


@dataclass(frozen=True, slots=True)
class Editing:
    """Somebody is editing an article: `since` then, and `until` then unless they go on."""

    article_id: int
    user_id: int
    since: int
    until: int


class ReviewState(StrEnum):
    """How a review stands: OPEN waits for an editor; the first decision ends it."""

    OPEN = "open"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Review:
    """An article handed in for a second pair of eyes.

    `submitted_by` is None for what a source brought; `decided_by`, `decided_at` and `reason` are those of the
    decision, None and "" before it.
    """

    id: int
    article_id: int
    state: ReviewState
    submitted_by: int | None
    submitted_at: int
    decided_by: int | None
    decided_at: int | None
    reason: str


class CardKind(StrEnum):
    """The kind of a card's subject, and so what the subject's id means."""

    REVIEW = "review"  # an article
    COMMENT = "comment"  # a comment
    GATE = "gate"  # the queue of what sources brought: 0
    CHAT = "chat"  # a channel or group that waits, or has waited, for an owner's decision


@dataclass(frozen=True, slots=True)
class Card:
    """A message in a staff member's chat that always shows how its subject stands now.

    `message_id` is None before it was sent. It is out of date while `wanted` is above `shown`. `left_id` is the
    message that goes away once a new one has taken its place.
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


class CommentState(StrEnum):
    """How a comment stands. Readers see the APPROVED ones; DELETED ones are taken back by who wrote them."""

    WAITING = "waiting"
    APPROVED = "approved"
    REJECTED = "rejected"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Comment:
    """A reader's words under an article: plain text, with the name that they had then."""

    id: int
    article_id: int
    user_id: int
    name: str
    text: str
    state: CommentState
    created_at: int
    decided_by: int | None
    decided_at: int | None


@dataclass(frozen=True, slots=True)
class Silenced:
    """A person who may write no comments any more; `by` is the member of staff who said so."""

    user_id: int
    name: str
    by: int
    at: int


@dataclass(frozen=True, slots=True)
class StoredUpdate:
    """An update of Telegram as received: `body` is its JSON text."""

    update_id: int
    body: str


@dataclass(frozen=True, slots=True)
class Dialogue:
    """A thing that a person has begun and not finished in a chat; `data` is JSON-able and survives a restart."""

    chat_id: int
    user_id: int
    kind: str
    data: dict[str, Any]
    updated_at: int
