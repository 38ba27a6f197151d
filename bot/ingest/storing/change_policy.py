"""The decision about an article that its source has changed (pure)."""

import re
from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum

from bot.ingest.markup.sanitise import text_of
from bot.newsroom.source_media import foreign, same_media
from storage.records import ArticleState, ChangePolicy, Content

_MUCH = 400
_EMPTIED = 0.4
_COUNTED = 3
_COUNTED_WORDS = re.compile(
    r"[\d٬,،]+|\b(?:an?|one|یک|چند|seconds?|minutes?|hours?|days?|weeks?|ثانیه|دقیقه|ساعت|روز|هفته)\b",
    re.IGNORECASE,
)
_SETTLED = (ArticleState.RETRACTED, ArticleState.DROPPED)
_UNSEEN = (ArticleState.REVIEW, ArticleState.DRAFT, ArticleState.FOLDED)


class Change(StrEnum):
    """The answer to a new text: it becomes a revision, an editor is asked, or nothing is done."""

    APPLY = "apply"
    ASK = "ask"
    IGNORE = "ignore"


def decide(
    new: Content,
    history: Sequence[Content],
    *,
    state: ArticleState,
    policy: ChangePolicy,
    by_staff: bool,
    reviewed: bool,
    moved: bool = False,
) -> Change:
    """Return what becomes of `new`; `history` are the article's last revisions, the present one last.

    `moved` means that the source has the article in another category now, whatever it says.
    What staff edited (`by_staff`), retracted or dropped is theirs. A text that was emptied never replaces one. Of
    two texts that alternate, as two servers of one site may say them, the one that is there after two changes
    stays; so does a text in which nothing but numbers and units of time changes, as where readers are counted.
    Changes from a source whose items are `reviewed` wait for a yes as its items do.
    """
    present = history[-1]
    if by_staff or state in _SETTLED or _alternates(new, history) or _counts(new, history):
        return Change.IGNORE
    if _same(new, present) and not moved:
        return Change.IGNORE
    if is_emptied(new, present):
        return Change.ASK
    if state in _UNSEEN:
        return Change.APPLY
    if policy is ChangePolicy.FOLLOW and reviewed:
        return Change.ASK
    return {
        ChangePolicy.FOLLOW: Change.APPLY,
        ChangePolicy.ASK: Change.ASK,
        ChangePolicy.IGNORE: Change.IGNORE,
    }[policy]


def is_emptied(new: Content, old: Content) -> bool:
    """Return whether most of a text of some length is gone."""
    before = _size(old)
    return before >= _MUCH and _size(new) < before * _EMPTIED


def _alternates(new: Content, history: Sequence[Content]) -> bool:
    """Return whether the present text had come back once already, and `new` would do the same."""
    *earlier, present = history
    return any(_same(new, content) for content in earlier) and any(_same(present, content) for content in earlier)


def _counts(new: Content, history: Sequence[Content]) -> bool:
    """Return whether nothing but numbers changed in the last two revisions, nor does in `new`."""
    last = [new, *history[: -_COUNTED - 1 : -1]]
    return len(last) > _COUNTED and all(
        _same(_without_numbers(last[0]), _without_numbers(content)) for content in last[1:]
    )


def _without_numbers(content: Content) -> Content:
    body = tuple(
        replace(
            block,
            html=_COUNTED_WORDS.sub("", block.html),
            items=tuple(_COUNTED_WORDS.sub("", item) for item in block.items),
        )
        for block in content.body
    )
    return replace(
        content, title=_COUNTED_WORDS.sub("", content.title), lead=_COUNTED_WORDS.sub("", content.lead), body=body
    )


def _same(content: Content, other: Content) -> bool:
    """Return whether a source says the same in both; what only staff can add does not count."""
    return same_media(foreign(content.media), foreign(other.media)) and replace(
        content, note="", media=()
    ) == replace(other, note="", media=())


def _size(content: Content) -> int:
    return len(content.lead) + sum(
        len(text_of(block.html)) + sum(len(text_of(item)) for item in block.items) for block in content.body
    )
