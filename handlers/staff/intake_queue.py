"""The gate: what sources brought and nobody has looked at, oldest first, on a card and page by page.

Callback data: `gate:OFFSET` turns, `gate:(yes|drop):ARTICLE:REVISION:OFFSET` decides about one,
`gate:(all|sure):FIRST:COUNT:DIGEST` about all of a page: the first's review, how many, and what they were.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from bot.clock import now_ms
from bot.errors import ConflictError
from bot.locales.catalog import Texts
from bot.newsroom.review_steps import GATE
from bot.newsroom.stories import first_tellings
from bot.render.headline import category_name
from bot.render.html import cut, escape
from bot.render.message import Button, Keyboard, Message
from bot.render.story import FirstTelling, told_before
from handlers.core.context import HandlerContext
from handlers.core.labels import time_ago, turns_by_offset
from handlers.staff import pausing
from handlers.staff.drafts import workable
from storage import articles, cards, reviews
from storage.engine.connection import Connection
from storage.records import Article, Card, CardKind, Review

_PAGE = 5
_TITLE, _LEAD = 150, 200
_DIGEST = 16


@dataclass(frozen=True, slots=True)
class Item:
    """What waits: an article, its open review, and the article that told its story before."""

    review: Review
    article: Article
    first: FirstTelling | None


async def face(connection: Connection, _: Card, texts: Texts) -> Message:
    """Return the beginning of the queue, as everybody's card shows it."""
    return await _page(connection, texts, 0, now_ms())


async def turn(ctx: HandlerContext) -> None:
    """A press of a page button: `gate:OFFSET`. The card stays; the page that follows is a message of its own."""
    page = await _at(ctx, int(ctx.data.split(":")[1]))
    await (ctx.send(page) if await _on_card(ctx) else ctx.show(page))
    await ctx.toast()


async def decide(ctx: HandlerContext) -> None:
    """A press on one item: `gate:(yes|drop):ARTICLE:REVISION:OFFSET`."""
    _, what, article_id, revision, offset = ctx.data.split(":")
    found = await workable(ctx, int(article_id))
    try:
        if what == "yes":
            await ctx.services.reviews.approve(found.id, revision=int(revision), actor_id=ctx.user_id)
        else:
            await ctx.services.reviews.drop(found.id, actor_id=ctx.user_id)
    finally:
        # Done or refused, the page shows how things are; a card does so by itself.
        if not await _on_card(ctx):
            await ctx.show(await _at(ctx, int(offset)))
    await ctx.toast("noted")
    if what == "yes":
        await pausing.remind(ctx)


async def ask_all(ctx: HandlerContext) -> None:
    """A press that wants a whole page published: `gate:all:FIRST:COUNT:DIGEST` asks for a yes."""
    items = await _seen(ctx)
    texts, data = ctx.texts, ctx.data.replace(":all:", ":sure:")
    titles = [f"▪️ {escape(cut(one.article.content.title, _TITLE))}" for one in items]
    buttons = (
        Button(texts("button-yes-publish-all"), data),
        Button(texts("button-cancel"), "gate:no"),
    )
    question = texts.html("gate-all-sure", count=len(items))
    await ctx.send(Message("\n".join([question, *titles]), (buttons,)))


async def publish_all(ctx: HandlerContext) -> None:
    """The yes: `gate:sure:FIRST:COUNT:DIGEST` publishes exactly what was seen, or nothing."""
    seen = [(one.article.id, one.article.revision) for one in await _seen(ctx)]
    published = await ctx.services.reviews.approve_all(seen, actor_id=ctx.user_id)
    lines = [ctx.texts.html("gate-all-done", count=len(published))]
    lines += [f"▪️ {escape(cut(one.content.title, _TITLE))}" for one in published]
    await ctx.show(Message("\n".join(lines)))
    await ctx.toast("noted")
    await pausing.remind(ctx)


async def leave_all(ctx: HandlerContext) -> None:
    """The no: `gate:no`."""
    await ctx.show(Message(ctx.texts.html("cancelled")))


