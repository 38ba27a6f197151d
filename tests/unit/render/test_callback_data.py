"""Callback data: what a button carries is what its handler gets, and nothing else is taken for it."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Literal

import pytest

from bot.render.callback_data import (
    MOST_BYTES,
    ArticleId,
    CallbackData,
    CallbackDataError,
    ChatId,
    Cursor,
    TurnedCursor,
    number,
)
from bot.render.callbacks import (
    FIRST_COMMENTS,
    LAST_COMMENTS,
    ON_CARD,
    CommentPlace,
    CommentsPage,
    DecideComment,
    DecisionPlace,
    ListPage,
    ListScope,
    QueuePage,
)
from handlers.chats.post_style import ChooseShape
from handlers.chats.subscription_callbacks import AskSubject, FollowThere
from handlers.chats.time_zone import ChooseZone
from handlers.readers.history import HistoryPage
from handlers.register import ROUTERS
from handlers.staff.audit import ALL_ACTS, AuditPage, AuditScope
from handlers.staff.callbacks import AskPart, Part
from handlers.staff.editing import ClearFact
from handlers.staff.moderation import SilenceAuthor
from storage.post_style import Shape
from storage.records import SubscriptionKind


@dataclass(frozen=True, slots=True)
class _Everything(CallbackData, prefix="all"):
    chat_id: ChatId
    article_id: ArticleId
    on: bool
    act: Literal["show", "drop"]
    word: Annotated[str, r"(?:a|b)+"]
    place: Cursor
    sure: Literal["y"] | None = None


class _Colour(StrEnum):
    RED = "red"
    GREEN = "green"


@dataclass(frozen=True, slots=True)
class _Painted(CallbackData, prefix="paint"):
    colour: _Colour
    word: Literal["at"] = field(default="at", kw_only=True)
    place: ArticleId


@dataclass(frozen=True, slots=True)
class _Long(CallbackData, prefix="long"):
    word: Annotated[str, r"\w+"]


_ONE = _Everything(-1001, 264802, True, "drop", "ab", Cursor(before=7))


@pytest.mark.parametrize(
    ("button", "data"),
    [
        (_ONE, "all:-1001:264802:1:drop:ab:b7"),
        (_Everything(5, 1, False, "show", "a", Cursor(), "y"), "all:5:1:0:show:a:n:y"),
        (ListPage(ListScope(since=9), Cursor(after=3)), "list:s9:f3"),
        (_Painted(_Colour.GREEN, 7), "paint:green:at:7"),
        (AskPart(3, Part.SECTION), "edit:3:desk"),
        (ClearFact(3, Part.SECTION), "edit:3:desk:none"),
        (AskSubject(-5, 0, SubscriptionKind.SECTION), "new:-5:0:desk"),
        (DecideComment(5, "ok", ON_CARD), "judge:5:ok:c"),
        (SilenceAuthor(5, DecisionPlace(3)), "judge:5:mute:3"),
        (QueuePage(LAST_COMMENTS), "queue:z"),
        (QueuePage(CommentPlace(after=4)), "queue:f4"),
        (AuditPage(ALL_ACTS, Cursor()), "audit:a:n"),
        (AuditPage(AuditScope(12), Cursor(before=9)), "audit:12:b9"),
        (CommentsPage(5, FIRST_COMMENTS), "talk:5:a"),
        (CommentsPage(5, LAST_COMMENTS), "talk:5:z"),
        (CommentsPage(5, CommentPlace(before=7)), "talk:5:b7"),
        (CommentsPage(5, CommentPlace(after=0)), "talk:5:f0"),
        (HistoryPage(TurnedCursor(after=3)), "hist:f3"),
        (FollowThere(-1001, 7, 0, on=True), "fol:-1001:7:cat:0:1"),
        (ChooseShape(-1001, Shape.PARAGRAPH), "set:-1001:look:shape:paragraph"),
    ],
)
def test_what_is_packed_comes_back(button: CallbackData, data: str) -> None:
    assert button.pack() == data
    assert type(button).unpack(data) == button


@pytest.mark.parametrize(
    "data",
    [
        "all:-1001:264802:1:drop:ab",
        "all:-1001:264802:1:drop:ab:b7:n",
        "all:-1001:264802:1:drop:ab:b7:y:y",
        "all:-1001:264802:2:drop:ab:b7",
        "all:-1001:-264802:1:drop:ab:b7",
        "all:-1001:26480212345678:1:drop:ab:b7",
        "all:-1001:264802:1:kill:ab:b7",
        "all:-1001:264802:1:drop:abc:b7",
        "all:-1001:264802:1:drop:ab:b7\n",
        "all:-1001:۲۶۴:1:drop:ab:b7",
        "xall:-1001:264802:1:drop:ab:b7",
        "",
    ],
)
def test_what_does_not_match_exactly_is_no_button(data: str) -> None:
    assert _Everything.unpack(data) is None


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (HistoryPage, "hist:n"),
        (CommentsPage, "talk:5:n"),
        (ChooseShape, "set:5:look:shape:all"),
        (ChooseShape, "set:5:look:photo:title"),
        (ChooseZone, "set:5:zone:ask"),
    ],
)
def test_a_kind_takes_only_its_own_words_and_places(kind: type[CallbackData], data: str) -> None:
    assert kind.unpack(data) is None


@pytest.mark.parametrize("word", ["", "a b", "x" * MOST_BYTES, "آ" * 40])
def test_what_no_button_can_carry_is_refused_when_it_is_made(word: str) -> None:
    with pytest.raises(CallbackDataError):
        _Long(word).pack()


@pytest.mark.parametrize("data", ["paint:blue:at:7", "paint:RED:at:7", "paint:red:on:7", "paint:red:7"])
def test_other_words_than_those_of_the_kind_are_no_button(data: str) -> None:
    assert _Painted.unpack(data) is None


def test_no_data_is_of_two_kinds() -> None:
    """Two kinds may begin alike; what the one packs, the other does not take."""
    kinds = [route.kind for router in ROUTERS for route in router.callbacks]
    assert len(kinds) == len(set(kinds))
    patterns = [kind.pattern() for kind in kinds]
    assert len(patterns) == len(set(patterns))


def test_a_number_has_no_more_digits_than_its_kind() -> None:
    assert number(3) == r"\d{1,3}"
    assert number(3, signed=True) == r"-?\d{1,3}"
