"""Articles as storage returns them: their text, category, state and origin; and the tips they are made of."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class BlockKind(StrEnum):
    """The kind of a block of an article's body."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    QUOTE = "quote"
    LIST = "list"
    IMAGE = "image"
    TABLE = "table"


MOST_COLUMNS = 20
"""The most columns of a table: as many as a rich message takes."""


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a body.

    `html` is inline HTML, sanitised before it is stored: text plus b, i, u, s, code and a[href=http(s)],
    with &lt; &gt; &amp; &quot; escaped and "\\n" for a line break. An IMAGE has it as its caption.
    `items` are the inline HTML of a LIST's points, or of a TABLE's cells row by row (then `html` is empty);
    `ordered` numbers the points, a row has so many `columns`, and the first row of a `headed` table names them.
    `url` is an IMAGE's address.
    """

    kind: BlockKind
    html: str = ""
    items: tuple[str, ...] = ()
    ordered: bool = False
    url: str = ""
    columns: int = 0
    headed: bool = False

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """The cells of a TABLE by row."""
        width = max(1, self.columns)
        return tuple(self.items[begin : begin + width] for begin in range(0, len(self.items), width))


class ArticleState(StrEnum):
    """The state of an article. A corrected article is a published one of revision > 1.

    DROPPED is a source's article that the newsroom rejected: it stays, so that no later fetch brings it again.
    FOLDED is an article whose story the newsroom has from another source already: readers see it under that one.
    ANNOUNCED is an announcement, with a news number below 0: no list, search or link leads to it.
    """

    DRAFT = "draft"
    REVIEW = "review"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    RETRACTED = "retracted"
    DROPPED = "dropped"
    FOLDED = "folded"
    ANNOUNCED = "announced"


DRAFT_STATES = (ArticleState.DRAFT, ArticleState.REVIEW, ArticleState.SCHEDULED)
"""The states of the articles that /drafts lists."""

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
    AUDIO = "audio"
    VOICE = "voice"
    VIDEO_NOTE = "video_note"
    ANIMATION = "animation"


@dataclass(frozen=True, slots=True)
class Media:
    """An attachment of an article: one of the newsroom's, which Telegram keeps, or one of the article's source.

    `file` is a Telegram file id, or the http(s) address of a source's medium. `name` is a document's file name or
    "". The other fields are what a source tells of its medium, each 0 or "" where it tells nothing: the MIME type,
    the size in bytes, the duration in seconds, width and height in pixels, the address of a still picture, the
    title. A medium of the type PLAYER is a page that plays it.
    """

    kind: MediaKind
    file: str
    name: str = ""
    mime: str = ""
    size: int = 0
    duration: int = 0
    width: int = 0
    height: int = 0
    poster: str = ""
    title: str = ""

    @property
    def is_foreign(self) -> bool:
        """Return whether it is a source's, by its address: Telegram does not keep it yet."""
        return "://" in self.file


PLAYER = "text/html"
"""The MIME type of a medium whose address is that of a page that plays it."""


@dataclass(frozen=True, slots=True)
class Content:
    """The text of one revision of an article. `title` and `lead` are plain text, never HTML.

    `photo` is an http(s) address or a Telegram file id; `media` are what goes with the article besides: the
    further items of an album, a video or a document, and behind them what its source has. `section` and `byline`
    may be "". `link` is the source that its author names (http or https, "" for none), as opposed to the address
    that an article was read from.
    """

    title: str
    lead: str = ""
    body: tuple[Block, ...] = ()
    photo: str = ""
    media: tuple[Media, ...] = ()
    section: str = ""
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
    `breaking` means that it is, or will be, published as breaking news. `source_id` is
    the source that brought it and alone may change it, `story_id` the article whose story a FOLDED one tells again,
    `follows_id` the earlier article of a developing story that it goes on with.
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
    follows_id: int | None = None


class ArticleRevision(NamedTuple):
    """One revision of an article: its news number, and the revision's own, which counts from 1."""

    article_id: int
    number: int


@dataclass(frozen=True, slots=True)
class Provenance:
    """The origin of an article; the defaults are those of one written in the newsroom.

    `number` is the source's own news number as it writes it, `published_at` its date (ms; 0: unknown, it will
    be that of its publication), `author_id` the member of staff (None: a source).
    """

    url: str = ""
    origin: str = ""
    number: str = ""
    published_at: int = 0
    language: str = "fa"
    author_id: int | None = None


class TipState(StrEnum):
    """The state of a tip. The sender of a DELETED one has removed it; of a USED one a draft was made."""

    WAITING = "waiting"
    READ = "read"
    USED = "used"
    DECLINED = "declined"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Tip:
    """A reader's words and files for the newsroom: plain text, with the name that they had then.

    `article_id` is the article that was made of a USED tip, None where that was thrown away. A tip that was
    forgotten has neither words nor files.
    """

    id: int
    user_id: int
    name: str
    text: str
    media: tuple[Media, ...]
    state: TipState
    article_id: int | None
    created_at: int
    decided_by: int | None
    decided_at: int | None
