"""The end of a publication: undone where nothing was sent, else retracted, for which a reason is asked."""

from bot.errors import ConflictError
from bot.newsroom.articles import UNDO_TOO_LATE
from bot.newsroom.permissions import Right
from bot.newsroom.transitions import Act, require
from bot.render.callbacks import PreviewPage
from bot.render.html import cut
from bot.render.message import Button, Message
from handlers.core.confirmations import ArticleDialogueState
from handlers.core.context import HandlerContext
from handlers.core.dialogues import Dialogue
from handlers.core.keyboards import cancel_keyboard
from storage.records import Article


class RetractionReasonState(ArticleDialogueState, frozen=True, kw_only=True):
    """The article for which a reason is asked."""


RETRACTION_REASON = Dialogue("retract-reason", RetractionReasonState, right=Right.PUBLISH)
"""The question for the reason; `retractions` goes on with it."""

_SHOWN = 300


async def undo_or_prompt_for_reason(ctx: HandlerContext, article: Article) -> None:
    """Undo the publication of an article of which nothing was sent; else ask for the reason of its retraction.

    Raises ConflictError where it is not published (any more).
    """
    require(Act.UNDO_PUBLICATION, article)
    try:
        draft = await ctx.services.newsroom.undo_publication(article.id, actor_id=ctx.user_id)
    except ConflictError as error:
        if error.key != UNDO_TOO_LATE:
            raise
        await prompt_for_reason(ctx, article)
    else:
        await ctx.send(undone_message(ctx, draft))


async def prompt_for_reason(ctx: HandlerContext, article: Article) -> None:
    """Prompt for the reason to retract an article. Raises ConflictError where it is not published (any more)."""
    require(Act.RETRACT, article)
    await RETRACTION_REASON.open(ctx, RetractionReasonState(id=article.id))
    id_, title = ctx.texts.digits(str(article.id)), cut(article.content.title, _SHOWN)
    await ctx.prompt("retract-ask-reason", cancel_keyboard(ctx), id=id_, title=title)


def undone_message(ctx: HandlerContext, draft: Article) -> Message:
    """Return that the publication of an article is undone, with the way to its preview."""
    texts = ctx.texts
    done = texts.html("publication-undone", id=texts.digits(str(draft.id)), title=draft.content.title)
    return Message(done, ((Button(texts("button-view"), PreviewPage(draft.id).pack()),),))
