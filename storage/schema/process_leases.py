"""The table of leases of whole processes."""

from sqlalchemy import Column, String, Table

from storage.schema.base import instant_column, metadata

process_lease = Table(
    "process_lease",
    metadata,
    # The work that one process at a time does.
    Column("work", String(32), primary_key=True),
    Column("holder", String(32), nullable=False),
    instant_column("lease_until"),
)
