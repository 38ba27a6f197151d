"""/submit and /approve: an article is handed in, and whoever may publish decides about it, on a card or a preview.

What is pressed on a card only acts: the card is drawn anew from its rows, for everybody who has one.
"""

from typing import Any

from bot.clock import now_ms
from bot.errors import ConflictError, UserError
from bot.locales.catalog import Texts
from bot.newsroom.names import name_of
from bot.newsroom.permissions import Right, may
from bot.newsroom.reviews import REASON_LIMIT
from bot.newsroom.stories import first_tellings
from bot.render.headline import category_name
from bot.render.html import cut, escape, strip_tags
from bot.render.message import Button, Message
from bot.render.story import told_before
from handlers.core.context import HandlerContext
from handlers.core.keyboards import cancel_keyboard
from handlers.core.labels import time_ago, turns_by_offset
from handlers.staff import editing, intake_queue, pausing
from handlers.staff.drafts import asked, published, send_preview, workable
from handlers.staff.review_buttons import review_buttons
from storage import articles, cards, reviews
from storage.engine.connection import Connection
from storage.records import Article, Card, CardKind, Review, ReviewState

DIALOGUE = "reject"
"""The dialogue in which the reason of a rejection is written; data: id, review."""

_LEAD, _BODY, _TITLE = 500, 600, 150
_QUEUE_PAGE = 8
_VERDICTS = {
    ReviewState.APPROVED: "review-approved",
    ReviewState.REJECTED: "review-rejected",
    ReviewState.WITHDRAWN: "review-withdrawn",
}


async def submit(ctx: HandlerContext) -> None:
    """/submit ID."""
    await _submit(ctx, await asked(ctx, "submit-usage"))


async def press_submit(ctx: HandlerContext) -> None:
    """A press under a draft's preview: `submit:ARTICLE`."""
    await _submit(ctx, await workable(ctx, int(ctx.data.split(":")[1])))
    await ctx.toast("noted")


async def approve(ctx: HandlerContext) -> None:
    """/approve ID: the review's card; alone, everything that waits."""
    if not ctx.words:
        await ctx.send(await _queue(ctx, 0))
        return
    found = await asked(ctx, "approve-usage")
    await ctx.services.reviews.call_card(found.id, ctx.chat_id)


async def turn_waiting(ctx: HandlerContext) -> None:
    """A press of a page button under what waits: `waiting:OFFSET`."""
    await ctx.show(await _queue(ctx, int(ctx.data.split(":")[1])))


async def press(ctx: HandlerContext) -> None:
    """A press on an article in review: `review:(view|edit|show|no|back):ARTICLE`, `review:yes:ARTICLE:REVISION`."""
    _, what, article_id, *revision = ctx.data.split(":")
    found = await workable(ctx, int(article_id))
    if what == "view":
        await send_preview(ctx, found)
    elif what == "edit":
        await editing.edit(ctx.as_command(article_id))
    elif what == "show":
        await ctx.services.reviews.call_card(found.id, ctx.chat_id)
    elif what == "yes":
        await _approve(ctx, found, int(revision[0]))
    elif what == "no":
        await _reject(ctx, found)
    else:
        await ctx.services.reviews.withdraw(found.id, actor_id=ctx.user_id)
        await _settled(ctx, found, "review-withdrawn-done")


async def hear(ctx: HandlerContext, data: dict[str, Any]) -> None:
    """The reason of a rejection. Raises UserError where it is none, and where the review is over by now."""
    if not may(ctx.role, Right.PUBLISH):
        raise UserError("not-allowed")
    reason = " ".join(ctx.words.split())
    if not any(letter.isalpha() for letter in reason):
        raise UserError("review-reason-wanted")
    if len(reason) > REASON_LIMIT:
        raise UserError("review-reason-too-long", most=REASON_LIMIT, length=len(reason))
    try:
        await ctx.services.reviews.reject(data["id"], data["review"], reason, actor_id=ctx.user_id)
    except ConflictError:
        await ctx.close_dialogue()
        raise
    await ctx.close_dialogue()
    await ctx.say("review-rejected-done", id=data["id"])


async def face(connection: Connection, card: Card, texts: Texts) -> Message | None:
    """Return how a review stands now, as its card says it; None where the article or the review is gone."""
    article = await articles.get(connection, card.subject_id)
    review = (await reviews.last(connection, [card.subject_id])).get(card.subject_id)
    if article is None or review is None:
        return None
    section = texts.apart(category_name(article.category, texts))
    facts = f"{texts.html('review-card', id=article.id)} · {escape(section)}"
    lines = [facts, "", f"<b>{escape(texts.line(article.content.title))}</b>"]
    firsts = await first_tellings(connection, [article])
    if before := told_before(article, firsts.get(article.id), texts):
        lines.append(before)
    if article.content.lead:
        lines += ["", escape(texts.line(cut(article.content.lead, _LEAD)))]
    if body := _beginning(article):
        lines += ["", escape(texts.line(body))]
    who = (
        intake_queue.source_of(article, texts)
        if review.submitted_by is None
        else await name_of(connection, review.submitted_by)
    )
    lines += ["", texts.html("review-handed-in", name=who, when=texts.short(review.submitted_at))]
    if review.state is ReviewState.OPEN:
        lines.append(f"{texts.html('review-waits')} {time_ago(review.submitted_at, now_ms(), texts)}")
        mine = card.chat_id == review.submitted_by
        return Message("\n".join(lines), review_buttons(article, texts, decides=True, mine=mine, card=True))
    lines.append(await _verdict(connection, review, texts))
    return Message("\n".join(lines))


