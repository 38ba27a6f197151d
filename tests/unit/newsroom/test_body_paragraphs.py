"""One paragraph in the place of another: its kind stays, and a body that changed meanwhile is not spoiled."""

import pytest

from bot.errors import UserError
from bot.newsroom.body_paragraphs import paragraphs_of, with_paragraph
from bot.newsroom.formatting import FormattedText
from bot.newsroom.limits import BODY_LIMIT
from storage.records import Block, BlockKind

_BODY = (
    Block(BlockKind.HEADING, "میان‌تیتر"),
    Block(BlockKind.IMAGE, "شرح عکس", url="https://example.org/a.jpg"),
    Block(BlockKind.PARAGRAPH, "بند <b>یک</b>."),
    Block(BlockKind.LIST, items=("الف", "ب"), ordered=True),
    Block(BlockKind.QUOTE, "نقل"),
)


def test_pictures_are_no_paragraphs() -> None:
    assert [index for index, _ in paragraphs_of(_BODY)] == [0, 2, 3, 4]


@pytest.mark.parametrize(
    ("index", "before", "text", "expected"),
    [
        (0, "میان‌تیتر", "تیتر دیگر", (Block(BlockKind.HEADING, "تیتر دیگر"),)),
        (2, "بند یک.", "بند دو.", (Block(BlockKind.PARAGRAPH, "بند دو."),)),
        (2, "بند یک.", "یک.\n\nدو.", (Block(BlockKind.PARAGRAPH, "یک."), Block(BlockKind.PARAGRAPH, "دو."))),
        (3, "الف\nب", "1. الف\n2. پ", (Block(BlockKind.LIST, items=("الف", "پ"), ordered=True),)),
        (3, "الف\nب", "الف\nپ", (Block(BlockKind.LIST, items=("الف", "پ"), ordered=True),)),
        (4, "نقل", "نقل دیگر", (Block(BlockKind.QUOTE, "نقل دیگر"),)),
        (2, "بند یک.", "", ()),
    ],
)
def test_the_rest_stays_and_so_does_the_kind(
    index: int, before: str, text: str, expected: tuple[Block, ...]
) -> None:
    assert with_paragraph(_BODY, index, before, FormattedText(text)) == (
        *_BODY[:index],
        *expected,
        *_BODY[index + 1 :],
    )


def test_a_paragraph_that_moved_is_found_and_one_that_is_gone_is_told() -> None:
    moved = with_paragraph(_BODY[1:], 2, "بند یک.", FormattedText("بند دو."))
    assert moved[1] == Block(BlockKind.PARAGRAPH, "بند دو.")
    with pytest.raises(UserError, match="paragraph-gone"):
        with_paragraph(_BODY, 2, "بند صفر.", FormattedText("بند دو."))


def test_a_body_does_not_grow_beyond_its_limit() -> None:
    with pytest.raises(UserError, match="post-body-too-long"):
        with_paragraph(_BODY, 2, "بند یک.", FormattedText("x" * BODY_LIMIT))
