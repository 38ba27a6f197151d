"""What changed in a text of several lines: the part between what both begin and end with (pure)."""

from collections.abc import Sequence

from bot.render.html import strip_tags
from storage.records import Block


def changed_lines(old: Sequence[str], new: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the lines of each that are not shared at the beginning or the end."""
    shortest = min(len(old), len(new))
    begin = 0
    while begin < shortest and old[begin] == new[begin]:
        begin += 1
    end = 0
    while end < shortest - begin and old[-1 - end] == new[-1 - end]:
        end += 1
    return list(old[begin : len(old) - end]), list(new[begin : len(new) - end])


def lines_of(body: Sequence[Block]) -> list[str]:
    """Return a body as lines of plain text, one for each block and each point of a list."""
    return [strip_tags(line) for block in body for line in (block.items or (block.html,)) if line]
