"""The table of the newsroom's own words."""

from sqlalchemy import BigInteger, Column, Table, Text

from storage.schema.base import RowId, instant_column, metadata

house_word = Table(
    "house_word",
    metadata,
    Column("id", RowId, primary_key=True),
    # In the form in which spellings of one word are equal (persian.copy_edit.editor).
    Column("key", Text, nullable=False, unique=True),
    Column("word", Text, nullable=False),
    # None: the copy editor leaves the word as it is.
    Column("spelling", Text),
    Column("added_by", BigInteger, nullable=False),
    instant_column("created_at"),
)
