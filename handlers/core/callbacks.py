"""Kinds of buttons that several wings show."""

from dataclasses import dataclass
from typing import Annotated

from bot.render.callback_data import CallbackData, number


@dataclass(frozen=True, slots=True)
class FollowWords(CallbackData, prefix="follow:words"):
    """Follows the words that the message holds as code; the message becomes the answer."""


@dataclass(frozen=True, slots=True)
class FollowSearch(CallbackData, prefix="follow:search"):
    """Follows the words of a search, which stays as it is."""


@dataclass(frozen=True, slots=True)
class FollowCategory(CallbackData, prefix="follow:c"):
    """Follows the category of a list, which stays as it is."""

    category_id: Annotated[int, number(9)]


@dataclass(frozen=True, slots=True)
class FinishDialogue(CallbackData, prefix="dialogue:done"):
    """Says that the answer to a question is complete."""


@dataclass(frozen=True, slots=True)
class CancelDialogue(CallbackData, prefix="dialogue:cancel"):
    """Leaves the open dialogue."""


@dataclass(frozen=True, slots=True)
class SkipLead(CallbackData, prefix="dialogue:nolead"):
    """Leaves the lead of a post out."""


@dataclass(frozen=True, slots=True)
class SkipSource(CallbackData, prefix="dialogue:nosource"):
    """Leaves out where the text of a post was forwarded from."""


@dataclass(frozen=True, slots=True)
class SkipNote(CallbackData, prefix="dialogue:nonote"):
    """Leaves the note of a correction out."""
