"""Lists of articles for other systems: published ones, and drafts by who may see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.errors import UserError
from bot.newsroom.transitions import Refusal
from storage import article_pages, articles, categories
from storage.article_pages import DraftPlace
from storage.engine.database import ReadOnlyDatabase
from storage.records import DRAFT_STATES, Article, Category

PlaceT = TypeVar("PlaceT")


@dataclass(frozen=True, slots=True)
class ListedArticles(Generic[PlaceT]):
    """A page of a list. `last` is the place behind which the next page begins, None where this page is the last."""

    articles: Sequence[Article]
    last: PlaceT | None


class ArticleLists:
    """Reads articles and categories."""

    def __init__(self, database: ReadOnlyDatabase) -> None:
        self._database = database

    async def published(
        self, *, limit: int, category_id: int | None = None, before: int | None = None
    ) -> ListedArticles[int]:
        """Return published articles with their bodies, the newest first, older than the ordinal `before`.

        A page has fewer than `limit` articles where one is malformed, or was retracted just now.
        """
        async with self._database.read() as connection:
            ordinals = await article_pages.published(
                connection, limit=limit + 1, category_id=category_id, before=before
            )
            read = await articles.by_ordinals(connection, ordinals[:limit])
        return ListedArticles(read, _last(ordinals, limit))

    async def unpublished(
        self,
        *,
        limit: int,
        category_id: int | None = None,
        author_id: int | None = None,
        before: DraftPlace | None = None,
    ) -> ListedArticles[DraftPlace]:
        """Return what waits for its publication, of one author or of everybody, the last changed first.

        A page has fewer than `limit` articles where one is malformed, or was published just now.
        """
        async with self._database.read() as connection:
            places = await article_pages.unpublished(
                connection, limit=limit + 1, category_id=category_id, author_id=author_id, before=before
            )
            read = await articles.get_many(connection, [place.article_id for place in places[:limit]])
        return ListedArticles([article for article in read if article.state in DRAFT_STATES], _last(places, limit))

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


def _last(places: Sequence[PlaceT], limit: int) -> PlaceT | None:
    """Return the last place of a page, None where no more follow it."""
    return places[limit - 1] if len(places) > limit else None
