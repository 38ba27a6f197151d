"""The states in which an article allows each act, and the error that answers in every other state (pure).

Services and handlers ask this table; docs/article-life.md draws it.
"""

from collections.abc import Mapping
from enum import StrEnum

from bot.errors import ConflictError, NotFoundError, UserError
from storage.records import Article, ArticleState


class Act(StrEnum):
    """An act on one article."""

    READ = "read"
    COMMENT = "comment"
    EDIT = "edit"
    SAVE_DRAFT = "save as a draft"
    DISCARD = "delete"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    APPROVE = "approve"
    REJECT = "reject"
    DROP = "drop"
    PUBLISH = "publish"
    SCHEDULE = "schedule"
    CANCEL_SCHEDULE = "cancel the schedule"
    CORRECT = "correct"
    RAISE_TO_BREAKING = "send again as breaking news"
    ACCEPT_CHANGE = "accept a source's change"
    RETRACT = "retract"
    UNDO_PUBLICATION = "undo the publication"
    JOIN = "join a story"
    SEPARATE = "separate"


class Refusal(StrEnum):
    """The text key of the error that answers an act which the state of the article does not allow."""

    NOT_FOUND = "article-not-found"
    ALREADY_PUBLISHED = "article-already-published"
    NOT_PUBLISHED = "article-not-published"
    RETRACTED = "article-is-retracted"
    RETRACTED_FOR_READERS = "article-retracted"
    DROPPED = "article-is-dropped"
    FOLDED = "article-is-folded"
    DRAFT_GONE = "draft-gone"
    IN_REVIEW = "review-open-already"
    NOT_IN_REVIEW = "review-none"
    SCHEDULED = "review-scheduled"
    NOT_SCHEDULED = "plan-none"
    NOTHING_TO_CORRECT = "correct-unpublished"

    def error(self, article_id: int) -> UserError:
        """Return the error to raise. An article that a person may not know of looks like an unknown one."""
        if self is Refusal.NOT_FOUND:
            return NotFoundError(self.value, id=article_id)
        return ConflictError(self.value, id=article_id)


Answer = ArticleState | Refusal | None
"""The state of the article after the act, None where the act deletes it, or the refusal."""

_S = ArticleState
_ENDED: Mapping[ArticleState, Answer] = {_S.RETRACTED: Refusal.RETRACTED, _S.DROPPED: Refusal.DROPPED}
_RELEASED: Mapping[ArticleState, Answer] = {
    _S.PUBLISHED: Refusal.ALREADY_PUBLISHED,
    _S.ANNOUNCED: Refusal.ALREADY_PUBLISHED,
}
_UNRELEASED = (_S.DRAFT, _S.REVIEW, _S.SCHEDULED, _S.FOLDED)
_UNKNOWN_TO_READERS: Mapping[ArticleState, Answer] = dict.fromkeys(_S, Refusal.NOT_FOUND)
_ONLY_IN_REVIEW: Mapping[ArticleState, Answer] = dict.fromkeys(_S, Refusal.NOT_IN_REVIEW)

