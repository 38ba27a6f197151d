"""Tags: the words under which an article is found, shown as hashtags (pure)."""

import re
from collections.abc import Sequence

from bot.errors import UserError
from bot.newsroom.formatting import FormattedText

MOST_TAGS = 10
TAG_LETTERS = 30
"""The greatest number of tags of an article, and the greatest length of one."""

_BORDER = re.compile(r"[#,،;؛\n]+")
_NO_LETTER = re.compile(r"[^\w\u200c]+|_+")
_HASHTAGS = re.compile(r"#\w[\w\u200c]*(\s+#\w[\w\u200c]*)*")


def checked_tags(text: str) -> tuple[str, ...]:
    """Return the tags that a person wrote, separated by commas, lines or #; each is named once.

    Raises UserError where there are too many, or one is too long.
    """
    cleaned = (_NO_LETTER.sub(" ", part).strip(" \u200c") for part in _BORDER.split(text))
    tags = tuple(dict.fromkeys(tag for tag in cleaned if any(letter.isalnum() for letter in tag)))
    if len(tags) > MOST_TAGS:
        raise UserError("tags-too-many", most=MOST_TAGS, length=len(tags))
    for tag in tags:
        if len(tag) > TAG_LETTERS:
            raise UserError("tag-too-long", tag=tag[: 2 * TAG_LETTERS], most=TAG_LETTERS)
    return tags


def split_off_tags(lines: Sequence[FormattedText]) -> tuple[list[FormattedText], tuple[str, ...]]:
    """Return the lines without those of hashtags alone at their end, and the tags that those make.

    Raises UserError as `checked_tags` does.
    """
    end = len(lines)
    while end and (not lines[end - 1].text or _HASHTAGS.fullmatch(lines[end - 1].text)):
        end -= 1
    return list(lines[:end]), checked_tags("\n".join(line.text for line in lines[end:]))
