"""Comments as people see them: the list under an article, the moderators' queue, one card (pure)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.locales.catalog import Texts
from bot.render.article import paging
from bot.render.callback_data import CallbackData
from bot.render.callbacks import (
    FIRST_COMMENTS,
    LAST_COMMENTS,
    ON_CARD,
    AskToSilence,
    CommentPlace,
    CommentsPage,
    DecideComment,
    DecisionPlace,
    HideComment,
    OpenArticle,
    QueuePage,
    SettledRow,
    WithdrawComment,
)
from bot.render.html import cut, escape, length
from bot.render.message import Button, Keyboard, Message
from storage.records import Article, ArticleState, Comment, CommentState

PAGE_SIZE = 5
"""Comments on one page, at most."""

_ROOM = 2_600
_HEAD_UNITS = 180  # place, name, date and marks over a text
_OWN = 150
_TITLE = 120


@dataclass(frozen=True, slots=True)
class CommentPage:
    """A page of comments, the oldest first, and whether there are `earlier` and `later` ones."""

    comments: Sequence[Comment]
    earlier: bool
    later: bool


def fitting(comments: Sequence[Comment], *, backwards: bool = False) -> Sequence[Comment]:
    """Return as many of the comments, the oldest first, as one message holds: the first, or the last of them."""
    kept: list[Comment] = []
    room = _ROOM
    for comment in reversed(comments) if backwards else comments:
        room -= length(comment.text) + _HEAD_UNITS
        if len(kept) == PAGE_SIZE or (kept and room < 0):
            break
        kept.append(comment)
    return kept[::-1] if backwards else kept


def comments_of(
    article: Article,
    page: CommentPage,
    texts: Texts,
    write: Button,
    *,
    reader_id: int = 0,
    waiting: Sequence[Comment] = (),
    moderates: bool = False,
) -> Message:
    """Return a page of an article's comments; `write` leads to writing one.

    In a private chat `reader_id` is the reader's, whose own comments can be deleted here, and `waiting` are those
    of theirs that nobody else sees; who `moderates` can take others' down.
    """
    lines = [texts.line(texts.html("comments-title", **_article(article, texts)))]
    if not page.comments:
        lines += ["", texts.html("comments-none")]
    buttons = []
    for place, comment in enumerate(page.comments, 1):
        own = reader_id == comment.user_id
        lines += ["", *_comment(comment, texts, place, note="comment-own" if own else "")]
        if own:
            buttons.append(Button(texts("button-comment-delete", place=place), WithdrawComment(comment.id).pack()))
        elif moderates:
            buttons.append(Button(texts("button-comment-down", place=place), HideComment(comment.id).pack()))
    for place, comment in enumerate(waiting, len(page.comments) + 1):
        lines += ["", *_comment(comment, texts, place, note="comment-own-waits", most=_OWN)]
        buttons.append(Button(texts("button-comment-delete", place=place), WithdrawComment(comment.id).pack()))
    rows = _turns(page, texts, lambda place: CommentsPage(article.id, place))
    rows += tuple(tuple(buttons[begin : begin + 4]) for begin in range(0, len(buttons), 4))
    back = Button(texts("button-back-to-article"), OpenArticle(article.id).pack())
    return Message("\n".join(lines), (*rows, (write,), (back,)))


def queue(page: CommentPage, articles: Mapping[int, Article], texts: Texts, foot: Keyboard = ()) -> Message:
    """Return a page of what waits for a decision, each with its buttons, and `foot` under all.

    What was decided meanwhile stands in its place, without buttons.
    """
    if not page.comments:
        return Message(texts.html("queue-empty"), foot)
    lines = [texts.html("queue-title")]
    rows: list[tuple[Button, ...]] = []
    at = DecisionPlace(page.comments[0].id)
    for place, comment in enumerate(page.comments, 1):
        article = articles[comment.article_id]
        lines += ["", *_comment(comment, texts, place), texts.line(_about(article, texts))]
        if comment.state is not CommentState.WAITING:
            outcome = texts(f"row-comment-{comment.state}", place=place)
            rows.append((Button(outcome, SettledRow(comment.id).pack()),))
            continue
        rows.append(
            (
                Button(texts("button-queue-approve", place=place), DecideComment(comment.id, "ok", at).pack()),
                Button(texts("button-queue-reject", place=place), DecideComment(comment.id, "no", at).pack()),
                Button(texts("button-queue-silence", place=place), AskToSilence(comment.id, at).pack()),
                Button(texts("button-queue-article", place=place), OpenArticle(comment.article_id).pack()),
            )
        )
    return Message("\n".join(lines), (*rows, *_turns(page, texts, QueuePage), *foot))


def card(comment: Comment, article: Article, texts: Texts, *, decided_by: str, silenced: bool) -> Message:
    """Return how a comment stands, as moderators see it: with buttons while it waits."""
    lines = [texts.line(texts.html("comment-card", **_article(article, texts)))]
    if article.state is ArticleState.RETRACTED:
        lines.append(texts.line(texts.html("article-retracted")))
    lines += ["", *_comment(comment, texts)]
    if comment.state is CommentState.WAITING:
        first = (
            Button(texts("button-comment-approve"), DecideComment(comment.id, "ok", ON_CARD).pack()),
            Button(texts("button-comment-reject"), DecideComment(comment.id, "no", ON_CARD).pack()),
        )
        silence = Button(texts("button-comment-silence"), AskToSilence(comment.id, ON_CARD).pack())
        return Message("\n".join(lines), (first, (silence,)))
    if comment.state is CommentState.DELETED:
        lines += ["", texts.html("comment-taken-back")]
    else:
        key = "comment-approved-by" if comment.state is CommentState.APPROVED else "comment-rejected-by"
        lines += ["", texts.line(texts.html(key, name=decided_by, when=texts.short(comment.decided_at or 0)))]
        if silenced:
            lines.append(texts.html("comment-author-silenced"))
    return Message("\n".join(lines))


def quoted(comment: Comment, texts: Texts) -> str:
    """Return a comment as HTML, cut where it is long, for a question about it."""
    return "\n".join(_comment(comment, texts, most=_OWN * 2))


def author_of(name: str, texts: Texts) -> str:
    """Return what a comment's author is called in front of others."""
    return name or texts("comment-nameless")


