"""Full-text search over published articles, in any Persian spelling, newest first.

Two columns: the normalised words, and each pair of neighbours joined (persian.normalise). The row id of the
index is the article's ordinal, so that newest first is a walk of the index itself.
"""

import re
from html import unescape
from itertools import pairwise

from sqlalchemy import DDL, event, text
from sqlalchemy.ext.asyncio import AsyncConnection

from persian.normalise import index_text
from persian.query import Query
from storage.records import Article
from storage.schema import metadata

CREATE = 'CREATE VIRTUAL TABLE article_search USING fts5(words, joined, tokenize = "unicode61 remove_diacritics 0")'
event.listen(metadata, "after_create", DDL(CREATE).execute_if(dialect="sqlite"))  # type: ignore[no-untyped-call]  # SQLAlchemy

_TAGS = re.compile(r"<[^>]+>")


async def put(tx: AsyncConnection, article: Article) -> None:
    """Index a published article in its newest form."""
    assert article.ordinal is not None, "only published articles are searched"
    await remove(tx, article.ordinal)
    words, joined = index_text(_searched(article))
    await tx.execute(
        text("INSERT INTO article_search (rowid, words, joined) VALUES (:ordinal, :words, :joined)"),
        {"ordinal": article.ordinal, "words": words, "joined": joined},
    )


async def remove(tx: AsyncConnection, ordinal: int) -> None:
    """Take an article out of the index."""
    await tx.execute(text("DELETE FROM article_search WHERE rowid = :ordinal"), {"ordinal": ordinal})


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
    asked = {"match": match_expression(query), "limit": limit, "border": before if after is None else after}
    if after is not None:
        sql = "AND rowid > :border ORDER BY rowid LIMIT :limit"
    elif before is not None:
        sql = "AND rowid < :border ORDER BY rowid DESC LIMIT :limit"
    else:
        sql = "ORDER BY rowid DESC LIMIT :limit"
    rows = await connection.execute(
        text(f"SELECT rowid FROM article_search WHERE article_search MATCH :match {sql}"),  # noqa: S608 - fixed words
        asked,
    )
    return sorted((int(row.rowid) for row in rows), reverse=True)


def match_expression(query: Query) -> str:
    """Return the FTS5 expression of a query (pure). Every word is quoted and normalised: none is syntax."""
    wanted = [_run(run) for run in query.words] + [_phrase(phrase) for phrase in query.phrases]
    expression = " AND ".join(wanted)
    for phrase in query.excluded:
        expression = f"({expression}) NOT {_phrase(phrase)}"
    return expression


def _run(words: tuple[str, ...]) -> str:
    """Every word somewhere: by itself, or joined with a neighbour that the query has beside it."""
    joined = [""] + [f'"{left}{right}"' for left, right in pairwise(words)] + [""]
    terms = []
    for place, word in enumerate(words):
        spellings = [f'"{word}"', joined[place], joined[place + 1]]
        terms.append(f"({' OR '.join(filter(None, spellings))})")
    return " AND ".join(terms)


def _phrase(words: tuple[str, ...]) -> str:
    """The words in order; all of them, or any two neighbours, may stand joined."""
    if len(words) == 1:
        return f'"{words[0]}"'
    spellings = [words, ("".join(words),)]
    for place, pair in enumerate(pairwise(words)):
        spellings.append((*words[:place], "".join(pair), *words[place + 2 :]))
    return "(" + " OR ".join(f'words : "{" ".join(spelling)}"' for spelling in dict.fromkeys(spellings)) + ")"


def _searched(article: Article) -> str:
    content = article.content
    body = [block.html for block in content.body] + [item for block in content.body for item in block.items]
    plain = unescape(_TAGS.sub("", "\n".join(body)))
    return "\n".join((content.title, content.lead, plain, *content.tags, content.desk))
