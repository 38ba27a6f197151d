"""Full-text search over published articles, in any Persian spelling, newest first.

The index holds two texts of every article: its normalised words; each pair of neighbours joined and its stems
(persian.index_terms), with marks that tell its category. It is numbered by the article's ordinal, so that newest
first is the order of the index and days are a stretch of it. storage.fts_query says how each database is asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import (
    DDL,
    BigInteger,
    ColumnElement,
    Integer,
    Text,
    and_,
    bindparam,
    cast,
    column,
    event,
    select,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import TSVECTOR

from persian.query import Query
from storage import fts_query, id_allocation
from storage.engine.connection import Connection
from storage.engine.dialect import is_postgresql
from storage.engine.prepared import PreparedStatement
from storage.long_texts import without_blocking
from storage.records import Article, ArticleState
from storage.schema import article as article_table
from storage.schema import metadata
from storage.search_texts import aside, texts_of

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
"""The statements that make the index in each database."""
for _kind, _statements in CREATE.items():
    for _statement in _statements:
        event.listen(metadata, "after_create", DDL(_statement).execute_if(dialect=_kind))  # type: ignore[no-untyped-call]  # SQLAlchemy
event.listen(metadata, "before_drop", DDL("DROP TABLE IF EXISTS article_search"))  # type: ignore[no-untyped-call]  # SQLAlchemy

_COUNTED = 50

# On PostgreSQL: which part of all articles a walk looks at, and how many at least and at most.
_WALKS = ((500, 60, 2_000), (50, 60, 20_000))
_FEW = 2_000
"""So many hits are brought by the index of words sooner than they are met on a walk."""

_FIRST, _LAST = -(2**63), 2**63 - 1


@dataclass(frozen=True, slots=True)
class Within:
    """The range of a search: a category, dates from `since` to before `until` (ms); None is no limit."""

    category_id: int | None = None
    since: int | None = None
    until: int | None = None


EVERYWHERE = Within()


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """An article as the index takes it: its place in the lists, its category and its two texts (`texts_of`)."""

    ordinal: int
    category_id: int
    texts: tuple[str, str]


async def put(tx: Connection, articles: Sequence[Article]) -> None:
    """Index published articles in their newest form."""
    entries = []
    for article in articles:
        assert article.ordinal is not None, "only published articles are searched"
        entries.append(IndexEntry(article.ordinal, article.category.id, await aside(texts_of, article.content)))
    await replace(tx, entries)


async def replace(tx: Connection, entries: Sequence[IndexEntry]) -> None:
    """Index articles over what the index has of them."""
    await _remove(tx, [entry.ordinal for entry in entries])
    await add(tx, entries)


async def add(tx: Connection, entries: Sequence[IndexEntry]) -> None:
    """Index articles that are not in the index yet."""
    row = _document if is_postgresql(tx) else _row
    rows = [await without_blocking(len(entry.texts[0]), partial(row, entry)) for entry in entries]
    await tx.write_many(_ADD, rows)


async def remove(tx: Connection, ordinal: int) -> None:
    """Remove an article from the index."""
    await _remove(tx, [ordinal])


async def _remove(tx: Connection, ordinals: Sequence[int]) -> None:
    await tx.write_many(_REMOVE, [{"entry_ordinal": ordinal} for ordinal in ordinals])


def _row(entry: IndexEntry) -> dict[str, Any]:
    """Return what SQLite's index keeps of an article."""
    words, joined = entry.texts
    return {
        "entry_ordinal": entry.ordinal,
        "entry_words": words,
        "entry_joined": f"{fts_query.marks(entry.category_id)} {joined}",
    }


def _document(entry: IndexEntry) -> dict[str, Any]:
    """Return what PostgreSQL's index keeps of an article."""
    row = _row(entry)
    return {
        "entry_ordinal": entry.ordinal,
        "entry_document": fts_query.vector(row["entry_words"], row["entry_joined"]),
    }


async def find(
    connection: Connection,
    query: Query,
    within: Within = EVERYWHERE,
    *,
    limit: int,
    before: int | None = None,
    after: int | None = None,
) -> list[int]:
    """Return the ordinals of the hits, newest first; `before` and `after` are ordinals as in articles.page.

    The query's category and days count as `within` has them, resolved. Without words it is a list by date.
    """
    if not query or query.is_impossible:
        return []
    since, until = _borders(within, before, after)
    if is_postgresql(connection) and _has_words(query):
        words = fts_query.tsquery(query, within.category_id)
        ordinals = await _sought(connection, words, since, until, limit=limit, forward=after is not None)
    else:
        place, conditions = _walk_conditions(query, within)
        order = place.desc() if after is None else place.asc()
        borders = (place >= since, place < until)
        rows = await connection.execute(select(place).where(*conditions, *borders).order_by(order).limit(limit))
        ordinals = [int(number) for (number,) in rows]
    return sorted(ordinals, reverse=True)


def _borders(within: Within, before: int | None, after: int | None) -> tuple[int, int]:
    """Return the first ordinal of a page and the one behind its last; `after` comes before `before`."""
    since = id_allocation.first_ordinal(within.since) if within.since is not None else _FIRST
    until = id_allocation.first_ordinal(within.until) if within.until is not None else _LAST
    if after is not None:
        return max(since, after + 1), until
    return since, until if before is None else min(until, before)


