"""Files that Telegram keeps of media by their addresses."""

from collections.abc import Collection

from sqlalchemy import select, update

from storage.engine.connection import Connection
from storage.engine.dialect import insert
from storage.records import Media, MediaKind
from storage.schema import telegram_file

_KINDS = frozenset(MediaKind)


async def of_addresses(connection: Connection, addresses: Collection[str]) -> dict[str, Media]:
    """Return the files of those of the addresses that Telegram keeps, each as what it sends it."""
    query = select(telegram_file).where(telegram_file.c.address.in_(addresses))
    rows = await connection.execute(query)
    return {row.address: Media(MediaKind(row.kind), row.file_id) for row in rows if row.kind in _KINDS}


async def upsert(tx: Connection, address: str, file: Media, *, now: int) -> None:
    """Store the file of an address in place of an earlier one."""
    row = {"address": address, "kind": file.kind, "file_id": file.file, "used_at": now}
    statement = insert(tx, telegram_file).values(row)
    changes = {name: statement.excluded[name] for name in ("kind", "file_id", "used_at")}
    await tx.execute(statement.on_conflict_do_update(index_elements=["address"], set_=changes))


async def use(tx: Connection, address: str, *, now: int) -> None:
    """Record that the file of an address was sent again."""
    await tx.execute(update(telegram_file).where(telegram_file.c.address == address).values(used_at=now))


async def drop(tx: Connection, address: str, file_id: str) -> None:
    """Delete a file of an address that Telegram does not keep any more."""
    refused = telegram_file.delete().where(telegram_file.c.address == address, telegram_file.c.file_id == file_id)
    await tx.execute(refused)


async def forget(tx: Connection, *, before: int, limit: int) -> int:
    """Delete up to `limit` files that were not sent since that instant (ms); return how many there were."""
    old = select(telegram_file.c.address).where(telegram_file.c.used_at < before).limit(limit)
    return (await tx.execute(telegram_file.delete().where(telegram_file.c.address.in_(old)))).rowcount
