"""/submit and /approve: an article is submitted, and whoever may publish decides about it, on a card or a preview.

A button on a card changes the state only; a job then renders the card anew in every chat that has one.
"""

from dataclasses import dataclass

from bot.clock import now_ms
from bot.errors import ConflictError, UserError
from bot.locales.catalog import Texts
from bot.newsroom.callbacks import OpenPreview, SubmitDraft, UndoOrRetract
from bot.newsroom.names import name_of
from bot.newsroom.permissions import Right, may
from bot.newsroom.reviews import REASON_LIMIT
from bot.newsroom.stories import first_tellings, source_names
from bot.render.callback_data import ArticleId, CallbackData, Offset
from bot.render.callbacks import PreviewPage
from bot.render.headline import category_name
from bot.render.html import cut, escape, strip_tags
from bot.render.message import Button, Message
from bot.render.story import first_report_note
from handlers.core.cards import is_card
from handlers.core.context import HandlerContext
from handlers.core.dialogues import Dialogue, DialogueState
from handlers.core.keyboards import cancel_keyboard
from handlers.core.labels import fetched_window, origin_in_words, time_ago, turns_by_offset
from handlers.core.router import Router
from handlers.staff import pause_notice
from handlers.staff.article_access import named_article, workable
from handlers.staff.article_buttons import review_buttons
from handlers.staff.article_choice import or_choice
from handlers.staff.article_preview import send_preview
from handlers.staff.callbacks import ApproveReview, RejectReview, WithdrawReview
from handlers.staff.publication_messages import show_published
from storage import articles, reviews
from storage.engine.connection import Connection
from storage.records import Article, ArticleState, Card, CardKind, Review, ReviewState

router = Router()


class RejectionState(DialogueState, frozen=True, kw_only=True):
    """The article that is rejected, and the id of its review."""

    id: int
    review: int


REJECTION = router.dialogue(Dialogue("reject", RejectionState, right=Right.PUBLISH))
"""The dialogue in which the reason of a rejection is written."""

_LEAD, _BODY, _TITLE = 500, 600, 150
_QUEUE_PAGE = 8
_VERDICTS = {
    ReviewState.APPROVED: "review-approved",
    ReviewState.REJECTED: "review-rejected",
    ReviewState.WITHDRAWN: "review-withdrawn",
}


@dataclass(frozen=True, slots=True)
class ResendCard(CallbackData, prefix="review:show"):
    """Shows the card of a review."""

    article_id: ArticleId


@dataclass(frozen=True, slots=True)
class WaitingPage(CallbackData, prefix="waiting"):
    """A page of everything that waits."""

    offset: Offset


@router.command("submit", right=Right.WRITE)
@or_choice("submit")
async def submit(ctx: HandlerContext) -> None:
    """/submit ID."""
    await _submit(ctx, await named_article(ctx, "submit-usage"))


@router.callback(SubmitDraft, right=Right.WRITE)
async def on_submit(ctx: HandlerContext, button: SubmitDraft) -> None:
    """Submit a draft."""
    await _submit(ctx, await workable(ctx, button.article_id))
    await ctx.answer_callback("noted")


@router.command("approve", right=Right.PUBLISH)
async def approve(ctx: HandlerContext) -> None:
    """/approve ID: the review's card; alone, everything that waits."""
    if not ctx.words:
        await ctx.send(await _queue(ctx, 0))
        return
    article = await named_article(ctx, "approve-usage")
    await ctx.services.reviews.resend_card(article.id, ctx.chat_id)


@router.callback(WaitingPage, right=Right.PUBLISH)
async def on_waiting_page(ctx: HandlerContext, button: WaitingPage) -> None:
    """Show another page of what waits."""
    await ctx.edit_or_send(await _queue(ctx, button.offset))


@router.callback(OpenPreview, right=Right.WRITE)
async def open_preview(ctx: HandlerContext, button: OpenPreview) -> None:
    """Answer with the preview."""
    await send_preview(ctx, await workable(ctx, button.article_id), with_cover=True)


