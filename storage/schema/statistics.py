"""The tables of daily counters and of the report to the desk chat."""

from sqlalchemy import BigInteger, Column, Integer, String, Table

from storage.schema.base import instant_column, metadata

tally = Table(
    "tally",
    metadata,
    Column("metric", String(16), primary_key=True),
    # Days since the epoch in the newsroom's time zone.
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("subject_id", BigInteger, primary_key=True, autoincrement=False),
    Column("count", BigInteger, nullable=False),
)

desk_report = Table(
    "desk_report",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    # The minute of the day by the chat's clock.
    Column("minute", Integer, nullable=False),
    instant_column("due_at"),
    Column("attempts", Integer, nullable=False, server_default="0"),
)
