"""/retract: an article is taken back, with a reason that the newsroom keeps."""

from bot.errors import UserError
from bot.render.html import cut
from bot.render.message import Message
from handlers.core import confirmations
from handlers.core.context import HandlerContext
from handlers.staff import amendment_progress
from handlers.staff.drafts import editable, workable
from persian.digits import parse_int
from storage.records import Article, ArticleState

DIALOGUE = "retract"
"""What waits for a yes; data: id, reason."""

_REASON_LIMIT = 500
_SHOWN = 300


async def retract(ctx: HandlerContext) -> None:
    """/retract ID REASON: a card that asks for a yes."""
    number, _, reason = " ".join(ctx.words.split()).partition(" ")
    article_id = parse_int(number)
    if article_id is None or article_id < 1 or not any(letter.isalpha() for letter in reason):
        raise UserError("retract-usage")
    if len(reason) > _REASON_LIMIT:
        raise UserError("retract-reason-too-long", most=_REASON_LIMIT, length=len(reason))
    await _ask(ctx, await workable(ctx, article_id), reason)


async def press_vanished(ctx: HandlerContext) -> None:
    """A press under the line that says that an article's page is gone: `retract:ARTICLE`; the same card."""
    found = await workable(ctx, int(ctx.data.split(":")[1]))
    await _ask(ctx, found, ctx.texts("retract-reason-vanished", site=found.origin))


async def press(ctx: HandlerContext) -> None:
    """A press on the card: `pull:ARTICLE:STAMP:y` retracts, `:n` leaves it."""
    _, article_id, stamp, answer = ctx.data.split(":")
    found = await workable(ctx, int(article_id))
    data = await confirmations.waiting(ctx, DIALOGUE, int(stamp), about=found.id)
    if answer == "n":
        await confirmations.leave(ctx, waits=data is not None)
        return
    if found.state is not ArticleState.RETRACTED:
        if data is None:
            raise UserError("stale-button")
        found = await ctx.services.newsroom.retract(found.id, data["reason"], actor_id=ctx.user_id)
    if data is not None:
        await ctx.close_dialogue()
    await amendment_progress.show_progress(ctx, found)
    await ctx.toast("noted")


async def _ask(ctx: HandlerContext, article: Article, reason: str) -> None:
    found = editable(ctx, article)
    if found.state is not ArticleState.PUBLISHED:
        raise UserError("article-not-published", id=found.id)
    stamp = await confirmations.put_aside(ctx, DIALOGUE, {"id": found.id, "reason": reason})
    texts = ctx.texts
    lines = [
        texts.html("retract-card", id=texts.digits(str(found.id)), title=cut(found.content.title, _SHOWN)),
        "",
        texts.html("retract-reason", reason=reason),
        "",
        await amendment_progress.extent(ctx, found),
        texts.html("retract-means"),
    ]
    keyboard = confirmations.yes_or_no(ctx, "button-yes-retract", f"pull:{found.id}:{stamp}")
    await ctx.send(Message("\n".join(lines), keyboard))
