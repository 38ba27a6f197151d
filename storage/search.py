"""Full-text search over published articles, in any Persian spelling, newest first.

The index holds two texts of every article: its normalised words, and each pair of neighbours joined
(persian.normalise). It is numbered by the article's ordinal, so that newest first is the order of the index.
storage.match says how each database is asked.
"""

import re
from html import unescape

from sqlalchemy import DDL, event, text
from sqlalchemy.ext.asyncio import AsyncConnection

from persian.normalise import index_text
from persian.query import Query
from storage import match
from storage.dialect import is_postgresql
from storage.records import Article
from storage.schema import metadata

CREATE = {
    "sqlite": (
        'CREATE VIRTUAL TABLE article_search USING fts5(words, joined, tokenize = "unicode61 remove_diacritics 0")',
    ),
    "postgresql": (
        "CREATE TABLE article_search ("
        "ordinal BIGINT CONSTRAINT pk_article_search PRIMARY KEY, document TSVECTOR NOT NULL)",
        "CREATE INDEX ix_article_search_document ON article_search USING gin (document)",
    ),
}
"""What makes the index in each database."""
for _kind, _statements in CREATE.items():
    for _statement in _statements:
        event.listen(metadata, "after_create", DDL(_statement).execute_if(dialect=_kind))  # type: ignore[no-untyped-call]  # SQLAlchemy
event.listen(metadata, "before_drop", DDL("DROP TABLE IF EXISTS article_search"))  # type: ignore[no-untyped-call]  # SQLAlchemy

_TAGS = re.compile(r"<[^>]+>")


async def put(tx: AsyncConnection, article: Article) -> None:
    """Index a published article in its newest form."""
    assert article.ordinal is not None, "only published articles are searched"
    await remove(tx, article.ordinal)
    words, joined = index_text(_searched(article))
    if is_postgresql(tx):
        await tx.execute(
            text(
                "INSERT INTO article_search (ordinal, document) "
                "VALUES (:ordinal, CAST(CAST(:document AS text) AS tsvector))"
            ),
            {"ordinal": article.ordinal, "document": match.vector(words, joined)},
        )
    else:
        await tx.execute(
            text("INSERT INTO article_search (rowid, words, joined) VALUES (:ordinal, :words, :joined)"),
            {"ordinal": article.ordinal, "words": words, "joined": joined},
        )


async def remove(tx: AsyncConnection, ordinal: int) -> None:
    """Take an article out of the index."""
    number = "ordinal" if is_postgresql(tx) else "rowid"
    await tx.execute(text(f"DELETE FROM article_search WHERE {number} = :ordinal"), {"ordinal": ordinal})  # noqa: S608 - fixed words


async def find(
    connection: AsyncConnection,
    query: Query,
    *,
    limit: int,
    before: int | None = None,
    after: int | None = None,
) -> list[int]:
    """Return the ordinals of the hits, newest first; `before` and `after` are ordinals as in articles.page."""
    if not query:
        return []
    if is_postgresql(connection):
        number, hit, asked = "ordinal", "document @@ CAST(CAST(:match AS text) AS tsquery)", match.tsquery(query)
    else:
        number, hit, asked = "rowid", "article_search MATCH :match", match.fts5(query)
    border, order = "", "DESC"
    if after is not None:
        border, order = f"AND {number} > :border", "ASC"
    elif before is not None:
        border = f"AND {number} < :border"
    sql = f"SELECT {number} FROM article_search WHERE {hit} {border} ORDER BY {number} {order} LIMIT :limit"  # noqa: S608 - fixed words
    values = {"match": asked, "limit": limit}
    if border:
        values["border"] = before if after is None else after
    rows = await connection.execute(text(sql), values)
    return sorted((int(number) for (number,) in rows), reverse=True)


def _searched(article: Article) -> str:
    content = article.content
    body = [block.html for block in content.body] + [item for block in content.body for item in block.items]
    plain = unescape(_TAGS.sub("", "\n".join(body)))
    return "\n".join((content.title, content.lead, plain, *content.tags, content.desk))
