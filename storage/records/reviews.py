"""Edit locks and reviews of articles."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Editing:
    """Somebody is editing an article: `since` then, and `until` then unless they go on."""

    article_id: int
    user_id: int
    since: int
    until: int


class ReviewState(StrEnum):
    """The state of a review: OPEN waits for an editor; the first decision ends it."""

    OPEN = "open"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Review:
    """An article handed in for a second pair of eyes.

    `submitted_by` is None for what a source brought; `decided_by`, `decided_at` and `reason` are those of the
    decision, None and "" before it.
    """

    id: int
    article_id: int
    state: ReviewState
    submitted_by: int | None
    submitted_at: int
    decided_by: int | None
    decided_at: int | None
    reason: str
