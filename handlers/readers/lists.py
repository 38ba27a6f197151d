"""Lists of headlines: the latest news, categories."""

from collections.abc import Sequence

from bot.errors import NotFoundError, UserError
from bot.locales.catalog import Texts
from bot.render.article import share_button
from bot.render.callback_data import NEWEST, Cursor
from bot.render.callbacks import ALL_ARTICLES, ListPage, ListScope
from bot.render.headline import category_label, category_name
from bot.render.html import escape
from bot.render.listing import MOST_LISTED, PAGE_SIZE, category_link, listing
from bot.render.message import Button, Keyboard, Message
from handlers.core.callbacks import FollowCategory
from handlers.core.context import HandlerContext
from handlers.core.labels import in_rows
from handlers.core.router import Place, Router
from handlers.readers.headline_pages import HeadlinePage, page_buttons
from persian.digits import parse_int
from storage import articles, categories, subscriptions
from storage.engine.connection import Connection
from storage.records import Article, Category, SubscriptionKind

router = Router()
_MOST_NEW = 99
"""New articles that are counted: of more, the button says only that there are more."""


@router.command("latest", place=Place.ANYWHERE)
async def latest(ctx: HandlerContext) -> None:
    """/latest [n]: the newest headlines; without a number, what has come since the person's last /latest first."""
    if ctx.words:
        count = parse_int(ctx.words)
        if count is None or not 1 <= count <= MOST_LISTED:
            raise UserError("latest-usage", most=MOST_LISTED)
        await show_list(ctx, ALL_ARTICLES, NEWEST, count)
    elif ctx.private and ctx.chat is not None:
        await _latest_since(ctx, ctx.chat.seen_ordinal)
    else:
        await show_list(ctx, ALL_ARTICLES, NEWEST, PAGE_SIZE)


async def all_news(ctx: HandlerContext) -> None:
    """Answer the link under a digest: the newest headlines, whatever the person has seen."""
    await show_list(ctx, ALL_ARTICLES, NEWEST, PAGE_SIZE)


async def _latest_since(ctx: HandlerContext, seen: int) -> None:
    """Send the newest headlines, and remember for the next time how far they reach: never less far than before."""
    listed = await show_list(ctx, ListScope(since=seen or None), NEWEST, PAGE_SIZE)
    # Only now: what was not sent is new the next time.
    reached = (listed[0].ordinal or 0) if listed else 0
    if reached > seen:
        await ctx.services.chats.record_visit(ctx.chat_id, reached)


@router.command("categories", place=Place.ANYWHERE)
async def list_categories(ctx: HandlerContext) -> None:
    """/categories: every category as a button."""
    async with ctx.services.database.read() as connection:
        known = await categories.all_(connection)
    await ctx.prompt("categories-title", _choice(known, ctx.texts))


@router.command("category", place=Place.ANYWHERE)
async def category(ctx: HandlerContext) -> None:
    """/category NAME: its newest headlines."""
    if not ctx.words:
        await list_categories(ctx)
        return
    async with ctx.services.database.read() as connection:
        known = await categories.all_(connection)
    match = categories.match(known, ctx.words, ctx.texts.sections)
    if match is None:
        await ctx.prompt("category-unknown-choose", _choice(known, ctx.texts), name=ctx.words[:60])
        return
    await show_list(ctx, ListScope(category_id=match.id), NEWEST, PAGE_SIZE)


async def category_tagged(ctx: HandlerContext) -> bool:
    """Answer a hashtag that names a category, as posts bear it, with its headlines; False for anything else."""
    if not ctx.words.startswith("#"):
        return False
    async with ctx.services.database.read() as connection:
        named = await categories.find(connection, ctx.words, ctx.texts.sections)
    if named is not None:
        await show_list(ctx, ListScope(category_id=named.id), NEWEST, PAGE_SIZE)
    return named is not None


def _choice(known: Sequence[Category], texts: Texts) -> Keyboard:
    buttons = [
        Button(category_label(category, texts), ListPage(ListScope(category_id=category.id), NEWEST).pack())
        for category in known
    ]
    return in_rows(buttons, 2)


