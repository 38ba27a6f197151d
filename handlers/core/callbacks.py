"""Kinds of buttons that several wings show."""

from dataclasses import dataclass
from typing import Literal

from bot.render.callback_data import ArticleId, CallbackData, CategoryId

CommandName = Literal[
    "latest", "top", "categories", "search", "digest", "subscriptions", "saved", "history", "settings", "help"
]
"""The readers' commands that are buttons too."""


@dataclass(frozen=True, slots=True)
class FollowWords(CallbackData, prefix="follow:words"):
    """Follows the words that the message holds as code; the message becomes the answer."""


@dataclass(frozen=True, slots=True)
class FollowSearch(CallbackData, prefix="follow:search"):
    """Follows the words of a search, which stays as it is."""


@dataclass(frozen=True, slots=True)
class FollowCategory(CallbackData, prefix="follow:c"):
    """Follows the category of a list, which stays as it is."""

    category_id: CategoryId


@dataclass(frozen=True, slots=True)
class FinishDialogue(CallbackData, prefix="dialogue:done"):
    """Completes the answer to a question."""


@dataclass(frozen=True, slots=True)
class CancelDialogue(CallbackData, prefix="dialogue:cancel"):
    """Leaves the open dialogue."""


@dataclass(frozen=True, slots=True)
class OpenCommand(CallbackData, prefix="open"):
    """Does what a reader's command does."""

    name: CommandName


@dataclass(frozen=True, slots=True)
class OpenReadersView(CallbackData, prefix="open:welcome"):
    """Answers with the welcome that readers get."""


@dataclass(frozen=True, slots=True)
class WriteComment(CallbackData, prefix="write"):
    """Begins a comment on an article."""

    article_id: ArticleId
