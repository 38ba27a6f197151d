"""The buttons of an article for the newsroom: under its preview, and under the cards of its review (pure)."""

from typing import assert_never

from bot.locales.catalog import Texts
from bot.newsroom.callbacks import AskBreaking, AskCopyEdit, AskRetraction, EditInReview, OpenPreview, SubmitDraft
from bot.newsroom.permissions import Right, may
from bot.newsroom.transitions import Act, allows
from bot.render.message import Button, ButtonStyle, Keyboard
from handlers.staff.callbacks import (
    ApproveReview,
    AskFollowed,
    AskPublicationTime,
    AskSeparation,
    AskStory,
    CancelPlan,
    DropDraft,
    EditArticle,
    JoinStory,
    ListStory,
    PublishDraft,
    RejectReview,
    SaveDraft,
    SeparateStory,
    ShowPost,
    WithdrawReview,
)
from storage.records import Article, ArticleState, Role


def preview_buttons(
    article: Article,
    texts: Texts,
    *,
    role: Role | None,
    user_id: int,
    review_required: bool,
    elsewhere: int = 0,
) -> Keyboard:
    """Return the buttons under the preview of an article, for a member of staff of that role.

    `elsewhere` counts the other articles of its story.
    """
    of_its_state = _of_state(article, texts, role=role, user_id=user_id, review_required=review_required)
    if not may(role, Right.PUBLISH):
        return of_its_state
    of_its_state = (*of_its_state, *_of_developing_story(article, texts))
    story_row = ((Button(texts("button-story-list", count=elsewhere), ListStory(article.id, 0).pack()),),)
    return (*of_its_state, *(story_row if elsewhere else ()), *_of_story(article, texts))


def _of_developing_story(article: Article, texts: Texts) -> Keyboard:
    """Return the button that has an article go on with an earlier one."""
    if not allows(Act.EDIT, article.state):
        return ()
    return ((Button(texts("button-follow"), AskFollowed(article.id).pack()),),)


def _of_state(
    article: Article, texts: Texts, *, role: Role | None, user_id: int, review_required: bool
) -> Keyboard:
    as_post = (Button(texts("button-as-post"), ShowPost(article.id).pack()),)
    publishes = may(role, Right.PUBLISH)
    match article.state:
        case ArticleState.RETRACTED | ArticleState.DROPPED | ArticleState.ANNOUNCED:
            return ()
        case ArticleState.PUBLISHED:
            return (
                _of_published(article, texts, as_post, retracts=publishes) if may(role, Right.EDIT) else (as_post,)
            )
        case ArticleState.FOLDED:
            return _of_folded(article, texts, publishes=publishes)
        case ArticleState.REVIEW:
            mine = article.author_id == user_id
            decide = review_buttons(article, texts, decides=publishes, mine=mine)
            of_time = (_time_buttons(article, texts),) if publishes else ()
            return (*decide, *of_time, (*as_post, *_copy_edit(article, texts)))
        case ArticleState.SCHEDULED:
            return _of_scheduled(article, texts, as_post) if publishes else (as_post,)
        case ArticleState.DRAFT:
            submits = review_required or not publishes
            return (*_of_draft(article, texts, publishes=publishes, submits=submits), as_post)
        case _:
            assert_never(article.state)


def _copy_edit(article: Article, texts: Texts) -> tuple[Button, ...]:
    """Return the button that shows what the copy editor would do in an article that a source brought."""
    if article.author_id is not None:
        return ()
    return (Button(texts("button-copy-edit"), AskCopyEdit(article.id).pack()),)


def review_buttons(article: Article, texts: Texts, *, decides: bool, mine: bool, card: bool = False) -> Keyboard:
    """Return what somebody may do: who `decides`, and whose it is.

    Under a card, which stays what it is, the preview and the parts to edit come as new messages.
    """
    id_ = article.id
    rows: list[tuple[Button, ...]] = []
    if card:
        rows.append((Button(texts("button-view"), OpenPreview(id_).pack()),))
    if decides:
        yes = Button(
            texts("button-review-approve"), ApproveReview(id_, article.revision).pack(), style=ButtonStyle.SUCCESS
        )
        rows.append((yes, Button(texts("button-review-reject"), RejectReview(id_).pack())))
    last = [Button(texts("button-edit"), (EditInReview(id_) if card else EditArticle(id_)).pack())]
    if mine:
        last.append(Button(texts("button-review-withdraw"), WithdrawReview(id_).pack()))
    return (*rows, tuple(last))


