"""Every act in every state of an article has an answer; the buttons and the drawing agree with it."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.errors import ConflictError, NotFoundError, UserError
from bot.locales.catalog import Catalog
from bot.newsroom.callbacks import AskBreaking, SubmitDraft
from bot.newsroom.transitions import TABLE, Act, Refusal, allows, require
from bot.render.callback_data import CallbackData
from handlers.staff.article_buttons import preview_buttons
from handlers.staff.callbacks import (
    ApproveReview,
    AskPublicationTime,
    AskSeparation,
    AskStory,
    CancelPlan,
    DropDraft,
    EditArticle,
    JoinStory,
    PublishDraft,
    RejectReview,
    SaveDraft,
    SeparateStory,
    WithdrawReview,
)
from storage.records import ArticleState, Role
from tests.unit.articles import PUBLISHED

_CATALOG = Catalog.load()
_DRAWING = (Path(__file__).parents[3] / "docs" / "article-life.md").read_text()
_ARROW = re.compile(r"^ +([a-z]+) --> ([a-z]+|\[\*\]): (.+)$", re.MULTILINE)
_ROW = re.compile(r"^\| ([a-z', ]+) \| ([a-z, ]+) \|$", re.MULTILINE)
_ACTS: dict[type[CallbackData], Act] = {
    ApproveReview: Act.APPROVE,
    AskBreaking: Act.PUBLISH,
    AskPublicationTime: Act.SCHEDULE,
    AskSeparation: Act.SEPARATE,
    AskStory: Act.JOIN,
    CancelPlan: Act.CANCEL_SCHEDULE,
    DropDraft: Act.DISCARD,
    EditArticle: Act.EDIT,
    JoinStory: Act.JOIN,
    SaveDraft: Act.SAVE_DRAFT,
    PublishDraft: Act.PUBLISH,
    RejectReview: Act.REJECT,
    SeparateStory: Act.SEPARATE,
    SubmitDraft: Act.SUBMIT,
    WithdrawReview: Act.WITHDRAW,
}
_FOR_AUTHORS = (ArticleState.DRAFT, ArticleState.REVIEW)


def _changes(act: Act) -> Iterator[tuple[ArticleState, ArticleState | None]]:
    for state, answer in TABLE[act].items():
        if not isinstance(answer, Refusal):
            yield state, answer


def test_every_act_has_an_answer_in_every_state() -> None:
    assert {(act, state) for act, row in TABLE.items() for state in row} == set(product(Act, ArticleState))


@pytest.mark.parametrize("language", ["fa", "en", "ar"])
def test_every_refusal_has_its_text(language: str) -> None:
    texts = _CATALOG.bind(language, ZoneInfo("Asia/Tehran"))
    for refusal in Refusal:
        assert texts(refusal, id=12)


@pytest.mark.parametrize(
    ("act", "state", "key"),
    [
        (Act.PUBLISH, ArticleState.PUBLISHED, "article-already-published"),
        (Act.PUBLISH, ArticleState.DROPPED, "article-is-dropped"),
        (Act.SCHEDULE, ArticleState.RETRACTED, "article-is-retracted"),
        (Act.CANCEL_SCHEDULE, ArticleState.DRAFT, "plan-none"),
        (Act.SUBMIT, ArticleState.REVIEW, "review-open-already"),
        (Act.SUBMIT, ArticleState.SCHEDULED, "review-scheduled"),
        (Act.SUBMIT, ArticleState.FOLDED, "article-is-folded"),
        (Act.DISCARD, ArticleState.PUBLISHED, "draft-gone"),
        (Act.RETRACT, ArticleState.SCHEDULED, "article-not-published"),
        (Act.CORRECT, ArticleState.DRAFT, "correct-unpublished"),
        (Act.COMMENT, ArticleState.RETRACTED, "article-retracted"),
    ],
)
def test_an_act_at_the_wrong_time_is_answered_with_the_reason(act: Act, state: ArticleState, key: str) -> None:
    with pytest.raises(ConflictError) as error:
        require(act, replace(PUBLISHED, state=state))
    assert error.value.key == key


@pytest.mark.parametrize("state", [state for state in ArticleState if state is not ArticleState.PUBLISHED])
def test_readers_cannot_tell_an_unpublished_article_from_an_unknown_one(state: ArticleState) -> None:
    with pytest.raises(NotFoundError) as error:
        require(Act.READ, replace(PUBLISHED, state=state))
    assert error.value.key == "article-not-found"


def test_nothing_leads_out_of_the_last_states() -> None:
    for act, state in product(Act, (ArticleState.RETRACTED, ArticleState.DROPPED)):
        with pytest.raises(UserError):
            require(act, replace(PUBLISHED, state=state))


@pytest.mark.parametrize("role", [Role.OWNER, Role.AUTHOR])
@pytest.mark.parametrize("state", ArticleState)
def test_no_preview_has_a_button_that_its_state_refuses(state: ArticleState, role: Role) -> None:
    article = replace(PUBLISHED, state=state, author_id=7, story_id=3)
    texts = _CATALOG.bind("en", ZoneInfo("Asia/Tehran"))
    keyboard = preview_buttons(article, texts, role=role, user_id=7, review_required=True)
    data = [button.data for row in keyboard for button in row if button.data]
    offered = {act for pressed in data for kind, act in _ACTS.items() if re.fullmatch(kind.pattern(), pressed)}
    assert {act for act in offered if not allows(act, state)} == set()
    # The test sees what is there.
    assert bool(offered) == ((role is Role.OWNER and allows(Act.EDIT, state)) or state in _FOR_AUTHORS)


def test_the_figure_of_an_articles_life_is_the_table() -> None:
    drawn = {(before, after, act) for before, after, label in _ARROW.findall(_DRAWING) for act in label.split(", ")}
    assert drawn == {
        (before, after or "[*]", act) for act in Act for before, after in _changes(act) if before is not after
    }


def test_the_acts_that_keep_the_state_are_listed() -> None:
    listed = {
        (act, state)
        for acts, states in _ROW.findall(_DRAWING)
        for act in acts.split(", ")
        for state in states.split(", ")
        if state in list(ArticleState)
    }
    assert listed == {(act, before) for act in Act for before, after in _changes(act) if before is after}
