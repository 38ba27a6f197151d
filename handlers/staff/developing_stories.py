"""/follow: an article goes on with an earlier one; its posts answer those of the earlier one."""

from dataclasses import dataclass

from bot.errors import UserError
from bot.newsroom.permissions import Right
from bot.newsroom.transitions import Act, require
from bot.render.callback_data import ArticleId, CallbackData
from bot.render.callbacks import PreviewPage
from bot.render.html import cut
from bot.render.message import Button, Message
from handlers.core.context import HandlerContext
from handlers.core.router import Router
from handlers.staff.article_access import numbered, workable
from handlers.staff.article_choice import or_choice
from handlers.staff.article_preview import preview_pages
from handlers.staff.callbacks import AskFollowed, AskFollowedAnew
from persian.digits import parse_int
from storage import articles
from storage.records import Article

router = Router()

_OFFERED = 8
_TITLE = 60
_NONE = 0
"""Stands for no earlier article in callback data."""


@dataclass(frozen=True, slots=True)
class ChooseFollowed(CallbackData, prefix="follows"):
    """Sets the earlier article that an article follows, or none."""

    article_id: ArticleId
    followed_id: ArticleId


@router.command("follow", right=Right.EDIT)
@or_choice("follow")
async def follow(ctx: HandlerContext) -> None:
    """/follow [ID [OTHER]]: the article goes on with the other one; without OTHER the newest are offered."""
    article_id, words = numbered(ctx, "follow-usage")
    article = await workable(ctx, article_id)
    followed_id = parse_int(words) if words else _NONE
    if followed_id is None:
        raise UserError("follow-usage")
    if followed_id == _NONE:
        await _offer(ctx, article)
    else:
        await _follow(ctx, article, followed_id)


@router.callback(AskFollowed, right=Right.EDIT)
async def offer_articles(ctx: HandlerContext, button: AskFollowed) -> None:
    """Offer the newest articles to go on with."""
    await _offer(ctx, await workable(ctx, button.article_id))


@router.callback(AskFollowedAnew, right=Right.EDIT)
async def offer_articles_anew(ctx: HandlerContext, button: AskFollowedAnew) -> None:
    """Offer the newest articles to go on with in a new message: a list stays where it is."""
    await _offer(ctx.as_command(), await workable(ctx, button.article_id))


@router.callback(ChooseFollowed, right=Right.EDIT)
async def choose_followed(ctx: HandlerContext, button: ChooseFollowed) -> None:
    """Set the earlier article that an article follows to the one of the button."""
    await _follow(ctx, await workable(ctx, button.article_id), button.followed_id)


async def _follow(ctx: HandlerContext, article: Article, followed_id: int) -> None:
    """Store what the article goes on with. A press turns its question into the preview, in which one publishes."""
    texts = ctx.texts
    followed = await ctx.services.newsroom.follow(article.id, followed_id or None, actor_id=ctx.user_id)
    key = "follow-done" if followed_id else "follow-none-done"
    id_, other = texts.digits(str(article.id)), texts.digits(str(followed_id))
    if ctx.press is not None:
        await ctx.edit_or_send((await preview_pages(ctx, followed))[0])
        await ctx.answer_callback(key, id=id_, other=other)
        return
    back = (Button(texts("button-back-to-preview"), PreviewPage(article.id).pack()),)
    await ctx.send(Message(texts.html(key, id=id_, other=other), (back,)))


async def _offer(ctx: HandlerContext, article: Article) -> None:
    require(Act.EDIT, article)
    texts = ctx.texts
    async with ctx.services.database.read() as connection:
        newest = await articles.page(connection, limit=_OFFERED + 1)
    rows = [
        (
            Button(
                f"{texts.digits(str(candidate.id))} · {cut(candidate.content.title, _TITLE)}",
                ChooseFollowed(article.id, candidate.id).pack(),
            ),
        )
        for candidate in newest
        if candidate.id not in (article.id, article.follows_id)
    ]
    if article.follows_id is not None:
        rows.append((Button(texts("button-follow-none"), ChooseFollowed(article.id, _NONE).pack()),))
    back = (Button(texts("button-back-to-preview"), PreviewPage(article.id).pack()),)
    heading = texts.html("follow-ask", id=texts.digits(str(article.id)), title=article.content.title)
    await ctx.edit_or_send(Message(heading, (*rows[: _OFFERED + 1], back)))