def source_of(article: Article, texts: Texts) -> str:
    """Return where an article of a source comes from, in a word."""
    return article.origin or texts("gate-title-plain")


def digest_of(items: Iterable[tuple[int, int]]) -> str:
    """Return what stands for items, each (review id, revision), in callback data."""
    return hashlib.sha256(repr(list(items)).encode()).hexdigest()[:_DIGEST]


async def _seen(ctx: HandlerContext) -> list[Item]:
    """Return the items that a press is about. Raises ConflictError where one of them is not as it was shown."""
    _, _, first, count, digest = ctx.data.split(":")
    async with ctx.services.database.read() as connection:
        items = await _items(connection, limit=int(count), from_id=int(first))
    if digest_of((one.review.id, one.article.revision) for one in items) != digest:
        raise ConflictError("gate-changed")
    return items


async def _at(ctx: HandlerContext, offset: int) -> Message:
    async with ctx.services.database.read() as connection:
        return await _page(connection, ctx.texts, offset, ctx.services.clock())


async def _on_card(ctx: HandlerContext) -> bool:
    async with ctx.services.database.read() as connection:
        return await cards.message_of(connection, CardKind.GATE, GATE, ctx.chat_id) == ctx.message_id


async def _items(connection: Connection, *, limit: int, offset: int = 0, from_id: int = 0) -> list[Item]:
    found = await reviews.waiting(connection, gate=True, limit=limit, offset=offset, from_id=from_id)
    named = {one.id: one for one in await articles.get_many(connection, [one.article_id for one in found])}
    firsts = await first_tellings(connection, named.values())
    return [Item(one, named[one.article_id], firsts.get(one.article_id)) for one in found]


async def _page(connection: Connection, texts: Texts, offset: int, now: int) -> Message:
    total = await reviews.count(connection, gate=True)
    if not total:
        return Message(texts.html("gate-empty"))
    # Where so much was decided that there is no such page any more, the first.
    offset = offset if offset < total else 0
    items = await _items(connection, limit=_PAGE, offset=offset)
    lines = [texts.html("gate-title", count=total)]
    rows: list[tuple[Button, ...]] = []
    for place, one in enumerate(items, offset + 1):
        lines += ["", *_lines(place, one, texts, now)]
        rows.append(_choices(place, one.article, texts, offset))
    return Message("\n".join(lines), (*rows, *_all(items, texts), *_turns(texts, offset, total)))


def _lines(place: int, one: Item, texts: Texts, now: int) -> list[str]:
    article = one.article
    number, title = texts.digits(str(article.id)), escape(texts.apart(cut(article.content.title, _TITLE)))
    lead = [escape(texts.line(cut(article.content.lead, _LEAD)))] if article.content.lead else []
    before = told_before(article, one.first, texts)
    facts = texts.facts(source_of(article, texts), category_name(article.category, texts))
    ago = time_ago(one.review.submitted_at, now, texts)
    head = f"{texts.mark}{texts.digits(str(place))}. <code>{number}</code> <b>{title}</b>"
    return [head, *([before] if before else []), *lead, f"{escape(facts)} · {ago}"]


def _choices(place: int, article: Article, texts: Texts, offset: int) -> tuple[Button, ...]:
    return (
        Button(texts("button-gate-publish", place=place), f"gate:yes:{article.id}:{article.revision}:{offset}"),
        Button(texts("button-gate-view", place=place), f"review:view:{article.id}"),
        Button(texts("button-gate-edit", place=place), f"review:edit:{article.id}"),
        Button(texts("button-gate-drop", place=place), f"gate:drop:{article.id}:{article.revision}:{offset}"),
    )


def _all(items: list[Item], texts: Texts) -> Keyboard:
    if len(items) < 2:
        return ()
    digest = digest_of((one.review.id, one.article.revision) for one in items)
    data = f"gate:all:{items[0].review.id}:{len(items)}:{digest}"
    return ((Button(texts("button-gate-all", count=len(items)), data),),)


def _turns(texts: Texts, offset: int, total: int) -> Keyboard:
    return turns_by_offset(texts, "gate", offset, _PAGE, more=offset + _PAGE < total)
