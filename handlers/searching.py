"""Search, by command or by writing words in a private chat."""

from bot.errors import UserError
from bot.render.html import escape
from bot.render.listing import PAGE_SIZE, listing
from bot.render.message import Message
from handlers.reading import Page, turns
from handlers.scene import Scene
from persian.query import parse_query
from storage import articles
from storage import search as index

_LONGEST_QUERY = 200


async def search(scene: Scene) -> None:
    """/search WORDS, or the words alone."""
    if not scene.words:
        raise UserError("search-usage")
    await scene.send(await _hits(scene, scene.words[:_LONGEST_QUERY], "n"))


async def turn_hits(scene: Scene) -> None:
    """A press of a button under hits: `find:CURSOR`. The words stand in the message, as code."""
    words = next(iter(scene.message.parse_entities(["code"]).values()), "")
    await scene.show(await _hits(scene, words, scene.data.split(":")[1]))


async def _hits(scene: Scene, words: str, cursor: str) -> Message:
    query = parse_query(words)
    shown = f"<code>{escape(words)}</code>"
    border = int(cursor[1:]) if len(cursor) > 1 else None
    after, before = (border, None) if cursor.startswith("f") else (None, border)
    async with scene.services.database.read() as connection:
        found = await index.find(connection, query, limit=PAGE_SIZE + 1, before=before, after=after)
        # A page of newer hits ends at the border: the surplus is the newest one.
        chosen = found[-PAGE_SIZE:] if after is not None else found[:PAGE_SIZE]
        hits = await articles.by_ordinals(connection, chosen)
    if not hits:
        return Message(f"{escape(scene.texts('search-nothing'))}\n{shown}\n\n{escape(scene.texts('search-hint'))}")
    more = len(found) > PAGE_SIZE
    page = Page(hits, newer=more if after is not None else before is not None, older=after is not None or more)
    title = f"{escape(scene.texts('search-title'))} {shown}"
    return listing(title, hits, scene.texts, scene.services.bot_username, turns(scene, "find", page))
