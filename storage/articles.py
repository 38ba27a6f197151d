"""Articles and their revisions."""

import asyncio
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
    tuple_,
    update,
)

from storage import id_allocation, search
from storage.article_rows import AS_IT_WAS, BODILESS, FULL, article_of, articles_of, content_of, insert_revision
from storage.engine.connection import Connection
from storage.engine.dialect import INSERTS, among, json_list
from storage.engine.prepared import PreparedStatement
from storage.malformed import readable
from storage.records import DRAFT_STATES, LIVE, Article, ArticleRevision, ArticleState, Content, Provenance
from storage.schema import FROM_SOURCES, OPEN_REVIEW, article, review, revision
from storage.search_texts import aside, texts_of

_OURS = Provenance()
_LONG = 10_000
"""Letters of a stored body that is not read in a moment."""


class Version(NamedTuple):
    """An article as it is now: its newest revision's number, its state, whether it is breaking news, the article
    whose story it tells again, the earlier one that it goes on with, and when it was published (ms)."""

    revision: int
    state: ArticleState
    breaking: bool
    story_id: int | None = None
    follows_id: int | None = None
    released_at: int | None = None


@dataclass(frozen=True, slots=True)
class NewRevision:
    """A revision that is not stored yet: the content, by whom (None: a source), and its category (None: as before).

    `texts` are what search keeps of the content (`texts_of`), where the caller has them already.
    """

    content: Content
    editor_id: int | None
    category_id: int | None = None
    texts: tuple[str, str] | None = None


async def insert(
    tx: Connection,
    content: Content,
    *,
    category_id: int,
    now: int,
    published_at: int,
    provenance: Provenance = _OURS,
    state: ArticleState = ArticleState.DRAFT,
) -> int:
    """Store a new article as revision 1 and return its news number.

    The provenance's own number is kept where it may be one of ours (`id_allocation.news_number`) and is free;
    otherwise the article gets the lowest free number of our own sequence. Its date is `published_at` (ms).
    """
    article_id = await id_allocation.number_for(tx, id_allocation.news_number(provenance.number))
    await tx.execute(
        article.insert().values(
            id=article_id,
            state=state,
            category_id=category_id,
            revision=1,
            language=provenance.language,
            url=provenance.url,
            origin=provenance.origin,
            source_number=provenance.number,
            author_id=provenance.author_id,
            published_at=published_at,
            created_at=now,
            updated_at=now,
        )
    )
    await insert_revision(
        tx, article_id, 1, content, editor_id=provenance.author_id, now=now, category_id=category_id
    )
    return article_id


async def revise(tx: Connection, article_id: int, revision: NewRevision, *, expected: int, now: int) -> int | None:
    """Add a revision and return its number; None where `expected` is no longer the newest one."""
    number = expected + 1
    values = {
        "article_id": article_id,
        "expected_revision": expected,
        "new_revision": number,
        "new_category_id": revision.category_id,
    }
    rows = await tx.fetch(_REVISE, **values, new_updated_at=now)
    if not rows:
        return None
    (revised,) = rows
    content, editor_id = revision.content, revision.editor_id
    await insert_revision(
        tx, article_id, number, content, editor_id=editor_id, now=now, category_id=revised.category_id
    )
    if revised.state == ArticleState.PUBLISHED:
        texts = revision.texts if revision.texts is not None else await aside(texts_of, content)
        await search.replace(tx, [search.IndexEntry(revised.ordinal, revised.category_id, texts)])
    return number


async def release(tx: Connection, article_id: int, *, published_at: int, now: int, breaking: bool = False) -> bool:
    """Make an unpublished article readable; False where it is published or retracted already."""
    ordinal = await id_allocation.ordinal_for(tx, published_at)
    done = await tx.execute(
        update(article)
        .where(
            article.c.id == article_id,
            article.c.state.in_(DRAFT_STATES),
        )
        .values(
            state=ArticleState.PUBLISHED,
            published_at=published_at,
            released_at=now,
            ordinal=ordinal,
            scheduled_at=None,
            scheduled_by=None,
            breaking=breaking,
            updated_at=now,
        )
    )
    if done.rowcount != 1:
        return False
    stored = await get(tx, article_id)
    assert stored is not None
    await search.put(tx, [stored])
    return True


async def move(tx: Connection, article_id: int, before: ArticleState, after: ArticleState, *, now: int) -> bool:
    """Change the state of an unpublished article; False where it is not in the first one (any more)."""
    done = await tx.execute(
        update(article)
        .where(article.c.id == article_id, article.c.state == before)
        .values(state=after, updated_at=now)
    )
    return done.rowcount == 1


async def unpublish(tx: Connection, article_id: int, *, now: int) -> bool:
    """Make a draft of a published article again; False where it is not published (any more).

    A date that it only got by its publication is forgotten.
    """
    dated = case((article.c.published_at == article.c.released_at, 0), else_=article.c.published_at)
    before = await get(tx, article_id)
    done = await tx.execute(
        update(article)
        .where(article.c.id == article_id, article.c.state == ArticleState.PUBLISHED)
        .values(
            state=ArticleState.DRAFT,
            published_at=dated,
            released_at=None,
            ordinal=None,
            breaking=False,
            updated_at=now,
        )
    )
    if done.rowcount != 1:
        return False
    if before is not None and before.ordinal is not None:
        await search.remove(tx, before.ordinal)
    return True


