"""Kinds of buttons under what a place follows: its list, the page of one subscription, a forum's topics."""

from dataclasses import dataclass, field
from typing import Annotated, Literal

from bot.render.callback_data import CallbackData, CategoryId, ChatId, Stamp, TopicId, number
from storage.records import SubscriptionKind

SubscriptionId = Annotated[int, number(15)]
"""The number of a subscription."""
ListOffset = Annotated[int, number(4)]
"""The number of subscriptions or topics before a page."""
WrittenKind = Literal[
    SubscriptionKind.WORDS, SubscriptionKind.TAG, SubscriptionKind.SECTION, SubscriptionKind.MUTED
]
"""The kinds of subscriptions whose subject a person writes."""


@dataclass(frozen=True, slots=True)
class FollowedPage(CallbackData, prefix="fol"):
    """A page of what a chat, or a topic of it, follows."""

    chat_id: ChatId
    topic_id: TopicId
    offset: ListOffset = 0


@dataclass(frozen=True, slots=True)
class FollowThere(CallbackData, prefix="fol"):
    """Follows a category, or EVERYTHING, in a chat or a topic of it, or no more."""

    chat_id: ChatId
    topic_id: TopicId
    word: Literal["cat"] = field(default="cat", kw_only=True)
    category_id: CategoryId
    on: bool


@dataclass(frozen=True, slots=True)
class SubscriptionPage(CallbackData, prefix="one"):
    """The page of a subscription."""

    chat_id: ChatId
    subscription_id: SubscriptionId


@dataclass(frozen=True, slots=True)
class LimitToBreaking(CallbackData, prefix="one"):
    """Limits a subscription to breaking news, or lifts the limit."""

    chat_id: ChatId
    subscription_id: SubscriptionId
    word: Literal["rush"] = field(default="rush", kw_only=True)
    on: bool


@dataclass(frozen=True, slots=True)
class ChooseTime(CallbackData, prefix="one"):
    """Sets a subscription's schedule to one of the list on its page."""

    chat_id: ChatId
    subscription_id: SubscriptionId
    word: Literal["when"] = field(default="when", kw_only=True)
    place: Annotated[int, r"\d"]


@dataclass(frozen=True, slots=True)
class AskScheduleTime(CallbackData, prefix="one"):
    """Prompts for a schedule of the subscription's own."""

    chat_id: ChatId
    subscription_id: SubscriptionId
    word: Literal["own"] = "own"


@dataclass(frozen=True, slots=True)
class StopSubscription(CallbackData, prefix="one"):
    """Ends a subscription."""

    chat_id: ChatId
    subscription_id: SubscriptionId
    word: Literal["stop"] = "stop"


@dataclass(frozen=True, slots=True)
class AskSubject(CallbackData, prefix="new"):
    """Prompts for the words, tags or sections to follow, or the words to mute."""

    chat_id: ChatId
    topic_id: TopicId
    kind: WrittenKind


@dataclass(frozen=True, slots=True)
class TopicsPage(CallbackData, prefix="topics"):
    """A page of a forum's topics."""

    chat_id: ChatId
    offset: ListOffset


@dataclass(frozen=True, slots=True)
class UndoSubscriptionChange(CallbackData, prefix="fol:undo"):
    """Puts back what a chat or topic followed before its change of that stamp."""

    chat_id: ChatId
    topic_id: TopicId
    stamp: Stamp
