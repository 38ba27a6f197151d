"""The articles that a person of the newsroom may work on, as commands and buttons name them."""

from bot.errors import NotFoundError, UserError
from bot.newsroom.permissions import Right, may
from bot.newsroom.transitions import Act, require
from handlers.core.context import HandlerContext
from persian.digits import parse_int
from storage import articles
from storage.records import Article, ArticleState


async def named_article(ctx: HandlerContext, usage: str) -> Article:
    """Return the article that a command names. Raises UserError with the usage, or NotFoundError."""
    article_id, words = numbered(ctx, usage)
    if words:
        raise UserError(usage)
    return await workable(ctx, article_id)


def numbered(ctx: HandlerContext, usage: str) -> tuple[int, str]:
    """Return the number behind a command, and the words behind that. Raises UserError with the usage."""
    number, _, words = " ".join(ctx.words.split()).partition(" ")
    article_id = parse_int(number)
    if article_id is None or article_id < 1:
        raise UserError(usage)
    return article_id, words


async def workable(ctx: HandlerContext, article_id: int) -> Article:
    """Return an article that the person may work on; any other looks like an unknown one."""
    async with ctx.services.database.read() as connection:
        article = await articles.get(connection, article_id)
    own = article is not None and article.author_id == ctx.user_id and may(ctx.role, Right.WRITE)
    if article is None or article_id < 1 or not (own or may(ctx.role, Right.EDIT)):
        raise NotFoundError("article-not-found", id=article_id)
    return article


def editable(ctx: HandlerContext, article: Article) -> Article:
    """Return the article. Raises UserError where its state allows no edit, or none by somebody who is no editor.

    A scheduled article is approved already, so that only editors may change it.
    """
    require(Act.EDIT, article)
    if article.state is ArticleState.PUBLISHED and not may(ctx.role, Right.EDIT):
        raise UserError("edit-editors-only", id=article.id)
    if article.state is ArticleState.SCHEDULED and not may(ctx.role, Right.EDIT):
        raise UserError("plan-editors-only", id=article.id)
    return article


async def article_to_correct(ctx: HandlerContext) -> Article:
    """Return the article that /correct names. Raises UserError where there is nothing to correct."""
    article = editable(ctx, await named_article(ctx, "correct-usage"))
    require(Act.CORRECT, article)
    return article
