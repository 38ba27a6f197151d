"""Kinds of buttons of a chat's panel, and of what is decided about a chat."""

from dataclasses import dataclass, field
from typing import Annotated, Literal

from bot.locales.catalog import CODE
from bot.render.callback_data import CallbackData, ChatId, Offset, number

Choice = Annotated[int, number(9)]
"""The place of a choice among those that a page offers; of a setting that is on or off, 1 is on."""
Decision = Literal["y", "n", "admit", "revoke"]
"""An owner's decision: `y` and `n` answer a chat that waits, `admit` and `revoke` change what was decided."""


@dataclass(frozen=True, slots=True)
class ChannelsPage(CallbackData, prefix="channels"):
    """A page of the channels and groups."""

    offset: Offset


@dataclass(frozen=True, slots=True)
class BackToChannels(CallbackData, prefix="channels:of"):
    """The page of the channels and groups that has one of them."""

    chat_id: ChatId


@dataclass(frozen=True, slots=True)
class Panel(CallbackData, prefix="set"):
    """The first page of a chat's panel."""

    chat_id: ChatId
    page: Literal["main"] = "main"


@dataclass(frozen=True, slots=True)
class ClosePanel(CallbackData, prefix="set"):
    """Removes the buttons from a panel."""

    chat_id: ChatId
    page: Literal["close"] = "close"


@dataclass(frozen=True, slots=True)
class PanelCategories(CallbackData, prefix="set"):
    """The list of what a chat follows, from its panel."""

    chat_id: ChatId
    page: Literal["cats"] = "cats"


@dataclass(frozen=True, slots=True)
class SchedulePage(CallbackData, prefix="set"):
    """The page on which a chat's schedule is chosen."""

    chat_id: ChatId
    page: Literal["when"] = "when"


@dataclass(frozen=True, slots=True)
class ChooseSchedule(CallbackData, prefix="set"):
    """Sets one of the schedules that have a button for a chat."""

    chat_id: ChatId
    page: Literal["when"] = field(default="when", kw_only=True)
    place: Choice


@dataclass(frozen=True, slots=True)
class QuietPage(CallbackData, prefix="set"):
    """The page on which a chat's quiet hours are chosen."""

    chat_id: ChatId
    page: Literal["quiet"] = "quiet"


@dataclass(frozen=True, slots=True)
class ChooseQuiet(CallbackData, prefix="set"):
    """Sets quiet hours that have a button for a chat."""

    chat_id: ChatId
    page: Literal["quiet"] = field(default="quiet", kw_only=True)
    place: Choice


@dataclass(frozen=True, slots=True)
class LetBreakingThrough(CallbackData, prefix="set"):
    """Switches breaking news in quiet hours on or off."""

    chat_id: ChatId
    word: Literal["rush"] = field(default="rush", kw_only=True)
    on: Choice


@dataclass(frozen=True, slots=True)
class AskOwn(CallbackData, prefix="set"):
    """Prompts for a schedule or quiet hours that have no button."""

    chat_id: ChatId
    word: Literal["own"] = field(default="own", kw_only=True)
    page: Literal["when", "quiet"]


@dataclass(frozen=True, slots=True)
class PinPage(CallbackData, prefix="set"):
    """The page on which it is chosen how long breaking news stays pinned."""

    chat_id: ChatId
    page: Literal["pin"] = "pin"


@dataclass(frozen=True, slots=True)
class ChoosePin(CallbackData, prefix="set"):
    """Chooses how long breaking news stays pinned."""

    chat_id: ChatId
    page: Literal["pin"] = field(default="pin", kw_only=True)
    place: Choice


@dataclass(frozen=True, slots=True)
class ReportPage(CallbackData, prefix="set"):
    """The page on which the time of the report to the desk chat is chosen."""

    chat_id: ChatId
    page: Literal["report"] = "report"


@dataclass(frozen=True, slots=True)
class ChooseReport(CallbackData, prefix="set"):
    """Chooses the time of the report to the desk chat."""

    chat_id: ChatId
    page: Literal["report"] = field(default="report", kw_only=True)
    place: Choice


@dataclass(frozen=True, slots=True)
class SwitchSetting(CallbackData, prefix="set"):
    """Turns a setting of the first page on or off."""

    chat_id: ChatId
    setting: Literal["pause", "plain", "silent", "rich"]
    on: Choice


@dataclass(frozen=True, slots=True)
class ChooseLanguage(CallbackData, prefix="set"):
    """Chooses the language that a chat is written to in."""

    chat_id: ChatId
    word: Literal["lang"] = field(default="lang", kw_only=True)
    code: Annotated[str, CODE]


@dataclass(frozen=True, slots=True)
class PostStylePage(CallbackData, prefix="set"):
    """The page on which the style of a chat's posts is chosen."""

    chat_id: ChatId
    page: Literal["look"] = "look"


@dataclass(frozen=True, slots=True)
class ZonePage(CallbackData, prefix="set"):
    """The page on which a chat's time zone is chosen."""

    chat_id: ChatId
    page: Literal["zone"] = "zone"


@dataclass(frozen=True, slots=True)
class DecideAdmission(CallbackData, prefix="let"):
    """Decides whether a channel or group is let in."""

    chat_id: ChatId
    decision: Decision
