"""The current revisions of articles: a message that was sent may show an older one."""

from collections.abc import Collection

from storage import articles
from storage.articles import Version
from storage.engine.connection import Connection
from storage.records import LIVE, ArticleRevision


class RevisionCache:
    """The current revisions of the articles of one transaction, each read once."""

    def __init__(self) -> None:
        self._known: dict[int, Version] = {}

    async def know(self, tx: Connection, article_ids: Collection[int]) -> None:
        """Load those of the articles that are not in the cache."""
        unknown = set(article_ids) - self._known.keys()
        if unknown:
            self._known |= await articles.versions(tx, unknown)

    def newest(self, article_id: int) -> ArticleRevision:
        """Return an article's newest revision."""
        return ArticleRevision(article_id, self._known[article_id].revision)

    def is_malformed(self, article_id: int) -> bool:
        """Return whether the article's row cannot be read."""
        return article_id not in self._known

    def is_live(self, article_id: int) -> bool:
        """Return whether the article may be sent, and its copies stand."""
        return article_id in self._known and self._known[article_id].state in LIVE

    def is_breaking(self, article_id: int) -> bool:
        """Return whether the article is breaking news."""
        return article_id in self._known and self._known[article_id].breaking

    def released_at(self, article_id: int) -> int | None:
        """Return when the article was published (ms), None where it is not."""
        return self._known[article_id].released_at

    def followed_by(self, article_id: int) -> int | None:
        """Return the earlier article that an article goes on with, None for none."""
        return self._known[article_id].follows_id

    def are_newest(self, shown: Collection[ArticleRevision]) -> bool:
        """Return whether these revisions are what readers should see."""
        return all(
            self.is_live(revision.article_id) and self.newest(revision.article_id) == revision for revision in shown
        )
