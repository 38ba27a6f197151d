"""Articles that readers keep for later."""

from bot.newsroom.articles import readable
from bot.render.html import escape
from bot.render.listing import PAGE_SIZE, listing
from bot.render.message import Button, Keyboard, Message
from handlers.core.context import Scene
from handlers.core.labels import turns_by_offset
from handlers.readers import full_text
from storage import articles, saved

SAVED_PAYLOAD = "saved"
"""The payload of the deep link to what a person keeps."""


async def show_saved(scene: Scene) -> None:
    """/saved: what the person keeps, the last kept first."""
    if scene.private:
        await scene.send(await _page(scene, 0))
        return
    # What a person keeps is nobody else's business: a group gets a link to it.
    link = f"https://t.me/{scene.services.bot_username}?start={SAVED_PAYLOAD}"
    await scene.ask("saved-in-private", ((Button(scene.texts("saved-title"), url=link),),))


async def turn_saved(scene: Scene) -> None:
    """A press of a button under the saved articles: `saved:OFFSET`."""
    await scene.show(await _page(scene, int(scene.data.split(":")[1])))


async def toggle_saved(scene: Scene) -> None:
    """A press of the button that keeps an article or lets it go: `save:ARTICLE:ON`."""
    _, article_id, on = scene.data.split(":")
    services, kept = scene.services, on == "1"
    async with services.database.write() as tx:
        found = await readable(tx, int(article_id))
        if kept:
            await saved.add(tx, scene.user_id, found.id, now=services.clock())
        else:
            await saved.remove(tx, scene.user_id, found.id)
        ours = await full_text.buttons_under(tx, scene, found)
    await scene.toast("saved" if kept else "unsaved")
    if scene.private:
        await scene.set_buttons(_turning(scene) + ours)


def _turning(scene: Scene) -> Keyboard:
    """Return the row of page buttons that the pressed message has now."""
    markup = scene.message.reply_markup
    if markup is None:
        return ()
    rows = []
    for row in markup.inline_keyboard:
        if all(str(button.callback_data or "").startswith("page:") for button in row):
            rows.append(tuple(Button(button.text, data=str(button.callback_data)) for button in row))
    return tuple(rows)


async def _page(scene: Scene, offset: int) -> Message:
    async with scene.services.database.read() as connection:
        ids = await saved.ids(connection, scene.user_id, limit=PAGE_SIZE + 1, offset=offset)
        if not ids and offset:
            # They let go of the last ones on this page meanwhile.
            offset = 0
            ids = await saved.ids(connection, scene.user_id, limit=PAGE_SIZE + 1)
        found = await articles.get_many(connection, ids[:PAGE_SIZE])
    sent = ((Button(scene.texts("button-history"), data="open:history"),),)
    if not found:
        return Message(scene.texts.html("saved-empty"), sent)
    turns = turns_by_offset(scene.texts, "saved", offset, PAGE_SIZE, more=len(ids) > PAGE_SIZE)
    title = escape(scene.texts("saved-title"))
    return listing(title, found, scene.texts, scene.services.bot_username, turns + sent)