def _comment(comment: Comment, texts: Texts, place: int = 0, *, note: str = "", most: int = 0) -> list[str]:
    """Return the lines of a comment: its text stands in a frame of its own, so that it can feign no other."""
    key = "comment-head-placed" if place else "comment-head"
    name, when = author_of(comment.name, texts), texts.datetime(comment.created_at)
    head = texts.html(key, place=place, name=name, when=when) + (f" · {texts.html(note)}" if note else "")
    text = cut(comment.text, most) if most else comment.text
    return [texts.line(head), f"<blockquote>{escape(text)}</blockquote>"] if text else [texts.line(head)]


def _article(article: Article, texts: Texts) -> dict[str, str]:
    return {"id": texts.digits(str(article.id)), "title": cut(article.content.title, _TITLE)}


def _about(article: Article, texts: Texts) -> str:
    is_retracted = article.state is ArticleState.RETRACTED
    return texts.html("queue-article-gone" if is_retracted else "queue-article", **_article(article, texts))


def _turns(page: CommentPage, texts: Texts, at: Callable[[CommentPlace], CallbackData]) -> Keyboard:
    """Return the buttons that turn pages; `at` gives the button of the page at a place."""
    if not page.comments:
        return ()
    rows = paging(
        texts,
        at(CommentPlace(before=page.comments[0].id)).pack() if page.earlier else "",
        at(CommentPlace(after=page.comments[-1].id)).pack() if page.later else "",
    )
    if page.later:
        return (*rows, (Button(texts("button-newest-comments"), at(LAST_COMMENTS).pack()),))
    if page.earlier:
        return (*rows, (Button(texts("button-oldest-comments"), at(FIRST_COMMENTS).pack()),))
    return rows
