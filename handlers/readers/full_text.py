"""One article: its full text, the buttons under it, and whether the reader can see it."""

from contextlib import suppress
from dataclasses import replace

from telegram.error import BadRequest, TelegramError

from bot.delivery.lanes import Lane
from bot.errors import UserError
from bot.newsroom.articles import readable
from bot.newsroom.related import related
from bot.newsroom.stories import source_names
from bot.render import story
from bot.render.article import MOST_COUNTED, Counts, paged_text, reader_keyboard, rich_text
from bot.render.html import escape
from bot.render.listing import PAGE_SIZE, listing
from bot.render.message import Button, Keyboard, Message
from bot.render.post_style import look_of
from bot.telegram.errors import About, failure_of
from bot.telegram.gateway import RichRefusedError
from handlers.core.context import Scene
from handlers.core.labels import turns_by_offset
from persian.digits import parse_int
from storage import amendments, comments, daily_counters, saved, stories, tracked_answers
from storage.daily_counters import Metric
from storage.engine.connection import Connection
from storage.records import Article, Form

LARGEST_ID = 10**12
"""The largest news number."""


async def article(scene: Scene) -> None:
    """/article ID: its full text."""
    asked = parse_int(scene.words)
    if not scene.words:
        raise UserError("article-usage")
    if asked is None or not 1 <= asked <= LARGEST_ID:
        raise UserError("article-bad-number", number=scene.words[:40])
    await open_article(scene, asked)


async def press_open(scene: Scene) -> None:
    """A press of a button that leads to an article: `read:ARTICLE`."""
    await open_article(scene, int(scene.data.split(":")[1]))


async def open_article(scene: Scene, article_id: int) -> None:
    """Answer with an article's full text. Raises NotFoundError for what readers may not see.

    A person who gets a rich message for the first time is asked whether they can see it.
    """
    services = scene.services
    async with services.database.read() as connection:
        found = await readable(connection, article_id)
        keyboard = await buttons_under(connection, scene, found)
    look = scene.chat.look if scene.chat is not None else ""
    form, sent = await _send(scene, found, keyboard, look)
    async with services.database.write() as tx:
        unread = not await tracked_answers.was_read(tx, scene.chat_id, found.id)
        # A correction or retraction must reach this copy too.
        copies = await tracked_answers.note(
            tx,
            tracked_answers.Answer(scene.chat_id, form, scene.texts.language, look=look),
            sent,
            article_id=found.id,
            revision=found.revision,
            now=services.clock(),
        )
        # One that began while this was on its way did not find it.
        await amendments.owe_after_send(tx, copies, lane=Lane.BREAKING, now=services.clock())
        if unread:
            read = {(Metric.READ, found.category.id): 1, (Metric.READERS, found.id): 1}
            await daily_counters.add(tx, read, now=services.clock())
    if form is Form.RICH and scene.private and scene.chat is not None and not scene.chat.rich_asked:
        services.afterwards.begin(scene.chat_id, lambda: _ask(scene, found.id))


async def _ask(scene: Scene, article_id: int) -> None:
    """Ask whether an article that was sent can be seen, once ever; if the desk ends before that, after the next."""
    chat = await scene.services.chats.get(scene.chat_id)
    if chat is None or chat.rich_asked or chat.plain_text:
        return
    yes = Button(scene.texts("button-visible"), data=f"seen:{article_id}:y")
    no = Button(scene.texts("button-invisible"), data=f"seen:{article_id}:n")
    await scene.ask("visible-ask", ((yes, no),))
    await scene.services.chats.change(scene.chat_id, rich_asked=True)


async def _send(scene: Scene, found: Article, keyboard: Keyboard, look: str) -> tuple[Form, list[int]]:
    """Send the full text, as rich messages or as pages; return in which form, and the message ids."""
    services = scene.services
    sent: list[int] = []
    if services.gateway.takes_rich() and not (scene.chat is not None and scene.chat.plain_text):
        try:
            for message in rich_text(found, scene.texts, keyboard, look=look_of(look)):
                sent.append(await scene.send(message))
        except RichRefusedError:
            await _take_back(scene, sent)
        else:
            return Form.RICH, sent
    return Form.PAGE, [await scene.send(paged_text(found, scene.texts, keyboard)[0])]


