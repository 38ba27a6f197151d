"""/publish: an article goes out now, or at its time."""

from bot.errors import ConflictError
from bot.newsroom.permissions import Right
from bot.newsroom.transitions import Act, require
from bot.render.message import Button, ButtonStyle
from handlers.core.context import HandlerContext
from handlers.core.router import Router
from handlers.staff import edit_lock, scheduling
from handlers.staff.article_access import numbered, workable
from handlers.staff.article_choice import or_choice
from handlers.staff.callbacks import PublishDraft, UndoPublication
from handlers.staff.publication_messages import show_published
from handlers.staff.retraction_reason import undone_message
from storage.records import Article

router = Router()


@router.command("publish", right=Right.PUBLISH)
@or_choice("publish")
async def publish(ctx: HandlerContext) -> None:
    """/publish ID publishes now, /publish ID TIME then."""
    article_id, words = numbered(ctx, "publish-usage")
    article = await workable(ctx, article_id)
    if words:
        await scheduling.schedule(ctx, article, words)
    else:
        await _publish(ctx, article)


@router.callback(PublishDraft, right=Right.PUBLISH)
async def on_publish(ctx: HandlerContext, button: PublishDraft) -> None:
    """Publish an article from its preview."""
    article = await workable(ctx, button.article_id)
    require(Act.PUBLISH, article)
    if article.revision != button.revision:
        raise ConflictError("article-changed-meanwhile", id=article.id)
    if not button.sure and await _half_edited(ctx, article):
        return
    done = await ctx.services.newsroom.publish(article.id, actor_id=ctx.user_id, expected=button.revision)
    await show_published(ctx, done)
    await ctx.answer_callback("noted")


@router.callback(UndoPublication, right=Right.PUBLISH)
async def undo(ctx: HandlerContext, button: UndoPublication) -> None:
    """Make a draft again of an article of which nothing was sent."""
    article = await workable(ctx, button.article_id)
    draft = await ctx.services.newsroom.undo_publication(article.id, actor_id=ctx.user_id)
    await ctx.edit_or_send(undone_message(ctx, draft))
    await ctx.answer_callback("noted")


async def _publish(ctx: HandlerContext, article: Article) -> None:
    if await _half_edited(ctx, article):
        return
    done = await ctx.services.newsroom.publish(article.id, actor_id=ctx.user_id)
    await show_published(ctx, done)


async def _half_edited(ctx: HandlerContext, article: Article) -> bool:
    """Return whether somebody else is editing the article; then they are asked whether to publish it so."""
    holder = await ctx.services.edit_locks.other_holder(article.id, ctx.user_id)
    if holder is None:
        return False
    yes = Button(
        ctx.texts("button-yes-publish"),
        PublishDraft(article.id, article.revision, "y").pack(),
        style=ButtonStyle.SUCCESS,
    )
    await ctx.edit_or_send(await edit_lock.lock_message(ctx, "publish-held", article, holder, act=yes))
    return True
