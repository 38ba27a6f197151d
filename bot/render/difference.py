"""What changed in a text of several lines: the part between what both begin and end with (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.render.html import strip_tags
from storage.records import Block, Content


@dataclass(frozen=True, slots=True)
class Change:
    """What a part (title, lead, body, photo, media, note) said before and says after, "" for nothing.

    A photo and attachments are told by their names to Telegram, or by their addresses.
    """

    part: str
    before: str
    after: str


def changes(old: Content, new: Content) -> list[Change]:
    """Return the parts in which two revisions differ; of a body only the lines that do."""
    gone, come = changed_lines(lines_of(old.body), lines_of(new.body))
    found = [
        Change("title", old.title, new.title),
        Change("lead", old.lead, new.lead),
        Change("body", "\n".join(gone), "\n".join(come)),
        Change("photo", old.photo, new.photo),
        Change("media", " ".join(one.file for one in old.media), " ".join(one.file for one in new.media)),
        Change("note", old.note, new.note),
    ]
    return [one for one in found if one.before != one.after]


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
