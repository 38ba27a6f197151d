"""Kinds of buttons under posts, articles and lists, which rendering draws."""

from dataclasses import dataclass
from typing import ClassVar, Literal, Self

from bot.render.callback_data import ArticleId, CallbackData, Cursor, Offset, PageIndex, RowId


@dataclass(frozen=True, slots=True)
class ListScope:
    """The articles of a list: those of a category, or all, those newer than the ordinal `since` marked."""

    PATTERN: ClassVar[str] = r"a|s\d{1,18}|c\d{1,9}"

    category_id: int | None = None
    since: int | None = None

    def pack(self) -> str:
        """Return `a`, `sORDINAL` or `cCATEGORY`."""
        if self.category_id is not None:
            return f"c{self.category_id}"
        return "a" if self.since is None else f"s{self.since}"

    @classmethod
    def unpack(cls, text: str, /) -> Self:
        """Return the scope of a text that matches PATTERN."""
        number = int(text[1:] or 0)
        return cls(category_id=number if text[0] == "c" else None, since=number if text[0] == "s" else None)


ALL_ARTICLES = ListScope()
"""The scope of /latest."""


@dataclass(frozen=True, slots=True)
class ListPage(CallbackData, prefix="list"):
    """A page of headlines."""

    scope: ListScope
    cursor: Cursor


@dataclass(frozen=True, slots=True)
class PreviewPage(CallbackData, prefix="view"):
    """A page of an article's preview."""

    article_id: ArticleId
    index: PageIndex = 0


@dataclass(frozen=True, slots=True)
class ProposalPage(CallbackData, prefix="proposal:whole"):
    """A page of an article as its source proposes it."""

    article_id: ArticleId
    index: PageIndex = 0


@dataclass(frozen=True, slots=True)
class CommentPlace:
    """The place of a page of comments, the oldest first: the first, the last, or `before` or `after` an id."""

    PATTERN: ClassVar[str] = r"[az]|[bf]\d{1,18}"

    before: int | None = None
    after: int | None = None
    is_last: bool = False

    def pack(self) -> str:
        """Return `a` for the first page, `z` for the last, `bID` or `fID`."""
        if self.is_last:
            return "z"
        if self.before is not None:
            return f"b{self.before}"
        return "a" if self.after is None else f"f{self.after}"

    @classmethod
    def unpack(cls, text: str, /) -> Self:
        """Return the place of a text that matches PATTERN."""
        id_ = int(text[1:] or 0)
        return cls(
            before=id_ if text[0] == "b" else None, after=id_ if text[0] == "f" else None, is_last=text[0] == "z"
        )


FIRST_COMMENTS = CommentPlace()
"""The page of the oldest comments."""
LAST_COMMENTS = CommentPlace(is_last=True)
"""The page of the newest comments."""


@dataclass(frozen=True, slots=True)
class ArticlePage(CallbackData, prefix="page"):
    """A page of an article's full text."""

    article_id: ArticleId
    index: PageIndex


@dataclass(frozen=True, slots=True)
class CommentsPage(CallbackData, prefix="talk"):
    """A page of an article's comments, in place of the list."""

    article_id: ArticleId
    place: CommentPlace


@dataclass(frozen=True, slots=True)
class BookmarkArticle(CallbackData, prefix="save"):
    """Bookmarks an article for the reader, or removes the bookmark."""

    article_id: ArticleId
    on: bool


@dataclass(frozen=True, slots=True)
class OpenArticle(CallbackData, prefix="read"):
    """Sends an article's full text."""

    article_id: ArticleId


@dataclass(frozen=True, slots=True)
class OpenComments(CallbackData, prefix="talk"):
    """Sends the first page of an article's comments."""

    article_id: ArticleId
    place: Literal["n"] = "n"


@dataclass(frozen=True, slots=True)
class OpenElsewhere(CallbackData, prefix="elsewhere"):
    """Sends the list of who else reports an article's story."""

    article_id: ArticleId
    place: Literal["n"] = "n"


@dataclass(frozen=True, slots=True)
class ElsewherePage(CallbackData, prefix="elsewhere"):
    """A page of who else reports an article's story, in place of the list."""

    article_id: ArticleId
    offset: Offset


@dataclass(frozen=True, slots=True)
class QueuePage(CallbackData, prefix="queue"):
    """A page of the comments that wait for a decision."""

    place: CommentPlace


@dataclass(frozen=True, slots=True)
class RelatedArticles(CallbackData, prefix="like"):
    """Sends the articles that are like one."""

    article_id: ArticleId


@dataclass(frozen=True, slots=True)
class SendAttachments(CallbackData, prefix="media"):
    """Sends what goes with an article."""

    article_id: ArticleId


@dataclass(frozen=True, slots=True)
class WithdrawComment(CallbackData, prefix="unsay"):
    """Deletes the reader's own comment; without `sure` the press asks first."""

    comment_id: RowId
    sure: Literal["y"] | None = None


@dataclass(frozen=True, slots=True)
class DecisionPlace:
    """The place of the buttons under a comment: its card, or the page of the queue that begins at `first`."""

    PATTERN: ClassVar[str] = r"c|\d{1,18}"

    first: int | None = None

    def pack(self) -> str:
        """Return `c` for the card, else the id."""
        return "c" if self.first is None else str(self.first)

    @classmethod
    def unpack(cls, text: str, /) -> Self:
        """Return the place of a text that matches PATTERN."""
        return cls(None if text == "c" else int(text))


ON_CARD = DecisionPlace()
"""The card of a comment."""


@dataclass(frozen=True, slots=True)
class AskToSilence(CallbackData, prefix="mute"):
    """Asks whether the author of a waiting comment is to be silenced."""

    comment_id: RowId
    at: DecisionPlace


@dataclass(frozen=True, slots=True)
class DecideComment(CallbackData, prefix="judge"):
    """Approves a waiting comment (`ok`), or rejects it."""

    comment_id: RowId
    decision: Literal["ok", "no"]
    at: DecisionPlace


@dataclass(frozen=True, slots=True)
class HideComment(CallbackData, prefix="down"):
    """Hides an approved comment; without `sure` the press asks first."""

    comment_id: RowId
    sure: Literal["y"] | None = None


@dataclass(frozen=True, slots=True)
class CanSeeDigest(CallbackData, prefix="seen:digest"):
    """Confirms that a digest can be seen."""

    answer: Literal["y"] = "y"


@dataclass(frozen=True, slots=True)
class CannotSeeDigest(CallbackData, prefix="seen:digest"):
    """Reports that a digest cannot be seen."""

    answer: Literal["n"] = "n"


@dataclass(frozen=True, slots=True)
class SettledRow(CallbackData, prefix="settled"):
    """Stands in a list where the buttons of a row were before it was settled; `row_id` is that of its subject."""

    row_id: RowId