async def _sought(
    connection: Connection, words: str, since: int, until: int, *, limit: int, forward: bool
) -> list[int]:
    """Return hits on PostgreSQL, which cannot know which way is short.

    What is frequent is met soon on a walk along the ordinals, which reads every document whole. What is seldom is
    asked of the index of words, which brings all of its articles at once: too many where it is frequent after all,
    as common words together may be.
    """
    values = {"words": words, "since": since, "until": until, "most": limit}
    size = max(0, (await connection.fetch(_SIZE))[0].size)
    for part, least, most in _WALKS:
        width = min(most, max(least, size // part))
        rows = await connection.fetch(_WALKED[forward], width=width, **values)
        if len(rows) == limit:
            return [row.ordinal for row in rows]
        if len(rows) * size < _FEW * width:
            break
    return [row.ordinal for row in await connection.fetch(_BROUGHT[forward], **values)]


async def count_words(connection: Connection, words: Sequence[str]) -> dict[str, int]:
    """Return those of the `words`, terms of the index, that stand in published articles: in how many, up to 50.

    Ask for some dozens at once.
    """
    if not words:
        return {}
    if is_postgresql(connection):
        # Each word is one look into the index, and a common one brings no more of its articles than are counted.
        for setting in ("enable_seqscan = off", "enable_indexscan = off", "gin_fuzzy_search_limit = 1000"):
            await connection.execute(text(f"SET LOCAL {setting}"))
    hit = _HITS[is_postgresql(connection)]
    counts = " UNION ALL ".join(
        f"SELECT {number} AS at, count(*) AS hits FROM "  # noqa: S608 - fixed words
        f"(SELECT 1 FROM article_search WHERE {hit.format(number)} LIMIT {_COUNTED}) AS some{number}"
        for number in range(len(words))
    )
    expression = _EXPRESSION[is_postgresql(connection)]
    values = {f"match{number}": expression(Query(phrases=((word,),))) for number, word in enumerate(words)}
    rows = (await connection.execute(text(counts), values)).all()
    if is_postgresql(connection):
        for name in ("enable_seqscan", "enable_indexscan", "gin_fuzzy_search_limit"):
            await connection.execute(text(f"SET LOCAL {name} TO DEFAULT"))
    return {words[at]: hits for at, hits in rows if hits}


_HITS = {
    False: "article_search MATCH :match{}",
    True: "document @@ CAST(CAST(:match{} AS text) AS tsquery)",
}
"""The condition of an expression on a row, on SQLite and on PostgreSQL (True)."""
_EXPRESSION = {False: fts_query.fts5, True: fts_query.tsquery}


def _walk_conditions(query: Query, within: Within) -> tuple[ColumnElement[int], list[ColumnElement[bool]]]:
    """Return the column of the ordinals to walk along, and the conditions on the rows besides their place."""
    if not _has_words(query):
        listed: list[ColumnElement[bool]] = [article_table.c.state == ArticleState.PUBLISHED]
        if within.category_id is not None:
            listed.append(article_table.c.category_id == within.category_id)
        return article_table.c.ordinal, listed
    hit: Any = text(_HITS[False].format("")).bindparams(match=fts_query.fts5(query, within.category_id))
    return _FTS5.c.rowid, [hit]


def _has_words(query: Query) -> bool:
    return bool(query.words or query.phrases or query.excluded)


def _walked(forward: bool) -> PreparedStatement:
    """Return the hits among so many articles from a border on."""
    window = (
        select(_INDEX.c.ordinal, _INDEX.c.document).where(_BETWEEN).order_by(_in_order(_INDEX.c.ordinal, forward))
    )
    looked_at = window.limit(bindparam("width", type_=Integer)).subquery()
    hits = select(looked_at.c.ordinal).where(_WORDS).order_by(_in_order(looked_at.c.ordinal, forward))
    return PreparedStatement(hits.limit(bindparam("most", type_=Integer)))


def _brought(forward: bool) -> PreparedStatement:
    """Return the first of all hits that the index of words brings."""
    # A sum, so that the way there is not along the ordinals.
    order = _in_order(_INDEX.c.ordinal + 0, forward)
    hits = select(_INDEX.c.ordinal).where(_WORDS, _BETWEEN).order_by(order)
    return PreparedStatement(hits.limit(bindparam("most", type_=Integer)))


def _in_order(place: Any, forward: bool) -> ColumnElement[int]:
    ordered: ColumnElement[int] = place.asc() if forward else place.desc()
    return ordered


# PostgreSQL's index; `document` has no type here: only its operators know it.
_INDEX: Any = table("article_search", column("ordinal", BigInteger), column("document"))
_FTS5: Any = table("article_search", column("rowid", BigInteger), column("words"), column("joined"))
_ADD = PreparedStatement(
    {
        "sqlite": _FTS5.insert().values(
            rowid=bindparam("entry_ordinal"), words=bindparam("entry_words"), joined=bindparam("entry_joined")
        ),
        "postgresql": _INDEX.insert().values(
            ordinal=bindparam("entry_ordinal"), document=cast(cast(bindparam("entry_document"), Text), TSVECTOR)
        ),
    }
)
_REMOVE = PreparedStatement(
    {
        "sqlite": _FTS5.delete().where(_FTS5.c.rowid == bindparam("entry_ordinal")),
        "postgresql": _INDEX.delete().where(_INDEX.c.ordinal == bindparam("entry_ordinal")),
    }
)
_BETWEEN = and_(
    _INDEX.c.ordinal >= bindparam("since", type_=BigInteger),
    _INDEX.c.ordinal < bindparam("until", type_=BigInteger),
)
_WORDS: Any = text("document @@ CAST(CAST(:words AS text) AS tsquery)")
_SIZE = PreparedStatement(
    select(cast(column("reltuples"), BigInteger).label("size"))
    .select_from(table("pg_class"))
    .where(text("oid = CAST('article_search' AS regclass)"))
)
"""About how many articles are searched, -1 while the database has not counted them."""
_WALKED = {forward: _walked(forward) for forward in (False, True)}
_BROUGHT = {forward: _brought(forward) for forward in (False, True)}
