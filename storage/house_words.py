"""The newsroom's own words. Two spellings of one key are one word."""

from typing import Any

from sqlalchemy import delete, func, select

from persian.copy_edit.editor import HouseStyle, house_key
from storage.engine.connection import Connection
from storage.engine.dialect import HOUSE_WORDS_LOCK, advisory_lock, insert
from storage.records import HouseWord
from storage.schema import house_word


async def page(connection: Connection, *, limit: int, offset: int = 0) -> list[HouseWord]:
    """Return up to `limit` words behind the first `offset`, the newest first."""
    query = select(house_word).order_by(house_word.c.id.desc()).limit(limit).offset(offset)
    return [_word(row) for row in await connection.execute(query)]


async def count(connection: Connection) -> int:
    """Return how many words there are."""
    return int((await connection.execute(select(func.count()).select_from(house_word))).scalar_one())


async def lock(tx: Connection) -> None:
    """Lock the words against changes by others until the transaction ends."""
    await advisory_lock(tx, HOUSE_WORDS_LOCK)


async def all_(connection: Connection) -> list[HouseWord]:
    """Return every word in the order in which they were added."""
    return [_word(row) for row in await connection.execute(select(house_word).order_by(house_word.c.id))]


async def style(connection: Connection) -> HouseStyle:
    """Return the words as the copy editor takes them."""
    words = await all_(connection)
    return HouseStyle(
        preferred=tuple((word.word, word.spelling) for word in words if word.spelling is not None),
        left=tuple(word.word for word in words if word.spelling is None),
    )


async def get(connection: Connection, word_id: int) -> HouseWord | None:
    """Return a word."""
    row = (await connection.execute(select(house_word).where(house_word.c.id == word_id))).one_or_none()
    return _word(row) if row else None


async def put(tx: Connection, word: str, spelling: str | None, *, added_by: int, now: int) -> None:
    """Store a word in the place of any other of its key."""
    values = {"word": word, "spelling": spelling, "added_by": added_by, "created_at": now}
    statement = insert(tx, house_word).values(key=house_key(word), **values)
    await tx.execute(statement.on_conflict_do_update(index_elements=["key"], set_=values))


async def remove(tx: Connection, word_id: int) -> bool:
    """Remove a word; False where there is none."""
    return (await tx.execute(delete(house_word).where(house_word.c.id == word_id))).rowcount == 1


def _word(row: Any) -> HouseWord:
    return HouseWord(row.id, row.word, row.spelling)