async def _verdict(connection: Connection, review: Review, texts: Texts) -> str:
    name, when = await name_of(connection, review.decided_by), texts.short(review.decided_at or 0)
    verdict = texts.html(_VERDICTS[review.state], name=name, when=when)
    return verdict + (f"\n{texts.html('review-reason', reason=review.reason)}" if review.reason else "")


def _beginning(article: Article) -> str:
    """Return how the body begins, as plain text."""
    parts = [strip_tags(block.html or " ".join(block.items)) for block in article.content.body[:5]]
    return cut("\n".join(part for part in parts if part), _BODY)


async def _submit(ctx: HandlerContext, found: Article) -> None:
    submitted = await ctx.services.reviews.submit(found.id, actor_id=ctx.user_id)
    buttons = (
        Button(ctx.texts("button-view"), f"view:{found.id}:0"),
        Button(ctx.texts("button-review-withdraw"), f"review:back:{found.id}"),
    )
    done = ctx.texts.html("review-submitted", id=found.id, title=submitted.content.title)
    await ctx.show(Message(done, (buttons,)))


async def _approve(ctx: HandlerContext, found: Article, revision: int) -> None:
    done = await ctx.services.reviews.approve(found.id, revision=revision, actor_id=ctx.user_id)
    if not await is_card(ctx, CardKind.REVIEW, found.id):
        await ctx.show(await published(ctx, done))
        await ctx.toast("noted")
        return
    await ctx.toast("noted")
    await pausing.remind(ctx)


async def _reject(ctx: HandlerContext, found: Article) -> None:
    """Ask for the reason; nobody wrote what a source brought, and nobody is told one."""
    services = ctx.services
    review = await services.reviews.open_one(found.id)
    if review.submitted_by is None:
        await services.reviews.drop(found.id, actor_id=ctx.user_id)
        await _settled(ctx, found, "gate-dropped")
        return
    data = {"id": found.id, "review": review.id}
    await ctx.open_dialogue(DIALOGUE, data)
    title = cut(found.content.title, _TITLE)
    await ctx.ask("review-reason-ask", cancel_keyboard(ctx), id=found.id, title=title)


async def _settled(ctx: HandlerContext, found: Article, key: str) -> None:
    """Say what was done in the place of the preview; a card says it by itself."""
    if not await is_card(ctx, CardKind.REVIEW, found.id):
        button = Button(ctx.texts("button-view"), f"view:{found.id}:0")
        await ctx.show(Message(ctx.texts.html(key, id=found.id, title=found.content.title), ((button,),)))
    await ctx.toast("noted")


async def is_card(ctx: HandlerContext, kind: CardKind, subject_id: int) -> bool:
    """Tell whether the message whose button was pressed is the chat's card of that subject."""
    async with ctx.services.database.read() as connection:
        return await cards.message_of(connection, kind, subject_id, ctx.chat_id) == ctx.message_id


async def _queue(ctx: HandlerContext, offset: int) -> Message:
    """Return a page of everything that waits: first what people handed in, then what sources brought."""
    texts = ctx.texts
    async with ctx.services.database.read() as connection:
        found = await reviews.queue(connection, limit=_QUEUE_PAGE + 1, offset=offset)
        if not found and offset:
            # Those of this page are decided meanwhile.
            offset, found = 0, await reviews.queue(connection, limit=_QUEUE_PAGE + 1)
        page = found[:_QUEUE_PAGE]
        named = {one.id: one for one in await articles.get_many(connection, [one.article_id for one in page])}
        names = {one.submitted_by: await name_of(connection, one.submitted_by) for one in page}
    if not page:
        return Message(texts.html("waiting-empty"))
    lines, rows, now = [texts.html("waiting-title")], [], ctx.services.clock()
    for one in page:
        article = named[one.article_id]
        number = texts.digits(str(article.id))
        who = intake_queue.source_of(article, texts) if one.submitted_by is None else names[one.submitted_by]
        ago = time_ago(one.submitted_at, now, texts)
        title = escape(texts.apart(cut(article.content.title, _TITLE)))
        lines.append(f"\n{texts.mark}<code>{number}</code> {title}\n{escape(texts.facts(who))} · {ago}")
        rows.append((Button(f"{number} · {cut(article.content.title, 24)}", f"review:show:{article.id}"),))
    turns = turns_by_offset(texts, "waiting", offset, _QUEUE_PAGE, more=len(found) > _QUEUE_PAGE)
    return Message("\n".join(lines), (*rows, *turns))
