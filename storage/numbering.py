"""Which news number an article gets, and which place in the lists."""

from sqlalchemy import func, select

from storage import desk_state
from storage.connection import Connection
from storage.dialect import TURNS_OF_ARTICLES, take_turns
from storage.schema import article

_OWN_NUMBERS = "own_article_number"
# Milliseconds leave room for 1024 articles of one instant; a fuller one runs over into the next.
_ORDINALS_PER_MS = 1 << 10


async def number_for(tx: Connection, wanted: int | None) -> int:
    """Return `wanted` where it is free, else the lowest free number of our own sequence."""
    await take_turns(tx, TURNS_OF_ARTICLES)
    if wanted is not None and await _is_free(tx, wanted):
        return wanted
    number = await desk_state.following(tx, _OWN_NUMBERS)
    while not await _is_free(tx, number):
        number = await desk_state.following(tx, _OWN_NUMBERS)
    return number


def first_ordinal(published_at: int) -> int:
    """Return the lowest ordinal of that date (ms): a stretch of time is a stretch of ordinals."""
    return published_at * _ORDINALS_PER_MS


async def ordinal_for(tx: Connection, published_at: int) -> int:
    """Return a free ordinal for an article of that date (ms): it grows with the date."""
    await take_turns(tx, TURNS_OF_ARTICLES)
    base = first_ordinal(published_at)
    within = article.c.ordinal.between(base, base + _ORDINALS_PER_MS - 1)
    top = (await tx.execute(select(func.max(article.c.ordinal)).where(within))).scalar()
    candidate = base if top is None else top + 1
    while (await tx.execute(select(article.c.id).where(article.c.ordinal == candidate))).first() is not None:
        candidate += 1
    return candidate


async def _is_free(tx: Connection, article_id: int) -> bool:
    return (await tx.execute(select(article.c.id).where(article.c.id == article_id))).first() is None
