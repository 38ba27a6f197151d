"""The table of daily counters."""

from sqlalchemy import BigInteger, Column, Integer, String, Table

from storage.schema.base import metadata

tally = Table(
    "tally",
    metadata,
    Column("metric", String(16), primary_key=True),
    # Days since the epoch in the newsroom's time zone.
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("subject_id", BigInteger, primary_key=True, autoincrement=False),
    Column("count", BigInteger, nullable=False),
)
