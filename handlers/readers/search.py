"""Search, by command or by writing words in a private chat."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from bot.audience.subscription_request import words_request
from bot.bounds import QUERY
from bot.errors import UserError
from bot.locales.catalog import Texts
from bot.newsroom.relevance import RANKED, by_relevance
from bot.render.callback_data import NEWEST, CallbackData, Cursor, number
from bot.render.headline import category_name
from bot.render.html import escape
from bot.render.listing import PAGE_SIZE, listing
from bot.render.message import Button, Keyboard, Message
from bot.render.snippet import snippet, text_under_title
from handlers.core.callbacks import FollowSearch
from handlers.core.context import HandlerContext
from handlers.core.labels import turns_by_offset, window
from handlers.core.router import Place, Router
from handlers.readers import search_suggestions
from handlers.readers.headline_pages import HeadlinePage, page_buttons
from handlers.readers.search_request import SearchRequest, today, understand
from persian.period import Period
from storage import articles
from storage import search as index
from storage.records import Article

router = Router()


@dataclass(frozen=True, slots=True)
class HitsPage(CallbackData, prefix="find"):
    """A page of hits, the newest first."""

    cursor: Cursor


@dataclass(frozen=True, slots=True)
class ClosestHits(CallbackData, prefix="find:r"):
    """A page of the hits that are closest to the search."""

    offset: Annotated[int, number(3)]


@dataclass(frozen=True, slots=True)
class OtherSearch(CallbackData, prefix="seek"):
    """Searches for other words that the message offers."""

    place: Annotated[int, "[1-9]"]


@router.command("search", place=Place.ANYWHERE)
async def search(ctx: HandlerContext) -> None:
    """/search WORDS, or the words alone."""
    if not ctx.words:
        await ctx.reply("search-usage")
        return
    await ctx.send_to_asker(await _hits(ctx, QUERY.cut(ctx.words), NEWEST))


@router.callback(HitsPage, place=Place.ANYWHERE)
async def on_hits_page(ctx: HandlerContext, button: HitsPage) -> None:
    """Show another page of the newest hits; the words of the search stand in the message, as code."""
    await ctx.edit_or_send(await _hits(ctx, _codes(ctx)[0], button.cursor))


@router.callback(ClosestHits, place=Place.ANYWHERE)
async def on_closest_page(ctx: HandlerContext, button: ClosestHits) -> None:
    """Show a page of the closest hits; the words of the search stand in the message, as code."""
    await ctx.edit_or_send(await _closest(ctx, _codes(ctx)[0], button.offset))


@router.callback(OtherSearch, place=Place.ANYWHERE)
async def search_other(ctx: HandlerContext, button: OtherSearch) -> None:
    """Search for other words that were offered where nothing was found; they stand in the message, as code.

    In place of the offers stands what was found; a second press then finds no such button.
    """
    markup = ctx.message.reply_markup
    offered = [button.callback_data for row in markup.inline_keyboard for button in row] if markup else []
    if ctx.data not in offered:
        raise UserError("stale-button")
    await ctx.edit_or_send(await _hits(ctx, _codes(ctx)[button.place], NEWEST))


def _codes(ctx: HandlerContext) -> list[str]:
    return list(ctx.message.parse_entities(["code"]).values()) or [""]


async def _hits(ctx: HandlerContext, words: str, cursor: Cursor) -> Message:
    after, before = cursor.after, cursor.before
    day = today(ctx.services.clock, ctx.texts)
    async with ctx.services.database.search() as connection:
        request = await understand(connection, words, day, ctx.texts)
        if not request.query:
            return Message(ctx.texts.html("search-usage"))
        ordinals = await index.find(
            connection, request.query, request.within, limit=PAGE_SIZE + 1, before=before, after=after
        )
        if not ordinals:
            return _nothing(ctx, request, await search_suggestions.others(connection, request, day, ctx.texts))
        # A page of newer hits ends at the border: the surplus is the newest one.
        chosen = ordinals[-PAGE_SIZE:] if after is not None else ordinals[:PAGE_SIZE]
        hits = await articles.by_ordinals(connection, chosen)
    more = len(ordinals) > PAGE_SIZE
    page = HeadlinePage(
        hits, newer=more if after is not None else before is not None, older=after is not None or more
    )
    keyboard = page_buttons(ctx, HitsPage, page)
    if keyboard and _is_worded(request):
        keyboard += ((Button(ctx.texts("button-closest"), ClosestHits(0).pack()),),)
    return await _listed(ctx, request, hits, keyboard + _follow(ctx, request))


async def _closest(ctx: HandlerContext, words: str, offset: int) -> Message:
    """Return a page of the newest hits by how close they are to what was asked for."""
    texts = ctx.texts
    day = today(ctx.services.clock, texts)
    async with ctx.services.database.search() as connection:
        request = await understand(connection, words, day, texts)
        hits = await index.find(connection, request.query, request.within, limit=RANKED)
        hit_articles = await articles.by_ordinals(connection, hits, bodies=False)
        ranked = await asyncio.to_thread(by_relevance, hit_articles, request.query)
        page, offset = window(ranked, offset, PAGE_SIZE)
        whole = {
            article.id: article
            for article in await articles.by_ordinals(connection, [hit.ordinal or 0 for hit in page])
        }
    if not ranked:
        return await _hits(ctx, words, NEWEST)  # what was found is gone meanwhile: that is told there
    keyboard = turns_by_offset(texts, ClosestHits, offset, PAGE_SIZE, more=offset + PAGE_SIZE < len(ranked))
    keyboard += ((Button(texts("button-newest"), HitsPage(NEWEST).pack()),), *_follow(ctx, request))
    order = escape(texts("search-closest", count=len(ranked)))
    return await _listed(ctx, request, [whole[hit.id] for hit in page if hit.id in whole], keyboard, order=order)


async def _listed(
    ctx: HandlerContext, request: SearchRequest, hits: Sequence[Article], keyboard: Keyboard, *, order: str = ""
) -> Message:
    """Return hits in their order, each with the line that was found; `order` (HTML) tells which it is."""
    texts = ctx.texts
    title = f"{escape(texts('search-title'))} {_as_understood(request, texts)}" + (f"\n{order}" if order else "")
    lines = await asyncio.to_thread(_lines, hits, request) if _is_worded(request) else []
    return listing(title, hits, texts, ctx.services.bot_username, keyboard=keyboard, lines=lines)


def _lines(hits: Sequence[Article], request: SearchRequest) -> list[str]:
    """Return the line of each hit in which the words stand. A page of hostile articles takes half a second."""
    return [snippet(text_under_title(hit.content), request.query) for hit in hits]


def _is_worded(request: SearchRequest) -> bool:
    return bool(request.query.words or request.query.phrases)


def _as_understood(request: SearchRequest, texts: Texts) -> str:
    """Return the words as code, and under them the category and the days as they were understood."""
    limits = [texts("search-in-category", name=category_name(request.category, texts))] if request.category else []
    limits += [_days(request.query.period, texts)] if request.query.period else []
    words = f"<code>{escape(request.words)}</code>"
    return f"{words}\n{escape(texts.facts(*limits))}" if limits else words


def _days(period: Period, texts: Texts) -> str:
    first = texts.day(period.first) if period.first else ""
    last = texts.day(period.last) if period.last else ""
    if first == last:
        return first
    if not last:
        return texts("search-since", day=first)
    return texts("search-between", first=first, last=last) if first else texts("search-until", day=last)


def _follow(ctx: HandlerContext, request: SearchRequest) -> Keyboard:
    """Return the button that follows what was searched for: in one's own chat, where it is words alone."""
    if not ctx.private or request.query.category or request.query.period:
        return ()
    try:
        words_request(request.words)
    except UserError:
        return ()
    return ((Button(ctx.texts("button-follow-these-words"), FollowSearch().pack()),),)


def _nothing(
    ctx: HandlerContext, request: SearchRequest, others: list[search_suggestions.SuggestedSearch]
) -> Message:
    texts, follow = ctx.texts, _follow(ctx, request)
    lines = [f"{escape(texts('search-nothing'))} {_as_understood(request, texts)}", ""]
    if not others:
        return Message("\n".join((*lines, escape(texts("search-hint")))), follow)
    lines.append(escape(texts("search-others")))
    lines += [f"{texts.mark}<code>{escape(other.words)}</code>" for other in others]
    buttons = [(Button(other.label, OtherSearch(place).pack()),) for place, other in enumerate(others, 1)]
    return Message("\n".join(lines), (*buttons, *follow))