@router.callback(ResendCard, right=Right.PUBLISH)
async def resend_card(ctx: HandlerContext, button: ResendCard) -> None:
    """Show the review's card."""
    article = await workable(ctx, button.article_id)
    await ctx.services.reviews.resend_card(article.id, ctx.chat_id)


@router.callback(ApproveReview, right=Right.PUBLISH)
async def on_approve(ctx: HandlerContext, button: ApproveReview) -> None:
    """Publish the article at the revision that was seen."""
    article = await workable(ctx, button.article_id)
    done = await ctx.services.reviews.approve(article.id, revision=button.revision, actor_id=ctx.user_id)
    if not await is_card(ctx, CardKind.REVIEW, article.id):
        await show_published(ctx, done)
        await ctx.answer_callback("noted")
        return
    await ctx.answer_callback("noted")
    await pause_notice.remind(ctx)


@router.callback(RejectReview, right=Right.PUBLISH)
async def on_reject(ctx: HandlerContext, button: RejectReview) -> None:
    """Prompt for the reason of a rejection; an item of a source is rejected without one."""
    article, services = await workable(ctx, button.article_id), ctx.services
    review = await services.reviews.get_open(article.id)
    if review.submitted_by is None:
        await services.reviews.drop(article.id, actor_id=ctx.user_id)
        await _settled(ctx, article, "gate-dropped")
        return
    await REJECTION.open(ctx, RejectionState(id=article.id, review=review.id))
    title = cut(article.content.title, _TITLE)
    await ctx.prompt("review-reason-ask", cancel_keyboard(ctx), id=article.id, title=title)


@router.callback(WithdrawReview, right=Right.WRITE)
async def on_withdraw(ctx: HandlerContext, button: WithdrawReview) -> None:
    """Withdraw an article from review."""
    article = await workable(ctx, button.article_id)
    await ctx.services.reviews.withdraw(article.id, actor_id=ctx.user_id)
    await _settled(ctx, article, "review-withdrawn-done")


@REJECTION.on_message
async def on_message(ctx: HandlerContext, state: RejectionState) -> None:
    """Reject with the reason in the message. Raises UserError where it is none, or where the review has ended."""
    if not may(ctx.role, Right.PUBLISH):
        raise UserError("not-allowed")
    reason = " ".join(ctx.words.split())
    if not any(letter.isalpha() for letter in reason):
        raise UserError("review-reason-wanted")
    if len(reason) > REASON_LIMIT:
        raise UserError("review-reason-too-long", most=REASON_LIMIT, length=len(reason))
    try:
        await ctx.services.reviews.reject(state.id, state.review, reason, actor_id=ctx.user_id)
    except ConflictError:
        await ctx.close_dialogue()
        raise
    await ctx.close_dialogue()
    await ctx.reply("review-rejected-done", id=state.id)


async def render_card(connection: Connection, card: Card, texts: Texts) -> Message | None:
    """Return how a review stands now, as its card says it; None where the article or the review is gone."""
    article = await articles.get(connection, card.subject_id)
    review = (await reviews.last(connection, [card.subject_id])).get(card.subject_id)
    if article is None or review is None:
        return None
    section = texts.apart(category_name(article.category, texts))
    facts = f"{texts.html('review-card', id=article.id)} · {escape(section)}"
    lines = [facts, "", f"<b>{escape(texts.line(article.content.title))}</b>"]
    firsts = await first_tellings(connection, [article])
    if before := first_report_note(article, firsts.get(article.id), texts):
        lines.append(before)
    if article.content.lead:
        lines += ["", escape(texts.line(cut(article.content.lead, _LEAD)))]
    if body := _beginning(article):
        lines += ["", escape(texts.line(body))]
    if review.submitted_by is None:
        who = origin_in_words((await source_names(connection, [article]))[article.id], texts)
    else:
        who = await name_of(connection, review.submitted_by)
    lines += ["", texts.html("review-handed-in", name=who, when=texts.short(review.submitted_at))]
    if review.state is ReviewState.OPEN:
        lines.append(f"{texts.html('review-waits')} {time_ago(review.submitted_at, now_ms(), texts)}")
        mine = card.chat_id == review.submitted_by
        return Message("\n".join(lines), review_buttons(article, texts, decides=True, mine=mine, card=True))
    lines.append(await _verdict(connection, review, texts))
    if review.state is not ReviewState.APPROVED or article.state is not ArticleState.PUBLISHED:
        return Message("\n".join(lines))
    after = (
        Button(texts("button-view"), OpenPreview(article.id).pack()),
        Button(texts("button-retract"), UndoOrRetract(article.id).pack()),
    )
    return Message("\n".join(lines), (after,))