TABLE: Mapping[Act, Mapping[ArticleState, Answer]] = {
    Act.READ: {**_UNKNOWN_TO_READERS, _S.PUBLISHED: _S.PUBLISHED},
    Act.COMMENT: {
        **_UNKNOWN_TO_READERS,
        _S.PUBLISHED: _S.PUBLISHED,
        _S.RETRACTED: Refusal.RETRACTED_FOR_READERS,
    },
    Act.EDIT: {
        _S.DRAFT: _S.DRAFT,
        _S.REVIEW: _S.REVIEW,
        _S.SCHEDULED: _S.SCHEDULED,
        _S.PUBLISHED: _S.PUBLISHED,
        _S.FOLDED: _S.DRAFT,
        _S.ANNOUNCED: Refusal.NOT_FOUND,
        **_ENDED,
    },
    Act.SAVE_DRAFT: {
        _S.DRAFT: _S.DRAFT,
        _S.REVIEW: Refusal.IN_REVIEW,
        _S.SCHEDULED: Refusal.DRAFT_GONE,
        _S.FOLDED: Refusal.DRAFT_GONE,
        **_RELEASED,
        **_ENDED,
    },
    Act.DISCARD: {**dict.fromkeys(_S, Refusal.DRAFT_GONE), _S.DRAFT: None},
    Act.SUBMIT: {
        _S.DRAFT: _S.REVIEW,
        _S.REVIEW: Refusal.IN_REVIEW,
        _S.SCHEDULED: Refusal.SCHEDULED,
        _S.FOLDED: Refusal.FOLDED,
        **_RELEASED,
        **_ENDED,
    },
    Act.WITHDRAW: {**_ONLY_IN_REVIEW, _S.REVIEW: _S.DRAFT},
    Act.APPROVE: {**_ONLY_IN_REVIEW, _S.REVIEW: _S.PUBLISHED},
    Act.REJECT: {**_ONLY_IN_REVIEW, _S.REVIEW: _S.DRAFT},
    Act.DROP: {**_ONLY_IN_REVIEW, _S.REVIEW: _S.DROPPED},
    Act.PUBLISH: {**dict.fromkeys(_UNRELEASED, _S.PUBLISHED), **_RELEASED, **_ENDED},
    Act.SCHEDULE: {**dict.fromkeys(_UNRELEASED, _S.SCHEDULED), **_RELEASED, **_ENDED},
    Act.CANCEL_SCHEDULE: {
        **dict.fromkeys(_UNRELEASED, Refusal.NOT_SCHEDULED),
        _S.SCHEDULED: _S.DRAFT,
        **_RELEASED,
        **_ENDED,
    },
    Act.CORRECT: {
        **dict.fromkeys(_UNRELEASED, Refusal.NOTHING_TO_CORRECT),
        _S.PUBLISHED: _S.PUBLISHED,
        _S.ANNOUNCED: Refusal.NOT_FOUND,
        **_ENDED,
    },
    Act.RAISE_TO_BREAKING: {
        **dict.fromkeys(_S, Refusal.NOT_PUBLISHED),
        _S.PUBLISHED: _S.PUBLISHED,
        **_ENDED,
    },
    Act.ACCEPT_CHANGE: {**{state: state for state in _S}, _S.ANNOUNCED: Refusal.NOT_FOUND, **_ENDED},
    Act.RETRACT: {
        **dict.fromkeys(_UNRELEASED, Refusal.NOT_PUBLISHED),
        _S.PUBLISHED: _S.RETRACTED,
        _S.ANNOUNCED: _S.RETRACTED,
        **_ENDED,
    },
    Act.UNDO_PUBLICATION: {
        **dict.fromkeys(_UNRELEASED, Refusal.NOT_PUBLISHED),
        _S.PUBLISHED: _S.DRAFT,
        _S.ANNOUNCED: Refusal.NOT_FOUND,
        **_ENDED,
    },
    Act.JOIN: {
        **dict.fromkeys(_UNRELEASED, _S.FOLDED),
        _S.PUBLISHED: _S.PUBLISHED,
        _S.ANNOUNCED: Refusal.NOT_FOUND,
        **_ENDED,
    },
    Act.SEPARATE: {
        **{state: state for state in _S},
        _S.FOLDED: _S.REVIEW,
        _S.ANNOUNCED: Refusal.NOT_FOUND,
        **_ENDED,
    },
}
"""The answer to every act in every state."""


def allows(act: Act, state: ArticleState) -> bool:
    """Return whether an article in this state allows the act."""
    return not isinstance(TABLE[act][state], Refusal)


def require(act: Act, article: Article) -> None:
    """Raise ConflictError where the state of the article does not allow the act.

    Raises NotFoundError where the article is to look like an unknown one.
    """
    answer = TABLE[act][article.state]
    if isinstance(answer, Refusal):
        raise answer.error(article.id)
