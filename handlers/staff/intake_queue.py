"""The gate: articles that sources brought and nobody has looked at, oldest first, on a card and page by page."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from bot.clock import now_ms
from bot.errors import ConflictError
from bot.locales.catalog import Texts
from bot.newsroom.callbacks import AskCopyEdit, EditInReview, OpenPreview
from bot.newsroom.permissions import Right
from bot.newsroom.review_steps import GATE
from bot.newsroom.stories import first_tellings
from bot.render.callback_data import ArticleId, CallbackData, Offset, RevisionNumber, number
from bot.render.headline import category_name
from bot.render.html import cut, escape
from bot.render.message import Button, Keyboard, Message
from bot.render.story import FirstTelling, told_before
from handlers.core.cards import is_card
from handlers.core.context import HandlerContext
from handlers.core.labels import time_ago, turns_by_offset
from handlers.core.router import Router
from handlers.staff import pause_notice
from handlers.staff.article_access import workable
from handlers.staff.callbacks import GatePage, OpenGate
from storage import articles, reviews
from storage.engine.connection import Connection
from storage.records import Article, ArticleRevision, Card, CardKind, Review

router = Router()

_PAGE = 5
_TITLE, _LEAD = 150, 200
_DIGEST = 16


@dataclass(frozen=True, slots=True)
class Item:
    """An article that waits, its open review, and the article that told its story before."""

    review: Review
    article: Article
    first: FirstTelling | None


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
    """Makes one item part of the story that it tells again; `offset` is that of the page it stands on."""

    article_id: ArticleId
    first_id: ArticleId
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


async def render_card(connection: Connection, _: Card, texts: Texts) -> Message:
    """Return the beginning of the queue, as everybody's card shows it."""
    return await _page(connection, texts, 0, now_ms())


@router.callback(GatePage, right=Right.PUBLISH)
async def on_page(ctx: HandlerContext, button: GatePage) -> None:
    """Show another page. The card stays; the page that follows is a message of its own."""
    page = await _at(ctx, button.offset)
    await (ctx.send(page) if await is_card(ctx, CardKind.GATE, GATE) else ctx.show(page))
    await ctx.toast()


@router.callback(OpenGate, right=Right.PUBLISH)
async def open_gate(ctx: HandlerContext, _button: OpenGate) -> None:
    """Answer with the first page of the queue."""
    await ctx.send(await _at(ctx, 0))


@router.callback(PublishItem, right=Right.PUBLISH)
async def publish(ctx: HandlerContext, button: PublishItem) -> None:
    """Publish one item."""
    article = await workable(ctx, button.article_id)
    try:
        await ctx.services.reviews.approve(article.id, revision=button.revision, actor_id=ctx.user_id)
    finally:
        await _show_how_things_stand(ctx, button.offset)
    await ctx.toast("noted")
    await pause_notice.remind(ctx)


@router.callback(DropItem, right=Right.PUBLISH)
async def drop(ctx: HandlerContext, button: DropItem) -> None:
    """Put one item away."""
    article = await workable(ctx, button.article_id)
    try:
        await ctx.services.reviews.drop(article.id, actor_id=ctx.user_id)
    finally:
        await _show_how_things_stand(ctx, button.offset)
    await ctx.toast("noted")


@router.callback(JoinItem, right=Right.PUBLISH)
async def join(ctx: HandlerContext, button: JoinItem) -> None:
    """Make one item part of the story that it tells again."""
    article = await workable(ctx, button.article_id)
    try:
        await ctx.services.reviews.get_open(article.id)
        await ctx.services.story_joining.join(article.id, button.first_id, actor_id=ctx.user_id)
    finally:
        await _show_how_things_stand(ctx, button.offset)
    await ctx.toast("noted")


@router.callback(AskAll, right=Right.PUBLISH)
async def ask_all(ctx: HandlerContext, button: AskAll) -> None:
    """Ask whether to publish a whole page."""
    items, texts = await _seen(ctx, button), ctx.texts
    titles = [f"▪️ {escape(cut(item.article.content.title, _TITLE))}" for item in items]
    buttons = (
        Button(texts("button-yes-publish-all"), PublishAll(button.first_id, button.count, button.digest).pack()),
        Button(texts("button-cancel"), LeaveAll().pack()),
    )
    question = texts.html("gate-all-sure", count=len(items))
    await ctx.send(Message("\n".join([question, *titles]), (buttons,)))


@router.callback(PublishAll, right=Right.PUBLISH)
async def publish_all(ctx: HandlerContext, button: PublishAll) -> None:
    """Publish exactly what was seen, or nothing."""
    seen = [ArticleRevision(item.article.id, item.article.revision) for item in await _seen(ctx, button)]
    published = await ctx.services.reviews.approve_all(seen, actor_id=ctx.user_id)
    lines = [ctx.texts.html("gate-all-done", count=len(published))]
    lines += [f"▪️ {escape(cut(article.content.title, _TITLE))}" for article in published]
    await ctx.show(Message("\n".join(lines)))
    await ctx.toast("noted")
    await pause_notice.remind(ctx)


