"""The requests and answers of the API as JSON: their fields, with the limits that a request must keep."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from bot.newsroom.limits import LEAD_LIMIT, NOTE_LIMIT, TITLE_LIMIT
from bot.newsroom.post_parser import SECTION_LIMIT
from bot.newsroom.tags import MOST_TAGS, TAG_LETTERS

_BODY_LETTERS = 400_000
_ADDRESS_LETTERS = 2_048
_LARGEST_REVISION = 1_000_000_000

Revision = Annotated[int, Meta(ge=1, le=_LARGEST_REVISION)]
Title = Annotated[str, Meta(min_length=1, max_length=TITLE_LIMIT, description="The title, as plain text.")]
Lead = Annotated[str, Meta(max_length=LEAD_LIMIT, description="The lead, as plain text.")]
BodyText = Annotated[
    str, Meta(max_length=_BODY_LETTERS, description="The body as plain text, a paragraph in each line.")
]
BodyHtml = Annotated[
    str, Meta(max_length=_BODY_LETTERS, description="The body as HTML, in place of `body`. Peyk cleans it.")
]
CategoryName = Annotated[str, Meta(max_length=60, description="The slug or a name of a category.")]
Tags = Annotated[
    list[Annotated[str, Meta(min_length=1, max_length=TAG_LETTERS)]],
    Meta(max_length=MOST_TAGS, description="Tags."),
]
Address = Annotated[str, Meta(max_length=_ADDRESS_LETTERS, description="An http or https address.")]
ShortText = Annotated[str, Meta(max_length=SECTION_LIMIT)]
Reason = Annotated[str, Meta(min_length=1, max_length=500, description="The reason, for the audit.")]


class ArticleInput(Struct, forbid_unknown_fields=True, kw_only=True):
    """A new article. `action` says where it goes: a draft, the intake where an editor decides, or its readers."""

    title: Title
    action: Literal["draft", "intake", "publish"] = "draft"
    category: CategoryName = "general"
    lead: Lead = ""
    body: BodyText = ""
    body_html: BodyHtml = ""
    tags: Tags = []
    photo: Address = ""
    link: Address = ""
    byline: ShortText = ""
    section: ShortText = ""
    language: Annotated[str, Meta(pattern="^[a-z]{2,3}(?!\n)$")] = "fa"  # "$" stands before a last line's end, too
    breaking: bool = False


class Publish(Struct, forbid_unknown_fields=True, kw_only=True, tag_field="action", tag="publish"):
    """Publishes an article that is not published.

    It is refused where the article is not at `revision` any more; null publishes it as it is.
    """

    breaking: bool = False
    revision: Revision | None = None


class Correct(Struct, forbid_unknown_fields=True, kw_only=True, tag_field="action", tag="correct"):
    """Changes an article; what is left out stays. Where readers have it, every copy is corrected.

    `revision` is the one that the change is made to: it is refused where somebody has changed the article since.
    """

    revision: Revision
    note: Annotated[str, Meta(max_length=NOTE_LIMIT, description="What was corrected, for readers.")] = ""
    title: Title | UnsetType = UNSET
    category: CategoryName | UnsetType = UNSET
    lead: Lead | UnsetType = UNSET
    body: BodyText | UnsetType = UNSET
    body_html: BodyHtml | UnsetType = UNSET
    tags: Tags | UnsetType = UNSET
    photo: Address | UnsetType = UNSET
    link: Address | UnsetType = UNSET
    byline: ShortText | UnsetType = UNSET
    section: ShortText | UnsetType = UNSET


class Retract(Struct, forbid_unknown_fields=True, kw_only=True, tag_field="action", tag="retract"):
    """Retracts a published article: every copy is deleted."""

    reason: Reason


ArticleAct = Publish | Correct | Retract
"""An act on an article."""


class ArticleView(Struct, kw_only=True):
    """An article as it is now. Times are in UTC; `published_at` is null until it is published."""

    id: int
    state: str
    revision: int
    category: str
    title: str
    lead: str
    body_html: str
    tags: list[str]
    photo: str
    link: str
    byline: str
    section: str
    language: str
    breaking: bool
    published_at: str | None
    created_at: str
    updated_at: str


class ArticleListing(Struct, kw_only=True):
    """Articles, and the value of `before` with which the list goes on, null at its end."""

    articles: list[ArticleView]
    next: str | None


class ErrorView(Struct, kw_only=True):
    """An error: a word for programs and a sentence for people."""

    error: str
    message: str