async def retract(tx: Connection, article_id: int, *, now: int) -> bool:
    """Mark a published article or an announcement as retracted.

    False where it is neither (any more).
    """
    done = await tx.execute(
        update(article)
        .where(article.c.id == article_id, article.c.state.in_(LIVE))
        .values(state=ArticleState.RETRACTED, updated_at=now)
        .returning(article.c.ordinal)
    )
    row = done.one_or_none()
    if row is None:
        return False
    if row.ordinal is not None:
        await search.remove(tx, row.ordinal)
    return True


async def delete_draft(tx: Connection, article_id: int) -> bool:
    """Remove an article that was never published; False where there is none or it was published."""
    done = await tx.execute(
        article.delete().where(article.c.id == article_id, article.c.state == ArticleState.DRAFT)
    )
    return done.rowcount == 1


async def get(connection: Connection, article_id: int) -> Article | None:
    """Return the article in any state, with its newest revision.

    Raises MalformedRowError.
    """
    rows = await connection.fetch(_ONE, article_id=article_id)
    return article_of(rows[0]) if rows else None


async def lock(tx: Connection, article_id: int) -> Article | None:
    """Return the article, and lock its row until the transaction ends.

    What only refers to it, such as the deliveries of a fan-out, is stored all the same. A fan-out may be what the
    act waits for next.
    """
    await tx.fetch(_LOCKED, article_id=article_id)
    return await get(tx, article_id)


async def get_many(connection: Connection, article_ids: Sequence[int]) -> list[Article]:
    """Return those of the articles that exist, in the order asked for; malformed ones are left out."""
    rows = await connection.execute(FULL.where(article.c.id.in_(article_ids)))
    by_id = {stored.id: stored for stored in await _in_turns(rows)}
    return [by_id[article_id] for article_id in article_ids if article_id in by_id]


async def contents(connection: Connection, article_id: int, numbers: Collection[int]) -> dict[int, Content]:
    """Return what those of the article's revisions say that exist, by number."""
    query = select(revision).where(revision.c.article_id == article_id, revision.c.number.in_(numbers))
    return {row.number: content_of(row) for row in await connection.execute(query)}


async def newest_of_sources(connection: Connection, source_id: int | None, *, limit: int) -> list[Article]:
    """Return the newest articles that a source brought, or any source (None), the newest first."""
    brought = article.c.source_id.is_not(None) if source_id is None else article.c.source_id == source_id
    rows = await connection.execute(FULL.where(brought).order_by(article.c.created_at.desc()).limit(limit))
    return await _in_turns(rows)


async def as_they_were(
    connection: Connection, revisions: Collection[ArticleRevision]
) -> dict[ArticleRevision, Article]:
    """Return articles as those revisions had them; what was not kept is left out.

    All but content and category are as of now.
    """
    query = AS_IT_WAS.where(tuple_(revision.c.article_id, revision.c.number).in_(revisions))
    rows = await connection.execute(query)
    return dict(readable("article", rows, lambda row: (ArticleRevision(row.id, row.number), article_of(row))))


async def versions(connection: Connection, article_ids: Collection[int]) -> dict[int, Version]:
    """Return what those of the articles that exist are now; malformed ones are left out."""
    names = ("id", "revision", "state", "breaking", "story_id", "follows_id", "released_at")
    query = select(*(article.c[name] for name in names))
    rows = await connection.execute(query.where(article.c.id.in_(article_ids)))
    return dict(readable("article", rows, lambda row: (row.id, _version(row))))


async def page(
    connection: Connection,
    *,
    limit: int,
    category_id: int | None = None,
    before: int | None = None,
    after: int | None = None,
) -> list[Article]:
    """Return published articles, newest first: older than the ordinal `before`, or those next above `after`.

    They come without their bodies.
    """
    border = "after" if after is not None else "before" if before is not None else ""
    values = {"category_id": category_id, "border": after if after is not None else before, "most": limit}
    query = _page(border, within=category_id is not None)
    listed = articles_of(await connection.fetch(query, **values))
    return listed if after is None else listed[::-1]


async def count_above(connection: Connection, ordinal: int, *, most: int) -> int:
    """Return how many published articles are newer than that, counted up to `most`."""
    rows = await connection.fetch(_ABOVE, ordinal=ordinal, most=most)
    return int(rows[0].count)


async def by_ordinals(connection: Connection, ordinals: list[int], *, bodies: bool = True) -> list[Article]:
    """Return the published articles of those ordinals, newest first, without their bodies where none are wanted."""
    query = _BY_ORDINALS if bodies else _BY_ORDINALS_WITHOUT_BODIES
    return await _in_turns(await connection.fetch(query, ordinals=json_list(ordinals)))


