"""The buttons of an article that is in review, under its cards and under its preview."""

from bot.locales.catalog import Texts
from bot.newsroom.callbacks import OpenPreview
from bot.render.message import Button, Keyboard
from handlers.staff.callbacks import ApproveReview, EditArticle, EditInReview, RejectReview, WithdrawReview
from storage.records import Article


def review_buttons(article: Article, texts: Texts, *, decides: bool, mine: bool, card: bool = False) -> Keyboard:
    """Return what somebody may do: who `decides`, and whose it is.

    Under a card, which stays what it is, the preview and the parts to edit come as new messages.
    """
    id_ = article.id
    rows: list[tuple[Button, ...]] = []
    if card:
        rows.append((Button(texts("button-view"), OpenPreview(id_).pack()),))
    if decides:
        yes = Button(texts("button-review-approve"), ApproveReview(id_, article.revision).pack())
        rows.append((yes, Button(texts("button-review-reject"), RejectReview(id_).pack())))
    last = [Button(texts("button-edit"), (EditInReview(id_) if card else EditArticle(id_)).pack())]
    if mine:
        last.append(Button(texts("button-review-withdraw"), WithdrawReview(id_).pack()))
    return (*rows, tuple(last))
