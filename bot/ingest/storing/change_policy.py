"""The decision about an article that its source has changed (pure)."""

import re
from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from functools import cached_property
from html import unescape

from bot.ingest.identity.addresses import comparable
from bot.ingest.markup.pictures import is_image_file
from bot.ingest.markup.sanitise import text_of
from bot.newsroom.source_media import foreign, same_media
from persian.normalise import normalise
from storage.records import ArticleState, ChangePolicy, Content

_MUCH = 160
_EMPTIED, _SHORTENED = 0.4, 0.6
"""The parts of a text, and of text and lead, below which most of it is gone."""
_ENDS = (".", "!", "?", "؟", "…", "»", ":", "؛")
_COUNTED = 3
_COUNTED_WORDS = re.compile(
    r"[\d٬,،]+|\b(?:an?|one|یک|چند|seconds?|minutes?|hours?|days?|weeks?|ثانیه|دقیقه|ساعت|روز|هفته)\b",
    re.IGNORECASE,
)
# A headline that says no more than that there is none any more, as `normalise` spells it.
_GONE = re.compile(
    r"(?:این )?(?:خبر|مطلب|گزارش|نوشته|پست|صفحه)?(?: مورد نظر)? ?(?:(?:حذف|پاک) شد(?:ه(?: است)?)?|در دسترس نیست)"
    r"|(?:this )?(?:news |article |story |post |content )?(?:was |is |has been )?(?:deleted|removed|unavailable)"
    r"|(?:تم حذف|حذف) (?:هذا )?(?:الخبر|المقال|المنشور|المحتوی)"
)
_LINK = re.compile(r"(?<=<a href=\")[^\"]++")
_SETTLED = (ArticleState.RETRACTED, ArticleState.DROPPED)
_UNSEEN = (ArticleState.REVIEW, ArticleState.DRAFT)
"""The states in which readers see nothing of an article. The title of a folded one is in the list of its story."""


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
    What staff edited (`by_staff`), retracted or dropped is theirs. A text that was emptied or torn never replaces
    one, and neither does a headline that says that the article is gone. Of two texts that alternate, as two servers
    of one site may say them, the one that is there after two changes stays; so does a text in which nothing but
    numbers and units of time changes, as a counter does. Changes from a source whose items are `reviewed` wait for
    a yes as its items do.
    """
    if by_staff or state in _SETTLED:
        return Change.IGNORE
    told, before = _Told(new), [_Told(content) for content in history]
    if _is_unsteady(told, before) or (told.says(before[-1]) and not moved):
        return Change.IGNORE
    if is_emptied(new, history[-1]) or is_torn(new, history[-1]) or says_gone(new.title):
        return Change.ASK
    if state in _UNSEEN:
        return Change.APPLY
    return _by_policy(policy, reviewed=reviewed)


def _by_policy(policy: ChangePolicy, *, reviewed: bool) -> Change:
    """Return what becomes of a change to what readers see."""
    match policy:
        case ChangePolicy.FOLLOW:
            return Change.ASK if reviewed else Change.APPLY
        case ChangePolicy.ASK:
            return Change.ASK
        case ChangePolicy.IGNORE:
            return Change.IGNORE


def is_emptied(new: Content, old: Content) -> bool:
    """Return whether most of a text of some length is gone; a lead may stay when its text goes."""
    before, after = _size(old), _size(new)
    body, rest = before - len(old.lead), after - len(new.lead)
    if before >= _MUCH and after < before * _EMPTIED:
        return True
    return body >= _MUCH and rest < body * _EMPTIED and after < before * _SHORTENED


def says_gone(title: str) -> bool:
    """Return whether a headline says that an article was deleted, and nothing else."""
    return _GONE.fullmatch(normalise(title[:_MUCH])) is not None


def is_torn(new: Content, old: Content) -> bool:
    """Return whether a text is the beginning of the old one and breaks off within a sentence, as in half a page."""
    if not 0 < len(new.body) <= len(old.body) or new.body[:-1] != old.body[: len(new.body) - 1]:
        return False
    last, whole = text_of(new.body[-1].html), text_of(old.body[len(new.body) - 1].html)
    return 0 < len(last) < len(whole) and whole.startswith(last) and not last.endswith(_ENDS)


class _Told:
    """A content that a source told; how readers see it is found once, and only where that is needed."""

    def __init__(self, content: Content) -> None:
        self.content = content

    @cached_property
    def _seen(self) -> Content:
        return _seen(self.content)

    def says(self, other: "_Told") -> bool:
        """Return whether a source says the same in both; what only staff can add does not count."""
        same_files = same_media(foreign(self.content.media), foreign(other.content.media))
        return same_files and self._seen == other._seen


def _is_unsteady(new: _Told, history: Sequence[_Told]) -> bool:
    """Return whether a text only comes and goes: between two versions, or with its numbers."""
    return _alternates(new, history) or _counts(new, history)


def _alternates(new: _Told, history: Sequence[_Told]) -> bool:
    """Return whether the present text had come back once already, and `new` would do the same."""
    *earlier, present = history
    return any(new.says(told) for told in earlier) and any(present.says(told) for told in earlier)


def _counts(new: _Told, history: Sequence[_Told]) -> bool:
    """Return whether nothing but numbers changed in the last two revisions, nor does in `new`."""
    last = [new, *history[: -_COUNTED - 1 : -1]]
    if len(last) <= _COUNTED:
        return False
    first, *others = (_Told(_without_numbers(told.content)) for told in last)
    return all(first.says(other) for other in others)


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


def _seen(content: Content) -> Content:
    """Return a content as readers see it: without its note, the order of tags, and what only addresses tell.

    Behind the name of a picture's file a query is a signature, a size or a counter; a link may bear a session.
    """
    body = tuple(
        replace(
            block,
            url=_picture(block.url),
            html=_LINK.sub(_linked, block.html),
            items=tuple(_LINK.sub(_linked, item) for item in block.items),
        )
        for block in content.body
    )
    tags = tuple(sorted(content.tags))
    return replace(content, note="", media=(), photo=_picture(content.photo), tags=tags, body=body)


def _picture(address: str) -> str:
    return address.partition("?")[0] if is_image_file(address) else address


def _linked(match: re.Match[str]) -> str:
    return comparable(unescape(match[0])) or match[0]


def _size(content: Content) -> int:
    return len(content.lead) + sum(
        len(text_of(block.html)) + sum(len(text_of(item)) for item in block.items) for block in content.body
    )