def _of_published(article: Article, texts: Texts, as_post: tuple[Button, ...], *, retracts: bool) -> Keyboard:
    retract = ((Button(texts("button-retract"), AskRetraction(article.id).pack()),),) if retracts else ()
    return ((_edit_button(article, texts), *as_post), *retract)


def _of_folded(article: Article, texts: Texts, *, publishes: bool) -> Keyboard:
    first_id = article.story_id or 0
    opens = (Button(texts("button-open-first", id=first_id), OpenPreview(first_id).pack()),)
    if not publishes:
        return (opens,)
    anyway = Button(
        texts("button-publish-anyway"), PublishDraft(article.id, article.revision).pack(), style=ButtonStyle.SUCCESS
    )
    return (opens, (anyway, _edit_button(article, texts)))


def _of_story(article: Article, texts: Texts) -> Keyboard:
    """Return what an editor may do about the story that an article tells: join another one's, or leave it."""
    id_, first_id = article.id, article.story_id
    if not allows(Act.JOIN, article.state):
        return ()
    if first_id is None:
        # What the newsroom wrote and nobody has read yet tells no story again.
        asks = article.state is not ArticleState.DRAFT
        return ((Button(texts("button-story-ask"), AskStory(id_).pack()),),) if asks else ()
    if article.state is ArticleState.FOLDED:
        return ((Button(texts("button-story-separate", id=first_id), AskSeparation(id_, first_id).pack()),),)
    separate = Button(
        texts("button-story-separate", id=first_id), SeparateStory(id_, first_id, publish=False).pack()
    )
    if article.state is ArticleState.PUBLISHED:
        return ((separate,),)
    return ((join_button(article, first_id, texts), separate),)


def join_button(article: Article, first_id: int, texts: Texts) -> Button:
    """Return the button that makes an article part of the story of another one."""
    return Button(texts("button-story-join", id=first_id), JoinStory(article.id, first_id).pack())


def _of_scheduled(article: Article, texts: Texts, as_post: tuple[Button, ...]) -> Keyboard:
    id_ = article.id
    move = Button(texts("button-move"), AskPublicationTime(id_, article.revision).pack())
    unplan = Button(texts("button-unplan"), CancelPlan(id_).pack())
    return (
        (_publish_button(article, texts), _breaking_button(article, texts)),
        (move, unplan),
        (_edit_button(article, texts), *as_post),
    )


def _of_draft(article: Article, texts: Texts, *, publishes: bool, submits: bool) -> Keyboard:
    id_ = article.id
    rows: list[tuple[Button, ...]] = []
    if submits:
        rows.append((Button(texts("button-submit"), SubmitDraft(id_).pack(), style=ButtonStyle.PRIMARY),))
    save = Button(texts("button-keep-draft"), SaveDraft(id_).pack())
    rows += [(_publish_button(article, texts), save), _time_buttons(article, texts)] if publishes else [(save,)]
    rows.append((_edit_button(article, texts), Button(texts("button-delete"), DropDraft(id_).pack())))
    return tuple(rows)


def _time_buttons(article: Article, texts: Texts) -> tuple[Button, ...]:
    plan = Button(texts("button-plan"), AskPublicationTime(article.id, article.revision).pack())
    return (plan, _breaking_button(article, texts))


def _publish_button(article: Article, texts: Texts) -> Button:
    return Button(
        texts("button-publish"), PublishDraft(article.id, article.revision).pack(), style=ButtonStyle.SUCCESS
    )


def _breaking_button(article: Article, texts: Texts) -> Button:
    return Button(texts("button-breaking"), AskBreaking(article.id).pack())


def _edit_button(article: Article, texts: Texts) -> Button:
    return Button(texts("button-edit"), EditArticle(article.id).pack())