async def _in_turns(rows: Iterable[Any]) -> list[Article]:
    """Return the articles of rows of FULL. A long one takes milliseconds, and others go on in between."""
    read: list[Article] = []
    for row in rows:
        read += articles_of([row])
        if len(row.body) > _LONG:
            await asyncio.sleep(0)
    return read


async def newest(connection: Connection, limit: int) -> list[Article]:
    """Return the articles of every state, the last made first; announcements are none."""
    query = FULL.where(article.c.id > 0).order_by(article.c.created_at.desc(), article.c.id.desc())
    rows = await connection.execute(query.limit(limit))
    return articles_of(rows)


async def drafts(
    connection: Connection,
    *,
    limit: int,
    offset: int = 0,
    author_id: int | None = None,
    states: Collection[ArticleState] = DRAFT_STATES,
) -> list[Article]:
    """Return the unpublished articles, of one author or of everybody, the last changed first.

    What waits at the intake is no draft of anybody's.
    """
    query = FULL.where(is_draft(states))
    if author_id is not None:
        query = query.where(article.c.author_id == author_id)
    query = query.order_by(article.c.updated_at.desc(), article.c.id.desc())
    rows = await connection.execute(query.limit(limit).offset(offset))
    return articles_of(rows)


def is_draft(states: Collection[ArticleState] = DRAFT_STATES) -> ColumnElement[bool]:
    """Return the condition by which an article of these states is a draft: it does not wait at the intake."""
    at_the_gate = select(review.c.id).where(review.c.article_id == article.c.id, OPEN_REVIEW, FROM_SOURCES).exists()
    return and_(article.c.state.in_(states), ~at_the_gate)


async def by_number(connection: Connection, number: str) -> list[Article]:
    """Return the articles that any source gave this number, and the one that bears it here."""
    conditions = [article.c.source_number == number]
    if number.isascii() and number.isdigit() and len(number) <= 13:
        conditions.append(article.c.id == int(number))
    rows = await connection.execute(FULL.where(or_(*conditions)))
    return articles_of(rows)


async def last_editor(connection: Connection, article_id: int) -> int | None:
    """Return who wrote the newest revision; None where a source did."""
    rows = await connection.fetch(_LAST_EDITOR, article_id=article_id)
    return rows[0].editor_id if rows else None


async def count_published(connection: Connection) -> int:
    """Return how many articles readers can see."""
    query = select(func.count()).select_from(article).where(article.c.state == ArticleState.PUBLISHED)
    return (await connection.execute(query)).scalar_one()


def _version(row: Any) -> Version:
    state = ArticleState(row.state)
    return Version(row.revision, state, row.breaking, row.story_id, row.follows_id, row.released_at)


@cache
def _page(border: str, *, within: bool) -> PreparedStatement:
    """Return what lists ask for: of one category or of all, beyond a border or from the newest on."""
    query = BODILESS.where(article.c.state == ArticleState.PUBLISHED)
    if within:
        query = query.where(article.c.category_id == bindparam("category_id"))
    if border == "after":
        query = query.where(article.c.ordinal > bindparam("border")).order_by(article.c.ordinal)
    else:
        query = query.where(article.c.ordinal < bindparam("border")) if border else query
        query = query.order_by(article.c.ordinal.desc())
    return PreparedStatement(query.limit(bindparam("most", type_=Integer)))


_NEWER = and_(article.c.state == ArticleState.PUBLISHED, article.c.ordinal > bindparam("ordinal"))
_ABOVE = PreparedStatement(
    select(func.count().label("count")).select_from(
        select(article.c.ordinal).where(_NEWER).limit(bindparam("most", type_=Integer)).subquery()
    )
)


def _by_ordinals(rows: Select[Any]) -> PreparedStatement:
    published = article.c.state == ArticleState.PUBLISHED
    return PreparedStatement(
        {
            kind: rows.where(among(kind, article.c.ordinal, "ordinals"), published).order_by(
                article.c.ordinal.desc()
            )
            for kind in INSERTS
        }
    )


_BY_ORDINALS = _by_ordinals(FULL)
_BY_ORDINALS_WITHOUT_BODIES = _by_ordinals(BODILESS)
_ONE = PreparedStatement(FULL.where(article.c.id == bindparam("article_id")))
_LOCKED = PreparedStatement(
    select(article.c.id).where(article.c.id == bindparam("article_id")).with_for_update(key_share=True)
)
_REVISE = PreparedStatement(
    update(article)
    .where(article.c.id == bindparam("article_id"), article.c.revision == bindparam("expected_revision"))
    .values(
        revision=bindparam("new_revision"),
        category_id=func.coalesce(bindparam("new_category_id", type_=BigInteger), article.c.category_id),
        updated_at=bindparam("new_updated_at"),
    )
    .returning(article.c.category_id, article.c.state, article.c.ordinal)
)
_LAST_EDITOR = PreparedStatement(
    select(revision.c.editor_id)
    .join(article, and_(revision.c.article_id == article.c.id, revision.c.number == article.c.revision))
    .where(article.c.id == bindparam("article_id"))
)
