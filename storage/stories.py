"""Stories: articles of several sources that tell the same thing, and by what a story is known again."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    Integer,
    Select,
    Text,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    or_,
    select,
    update,
)

from storage.article_rows import BODILESS, articles_of
from storage.engine.connection import Connection
from storage.engine.dialect import INSERTS, among, json_list, listed
from storage.engine.prepared import PreparedStatement
from storage.records import Article, ArticleState
from storage.schema import article, article_signature, story_band


@dataclass(frozen=True, slots=True)
class Signed:
    """An article's signature as bot.newsroom.story_signature packs it, and the bands under which it is found."""

    article_id: int
    signature: bytes
    bands: tuple[int, ...]


async def by_bands(connection: Connection, bands: Collection[int], *, most: int) -> dict[int, list[int]]:
    """Return, by band, the articles that are found under it, of many the `most` with the lowest numbers."""
    rows = await connection.fetch(_UNDER, bands=json_list(sorted(bands)), most=most) if bands else ()
    return {row.band: json.loads(row.article_ids) for row in rows if row.article_ids not in (None, "[]")}


async def signatures(connection: Connection, article_ids: Collection[int]) -> dict[int, bytes]:
    """Return the signatures of those of the articles that have one."""
    rows = await connection.fetch(_SIGNATURES, article_ids=json_list(article_ids)) if article_ids else ()
    return {row.article_id: row.signature for row in rows}


async def put(tx: Connection, signed: Sequence[Signed], *, now: int) -> None:
    """Store signatures of articles in place of those that were there."""
    await tx.write_many(_WITHOUT_BANDS, [{"article_id": telling.article_id} for telling in signed])
    await add(tx, signed, now=now)


async def add(tx: Connection, signed: Sequence[Signed], *, now: int) -> None:
    """Store signatures of new articles."""
    await tx.write_many(
        _SIGNATURE,
        [
            {"new_article_id": telling.article_id, "new_signature": telling.signature, "new_created_at": now}
            for telling in signed
            if telling.bands
        ],
    )
    await tx.write_many(
        _BAND,
        [{"new_article_id": telling.article_id, "new_band": band} for telling in signed for band in telling.bands],
    )


async def retellings(connection: Connection, article_id: int, *, limit: int, offset: int = 0) -> list[Article]:
    """Return the articles that report the story of this one once more and are folded or published, without bodies.

    The first to come is the first.
    """
    query = BODILESS.where(article.c.story_id == article_id, _SHOWN)
    rows = await connection.execute(query.order_by(article.c.created_at, article.c.id).limit(limit).offset(offset))
    return articles_of(rows)


async def elsewhere(connection: Connection, article_id: int, *, limit: int, offset: int = 0) -> list[Article]:
    """Return the other articles of a story that readers see beside one of it, without bodies, the oldest first.

    These are the published ones, and the folded ones as long as the first article of the story is published.
    """
    # Of a story that thousands tell, only the titles of one page are read.
    order = article.c.created_at, article.c.id
    page = select(article.c.id).where(_ELSEWHERE).order_by(*order).limit(limit).offset(offset)
    ids = list((await connection.execute(page, {"own_id": article_id})).scalars())
    return articles_of(await connection.execute(BODILESS.where(article.c.id.in_(ids)).order_by(*order)))


async def count_elsewhere(connection: Connection, article_id: int) -> int:
    """Return how many articles `elsewhere` has."""
    rows = await connection.fetch(_COUNT_ELSEWHERE, own_id=article_id)
    return int(rows[0].count)


async def join(tx: Connection, article_id: int, first_id: int) -> None:
    """Make an article, and those that report its story again, part of the story of another."""
    members = or_(article.c.id == article_id, article.c.story_id == article_id)
    await tx.execute(update(article).where(members).values(story_id=first_id))


async def separate(tx: Connection, article_id: int) -> None:
    """Make an article part of no story but its own."""
    await tx.execute(update(article).where(article.c.id == article_id).values(story_id=None))


