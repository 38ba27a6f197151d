"""The table of settings that the app stores for itself."""

from sqlalchemy import Column, Table, Text

from storage.schema.base import metadata

setting = Table(
    "setting",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
