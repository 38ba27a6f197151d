"""The allocation of news numbers, and of places in the lists."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import BigInteger, Select, bindparam, cast, func, select

from storage import key_value
from storage.engine.connection import Connection
from storage.engine.dialect import (
    ARTICLE_NUMBER_LOCK,
    INSERTS,
    advisory_lock,
    among,
    is_postgresql,
    json_list,
    listed,
)
from storage.engine.prepared import PreparedStatement
from storage.schema import article

_OWN_NUMBERS = "own_article_number"
_LARGEST_NUMBER = 10**12
_MOST_DIGITS = 100  # leading zeros included
# Milliseconds leave room for 1024 articles of one instant; a fuller one runs over into the next.
_ORDINALS_PER_MS = 1 << 10


async def wait_for_turn(tx: Connection) -> bool:
    """Wait until nobody else stores new articles; from then on others wait until the transaction ends.

    Return whether others may have stored some since the transaction began: on SQLite nobody has.
    """
    await advisory_lock(tx, ARTICLE_NUMBER_LOCK)
    return is_postgresql(tx)


def news_number(number: str) -> int | None:
    """Return a source's own number as one that an article may bear here (1 to 10^12); None where it is none."""
    if not (number.isascii() and number.isdigit() and len(number) <= _MOST_DIGITS):
        return None
    return int(number) if 0 < int(number) <= _LARGEST_NUMBER else None


async def number_for(tx: Connection, wanted_id: int | None) -> int:
    """Return `wanted_id` where it is free, else the lowest free number of our own sequence."""
    return (await numbers_for(tx, [wanted_id]))[0]


async def numbers_for(tx: Connection, wanted_ids: Sequence[int | None]) -> list[int]:
    """Return a number for each: the wanted one where it is free, else the lowest free ones of our own sequence.

    A number that our own sequence has passed is never free: it may be that of a draft that was thrown away, and
    buttons still lead to that.
    """
    await advisory_lock(tx, ARTICLE_NUMBER_LOCK)
    candidates = {number for number in wanted_ids if number is not None}
    used = await _used(tx, candidates)
    numbers: list[int | None] = []
    for number in wanted_ids:
        numbers.append(None if number in used else number)
        used.add(number or 0)
    own = iter(await _own_numbers(tx, numbers.count(None), used))
    return [next(own) if number is None else number for number in numbers]


async def _used(tx: Connection, candidates: set[int]) -> set[int]:
    """Return those of the numbers that an article has, or that our own sequence has passed."""
    if not candidates:
        return set()
    passed = await key_value.number(tx, _OWN_NUMBERS)
    return await _taken(tx, candidates) | {number for number in candidates if number <= passed}


async def _own_numbers(tx: Connection, count: int, taken: set[int]) -> list[int]:
    """Return the next free numbers of our own sequence, none of them in `taken`."""
    numbers: list[int] = []
    while (more := count - len(numbers)) > 0:
        last = await key_value.increment(tx, _OWN_NUMBERS, more)
        following = range(last - more + 1, last + 1)
        used = taken | await _taken(tx, set(following))
        numbers += [number for number in following if number not in used]
    return numbers


def first_ordinal(published_at: int) -> int:
    """Return the lowest ordinal of that date (ms): a stretch of time is a stretch of ordinals."""
    return published_at * _ORDINALS_PER_MS


async def ordinal_for(tx: Connection, published_at: int) -> int:
    """Return a free ordinal for an article of that date (ms): it grows with the date."""
    return (await ordinals_for(tx, [published_at]))[0]


async def ordinals_for(tx: Connection, dates: Sequence[int]) -> list[int]:
    """Return free ordinals for articles of these dates (ms), in their order."""
    await advisory_lock(tx, ARTICLE_NUMBER_LOCK)
    bases = [first_ordinal(date) for date in dates]
    following = await _following(tx, set(bases))
    ordinals: list[int] = []
    taken: set[int] = set()
    for base in bases:
        candidate = following[base]
        while candidate in taken or (candidate >= base + _ORDINALS_PER_MS and await _is_taken(tx, candidate)):
            candidate += 1
        taken.add(candidate)
        ordinals.append(candidate)
        following[base] = candidate + 1
    return ordinals


async def _following(tx: Connection, bases: Collection[int]) -> dict[int, int]:
    """Return the ordinal behind the last one of each instant, by the instant's first."""
    rows = await tx.fetch(_LAST_OF, bases=json_list(sorted(bases)))
    return {row.base: row.base if row.top is None else row.top + 1 for row in rows}


async def _is_taken(tx: Connection, ordinal: int) -> bool:
    return bool(await tx.fetch(_AT, ordinal=ordinal))


async def _taken(tx: Connection, numbers: Collection[int]) -> set[int]:
    if not numbers:
        return set()
    return {row.id for row in await tx.fetch(_TAKEN, numbers=json_list(numbers))}


def _last_of(kind: str) -> Select[Any]:
    """Return the last ordinal of each instant whose first is listed, in one look."""
    instants = listed(kind, "bases")
    base = cast(instants.c.value, BigInteger)
    within = article.c.ordinal.between(base, base + (_ORDINALS_PER_MS - 1))
    top = select(func.max(article.c.ordinal)).where(within).correlate(instants)
    return select(base.label("base"), top.scalar_subquery().label("top"))


_TAKEN = PreparedStatement(
    {kind: select(article.c.id).where(among(kind, article.c.id, "numbers")) for kind in INSERTS}
)
_LAST_OF = PreparedStatement({kind: _last_of(kind) for kind in INSERTS})
_AT = PreparedStatement(select(article.c.id).where(article.c.ordinal == bindparam("ordinal")))
