"""A post as a chat will get it, shown to whoever decides how posts look there: one for each person at a time."""

import hashlib
import json
from contextlib import suppress
from dataclasses import replace

from telegram.error import BadRequest

from bot.audience.post_style_previews import PostStylePreview
from bot.locales.catalog import Texts
from bot.render.headline import headline
from bot.render.message import SAME_MEDIA, Message
from bot.telegram.errors import About, failure_of
from bot.telegram.photos import by_address
from handlers.core.context import HandlerContext
from storage import articles
from storage.records import Article, ArticleState, Block, BlockKind, Category, Chat, Content

_DAY_MS = 24 * 3600 * 1000


async def show_preview(ctx: HandlerContext, chat: Chat, *, anew: bool) -> None:
    """Render the newest article in the chat's style as a sample; `anew` sends it as a new message."""
    services = ctx.services
    texts = services.texts(chat)
    async with services.database.read() as connection:
        newest = [
            await articles.get(connection, article.id) for article in await articles.page(connection, limit=1)
        ]
    article = newest[0] if newest else None
    if article is None:
        article = _sample_article(texts, (await services.subscriptions.categories())[0], services.clock())
    post = headline(article, texts, services.bot_username, style=chat.post_style, silent=True)
    expected = PostStylePreview(0, _fingerprint(json.dumps(post.to_json())), _fingerprint(post.media))
    old = await services.post_style_previews.get(ctx.user_id)
    if old is not None and not anew:
        if old.content == expected.content:
            return
        # A text becomes no photo, nor a photo a text.
        if old.media == expected.media and await _edited(ctx, old, post):
            await services.post_style_previews.put(ctx.user_id, replace(expected, message_id=old.message_id))
            return
    await services.post_style_previews.put(ctx.user_id, replace(expected, message_id=await _sent(ctx, post)))
    if old is not None:
        await _delete(ctx, old)


async def delete_preview(ctx: HandlerContext) -> None:
    """Delete the person's sample, if there is one."""
    old = await ctx.services.post_style_previews.remove(ctx.user_id)
    if old is not None:
        await _delete(ctx, old)


async def _sent(ctx: HandlerContext, post: Message) -> int:
    settled = ctx.services.photos.settled(post)
    try:
        return await ctx.services.gateway.send(ctx.chat_id, settled)
    except BadRequest as error:
        if not by_address(settled) or About.UNUSABLE not in failure_of(error).about:
            raise
        ctx.services.photos.refused(settled)
        return await ctx.services.gateway.send(ctx.chat_id, replace(settled, media=""))


async def _edited(ctx: HandlerContext, old: PostStylePreview, post: Message) -> bool:
    """Replace the text of the sample with that of the post; return False where that is impossible."""
    try:
        await ctx.services.gateway.edit(
            ctx.chat_id, old.message_id, replace(post, media=SAME_MEDIA if post.media else "")
        )
    except BadRequest:
        return False  # the person has deleted it, or Telegram took no photo and it is a text
    return True


async def _delete(ctx: HandlerContext, old: PostStylePreview) -> None:
    with suppress(BadRequest):  # it is gone, or too old
        await ctx.services.gateway.delete_answer(ctx.chat_id, old.message_id)


def _fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _sample_article(texts: Texts, category: Category, now: int) -> Article:
    """Return an article of this day, for a newsroom that has published nothing yet."""
    return Article(
        id=1,
        state=ArticleState.PUBLISHED,
        category=category,
        content=Content(
            texts("look-sample-title"),
            texts("look-sample-lead"),
            (Block(BlockKind.PARAGRAPH, texts.html("look-sample-text")),),
        ),
        revision=1,
        language=texts.language,
        url="",
        origin="",
        source_number="",
        author_id=None,
        published_at=now - now % _DAY_MS,
        released_at=None,
        ordinal=None,
        scheduled_at=None,
        breaking=False,
        created_at=0,
        updated_at=0,
    )
