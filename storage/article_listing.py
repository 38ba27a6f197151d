"""The newest articles of a SQLite file, for a command that ends at once.

SQLAlchemy takes longer to import than everything else that such a command does, so this goes without: one statement
over columns that every schema has, read by the driver.
"""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from storage.migrations import revisions

_NEWEST = """
    SELECT article.id, article.state, article.published_at, article.created_at, category.slug, revision.title
    FROM article
    JOIN category ON category.id = article.category_id
    JOIN revision ON revision.article_id = article.id AND revision.number = article.revision
    WHERE article.id > 0
    ORDER BY article.created_at DESC, article.id DESC
    LIMIT ?
"""


@dataclass(frozen=True, slots=True)
class ListedArticle:
    """A line of the list; `at` is when it was published, of one that was not, when it was made."""

    id: int
    state: str
    at: int
    category: str
    title: str


def newest(database: Path, most: int) -> list[ListedArticle] | None:
    """Return the articles of every state, the last made first. Rows without a readable date are left out.

    None where the file has to be opened in the usual way first: it is not there, has another schema, or cannot be
    read.
    """
    try:
        with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            schema = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            if schema is None or schema[0] != max(revisions()):
                return None
            rows = connection.execute(_NEWEST, (most,)).fetchall()
    except sqlite3.Error:
        return None
    return [
        ListedArticle(number, state, published_at or created_at, category, title)
        for number, state, published_at, created_at, category, title in rows
        if isinstance(published_at or created_at, int)
    ]