@router.callback(LeaveAll, right=Right.PUBLISH)
async def leave_all(ctx: HandlerContext, _button: LeaveAll) -> None:
    """Leave a page as it is."""
    await ctx.show(Message(ctx.texts.html("cancelled")))


def source_of(article: Article, texts: Texts) -> str:
    """Return where an article of a source comes from, in a word."""
    return article.origin or texts("gate-title-plain")


def digest_of(items: Iterable[tuple[int, int]]) -> str:
    """Return what stands for items, each (review id, revision), in callback data."""
    return hashlib.sha256(repr(list(items)).encode()).hexdigest()[:_DIGEST]


async def _show_how_things_stand(ctx: HandlerContext, offset: int) -> None:
    """Show the page anew after a decision, done or refused; a card is drawn anew by itself."""
    if not await is_card(ctx, CardKind.GATE, GATE):
        await ctx.show(await _at(ctx, offset))


async def _seen(ctx: HandlerContext, page: SeenPage) -> list[Item]:
    """Return the items that a press is about. Raises ConflictError where one of them is not as it was shown."""
    async with ctx.services.database.read() as connection:
        items = await _items(connection, limit=page.count, from_id=page.first_id)
    if digest_of((item.review.id, item.article.revision) for item in items) != page.digest:
        raise ConflictError("gate-changed")
    return items


async def _at(ctx: HandlerContext, offset: int) -> Message:
    async with ctx.services.database.read() as connection:
        return await _page(connection, ctx.texts, offset, ctx.services.clock())


async def _items(connection: Connection, *, limit: int, offset: int = 0, from_id: int = 0) -> list[Item]:
    waiting = await reviews.waiting(connection, gate=True, limit=limit, offset=offset, from_id=from_id)
    ids = [review.article_id for review in waiting]
    by_id = {article.id: article for article in await articles.get_many(connection, ids)}
    firsts = await first_tellings(connection, by_id.values())
    return [Item(review, by_id[review.article_id], firsts.get(review.article_id)) for review in waiting]


async def _page(connection: Connection, texts: Texts, offset: int, now: int) -> Message:
    total = await reviews.count(connection, gate=True)
    if not total:
        return Message(texts.html("gate-empty"))
    # Where so much was decided that there is no such page any more, the first.
    offset = offset if offset < total else 0
    items = await _items(connection, limit=_PAGE, offset=offset)
    lines = [texts.html("gate-title", count=total)]
    rows: list[tuple[Button, ...]] = []
    for place, item in enumerate(items, offset + 1):
        lines += ["", *_lines(place, item, texts, now)]
        rows += _choices(place, item, texts, offset)
    return Message("\n".join(lines), (*rows, *_all(items, texts), *_turns(texts, offset, total)))


def _lines(place: int, item: Item, texts: Texts, now: int) -> list[str]:
    article = item.article
    id_, title = texts.digits(str(article.id)), escape(texts.apart(cut(article.content.title, _TITLE)))
    lead = [escape(texts.line(cut(article.content.lead, _LEAD)))] if article.content.lead else []
    before = told_before(article, item.first, texts)
    facts = texts.facts(source_of(article, texts), category_name(article.category, texts))
    ago = time_ago(item.review.submitted_at, now, texts)
    head = f"{texts.mark}{texts.digits(str(place))}. <code>{id_}</code> <b>{title}</b>"
    return [head, *([before] if before else []), *lead, f"{escape(facts)} · {ago}"]


def _choices(place: int, item: Item, texts: Texts, offset: int) -> Keyboard:
    id_, revision = item.article.id, item.article.revision
    known = told_before(item.article, item.first, texts) != ""
    publish = "button-gate-anyway" if known else "button-gate-publish"
    decide = (
        Button(texts(publish, place=place), PublishItem(id_, revision, offset).pack()),
        Button(texts("button-gate-view", place=place), OpenPreview(id_).pack()),
        Button(texts("button-gate-edit", place=place), EditInReview(id_).pack()),
        Button(texts("button-gate-copy", place=place), AskCopyEdit(id_).pack()),
        Button(texts("button-gate-drop", place=place), DropItem(id_, revision, offset).pack()),
    )
    if not known or item.first is None:
        return (decide,)
    first_id = item.first.article.id
    join_ = Button(texts("button-gate-join", place=place, id=first_id), JoinItem(id_, first_id, offset).pack())
    return ((join_,), decide)


def _all(items: list[Item], texts: Texts) -> Keyboard:
    if len(items) < 2:
        return ()
    digest = digest_of((item.review.id, item.article.revision) for item in items)
    button = AskAll(items[0].review.id, len(items), digest)
    return ((Button(texts("button-gate-all", count=len(items)), button.pack()),),)


def _turns(texts: Texts, offset: int, total: int) -> Keyboard:
    return turns_by_offset(texts, GatePage, offset, _PAGE, more=offset + _PAGE < total)
