"""The post of an article as channels will see it: by the same renderer, with what goes with it."""

from dataclasses import replace

from telegram.error import BadRequest

from bot.render.headline import headline
from bot.render.message import Button
from handlers.drafts import workable
from handlers.scene import Scene


async def press(scene: Scene) -> None:
    """A press under a preview or the post shown below it: `post:ARTICLE:view`, `post:ARTICLE:close`."""
    _, article_id, what = scene.data.split(":")
    if what == "close":
        await _close(scene)
        return
    services, found = scene.services, await workable(scene, int(article_id))
    # Channels speak the newsroom's language; what has no date yet gets that of its publication.
    texts = services.texts(None)
    dated = replace(found, published_at=found.published_at or services.clock())
    post = headline(dated, texts, services.bot_username)
    back = Button(scene.texts("button-back-to-preview"), f"post:{found.id}:close")
    await scene.toast()
    await scene.send(replace(post, keyboard=(*post.keyboard, (back,))))


async def _close(scene: Scene) -> None:
    """Take the shown post away: the preview stands above it. One that is too old only loses its buttons."""
    try:
        await scene.services.gateway.delete(scene.chat_id, scene.message_id)
    except BadRequest:
        await scene.set_buttons()
    await scene.toast()