async def hand_on(tx: Connection, article_id: int) -> Article | None:
    """Make the next article of a story its first one in the place of `article_id`, and return it as it was.

    Published articles come before folded ones. Where no other article reports the story, it ends; None is returned.
    """
    members = article.c.story_id == article_id
    by_turn = case((article.c.state == ArticleState.PUBLISHED, 0), else_=1), article.c.created_at, article.c.id
    rows = await tx.execute(BODILESS.where(members, _SHOWN).order_by(*by_turn).limit(1))
    following = next(iter(articles_of(rows)), None)
    await tx.execute(update(article).where(members).values(story_id=following.id if following else None))
    if following is not None:
        await separate(tx, following.id)
    return following


async def unfold(tx: Connection, article_id: int, *, now: int) -> bool:
    """Make a draft of a folded article; False where it is none (any more)."""
    done = await tx.execute(
        update(article)
        .where(article.c.id == article_id, article.c.state == ArticleState.FOLDED)
        .values(state=ArticleState.DRAFT, updated_at=now)
    )
    return done.rowcount == 1


async def forget(tx: Connection, *, before: int, limit: int) -> int:
    """Delete up to `limit` signatures from before that instant (ms); return how many there were."""
    old = select(article_signature.c.article_id).where(article_signature.c.created_at < before).limit(limit)
    ids = list((await tx.execute(old)).scalars())
    await tx.execute(story_band.delete().where(story_band.c.article_id.in_(ids)))
    await tx.execute(article_signature.delete().where(article_signature.c.article_id.in_(ids)))
    return len(ids)


_SHOWN = or_(article.c.state == ArticleState.FOLDED, article.c.state == ArticleState.PUBLISHED)
_own, _first = article.alias("own_telling"), article.alias("first_telling")
_FIRST_ID = (
    select(func.coalesce(_own.c.story_id, _own.c.id)).where(_own.c.id == bindparam("own_id")).scalar_subquery()
)
_FIRST_SHOWN = exists().where(_first.c.id == _FIRST_ID, _first.c.state == ArticleState.PUBLISHED)
_ELSEWHERE = and_(
    or_(article.c.story_id == _FIRST_ID, article.c.id == _FIRST_ID),
    article.c.id != bindparam("own_id"),
    or_(article.c.state == ArticleState.PUBLISHED, and_(article.c.state == ArticleState.FOLDED, _FIRST_SHOWN)),
)
_COUNT_ELSEWHERE = PreparedStatement(select(func.count().label("count")).select_from(article).where(_ELSEWHERE))


def _under(kind: str) -> Select[Any]:
    """Return the articles of each band, as a JSON list: a stretch of the index for each, however many it has."""
    bands = listed(kind, "bands")
    band = cast(bands.c.value, BigInteger)
    under = select(story_band.c.article_id).where(story_band.c.band == band).correlate(bands)
    lowest = under.order_by(story_band.c.article_id).limit(bindparam("most", type_=Integer)).subquery()
    together = cast(_JSON_LIST[kind](lowest.c.article_id), Text)
    return select(band.label("band"), select(together).scalar_subquery().label("article_ids"))


def _signatures(kind: str) -> Select[Any]:
    columns = article_signature.c.article_id, article_signature.c.signature
    return select(*columns).where(among(kind, columns[0], "article_ids"))


def _signature(kind: str) -> Any:
    statement = INSERTS[kind](article_signature).values(
        article_id=bindparam("new_article_id"),
        signature=bindparam("new_signature"),
        created_at=bindparam("new_created_at"),
    )
    return statement.on_conflict_do_update(
        index_elements=["article_id"], set_={"signature": statement.excluded.signature}
    )


_JSON_LIST: dict[str, Any] = {"postgresql": func.json_agg, "sqlite": func.json_group_array}
_UNDER = PreparedStatement({kind: _under(kind) for kind in INSERTS})
_SIGNATURES = PreparedStatement({kind: _signatures(kind) for kind in INSERTS})
_SIGNATURE = PreparedStatement({kind: _signature(kind) for kind in INSERTS})
_BAND = PreparedStatement(
    story_band.insert().values(band=bindparam("new_band"), article_id=bindparam("new_article_id"))
)
_WITHOUT_BANDS = PreparedStatement(story_band.delete().where(story_band.c.article_id == bindparam("article_id")))
