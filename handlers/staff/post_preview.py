"""The post of an article as channels will see it: by the same renderer, with what goes with it, in each look."""

from collections.abc import Sequence
from dataclasses import replace

from telegram.error import BadRequest

from bot.errors import NotFoundError
from bot.render.headline import headline
from bot.render.html import cut
from bot.render.message import Button, Keyboard
from bot.render.post_style import look_of
from handlers.core.context import HandlerContext
from handlers.staff.drafts import workable
from storage.records import Chat

_MOST = 8
_NAME = 30


async def press(ctx: HandlerContext) -> None:
    """A press under a preview, `post:ARTICLE:view`, or under the post shown below it: `post:ARTICLE:close`.

    `post:ARTICLE:as:CHAT` shows it as in that channel or group instead, 0 as usual.
    """
    _, article_id, what, *chat_id = ctx.data.split(":")
    if what == "close":
        await _close(ctx)
        await ctx.toast()
        return
    services, found = ctx.services, await workable(ctx, int(article_id))
    places = [one for one in await services.chats.audience() if one.is_active]
    place = next((one for one in places if chat_id == [str(one.id)]), None)
    if place is None and chat_id not in ([], ["0"]):
        raise NotFoundError("chat-unknown")
    # Channels speak the newsroom's language; what has no date yet gets that of its publication.
    texts = services.texts(place)
    dated = replace(found, published_at=found.published_at or services.clock())
    post = headline(dated, texts, services.bot_username, look=look_of(place.look if place else ""))
    back = Button(ctx.texts("button-back-to-preview"), f"post:{found.id}:close")
    await ctx.toast()
    if chat_id:
        await _close(ctx)
    await ctx.send(replace(post, keyboard=(*post.keyboard, *_looks(ctx, found.id, places, place), (back,))))


def _looks(ctx: HandlerContext, article_id: int, places: Sequence[Chat], place: Chat | None) -> Keyboard:
    """Return a button for each other way in which channels and groups show their posts, one place for each."""
    texts = ctx.services.texts
    ways = {(one.look, texts(one).language): one for one in reversed(places)}
    ways.pop(("", texts(None).language), None)
    if place is not None:
        ways.pop((place.look, texts(place).language), None)
    named = [
        (Button(f"👁 {ctx.texts.apart(cut(one.title, _NAME))}", f"post:{article_id}:as:{one.id}"),)
        for one in list(ways.values())[:_MOST]
    ]
    usual = [(Button(ctx.texts("button-look-usual"), f"post:{article_id}:as:0"),)] if place is not None else []
    return (*usual, *named)


async def _close(ctx: HandlerContext) -> None:
    """Take the shown post away: the preview stands above it. One that is too old only loses its buttons."""
    try:
        await ctx.services.gateway.take_away(ctx.chat_id, ctx.message_id)
    except BadRequest:
        await ctx.set_buttons()
