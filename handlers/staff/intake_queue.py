"""The gate: articles that sources brought and nobody has looked at, oldest first, on a card and page by page.

What is decided keeps its place on the card or page, until that is refreshed.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated

from bot.clock import now_ms
from bot.errors import ConflictError
from bot.locales.catalog import Texts
from bot.newsroom.callbacks import AskCopyEdit, EditInReview, OpenPreview
from bot.newsroom.permissions import Right
from bot.newsroom.review_steps import GATE
from bot.newsroom.stories import first_tellings, source_names
from bot.render.article import paging
from bot.render.callback_data import ArticleId, CallbackData, Offset, RevisionNumber, number
from bot.render.callbacks import SettledRow
from bot.render.headline import category_name
from bot.render.html import cut, escape
from bot.render.message import Button, ButtonStyle, Keyboard, Message
from bot.render.story import FirstReport, first_report_note
from handlers.core.cards import is_card
from handlers.core.context import HandlerContext
from handlers.core.keyboards import question_keyboard
from handlers.core.labels import origin_in_words, state_in_words, time_ago
from handlers.core.router import Router
from handlers.staff import pause_notice, retraction_reason
from handlers.staff.article_access import workable
from handlers.staff.callbacks import GatePage, OpenGate
from handlers.staff.list_rows import row_ids
from storage import articles, reviews
from storage.engine.connection import Connection
from storage.records import Article, ArticleRevision, ArticleState, Card, CardKind, Review, ReviewState

router = Router()

_PAGE = 5
_TITLE, _LEAD = 150, 200
_DIGEST = 16


@dataclass(frozen=True, slots=True)
class Item:
    """An article that waits or has waited, its last review, and the article that reported its story before.

    `source` is the name of the source that brought it, "" where that is unknown.
    """

    review: Review
    article: Article
    first: FirstReport | None
    source: str

    @property
    def waits(self) -> bool:
        """True while nobody has decided about it."""
        return self.review.state is ReviewState.OPEN

    @property
    def retells(self) -> bool:
        """True where readers have the article that reported its story before."""
        return self.first is not None and self.first.article.state is ArticleState.PUBLISHED


@dataclass(frozen=True, slots=True)
class PublishItem(CallbackData, prefix="gate:yes"):
    """Publishes one item at the revision that was seen; `offset` is that of the page it stands on."""

    article_id: ArticleId
    revision: RevisionNumber
    offset: Offset


@dataclass(frozen=True, slots=True)
class DropItem(CallbackData, prefix="gate:drop"):
    """Puts one item away; `offset` is that of the page it stands on."""

    article_id: ArticleId
    revision: RevisionNumber
    offset: Offset


@dataclass(frozen=True, slots=True)
class JoinItem(CallbackData, prefix="gate:join"):
    """Makes one item, at the revision that was seen, part of the story that it tells again.

    `offset` is that of the page it stands on.
    """

    article_id: ArticleId
    revision: RevisionNumber
    first_id: ArticleId
    offset: Offset


@dataclass(frozen=True, slots=True)
class UndoOrRetractItem(CallbackData, prefix="gate:back"):
    """Undoes or retracts the publication of one item; `offset` is that of the page it stands on."""

    article_id: ArticleId
    offset: Offset


@dataclass(frozen=True, slots=True)
class RefreshGate(CallbackData, prefix="gate:fresh"):
    """Shows the queue as it is now, in the place of a page or card."""

    offset: Offset


@dataclass(frozen=True, slots=True)
class SeenPage(CallbackData):
    """All items of a page as they were seen: the first's review, how many they are, and what they were."""

    first_id: Annotated[int, number(15)]
    count: Annotated[int, "[1-5]"]
    digest: Annotated[str, "[0-9a-f]{16}"]


@dataclass(frozen=True, slots=True)
class AskAll(SeenPage, prefix="gate:all"):
    """Asks whether to publish a whole page."""


@dataclass(frozen=True, slots=True)
class PublishAll(SeenPage, prefix="gate:sure"):
    """Publishes a whole page."""


