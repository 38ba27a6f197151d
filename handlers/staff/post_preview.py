"""The post of an article as channels will see it: by the same renderer, with what goes with it, in each style."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated, Literal

from telegram.error import BadRequest

from bot.errors import NotFoundError
from bot.newsroom.permissions import Right
from bot.render.callback_data import ArticleId, CallbackData
from bot.render.headline import headline
from bot.render.message import Button, Keyboard, Message
from handlers.core.context import HandlerContext
from handlers.core.labels import on_buttons
from handlers.core.router import Router
from handlers.staff.article_access import workable
from handlers.staff.callbacks import ShowPost
from storage.post_style import USUAL_STYLE
from storage.records import Article, Chat

router = Router()

USUAL = 0
"""Stands for no channel or group in callback data."""
_MOST = 8


@dataclass(frozen=True, slots=True)
class ClosePost(CallbackData, prefix="post"):
    """Removes the shown post."""

    article_id: ArticleId
    word: Literal["close"] = "close"


@dataclass(frozen=True, slots=True)
class ShowPostAs(CallbackData, prefix="post"):
    """Shows the post as in a channel or group instead, or as usual."""

    article_id: ArticleId
    word: Literal["as"] = field(default="as", kw_only=True)
    chat_id: Annotated[int, r"0|-\d{1,16}"]


@router.callback(ShowPost, right=Right.WRITE)
async def show_post(ctx: HandlerContext, button: ShowPost) -> None:
    """Answer with the post as it usually looks."""
    article = await workable(ctx, button.article_id)
    post = _post(ctx, article, await _places(ctx), None)
    await ctx.answer_callback()
    await ctx.send(post)


@router.callback(ShowPostAs, right=Right.WRITE)
async def show_post_as(ctx: HandlerContext, button: ShowPostAs) -> None:
    """Replace the shown post with one as in a channel or group."""
    article, places = await workable(ctx, button.article_id), await _places(ctx)
    place = next((place for place in places if place.id == button.chat_id), None)
    if place is None and button.chat_id != USUAL:
        raise NotFoundError("chat-unknown")
    post = _post(ctx, article, places, place)
    await ctx.answer_callback()
    await _close(ctx)
    await ctx.send(post)


@router.callback(ClosePost, right=Right.WRITE)
async def close(ctx: HandlerContext, _button: ClosePost) -> None:
    """Remove the shown post."""
    await _close(ctx)
    await ctx.answer_callback()


async def _places(ctx: HandlerContext) -> list[Chat]:
    """Return the channels and groups that get posts."""
    return [chat for chat in await ctx.services.chats.audience() if chat.is_active]


def _post(ctx: HandlerContext, article: Article, places: Sequence[Chat], place: Chat | None) -> Message:
    """Return the post as in a place, or as usual, with buttons for the other looks and one that closes it."""
    services = ctx.services
    # Channels speak the newsroom's language; what has no date yet gets that of its publication.
    dated = replace(article, published_at=article.published_at or services.clock())
    style = place.post_style if place else USUAL_STYLE
    post = headline(dated, services.texts(place), services.bot_username, style=style)
    back = Button(ctx.texts("button-back-to-preview"), ClosePost(article.id).pack())
    return replace(post, keyboard=(*post.keyboard, *_other_styles(ctx, article.id, places, place), (back,)))


def _other_styles(ctx: HandlerContext, article_id: int, places: Sequence[Chat], place: Chat | None) -> Keyboard:
    """Return a button for each other way in which channels and groups show their posts, one place for each."""
    texts = ctx.services.texts
    ways = {(chat.post_style, texts(chat).language): chat for chat in reversed(places)}
    ways.pop((USUAL_STYLE, texts(None).language), None)
    if place is not None:
        ways.pop((place.post_style, texts(place).language), None)
    shown = list(ways.values())[:_MOST]
    named = [
        (Button(f"👁 {ctx.texts.apart(label)}", ShowPostAs(article_id, chat.id).pack()),)
        for chat, label in zip(shown, on_buttons(shown, ctx.texts), strict=True)
    ]
    usual = Button(ctx.texts("button-look-usual"), ShowPostAs(article_id, USUAL).pack())
    return (*(((usual,),) if place is not None else ()), *named)


async def _close(ctx: HandlerContext) -> None:
    """Remove the shown post: the preview stands above it. One that is too old only loses its buttons."""
    try:
        await ctx.services.gateway.delete_answer(ctx.chat_id, ctx.message_id)
    except BadRequest:
        await ctx.set_buttons()
