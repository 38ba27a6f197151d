"""Kinds of buttons that several modules of the newsroom's handlers show."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal

from bot.ingest.sources.callbacks import SourceId
from bot.render.callback_data import Answer, ArticleId, CallbackData, Offset, RevisionNumber, RowId, Stamp


class Part(StrEnum):
    """The parts of an article that are written or sent.

    Callback data and dialogues hold the values; those call a section a desk.
    """

    TITLE = "title"
    LEAD = "lead"
    BODY = "body"
    PARAGRAPH = "paragraph"
    PHOTO = "photo"
    ATTACH = "attach"
    SECTION = "desk"
    TAGS = "tags"
    LINK = "link"

    @property
    def key(self) -> str:
        """The part's word in the keys of texts; of a part that is a field of Content, the field's name."""
        return self.name.lower()


WholePart = Literal[Part.TITLE, Part.LEAD, Part.BODY, Part.PHOTO, Part.ATTACH, Part.SECTION, Part.TAGS, Part.LINK]
"""The parts that are asked for by their name alone."""
STATISTICS_DAYS = (7, 30, 90)
"""The spans of days that statistics offer by button."""

ALL_SOURCES = 0
"""Stands for all sources in callback data."""


ChoosingCommand = Literal[
    "publish", "preview", "edit", "submit", "correct", "retract", "breaking", "follow", "stats"
]
"""The commands that offer a choice where they are written without a number."""

Shelf = Literal["waiting", "published"]
"""Articles that wait unpublished, or published ones."""

StaffCommandName = Literal[
    "desk",
    "post",
    "import",
    "drafts",
    "approve",
    "planned",
    "comments",
    "tips",
    "outbox",
    "stats",
    "sources",
    "words",
]
"""The newsroom's commands that are buttons too."""


@dataclass(frozen=True, slots=True)
class AnswerSection(CallbackData, prefix="learn"):
    """Maps a source's section name to the category that was offered, or leaves it unmapped."""

    offer_id: RowId
    answer: Answer


@dataclass(frozen=True, slots=True)
class ApproveReview(CallbackData, prefix="review:yes"):
    """Publishes an article in review, at the revision that was seen."""

    article_id: ArticleId
    revision: RevisionNumber


@dataclass(frozen=True, slots=True)
class AskFollowed(CallbackData, prefix="follows:ask"):
    """Asks which earlier article an article goes on with."""

    article_id: ArticleId


@dataclass(frozen=True, slots=True)
class AskFollowedAnew(CallbackData, prefix="follows:new"):
    """Asks in a new message which earlier article an article goes on with."""

    article_id: ArticleId


@dataclass(frozen=True, slots=True)
class AskPart(CallbackData, prefix="edit"):
    """Prompts for a new part."""

    article_id: ArticleId
    part: WholePart


@dataclass(frozen=True, slots=True)
class AskWords(CallbackData, prefix="edit"):
    """Asks which words are to be replaced by which."""

    article_id: ArticleId
    word: Literal["words"] = "words"


@dataclass(frozen=True, slots=True)
class AskPublicationTime(CallbackData, prefix="plan"):
    """Prompts for the time at which an article is published by itself."""

    article_id: ArticleId
    revision: RevisionNumber


@dataclass(frozen=True, slots=True)
class AskSourceAddress(CallbackData, prefix="addsource"):
    """Prompts for an address of a site whose news is to be read."""


@dataclass(frozen=True, slots=True)
class CancelPlan(CallbackData, prefix="unplan"):
    """Makes a scheduled article a draft again."""

    article_id: ArticleId


@dataclass(frozen=True, slots=True)
class DropDraft(CallbackData, prefix="drop"):
    """Throws a draft away; asks first where nobody is `sure`."""

    article_id: ArticleId
    sure: Literal["y"] | None = None


@dataclass(frozen=True, slots=True)
class DropMine(CallbackData, prefix="merge"):
    """Throws away what a person wrote on top of an older revision."""

    article_id: ArticleId
    stamp: Stamp
    word: Literal["n"] = "n"


@dataclass(frozen=True, slots=True)
class EditArticle(CallbackData, prefix="edit"):
    """Asks which part of an article to change."""

    article_id: ArticleId


@dataclass(frozen=True, slots=True)
class EditSource(CallbackData, prefix="source:edit"):
    """Shows what can be changed about a source."""

    source_id: SourceId


@dataclass(frozen=True, slots=True)
class AskSourceRetraction(CallbackData, prefix="source:pull"):
    """Shows how much a source has brought lately, to retract it."""

    source_id: SourceId


@dataclass(frozen=True, slots=True)
class GatePage(CallbackData, prefix="gate"):
    """A page of what sources brought and nobody has looked at."""

    offset: Offset


@dataclass(frozen=True, slots=True)
class SaveDraft(CallbackData, prefix="keep"):
    """Leaves an article a draft."""

    article_id: ArticleId


@dataclass(frozen=True, slots=True)
class ImportAddress(CallbackData, prefix="import:here"):
    """Imports the article of the address that the message holds as code."""


