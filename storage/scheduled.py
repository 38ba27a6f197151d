"""Scheduled articles, each published by itself at its time, and those of them that become breaking news."""

from collections.abc import Collection, Sequence

from sqlalchemy import and_, select, update

from storage.article_rows import FULL, articles_of
from storage.engine.connection import Connection
from storage.records import Article, ArticleState, DeliveryKind, DeliveryState
from storage.schema import article, delivery

_WAITS = (ArticleState.DRAFT, ArticleState.REVIEW, ArticleState.SCHEDULED)


async def schedule(tx: Connection, article_id: int, *, at: int, by: int, breaking: bool, now: int) -> bool:
    """Schedule an unpublished article for `at` (ms), as breaking news or not, in the name of the person `by`.

    Whatever was scheduled before ends. False where it is published or retracted already.
    """
    done = await tx.execute(
        update(article)
        .where(article.c.id == article_id, article.c.state.in_(_WAITS))
        .values(state=ArticleState.SCHEDULED, scheduled_at=at, scheduled_by=by, breaking=breaking, updated_at=now)
    )
    return done.rowcount == 1


async def cancel(tx: Connection, article_id: int, *, now: int) -> bool:
    """Make a scheduled article a draft again; False where it is not scheduled any more."""
    done = await tx.execute(
        update(article)
        .where(article.c.id == article_id, article.c.state == ArticleState.SCHEDULED)
        .values(state=ArticleState.DRAFT, scheduled_at=None, scheduled_by=None, breaking=False, updated_at=now)
    )
    return done.rowcount == 1


async def raise_to_breaking(tx: Connection, article_id: int, *, now: int) -> bool:
    """Make a published article breaking news; False where it is not published, or is breaking news already."""
    done = await tx.execute(
        update(article)
        .where(
            article.c.id == article_id,
            article.c.state == ArticleState.PUBLISHED,
            article.c.breaking.is_(False),
        )
        .values(breaking=True, updated_at=now)
    )
    return done.rowcount == 1


async def next_due(connection: Connection, *, but: Collection[int] = ()) -> int | None:
    """Return when the next article, `but` for some, is to be published (ms); None where none is planned."""
    query = select(article.c.scheduled_at).where(article.c.scheduled_at.is_not(None), article.c.id.not_in(but))
    at: int | None = (await connection.execute(query.order_by(article.c.scheduled_at).limit(1))).scalar()
    return at


async def lock_due(tx: Connection, now: int, *, but: Collection[int] = ()) -> Article | None:
    """Return the article whose time came first, locked until the commit; a malformed one is left where it is."""
    passed = set(but)
    while (article_id := await _lock_next(tx, now, but=passed)) is not None:
        if due := articles_of(await tx.execute(FULL.where(article.c.id == article_id))):
            return due[0]
        passed.add(article_id)
    return None


async def _lock_next(tx: Connection, now: int, *, but: Collection[int]) -> int | None:
    query = (
        select(article.c.id)
        .where(
            article.c.scheduled_at.is_not(None),
            article.c.scheduled_at <= now,
            article.c.state == ArticleState.SCHEDULED,
            article.c.id.not_in(but),
        )
        .order_by(article.c.scheduled_at, article.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    article_id: int | None = (await tx.execute(query)).scalar()
    return article_id


async def page(connection: Connection, *, limit: int, offset: int = 0) -> list[Article]:
    """Return what is planned, what comes first first."""
    query = FULL.where(article.c.scheduled_at.is_not(None)).order_by(article.c.scheduled_at, article.c.id)
    rows = await connection.execute(query.limit(limit).offset(offset))
    return articles_of(rows)


async def scheduled_by(connection: Connection, user_id: int) -> list[Article]:
    """Return the scheduled articles whose time this person set, the first to be published first."""
    query = FULL.where(article.c.scheduled_at.is_not(None), article.c.scheduled_by == user_id)
    rows = await connection.execute(query.order_by(article.c.scheduled_at, article.c.id))
    return articles_of(rows)


async def sent_as_breaking(tx: Connection, delivery_ids: Sequence[int]) -> set[int]:
    """Return those of the deliveries whose article goes, or went, to the same place as breaking news."""
    twin = delivery.alias()
    ways = [DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.SENT, DeliveryState.UNCERTAIN]
    query = select(delivery.c.id).join(
        twin,
        and_(
            twin.c.chat_id == delivery.c.chat_id,
            twin.c.topic_id == delivery.c.topic_id,
            twin.c.article_id == delivery.c.article_id,
            twin.c.kind == DeliveryKind.BREAKING,
            twin.c.state.in_(ways),
        ),
    )
    return {row.id for row in await tx.execute(query.where(delivery.c.id.in_(delivery_ids)))}
