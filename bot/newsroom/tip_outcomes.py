"""Notices to the senders of tips about their outcome."""

from bot.newsroom.waiting_cards import TIP_CARDS
from bot.render.callbacks import OpenArticle
from storage import comments, notices, tips
from storage.engine.connection import Connection
from storage.records import Article, Tip


async def notify_sender(tx: Connection, tip: Tip, key: str, *, now: int, article: Article | None = None) -> None:
    """Notify the sender of a tip about its outcome, unless they are silenced.

    `article` is what readers can open now.
    """
    if await comments.is_silenced(tx, tip.user_id):
        return
    if article is None:
        await notices.enqueue(tx, tip.user_id, key, {}, now=now)
        return
    buttons = (("button-open-article", OpenArticle(article.id).pack()),)
    args: dict[str, str | int] = {"id": article.id, "title": article.content.title}
    await notices.enqueue(tx, tip.user_id, key, args, now=now, buttons=buttons)


async def notify_published(tx: Connection, article: Article, *, now: int) -> None:
    """Notify the senders of the tips behind an article that it is published."""
    for tip in await tips.of_article(tx, article.id):
        await notify_sender(tx, tip, "tip-published", now=now, article=article)


async def part(tx: Connection, article_id: int, *, now: int) -> None:
    """Mark the tips of a deleted draft as read: a new draft can be made of them."""
    await TIP_CARDS.settle(tx, await tips.part_with_article(tx, article_id), now=now)
