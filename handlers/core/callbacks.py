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
