"""A correction's card shows what changed in a long text, and nothing else."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.locales.catalog import Catalog
from bot.render.difference import PartChange, changed_lines, changes, differing_lines, lines_of, where_they_differ
from bot.render.html import length
from storage.records import Block, BlockKind, Content

_TEXTS = Catalog.load().bind("fa", ZoneInfo("UTC"))
_LINES = st.lists(st.sampled_from("ابپت"), max_size=8)


@given(_LINES, _LINES)
def test_what_is_not_shown_is_the_same_in_both(old: list[str], new: list[str]) -> None:
    gone, come = changed_lines(old, new)
    begin = next(
        (
            at
            for at in range(len(old) + 1)
            if old[at : at + len(gone)] == gone and old[:at] + come + old[at + len(gone) :] == new
        ),
        None,
    )
    assert begin is not None
    if gone and come:
        assert gone[0] != come[0]
        assert gone[-1] != come[-1]


def test_a_body_is_compared_as_readers_see_it() -> None:
    body = (Block(BlockKind.PARAGRAPH, "<b>یک</b> &amp; دو"), Block(BlockKind.LIST, items=("سه", "چهار")))
    assert lines_of(body) == ["یک & دو", "سه", "چهار"]


def test_two_revisions_differ_in_what_was_changed_and_in_nothing_else() -> None:
    body = tuple(Block(BlockKind.PARAGRAPH, line) for line in ("یک", "دو", "سه"))
    old = Content("تیتر", lead="لید", body=body, photo="a", tags=("یک",))
    new = replace(
        old,
        title="تیتر تازه",
        body=(body[0], Block(BlockKind.PARAGRAPH, "دو و نیم"), body[2]),
        photo="",
        tags=("دو", "سه"),
    )
    assert changes(old, new, _TEXTS) == [
        PartChange("title", "تیتر", "تیتر تازه"),
        PartChange("body", "دو", "دو و نیم"),
        PartChange("photo", "عکس کنونی", "بی‌عکس"),
        PartChange("tags", "یک", "دو، سه"),
    ]
    assert changes(old, old, _TEXTS) == []


@pytest.mark.parametrize(
    ("old", "new", "differing"),
    [
        ("الف ب پ ت", "الف بب پ تت", ("ب ت", "بب تت")),
        ("الف ب پ", "ب ب الف پ", ("", "ب")),
        ("الف ب پ", "ب الف پ", ("الف ب", "ب الف")),
        ("الف ب", "الف ب", ("", "")),
    ],
)
def test_lines_that_both_have_are_not_shown_again(old: str, new: str, differing: tuple[str, str]) -> None:
    gone, come = differing_lines(old.split(), new.split())
    assert (" ".join(gone), " ".join(come)) == differing


@given(_LINES, _LINES)
def test_no_line_that_differs_is_left_out(old: list[str], new: list[str]) -> None:
    gone, come = differing_lines(old, new)
    assert bool(gone or come) == (old != new)
    assert len(come) - len(gone) == len(new) - len(old)


def test_of_long_texts_the_place_where_they_differ_is_shown() -> None:
    beginning = "واژه " * 200
    old, new = where_they_differ(f"{beginning}دوازده کشور", f"{beginning}سیزده کشور", 100)
    assert old.endswith("دوازده کشور")
    assert new.endswith("سیزده کشور")
    assert old.startswith("…")
    assert where_they_differ("دوازده", "سیزده", 100) == ("دوازده", "سیزده")


_WORDS = st.text(st.sampled_from("اب😀 "), max_size=300)


@given(_WORDS, _WORDS, st.integers(20, 200))
def test_no_text_has_more_than_its_room(before: str, after: str, room: int) -> None:
    assert all(length(part) <= room for part in where_they_differ(before, after, room))
