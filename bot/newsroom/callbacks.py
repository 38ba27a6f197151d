"""Kinds of buttons under the notices that the newsroom gets."""

from dataclasses import dataclass

from bot.render.callback_data import ArticleId, CallbackData, Instant, RevisionNumber


@dataclass(frozen=True, slots=True)
class AcceptProposal(CallbackData, prefix="proposal:yes"):
    """Accepts the text that a source proposed at `asked_at`."""

    article_id: ArticleId
    revision: RevisionNumber
    asked_at: Instant


@dataclass(frozen=True, slots=True)
class AskBreaking(CallbackData, prefix="rush"):
    """Asks whether an article goes out as breaking news."""

    article_id: ArticleId


@dataclass(frozen=True, slots=True)
class AskCopyEdit(CallbackData, prefix="copy:ask"):
    """Answers with what the copy editor would do in an article that is not published."""

    article_id: ArticleId


@dataclass(frozen=True, slots=True)
class AskRetraction(CallbackData, prefix="retract:why"):
    """Prompts for the reason for which an article is retracted."""

    article_id: ArticleId


@dataclass(frozen=True, slots=True)
class DeclineProposal(CallbackData, prefix="proposal:no"):
    """Leaves an article as it is, against what a source was seen to propose at `asked_at`."""

    article_id: ArticleId
    asked_at: Instant


@dataclass(frozen=True, slots=True)
class EditInReview(CallbackData, prefix="review:edit"):
    """Asks in a new message which part of an article to change."""

    article_id: ArticleId


@dataclass(frozen=True, slots=True)
class OpenPreview(CallbackData, prefix="review:view"):
    """Answers with the preview of an article."""

    article_id: ArticleId


@dataclass(frozen=True, slots=True)
class PlanAt(CallbackData, prefix="plan"):
    """Plans an article for the time that the button names."""

    article_id: ArticleId
    revision: RevisionNumber
    at: Instant
    breaking: bool


@dataclass(frozen=True, slots=True)
class RetractVanished(CallbackData, prefix="retract"):
    """Asks whether to retract an article whose page is gone at its source."""

    article_id: ArticleId


@dataclass(frozen=True, slots=True)
class ShowProposal(CallbackData, prefix="proposal:show"):
    """Answers with what would change in an article."""

    article_id: ArticleId


@dataclass(frozen=True, slots=True)
class SubmitDraft(CallbackData, prefix="submit"):
    """Submits a draft."""

    article_id: ArticleId


@dataclass(frozen=True, slots=True)
class UndoOrRetract(CallbackData, prefix="unpub:or"):
    """Undoes the publication of an article of which nothing was sent; else asks for the reason to retract it."""

    article_id: ArticleId