@dataclass(frozen=True, slots=True)
class LeaveAll(CallbackData, prefix="gate:no"):
    """Leaves a page as it is."""


async def render_card(connection: Connection, card: Card, texts: Texts) -> Message:
    """Return the beginning of the queue, as everybody's card shows it."""
    queued = await reviews.gate_as_of(connection, card.queue_at, limit=_PAGE)
    return await _page(connection, texts, await _items(connection, queued), offset=0, now=now_ms())


@router.callback(GatePage, right=Right.PUBLISH)
async def on_page(ctx: HandlerContext, button: GatePage) -> None:
    """Show another page. The card stays; the page that follows is a message of its own."""
    page = await _queue_page(ctx, button.offset)
    await (ctx.send(page) if await is_card(ctx, CardKind.GATE, GATE) else ctx.edit_or_send(page))
    await ctx.answer_callback()


@router.callback(OpenGate, right=Right.PUBLISH)
async def open_gate(ctx: HandlerContext, _button: OpenGate) -> None:
    """Answer with the first page of the queue."""
    await ctx.send(await _queue_page(ctx, 0))


@router.callback(RefreshGate, right=Right.PUBLISH)
async def refresh(ctx: HandlerContext, button: RefreshGate) -> None:
    """Show the queue as it is now."""
    if await is_card(ctx, CardKind.GATE, GATE):
        await ctx.services.reviews.renew_gate_card(ctx.chat_id)
    else:
        await ctx.edit_or_send(await _queue_page(ctx, button.offset))
    await ctx.answer_callback("noted")


@router.callback(PublishItem, right=Right.PUBLISH)
async def publish(ctx: HandlerContext, button: PublishItem) -> None:
    """Publish one item."""
    article = await workable(ctx, button.article_id)
    try:
        await ctx.services.reviews.approve(article.id, revision=button.revision, actor_id=ctx.user_id)
    finally:
        await _refresh_page(ctx, button.offset)
    await ctx.answer_callback("noted")
    await pause_notice.remind(ctx)


@router.callback(DropItem, right=Right.PUBLISH)
async def drop(ctx: HandlerContext, button: DropItem) -> None:
    """Drop one item."""
    article = await workable(ctx, button.article_id)
    try:
        await ctx.services.reviews.drop(article.id, actor_id=ctx.user_id)
    finally:
        await _refresh_page(ctx, button.offset)
    await ctx.answer_callback("noted")


@router.callback(JoinItem, right=Right.PUBLISH)
async def join(ctx: HandlerContext, button: JoinItem) -> None:
    """Make one item part of the story that it tells again."""
    article = await workable(ctx, button.article_id)
    try:
        await ctx.services.reviews.get_open(article.id)
        await ctx.services.story_joining.join(
            article.id, button.first_id, actor_id=ctx.user_id, expected=button.revision
        )
    finally:
        await _refresh_page(ctx, button.offset)
    await ctx.answer_callback("noted")


@router.callback(UndoOrRetractItem, right=Right.PUBLISH)
async def on_undo_item(ctx: HandlerContext, button: UndoOrRetractItem) -> None:
    """Undo the publication of one item, or ask for the reason of its retraction."""
    try:
        await retraction_reason.undo_or_prompt_for_reason(ctx, await workable(ctx, button.article_id))
    finally:
        await _refresh_page(ctx, button.offset)
    await ctx.answer_callback("noted")


@router.callback(AskAll, right=Right.PUBLISH)
async def confirm_all(ctx: HandlerContext, button: AskAll) -> None:
    """Ask whether to publish a whole page."""
    items, texts = await _unchanged_items(ctx, button), ctx.texts
    titles = [f"▪️ {escape(cut(item.article.content.title, _TITLE))}" for item in items]
    yes = Button(
        texts("button-yes-publish-all"),
        PublishAll(button.first_id, button.count, button.digest).pack(),
        style=ButtonStyle.SUCCESS,
    )
    no = Button(texts("button-cancel"), LeaveAll().pack())
    question = texts.html("gate-all-sure", count=len(items))
    await ctx.send(Message("\n".join([question, *titles]), question_keyboard(ctx, yes, no)))


