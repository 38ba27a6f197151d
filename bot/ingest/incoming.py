"""Records of what a fetch brings, made ready in the parser's process (bot.ingest.parsing.reading) to be stored."""

from dataclasses import dataclass

from bot.ingest.candidate import Candidate
from bot.ingest.identity.decision import Signals
from bot.ingest.page.trust import Doubt


@dataclass(frozen=True, slots=True)
class Story:
    """A story's signature as the database keeps it: a packed fingerprint, and the bands by which it is found."""

    packed: bytes
    bands: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Incoming:
    """An item of a source as it came: its signals, what would be stored of it, and a digest of what it says.

    `signals` are those that distinguish it from other items, `shown` all that it has. `mark` distinguishes it from
    earlier versions, 0 for a page that is a source itself. `key` is its key in storage. `texts` are what search
    keeps of it, `story` is the signature of its story.
    """

    signals: Signals
    shown: Signals
    mark: int
    key: str
    candidate: Candidate
    texts: tuple[str, str]
    digest: str
    story: Story


@dataclass(frozen=True, slots=True)
class IncomingFeed:
    """A feed as read: the items that are not known yet, the oldest first, and what it says of itself.

    `marks` are those of all items that are looked at, `beyond` the older ones. The other fields are those of
    bot.ingest.items.Feed.
    """

    title: str
    items: tuple[Incoming, ...]
    marks: frozenset[int]
    beyond: tuple[Incoming, ...]
    ttl: int | None
    skip_hours: frozenset[int]
    skip_days: frozenset[int]
    unread: int
    hub: str = ""
    self_url: str = ""
    is_torn: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """A page that was read for an article that is known.

    `candidate` is what both say together, `texts` are what search keeps of that, `story` is its story's signature.
    `addresses` are the comparable ones at which the page was found and by which it calls itself. `doubt` says why
    it is not that article (None: it is). `title`, "" where the page agrees with the article, and `text_digest` tell
    a page that comes again for other articles.
    """

    candidate: Candidate
    texts: tuple[str, str]
    story: Story
    addresses: tuple[str, ...]
    doubt: Doubt | None
    title: str
    text_digest: str
