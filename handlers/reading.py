"""Reading: the latest news, categories, one article."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.delivery.gateway import RichRefusedError
from bot.delivery.lanes import Lane
from bot.errors import NotFoundError, UserError
from bot.newsroom.articles import readable
from bot.render.article import MOST_COUNTED, full_text, paging, reader_keyboard
from bot.render.headline import category_name
from bot.render.html import escape
from bot.render.listing import MOST_LISTED, PAGE_SIZE, listing
from bot.render.message import Button, Keyboard, Message
from handlers.scene import Scene
from handlers.wording import names_of
from persian.digits import parse_int
from storage import amendments, answers, articles, categories, comments, saved, tallies
from storage.records import Article, Form
from storage.tallies import Metric

LARGEST_ID = 10**12
"""The largest news number."""

_EVERYTHING = "a"


async def latest(scene: Scene) -> None:
    """/latest [n]: the newest headlines, 8 or as many as asked for."""
    count = PAGE_SIZE
    if scene.words:
        asked = parse_int(scene.words)
        if asked is None or not 1 <= asked <= MOST_LISTED:
            raise UserError("latest-usage", most=MOST_LISTED)
        count = asked
    await show_list(scene, _EVERYTHING, "n", count)


async def list_categories(scene: Scene) -> None:
    """/categories: every category as a button."""
    async with scene.services.database.read() as connection:
        known = await categories.all_(connection)
    buttons = [Button(category_name(category, scene.texts), data=f"list:c{category.id}:n") for category in known]
    rows = tuple(tuple(buttons[place : place + 2]) for place in range(0, len(buttons), 2))
    await scene.ask("categories-title", rows)


async def category(scene: Scene) -> None:
    """/category NAME: its newest headlines."""
    if not scene.words:
        await list_categories(scene)
        return
    async with scene.services.database.read() as connection:
        found = await categories.find(connection, scene.words, scene.texts.sections)
    if found is None:
        await unknown_category(scene, scene.words)
        return
    await show_list(scene, f"c{found.id}", "n", PAGE_SIZE)


async def unknown_category(scene: Scene, name: str) -> None:
    """Answer that there is no such category, with those that there are."""
    async with scene.services.database.read() as connection:
        known = await categories.all_(connection)
    names = names_of(known, scene.texts)
    await scene.say("category-unknown-list", name=name[:60], names=names)


async def article(scene: Scene) -> None:
    """/article ID: its full text."""
    asked = parse_int(scene.words)
    if not scene.words:
        raise UserError("article-usage")
    if asked is None or not 1 <= asked <= LARGEST_ID:
        raise UserError("article-bad-number", number=scene.words[:40])
    await open_article(scene, asked)


async def open_article(scene: Scene, article_id: int) -> None:
    """Answer with an article's full text. Raises NotFoundError for what readers may not see."""
    services = scene.services
    async with services.database.read() as connection:
        found = await readable(connection, article_id)
        keyboard = await buttons_under(connection, scene, found)
    full = full_text(found, scene.texts, keyboard)
    sent: list[int] = []
    form = Form.RICH
    plain = scene.chat is not None and scene.chat.plain_text
    if not plain and services.gateway.takes_rich():
        try:
            for message in full.rich:
                sent.append(await scene.send(message))
        except RichRefusedError:
            form = Form.PAGE
    else:
        form = Form.PAGE
    if form is Form.PAGE:
        sent = [await scene.send(full.pages[0])]
    async with services.database.write() as tx:
        unread = not await answers.was_read(tx, scene.chat_id, found.id)
        # A correction or retraction must reach this copy too.
        copies = await answers.note(
            tx,
            scene.chat_id,
            sent,
            form,
            scene.texts.language,
            article_id=found.id,
            revision=found.revision,
            now=services.clock(),
        )
        # One that began while this was on its way did not find it.
        await amendments.owe_after_send(tx, copies, lane=Lane.BREAKING, now=services.clock())
        if unread:
            read = {(Metric.READ, found.category.id): 1, (Metric.READERS, found.id): 1}
            await tallies.add(tx, read, now=services.clock())


async def press_open(scene: Scene) -> None:
    """A press of a button that leads to an article: `read:ARTICLE`."""
    await open_article(scene, int(scene.data.split(":")[1]))


async def buttons_under(connection: AsyncConnection, scene: Scene, article: Article) -> Keyboard:
    """Return the buttons under an article's full text, as they are for this person now."""
    kept = await saved.holds(connection, scene.user_id, article.id)
    count = await comments.count(connection, article.id, most=MOST_COUNTED + 1)
    return reader_keyboard(article, scene.texts, scene.services.bot_username, saved=kept, comments=count)


async def turn_page(scene: Scene) -> None:
    """A press of a page's button: `page:ARTICLE:INDEX`."""
    _, article_id, index = scene.data.split(":")
    async with scene.services.database.read() as connection:
        found = await readable(connection, int(article_id))
        keyboard = await buttons_under(connection, scene, found)
    pages = full_text(found, scene.texts, keyboard).pages
    await scene.show(pages[min(int(index), len(pages) - 1)])


async def turn_list(scene: Scene) -> None:
    """A press of a list's button: `list:SCOPE:CURSOR`; from another kind of message a new list is sent."""
    _, scope, cursor = scene.data.split(":")
    if cursor == "n":
        message = await _list(scene, scope, cursor, PAGE_SIZE)
        await scene.send(message)
    else:
        await show_list(scene, scope, cursor, PAGE_SIZE)


async def show_list(scene: Scene, scope: str, cursor: str, count: int) -> None:
    """Show one page of headlines in place of the list whose button was pressed, or as an answer."""
    await scene.show(await _list(scene, scope, cursor, count))


@dataclass(frozen=True, slots=True)
class Page:
    """One page of headlines, newest first, and whether there are newer and older ones."""

    articles: list[Article]
    newer: bool
    older: bool


async def page_of(connection: AsyncConnection, category_id: int | None, cursor: str, count: int) -> Page:
    """Return the page that `cursor` names: `n` the newest, `bN` before and `fN` after the ordinal N."""
    border = int(cursor[1:]) if len(cursor) > 1 else None
    if cursor.startswith("f"):
        found = await articles.page(connection, limit=count + 1, category_id=category_id, after=border)
        return Page(found[-count:], newer=len(found) > count, older=True)
    found = await articles.page(connection, limit=count + 1, category_id=category_id, before=border)
    return Page(found[:count], newer=border is not None, older=len(found) > count)


async def _list(scene: Scene, scope: str, cursor: str, count: int) -> Message:
    category_id = int(scope[1:]) if scope != _EVERYTHING else None
    async with scene.services.database.read() as connection:
        section = await categories.get(connection, category_id) if category_id is not None else None
        if category_id is not None and section is None:
            raise NotFoundError("category-gone")
        page = await page_of(connection, category_id, cursor, count)
    name = category_name(section, scene.texts) if section else ""
    if not page.articles:
        return Message(scene.texts.html("category-empty", name=name) if section else scene.texts.html("no-news"))
    title = scene.texts.html("category-title", name=name) if section else escape(scene.texts("latest-title"))
    keyboard = turns(scene, f"list:{scope}", page)
    return listing(title, page.articles, scene.texts, scene.services.bot_username, keyboard)


def turns(scene: Scene, data: str, page: Page) -> Keyboard:
    """Return the buttons that turn a list's pages; their data begins with `data`."""
    return paging(
        scene.texts,
        f"{data}:f{page.articles[0].ordinal}" if page.newer else "",
        f"{data}:b{page.articles[-1].ordinal}" if page.older else "",
    )
