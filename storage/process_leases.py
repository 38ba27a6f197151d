"""Leases of whole processes: work that one of several processes does, until its lease ends."""

from storage.engine.connection import Connection
from storage.engine.dialect import insert
from storage.schema import process_lease

POLLING = "polling"
"""Fetching updates: Telegram ends the poll of one process when another one polls."""

OUTAGES = "outages"
"""The work of notifying the desk chat of outages."""


async def acquire(tx: Connection, work: str, holder: str, *, now: int, lease_until: int) -> bool:
    """Acquire or renew the lease on `work` until an instant (ms); return whether `holder` has it.

    It cannot be acquired while another holder's has not ended.
    """
    statement = insert(tx, process_lease).values(work=work, holder=holder, lease_until=lease_until)
    free = (process_lease.c.holder == holder) | (process_lease.c.lease_until <= now)
    statement = statement.on_conflict_do_update(
        index_elements=["work"], set_={"holder": holder, "lease_until": lease_until}, where=free
    )
    return (await tx.execute(statement.returning(process_lease.c.work))).first() is not None


async def release(tx: Connection, work: str, holder: str) -> None:
    """End the holder's lease on `work`, if it has it."""
    await tx.execute(process_lease.delete().where(process_lease.c.work == work, process_lease.c.holder == holder))
