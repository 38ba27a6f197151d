"""Small state of the app: named values and counters, kept through restarts."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

import structlog
from sqlalchemy import BigInteger, Text, bindparam, cast, select

from storage.engine.connection import Connection
from storage.engine.dialect import insert
from storage.engine.prepared import PreparedStatement
from storage.schema import setting

_VALUE = PreparedStatement(select(setting.c.value).where(setting.c.key == bindparam("key")))
_MOST_DIGITS = 18
_WHOLE = re.compile(rf"-?[0-9]{{1,{_MOST_DIGITS}}}")
ReadT = TypeVar("ReadT")
_log = structlog.get_logger(__name__)

PAUSED = "paused"
"""The key that is set while every push waits."""

HUB_KEY = "hub_key"
"""The key of the random text by which callbacks for WebSub hubs are known."""

COPY = "copy"
"""The key of the cursor that a database has while a copy into it is not complete (storage.database_copy)."""

PROBED_AT = "probed_at"
"""The key that is written to find out whether the database can be written."""


async def value(connection: Connection, key: str) -> str | None:
    """Return what was stored under `key`, or None."""
    rows = await connection.fetch(_VALUE, key=key)
    return rows[0].value if rows else None


async def number(connection: Connection, key: str) -> int:
    """Return the whole number that was stored under `key`; 0 where there is none, or the text is no number."""
    stored = await value(connection, key)
    return 0 if stored is None else _number(key, stored)


async def read(connection: Connection, key: str, parse: Callable[[str], ReadT]) -> ReadT | None:
    """Return what `parse` makes of the text under `key`; None where there is none, or `parse` raises ValueError."""
    stored = await value(connection, key)
    if stored is None:
        return None
    try:
        return parse(stored)
    except ValueError:
        _report(key, stored)
        return None


def whole(text: str) -> int:
    """Return the whole number that a text is. Raises ValueError for any other text."""
    if not _WHOLE.fullmatch(text):
        raise ValueError(f"no whole number: {text[:40]!r}")
    return int(text)


async def store(tx: Connection, key: str, text: str) -> None:
    """Store `text` under `key`, over what was there."""
    statement = insert(tx, setting).values(key=key, value=text)
    await tx.execute(
        statement.on_conflict_do_update(index_elements=["key"], set_={"value": statement.excluded.value})
    )


async def store_new(tx: Connection, key: str, text: str) -> bool:
    """Store `text` under `key`; False where something is there."""
    done = await tx.execute(insert(tx, setting).values(key=key, value=text).on_conflict_do_nothing())
    return done.rowcount == 1


async def store_once(tx: Connection, key: str, text: str) -> str:
    """Store `text` under `key` unless something is there; return what is there then."""
    await store_new(tx, key, text)
    return str((await tx.execute(select(setting.c.value).where(setting.c.key == key))).scalar_one())


async def remove(tx: Connection, key: str) -> bool:
    """Delete `key`; False where there is none."""
    return (await tx.execute(setting.delete().where(setting.c.key == key))).rowcount == 1


async def remove_beginning(tx: Connection, beginning: str) -> None:
    """Delete every key that begins so."""
    await tx.execute(setting.delete().where(setting.c.key.startswith(beginning, autoescape=True)))


async def increment(tx: Connection, key: str, by: int = 1) -> int:
    """Count `key` up by one or more and return the new count, from 0, also where the text is no number."""
    stored = await value(tx, key)
    if stored is not None and str(_number(key, stored)) != stored:
        await store(tx, key, str(_number(key, stored)))
    statement = insert(tx, setting).values(key=key, value=str(by))
    more = cast(cast(setting.c.value, BigInteger) + by, Text)
    statement = statement.on_conflict_do_update(index_elements=["key"], set_={"value": more})
    return int((await tx.execute(statement.returning(setting.c.value))).scalar_one())


def _number(key: str, stored: str) -> int:
    if stored.isascii() and stored.isdecimal() and len(stored) <= _MOST_DIGITS:
        return int(stored)
    _report(key, stored)
    return 0


@lru_cache(maxsize=64)
def _report(key: str, stored: str) -> None:
    """Log that a value cannot be read. The cache prevents a second line."""
    _log.error("malformed_row", table="setting", row=key, reason=f"{stored[:40]!r} cannot be read")
