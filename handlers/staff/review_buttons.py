"""The buttons of an article that is in review, under its cards and under its preview.

Callback data: `review:WHAT:ARTICLE`, to approve with the revision that was seen behind it.
"""

from bot.locales.catalog import Texts
from bot.render.message import Button, Keyboard
from storage.records import Article


def review_buttons(article: Article, texts: Texts, *, decides: bool, mine: bool, card: bool = False) -> Keyboard:
    """Return what somebody may do: who `decides`, and whose it is.

    Under a card, which stays what it is, the preview and the parts to edit come as new messages.
    """
    data = f"review:{{}}:{article.id}"
    rows: list[tuple[Button, ...]] = []
    if card:
        rows.append((Button(texts("button-view"), data.format("view")),))
    if decides:
        yes = Button(texts("button-review-approve"), f"{data.format('yes')}:{article.revision}")
        rows.append((yes, Button(texts("button-review-reject"), data.format("no"))))
    last = [Button(texts("button-edit"), data.format("edit") if card else f"edit:{article.id}")]
    if mine:
        last.append(Button(texts("button-review-withdraw"), data.format("back")))
    return (*rows, tuple(last))
