"""The buttons that lead on from notices and errors about an article, by the key of their text (pure)."""

from collections.abc import Callable, Mapping

from bot.newsroom.callbacks import AskRetraction, EditInReview, OpenPreview, SubmitDraft, UndoOrRetract
from bot.render.callback_data import CallbackData

Way = tuple[str, Callable[[int], CallbackData]]
"""The key of a button's label, and the button for a news number."""

_VIEW: Way = ("button-view", OpenPreview)
_EDIT: Way = ("button-edit", EditInReview)
_RETRACT: Way = ("button-retract", AskRetraction)
_TAKE_BACK: Way = ("button-retract", UndoOrRetract)
_SUBMIT: Way = ("button-submit", SubmitDraft)

_WAYS_ON: Mapping[str, tuple[Way, ...]] = {
    **dict.fromkeys(
        (
            *("article-changed-meanwhile", "article-is-folded", "draft-gone", "proposal-gone"),
            *("review-open-already", "review-text-changed", "review-approved-notice"),
            *("plan-cancelled-by", "plan-failed", "plan-moved-by"),
        ),
        (_VIEW,),
    ),
    **dict.fromkeys(("plan-unreviewed", "review-none", "review-second-pair"), (_VIEW, _SUBMIT)),
    **dict.fromkeys(("plan-done", "plan-done-late", "plan-done-paused"), (_VIEW, _TAKE_BACK)),
    "undo-too-late": (_VIEW, _RETRACT),
    "correct-unpublished": (_VIEW, _EDIT),
    "review-rejected-notice": (_VIEW, _EDIT, _SUBMIT),
}


def ways_on(key: str, article_id: int | str | None) -> tuple[tuple[str, str], ...]:
    """Return the buttons under a text, each with the key of its label and its callback data.

    They are () for a text that leads nowhere, or that names no article by its number.
    """
    if not isinstance(article_id, int) or article_id < 1:
        return ()
    return tuple((label, button(article_id).pack()) for label, button in _WAYS_ON.get(key, ()))
