"""Savepoints: parts of a transaction that are kept or dropped by themselves."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import text

from storage.engine.connection import Connection

_BEGIN = text("SAVEPOINT part")
_KEEP = text("RELEASE SAVEPOINT part")
_DROP = text("ROLLBACK TO SAVEPOINT part")


@asynccontextmanager
async def savepoint(tx: Connection) -> AsyncIterator[None]:
    """Run the block in a savepoint: an exception undoes the block alone, and the transaction goes on."""
    await tx.execute(_BEGIN)
    try:
        yield
    except BaseException:
        await tx.execute(_DROP)
        await tx.execute(_KEEP)
        raise
    await tx.execute(_KEEP)
