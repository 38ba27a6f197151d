"""Sources, their items, and the visits to the pages of their articles."""

from dataclasses import dataclass, field
from enum import StrEnum


class SourceKind(StrEnum):
    """The kind of a source: a feed, one page watched for changes, or a page of links to articles."""

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


class RequestPart(StrEnum):
    """A part of the requests of a source that the newsroom can set."""

    USER_AGENT = "user-agent"
    HEADER = "header"
    COOKIE = "cookie"
    LOGIN = "login"
    PROXY = "proxy"


@dataclass(frozen=True, slots=True)
class RequestSetting:
    """A part of a source's requests as it is stored.

    `name` is that of a HEADER or COOKIE, "" of others. `origin` (scheme://host:port) is the only one to which the
    part is sent, "" for a USER_AGENT or PROXY, which serve every request of the source. `value` is encrypted,
    except for a USER_AGENT.
    """

    part: RequestPart
    name: str
    origin: str
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SourceVitals:
    """The signs that tell how a source is; the fields are those of Source."""

    state: SourceState
    created_at: int
    brought_at: int | None
    habit: int | None
    failures: int
    failing_since: int | None
    fetched_at: int | None = None


SLOW_MS = 3_000
"""The time from which on a site's answer is slow."""


@dataclass(frozen=True, slots=True)
class Source:
    """A place that brings articles in.

    `interval` (seconds) is the source's own; None means FETCH_INTERVAL. `title` is what its site calls itself, or
    the name that somebody gave it where it is `named`. `fetched_at` is the last good fetch,
    None before the first. `review` has its items wait at the gate for an editor. `selector` is a LISTING's CSS
    selector of links ("" lets the page's form decide). `body_digest` is of the body that was read last. `ttl`
    (seconds), `skip_hours` (GMT) and `skip_days` (Monday 0) are what the feed asks for. `brought_at` is when it
    last brought something new, `habit` its usual time between new items in seconds, `took_ms` how long its site
    took to answer, or to fail, last. `ill_told_at` is when the newsroom was told that it is ill, None while it is
    well. `requests` are the parts of its requests that the newsroom has set. `hub` is the WebSub hub that its feed
    names for `topic`, "" for none. `known_items` are the marks (bot.ingest.incoming.IncomingFeed) of the items that
    its feed held when it was read last, all of which are stored.
    """

    id: int
    url: str
    kind: SourceKind
    category_id: int
    review: bool
    selector: str
    interval: int | None
    title: str
    named: bool
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
    hub: str = ""
    topic: str = ""
    requests: tuple[RequestSetting, ...] = ()
    known_items: frozenset[int] = frozenset()

    @property
    def is_slow(self) -> bool:
        """True where the next fetch may take long: the last answer was slow, or there was none in time."""
        return self.took_ms >= SLOW_MS

    @property
    def vitals(self) -> SourceVitals:
        """The signs that tell how it is."""
        return SourceVitals(
            self.state,
            self.created_at,
            self.brought_at,
            self.habit,
            self.failures,
            self.failing_since,
            self.fetched_at,
        )


class HubState(StrEnum):
    """The state of a subscription at a hub: WANTED is made and renewed, LEAVING is ended."""

    WANTED = "wanted"
    LEAVING = "leaving"


@dataclass(frozen=True, slots=True)
class HubSubscription:
    """A subscription at a WebSub hub to the topic of a source (None: the source is gone).

    The hub calls `callback`, whose path bears `nonce`. `strong` means that the hub has signed with SHA-2 before.
    `due_at` is when something is to be done about it, `attempts` how often that was tried before.
    """

    id: int
    source_id: int | None
    hub: str
    topic: str
    callback: str
    nonce: str
    state: HubState
    strong: bool
    due_at: int
    attempts: int


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


class RuleAction(StrEnum):
    """The effect of a source's rule on a new item that it finds."""

    DROP = "drop"
    REVIEW = "review"
    CATEGORY = "category"
    TAG = "tag"
    BREAKING = "breaking"
    QUIET = "quiet"


@dataclass(frozen=True, slots=True)
class SourceRule:
    """A rule of a source, of all sources where `source_id` is None.

    `query` is a search (persian.query). `argument` is the slug of a CATEGORY or the TAG, "" for other actions.
    """

    id: int
    source_id: int | None
    query: str
    action: RuleAction
    argument: str


@dataclass(frozen=True, slots=True)
class LearnedSection:
    """A section by its match key and as its site writes it, and the category (id) that an editor chose for it."""

    key: str
    name: str
    category_id: int


@dataclass(frozen=True, slots=True)
class SectionOffer:
    """An offer to editors: that a source's name of a section means a category (id) from now on."""

    id: int
    source_id: int
    name: str
    category_id: int