@dataclass(frozen=True, slots=True)
class ListAttachments(CallbackData, prefix="edit"):
    """Shows what goes with an article."""

    article_id: ArticleId
    word: Literal["media"] = "media"


@dataclass(frozen=True, slots=True)
class ListSections(CallbackData, prefix="sections"):
    """Shows a page of the names of sections that a source has learned."""

    source_id: SourceId
    offset: Offset


@dataclass(frozen=True, slots=True)
class ListSourceRules(CallbackData, prefix="rules"):
    """Shows a page of the rules that hold for a source; ALL_SOURCES stands for those of all sources alone."""

    source_id: SourceId
    offset: Offset


@dataclass(frozen=True, slots=True)
class OpenArticleChoice(CallbackData, prefix="choose:open"):
    """Answers with the articles that a command may be meant for."""

    command: ChoosingCommand
    shelf: Shelf


@dataclass(frozen=True, slots=True)
class OpenGate(CallbackData, prefix="gate:open"):
    """Answers with what sources brought and nobody has looked at."""


@dataclass(frozen=True, slots=True)
class OpenStaffCommand(CallbackData, prefix="desk:open"):
    """Does what a command of the newsroom does."""

    name: StaffCommandName


@dataclass(frozen=True, slots=True)
class PublishDraft(CallbackData, prefix="pub"):
    """Publishes an article as it was seen; asks first where somebody is editing it and nobody is `sure`."""

    article_id: ArticleId
    revision: RevisionNumber
    sure: Literal["y"] | None = None


@dataclass(frozen=True, slots=True)
class AskSeparation(CallbackData, prefix="story:part"):
    """Asks whether a folded article that is separated from a story is published, or waits at the gate."""

    article_id: ArticleId
    first_id: ArticleId


@dataclass(frozen=True, slots=True)
class AskStory(CallbackData, prefix="story:ask"):
    """Asks whose story an article is to join."""

    article_id: ArticleId


@dataclass(frozen=True, slots=True)
class JoinStory(CallbackData, prefix="story:join"):
    """Makes an article part of the story of another one."""

    article_id: ArticleId
    first_id: ArticleId


@dataclass(frozen=True, slots=True)
class AskParagraph(CallbackData, prefix="para"):
    """Prompts for a new text of the block at `index` of a body, at the revision that the list showed."""

    article_id: ArticleId
    revision: RevisionNumber
    index: Offset


@dataclass(frozen=True, slots=True)
class ListParagraphs(CallbackData, prefix="paras"):
    """Shows a page of the paragraphs of an article's body, to choose one from."""

    article_id: ArticleId
    offset: Offset


@dataclass(frozen=True, slots=True)
class ListStory(CallbackData, prefix="story:list"):
    """Answers with a page of the other articles of a story."""

    article_id: ArticleId
    offset: Offset


@dataclass(frozen=True, slots=True)
class SeparateStory(CallbackData, prefix="story:apart"):
    """Separates an article from the story of another one; `publish` decides what becomes of a folded one."""

    article_id: ArticleId
    first_id: ArticleId
    publish: bool


@dataclass(frozen=True, slots=True)
class PutMineOnTop(CallbackData, prefix="merge"):
    """Puts what a person wrote on top of the newest revision."""

    article_id: ArticleId
    stamp: Stamp
    word: Literal["put"] = "put"


@dataclass(frozen=True, slots=True)
class RejectReview(CallbackData, prefix="review:no"):
    """Rejects an article in review; of what a person handed in it asks for the reason first."""

    article_id: ArticleId


@dataclass(frozen=True, slots=True)
class ShowConflict(CallbackData, prefix="merge"):
    """Answers with what others changed, and with what the person wrote."""

    article_id: ArticleId
    stamp: Stamp
    word: Literal["show"] = "show"


@dataclass(frozen=True, slots=True)
class ShowSourceRequests(CallbackData, prefix="request"):
    """Shows what is set for the requests of a source."""

    source_id: SourceId


@dataclass(frozen=True, slots=True)
class ShowPost(CallbackData, prefix="post"):
    """Answers with the post of an article as channels will see it."""

    article_id: ArticleId
    word: Literal["view"] = "view"


@dataclass(frozen=True, slots=True)
class StatisticsSpan(CallbackData, prefix="stats"):
    """The same figures over another span of days: of one article, or of everything."""

    days: Annotated[int, "|".join(map(str, STATISTICS_DAYS))]
    article_id: ArticleId | None = None


@dataclass(frozen=True, slots=True)
class TakeOver(CallbackData, prefix="edit"):
    """Takes over the lock of an article."""

    article_id: ArticleId
    word: Literal["over"] = "over"


@dataclass(frozen=True, slots=True)
class UndoPublication(CallbackData, prefix="unpub"):
    """Makes a draft again of an article of which nothing was sent."""

    article_id: ArticleId


@dataclass(frozen=True, slots=True)
class WithdrawReview(CallbackData, prefix="review:back"):
    """Withdraws an article from review."""

    article_id: ArticleId
