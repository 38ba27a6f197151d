"""Which news number an article gets, and which place in the lists."""

from collections.abc import Collection, Sequence

from sqlalchemy import bindparam, func, select

from storage import desk_state
from storage.connection import Connection
from storage.dialect import TURNS_OF_ARTICLES, take_turns
from storage.prepared import Prepared
from storage.schema import article

_OWN_NUMBERS = "own_article_number"
# Milliseconds leave room for 1024 articles of one instant; a fuller one runs over into the next.
_ORDINALS_PER_MS = 1 << 10


async def number_for(tx: Connection, wanted: int | None) -> int:
    """Return `wanted` where it is free, else the lowest free number of our own sequence."""
    return (await numbers_for(tx, [wanted]))[0]


async def numbers_for(tx: Connection, wanted: Sequence[int | None]) -> list[int]:
    """Return a number for each: the wanted one where it is free, else the lowest free ones of our own sequence."""
    await take_turns(tx, TURNS_OF_ARTICLES)
    taken = await _taken(tx, {number for number in wanted if number is not None})
    numbers: list[int | None] = []
    for number in wanted:
        numbers.append(None if number in taken else number)
        taken.add(number or 0)
    own = iter(await _own_numbers(tx, numbers.count(None), taken))
    return [next(own) if number is None else number for number in numbers]


async def _own_numbers(tx: Connection, count: int, taken: set[int]) -> list[int]:
    """Return the next free numbers of our own sequence, none of them in `taken`."""
    found: list[int] = []
    while (more := count - len(found)) > 0:
        last = await desk_state.following(tx, _OWN_NUMBERS, more)
        following = range(last - more + 1, last + 1)
        used = taken | await _taken(tx, set(following))
        found += [number for number in following if number not in used]
    return found


def first_ordinal(published_at: int) -> int:
    """Return the lowest ordinal of that date (ms): a stretch of time is a stretch of ordinals."""
    return published_at * _ORDINALS_PER_MS


async def ordinal_for(tx: Connection, published_at: int) -> int:
    """Return a free ordinal for an article of that date (ms): it grows with the date."""
    return (await ordinals_for(tx, [published_at]))[0]


async def ordinals_for(tx: Connection, dates: Sequence[int]) -> list[int]:
    """Return free ordinals for articles of these dates (ms), in their order."""
    await take_turns(tx, TURNS_OF_ARTICLES)
    taken = await _taken_ordinals(tx, {first_ordinal(date) for date in dates})
    found: list[int] = []
    for date in dates:
        candidate = first_ordinal(date)
        if candidate in taken:
            candidate = await _behind(tx, candidate)
        while candidate in taken:
            candidate += 1
        taken.add(candidate)
        found.append(candidate)
    return found


async def _behind(tx: Connection, base: int) -> int:
    """Return the ordinal behind the last one of an instant, and behind those that the instant runs over into."""
    rows = await tx.fetch(_LAST_OF, first=base, last=base + _ORDINALS_PER_MS - 1)
    candidate: int = base if rows[0].top is None else rows[0].top + 1
    if candidate < base + _ORDINALS_PER_MS:
        return candidate
    while await _taken_ordinals(tx, {candidate}):
        candidate += 1
    return candidate


async def _taken(tx: Connection, numbers: Collection[int]) -> set[int]:
    if not numbers:
        return set()
    return set((await tx.execute(select(article.c.id).where(article.c.id.in_(numbers)))).scalars())


async def _taken_ordinals(tx: Connection, ordinals: Collection[int]) -> set[int]:
    if not ordinals:
        return set()
    query = select(article.c.ordinal).where(article.c.ordinal.in_(ordinals))
    return {ordinal for ordinal in (await tx.execute(query)).scalars() if ordinal is not None}


_LAST_OF = Prepared(
    select(func.max(article.c.ordinal).label("top")).where(
        article.c.ordinal.between(bindparam("first"), bindparam("last"))
    )
)
