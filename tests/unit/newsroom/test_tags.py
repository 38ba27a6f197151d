"""Tags as people write them."""

import pytest

from bot.errors import UserError
from bot.newsroom.formatting import FormattedText
from bot.newsroom.tags import checked_tags, split_off_tags


@pytest.mark.parametrize(
    ("written", "tags"),
    [
        ("ایران، بین‌الملل,خبر فوری", ("ایران", "بین‌الملل", "خبر فوری")),
        ("#ایران #بین_الملل", ("ایران", "بین الملل")),
        ("الف؛ الف\nب", ("الف", "ب")),
        ("<b>x</b>, !!", ("b x b",)),
        ("", ()),
    ],
)
def test_tags_are_told_apart_and_cleaned(written: str, tags: tuple[str, ...]) -> None:
    assert checked_tags(written) == tags


@pytest.mark.parametrize(
    ("written", "key"), [("،".join("ابپتثجچحخدذ"), "tags-too-many"), ("ا" * 31, "tag-too-long")]
)
def test_too_many_or_too_long_is_refused(written: str, key: str) -> None:
    with pytest.raises(UserError) as refused:
        checked_tags(written)
    assert refused.value.key == key


def test_only_lines_of_hashtags_at_the_end_are_taken() -> None:
    lines = [FormattedText(text) for text in ("#نخست", "متن با #برچسب", "#یک #دو", "", "#سه")]
    rest, tags = split_off_tags(lines)
    assert [line.text for line in rest] == ["#نخست", "متن با #برچسب"]
    assert tags == ("یک", "دو", "سه")