@router.callback(ListPage, place=Place.ANYWHERE)
async def on_list_page(ctx: HandlerContext, button: ListPage) -> None:
    """A press of a list's button; the newest page is asked for under other kinds of messages: it is sent."""
    if button.cursor.is_newest:
        message, _ = await _list(ctx, button.scope, button.cursor, PAGE_SIZE)
        await ctx.send(message)
    else:
        await show_list(ctx, button.scope, button.cursor, PAGE_SIZE)


async def show_list(ctx: HandlerContext, scope: ListScope, cursor: Cursor, count: int) -> list[Article]:
    """Show one page of headlines in place of the list whose button was pressed, or as an answer; return them."""
    message, listed = await _list(ctx, scope, cursor, count)
    await (ctx.send_to_asker(message) if ctx.press is None else ctx.edit_or_send(message))
    return listed


async def page_of(connection: Connection, category_id: int | None, cursor: Cursor, count: int) -> HeadlinePage:
    """Return the page at `cursor`, whose key is the ordinal of articles."""
    if cursor.after is not None:
        listed = await articles.page(connection, limit=count + 1, category_id=category_id, after=cursor.after)
        return HeadlinePage(listed[-count:], newer=len(listed) > count, older=True)
    listed = await articles.page(connection, limit=count + 1, category_id=category_id, before=cursor.before)
    return HeadlinePage(listed[:count], newer=cursor.before is not None, older=len(listed) > count)


async def _list(ctx: HandlerContext, scope: ListScope, cursor: Cursor, count: int) -> tuple[Message, list[Article]]:
    """Return a page of headlines, and its articles. Raises NotFoundError for a category that is gone."""
    category_id, since = scope.category_id, scope.since
    async with ctx.services.database.read() as connection:
        category = await categories.get(connection, category_id) if category_id is not None else None
        if category_id is not None and category is None:
            raise NotFoundError("category-gone")
        page = await page_of(connection, category_id, cursor, count)
        offers_to_follow = (
            category is not None and ctx.private and not await _follows(connection, ctx.chat_id, category.id)
        )
        new = 0 if since is None else await articles.count_above(connection, since, most=_MOST_NEW + 1)
    if not page.articles:
        return _empty_list(ctx, category), []
    title = _list_title(ctx, category, None if since is None else new)
    keyboard = page_buttons(ctx, lambda place: ListPage(scope, place), page)
    if category is not None:
        keyboard += _category_rows(ctx, category, title, offers_to_follow=offers_to_follow)
    username = ctx.services.bot_username
    return listing(
        escape(title), page.articles, ctx.texts, username, keyboard=keyboard, new_above=since
    ), page.articles


def _empty_list(ctx: HandlerContext, category: Category | None) -> Message:
    if category is None:
        return Message(ctx.texts.html("no-news"))
    return Message(ctx.texts.html("category-empty", name=category_name(category, ctx.texts)))


def _list_title(ctx: HandlerContext, category: Category | None, new: int | None) -> str:
    """Return the title of a list; `new` counts what has come since the last /latest, None in other lists."""
    if category is not None:
        return ctx.texts("category-title", name=category_name(category, ctx.texts))
    return _since_in_words(new, ctx) if new is not None else ctx.texts("latest-title")


def _category_rows(ctx: HandlerContext, category: Category, title: str, *, offers_to_follow: bool) -> Keyboard:
    """Return the rows of buttons that share a category, and follow it."""
    rows: Keyboard = ()
    if link := category_link(ctx.services.bot_username, category.slug):
        rows += ((share_button(link, title, ctx.texts),),)
    if offers_to_follow:
        name = category_name(category, ctx.texts)
        rows += ((Button(ctx.texts("button-follow-category", name=name), FollowCategory(category.id).pack()),),)
    return rows


async def _follows(connection: Connection, chat_id: int, category_id: int) -> bool:
    """Return whether a chat follows a category, or everything."""
    followed = await subscriptions.of_chat(connection, chat_id)
    return any(
        subscription.kind is SubscriptionKind.CATEGORY and subscription.category_id in (None, category_id)
        for subscription in followed
    )


def _since_in_words(new: int, ctx: HandlerContext) -> str:
    """Return how much is new since the last visit, and nothing but the title where nothing is."""
    if new > _MOST_NEW:
        return ctx.texts("latest-many-new", count=_MOST_NEW)
    return ctx.texts("latest-new", count=new)
