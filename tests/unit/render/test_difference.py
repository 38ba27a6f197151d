"""A correction's card shows what changed in a long text, and nothing else."""

from dataclasses import replace
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.locales.catalog import Catalog
from bot.render.difference import Change, changed_lines, changes, lines_of
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
        Change("title", "تیتر", "تیتر تازه"),
        Change("body", "دو", "دو و نیم"),
        Change("photo", "عکس کنونی", "بی‌عکس"),
        Change("tags", "یک", "دو، سه"),
    ]
    assert changes(old, old, _TEXTS) == []