@router.callback(PublishAll, right=Right.PUBLISH)
async def publish_all(ctx: HandlerContext, button: PublishAll) -> None:
    """Publish exactly what was seen, or nothing."""
    seen = [ArticleRevision(item.article.id, item.article.revision) for item in await _unchanged_items(ctx, button)]
    published = await ctx.services.reviews.approve_all(seen, actor_id=ctx.user_id)
    lines = [ctx.texts.html("gate-all-done", count=len(published))]
    lines += [f"▪️ {escape(cut(article.content.title, _TITLE))}" for article in published]
    await ctx.edit_or_send(
        Message("\n".join(lines), tuple(_outcome_row(article, ctx.texts) for article in published))
    )
    await ctx.answer_callback("noted")
    await pause_notice.remind(ctx)


@router.callback(LeaveAll, right=Right.PUBLISH)
async def leave_all(ctx: HandlerContext, _button: LeaveAll) -> None:
    """Leave a page as it is."""
    await ctx.edit_or_send(Message(ctx.texts.html("cancelled")))


def digest_of(items: Iterable[tuple[int, int]]) -> str:
    """Return what stands for items, each (review id, revision), in callback data."""
    return hashlib.sha256(repr(list(items)).encode()).hexdigest()[:_DIGEST]


async def _refresh_page(ctx: HandlerContext, offset: int) -> None:
    """Show after a decision, done or refused, how the items of the page stand; a card is drawn anew by itself."""
    if await is_card(ctx, CardKind.GATE, GATE):
        return
    ids = row_ids(ctx, OpenPreview, lambda row: row.article_id)
    async with ctx.services.database.read() as connection:
        queued = await reviews.last(connection, ids)
        items = await _items(connection, [queued[article_id] for article_id in ids if article_id in queued])
        page = await _page(connection, ctx.texts, items, offset=offset, now=ctx.services.clock())
    await ctx.edit_or_send(page)


async def _unchanged_items(ctx: HandlerContext, page: SeenPage) -> list[Item]:
    """Return the items that a press is about. Raises ConflictError where one of them is not as it was shown."""
    async with ctx.services.database.read() as connection:
        queued = await reviews.waiting(connection, gate=True, limit=page.count, from_id=page.first_id)
        items = await _items(connection, queued)
    if digest_of((item.review.id, item.article.revision) for item in items) != page.digest:
        raise ConflictError("gate-changed")
    return items


async def _queue_page(ctx: HandlerContext, offset: int) -> Message:
    async with ctx.services.database.read() as connection:
        total = await reviews.count(connection, gate=True)
        # Where so much was decided that there is no such page any more, the first.
        offset = offset if offset < total else 0
        queued = await reviews.waiting(connection, gate=True, limit=_PAGE, offset=offset)
        items = await _items(connection, queued)
        return await _page(connection, ctx.texts, items, offset=offset, now=ctx.services.clock())


async def _items(connection: Connection, queued: Sequence[Review]) -> list[Item]:
    ids = [review.article_id for review in queued]
    by_id = {article.id: article for article in await articles.get_many(connection, ids)}
    firsts = await first_tellings(connection, by_id.values())
    names = await source_names(connection, by_id.values())
    return [
        Item(review, by_id[review.article_id], firsts.get(review.article_id), names[review.article_id])
        for review in queued
        if review.article_id in by_id
    ]


async def _page(connection: Connection, texts: Texts, items: Sequence[Item], *, offset: int, now: int) -> Message:
    """Return the items, of which those that wait are the queue's behind `offset`, and the way to the others."""
    total = await reviews.count(connection, gate=True)
    lines = [texts.html("gate-title", count=total) if total else texts.html("gate-empty")]
    rows: list[tuple[Button, ...]] = []
    for item in items:
        lines += ["", *_lines(item, texts, now)]
        rows += _choices(item, texts, offset) if item.waits else _settled(item, texts, offset)
    waiting = [item for item in items if item.waits]
    if not total and not items:
        return Message("\n".join(lines))
    refresh = (Button(texts("button-refresh"), RefreshGate(offset).pack()),)
    ways = _paging(texts, offset, behind=offset + len(waiting), total=total)
    return Message("\n".join(lines), (*rows, *_publish_all_row(waiting, texts), *ways, refresh))


