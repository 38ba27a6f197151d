"""The difference between two revisions; of a long text only the lines that differ (pure)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.locales.catalog import Texts
from bot.render.attachments import in_words
from bot.render.html import cut, length, strip_tags
from storage.records import Block, Content

PARTS = ("title", "lead", "body", "photo", "media", "section", "tags", "link", "note")
"""The parts of a content that are told apart; each is a field of it."""

_CONTEXT = 40
"""Letters that are shown before those that differ."""


@dataclass(frozen=True, slots=True)
class PartChange:
    """The text of one of PARTS before and after, "" for none."""

    part: str
    before: str
    after: str


def changes(old: Content, new: Content, texts: Texts) -> list[PartChange]:
    """Return the parts in which two revisions differ; of a body only the lines that do."""
    differing = (part for part in PARTS if getattr(old, part) != getattr(new, part))
    return [PartChange(part, *in_short(part, old, new, texts)) for part in differing]


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


def differing_lines(old: Sequence[str], new: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return those of the changed lines that the other has not; where only their order is another, all of them."""
    removed, added = changed_lines(old, new)
    shared = Counter(removed) & Counter(added)
    differing = _without(removed, shared), _without(added, shared)
    return differing if any(differing) else (removed, added)


def where_they_differ(before: str, after: str, room: int) -> tuple[str, str]:
    """Cut two texts at `room` units each, of long ones what stands well before the first difference as well."""
    if max(length(before), length(after)) <= room:
        return before, after
    pairs = enumerate(zip(before, after, strict=False))
    shared = next((at for at, (old, new) in pairs if old != new), min(len(before), len(after)))
    begin = before.rfind(" ", 0, max(0, shared - _CONTEXT)) + 1
    mark = "…" if begin else ""
    return cut(mark + before[begin:], room), cut(mark + after[begin:], room)


def lines_of(body: Sequence[Block]) -> list[str]:
    """Return a body as lines of plain text, one for each block and each point of a list."""
    return [strip_tags(line) for block in body for line in (block.items or (block.html,)) if line]


def in_short(part: str, old: Content, new: Content, texts: Texts) -> tuple[str, str]:
    """Return what a part said and says, as plain text."""
    match part:
        case "body":
            removed, added = differing_lines(lines_of(old.body), lines_of(new.body))
            if not removed and not added and old.body != new.body:
                return "", texts("formatting-changed")
            return "\n".join(removed), "\n".join(added)
        case "photo":
            return texts("photo-there" if old.photo else "photo-none"), texts(
                "photo-new" if new.photo else "photo-none"
            )
        case "media":
            return in_words(old, texts), in_words(new, texts)
        case "tags":
            comma = texts("list-comma")
            return comma.join(map(texts.apart, old.tags)), comma.join(map(texts.apart, new.tags))
        case _:
            return getattr(old, part), getattr(new, part)


def _without(lines: Sequence[str], shared: Counter[str]) -> list[str]:
    """Return the lines but for the first of those that are `shared`, each as often."""
    left = Counter(shared)
    kept = []
    for line in lines:
        if left[line]:
            left[line] -= 1
        else:
            kept.append(line)
    return kept
