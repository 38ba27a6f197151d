"""Lists of articles for other systems: published ones, and drafts by who may see them."""

from collections.abc import Sequence

from bot.errors import UserError
from bot.newsroom.transitions import Refusal
from storage import articles, categories
from storage.engine.database import ReadOnlyDatabase
from storage.records import Article, ArticleState, Category


class ArticleLists:
    """Reads articles and categories."""

    def __init__(self, database: ReadOnlyDatabase) -> None:
        self._database = database

    async def published(
        self, *, limit: int, category_id: int | None = None, before: int | None = None
    ) -> list[Article]:
        """Return published articles with their bodies, the newest first, older than the ordinal `before`."""
        async with self._database.read() as connection:
            page = await articles.page(connection, limit=limit, category_id=category_id, before=before)
            read = await articles.get_many(connection, [article.id for article in page])
        # Between the two queries one of them may have been retracted, or be a draft again.
        return [article for article in read if article.state is ArticleState.PUBLISHED]

    async def unpublished(self, *, limit: int, offset: int, author_id: int | None) -> list[Article]:
        """Return what waits for its publication, of one author or of everybody, the last changed first."""
        async with self._database.read() as connection:
            return await articles.drafts(connection, limit=limit, offset=offset, author_id=author_id)

    async def get(self, article_id: int) -> Article:
        """Return an article in whatever state. Raises NotFoundError."""
        async with self._database.read() as connection:
            article = await articles.get(connection, article_id) if article_id > 0 else None
        if article is None:
            raise Refusal.NOT_FOUND.error(article_id)
        return article

    async def categories(self) -> Sequence[Category]:
        """Return every category."""
        async with self._database.read() as connection:
            return await categories.all_(connection)

    async def category(self, name: str) -> Category:
        """Return the category of that slug or name, in any spelling. Raises UserError where there is none."""
        async with self._database.read() as connection:
            category = await categories.find(connection, name)
        if category is None:
            raise UserError("category-unknown", name=name[:60])
        return category