async def _take_back(scene: Scene, message_ids: list[int]) -> None:
    """Delete the first parts of a text of which a later one was refused: it begins anew in another form."""
    for message_id in message_ids:
        with suppress(TelegramError):
            await scene.services.gateway.take_away(scene.chat_id, message_id)


async def answer_visible(scene: Scene) -> None:
    """A press under the question whether a full text can be seen: `seen:ARTICLE:y`, `seen:ARTICLE:n`.

    No lets this article, and all that follow, come as plain text. Whatever happens in between, and however late or
    often it is pressed, the article comes once.
    """
    _, article_id, answer = scene.data.split(":")
    services = scene.services
    if answer == "y":
        await scene.toast("visible-thanks")
        await _take_away(scene)
        return
    changed = await services.chats.change(scene.chat_id, plain_text=True)
    await scene.toast("noted")
    await scene.show(Message(scene.texts.html("invisible-noted")))
    async with services.database.read() as connection:
        came = await tracked_answers.was_paged_since(connection, scene.chat_id, int(article_id), scene.message_id)
    if not came:
        await open_article(replace(scene.as_command(), chat=changed), int(article_id))


async def _take_away(scene: Scene) -> None:
    """Delete the message whose button was pressed; one that is too old only loses its buttons."""
    try:
        await scene.services.gateway.take_away(scene.chat_id, scene.message_id)
    except BadRequest as error:
        if About.MISSING not in failure_of(error).about:
            await scene.show(Message(scene.texts.html("visible-thanks")))


async def buttons_under(connection: Connection, scene: Scene, article: Article) -> Keyboard:
    """Return the buttons under an article's full text, as they are for this person now."""
    kept = await saved.holds(connection, scene.user_id, article.id)
    said = await comments.count(connection, article.id, most=MOST_COUNTED + 1)
    counts = Counts(said, await stories.count_elsewhere(connection, article.id))
    return reader_keyboard(article, scene.texts, scene.services.bot_username, saved=kept, counts=counts)


async def turn_page(scene: Scene) -> None:
    """A press of a page's button: `page:ARTICLE:INDEX`."""
    _, article_id, index = scene.data.split(":")
    async with scene.services.database.read() as connection:
        found = await readable(connection, int(article_id))
        keyboard = await buttons_under(connection, scene, found)
    pages = paged_text(found, scene.texts, keyboard)
    await scene.show(pages[min(int(index), len(pages) - 1)])


async def show_related(scene: Scene) -> None:
    """A press of the button under a full text: `like:ARTICLE`; the list comes as a message of its own."""
    article_id = int(scene.data.split(":")[1])
    async with scene.services.database.search() as connection:
        found = await readable(connection, article_id)
        others = await related(connection, found, most=PAGE_SIZE)
    if not others:
        raise UserError("related-none")
    title = scene.texts("related-title", number=scene.texts.digits(str(article_id)))
    await scene.send(listing(escape(title), others, scene.texts, scene.services.bot_username))


async def show_elsewhere(scene: Scene) -> None:
    """A press that lists who else tells the story: `elsewhere:ARTICLE:n` sends it, `:OFFSET` turns its pages."""
    _, article_id, place = scene.data.split(":")
    offset = 0 if place == "n" else int(place)
    async with scene.services.database.read() as connection:
        found = await readable(connection, int(article_id))
        told = await stories.told_elsewhere(connection, found.id, limit=story.PAGE_SIZE + 1, offset=offset)
        if not told and offset:
            # Those of this page were taken out of the story meanwhile.
            offset, told = 0, await stories.told_elsewhere(connection, found.id, limit=story.PAGE_SIZE + 1)
        names = await source_names(connection, told)
    if not told:
        raise UserError("elsewhere-none", id=found.id)
    data, more = f"elsewhere:{found.id}", len(told) > story.PAGE_SIZE
    turns = turns_by_offset(scene.texts, data, offset, story.PAGE_SIZE, more=more)
    page = [(names[one.id], one) for one in told[: story.PAGE_SIZE]]
    message = story.told_elsewhere(found.id, page, scene.texts, turns)
    await (scene.send(message) if place == "n" else scene.show(message))
