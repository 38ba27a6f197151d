"""Readers' comments."""

from dataclasses import dataclass
from enum import StrEnum


class CommentState(StrEnum):
    """The state of a comment. Readers see the APPROVED ones; the author of a DELETED one has removed it."""

    WAITING = "waiting"
    APPROVED = "approved"
    REJECTED = "rejected"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Comment:
    """A reader's words under an article: plain text, with the name that they had then."""

    id: int
    article_id: int
    user_id: int
    name: str
    text: str
    state: CommentState
    created_at: int
    decided_by: int | None
    decided_at: int | None


@dataclass(frozen=True, slots=True)
class Silenced:
    """A person who may write no comments any more; `by` is the member of staff who said so."""

    user_id: int
    name: str
    by: int
    at: int
