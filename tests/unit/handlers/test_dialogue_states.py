"""States of dialogues: what is stored comes back after a restart or an upgrade, and another form is refused."""

import json

import pytest

from bot.newsroom.article_edits import (
    AddMedia,
    ArticleEdit,
    RemoveMedia,
    SetBody,
    SetCategory,
    SetSection,
    SetTitle,
    edited,
)
from bot.newsroom.formatting import FormattedText, Mark
from bot.newsroom.post_parser import Origin
from handlers.chats.subscription_settings import FollowingState
from handlers.conversation import Conversation
from handlers.core.dialogues import Dialogue, DialogueState, DialogueStateError, decoded, encoded
from handlers.readers.comments import CommentDialogueState
from handlers.register import ROUTERS
from handlers.staff.announcements import AnnouncementState
from handlers.staff.breaking import BreakingState
from handlers.staff.callbacks import Part
from handlers.staff.composing import ImportState, PostState
from handlers.staff.part_changes import CorrectionState, EditState
from storage.records import Media, MediaKind, SubscriptionKind
from tests.unit.articles import PUBLISHED

_FORMATTED = FormattedText("متن برجسته", (Mark("b", 0, 3), Mark("a", 4, 10, "https://example.org/")))
_MEDIA = Media(MediaKind.VIDEO, "file-1", "clip.mp4")

_EARLIER: list[tuple[dict[str, object], DialogueState]] = [
    (
        {
            "group": "7",
            "photo": "p",
            "media": [{"kind": "video", "file": "file-1", "name": "clip.mp4"}],
            "origin": ["کانال", "https://t.me/a/1"],
            "step": "body",
            "category": 3,
            "title": "عنوان",
            "lead": "",
            "parts": ["یک", {"text": "دو", "marks": [["b", 0, 2, ""]]}],
            "seen": 12,
        },
        PostState(
            step="body",
            category=3,
            title="عنوان",
            parts=("یک", {"text": "دو", "marks": [("b", 0, 2, "")]}),
            photo="p",
            media=(_MEDIA,),
            origin=Origin("کانال", "https://t.me/a/1"),
            group="7",
            seen=12,
        ),
    ),
    ({"group": None, "step": "category", "seen": 4}, PostState(step="category", seen=4)),
    ({"step": "material", "seen": 4}, ImportState(seen=4)),
    (
        {"id": 1, "revision": 2, "field": "body", "parts": ["یک"], "seen": 5},
        EditState(id=1, revision=2, field=Part.BODY, parts=("یک",), seen=5),
    ),
    (
        {"id": 1, "revision": 2, "field": "desk"},
        EditState(id=1, revision=2, field=Part.SECTION),
    ),
    (
        {"id": 1, "revision": 2, "edit": {"kind": "desk", "desk": "گروه ورزش"}},
        CorrectionState(id=1, revision=2, edit=SetSection("گروه ورزش")),
    ),
    ({"id": 9, "split": [4, 17.5]}, CommentDialogueState(id=9, split=(4, 17.5))),
    (
        {"step": "confirm", "html": "x", "category": 0, "seen": 6},
        AnnouncementState(step="confirm", html="x", category=0, seen=6),
    ),
    (
        {"id": 1, "revision": 2, "again": False, "at": None, "step": "confirm", "seen": 3},
        BreakingState(id=1, revision=2, again=False, at=None, seen=3),
    ),
    ({"chat": -5, "topic": 2, "kind": "tag"}, FollowingState(chat=-5, topic=2, kind=SubscriptionKind.TAG)),
    ({"chat": -5, "kind": "desk"}, FollowingState(chat=-5, kind=SubscriptionKind.SECTION)),
    ({"chat": -5, "one": 8}, FollowingState(chat=-5, subscription_id=8)),
]
"""Rows as versions before the typed states stored them."""


@pytest.mark.parametrize(("stored", "state"), _EARLIER, ids=lambda value: type(value).__name__)
def test_what_earlier_versions_stored_goes_on(stored: dict[str, object], state: DialogueState) -> None:
    assert decoded(type(state), json.dumps(stored)) == state
    assert decoded(type(state), encoded(state)) == state


def test_a_section_is_stored_by_the_word_that_earlier_versions_read() -> None:
    correction = CorrectionState(id=1, revision=2, edit=SetSection("گروه ورزش"))
    assert json.loads(encoded(correction))["edit"] == {"kind": "desk", "desk": "گروه ورزش"}
    assert json.loads(encoded(EditState(id=1, revision=2, field=Part.SECTION)))["field"] == "desk"


def test_a_subscription_is_stored_by_the_word_that_earlier_versions_read() -> None:
    assert json.loads(encoded(FollowingState(chat=-5, subscription_id=8)))["one"] == 8


@pytest.mark.parametrize(
    "edit",
    [SetTitle("عنوان"), SetBody(_FORMATTED), AddMedia((_MEDIA,)), RemoveMedia(("a", "b")), SetCategory(4)],
    ids=lambda edit: type(edit).__name__,
)
def test_an_edit_comes_back_as_what_it_was(edit: ArticleEdit) -> None:
    state = CorrectionState(id=1, revision=2, edit=edit, note="اصلاح شد", seen=3)
    assert decoded(CorrectionState, encoded(state)) == state


def test_only_the_part_of_an_edit_changes() -> None:
    before = PUBLISHED
    body = edited(before, SetBody(_FORMATTED))
    assert body.body[0].html == '<b>متن</b> <a href="https://example.org/">برجسته</a>'
    assert body.title == "تیتر"
    added = edited(before, AddMedia((_MEDIA, _MEDIA)), note="یادداشت")
    assert (added.media[-1], added.note) == (_MEDIA, "یادداشت")
    assert edited(before, SetCategory(4)) == before.content


@pytest.mark.parametrize(
    "data",
    [
        "",
        "[]",
        "{}",
        '{"step": "elsewhere"}',
        '{"step": "title", "category": "3"}',
        '{"step": "body", "parts": [4]}',
        '{"step": "body", "media": [{"kind": "smell", "file": "a", "name": ""}]}',
    ],
)
def test_a_row_of_another_form_is_refused(data: str) -> None:
    with pytest.raises(DialogueStateError):
        decoded(PostState, data)


def test_the_kinds_that_stored_rows_name_are_known() -> None:
    kinds = [dialogue.kind for router in ROUTERS for dialogue in router.dialogues]
    staff = {
        "post",
        "import",
        "edit",
        "correct",
        "conflict",
        "retract",
        "retract-reason",
        "reject",
        "announce",
        "plan",
        "breaking",
        "source",
        "story",
        "replace",
        "request",
        "editsource",
        "rule",
        "house_words",
    }
    assert sorted(kinds) == sorted(staff | {"comment", "signature", "tip", "zone", "schedule", "following"})
    needed = {dialogue.kind for router in ROUTERS for dialogue in router.dialogues if dialogue.right is not None}
    assert needed == staff


def test_two_dialogues_of_one_kind_are_refused() -> None:
    with pytest.raises(ValueError, match="example"):
        Conversation([Dialogue("example", DialogueState), Dialogue("example", ImportState)])