def _lines(item: Item, texts: Texts, now: int) -> list[str]:
    article = item.article
    id_ = f"{texts.mark}<code>{texts.digits(str(article.id))}</code>"
    if article.state is ArticleState.RETRACTED:
        # Its title must not be repeated, not even here.
        return [f"{id_} {escape(state_in_words(article, texts))}"]
    head = f"{id_} <b>{escape(texts.apart(cut(article.content.title, _TITLE)))}</b>"
    lead = [escape(texts.line(cut(article.content.lead, _LEAD)))] if article.content.lead else []
    if not item.waits:
        return [head, *lead, escape(state_in_words(article, texts))]
    before = first_report_note(article, item.first, texts)
    facts = texts.facts(origin_in_words(item.source, texts), category_name(article.category, texts))
    ago = time_ago(item.review.submitted_at, now, texts)
    return [head, *([before] if before else []), *lead, f"{escape(facts)} · {ago}"]


def _choices(item: Item, texts: Texts, offset: int) -> Keyboard:
    id_, revision = item.article.id, item.article.revision
    publish = "button-gate-anyway" if item.retells else "button-gate-publish"
    decide = (
        Button(texts(publish, id=id_), PublishItem(id_, revision, offset).pack(), style=ButtonStyle.SUCCESS),
        Button(texts("button-gate-drop", id=id_), DropItem(id_, revision, offset).pack()),
    )
    copy = Button(texts("button-gate-copy", id=id_), AskCopyEdit(id_).pack())
    rows = (decide, (*_view_buttons(id_, texts), copy))
    if not item.retells or item.first is None:
        return rows
    first_id = item.first.article.id
    join_ = JoinItem(id_, revision, first_id, offset).pack()
    return ((Button(texts("button-gate-join", id=id_, first=first_id), join_),), *rows)


def _settled(item: Item, texts: Texts, offset: int) -> Keyboard:
    """Return the rows of an item that is decided: as many as it had, so that those below stay where they are."""
    rows = (_outcome_row(item.article, texts, offset), _view_buttons(item.article.id, texts))
    if not item.retells:
        return rows
    return ((Button(_outcome(item.article, texts), SettledRow(item.article.id).pack()),), *rows)


def _outcome_row(article: Article, texts: Texts, offset: int = 0) -> tuple[Button, ...]:
    """Return what became of an article; one that is published can be retracted right there."""
    done = Button(_outcome(article, texts), OpenPreview(article.id).pack())
    if article.state is not ArticleState.PUBLISHED:
        return (done,)
    return (done, Button(texts("button-gate-back", id=article.id), UndoOrRetractItem(article.id, offset).pack()))


def _outcome(article: Article, texts: Texts) -> str:
    return f"{state_in_words(article, texts)} {texts.digits(str(article.id))}"


def _view_buttons(article_id: int, texts: Texts) -> tuple[Button, ...]:
    return (
        Button(texts("button-gate-view", id=article_id), OpenPreview(article_id).pack()),
        Button(texts("button-gate-edit", id=article_id), EditInReview(article_id).pack()),
    )


def _publish_all_row(items: Sequence[Item], texts: Texts) -> Keyboard:
    if len(items) < 2:
        return ()
    digest = digest_of((item.review.id, item.article.revision) for item in items)
    button = AskAll(items[0].review.id, len(items), digest)
    return ((Button(texts("button-gate-all", count=len(items)), button.pack()),),)


def _paging(texts: Texts, offset: int, *, behind: int, total: int) -> Keyboard:
    before = GatePage(max(0, offset - _PAGE)).pack() if offset else ""
    return paging(texts, before, GatePage(behind).pack() if behind < total else "")