async def _verdict(connection: Connection, review: Review, texts: Texts) -> str:
    name, when = await name_of(connection, review.decided_by), texts.short(review.decided_at or 0)
    verdict = texts.html(_VERDICTS[review.state], name=name, when=when)
    return verdict + (f"\n{texts.html('review-reason', reason=review.reason)}" if review.reason else "")


def _beginning(article: Article) -> str:
    """Return how the body begins, as plain text."""
    parts = [strip_tags(block.html or " ".join(block.items)) for block in article.content.body[:5]]
    return cut("\n".join(part for part in parts if part), _BODY)


async def _submit(ctx: HandlerContext, article: Article) -> None:
    submitted = await ctx.services.reviews.submit(article.id, actor_id=ctx.user_id)
    buttons = (
        Button(ctx.texts("button-view"), PreviewPage(article.id).pack()),
        Button(ctx.texts("button-review-withdraw"), WithdrawReview(article.id).pack()),
    )
    done = ctx.texts.html("review-submitted", id=article.id, title=submitted.content.title)
    await ctx.edit_or_send(Message(done, (buttons,)))


async def _settled(ctx: HandlerContext, article: Article, key: str) -> None:
    """Replace the preview with the outcome; a card shows it by itself."""
    if not await is_card(ctx, CardKind.REVIEW, article.id):
        view = Button(ctx.texts("button-view"), PreviewPage(article.id).pack())
        await ctx.edit_or_send(Message(ctx.texts.html(key, id=article.id, title=article.content.title), ((view,),)))
    await ctx.answer_callback("noted")


async def _queue(ctx: HandlerContext, offset: int) -> Message:
    """Return a page of everything that waits: first what people handed in, then what sources brought."""
    texts = ctx.texts
    async with ctx.services.database.read() as connection:
        queue, offset = await fetched_window(
            lambda at: reviews.queue(connection, limit=_QUEUE_PAGE + 1, offset=at), offset
        )
        page = queue[:_QUEUE_PAGE]
        ids = [review.article_id for review in page]
        by_id = {article.id: article for article in await articles.get_many(connection, ids)}
        names = {review.submitted_by: await name_of(connection, review.submitted_by) for review in page}
        brought_by = await source_names(connection, by_id.values())
    if not page:
        return Message(texts.html("waiting-empty"))
    lines, rows, now = [texts.html("waiting-title")], [], ctx.services.clock()
    for review in page:
        if (article := by_id.get(review.article_id)) is None:
            continue  # it is malformed, which the log and the operator's check tell
        number = texts.digits(str(article.id))
        who = names[review.submitted_by]
        if review.submitted_by is None:
            who = origin_in_words(brought_by[article.id], texts)
        ago = time_ago(review.submitted_at, now, texts)
        title = escape(texts.apart(cut(article.content.title, _TITLE)))
        lines.append(f"\n{texts.mark}<code>{number}</code> {title}\n{escape(texts.facts(who))} · {ago}")
        rows.append((Button(f"{number} · {cut(article.content.title, 40)}", ResendCard(article.id).pack()),))
    turns = turns_by_offset(texts, WaitingPage, offset, _QUEUE_PAGE, more=len(queue) > _QUEUE_PAGE)
    return Message("\n".join(lines), (*rows, *turns))
